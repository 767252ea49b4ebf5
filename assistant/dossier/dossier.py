"""A dossier: one answer with all that is needed to check it later, away from the library it came from.

dossier_file.py   to a file and back, in three formats; what is seen in one is held against what it holds
recheck.py        each quote held against a library, or against the articles' own files
dossier.schema.json   the JSON, described by JSON Schema
"""

import copy
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal

from shawahid.assistant.types import SCHEMA_VERSION, Account, Answer, Citation, Correction, Filters, Sentence
from shawahid.ingest.errors import InputError

from .typed_json import Malformed, from_json

FORMAT: Final = 1
_BEFORE: Final = 3
"""The schema of answers in the dossiers that came before, and what each part of an answer has had since."""
_ANSWER_SINCE: Final[Mapping[str, Any]] = {
    "plan": None,
    "more": [],
    "listed": [],
    "counted": None,
    "rounds": 0,
    "cost": None,
}
_SENTENCE_SINCE: Final = {"judge": None, "correction": None}
_CITATION_SINCE: Final = {"marked_start": None, "marked_end": None}
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


class DossierInvalid(InputError):
    """A file holds no dossier, or not a whole one that is at one with itself."""

    code = "dossier_invalid"
    template = "{path} cannot be relied on as a dossier: {problem}."


@dataclass(frozen=True, slots=True)
class Dossier:
    """An `answer` with what is needed to check it later: `asked_at`, when it was asked for (aware of its time zone),
    `program`, by which version of the program, and `filters`, under which filters."""

    answer: Answer
    asked_at: datetime
    program: str
    filters: Filters = field(default_factory=Filters)

    @property
    def asked(self) -> str:
        """When it was asked, in UTC, by ISO 8601."""
        return f"{self.asked_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"

    def to_json(self) -> dict[str, Any]:
        """What is written; `sha256` is of all the rest (see `digest`)."""
        held = {
            "dossier": FORMAT,
            "program": self.program,
            "asked_at": self.asked,
            "filters": asdict(self.filters),
            "answer": self.answer.to_json(),
        }
        return {**held, "sha256": digest(held)}


