"""Stories: texts that tell of the same event are one story, whoever tells it.

Two texts are held against each other by the words that few others have (TF-IDF, with the rarity of a word squared: it
is names, places and things that tell one event from the next), by what they mean, and by how many articles are as near
in time: where there are many, more must be shared. Where a text shares as many words with half a dozen others, that is
a topic or a formula, not an event, and counts for nothing. A text is compared with the few that share its most telling
words, however many there are.

What is alike is joined, the surest first. A story is held against another by the first texts of both, so that it does
not grow from one event to the next.
"""

import math
from bisect import bisect_left, bisect_right
from collections import Counter, OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shawahid.ingest.embedders.base import DEFAULT_EMBEDDER, Vectors
from shawahid.ingest.indexes.lexical import LexicalReader
from shawahid.ingest.store import catalogue, copy_groups, stories
from shawahid.ingest.store.database import Connection
from shawahid.ingest.text.common import COMMON
from shawahid.ingest.text.words import LONGEST_STEM, STOP_WORDS, stem, words_of_passage

SCHEME = "1"
"""Changed whenever stories come out otherwise for the same texts; they are then made anew."""

# How sure it is that two texts tell of one event, as logarithm of the odds: by logistic regression over half of the
# events of the invented articles. How sure is sure enough was set by two days of newspapers.
_WORDS: Final = 52.0  # of the cosine of their telling words
_CROWD: Final = 1.5  # of what each shares with others, taken off that
_MEANING: Final = 102.0  # of the cosine of what they mean
_RIVALS: Final = 1.94  # taken off, of the logarithm of how many articles are as near to them in time
_BASE: Final = -88.3
_MOST_MEANING: Final = 0.925  # more of it is a formula's
_USUAL_MEANING: Final = 0.905  # what the cosine is taken for where another embedder made it
_SURE: Final = 7.5
_SURE_OF_ALL: Final = 5.0  # of the first texts of two stories, on average
_SURELY: Final = 20.0  # near copies
_SURELY_NOT: Final = -10.0
_FEWEST_WORDS: Final = 0.06  # cosine of their telling words

_PLACE_OF_CROWD: Final = 5  # among those that share most words with a text, from 0
_USUAL_CROWD: Final = 0.045
_TELLING: Final = 120  # stems by which two texts are compared
_LOOKED_FOR: Final = 24  # stems by which others are looked for
_DEPTH: Final = 60  # passages that are found by them
_MOST_COMPARED: Final = 24  # texts
_FEWEST_UNDATED: Final = 500  # articles
_FIRST_TEXTS: Final = 3  # of a story, which others are held against
_BACKGROUND: Final = 500  # passages as common ones are, beside those of the library
_AT_ONCE: Final = 500  # texts in one transaction
_REMEMBERED: Final = 4_000  # texts, about 40 MB


@dataclass(frozen=True, slots=True)
class Profile:
    """What of a text is compared: its telling stems with their weights, its day, its meaning
    (None where cosines of this embedder say nothing to us) and its group of near copies."""

    weights: Mapping[str, float]
    day: date | None
    meaning: NDArray[np.float32] | None
    group: int

    def words_shared(self, other: "Profile") -> float:
        """The cosine of the telling words of two texts."""
        fewer, more = sorted((self.weights, other.weights), key=len)
        return sum(weight * more[term] for term, weight in fewer.items() if term in more)


class Days:
    """How many articles are of each day."""

    def __init__(self, counts: Mapping[str | None, int]) -> None:
        self._total = sum(counts.values())
        dated = sorted((day.toordinal(), count) for told, count in counts.items() if (day := day_of(told)))
        self._days = [day for day, _ in dated]
        self._before = [0, *accumulate(count for _, count in dated)]

    def rivals(self, first: date | None, second: date | None) -> float:
        """How many articles are as near to either day as these two are to each other.

        Where one is not known: all, and at least so many that a small library of one topic is not one event.
        """
        if not first or not second:
            return max(_FEWEST_UNDATED, self._total)
        apart = abs((first - second).days)
        return max(1.0, (self._within(first, apart) + self._within(second, apart)) / 2)

    def _within(self, day: date, apart: int) -> int:
        middle = day.toordinal()
        last, first = bisect_right(self._days, middle + apart), bisect_left(self._days, middle - apart)
        return self._before[last] - self._before[first]


