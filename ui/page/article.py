"""The HTML of an article, the cited words marked in its whole text, and of the evidence panel. Pure functions."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from shawahid.assistant.types import Answer, Language
from shawahid.ingest.types import Article, Metadata, Span
from shawahid.prompts import say
from shawahid.ui.html import Place, render
from shawahid.ui.told import reference, told_speaker

# Where a line with something on it begins. What ends a line stays with it, so that no letter of the text is lost.
_LINE_BEGINS = re.compile(r"(?<=\n)(?=[^\S\n]*\S)")
_DAY = len("2024-03-15")
_LONG = 8_000  # characters; a longer text is laid out by stretches
_STRETCH = 2_000  # characters; with more of them a browser took longer to show the one that is seen
_STRETCH_LINES = 20

_Kind = Literal["furniture", "quote"]


@dataclass(frozen=True, slots=True)
class Opened:
    """A text to show: an article's, with the names of `copies`, or one that the library only remembers, as `note` says.

    `article` is its number, None where no article has this text any more.
    """

    text: str
    name: str
    metadata: Metadata
    furniture: tuple[Span, ...] = ()
    copies: tuple[str, ...] = ()
    article: int | None = None
    note: str | None = None

    @classmethod
    def of(cls, article: Article, copies: tuple[str, ...] = ()) -> "Opened":
        return cls(article.text, article.name, article.metadata, article.furniture, copies, article.id)


class _Run(NamedTuple):
    """Letters of one line that are marked alike. `hidden`: they end the line, and take no room."""

    text: str
    kind: _Kind | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Lines that a browser lays out only where they are seen, about `height` ems high; None: it lays out all."""

    lines: tuple[tuple[_Run, ...], ...]
    height: int | None


@dataclass(frozen=True, slots=True)
class _Shown:
    """An article as its template takes it. `original` is an address that can be followed."""

    language: str
    title: str | None
    facts: tuple[str | None, ...]
    original: str | None
    notes: tuple[str, ...]
    stretches: tuple[_Stretch, ...]


def render_article(opened: Opened, highlight: Span | None, language: Language) -> str:
    """The whole text, its furniture dimmed, `highlight` marked; each line takes its own direction."""
    return render("page/article.html", language, article=_shown(opened, highlight, language))


def render_evidence(answer: Answer, number: int, opened: Opened | None, place: Place, language: Language) -> str:
    """A citation of an answer beside its article: what it is, the way to the next, and the text at its words.

    `opened` None: the library no longer has the text, so the panel shows the quote as the answer keeps it.
    """
    citation = answer.citation(number)
    numbers = [one.number for one in answer.citations]
    at = numbers.index(number)
    return render(
        "page/evidence.html",
        language,
        place=place,
        citation=citation,
        count=len(numbers),
        before=numbers[at - 1] if at else None,
        after=numbers[at + 1] if at + 1 < len(numbers) else None,
        resting=next((one for one in answer.sentences if number in one.citations), None),
        speaker=told_speaker(citation.speaker, language),
        reference=reference(citation, language),
        article=_shown(opened, Span(citation.start, citation.end), language) if opened else None,
    )


def _shown(opened: Opened, highlight: Span | None, language: Language) -> _Shown:
    known = opened.metadata
    outlet, date = known.outlet or say("no_outlet", language), known.date or say("undated", language)
    notes = (
        opened.note,
        say("copies", language, names=", ".join(opened.copies)) if opened.copies else None,
        say("furniture_note", language) if opened.furniture else None,
    )
    return _Shown(
        known.language or "",
        known.title,
        (outlet, date, captured_on(known, language), known.author, opened.name),
        known.url if known.url and known.url.startswith(("https://", "http://")) else None,
        tuple(note for note in notes if note),
        tuple(_stretches(opened, highlight)),
    )


def captured_on(known: Metadata, language: Language) -> str | None:
    """The day on which an article was collected, where it is known."""
    return say("captured_on", language, date=known.captured[:_DAY]) if known.captured else None


# The text in lines


def _stretches(opened: Opened, highlight: Span | None) -> Iterator[_Stretch]:
    """A text's lines: all of them where it is short, else a few at a time."""
    text = opened.text
    marks: list[tuple[Span, _Kind]] = [(span, "furniture") for span in opened.furniture]
    if highlight:
        marks.append((highlight, "quote"))
    edges = [0, *(found.start() for found in _LINE_BEGINS.finditer(text)), len(text)]
    spans = [Span(*line) for line in pairwise(edges)]
    if len(text) <= _LONG:
        yield _stretch(text, spans, marks, None)
        return
    stretch: list[Span] = []
    for span in spans:
        stretch.append(span)
        if len(stretch) == _STRETCH_LINES or span.end - stretch[0].start >= _STRETCH:
            yield _stretch(text, stretch, marks, _height(stretch))
            stretch = []
    if stretch:
        yield _stretch(text, stretch, marks, _height(stretch))


def _stretch(text: str, spans: Sequence[Span], marks: Sequence[tuple[Span, _Kind]], height: int | None) -> _Stretch:
    lines = (tuple(_runs(text, span, marks)) for span in spans)
    return _Stretch(tuple(line for line in lines if line), height)


def _height(stretch: Sequence[Span]) -> int:
    """About how many ems high it is in the panel, at 60 letters to a row of the screen."""
    return len(stretch) + (stretch[-1].end - stretch[0].start) // 25


def _runs(text: str, line: Span, marks: Sequence[tuple[Span, _Kind]]) -> Iterator[_Run]:
    """One line, cut where a mark begins or ends in it and where its visible part ends. None for a blank line."""
    shown = line.start + len(text[line.start : line.end].rstrip())
    if shown == line.start:
        return
    near = [(span, kind) for span, kind in marks if span.overlaps(line)]
    edges = {line.start, shown, line.end}
    for span, _ in near:
        edges |= {edge for edge in span if line.start < edge < line.end}
    for start, end in pairwise(sorted(edges)):
        kinds = [kind for span, kind in near if span.start <= start and end <= span.end]
        yield _Run(text[start:end], "quote" if "quote" in kinds else kinds[0] if kinds else None, start >= shown)
