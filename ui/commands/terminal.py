"""An `Answer` and an article as text for the terminal."""

import os
import sys
import textwrap
from collections.abc import Sequence

from shawahid.assistant.settings import Settings
from shawahid.assistant.types import Answer, Citation, Correction, Language, Sentence
from shawahid.ingest.indexes.vectors import ChromaServer
from shawahid.ingest.network import chosen_host
from shawahid.ingest.types import Article, ArticleRow, Failure, IngestReport, LibraryStatus, PastText
from shawahid.prompts import say
from shawahid.ui.told import (
    account_name,
    at_clause,
    quoted,
    told_comparisons,
    told_constraints,
    told_coverage,
    told_listed,
    told_namesakes,
    told_problem,
    told_speaker,
)

from .plain import line, plain

_WIDTH = 88
_MOST_FAILURES = 20


class Style:
    """Colours, only where a person looks on: not in a pipe, not with NO_COLOR."""

    def __init__(self) -> None:
        self._on = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def bold(self, text: str) -> str:
        return self._with("1", text)

    def faint(self, text: str) -> str:
        return self._with("2", text)

    def number(self, text: str) -> str:
        return self._with("36", text)

    def _with(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._on else text


def show_answer(answer: Answer) -> str:
    """The answer, then its citations."""
    style, language = Style(), answer.language
    if answer.status == "plain":
        return _wrap(plain(answer.frame))
    lines = (
        [style.faint(_wrap(plain(say("understood", language, question=answer.understood))))]
        if answer.understood
        else []
    )
    lines += [style.faint(_wrap(plain(told))) for told in told_constraints(answer)]
    lines += [style.bold(_wrap(plain(answer.frame))), ""]
    lines += [_wrap(plain(told), "  ") for told in told_comparisons(answer)]
    lines += [""] if answer.comparisons else []
    for account, sentences in answer.by_account():
        if account:
            lines += [style.bold(_wrap(plain(account_name(account, answer)))), ""]
        for sentence in sentences:
            lines += _sentence(sentence, answer, style)
    corrections = answer.corrections_to_tell()
    for citation in answer.citations:
        lines.append(_reference(citation, language, style))
        for correction in corrections.get(citation.number, []):
            lines += _corrected(correction, language, style)
    lines += [_wrap(f"- {plain(told)}", "  ") for told in told_listed(answer)]
    if answer.beside:
        lines += [style.faint(say(answer.beside_phrase, language)), ""]
        for citation in answer.beside:
            lines += [
                style.faint(_wrap(_quoted(citation.quote, language), "  ")),
                f"  {_reference(citation, language, style)}",
                "",
            ]
    lines += [
        "",
        *(style.faint(_wrap(plain(told))) for told in told_coverage(answer)),
        *(style.faint(_wrap(plain(told))) for told in (*told_namesakes(answer), *answer.notices)),
    ]
    return "\n".join(lines)


def _sentence(sentence: Sentence, answer: Answer, style: Style) -> list[str]:
    marks = " ".join(style.number(f"[{number}]") for number in sentence.citations)
    said = told_speaker(answer.citation(sentence.citations[0]).speaker, answer.language)
    faint = [said] if said and sentence.origin != "model" else []
    faint += [sentence.reason] if sentence.verdict != "supported" else []
    lines = [_wrap(f"{_stated(sentence, answer, style)} {marks}", "  ")]
    return [*lines, *(style.faint(_wrap(plain(line), "    ")) for line in faint), ""]


def _stated(sentence: Sentence, answer: Answer, style: Style) -> str:
    """A model's sentence as it is, an article's between quotation marks, the clause that answers in bold."""
    if sentence.origin == "model":
        return plain(sentence.text)
    before, clause, after = map(plain, at_clause(sentence.text, answer.citation(sentence.citations[0])))
    return quoted(f"{before}{style.bold(clause) if clause else ''}{after}", answer.language)


def _quoted(text: str, language: Language) -> str:
    return quoted(plain(text), language)


def _reference(citation: Citation, language: Language, style: Style) -> str:
    parts = [
        citation.outlet or say("no_outlet", language),
        citation.title or "",
        citation.date or say("undated", language),
        say("page", language, page=citation.page) if citation.page else "",
        f"{citation.source} ({citation.article})",
        f"{citation.start}–{citation.end}",
    ]
    return f"{style.number(f'[{citation.number}]')} {line(' · '.join(filter(None, parts)))}"


def _corrected(correction: Correction, language: Language, style: Style) -> list[str]:
    """What corrects a cited article: its words, then where they stand."""
    parts = [
        correction.outlet or say("no_outlet", language),
        correction.title or "",
        correction.date or say("undated", language),
        f"({correction.article})",
        f"{correction.start}–{correction.end}",
    ]
    told = say(correction.phrase, language, words=_quoted(correction.quote, language))
    return [style.bold(_wrap(told, "    ")), style.faint(f"    {line(' · '.join(filter(None, parts)))}")]


def _wrap(text: str, indent: str = "") -> str:
    return textwrap.fill(text, _WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def show_report(report: IngestReport, *, dry_run: bool = False, language: Language = "en") -> str:
    """What an ingest did, or with `dry_run` would do: counts, what was removed, and each failure with its reason."""
    counts = ("added", "changed", "removed", "unchanged", "failed")
    lines = ["nothing was changed; there would be:"] if dry_run else []
    lines.append(", ".join(f"{len(getattr(report, name))} {name}" for name in counts))
    lines += show_removed(report.removed, "removed")
    lines += [
        line(f"  failed: {failure.source}: {_why(failure, language)}") for failure in report.failed[:_MOST_FAILURES]
    ]
    if len(report.failed) > _MOST_FAILURES:
        lines.append(f"  … and {len(report.failed) - _MOST_FAILURES} more: --json prints all")
    return "\n".join(lines)


def _why(failure: Failure, language: Language) -> str:
    return told_problem(failure.problem, language) if failure.problem else failure.reason


def show_removed(sources: Sequence[str], told: str) -> list[str]:
    """The sources of removed articles, the first of them."""
    lines = [line(f"  {told}: {source}") for source in sources[:_MOST_FAILURES]]
    return [*lines, f"  … and {len(sources) - _MOST_FAILURES} more"] if len(sources) > _MOST_FAILURES else lines


def show_status(status: LibraryStatus, settings: Settings) -> str:
    outlets = ", ".join(status.outlets) or "none known"
    searchable = f"{status.embedded} embedded"
    return "\n".join(
        line(told)
        for told in (
            f"library    {status.path} (format {status.format})",
            f"articles   {status.articles} ({status.texts} different texts, {status.independent} independent)",
            f"passages   {status.passages} ({searchable}; {status.indexed} in the Chroma index)",
            f"vectors    {_vectors(status)}",
            f"outlets    {outlets}",
            f"older      {_older(status)}",
            f"embedder   {status.embedder}",
            f"model      {_model(settings)}",
            f"network    {_network(status, settings)}",
        )
    )


def _vectors(status: LibraryStatus) -> str:
    """Where the vector index is."""
    if status.chroma:
        return f"indexed by the Chroma server {status.chroma}"
    return f"in the published version {status.published}, read only" if status.published else "in the library's folder"


def _older(status: LibraryStatus) -> str:
    return f"{status.past} texts kept for old citations; forget them with: shawahid prune" if status.past else "none"


def _model(settings: Settings) -> str:
    if settings.model is None:
        return "none: answers are the articles' own sentences"
    return f"{settings.model}, {settings.strictness}; try it with: shawahid doctor"


def _network(status: LibraryStatus, settings: Settings) -> str:
    """Where text goes."""
    sent = ["all article text and questions (embedder)"] if status.embedder.startswith("openai:") else []
    sent += ["questions with excerpts (model)"] if settings.model else []
    told = [f"{chosen_host(settings.base_url)} receives {' and '.join(sent)}"] if sent else []
    server = ChromaServer.at(status.chroma) if status.chroma else None
    if server and not server.loopback:
        told.append(f"{server.host} receives the vectors of articles and questions (vector index)")
    if not told:
        return "forbidden (--local)" if settings.local else "unused: no text leaves this machine"
    return "; ".join(told)


def show_list(rows: Sequence[ArticleRow]) -> str:
    lines = []
    for row in rows:
        copy = f" · copy of {row.copy_of}" if row.copy_of else ""
        pending = f" · {row.passages - row.embedded} passages not yet embedded" if row.embedded < row.passages else ""
        known = [row.metadata.outlet or "outlet not given", row.metadata.date or "undated", row.metadata.title or ""]
        lines.append(line(f"{row.id:>6}  {row.name} · {' · '.join(filter(None, known))}{copy}{pending}"))
    return "\n".join(lines) or "The library has no articles."


def show_article(article: Article) -> str:
    """The article's metadata, and its text with page furniture between ⟦ and ⟧."""
    style = Style()
    known = {
        "article": str(article.id),
        "source": article.source,
        "title": article.metadata.title,
        "outlet": article.metadata.outlet or "not given",
        "author": article.metadata.author,
        "date": article.metadata.date or "undated",
        "captured": article.metadata.captured,
        "url": article.metadata.url,
        "language": article.metadata.language,
        "copy of": str(article.copy_of) if article.copy_of else None,
        "sha256": article.sha256,
        "text from": article.extractor,
    }
    head = "\n".join(line(f"{name:<10} {value}") for name, value in known.items() if value)
    body, done = "", 0
    for span in article.furniture:
        body += plain(article.text[done : span.start]) + style.faint(f"⟦{plain(article.text[span.start : span.end])}⟧")
        done = span.end
    return f"{head}\n\n{body}{plain(article.text[done:])}"


def show_past(past: PastText) -> str:
    """A text that no article has any more, with what was known of the last that had it."""
    known = {
        "was in": past.source,
        "title": past.metadata.title,
        "outlet": past.metadata.outlet or "not given",
        "date": past.metadata.date or "undated",
        "left": f"{past.left_at} ({past.why})",
        "sha256": past.sha256,
    }
    head = "\n".join(line(f"{name:<10} {value}") for name, value in known.items() if value)
    return f"{head}\n\n{plain(past.text)}"
