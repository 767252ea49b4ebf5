"""The HTML view of a dossier: one page that needs nothing else, for the screen and for paper. Pure functions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shawahid.assistant.dossier.dossier import Dossier, by_account, is_verbatim, shown_sentence
from shawahid.assistant.dossier.file import HIDDEN, sign
from shawahid.assistant.types import Answer, Citation, Comparison, Correction, Language, Sentence
from shawahid.prompts import say
from shawahid.ui.html import render
from shawahid.ui.told import comma, cut_classes, ellipses, language_of_text, quotation_marks, relation

from . import parts as parts
from .parts import Row

_STYLE = Path(__file__).with_name("dossier.css")
_HIDDEN = re.compile(f"({HIDDEN.pattern})")


@dataclass(frozen=True, slots=True)
class _Stated:
    """A sentence of the answer, the citation whose words it is (None: it is a model's), whether it is an article's own,
    and what is said of it."""

    sentence: Sentence
    citation: Citation | None
    language: Language
    verbatim: bool
    verdict: str
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Compared:
    """What two accounts agree on or dispute; of each side the number of its citation, its outlet and its words."""

    kind: str
    label: str
    sides: list[tuple[int, str, str]]


@dataclass(frozen=True, slots=True)
class _Corrected:
    """A correction of a cited article."""

    label: str
    caption: list[str]
    quote: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class _Exhibit:
    """A quote with all that is known of where it stands. `cut`: the classes by which the styles put "…" beside it."""

    citation: Citation
    cut: str
    caption: list[str]
    rows: list[Row]
    corrections: list[_Corrected]


@dataclass(frozen=True, slots=True)
class _Group:
    """The exhibits of one account."""

    title: str
    note: str | None
    exhibits: list[_Exhibit]


def html_view(dossier: Dossier) -> str:
    """What a reader sees: the page up to where its data follows."""
    answer, language = dossier.answer, dossier.answer.language
    return render(
        "dossiers/dossier.html",
        language,
        style=_STYLE.read_text(encoding="utf-8"),
        title=HIDDEN.sub("", answer.question),
        answer=answer,
        asked=parts.asked(dossier),
        narrowed=parts.narrowed(answer),
        understood=say("understood", language, question=answer.understood) if answer.understood else None,
        sentences=[_stated(sentence, answer) for sentence in answer.sentences],
        claim=parts.claim_rows(answer.claim, language) if answer.claim else [],
        comparisons=[_compared(comparison, answer) for comparison in answer.comparisons],
        groups=_groups(answer),
        beside=[_exhibit(citation, answer) for citation in answer.beside],
        beside_phrase=answer.beside_phrase,
        making=parts.making(dossier),
        marks=quotation_marks(language),
        comma=comma(language),
        language_of=language_of_text,
        pieces=_pieces,
    )


def _stated(sentence: Sentence, answer: Answer) -> _Stated:
    language = answer.language
    told = (parts.author(sentence, language), sentence.reason)
    return _Stated(
        sentence,
        answer.citation(sentence.citations[0]) if is_verbatim(sentence) else None,
        language_of_text(shown_sentence(sentence)),
        is_verbatim(sentence),
        parts.verdict(sentence, language),
        tuple(item for item in told if item),
    )


def _compared(comparison: Comparison, answer: Answer) -> _Compared:
    kind = "agreed" if comparison.relation == "agrees" else "disputed"
    return _Compared(kind, relation(comparison, answer.language), parts.sides(comparison, answer))


def _groups(answer: Answer) -> list[_Group]:
    groups, language = [], answer.language
    for account, citations in by_account(answer):
        title = parts.account_title(account, language) if account else say("dossier_other_evidence", language)
        note = parts.account_note(account, language) if account else None
        groups.append(_Group(title, note, [_exhibit(citation, answer, title) for citation in citations]))
    return groups


def _exhibit(citation: Citation, answer: Answer, under: str = "") -> _Exhibit:
    language, (before, after) = answer.language, ellipses(citation, answer)
    return _Exhibit(
        citation,
        cut_classes(before, after),
        parts.caption(citation, language, under),
        parts.provenance(citation, language),
        [_corrected(correction, language) for correction in citation.corrections],
    )


def _corrected(correction: Correction, language: Language) -> _Corrected:
    return _Corrected(
        parts.correction_title(correction, language),
        [*filter(None, [correction.title]), *parts.caption(correction, language)],
        correction.quote,
        parts.place(correction, language),
    )


def _pieces(text: str) -> Sequence[tuple[str, str | None]]:
    """A text cut at its hidden characters: what can be shown, and the sign of the hidden character after it."""
    pieces = _HIDDEN.split(text)
    return [
        (shown, sign(hidden) if hidden else None)
        for shown, hidden in zip(pieces[::2], [*pieces[1::2], ""], strict=True)
    ]
