"""Which evidence answers, which came closest, and which a language model is shown."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final

from shawahid.ingest.embedders.base import Vectors
from shawahid.ingest.text.sentences import sentence_spans
from shawahid.ingest.text.words import terms

from .evidence import Evidence

Embed = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True)
class Margins:
    """How far below the best another quote may stand.

    `meaning`: in cosine, for one from another article, which may stand twice as far below by `score` as any other.
    """

    meaning: float
    score: float


# How many quotes are taken at most, and how far below the best they may stand.
MOST_SENTENCES: Final = 5
_MOST_MORE: Final = 5
# Two and a half sentences on average over XQuAD, of which one holds the answer in 90 of 100 questions.
_MARGINS: Final = Margins(meaning=0.03, score=0.19)
_MOST_CLOSEST: Final = 3
_CLOSEST_MARGINS: Final = Margins(meaning=0.1, score=0.2)
_MOST_SHOWN: Final = 5
_SHOWN_MARGINS: Final = Margins(meaning=0.08, score=0.35)

_EVEN: Final = 0.1  # two runs of one passage that are this near by score
_REPEATED: Final = 0.8  # of the terms of the shorter of two quotes


def choose(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The quotes that answer."""
    return distinct(evidence, MOST_SENTENCES, _MARGINS)


def choose_more(evidence: Sequence[Evidence], chosen: Sequence[Evidence]) -> list[Evidence]:
    """What else touches the question: near what is chosen, in words that were not taken yet."""
    near = distinct(evidence, _MOST_MORE + len(chosen), _SHOWN_MARGINS)
    left = [item for item in near if not any(_same_text(item, other) and _repeats(item, other) for other in chosen)]
    return left[:_MOST_MORE]


def choose_closest(evidence: Sequence[Evidence]) -> list[Evidence]:
    """What came nearest, where nothing answers; the same words of several articles once."""
    once = {item.text: item for item in reversed(evidence)}
    return distinct(once.values(), _MOST_CLOSEST, _CLOSEST_MARGINS)


def choose_shown(evidence: Collection[Evidence]) -> list[Evidence]:
    """The evidence that a language model is shown, the most telling first."""
    return distinct(evidence, _MOST_SHOWN, _SHOWN_MARGINS)


def distinct(items: Collection[Evidence], limit: int, margins: Margins) -> list[Evidence]:
    """At most `limit` sentences near the best: the best, the best of another article that comes near, then any.

    So a second article that speaks of the question is heard before the first is heard twice. A sentence that repeats
    the words of one already taken from the same article is left out.
    """
    ordered = sorted(items, key=lambda item: -item.score)
    taken = ordered[:1]
    if ordered and ordered[0].found.foreign:
        # The others share words with the question, and its language, and still stand behind: they don't answer.
        ordered = [item for item in ordered if item.found.foreign]
        margins = Margins(margins.meaning / 2, margins.score / 2)  # without words, scores lie closer together
    for item in ordered:
        near = item.meaning >= taken[0].meaning - margins.meaning and item.score >= taken[0].score - 2 * margins.score
        if near and not _same_text(item, taken[0]):
            taken.append(item)
            break
    for item in ordered:
        told = any(_same_text(item, other) and _repeats(item, other) for other in taken)
        if len(taken) < limit and not told and item.score >= ordered[0].score - margins.score:
            taken.append(item)
    return sorted(taken, key=lambda item: -item.score)


def settle(chosen: Sequence[Evidence], evidence: Sequence[Evidence], asked: Vectors, embed: Embed) -> list[Evidence]:
    """The quotes with the first in that of its runs which holds the sentence that speaks best to the question.

    The runs of one passage overlap and often score the same, and the one that is taken may leave out the very sentence
    that answers. `asked` is the question's vector; only where runs are about even is anything embedded.
    """
    if not chosen:
        return []
    first, *rest = chosen
    even = [
        item
        for item in evidence
        if _same_text(item, first) and item.span.overlaps(first.span) and item.score >= first.score - _EVEN
    ]
    if len(even) < 2:
        return list(chosen)
    start, end = min(item.span.start for item in even), max(item.span.end for item in even)
    text = first.article.text
    sentences = sentence_spans(text, start, end)
    near = embed([text[one.start : one.end] for one in sentences]) @ asked
    best = sentences[int(near.argmax())]
    holding = [item for item in even if item.span.start <= best.start and best.end <= item.span.end]
    settled = first if first in holding or not holding else max(holding, key=lambda item: item.score)
    return [settled, *(item for item in rest if not _same_text(item, settled) or not _repeats(item, settled))]


def _same_text(item: Evidence, other: Evidence) -> bool:
    return item.found.passage.text_id == other.found.passage.text_id


def _repeats(item: Evidence, other: Evidence) -> bool:
    if item.span.overlaps(other.span):
        return True
    mine, theirs = set(terms(item.text)), set(terms(other.text))
    return len(mine & theirs) > _REPEATED * min(len(mine), len(theirs))
