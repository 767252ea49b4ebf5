"""A comparison of outlets: of each one quote on the same point, its copies counted and not shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from shawahid.assistant.search.choose import choose
from shawahid.assistant.search.evidence import Evidence, gather_evidence
from shawahid.assistant.search.question import Question
from shawahid.assistant.search.retrieve import Retrieval, retrieve
from shawahid.assistant.types import Constraint, Language
from shawahid.assistant.wording import Phrase, notice
from shawahid.ingest.library import Library
from shawahid.ingest.listing import outlets_of_groups
from shawahid.ingest.text.words import fold

_PASSAGES: Final = 40  # of which outlets are looked for; a fact needs fewer
_MOST: Final = 8  # outlets that are quoted
_ENOUGH: Final = 3  # outlets; of fewer, another quote is shown
_LOOKED_AT: Final = 6  # quotes of one outlet that are held against the best
_MEANING: Final = 0.06  # cosine to the question, below the best quote, at which another still tells of the same
_MEANING_ACROSS: Final = 0.1  # the same, of one in the other language
_PASSAGE: Final = 0.07  # the same, of the passage's score
# Cosines to the best quote at which another tells of the same: in other words than the question's, and in its words
# (or its names, across languages).
_TELLS_SAME: Final = 0.88
_SHARING_WORDS: Final = 0.86
_SHARED: Final = 0.3  # of the question's words that the best quote has
_FEWEST_WORDS: Final = 5  # less is a name, a label or an address

Named = tuple[str, ...]
"""An outlet that the question names, in every spelling of the library."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One piece of evidence of each account, the named outlets' first; `wrote` are all outlets that wrote on it, in any
    copy, and `carried` those that carry each group of near copies that is quoted."""

    chosen: tuple[Evidence, ...]
    wrote: frozenset[str]
    carried: Mapping[int, tuple[str, ...]]
    notices: tuple[Phrase, ...]


def named_outlets(constraints: Iterable[Constraint]) -> list[Named]:
    """The outlets of a plan, in the order of the question."""
    named: dict[str, list[str]] = {}
    for one in constraints:
        if one.kind == "outlet":
            named.setdefault(one.words, []).append(one.value)
    return [tuple(spellings) for spellings in named.values()]


def compare_outlets(
    library: Library, question: Question, retrieval: Retrieval, evidence: Sequence[Evidence], named: Sequence[Named]
) -> Compared:
    """What each outlet says of what the best of the `evidence` tells; the evidence is not empty."""
    anchor, usual = evidence[0], choose(evidence)
    found = [*evidence, *_deeper(library, question, retrieval, evidence, named)]
    order = _ordered(library, [item for item in found if _near(item, anchor)], anchor, named)
    groups = library.group_of({item.article.text_id for item in (*order, *usual)})
    carried = {
        group: tuple(outlets_of_groups(library, [group]))
        for group in {groups[item.article.text_id] for item in (*order, anchor)}
    }
    each = _one_each(order, groups, carried)
    chosen = [*each, *(_others(usual, each, groups) if len(each) < _ENOUGH else ())]
    wrote = frozenset(name for outlets in carried.values() for name in outlets)
    quoted = {groups[item.article.text_id] for item in chosen}
    return Compared(
        tuple(chosen),
        wrote,
        {group: outlets for group, outlets in carried.items() if group in quoted},
        _limits(question.language, len(each), wrote, named),
    )


def _one_each(
    order: Sequence[Evidence], groups: Mapping[int, int], carried: Mapping[int, Sequence[str]]
) -> list[Evidence]:
    """The first of each outlet, where no copy of it, and nothing of an outlet that carries it, is taken."""
    chosen: list[Evidence] = []
    heard: set[str] = set()
    taken: set[int] = set()
    for item in order:
        group = groups[item.article.text_id]
        if group not in taken and _outlet(item) not in heard and len(chosen) < _MOST:
            chosen.append(item)
            taken.add(group)
            heard |= {_outlet(item), *(fold(name) for name in carried[group])}
    return chosen


def _others(usual: Sequence[Evidence], each: Sequence[Evidence], groups: Mapping[int, int]) -> list[Evidence]:
    """Where few outlets wrote on it, what else answers: one of them may tell of several sides. No copies."""
    texts = {groups[item.article.text_id]: item.article.text_id for item in (*usual, *each)}
    own = [item for item in usual if texts[groups[item.article.text_id]] == item.article.text_id]
    left = [item for item in own if not any(item.excerpt.overlaps(other.excerpt) for other in each)]
    return left[: _ENOUGH + 1 - len(each)]


def _deeper(
    library: Library, question: Question, retrieval: Retrieval, known: Sequence[Evidence], named: Sequence[Named]
) -> list[Evidence]:
    """What else was found: further down, and where a named outlet has nothing there, of that outlet alone."""
    seen = {item.found.passage.id for item in known}
    deeper = tuple(found for found in retrieval.found[:_PASSAGES] if found.passage.id not in seen)
    told = gather_evidence(library, question, replace(retrieval, found=deeper), most=_PASSAGES)
    for outlet in named:
        if not any(item.article.metadata.outlet in outlet for item in (*known, *told)):
            filters = replace(retrieval.filters, outlets=outlet)
            told += gather_evidence(library, question, retrieve(library, question, filters))
    places = {(item.article.text_id, item.span) for item in known}
    return [item for item in told if (item.article.text_id, item.span) not in places]


def _near(item: Evidence, anchor: Evidence) -> bool:
    """Whether a quote may tell of what the best one does."""
    if len(item.text.split()) < _FEWEST_WORDS:
        return False
    if item.found.foreign is not anchor.found.foreign:  # scores across languages don't compare
        return item.meaning >= anchor.meaning - _MEANING_ACROSS
    return item.meaning >= anchor.meaning - _MEANING and item.found.score >= anchor.found.score - _PASSAGE


def _ordered(library: Library, near: Sequence[Evidence], anchor: Evidence, named: Sequence[Named]) -> list[Evidence]:
    """The quotes on the point of the best of all, the nearest to it first; named outlets before others."""
    by_outlet: dict[str, list[Evidence]] = {}
    for item in sorted(near, key=lambda item: -item.score):
        by_outlet.setdefault(_outlet(item), []).append(item)
    looked_at = [item for items in by_outlet.values() for item in items[:_LOOKED_AT]]
    points = _points(library, [anchor, *looked_at])[1:]
    told = [
        (item.score + point, item) for item, point in zip(looked_at, points, strict=True) if _same(item, anchor, point)
    ]
    rank = {fold(name): place for place, outlet in enumerate(named) for name in outlet}
    told.sort(key=lambda one: (rank.get(_outlet(one[1]), len(named)), -one[0]))
    return [item for _, item in told]


def _points(library: Library, items: Sequence[Evidence]) -> list[float]:
    """The cosines of quotes to the first of them, by the vectors that the library has of them."""
    passages = {item.found.passage.id: item.found.passage for item in items}
    known = {id_: library.quotes_of(passage) for id_, passage in passages.items()}
    vectors = [known[item.found.passage.id][1][known[item.found.passage.id][0].index(item.span)] for item in items]
    return [float(vector @ vectors[0]) for vector in vectors]


def _same(item: Evidence, anchor: Evidence, point: float) -> bool:
    """Whether a quote, at this cosine to the best one, is on its point."""
    across = item.found.foreign is not anchor.found.foreign
    shares = item.words > 0 and (across or item.words >= _SHARED * anchor.words)
    return point >= (_SHARING_WORDS if shares else _TELLS_SAME)


def _outlet(item: Evidence) -> str:
    outlet = item.article.metadata.outlet
    return fold(outlet) if outlet else str(item.article.text_id)


def _limits(language: Language, accounts: int, wrote: frozenset[str], named: Sequence[Named]) -> tuple[Phrase, ...]:
    """Which of the named outlets have nothing, and that one account is no comparison."""
    missing = [outlet[0] for outlet in named if wrote.isdisjoint(outlet)]
    told = [notice("compared_nothing", outlets=("، " if language == "ar" else ", ").join(missing))] if missing else []
    return (*told, notice("compared_alone")) if accounts < 2 else tuple(told)
