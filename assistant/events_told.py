"""What is told of events: the news with each event once, and the timeline of one event."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from shawahid.assistant.excerpt import Excerpt
from shawahid.assistant.gather import gather
from shawahid.assistant.language.times.find import find_times
from shawahid.assistant.search.event import far_apart
from shawahid.assistant.search.own_words import parts, sentences
from shawahid.assistant.search.question import Question
from shawahid.ingest.library import Library
from shawahid.ingest.stories import dated_texts, stories_of, texts_of_stories
from shawahid.ingest.types import Article, Filters

from .types import Plan

_ACCOUNTS: Final = 2  # of one event among the news
_MOST_READ: Final = 5_000  # articles that the news are told from
_MOST_MOMENTS: Final = 20
_MOST_OF_A_DAY: Final = 3
_MOST_OTHERS: Final = 2
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Timeline:
    """One event in order of time: the `title` of the article that was found first, its dated sentences, and behind them
    the `undated` ones, which are so many. `others` are events that were found too, by (title, date or "")."""

    title: str
    excerpts: tuple[Excerpt, ...]
    undated: int
    others: tuple[tuple[str, str], ...]


def leading(library: Library, ids: Sequence[int], most: int) -> list[int]:
    """Of articles in order, the newest first: one of each independent account of an event, at most two of one event.

    Of one day's events, that of which most accounts tell comes first.
    """
    known = dated_texts(library, ids[:_MOST_READ])
    texts = {text_id for text_id, _ in known.values()}
    groups, story_of = library.group_of(texts), stories_of(library, texts)
    events: dict[int, dict[int, int]] = {}  # of each event, its accounts by group, each with its first article
    for id_ in ids[:_MOST_READ]:
        if id_ in known:
            text_id, _ = known[id_]
            group = groups[text_id]
            events.setdefault(story_of.get(text_id, group), {}).setdefault(group, id_)
    told = [list(accounts.values()) for accounts in events.values()]
    told.sort(key=lambda accounts: len(accounts), reverse=True)
    told.sort(key=lambda accounts: known[accounts[0]][1] or "", reverse=True)
    return [id_ for accounts in told for id_ in accounts[:_ACCOUNTS]][:most]


def timeline(library: Library, question: Question, filters: Filters, plan: Plan) -> Timeline | None:
    """The timeline of the event that a question of this plan is about; None where the articles don't answer it."""
    found = [item.article for item in gather(library, question, filters, plan, for_model=False).chosen]
    if not found:
        return None
    story_of = stories_of(library, {article.text_id for article in found})
    told = [story_of.get(article.text_id, -article.text_id) for article in found]
    texts = texts_of_stories(library, told[:1]).get(told[0]) or [found[0].text_id]
    moments = _distinct(moment for article in _articles(library, texts, filters) for moment in _moments(article))
    dated = sorted((moment for moment in moments if moment.day), key=lambda moment: moment.day)
    undated = [moment for moment in moments if not moment.day]
    others: dict[int, Article] = {}
    for article, story in zip(found, told, strict=True):
        if story != told[0] and far_apart(article, found[0]):
            others.setdefault(story, article)
    return Timeline(
        _title(found[0]),
        tuple(moment.excerpt for moment in (*dated, *undated)),
        len(undated),
        tuple((_title(one), one.metadata.date or "") for one in list(others.values())[:_MOST_OTHERS]),
    )


@dataclass(frozen=True, slots=True)
class _Moment:
    """A sentence with its day (ISO 8601), "" where that is not known. `lead`: it begins its article."""

    day: str
    excerpt: Excerpt
    lead: bool


def _articles(library: Library, texts: Sequence[int], filters: Filters) -> list[Article]:
    """One article of each independent account."""
    having = library.articles_of_texts(texts, filters)
    groups = library.group_of(having)
    once = {groups[text_id]: having[text_id][0] for text_id in sorted(having, reverse=True)}
    return [library.article(id_) for id_ in sorted(once.values())]


def _moments(article: Article) -> Iterator[_Moment]:
    """The first sentence, which is of the article's day where it names none, and those that name a day."""
    published = article.metadata.date
    for place, sentence in enumerate(sentences(article)):
        for number, part in enumerate(parts(article, sentence)):
            excerpt = Excerpt(article, part)
            days = [_DAY.match(one.value) for one in find_times(excerpt.text, published)]
            day = next((found[0] for found in days if found), "")
            lead = not place and not number
            if day or lead:
                yield _Moment(day or published or "", excerpt, lead)


def _distinct(moments: Iterator[_Moment]) -> list[_Moment]:
    """The same words once; of one day the beginnings of articles first, and of all days not too many."""
    once: dict[str, _Moment] = {}
    for moment in moments:
        once.setdefault(moment.excerpt.text, moment)
    of_day: dict[str, int] = {}
    taken: list[_Moment] = []
    for moment in sorted(once.values(), key=lambda moment: not moment.lead):
        of_day[moment.day] = of_day.get(moment.day, 0) + 1
        if of_day[moment.day] <= _MOST_OF_A_DAY and len(taken) < _MOST_MOMENTS:
            taken.append(moment)
    return taken


def _title(article: Article) -> str:
    return article.metadata.title or article.name
