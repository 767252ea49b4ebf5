"""A dossier as Markdown: readable as it stands, and in anything that renders it. Pure functions; all is escaped."""

import re
from collections.abc import Iterator, Sequence

from shawahid.assistant.dossier.dossier import Dossier, by_account, is_verbatim, shown_sentence
from shawahid.assistant.dossier.file import HIDDEN, sign
from shawahid.assistant.types import Answer, Citation, Comparison, Correction, Language, Sentence
from shawahid.prompts import say
from shawahid.ui.told import comma, language_of_text, quotation_marks, relation

from . import parts as parts
from .parts import Row

_MARKUP = re.compile(r"[\\`*_\[\]<>&~|$]")
_AT_START = re.compile(r"^(\d+(?=[.)])|)([.)#+=-])", re.MULTILINE)  # a heading, a list, a rule
_SPACE = re.compile(r"[ \t\n]+")
_EDGES = re.compile(r"^[ \t]+|[ \t]+$", re.MULTILINE)  # a renderer would take them for code, or drop them


def markdown_view(dossier: Dossier) -> str:
    """What a reader sees."""
    answer = dossier.answer
    blocks = list(_blocks(dossier))
    if answer.language == "ar":
        blocks = ['<div dir="rtl">', *blocks, "</div>"]
    return "\n\n".join(blocks) + "\n\n"


def _blocks(dossier: Dossier) -> Iterator[str]:
    answer, language = dossier.answer, dossier.answer.language
    yield f"# {_line(answer.question)}"
    yield f"**{say('dossier', language)}** · {_told(parts.asked(dossier), language)}"
    if answer.understood:
        yield _line(say("understood", language, question=answer.understood))
    for row in parts.narrowed(answer):
        yield _told(row, language)
    yield from _answer(answer)
    yield from _claim(answer)
    yield from _comparisons(answer)
    yield from _evidence(answer)
    if answer.beside:
        yield f"## {say(answer.beside_phrase, language).rstrip(':')}"
        for citation in answer.beside:
            yield from _exhibit(citation, language)
    yield f"## {say('dossier_made', language)}"
    yield _rows(parts.making(dossier), language)
    yield parts.checking(answer)


def _answer(answer: Answer) -> Iterator[str]:
    yield f"## {say('dossier_answer', answer.language)}"
    yield _line(answer.frame)
    for sentence in answer.sentences:
        yield _stated(sentence, answer.language)
        told = [parts.verdict(sentence, answer.language), parts.author(sentence, answer.language), sentence.reason]
        yield f"*{_apart(told)}*"
    yield from map(_line, answer.notices)


def _stated(sentence: Sentence, language: Language) -> str:
    """A sentence: quoted where it is an article's own words."""
    shown = shown_sentence(sentence)
    return _quote(shown, language) if is_verbatim(sentence) else _line(shown)


def _claim(answer: Answer) -> Iterator[str]:
    if answer.claim:
        yield f"## {say('dossier_claim', answer.language)}"
        yield f"**{parts.outcome(answer.claim, answer.language)}**"
        if rows := parts.claim_rows(answer.claim, answer.language):
            yield _rows(rows, answer.language)


def _comparisons(answer: Answer) -> Iterator[str]:
    if answer.comparisons:
        yield f"## {say('dossier_comparisons', answer.language)}"
        yield "\n".join(_comparison(comparison, answer) for comparison in answer.comparisons)


def _comparison(comparison: Comparison, answer: Answer) -> str:
    opening, closing = quotation_marks(answer.language)
    sides = [
        f"{_isolated(outlet)}: {opening}{_isolated(words)}{closing} \\[{number}\\]"
        for number, outlet, words in parts.sides(comparison, answer)
    ]
    return f"- **{relation(comparison, answer.language)}** · {' · '.join(sides)}"


def _evidence(answer: Answer) -> Iterator[str]:
    language = answer.language
    if answer.citations:
        yield f"## {say('dossier_evidence', language)}"
    for account, citations in by_account(answer):
        title = parts.account_title(account, language) if account else say("dossier_other_evidence", language)
        yield f"### {_isolated(title)}"
        if account and (note := parts.account_note(account, language)):
            yield _line(note)
        for citation in citations:
            yield from _exhibit(citation, language, title)


def _exhibit(citation: Citation, language: Language, under: str = "") -> Iterator[str]:
    yield f"**\\[{citation.number}\\]** {_apart([citation.title, *parts.caption(citation, language, under)])}"
    yield _quote(citation.quote, language)
    yield _rows(parts.provenance(citation, language), language)
    for correction in citation.corrections:
        yield from _correction(correction, language)


def _correction(correction: Correction, language: Language) -> Iterator[str]:
    told = _apart([correction.title, *parts.caption(correction, language)])
    yield f"**{parts.correction_title(correction, language)}** · {told}"
    yield _quote(correction.quote, language)
    yield _rows(parts.place(correction, language), language)


def _rows(rows: Sequence[Row], language: Language) -> str:
    return "\n".join(f"- {_told(row, language)}" for row in rows)


def _told(row: Row, language: Language) -> str:
    values = (f"<{value}>" if row.link else _isolated(value) for value in row.values)
    return f"{row.label}: {comma(language).join(values)}"


def _quote(text: str, around: Language) -> str:
    """A block quote, in its own direction where that is not that of the text around it."""
    lines = "\n".join(f"> {line}" if line else ">" for line in _quoted_lines(text))
    if language_of_text(text) == around:
        return lines
    direction = "rtl" if language_of_text(text) == "ar" else "ltr"
    return f'<div dir="{direction}">\n\n{lines}\n\n</div>'


def _apart(items: Sequence[str | None]) -> str:
    return " · ".join(_isolated(item) for item in items if item)


def _isolated(text: str) -> str:
    """Text that does not turn round what stands beside it, whatever its direction."""
    return f"\u2068{_escaped(_SPACE.sub(' ', text))}\u2069"


def _line(text: str) -> str:
    """Text on a line of its own."""
    return _AT_START.sub(r"\1\\\2", _escaped(_SPACE.sub(" ", text)))


def _quoted_lines(text: str) -> list[str]:
    """Text line by line, each as it is."""
    text = _AT_START.sub(r"\1\\\2", _escaped(text))
    return _EDGES.sub(lambda match: "".join(f"`{sign(space)}`" for space in match[0]), text).split("\n")


def _escaped(text: str) -> str:
    """Text of which nothing is taken for Markdown or HTML, and nothing hidden steers what is shown."""
    return HIDDEN.sub(lambda match: f"`{sign(match[0])}`", _MARKUP.sub(r"\\\g<0>", text))