def sureness(first: Profile, second: Profile, crowd: float, rivals: float) -> float:
    """How sure it is that two texts tell of one event; `crowd` is what they share with texts of others, on average,
    `rivals` how many articles are as near in time."""
    if first.group == second.group:
        return _SURELY
    shared = first.words_shared(second)
    if shared < _FEWEST_WORDS:
        return _SURELY_NOT
    meaning = _USUAL_MEANING
    if first.meaning is not None and second.meaning is not None:
        meaning = min(_MOST_MEANING, float(first.meaning @ second.meaning))
    telling = shared - _CROWD * max(0.0, crowd - _USUAL_CROWD)
    return min(_SURELY, _WORDS * telling + _MEANING * meaning - _RIVALS * math.log(rivals) + _BASE)


class Joining:
    """Puts texts into stories; what it has read of texts is remembered meanwhile."""

    def __init__(self, words: LexicalReader, embedder: str) -> None:
        self._words = words
        self._by_meaning = embedder == DEFAULT_EMBEDDER
        self._profiles: OrderedDict[int, Profile] = OrderedDict()
        self._days: Days | None = None

    def join_next(self, db: Connection, after: int) -> int | None:
        """Put the next of the embedded texts beyond number `after` that have no story yet into one, inside a
        transaction; returns the last of these, None where there was none."""
        waiting = stories.waiting_texts(db, after, _AT_ONCE)
        if not waiting:
            return None
        batch = _Batch(db, self, waiting)
        for _, text_id, other in sorted(batch.alike(), reverse=True):
            batch.join(text_id, other)
        batch.store()
        return waiting[-1]

    def candidates(self, db: Connection, text_id: int) -> list[int]:
        """The other texts that share most of a text's most telling stems."""
        weights = self.profile(db, text_id).weights
        telling = sorted(weights, key=lambda term: (-weights[term], term))[:_LOOKED_FOR]
        found = self._words.search_terms([_term(term) for term in telling], _DEPTH)
        passages = catalogue.get_passages(db, found)
        near = dict.fromkeys(passages[id_].text_id for id_ in sorted(found, key=lambda id_: (-found[id_], id_)))
        near.pop(text_id, None)
        return list(near)[:_MOST_COMPARED]

    def days(self, db: Connection) -> Days:
        if self._days is None:
            self._days = Days(stories.articles_by_date(db))
        return self._days

    def profile(self, db: Connection, text_id: int) -> Profile:
        if text_id not in self._profiles:
            self._profiles[text_id] = self._read(db, text_id)
            if len(self._profiles) > _REMEMBERED:
                self._profiles.popitem(last=False)
        self._profiles.move_to_end(text_id)
        return self._profiles[text_id]

    def _read(self, db: Connection, text_id: int) -> Profile:
        text = catalogue.text_as_stored(db, text_id)
        passages = [text[passage.start : passage.end] for passage in catalogue.passages_of_text(db, text_id)]
        day = day_of(stories.first_dates(db, [text_id]).get(text_id))
        group = copy_groups.groups_of(db, [text_id])[text_id]
        meaning = _mean(stories.vectors_of_text(db, text_id)) if self._by_meaning else None
        return Profile(self._weights(passages), day, meaning, group)

    def _weights(self, passages: Iterable[str]) -> dict[str, float]:
        """The most telling stems that others have too: how often each stands there, times its rarity squared.

        With those that nobody else has they are together of length 1.
        """
        times = Counter(stem(word) for passage in passages for word in words_of_passage(passage) if _telling(word))
        every, within = self._words.document_frequencies(_term(one) for one in times)
        weights = {}
        for one, often in times.items():
            common = within[_term(one)] + _BACKGROUND * COMMON.get(one, 0.0)
            rarity = math.log((every + _BACKGROUND) / max(1.0, common))
            weights[one] = math.sqrt(often) * max(0.0, rarity) ** 2
        length = math.sqrt(sum(weight**2 for weight in weights.values())) or 1.0
        shared = [one for one in weights if within[_term(one)] > 1]
        most = sorted(shared, key=lambda one: (-weights[one], one))[:_TELLING]
        return {one: weights[one] / length for one in most}


