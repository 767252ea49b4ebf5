"""What `Assistant.stream` tells while an answer comes about; the last is always Finished."""

from dataclasses import dataclass

from .types import Answer, Citation, Sentence


@dataclass(frozen=True, slots=True)
class Understood:
    """The `question` as it is looked up: itself, or made to stand alone where it leaned on the ones before."""

    question: str


@dataclass(frozen=True, slots=True)
class EvidenceFound:
    """The words that speak to the question, as `citations`, before anything is written about them; none where nothing
    does."""

    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Provisional:
    """All the `text` that the model has written so far, without marks. Nothing of it has been checked."""

    text: str


@dataclass(frozen=True, slots=True)
class Judged:
    """One `sentence` of the answer, checked; its citations are numbered only in the answer."""

    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Finished:
    """The `answer`, the same as `Assistant.ask` returns."""

    answer: Answer


Event = Understood | EvidenceFound | Provisional | Judged | Finished
