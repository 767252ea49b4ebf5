"""Corrections: which of the articles in a library a notice means.

It must refer to the article: by its address, by its title, or by being nearly the same text. The same outlet is
expected, unless the notice gives an address, or the title and the outlet's name. Where it cannot be told which of
several is meant, none is.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import pairwise
from typing import Final

from shawahid.ingest.files.dates import MONTHS
from shawahid.ingest.text.sentences import sentence_spans
from shawahid.ingest.text.words import fold, words
from shawahid.ingest.types import Article, CorrectionKind, Span

from .notices import Notice, Title, plain_url, read_notices, saying, telling, telling_words, titles_of

_ALIKE: Final = 0.8  # of the words of two titles
_MENTIONED: Final = 0.75  # of a title's words
_FEWEST: Final = 4  # words of a title that is not quoted
_FEWEST_QUOTED: Final = 3  # words of one that is
_LONGEST_MENTION: Final = 120  # words of a notice; a longer one has the words of many titles
_REACH: Final = 3  # words
_KEPT: Final = 0.6  # of the older text's shingles
_SHINGLE: Final = 3  # words
_COMPARED_WORDS: Final = 1_500  # the first of each text
_FEWEST_SHINGLES: Final = 12  # of a text that is compared
_COMPARED: Final = 8  # texts
_MOST_MEANT: Final = 3  # articles that one notice may mean
_WHOLE: Final = 100  # a whole title or address: it comes before any number of pairs
# What outlets are called besides their own names; folded.
_KIND_OF_OUTLET = frozenset(
    telling("صحيفة جريدة مجلة وكالة أنباء الأنباء موقع قناة شبكة إذاعة بوابة newspaper news agency magazine website")
)

Handles = dict[int, int]
"""Keys of what an article can be called by, each with its weight."""


@dataclass(frozen=True)
class Known:
    """An article with what is asked of it here, each thing found when it is first asked for."""

    article: Article

    @cached_property
    def house(self) -> str:
        """Who publishes it: the outlet, or else the host of its address; nothing where neither is known."""
        outlet, url = self.article.metadata.outlet, self.article.metadata.url
        return " ".join(words(outlet)) if outlet else plain_url(url).split("/")[0] if url else ""

    @cached_property
    def url(self) -> str:
        return plain_url(self.article.metadata.url or "")

    @cached_property
    def titles(self) -> tuple[Title, ...]:
        return titles_of(self.article)

    @cached_property
    def notices(self) -> list[Notice]:
        return read_notices(self.article)

    @cached_property
    def shingles(self) -> frozenset[tuple[str, ...]]:
        """Runs of words, which two versions of a text have in common."""
        every = words(self.article.text)[:_COMPARED_WORDS]
        return frozenset(tuple(every[start : start + _SHINGLE]) for start in range(len(every) - _SHINGLE + 1))

    def called(self) -> Handles:
        """What a notice elsewhere can call it by."""
        return _handles([self.url], self.titles, self.titles, self.house, reach=1)

    def calls(self) -> Handles:
        """What its notices call the articles that they are about; by its own titles, another version of itself."""
        if not self.notices:
            return {}
        titles = [title for notice in self.notices for title in (*notice.quoted, notice.rest)]
        mentions = [telling_words(notice.said) for notice in self.notices if len(notice.said) <= _LONGEST_MENTION]
        urls = [url for notice in self.notices for url in notice.urls if url != self.url]
        return _handles(urls, titles, [*titles, *mentions, *self.titles], self.house, reach=_REACH)


@dataclass(frozen=True, slots=True)
class Link:
    """What an article does to another, and where it says so."""

    corrects: int
    kind: CorrectionKind
    span: Span


def _handles(
    urls: Iterable[str], titles: Iterable[Title], pieces: Iterable[Title], house: str, *, reach: int
) -> Handles:
    """Whole addresses and titles tell by themselves; pairs of words of a title only together, and in one outlet.

    `reach` is how far from each other the words of a pair may stand: where a title is only spoken of, others come
    between.
    """
    found: Handles = {}
    if house:
        pairs = (
            pair for piece in pieces for step in range(1, reach + 1) for pair in zip(piece, piece[step:], strict=False)
        )
        found |= {_key("pair", house, *sorted(pair)): 1 for pair in pairs}
    found |= {_key("title", *title): _WHOLE for title in titles if len(title) >= _FEWEST_QUOTED}
    return found | {_key("url", url): _WHOLE for url in urls if url}


def _key(*parts: str) -> int:
    return int.from_bytes(blake2b("\0".join(parts).encode(), digest_size=8).digest(), signed=True)


def find_links(known: Known, candidates: Sequence[Known]) -> list[Link]:
    """The articles that the notices of one mean, of those that may be meant."""
    older = [one for one in candidates if one.article.text_id != known.article.text_id and not _later(one, known)]
    found: dict[int, Link] = {}
    for notice in known.notices:
        for one in _meant(notice, known, older):
            span = notice.span or _changed_sentence(known.article, one.article)
            found.setdefault(one.article.id, Link(one.article.id, notice.kind, span))
    return list(found.values())


def _later(one: Known, other: Known) -> bool:
    """Whether an article is dated after another, as exactly as both are dated."""
    mine, theirs = one.article.metadata.date, other.article.metadata.date
    return bool(mine and theirs) and str(mine)[: len(str(theirs))] > str(theirs)[: len(str(mine))]


def _meant(notice: Notice, known: Known, older: Sequence[Known]) -> list[Known]:
    """The articles that one notice means, by the surest of what it says of them."""
    home = [one for one in older if one.house and one.house == known.house]
    linked = [one for one in older if one.url and one.url in notice.urls]
    quoted = [one for title in notice.quoted for one in _titled(title, notice, known, older)]
    if named := [*(one for one in linked if one in home), *quoted] or linked:
        return named
    if notice.kind != "update" and (titled := _titled(notice.rest, notice, known, home)):
        return titled
    if versions := [one for one in home[:_COMPARED] if _is_version(known, one)]:
        return versions
    return _mentioned(notice, known, home)


def _titled(title: Title, notice: Notice, known: Known, among: Sequence[Known]) -> list[Known]:
    """The articles with a title: the very same, or in the same outlet nearly the same."""
    scores = [(max((_alike(title, other) for other in one.titles), default=0.0), one) for one in among]
    fitting = [(score, one) for score, one in scores if score and _may_be_meant(score, title, one, notice, known)]
    best = max((score for score, _ in fitting), default=0.0)
    return _narrowed(notice, known, [one for score, one in fitting if score == best])


def _may_be_meant(score: float, title: Title, one: Known, notice: Notice, known: Known) -> bool:
    if one.house and one.house == known.house:
        return score >= _ALIKE
    if score < 1:
        return False
    if not one.house or not known.house:
        return len(title) >= _FEWEST
    return _names_outlet(notice, one.article.metadata.outlet or "")


def _alike(title: Title, other: Title) -> float:
    """How much of the words of two titles is the same; 0 where they are too few to tell."""
    if min(len(title), len(other)) < _FEWEST_QUOTED:
        return 0.0
    return len(set(title) & set(other)) / max(len(set(title)), len(set(other)))


def _names_outlet(notice: Notice, outlet: str) -> bool:
    own = set(telling(re.sub(r"\(.{0,200}?\)", " ", outlet))) - _KIND_OF_OUTLET
    return bool(own) and own <= set(telling_words(notice.said))


def _is_version(known: Known, older: Known) -> bool:
    """Whether most of an older text stands in a text too. Of two that both announce, the older must be dated so."""
    if older.notices and not _later(known, older):
        return False
    kept = len(known.shingles & older.shingles)
    return kept >= max(_FEWEST_SHINGLES, _KEPT * len(older.shingles))


def _mentioned(notice: Notice, known: Known, home: Sequence[Known]) -> list[Known]:
    """The article of which most of the title's words are said where the notice speaks of an article."""
    if not notice.speaks or len(notice.said) > _LONGEST_MENTION:
        return []
    said = set(telling_words(notice.said))
    scores = [(_mention(said, one), one) for one in home]
    best = max((score for score, _ in scores), default=0.0)
    return _narrowed(notice, known, [one for score, one in scores if score == best]) if best >= _MENTIONED else []


