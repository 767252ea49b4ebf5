"""What an answer is made of. Everything is frozen; `Answer.to_json` is what `--json` prints.

Offsets are half-open and count Unicode code points of the article's stored text, whose UTF-8 form has the SHA-256
given: `text[start:end] == quote` can be checked by anyone, later.
"""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from ingest.types import Filters

__all__ = [
    "Account",
    "Answer",
    "Citation",
    "Coverage",
    "Filters",
    "Language",
    "Mode",
    "Sentence",
    "Status",
    "Verdict",
]

SCHEMA_VERSION = 1

Language = Literal["ar", "en"]
Status = Literal["answered", "abstained"]
Mode = Literal["extractive"]
Verdict = Literal["supported", "partly", "not_found", "contradicted"]


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact words that something rests on, and where they stand.

    `article` is the article's number in the library and `source` its file's name, with `#n` for the n-th record of an
    archive file. `title`, `outlet`, `date` and `page` are None where they are not known.
    """

    number: int
    article: int
    source: str
    title: str | None
    outlet: str | None
    date: str | None
    page: int | None
    quote: str
    start: int
    end: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer, whether its evidence holds, and the numbers of its citations."""

    text: str
    verdict: Verdict
    reason: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """One side's telling: the evidence of one outlet, or of one article whose outlet is not known."""

    outlet: str | None
    articles: tuple[int, ...]
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was searched: how many articles and passages, how many of those by meaning too, and of which outlets.

    `closest` is what came nearest when the articles don't answer: no evidence for anything.
    """

    articles: int
    passages: int
    embedded: int
    outlets: tuple[str, ...]
    closest: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or the honest lack of one.

    `confidence` (0 to 1) is how likely the articles are to answer the question at all; below a threshold the status is
    "abstained" and there are no sentences. `frame` introduces the sentences in the question's language. `notices` tell
    of anything that limits the answer. `model` and `prompt` are None where no language model was used.
    """

    question: str
    language: Language
    status: Status
    mode: Mode
    confidence: float
    frame: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    coverage: Coverage
    accounts: tuple[Account, ...]
    notices: tuple[str, ...] = ()
    model: str | None = None
    prompt: str | None = None
    schema_version: int = SCHEMA_VERSION

    def citation(self, number: int) -> Citation:
        """The citation with this number. Raises KeyError where there is none."""
        for citation in self.citations:
            if citation.number == number:
                return citation
        raise KeyError(number)

    def to_json(self) -> dict[str, Any]:
        """Plain lists, dicts, strings and numbers."""
        return asdict(self)
