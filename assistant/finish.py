"""The last stage of an answer: its citations are numbered, and what stands around its sentences is said."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from shawahid.assistant.accounts.accounts import compare_accounts, group_accounts
from shawahid.assistant.accounts.claims import check_claim
from shawahid.assistant.accounts.frame import frame, order
from shawahid.assistant.attempt import attempt
from shawahid.assistant.compose.written import Writing
from shawahid.assistant.gather import Gathered
from shawahid.assistant.search.clause import answering_clauses
from shawahid.assistant.search.namesakes import namesakes
from shawahid.assistant.search.question import Question
from shawahid.assistant.verify.ground import Embed
from shawahid.ingest.library import Library
from shawahid.ingest.types import LibraryOverview
from shawahid.prompts import say

from .citations import Cited, cite, newest_first, number_citations, said_once
from .types import Answer, Citation, Comparison, Coverage, Language, Plan
from .wording import Phrase, notice


def finish(question: Question, gathered: Gathered, writing: Writing, embed: Embed) -> Answer:
    """The answer that these sentences make."""
    once = said_once(writing.sentences, gathered.groups)
    written = newest_first(once) if question.latest else once
    sentences, cited = number_citations(written, gathered.corrections, question.language)
    accounts = group_accounts(cited, gathered.retrieval.articles, gathered.groups, gathered.carried)
    comparisons = compare_accounts(accounts, cited, embed) if question.ruled else ()
    cited = attempt("the clauses that answer", lambda: _marked(question, cited, comparisons), cited)
    citations = tuple(one.citation for one in cited)
    claim = None if gathered.weighed is None else check_claim(gathered.weighed, cited)
    dates = [citation.date for citation in citations if citation.date]
    heard = {name for account in accounts for name in account.outlets} | set(gathered.carrying)
    notices = (
        *gathered.notices,
        *_unruled(question, cited),
        *writing.notices,
        *order(question.latest, dates, len(citations)),
    )
    return Answer(
        question=question.text,
        language=question.language,
        status="answered",
        mode="composed" if writing.model else "extractive",
        confidence=gathered.confidence,
        frame=say(frame(claim, citations, len(accounts), composed=bool(writing.model)), question.language),
        sentences=sentences,
        citations=citations,
        coverage=replace(
            gathered.coverage, silent=tuple(name for name in gathered.coverage.outlets if name not in heard)
        ),
        accounts=tuple(accounts),
        notices=tuple(phrase.said(question.language) for phrase in notices),
        understood=question.understood,
        model=writing.model,
        prompt=writing.prompt,
        left_out=writing.left_out,
        comparisons=comparisons,
        claim=claim,
        more=_more(gathered, cited),
        as_of=max(dates, default=None) if question.latest else None,
        also_named=attempt(
            "namesakes",
            lambda: namesakes(question.text, [citation.quote for citation in citations], gathered.texts),
            (),
        )
        if question.ruled
        else (),
    )


def _marked(question: Question, cited: Sequence[Cited], comparisons: Sequence[Comparison]) -> list[Cited]:
    """The citations with the clause that answers, where it is sure which."""
    disputing = {number for item in comparisons if item.relation in ("number", "date") for number in item.citations}
    places = {place for place, one in enumerate(cited) if one.citation.number in disputing}
    spans = answering_clauses(question, [one.citation.quote for one in cited], places)
    return [
        replace(
            one,
            citation=replace(
                one.citation,
                marked_start=one.citation.start + span.start,
                marked_end=one.citation.start + span.end,
            ),
        )
        if span
        else one
        for one, span in zip(cited, spans, strict=True)
    ]


def _unruled(question: Question, cited: Sequence[Cited]) -> list[Phrase]:
    """That the question, or else some of what is cited, is in a language without rules."""
    if not question.ruled:
        return [notice("no_rules_question")]
    return [] if all(one.ruled for one in cited) else [notice("no_rules_quotes")]


def _more(gathered: Gathered, cited: Sequence[Cited]) -> tuple[Citation, ...]:
    """What else was found, without what is cited: a model may have cited other words than were chosen."""
    taken = [(one.article.text_id, one.span) for one in cited]
    left = [
        item.excerpt
        for item in gathered.more
        if not any(item.article.text_id == text_id and item.span.overlaps(span) for text_id, span in taken)
    ]
    return cite(left, gathered.corrections, first=len(cited) + 1)


def abstain(question: Question, gathered: Gathered) -> Answer:
    """The answer that the articles don't answer."""
    return Answer(
        question=question.text,
        language=question.language,
        status="abstained",
        mode="extractive",
        confidence=gathered.confidence,
        frame=say("abstained", question.language),
        sentences=(),
        citations=(),
        coverage=gathered.coverage,
        accounts=(),
        notices=tuple(phrase.said(question.language) for phrase in (*gathered.notices, *_unruled(question, ()))),
        understood=question.understood,
    )


def answer_plain(question: Question, library: Library, today: date) -> Answer:
    """What is said where nothing was asked of the articles: a greeting, thanks, or what the library holds."""
    overview = library.overview() if question.plain == "about" else None
    return Answer(
        question=question.text,
        language=question.language,
        status="plain",
        mode="extractive",
        confidence=1.0,
        frame=_about(overview, question.language) if overview else say(str(question.plain), question.language),
        sentences=(),
        citations=(),
        coverage=Coverage(0, 0, 0, ()),
        accounts=(),
        plan=Plan("library", today.isoformat()) if overview else None,
        counted=overview.articles if overview else None,
    )


def _about(overview: LibraryOverview, language: Language) -> str:
    """How many articles the library holds, of which outlets, from when, and some titles."""
    if not overview.articles:
        return say("no_articles", language)
    parts = [say("about_articles", language, articles=overview.articles)]
    if overview.outlets:
        parts.append(say("about_outlets", language, outlets=_joined(overview.outlets, language)))
    if overview.first and overview.last:
        parts.append(say("about_dates", language, first=overview.first, last=overview.last))
    if overview.undated:
        parts.append(say("about_undated", language, undated=overview.undated))
    if overview.titles:
        parts.append(say("about_titles", language, titles=_joined(overview.titles, language)))
    return " ".join(parts)


def _joined(items: Sequence[str], language: Language) -> str:
    return ("؛ " if language == "ar" else "; ").join(items)
