"""A dossier as one HTML page that needs nothing else, for the screen and for paper. Pure functions; all is escaped."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path

from shawahid.assistant.dossier.dossier import Dossier, by_account, is_verbatim, shown_sentence
from shawahid.assistant.dossier.file import HIDDEN, sign
from shawahid.assistant.types import Account, Answer, Citation, Comparison, Correction, Language, Sentence
from shawahid.prompts import say
from shawahid.ui.told import comma, language_of_text, relation

from . import parts as parts
from .parts import Row

_STYLE = Path(__file__).with_name("dossier.css")
# Nothing in the page may run, nor be fetched, whatever an article holds.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def html_view(dossier: Dossier) -> str:
    """What a reader sees: the page up to where its data follows."""
    answer, language = dossier.answer, dossier.answer.language
    body = "\n".join(_sections(dossier))
    return (
        f'<!doctype html>\n<html {_language(language)}>\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_shown(answer.question, signs=False)}</title>\n"
        f"<style>\n{_STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n"
    )


def _sections(dossier: Dossier) -> Iterator[str]:
    answer, language = dossier.answer, dossier.answer.language
    yield _header(dossier)
    yield _section("dossier_answer", language, _answer(answer))
    if answer.claim:
        outcome = f'<p class="outcome {answer.claim.outcome}">{escape(parts.outcome(answer.claim, language))}</p>'
        rows = parts.claim_rows(answer.claim, language)
        yield _section("dossier_claim", language, [outcome, _rows(rows, language)])
    if answer.comparisons:
        yield _section("dossier_comparisons", language, (_comparison(item, answer) for item in answer.comparisons))
    if answer.citations:
        groups = (_account(account, citations, language) for account, citations in by_account(answer))
        yield _section("dossier_evidence", language, groups)
    if answer.coverage.closest:
        yield _section("closest", language, (_exhibit(item, language, "near") for item in answer.coverage.closest))
    check = f'<p class="check">{escape(parts.checking(answer))}</p>'
    yield _section("dossier_made", language, [_rows(parts.making(dossier), language), check])


def _header(dossier: Dossier) -> str:
    answer, language = dossier.answer, dossier.answer.language
    understood = say("understood", language, question=answer.understood) if answer.understood else ""
    asked = _told(parts.asked(dossier), language)
    return (
        f'<header><p class="kicker"><b>{escape(say("dossier", language))}</b> {asked}</p>'
        f"{_text('h1', answer.question)}{_text('p', understood, 'understood') if understood else ''}</header>"
    )


def _section(heading: str, language: Language, content: Iterable[str]) -> str:
    return f"<section>\n<h2>{escape(say(heading, language).rstrip(':'))}</h2>\n" + "\n".join(content) + "\n</section>"


def _answer(answer: Answer) -> Iterator[str]:
    yield _text("p", answer.frame, "abstention" if answer.status == "abstained" else "frame")
    for sentence in answer.sentences:
        yield _sentence(sentence, answer.language)
    for notice in answer.notices:
        yield _text("p", notice, "notice")


def _sentence(sentence: Sentence, language: Language) -> str:
    tag = "blockquote" if is_verbatim(sentence) else "p"
    links = " ".join(f'<a href="#quote-{number}">[{number}]</a>' for number in sentence.citations)
    stated = f"{_shown(sentence.text)}\u00a0{links}" if links else _shown(sentence.text)
    told = [parts.author(sentence, language), sentence.reason]
    rest = "".join(f' <i class="dot">·</i> {_isolated(item)}' for item in told if item)
    verdict = f'<b class="verdict">{escape(parts.verdict(sentence, language))}</b>'
    return (
        f'<div class="sentence {sentence.origin} {sentence.verdict}">'
        f"<{tag} {_language(language_of_text(shown_sentence(sentence)))}>{stated}</{tag}>"
        f'<p class="reason">{verdict}{rest}</p></div>'
    )


def _comparison(comparison: Comparison, answer: Answer) -> str:
    opening, closing = parts.quotation_marks(answer.language)
    sides = "".join(
        f'<li><bdi class="outlet">{_shown(outlet)}</bdi> {opening}{_isolated(words)}{closing}'
        f' <a href="#quote-{number}">[{number}]</a></li>'
        for number, outlet, words in parts.sides(comparison, answer)
    )
    kind = "agreed" if comparison.relation == "agrees" else "disputed"
    label = escape(relation(comparison, answer.language))
    return f'<div class="comparison {kind}"><p>{label}</p><ul>{sides}</ul></div>'


def _account(account: Account | None, citations: Sequence[Citation], language: Language) -> str:
    title = parts.account_title(account, language) if account else say("dossier_other_evidence", language)
    note = parts.account_note(account, language) if account else None
    head = f"<h3>{_isolated(title)}</h3>" + (f'<p class="note">{escape(note)}</p>' if note else "")
    return head + "\n".join(_exhibit(citation, language, "quote", title) for citation in citations)


def _exhibit(citation: Citation, language: Language, kind: str, under: str = "") -> str:
    """A quote with all that is known of where it stands."""
    corrections = "".join(_correction(correction, language) for correction in citation.corrections)
    caption = _apart(parts.caption(citation, language, under))
    title = _text("p", citation.title, "title") if citation.title else ""
    return (
        f'<figure id="{kind}-{citation.number}" class="{kind}">'
        f'<figcaption><b class="number">[{citation.number}]</b> {caption}{title}</figcaption>'
        f"{_text('blockquote', citation.quote)}{_rows(parts.provenance(citation, language), language)}"
        f"{corrections}</figure>"
    )


def _correction(correction: Correction, language: Language) -> str:
    title = escape(parts.correction_title(correction, language))
    told = _apart([*filter(None, [correction.title]), *parts.caption(correction, language)])
    return (
        f'<aside class="correction"><p><b>{title}</b> <i class="dot">·</i> {told}</p>'
        f"{_text('blockquote', correction.quote)}{_rows(parts.place(correction, language), language)}</aside>"
    )


def _rows(rows: Sequence[Row], language: Language) -> str:
    items = "".join(f"<div>{_told(row, language, 'dt', 'dd')}</div>" for row in rows)
    return f"<dl>{items}</dl>" if items else ""


def _told(row: Row, language: Language, label: str = "span", value: str = "span") -> str:
    values = comma(language).join(_value(item, row) for item in row.values)
    return f"<{label}>{escape(row.label)}</{label}> <{value}>{values}</{value}>"


def _value(value: str, row: Row) -> str:
    if row.link:
        return f'<a href="{escape(value)}" rel="noopener noreferrer" dir="ltr">{escape(value)}</a>'
    return f'<bdi class="code" dir="ltr">{_shown(value)}</bdi>' if row.code else _isolated(value)


def _apart(items: Sequence[str]) -> str:
    return ' <i class="dot">·</i> '.join(map(_isolated, items))


def _text(tag: str, text: str, style: str = "") -> str:
    """A text in an element of its own, in the direction and with the language of its own letters."""
    named = f' class="{style}"' if style else ""
    return f"<{tag}{named} {_language(language_of_text(text))}>{_shown(text)}</{tag}>"


def _language(language: Language) -> str:
    return f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"'


def _isolated(text: str) -> str:
    """Text inside a line of another direction, perhaps."""
    return f'<bdi lang="{language_of_text(text)}">{_shown(text)}</bdi>'


def _shown(text: str, *, signs: bool = True) -> str:
    """Text of which nothing is taken for HTML, and nothing hidden steers what is shown."""
    shown = (lambda match: f"<code>{sign(match[0])}</code>") if signs else ""
    return HIDDEN.sub(shown, escape(text))
