"""The plan of a question: its constraints, held against the library, and whether the library's own data answer it."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from shawahid.assistant.language.lexicon import concepts
from shawahid.assistant.search.question import Question
from shawahid.assistant.types import Constraint, ConstraintKind, Plan, Wanted
from shawahid.ingest.text.words import STOP_WORDS

from .articles import ArticleMeant, article_meant
from .authors import AuthorMeant, author_meant
from .comparing import comparing
from .facts import Facts
from .outlets import OutletMeant, outlets_compared, outlets_meant
from .said import HIDDEN, Found, Said
from .saying import said_asked
from .when import When, times_of
from .wordings import (
    ARTICLE_WORDS,
    ARTICLES,
    ASKING,
    BEGAN_AND_THEN,
    COUNT,
    EVENTS,
    EVERY,
    LIBRARY,
    LIST_ARTICLES,
    LISTING,
    MENTIONED,
    MENTIONING,
    NAMED,
    NUMBER_WORDS,
    PUBLISHED,
    SUMMARY,
    TIMELINE,
    WRITING,
    bare,
)

Way = Literal["passages", "articles", "count", "news", "article", "items", "timeline", "no_author", "no_article"]
"""What answers: passages that are searched for, or one of the ways of the library's data. "no_author" and "no_article"
are asked for by a name or a number that no article has."""

_BEFORE_TIMES = frozenset("from of in on for during the over في من ل يوم خلال عام سنه شهر تاريخ بتاريخ".split())
_BEFORE_NAMES = frozenset(
    "according to in from per by as reported told بحسب حسب وفق وفقا نقلا استنادا في من عن ل الي".split()
)
_ABOUT = frozenset("about on regarding concerning عن حول بشان بخصوص".split())
_GENERIC = ASKING | EVENTS | ARTICLES | PUBLISHED | LIBRARY | WRITING | SUMMARY
ITEM_KINDS = frozenset({"office", "body"})
"""The kinds of words of the lexicon that are listed one by one."""
_FEW_TOPICAL = 2
_MOST_OF_A_NOUN = 2  # words


@dataclass(frozen=True, slots=True)
class Read:
    """A question as it was understood: its plan, the way it is answered, the folded words of its `topic` where these
    are to stand in the articles, and the `name` that no article has. `search` is what passages are searched for, where
    the constraints have taken their words out of the question."""

    plan: Plan
    way: Way = "passages"
    topic: tuple[str, ...] = ()
    name: str = ""
    search: str = ""


def read_plan(question: Question, facts: Facts, today: date, unconstrained: Collection[ConstraintKind] = ()) -> Read:
    """How a question is understood. `today` is the day that "yesterday" is counted from; what is named of the kinds
    `unconstrained` narrows nothing."""
    return _Reading(question, facts, today, frozenset(unconstrained)).read()


class _Reading:
    """One question, while it is read."""

    def __init__(self, question: Question, facts: Facts, today: date, unconstrained: frozenset[ConstraintKind]) -> None:
        self.question = question
        self.facts = facts
        self.said = said = Said(question.text)
        self.today = today
        self.unconstrained = unconstrained
        self.times: list[When] = [] if "time" in unconstrained else times_of(said, today)
        self.outlets: list[OutletMeant] = [] if "outlet" in unconstrained else outlets_meant(said, facts)
        taken = _places(self.times, self.outlets)
        self.author = None if "author" in unconstrained else author_meant(said, facts, taken)
        self.article = None if "article" in unconstrained else article_meant(said, facts)

    def read(self) -> Read:
        ways = (
            self._timeline,
            self._one_article,
            self._comparison,
            self._by_author,
            self._count,
            self._articles,
            self._news,
            self._items,
        )
        for reading in ways:
            if read := reading():
                return read
        return self._plan("passages", self._usual(), outlets=self._sure_outlets(), times=self._narrowing_times())

    # the ways, the surest first

    def _one_article(self) -> Read | None:
        article = self.article
        if article is None:
            return None
        rest = self._rest([article.found])
        whole = all(bare(word, ASKING | SUMMARY | ARTICLE_WORDS | NUMBER_WORDS) for word in rest)
        if whole and not article.legal:
            way: Way = "article" if article.row else "no_article"
            return self._plan(way, "article", article=article, name=article.words)
        if article.row and article.told_of and not article.legal:
            return self._plan("passages", self._usual(), article=article, outlets=self._sure_outlets())
        return self._plan("passages", self._usual(), outlets=self._sure_outlets(), times=self._narrowing_times())

    def _timeline(self) -> Read | None:
        """One event in order of time."""
        named = next((found for _, found in self.said.finditer(TIMELINE)), None)
        if named is None and not BEGAN_AND_THEN.search(self.said.line):
            return None
        outlets = self._sure_outlets()
        covered = [*([named] if named else []), *_places(outlets)]
        if all(bare(word, _GENERIC | _ABOUT) for word in self._rest(covered)):
            return None
        read = self._plan("timeline", "timeline", outlets=outlets)
        return replace(read, search=self._search(covered) if covered else "")

    def _comparison(self) -> Read | None:
        """What several outlets say of one thing; of two that are named, of these alone."""
        compared = [] if "outlet" in self.unconstrained else outlets_compared(self.said, self.facts)
        asked = comparing(self.said, compared)
        if not asked:
            return None
        topical = [word for word in self._rest([*asked, *_places(compared, self.times)]) if not bare(word, _GENERIC)]
        if not topical:
            return None
        self.outlets = compared
        applied = compared if len(compared) > 1 else []
        return self._plan("passages", "comparison", outlets=applied, times=self._narrowing_times(asked), without=asked)

    def _by_author(self) -> Read | None:
        author = self.author
        if author is None or not author.sure:
            return None
        outlets = self._sure_outlets()
        counted = next((found for _, found in self.said.finditer(COUNT)), None)
        lead = self._words_outside(range(author.place.first), [counted] if counted else [])
        before = [word for word in lead if not bare(word, _GENERIC)]
        rest = self._rest([author.place, *([counted] if counted else []), *_places(outlets, self.times)])
        after = self.said.words[author.place.last :]
        topical = [word for word in rest if not bare(word, _GENERIC)]
        told = bool(after) and bare(after[0], MENTIONING)
        if before or (topical and not told):
            return None
        if not author.spellings:
            return self._plan("no_author", "list", name=author.name)
        times = self._narrowing_times() if topical else self.times
        if counted:
            topic = self._topic([author.place, counted, *_places(outlets, times)])
            return self._plan("count", "count", author=author, outlets=outlets, times=times, topic=topic)
        way: Way = "passages" if topical else "articles"
        wanted: Wanted = self._usual() if topical else "list"
        return self._plan(way, wanted, author=author, outlets=outlets, times=times)

    def _count(self) -> Read | None:
        found = self._head(COUNT)
        if found is None:
            return None
        outlets = self._sure_outlets()
        times = self._narrowing_times([found])
        rest = self._rest([found, *_places(outlets, times)])
        mentions = [place for place, word in enumerate(rest) if bare(word, MENTIONING)]
        topic = self._topic([found, *_places(outlets, times)])
        if topic and not (mentions and mentions[0] < len(rest) - 1):
            return None
        return self._plan("count", "count", outlets=outlets, times=times, topic=topic)

    def _articles(self) -> Read | None:
        """A list of the articles that are about something, of an outlet, or of a time."""
        found = self._head(LIST_ARTICLES)
        outlets = self._sure_outlets()
        if found is None:
            return self._of_outlet(outlets) if outlets else None
        times = self._narrowing_times([found])
        covered = [found, *_places(outlets, times)]
        topic, rest = self._topic(covered), self._rest(covered)
        mentions = any(bare(word, MENTIONING) for word in rest)
        if (topic and not mentions) or not (topic or outlets or times):
            return self._of_outlet(outlets) if outlets and not topic else None
        news = not outlets and not topic
        way: Way = "news" if news else "articles"
        return self._plan(way, "latest" if news else "list", outlets=outlets, times=times, topic=topic)

    def _of_outlet(self, outlets: Sequence[OutletMeant]) -> Read | None:
        rest = self._rest(_places(outlets, self.times))
        if all(bare(word, _GENERIC) for word in rest):
            return self._plan("articles", "list", outlets=outlets, times=self.times)
        return None

    def _news(self) -> Read | None:
        rest = self._rest([one.found for one in self.times])
        asked = any(bare(word, EVENTS | SUMMARY) for word in rest)
        if self.times and asked and all(bare(word, _GENERIC) for word in rest):
            return self._plan("news", "latest", times=self.times)
        return None

    def _items(self) -> Read | None:
        rest = self._rest([one.found for one in self.outlets if one.sure])
        first = self.said.words[0]
        asked = bare(first, LISTING) or bare(first, EVERY)
        every = any(bare(word, EVERY) for word in rest) or any(bare(word, NAMED) for word in rest)
        every = every or first == "قايمه"
        nouns = tuple(word for word in rest if not bare(word, ASKING | EVERY | MENTIONED | LIBRARY))
        one = {"هو", "هي"} & set(rest) or re.search(r"\b(?:who|what) (?:is|was)\b", self.said.line)
        if not (asked and every) or one or not 1 <= len(nouns) <= _MOST_OF_A_NOUN:
            return None
        known = any(concept.kind in ITEM_KINDS for concept in concepts(nouns[0]))
        return self._plan("items" if known else "passages", "list", outlets=self._sure_outlets(), topic=nouns)

    # what the ways share

    def _head(self, pattern: re.Pattern[str]) -> Found | None:
        """Where a question begins with such words, but for words of asking."""
        for _, found in self.said.finditer(pattern):
            before = self._words_outside(range(found.first), _places(self.times, self.outlets))
            if all(bare(word, ASKING | SUMMARY) or word == "s" for word in before):
                return found
        return None

    def _words_outside(self, places: Iterable[int], taken: Iterable[Found]) -> list[str]:
        covered = {place for found in taken for place in range(found.first, found.last)}
        return [self.said.words[place] for place in places if place not in covered]

    def _rest(self, taken: Iterable[Found]) -> list[str]:
        """The words that none of these holds; what is between quotation marks is one of them."""
        return self._words_outside(range(len(self.said.words)), taken)

    def _topic(self, taken: Iterable[Found]) -> tuple[str, ...]:
        """What the articles are to be about: the folded words that say more than how they are asked for."""
        covered = {place for found in taken for place in range(found.first, found.last)}
        every = self.said.located
        hidden = [place for place, word in enumerate(self.said.words) if word == HIDDEN and place not in covered]
        open_ = [
            place
            for place, word in enumerate(self.said.words)
            if place not in covered
            and word != HIDDEN
            and not bare(word, ASKING | MENTIONING | PUBLISHED | LIBRARY | WRITING)
        ]
        return tuple(every[place][0] for place in sorted((*hidden, *open_)))

    def _sure_outlets(self) -> list[OutletMeant]:
        return [one for one in self.outlets if one.sure]

    def _narrowing_times(self, head: Sequence[Found] = ()) -> list[When]:
        """The times that say of when the articles are, not when something happened that is asked about."""
        covered = [*head, *_places(self.times, self.outlets)]
        topical = [word for word in self._rest(covered) if not bare(word, _GENERIC | MENTIONING)]
        return [when for when in self.times if self._narrows(when, topical)]

    def _narrows(self, when: When, topical: Sequence[str]) -> bool:
        words, found = self.said.words, when.found
        if not topical:
            return any(bare(word, EVENTS | ARTICLES | PUBLISHED) for word in self._rest([found]))
        place = found.first - 1
        while place >= 0 and words[place] in _BEFORE_TIMES:
            place -= 1
        if place >= 0 and bare(words[place], ARTICLES | PUBLISHED):
            return True
        after = [word for word in words[found.last : found.last + 2] if word != "s"]
        if after and bare(after[0], ARTICLES):
            return True
        asked = next((word for word in words if not bare(word, ASKING - ARTICLES)), "")
        at_end = found.last == len(words)
        return when.relative and at_end and bare(asked, ARTICLES) and len(topical) <= _FEW_TOPICAL

    def _usual(self) -> Wanted:
        """What a question wants that passages answer."""
        line = self.said.line
        if any(
            bare(word, frozenset({"summarise", "summarize", "summary", "لخص", "ملخص", "تلخيص"}))
            for word in self.said.words[:4]
        ):
            return "summary"
        if self.question.claim:
            return "yes_no"
        if said_asked(self.question.text):
            return "said"
        if re.match(r"(?:من (?:هو|هي|هم)|who (?:is|are|was)) ", line):
            return "person"
        return "latest" if self.question.latest else "fact"

    def _plan(
        self,
        way: Way,
        wanted: Wanted,
        *,
        times: Sequence[When] = (),
        outlets: Sequence[OutletMeant] = (),
        author: AuthorMeant | None = None,
        article: ArticleMeant | None = None,
        topic: tuple[str, ...] = (),
        name: str = "",
        without: Sequence[Found] = (),
    ) -> Read:
        """The plan with these constraints applied, and what else is named offered; `without` are words that are not
        searched for."""
        named = [
            *(
                self._constraint("time", one.found, one.value, one in times)
                for one in self.times
                if one in times or self.facts.has_dated(one.since, one.until)
            ),
            *(
                self._constraint("outlet", one.found, spelling, one in outlets)
                for one in self.outlets
                for spelling in one.spellings
            ),
        ]
        if self.author:
            named += [
                self._constraint("author", self.author.found, spelling, self.author is author)
                for spelling in self.author.spellings
            ]
        if self.article and self.article.row:
            value = str(self.article.row.id)
            named.append(Constraint("article", self.article.words, value, self.article is article))
        taken = [*without, *_places(times, outlets), *(one.found for one in (author, article) if one)]
        search = self._search(taken) if way == "passages" and taken else ""
        return Read(Plan(wanted, self.today.isoformat(), tuple(named)), way, topic, name, search)

    def _search(self, taken: Sequence[Found]) -> str:
        """The question without what has narrowed it, which no article says of itself: from "about …" on, where what is
        before only asks for articles."""
        words = self.said.words
        covered = {place for found in taken for place in range(found.first, found.last)}
        for found in taken:
            place = found.first - 1
            while place >= 0 and bare(words[place], _BEFORE_NAMES):
                covered.add(place)
                place -= 1
        kept = [place for place in range(len(words)) if place not in covered]
        about = next((n for n, place in enumerate(kept) if bare(words[place], _ABOUT)), None)
        if about is not None and all(bare(words[place], _GENERIC) for place in kept[:about]):
            kept = kept[about:]
        topical = any(words[place] not in STOP_WORDS and words[place] != HIDDEN for place in kept)
        return " ".join(self.said.typed(Found(place, place + 1)) for place in kept) if topical else ""

    def _constraint(self, kind: ConstraintKind, found: Found, value: str, applied: bool) -> Constraint:
        return Constraint(kind, self.said.typed(found), value, applied)


def _places(*named: Sequence[When] | Sequence[OutletMeant]) -> list[Found]:
    """Where these stand in the question."""
    return [one.found for some in named for one in some]