def _mention(said: set[str], one: Known) -> float:
    shares = [len(said & set(title)) / len(set(title)) for title in one.titles if len(said & set(title)) >= _FEWEST]
    return max(shares, default=0.0)


def _narrowed(notice: Notice, known: Known, meant: Sequence[Known]) -> list[Known]:
    """Of articles that fit equally, those of the day that the notice gives, else the latest before it; none where it
    has no date itself, or where many remain."""
    days = [(_gives_day(notice, one.article.metadata.date), one.article.metadata.date or "") for one in meant]
    best = max(days, default=(False, ""))
    if len(set(days)) > 1 and not best[0] and not known.article.metadata.date:
        return []
    left = [one for day, one in zip(days, meant, strict=True) if day == best]
    return left if len(left) <= _MOST_MEANT else []


def _gives_day(notice: Notice, date: str | None) -> bool:
    """Whether a notice gives the day and the month of a date, in either order."""
    if not date or len(date) < 10:
        return False
    month, day = int(date[5:7]), int(date[8:10])
    return any(
        {one, other} & {str(day), f"{day:02}", f"{day}th", f"{day}st", f"{day}nd", f"{day}rd"}
        and month in (MONTHS.get(one), MONTHS.get(other))
        for one, other in pairwise(notice.said)
    )


def _changed_sentence(article: Article, older: Article) -> Span:
    """The first sentence that the older text does not have, behind the headline; else the first that tells an error."""
    before = {fold(older.text[span.start : span.end]) for span in sentence_spans(older.text)}
    headline = fold(article.metadata.title or "")
    sentences = [
        span
        for span in sentence_spans(article.text)
        if fold(article.text[span.start : span.end]) != headline
        and not any(mark.overlaps(span) for mark in article.furniture)
    ]
    if not before.isdisjoint(fold(article.text[span.start : span.end]) for span in sentences):
        for span in sentences:
            if fold(article.text[span.start : span.end]) not in before:
                return span
    whole = Span(sentences[0].start, sentences[-1].end) if sentences else Span(0, len(article.text))
    return saying(article.text, whole)