def digest(held: Mapping[str, Any]) -> str:
    """SHA-256 of JSON in one spelling: ASCII, names in order, no white space. It tells of accidents, not of forgers."""
    return hashlib.sha256(json.dumps(held, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def dossier_from_json(value: object) -> Dossier:
    """A dossier from its JSON. Raises Malformed where it is not one, or not at one with itself."""
    if not isinstance(value, dict) or "dossier" not in value:
        raise Malformed("it holds no dossier")
    answer = value.get("answer")
    schema = answer.get("schema_version") if isinstance(answer, dict) else None
    if (value["dossier"], schema) not in ((FORMAT, SCHEMA_VERSION), (FORMAT, _BEFORE)):
        raise Malformed(
            f"it has format {value['dossier']} with answers of schema {schema}, and this program reads format {FORMAT}"
            f" with schema {SCHEMA_VERSION}: use the version of shawahid that wrote it, or a later one"
        )
    names = {"dossier", "program", "asked_at", "filters", "answer", "sha256"}
    if set(value) != names:
        raise Malformed(f"its names are {', '.join(map(str, value))}, not {', '.join(sorted(names))}")
    dossier = Dossier(
        from_json(Answer, _as_now(answer) if schema == _BEFORE else answer, "answer"),
        _time(value["asked_at"]),
        from_json(str, value["program"], "program"),
        from_json(Filters, value["filters"], "filters"),
    )
    _demand_consistent(dossier.answer)
    if digest({name: item for name, item in value.items() if name != "sha256"}) != value["sha256"]:
        raise Malformed("its data was changed after it was written: the checksum is another")
    return dossier


def _as_now(answer: Any) -> dict[str, Any]:
    """An answer of the schema before, with what it did not know yet. What does not fit is found by `from_json`."""
    now = {**copy.deepcopy(answer), **_ANSWER_SINCE, "schema_version": SCHEMA_VERSION}
    coverage = now.get("coverage")
    closest = coverage.get("closest") if isinstance(coverage, dict) else None
    for items, since in (
        (now.get("sentences"), _SENTENCE_SINCE),
        (now.get("citations"), _CITATION_SINCE),
        (closest, _CITATION_SINCE),
    ):
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict):
                item.update(since)
    return now


def _time(value: object) -> datetime:
    try:
        return datetime.strptime(str(value), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise Malformed(f"asked_at is {value!r}, not a time in UTC such as 2024-03-15T09:30:00Z") from error


# What a dossier quotes


@dataclass(frozen=True, slots=True)
class Quoted:
    """One quote of a dossier: a citation's, one beside the answer, or a correction's of citation `number`."""

    part: Literal["citation", "closest", "more", "correction"]
    number: int
    of: Citation | Correction

    @property
    def label(self) -> str:
        return {"citation": "[{}]", "closest": "closest [{}]", "more": "more [{}]", "correction": "correction of [{}]"}[
            self.part
        ].format(self.number)


def quotes(answer: Answer) -> Iterator[Quoted]:
    """Every quote, in the order in which a reader sees them: by account, then what stands beside the answer."""
    cited = [citation for _, citations in by_account(answer) for citation in citations]
    parts: tuple[tuple[Literal["citation", "closest", "more"], Iterable[Citation]], ...] = (
        ("citation", cited),
        (answer.beside_phrase, answer.beside),
    )
    for part, citations in parts:
        for citation in citations:
            yield Quoted(part, citation.number, citation)
            yield from (Quoted("correction", citation.number, correction) for correction in citation.corrections)


def by_account(answer: Answer) -> list[tuple[Account | None, list[Citation]]]:
    """The citations under their accounts, each once; those of no account come last, under None."""
    left = {citation.number: citation for citation in answer.citations}
    groups: list[tuple[Account | None, list[Citation]]] = [
        (account, [left.pop(number) for number in account.citations if number in left]) for account in answer.accounts
    ]
    return [*groups, (None, list(left.values()))] if left else groups


def is_verbatim(sentence: Sentence) -> bool:
    """Whether a sentence is an article's own words."""
    return sentence.origin != "model"


def shown_sentence(sentence: Sentence) -> str:
    """A sentence with the numbers of its citations, as a reader sees it."""
    marks = " ".join(f"[{number}]" for number in sentence.citations)
    return f"{sentence.text}\u00a0{marks}" if marks else sentence.text


def shown_quotes(answer: Answer) -> list[tuple[str, str]]:
    """What a readable dossier shows as an article's words, in order: what each is called, and its text.

    This is the contract with the views: each of these is a block quote of its own, and nothing else is.
    """
    sentences = [
        (f"sentence {place}", shown_sentence(sentence))
        for place, sentence in enumerate(answer.sentences, start=1)
        if is_verbatim(sentence)
    ]
    return [*sentences, *((quoted.label, quoted.of.quote) for quoted in quotes(answer))]


# Whether a dossier is at one with itself


def _demand_consistent(answer: Answer) -> None:
    numbers = [citation.number for citation in answer.citations]
    if len(set(numbers)) < len(numbers):
        raise Malformed("two of its citations have the same number")
    for number in _cited_numbers(answer):
        if number not in numbers:
            raise Malformed(f"it cites [{number}], which it does not hold")
    for quoted in quotes(answer):
        _demand_in_place(quoted)
    for place, sentence in enumerate(answer.sentences, start=1):
        if is_verbatim(sentence) and not _stands_in(sentence, answer):
            raise Malformed(f"sentence {place} is not the words that it cites")


def _cited_numbers(answer: Answer) -> Iterator[int]:
    for numbers in (
        *(sentence.citations for sentence in answer.sentences),
        *(account.citations for account in answer.accounts),
        *(comparison.citations for comparison in answer.comparisons),
    ):
        yield from numbers
    if answer.claim:
        yield from (*answer.claim.supporting, *answer.claim.contradicting)


def _demand_in_place(quoted: Quoted) -> None:
    of = quoted.of
    if of.start < 0 or of.end - of.start != len(of.quote) or not of.quote:
        raise Malformed(
            f"the quote {quoted.label} has {len(of.quote)} characters, and its place, {of.start} to {of.end},"
            f" has {of.end - of.start}"
        )
    if isinstance(of, Citation) and not _mark_in_place(of):
        raise Malformed(f"the clause marked in {quoted.label} is not in its quote")
    if not _SHA256.fullmatch(of.sha256):
        raise Malformed(f"the SHA-256 of {quoted.label} is not one")


def _mark_in_place(citation: Citation) -> bool:
    start, end = citation.marked_start, citation.marked_end
    if start is None or end is None:
        return start is end
    return citation.start <= start < end <= citation.end


def _stands_in(sentence: Sentence, answer: Answer) -> bool:
    words = sentence.text.removeprefix("… ").removesuffix(" …")
    return any(words in answer.citation(number).quote for number in sentence.citations)
