"""The natural formats (JSON Lines): questions with the words that answer them, claims with what the articles make of
them, sentences with whether they hold."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from shawahid.assistant.types import Outcome
from shawahid.ingest.errors import GoldFileInvalid

from .gold_files import read_rows, read_text

_AS_FIRST: Final = "as the first line is"
OUTCOMES: Final[tuple[Outcome, ...]] = ("supported", "contradicted", "mixed", "silent")


@dataclass(frozen=True, slots=True)
class Words:
    """Words of an article, named in one of two ways: by `quote`, or by where they stand.

    `source` is the end of the article's source: "04-denial.md", or "2015-08-10.json#128" for a record. In the second
    way they stand from `start` to `end` of the text whose SHA-256 is `sha256`, and `quote` is None.
    """

    source: str
    quote: str | None
    start: int = 0
    end: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Nugget:
    """One fact, and all `places` known to tell it, of which any will do. A good answer shows what is `vital`."""

    vital: bool
    places: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class NaturalQuestion:
    """A question with the facts that answer it, and words that a careless answer would show (`wrong`)."""

    id: str
    corpus: str
    kind: str
    question: str
    history: tuple[str, ...]
    answerable: bool
    nuggets: tuple[Nugget, ...]
    wrong: tuple[Words, ...]

    @property
    def words(self) -> tuple[Words, ...]:
        """All words of articles that the row names."""
        return (*(place for nugget in self.nuggets for place in nugget.places), *self.wrong)


@dataclass(frozen=True, slots=True)
class NaturalClaim:
    """A statement, and what the articles make of it: `outcome`, by words for it and `against` it."""

    id: str
    corpus: str
    claim: str
    outcome: Outcome
    bearing_out: tuple[Words, ...]
    against: tuple[Words, ...]

    @property
    def words(self) -> tuple[Words, ...]:
        """All words of articles that the row names."""
        return (*self.bearing_out, *self.against)


@dataclass(frozen=True, slots=True)
class NaturalSentence:
    """A sentence as a model writes it, the words it `cited`, and whether it `holds`."""

    id: str
    corpus: str
    sentence: str
    cited: tuple[str, ...]
    holds: bool
    kind: str


@dataclass(frozen=True, slots=True)
class NaturalFile:
    """The rows of a file at `path`; all are of one format."""

    path: Path
    questions: tuple[NaturalQuestion, ...] = ()
    claims: tuple[NaturalClaim, ...] = ()
    sentences: tuple[NaturalSentence, ...] = ()

    @property
    def corpora(self) -> list[str]:
        """The corpus of each row."""
        rows: Sequence[NaturalQuestion | NaturalClaim | NaturalSentence] = [
            *self.questions,
            *self.claims,
            *self.sentences,
        ]
        return [row.corpus for row in rows]

    def of_corpus(self, corpus: str) -> "NaturalFile":
        """The rows of one corpus."""
        return NaturalFile(
            self.path,
            tuple(row for row in self.questions if row.corpus == corpus),
            tuple(row for row in self.claims if row.corpus == corpus),
            tuple(row for row in self.sentences if row.corpus == corpus),
        )


def read_natural(path: Path) -> NaturalFile | None:
    """A file in a natural format, which the fields of its first row tell; None for any other file.

    Raises GoldFileInvalid: for a row that is not as the first, and for drafts, which are not read.
    """
    first = _fields(next(filter(str.strip, read_text(path).splitlines()), ""))
    if "draft" in first:
        problem = "it holds drafts, which are not read yet. Give questions with nuggets, claims or sentences"
        raise GoldFileInvalid(path=path, problem=problem)
    if {"question", "nuggets"} <= first.keys():
        return NaturalFile(path, questions=read_rows(path, f"a question with nuggets, {_AS_FIRST}", _question))
    if {"claim", "outcome"} <= first.keys():
        return NaturalFile(path, claims=read_rows(path, f"a claim, {_AS_FIRST}", _claim))
    if {"sentence", "holds"} <= first.keys():
        return NaturalFile(path, sentences=read_rows(path, f"a sentence, {_AS_FIRST}", _sentence))
    return None


def _fields(line: str) -> dict[str, Any]:
    """The fields of a line of JSON; none where it is no object, which the reader of gold questions tells of."""
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _question(item: dict[str, Any]) -> NaturalQuestion:
    nuggets = tuple(Nugget(bool(one["vital"]), tuple(map(_words, one["quotes"]))) for one in item["nuggets"])
    if item["answerable"] and not any(nugget.vital for nugget in nuggets):
        raise ValueError("an answerable question needs a vital nugget")
    return NaturalQuestion(
        id=str(item["id"]),
        corpus=item["corpus"],
        kind=item["kind"],
        question=item["question"],
        history=tuple(item["history"]),
        answerable=bool(item["answerable"]),
        nuggets=nuggets,
        wrong=tuple(map(_words, item["wrong"])),
    )


def _claim(item: dict[str, Any]) -> NaturalClaim:
    if item["outcome"] not in OUTCOMES:
        raise ValueError(f"outcome is none of {', '.join(OUTCOMES)}")
    return NaturalClaim(
        id=str(item["id"]),
        corpus=item["corpus"],
        claim=item["claim"],
        outcome=item["outcome"],
        bearing_out=tuple(_words(one) for one in item["evidence"] if one["side"] > 0),
        against=tuple(_words(one) for one in item["evidence"] if one["side"] < 0),
    )


def _sentence(item: dict[str, Any]) -> NaturalSentence:
    if not item["cited"]:
        raise ValueError("a sentence cites at least one quote")
    return NaturalSentence(
        id=str(item["id"]),
        corpus=item["corpus"],
        sentence=item["sentence"],
        cited=tuple(item["cited"]),
        holds=bool(item["holds"]),
        kind=item["kind"],
    )


def _words(item: dict[str, Any]) -> Words:
    if "quote" in item:
        return Words(item["source"], item["quote"])
    return Words(item["source"], None, int(item["start"]), int(item["end"]), item["sha256"])
