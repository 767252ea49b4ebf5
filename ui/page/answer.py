"""The HTML of a question and its answer, at every stage. Pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from shawahid.assistant.events import Event, EvidenceFound, Finished, Judged, Provisional, Understood
from shawahid.assistant.types import Answer, Citation, Comparison, Correction, Filters, Language, Plan, Sentence
from shawahid.prompts import say
from shawahid.ui.html import Place, render
from shawahid.ui.told import (
    account_name,
    comma,
    constraint,
    constraints_of,
    told_coverage,
    told_filters,
    told_listed,
    told_namesakes,
    told_speaker,
)

from .cuts import Cuts

_FORMATS = (("HTML", ".html"), ("Markdown", ".md"), ("JSON", ".json"))


@dataclass(frozen=True, slots=True)
class Rating:
    """What its reader thinks of an answer: 1 good, -1 bad, 0 not rated; and why."""

    thumb: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """How far an answer has come."""

    understood: str | None = None
    citations: tuple[Citation, ...] | None = None
    text: str = ""
    judged: tuple[Sentence, ...] = ()
    answer: Answer | None = None

    def with_events(self, events: Iterable[Event]) -> "Heard":
        return reduce(Heard.with_event, events, self)

    def with_event(self, event: Event) -> "Heard":
        match event:
            case Understood(question):
                return replace(self, understood=question)
            case EvidenceFound(citations):
                return replace(self, citations=citations)
            case Provisional(text):
                return replace(self, text=text)
            case Judged(sentence):
                return replace(self, judged=(*self.judged, sentence))
            case Finished(answer):
                return replace(self, answer=answer)


@dataclass(frozen=True, slots=True)
class _Stated:
    """A sentence with the citations that it rests on, and who says it where that is not the outlet."""

    sentence: Sentence
    citations: tuple[Citation, ...]
    speaker: str | None


@dataclass(frozen=True, slots=True)
class _Column:
    """One account beside the others: its name, the numbers of its citations, its sentences."""

    name: str
    citations: tuple[int, ...]
    sentences: tuple[_Stated, ...]


@dataclass(frozen=True, slots=True)
class _Source:
    """One article with all that an answer cites of it. `pages` are those of its quotes, as they are told."""

    citations: tuple[Citation, ...]
    pages: str
    corrections: tuple[Correction, ...]

    @property
    def first(self) -> Citation:
        return self.citations[0]


def render_turn(
    question: str,
    answer: Answer,
    place: Place,
    rating: Rating | None = None,
    *,
    filters: Filters | None = None,
    cuts: Cuts | None = None,
) -> str:
    """A question and its finished answer. `filters` are what it was narrowed to, `cuts` the quotes that begin or end
    inside a sentence."""
    language = answer.language
    if answer.status == "plain":
        return _turn("told", question, language, "plain", place, kind="plain", text=answer.frame, again=False)
    dated = [citation for citation in answer.citations if citation.date]
    return _turn(
        "answer",
        question,
        language,
        answer.status,
        place,
        understood=answer.understood,
        plan=answer.plan,
        answer=answer,
        compared=_compared(answer),
        columns=_columns(answer),
        sentences=_stated(answer.sentences, answer),
        sources=_sources(answer.citations, answer.corrections_to_tell(), language),
        narrowed=told_filters(filters, answer) if filters else None,
        constraints=[(one.kind, constraint(one)) for one in constraints_of(answer, applied=True)],
        offered=comma(language).join(constraint(one) for one in constraints_of(answer, applied=False)),
        listed=told_listed(answer),
        cuts=cuts or Cuts(),
        dated=sorted(dated, key=lambda citation: (citation.date or "", citation.number)),
        undated=[citation for citation in answer.citations if not citation.date],
        notices=(*told_namesakes(answer), *answer.notices),
        coverage=" ".join(told_coverage(answer)),
        formats=_FORMATS,
        rating=rating or Rating(),
    )


def render_running(question: str, heard: Heard, language: Language, place: Place) -> str:
    """An answer in progress: first its evidence, then text that nobody has checked yet."""
    understood = heard.understood if heard.understood != question else None
    return _turn(
        "running",
        question,
        language,
        "running",
        place,
        understood=understood,
        heard=heard,
        cuts=Cuts(),
        sources=_sources(heard.citations or (), {}, language),
    )


def render_failure(question: str, problem: str, language: Language, place: Place) -> str:
    """A question that could not be answered because something failed, which is not the same as "not found"."""
    text = say("failed", language, problem=problem)
    return _turn("told", question, language, "failed", place, kind="failure", text=text, again=True)


def render_stopped(question: str, language: Language, place: Place) -> str:
    """A question whose answer was stopped, by its reader or by the end of the program."""
    text = say("stopped", language)
    return _turn("told", question, language, "stopped", place, kind="notice", text=text, again=True)


def _turn(
    template: str,
    question: str,
    language: Language,
    status: str,
    place: Place,
    *,
    understood: str | None = None,
    narrowed: str | None = None,
    plan: Plan | None = None,
    **data: object,
) -> str:
    return render(
        f"page/{template}.html",
        language,
        question=question,
        status=status,
        place=place,
        understood=understood,
        narrowed=narrowed,
        joined=plan.joined if plan else None,
        unconstrained=plan.unconstrained if plan else (),
        **data,
    )


def _sources(
    citations: Sequence[Citation], corrections: Mapping[int, Sequence[Correction]], language: Language
) -> list[_Source]:
    """The articles that are cited, each once, in the order of their first citations."""
    by_article: dict[int, list[Citation]] = {}
    for citation in citations:
        by_article.setdefault(citation.article, []).append(citation)
    return [
        _Source(
            tuple(cited),
            comma(language).join(dict.fromkeys(str(one.page) for one in cited if one.page)),
            tuple(item for one in cited for item in corrections.get(one.number, ())),
        )
        for cited in by_article.values()
    ]


def _compared(answer: Answer) -> list[tuple[str, list[Comparison]]]:
    """What accounts agree on, then what they dispute."""
    agreed = [item for item in answer.comparisons if item.relation == "agrees"]
    disputed = [item for item in answer.comparisons if item.relation != "agrees"]
    return [("agreed", agreed), ("disputed", disputed)]


def _columns(answer: Answer) -> list[_Column]:
    """The accounts that stand beside each other; none where there is only one."""
    return [
        _Column(account_name(account, answer), account.citations, _stated(sentences, answer))
        for account, sentences in answer.by_account()
        if account
    ]


def _stated(sentences: Iterable[Sentence], answer: Answer) -> tuple[_Stated, ...]:
    stated = []
    for sentence in sentences:
        citations = tuple(map(answer.citation, sentence.citations))
        speaker = told_speaker(citations[0].speaker, answer.language) if sentence.origin != "model" else None
        stated.append(_Stated(sentence, citations, speaker))
    return tuple(stated)