class _Batch:
    """Some texts, while they are put into stories together."""

    def __init__(self, db: Connection, joining: Joining, waiting: Sequence[int]) -> None:
        self._db = db
        self._joining = joining
        self._waiting = waiting
        self._days = joining.days(db)
        self._near = {id_: joining.candidates(db, id_) for id_ in waiting}
        known = stories.stored(db, {other for near in self._near.values() for other in near})
        self._crowds = {id_: crowd for id_, (_, crowd) in known.items()}
        self._crowds |= {id_: self._crowd(id_) for id_ in waiting}
        self._story = {id_: story for id_, (story, _) in known.items()} | {id_: id_ for id_ in waiting}
        self._first = {id_: [id_] for id_ in waiting}
        self._renamed: dict[int, int] = {}

    def _crowd(self, text_id: int) -> int:
        """How many words a text shares with texts of other events, as a cosine in thousandths; copies count once."""
        own = self._profile(text_id)
        shared: dict[int, float] = {}
        for profile in map(self._profile, self._near[text_id]):
            if profile.group != own.group:
                shared[profile.group] = max(shared.get(profile.group, 0.0), own.words_shared(profile))
        return round(1000 * max([_USUAL_CROWD, *sorted(shared.values(), reverse=True)[_PLACE_OF_CROWD:]]))

    def alike(self) -> Iterator[tuple[float, int, int]]:
        """(how sure, text, other) of texts that seem to tell of one event; others that wait still have their turn."""
        for text_id, near in self._near.items():
            for other in near:
                if other in self._crowds and (sure := self._sureness(text_id, other)) >= _SURE:
                    yield sure, text_id, other

    def join(self, text_id: int, other: int) -> None:
        """Make one story of those of two texts, if the first texts of both agree with it."""
        one, two = self._story_of(text_id), self._story_of(other)
        if one == two:
            return
        crossing = [self._sureness(left, right) for left in self._first_of(one) for right in self._first_of(two)]
        if sum(crossing) >= _SURE_OF_ALL * len(crossing):
            to, gone = min(one, two), max(one, two)
            self._first[to] = sorted(self._first_of(to) + self._first_of(gone))[:_FIRST_TEXTS]
            self._renamed[gone] = to

    def store(self) -> None:
        for gone in self._renamed:
            stories.rename_story(self._db, gone, self._named(gone))
        for text_id in self._waiting:
            stories.put_story(self._db, text_id, self._named(text_id), self._crowds[text_id])

    def _profile(self, text_id: int) -> Profile:
        return self._joining.profile(self._db, text_id)

    def _sureness(self, text_id: int, other: int) -> float:
        crowd = (self._crowds[text_id] + self._crowds[other]) / 2000
        own, others = self._profile(text_id), self._profile(other)
        return sureness(own, others, crowd, self._days.rivals(own.day, others.day))

    def _story_of(self, text_id: int) -> int:
        return self._named(self._story[text_id])

    def _named(self, story: int) -> int:
        """What a story goes by now."""
        while story in self._renamed:
            story = self._renamed[story]
        return story

    def _first_of(self, story: int) -> list[int]:
        if story not in self._first:
            self._first[story] = stories.first_texts(self._db, story, _FIRST_TEXTS)
            missing = [id_ for id_ in self._first[story] if id_ not in self._crowds]
            self._crowds |= {id_: crowd for id_, (_, crowd) in stories.stored(self._db, missing).items()}
        return self._first[story]


def _telling(word: str) -> bool:
    return word not in STOP_WORDS


def _term(one: str) -> str:
    """A stem as the lexical index has it."""
    return f"={one[:LONGEST_STEM]}"


def _mean(vectors: Vectors) -> NDArray[np.float32] | None:
    if not len(vectors):
        return None
    mean = vectors.mean(axis=0)
    return np.asarray(mean / (np.linalg.norm(mean) or 1.0), dtype=np.float32)


def day_of(told: str | None) -> date | None:
    """A date that is known to the day."""
    try:
        return date.fromisoformat(told) if told else None
    except ValueError:
        return None


# in the database


def forget(db: Connection, text_ids: Collection[int]) -> None:
    """Have these texts, and all of their stories, put into stories again: they are removed or were changed."""
    stories.dissolve(db, text_ids)


def forget_articles(db: Connection, article_ids: Collection[int]) -> None:
    """The same for the texts of articles."""
    stories.dissolve(db, stories.texts_of_articles(db, article_ids))


def forget_all(db: Connection) -> None:
    """Have all stories made anew."""
    stories.dissolve_all(db)
    catalogue.set_meta(db, "stories", SCHEME)


def up_to_date(db: Connection) -> bool:
    """Whether the stories were made by this scheme; those of an older program are made anew."""
    return catalogue.get_meta(db, "stories") == SCHEME


def problems(db: Connection) -> Iterator[str]:
    """What is wrong with the stories."""
    for story, first in stories.misnamed(db).items() if stories.exist(db) else ():
        yield f"story {story} does not go by its first text, {first}. Make the stories anew with: shawahid rebuild"
