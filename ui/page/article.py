"""An article as safe HTML, the words that are cited marked in the whole text. Pure functions."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from shawahid.assistant.types import Answer, Citation, Language, Sentence
from shawahid.ingest.types import Article, Metadata, Span
from shawahid.prompts import say
from shawahid.ui.html import Place, facts, tell, verdict_name
from shawahid.ui.told import reference, told_speaker

# Where a line with something on it begins. What ends a line stays with it, so that no letter of the text is lost.
_LINE_BEGINS = re.compile(r"(?<=\n)(?=[^\S\n]*\S)")
_LONG = 8_000  # characters; a longer text is laid out by stretches
_STRETCH = 2_000  # characters; with more of them a browser took longer to show the one that is seen
_STRETCH_LINES = 20


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


def render_article(opened: Opened, highlight: Span | None, language: Language) -> str:
    """The whole text, its furniture dimmed, `highlight` marked; each line takes its own direction."""
    known = opened.metadata
    line = facts(
        known.outlet or say("no_outlet", language), known.date or say("undated", language), known.author, opened.name
    )
    title = f'<h2 class="title" dir="auto">{escape(known.title)}</h2>' if known.title else ""
    notes = [
        opened.note,
        say("copies", language, names=", ".join(opened.copies)) if opened.copies else None,
        say("furniture_note", language) if opened.furniture else None,
    ]
    told = "".join(f'<p class="also" dir="auto">{escape(note)}</p>' for note in notes if note)
    return (
        f'<article lang="{escape(known.language or "")}">'
        f'<header>{title}<p class="facts">{line}</p>{_original(known, language)}{told}</header>'
        f'<div class="text">{_paragraphs(opened, highlight)}</div></article>'
    )


def _original(known: Metadata, language: Language) -> str:
    if not known.url or not known.url.startswith(("https://", "http://")):
        return ""
    label = tell("open_original", language)
    return f'<a class="original" href="{escape(known.url)}" rel="noopener noreferrer" target="_blank">{label}</a>'


def _paragraphs(opened: Opened, highlight: Span | None) -> str:
    marks = [(span, "furniture") for span in opened.furniture]
    if highlight:
        marks.append((highlight, "quote"))
    edges = [0, *(found.start() for found in _LINE_BEGINS.finditer(opened.text)), len(opened.text)]
    spans = [Span(*line) for line in pairwise(edges)]
    if len(opened.text) <= _LONG:
        return _lines(opened.text, spans, marks)
    return "".join(
        f'<div class="stretch" style="contain-intrinsic-size: auto {_height(stretch)}em">'
        f"{_lines(opened.text, stretch, marks)}</div>"
        for stretch in _stretches(spans)
    )


def _lines(text: str, spans: Sequence[Span], marks: list[tuple[Span, str]]) -> str:
    lines = (_marked(text, span, marks) for span in spans)
    return "".join(f'<p dir="auto">{line}</p>' for line in lines if line)


def _stretches(spans: Iterable[Span]) -> Iterator[list[Span]]:
    """Lines by some that stand together, which a browser lays out only where they are seen."""
    stretch: list[Span] = []
    for span in spans:
        stretch.append(span)
        if len(stretch) == _STRETCH_LINES or span.end - stretch[0].start >= _STRETCH:
            yield stretch
            stretch = []
    if stretch:
        yield stretch


def _height(stretch: Sequence[Span]) -> int:
    """About how many ems of the page's letters they take in the panel, at 60 letters to a row of the screen."""
    return len(stretch) + (stretch[-1].end - stretch[0].start) // 25


def _marked(text: str, line: Span, marks: list[tuple[Span, str]]) -> str:
    """One line with the parts of the marks that lie in it wrapped; its end takes no room. Nothing for a blank line."""
    shown = line.start + len(text[line.start : line.end].rstrip())
    if shown == line.start:
        return ""
    near = [(span, kind) for span, kind in marks if span.overlaps(line)]
    edges = {line.start, shown, line.end}
    for span, _ in near:
        edges |= {edge for edge in span if line.start < edge < line.end}
    return "".join(
        _wrapped(
            _letters(text[start:end]),
            [kind for span, kind in near if span.start <= start and end <= span.end],
            " hidden" if start >= shown else "",
        )
        for start, end in pairwise(sorted(edges))
    )


def _letters(text: str) -> str:
    """A text of which a browser reads every letter as it is: it would take a bare carriage return for a line feed."""
    return escape(text).replace("\r", "&#13;")


def _wrapped(body: str, kinds: list[str], hidden: str) -> str:
    if "quote" in kinds:
        return f"<mark{hidden}>{body}</mark>"
    return (
        f'<span class="furniture"{hidden}>{body}</span>'
        if kinds
        else f"<span{hidden}>{body}</span>"
        if hidden
        else body
    )


# The evidence panel


def render_evidence(answer: Answer, number: int, opened: Opened | None, place: Place, language: Language) -> str:
    """A citation of an answer beside its article: what it is, the way to the next, and the text at its words.

    `opened` None: the text is not in the library any more, so its words stand as the answer keeps them.
    """
    citation = answer.citation(number)
    highlight = Span(citation.start, citation.end)
    body = render_article(opened, highlight, language) if opened else _gone(citation, language)
    resting = next((one for one in answer.sentences if number in one.citations), None)
    return f"{_head(answer, citation, resting, place, language)}{body}"


def _head(answer: Answer, citation: Citation, resting: Sentence | None, place: Place, language: Language) -> str:
    verdict = (
        f'<p class="why {resting.verdict}"><span class="verdict">{escape(verdict_name(resting, language))}</span> '
        f'<span class="reason" dir="auto">{escape(resting.reason)}</span></p>'
        if resting
        else ""
    )
    said = told_speaker(citation.speaker, language)
    speaker = f'<p class="speaker" dir="auto">{escape(said)}</p>' if said else ""
    times = "".join(
        f"<li><bdi>{escape(one.text)}</bdi> = <bdi>{escape(one.value)}</bdi></li>" for one in citation.times
    )
    told = f'<ul class="times" aria-label="{tell("times_told", language)}">{times}</ul>' if times else ""
    copy = (
        f'<button type="button" class="copy" data-copy="{escape(reference(citation, language))}">'
        f"{tell('copy_quote', language)}</button>"
    )
    return (
        f'<div class="cited"><p class="which"><span class="number">{citation.number}</span> '
        f"{tell('citation_of', language, count=len(answer.citations))}{_steps(answer, citation, place, language)}</p>"
        f"{verdict}{speaker}{told}{copy}</div>"
    )


def _steps(answer: Answer, citation: Citation, place: Place, language: Language) -> str:
    """Links to the citation before and the one after."""
    numbers = [one.number for one in answer.citations]
    at = numbers.index(citation.number)
    links = []
    for other, name, kind in ((at - 1, "citation_before", "before"), (at + 1, "citation_after", "after")):
        if 0 <= other < len(numbers):
            links.append(
                f'<a class="step {kind}" href="#{place.anchor}/{numbers[other]}" data-cite="{numbers[other]}"'
                f' data-turn="{place.turn}">{tell(name, language)}</a>'
            )
    return f'<span class="steps">{"".join(links)}</span>' if links else ""


def _gone(citation: Citation, language: Language) -> str:
    """The words of a citation whose text is nowhere any more."""
    line = facts(citation.outlet or say("no_outlet", language), citation.title, citation.date, citation.source)
    return (
        f'<article><header><p class="facts">{line}</p><p class="also">{tell("text_gone", language)}</p></header>'
        f'<div class="text"><p dir="auto"><mark>{escape(citation.quote)}</mark></p></div></article>'
    )
