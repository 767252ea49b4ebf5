"""An `Answer` as safe HTML. Pure functions: everything from an article or a user is escaped here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from html import escape

from shawahid.assistant.events import Event, EvidenceFound, Finished, Judged, Provisional, Understood
from shawahid.assistant.types import Account, Answer, Citation, Comparison, Correction, Language, Sentence
from shawahid.prompts import say
from shawahid.ui.html import DOT, Place, cite_link, direction, facts, opens, tell, verdict_name
from shawahid.ui.told import account_name, relation, told_coverage, told_namesakes, told_speaker

_FORMATS = (("HTML", ".html"), ("Markdown", ".md"), ("JSON", ".json"))


@dataclass(frozen=True, slots=True)
class Rating:
    """What its reader thought of an answer: 1 good, -1 bad, 0 nothing said; and why."""

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


def render_turn(question: str, answer: Answer, place: Place, rating: Rating | None = None) -> str:
    """One question and its answer."""
    if answer.status == "plain":
        body = f'<p class="plain" dir="auto">{escape(answer.frame)}</p>'
        return _turn(question, body, answer.language, "plain", place)
    told = (*told_namesakes(answer), *answer.notices)
    notices = "".join(f'<p class="notice" dir="auto">{escape(notice)}</p>' for notice in told)
    main = _answered(answer, place) if answer.status == "answered" else _abstained(answer)
    body = (
        f"{_understood(answer.understood, answer.language)}{main}{notices}{_coverage(answer)}"
        f"{_tools(answer, place, rating or Rating())}"
    )
    return _turn(question, body, answer.language, answer.status, place)


def render_running(question: str, heard: Heard, language: Language, place: Place) -> str:
    """An answer that is still coming about: its evidence first, then words that nobody has checked yet."""
    understood = heard.understood if heard.understood != question else None
    parts = [_understood(understood, language)]
    if heard.citations:
        sources = "".join(_source(one, [], place, language) for one in heard.citations)
        parts.append(f'<p class="frame">{tell("found_evidence", language)}</p><ol class="sources">{sources}</ol>')
    if heard.judged:
        parts.extend(_judged(sentence, language) for sentence in heard.judged)
    elif heard.text:
        parts.append(
            f'<p class="provisional" dir="auto"><span class="unchecked">{tell("unchecked", language)}</span> '
            f"{escape(heard.text)}</p>"
        )
    stage = "looking" if heard.citations is None else "writing"
    words = say("looking", language) if stage == "looking" else say("writing", language)
    parts.append(
        f'<p class="stage" data-stage="{stage}"><span class="pulse" aria-hidden="true"></span>{escape(words)}'
        f' <button type="button" class="stop">{tell("stop", language)}</button></p>'
    )
    return _turn(question, "".join(parts), language, "running", place)


def render_failure(question: str, problem: str, language: Language, place: Place) -> str:
    """A question that could not be answered because something failed, which is not the same as "not found"."""
    text = tell("failed", language, problem=problem)
    return _turn(question, f'<p class="failure" dir="auto">{text}</p>{_again(language)}', language, "failed", place)


def render_stopped(question: str, language: Language, place: Place) -> str:
    """A question whose answer was stopped, by its reader or by the end of the program."""
    text = tell("stopped", language)
    return _turn(question, f'<p class="notice" dir="auto">{text}</p>{_again(language)}', language, "stopped", place)


def _again(language: Language) -> str:
    return f'<p class="tools"><button type="button" class="again">{tell("ask_again", language)}</button></p>'


def _turn(question: str, body: str, language: Language, status: str, place: Place) -> str:
    return (
        f'<article class="turn {status}" id="{place.id}" data-turn="{place.turn}"'
        f' data-conversation="{escape(place.conversation)}" aria-labelledby="{place.id}-q">'
        f'<h2 class="asked" id="{place.id}-q" dir="auto">{escape(question)}</h2>'
        f'<div class="answer" lang="{language}" dir="{direction(language)}">{body}</div>'
        "</article>"
    )


def _understood(question: str | None, language: Language) -> str:
    if not question:
        return ""
    return f'<p class="understood" dir="auto">{tell("understood", language, question=question)}</p>'


# The answer


def _answered(answer: Answer, place: Place) -> str:
    told = answer.corrections_to_tell()
    sources = "".join(_source(one, told.get(one.number, []), place, answer.language) for one in answer.citations)
    heading = tell("sources", answer.language)
    return (
        f"{_frame(answer)}{_compared(answer, place)}{_accounts(answer, place)}"
        f'<h3 class="small">{heading}</h3><ol class="sources">{sources}</ol>{_timeline(answer, place)}'
    )


def _frame(answer: Answer) -> str:
    claimed = f" claim {answer.claim.outcome}" if answer.claim and answer.claim.outcome != "silent" else ""
    return f'<p class="frame{claimed}">{escape(answer.frame)}</p>'


def _compared(answer: Answer, place: Place) -> str:
    """What accounts agree on, above what they dispute."""
    agreed = [item for item in answer.comparisons if item.relation == "agrees"]
    disputed = [item for item in answer.comparisons if item.relation != "agrees"]
    return "".join(
        f'<ul class="compared {kind}">{"".join(_comparison(item, answer, place) for item in items)}</ul>'
        for kind, items in (("agreed", agreed), ("disputed", disputed))
        if items
    )


def _comparison(item: Comparison, answer: Answer, place: Place) -> str:
    sides = [
        f'<q class="side" dir="auto">{escape(words)}</q>&nbsp;{_plain_mark(answer, number, place)}'
        for number, words in zip(item.citations, item.words, strict=True)
    ]
    joined = f'<span class="between" aria-hidden="true">{"=" if item.relation == "agrees" else "≠"}</span>'.join(sides)
    first, second = item.citations
    return (
        f'<li class="{item.relation}" data-sides="{first} {second}">'
        f'<span class="kind">{escape(relation(item, answer.language))}</span> {joined}</li>'
    )


def _plain_mark(answer: Answer, number: int, place: Place) -> str:
    citation = answer.citation(number)
    return cite_link(citation, place, "plain", _described(citation, answer.language))


def _described(citation: Citation, language: Language) -> str:
    """A mark's name for those who don't see it."""
    outlet = citation.outlet or say("no_outlet", language)
    return say("mark_label", language, number=citation.number, outlet=outlet)


def _accounts(answer: Answer, place: Place) -> str:
    groups = answer.by_account()
    if len(groups) == 1:
        _, sentences = groups[0]
        return f'<div class="sentences">{"".join(_sentence(one, answer, place) for one in sentences)}</div>'
    hint = f'<p class="hint">{tell("compare_two", answer.language)}</p>' if len(groups) > 2 else ""
    columns = "".join(
        _account(number, account, sentences, answer, place, choice=len(groups) > 2)
        for number, (account, sentences) in enumerate(groups, start=1)
        if account is not None
    )
    return f'{hint}<div class="accounts">{columns}</div>'


def _account(
    number: int, account: Account, sentences: Sequence[Sentence], answer: Answer, place: Place, *, choice: bool
) -> str:
    name = escape(account_name(account, answer))
    head = f'<h3 class="whose" id="{place.id}-a{number}" dir="auto">{name}</h3>'
    if choice:
        label = tell("compare_label", answer.language, outlet=account_name(account, answer))
        head += f'<input type="checkbox" class="pick" aria-label="{label}">'
    cited = " ".join(map(str, account.citations))
    body = "".join(_sentence(sentence, answer, place) for sentence in sentences)
    return (
        f'<div class="account" role="group" aria-labelledby="{place.id}-a{number}" data-citations="{cited}">'
        f'<div class="of">{head}</div>{body}</div>'
    )


def _sentence(sentence: Sentence, answer: Answer, place: Place) -> str:
    marks = "".join(_mark(answer.citation(number), sentence, answer.language, place) for number in sentence.citations)
    if sentence.origin != "model":
        said = told_speaker(answer.citation(sentence.citations[0]).speaker, answer.language)
        whose = f'<footer class="speaker" dir="auto">{escape(said)}</footer>' if said else ""
        return f'<blockquote class="sentence" dir="auto">{escape(sentence.text)}&nbsp;{marks}{whose}</blockquote>'
    doubt = "" if sentence.verdict == "supported" else f' <span class="doubt">{escape(sentence.reason)}</span>'
    return f'<p class="sentence written {sentence.verdict}" dir="auto">{escape(sentence.text)}&nbsp;{marks}{doubt}</p>'


def _mark(citation: Citation, sentence: Sentence, language: Language, place: Place) -> str:
    described = f"{_described(citation, language)}. {verdict_name(sentence, language)}"
    return cite_link(citation, place, sentence.verdict, described)


def _judged(sentence: Sentence, language: Language) -> str:
    """A sentence that has been checked, before the answer is put together."""
    verdict = escape(verdict_name(sentence, language))
    return (
        f'<p class="sentence written {sentence.verdict}" dir="auto">{escape(sentence.text)} '
        f'<span class="verdict">{verdict}</span></p>'
    )


# Where it comes from


def _source(citation: Citation, corrections: Sequence[Correction], place: Place, language: Language) -> str:
    number = citation.number
    outlet = citation.outlet or say("no_outlet", language)
    date = citation.date or say("undated", language)
    page = say("page", language, page=citation.page) if citation.page else None
    return (
        f'<li id="{place.id}-source-{number}">'
        f'<a class="source" href="#{place.anchor}/{number}" data-cite="{number}" data-turn="{place.turn}">'
        f'<span class="number">{number}</span> <bdi class="outlet">{escape(outlet)}</bdi>{DOT}'
        f"{facts(citation.title or citation.source, date, page)}</a>"
        f'<span class="peek" role="tooltip" id="{place.id}-peek-{number}" hidden>'
        f'<span class="from">{facts(outlet, date)}</span> <q dir="auto">{escape(citation.quote)}</q></span>'
        f"{''.join(_corrected(correction, language) for correction in corrections)}</li>"
    )


def _corrected(correction: Correction, language: Language) -> str:
    """What corrects a cited article: its words, which lead there, and whose they are."""
    words = f"«{correction.quote}»" if language == "ar" else f"“{correction.quote}”"
    whose = facts(correction.outlet or say("no_outlet", language), correction.title, correction.date)
    return (
        f'<a class="source corrected" {opens(correction)}>'
        f'<span class="note" dir="auto">{tell(correction.phrase, language, words=words)}</span> '
        f'<span class="from">{whose}</span></a>'
    )


def _timeline(answer: Answer, place: Place) -> str:
    """The evidence by the dates of its articles, the undated apart and in no order; where any is dated."""
    language = answer.language
    dated = sorted((one for one in answer.citations if one.date), key=lambda one: (one.date or "", one.number))
    if not dated:
        return ""
    moments = "".join(
        f'<li><time datetime="{date}">{date}</time>{_moment(one, answer, place)}</li>'
        for one in dated
        if (date := escape(one.date or ""))
    )
    undated = "".join(f"<li>{_moment(one, answer, place)}</li>" for one in answer.citations if not one.date)
    rest = f'<h4>{tell("undated_list", language)}</h4><ul class="undated">{undated}</ul>' if undated else ""
    return (
        f'<details class="timeline"><summary>{tell("timeline", language)}</summary><ol>{moments}</ol>{rest}</details>'
    )


def _moment(citation: Citation, answer: Answer, place: Place) -> str:
    outlet = escape(citation.outlet or say("no_outlet", answer.language))
    return (
        f'<span class="what"><bdi class="outlet">{outlet}</bdi> <span class="said" dir="auto">{escape(citation.quote)}'
        f"</span> {_plain_mark(answer, citation.number, place)}</span>"
    )


def _abstained(answer: Answer) -> str:
    language = answer.language
    head = f'<p class="frame abstention">{escape(answer.frame)}</p>'
    if not answer.coverage.closest:
        return head
    items = "".join(_near(citation, language) for citation in answer.coverage.closest)
    summary = tell("closest", language)
    return f'{head}<details class="closest"><summary>{summary}</summary><ul>{items}</ul></details>'


def _near(citation: Citation, language: Language) -> str:
    return (
        f'<li><a class="source" {opens(citation)}><span class="near" dir="auto">{escape(citation.quote)}</span> '
        f'<span class="from">{facts(citation.outlet or say("no_outlet", language), citation.title, citation.date)}'
        "</span></a></li>"
    )


def _coverage(answer: Answer) -> str:
    return f'<p class="coverage" dir="auto">{escape(" ".join(told_coverage(answer)))}</p>'


# What can be done with it


def _tools(answer: Answer, place: Place, rating: Rating) -> str:
    language = answer.language
    saved = "".join(
        f'<a href="dossiers/{escape(place.conversation)}/{place.turn}{ending}" download>{name}</a>'
        for name, ending in _FORMATS
    )
    return (
        f'<div class="tools"><details class="save"><summary>{tell("dossier_save", language)}</summary>'
        f'<span class="formats">{saved}</span></details>'
        f'<button type="button" class="link" data-link="#{escape(place.anchor)}">{tell("copy_link", language)}</button>'
        f"{_thumbs(rating, language)}</div>"
    )


def _thumbs(rating: Rating, language: Language) -> str:
    pressed = {value: str(rating.thumb == value).lower() for value in (1, -1)}
    buttons = "".join(
        f'<button type="button" class="thumb {kind}" data-thumb="{value}" aria-pressed="{pressed[value]}"'
        f' aria-label="{tell(name, language)}" title="{tell(name, language)}"></button>'
        for value, kind, name in ((1, "up", "thumb_up"), (-1, "down", "thumb_down"))
    )
    label, send = tell("thumb_why", language), tell("thumb_send", language)
    return (
        f'<span class="thumbs">{buttons}</span><form class="why" hidden><label>{label} '
        f'<input type="text" name="reason" dir="auto" maxlength="500" value="{escape(rating.reason)}"></label>'
        f'<button type="submit">{send}</button></form>'
    )
