"""From passages to the words in them that speak to the question, and how likely they are to answer it."""

import json
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from shawahid.ingest.library import Library
from shawahid.ingest.text.sentences import goes_on_before
from shawahid.ingest.text.words import terms
from shawahid.ingest.types import Span

from .question import Question, offers
from .retrieve import Found, Retrieval

_PASSAGES = 8
_LOOKED_AT = 4  # quotes that speak for the confidence; the table is fitted for as many

# What the score of quotable words is made of, beside their cosine to the question; by a grid on XQuAD, watched on ARCD.
_PASSAGE = 2.4  # of their passage's score
_WORDS = 0.33  # of the question's weight in them

_KIND = 0.05
_HEADING = 0.1
_QUESTION = 0.25  # what asks does not answer, however much it resembles the question
_LONGEST_HEADING = 14  # words
_TORN = 0.01  # a part without its sentence's beginning, and so perhaps without its subject


@dataclass(frozen=True, slots=True)
class Margins:
    """How far below the best another quote may stand.

    `meaning`: in cosine, for one from another article, which may stand twice as far below by `score` as any other.
    """

    meaning: float
    score: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of an article that can be quoted, and how well they speak to the question.

    `span` is where they stand. `words` is the share of the question's weight in them, `meaning` their cosine to the
    question.
    """

    found: Found
    span: Span
    text: str
    words: float
    meaning: float
    score: float


def gather_evidence(library: Library, question: Question, retrieval: Retrieval) -> list[Evidence]:
    """What can be quoted of the best passages, the most telling first."""
    found = [item for best in retrieval.found[:_PASSAGES] for item in _quotes(library, best, question, retrieval)]
    return sorted(found, key=lambda item: (-item.score, item.found.passage.id, item.span))


def _quotes(library: Library, found: Found, question: Question, retrieval: Retrieval) -> list[Evidence]:
    text = library.text(found.passage.text_id)
    spans, vectors = library.quotes_of(found.passage)
    evidence = []
    for span, meaning in zip(spans, vectors @ retrieval.vector[0], strict=True):
        quote = text[span.start : span.end]
        words = retrieval.weights.share(quote)
        score = float(meaning) + _PASSAGE * found.score + _WORDS * words + _form(question, quote)
        score -= _TORN if goes_on_before(text, span.start) else 0.0
        evidence.append(Evidence(found, span, quote, words, float(meaning), score))
    return evidence


def _form(question: Question, quote: str) -> float:
    """What the form of a quote tells of its answering."""
    if quote.endswith(("؟", "?")):
        return -_QUESTION
    offered = _KIND if question.kind in ("number", "time") and offers(question.kind, quote) else 0.0
    return offered - (_HEADING if _is_heading(quote) else 0.0)


def _is_heading(text: str) -> bool:
    """A short line without a stop: it resembles a question most and answers it least."""
    return len(text.split()) <= _LONGEST_HEADING and text[-1:] not in ".!…\"”»'،"


# How likely the articles are to answer


@dataclass(frozen=True, slots=True)
class Signals:
    """What confidence is made of, all from the search itself.

    `quote_meaning` and `passage_meaning` are cosines to the question: of the nearest of the best quotes, and of the
    passage that the very best is from. `quote_words` is the highest weight of the question's terms in
    one of the best quotes, over the square root of the weight of them all: a long question is seldom matched as fully
    as a short one, but weighs more where it is. `passages` is the logarithm of how many were searched, for the best of
    many is always near. `foreign`: whether the best evidence is in another script; `offered`: whether any of the best
    quotes holds the kind of thing that is asked for, a number or a time.
    """

    quote_meaning: float
    passage_meaning: float
    quote_words: float
    passages: float
    foreign: bool
    offered: bool = True


def read_signals(
    question: Question, retrieval: Retrieval, evidence: Sequence[Evidence], passages: int
) -> Signals | None:
    """The signals of a search of so many passages; None where it found nothing to quote."""
    if not evidence:
        return None
    best, weight = evidence[0].found, math.sqrt(retrieval.weights.total)
    near = evidence[:_LOOKED_AT]
    quote_meaning = max(item.meaning for item in near)
    return Signals(
        quote_meaning=quote_meaning,
        passage_meaning=best.whole if best.whole is not None else quote_meaning,
        quote_words=max(item.words for item in near) * weight,
        passages=math.log(max(1, passages)),
        foreign=best.foreign,
        offered=any(offers(question.kind, item.text) for item in near),
    )


def likelier_side(
    question: Question, retrieval: Retrieval, evidence: Sequence[Evidence], passages: int
) -> tuple[list[Evidence], Signals | None]:
    """The evidence, with what is in the question's script first where that answers, else with what more likely does,
    and the signals of that side.

    Scores of quotes in two languages don't compare: those in the question's own are nearer to it and share its words.
    Probabilities do, for they are calibrated apart.
    """
    sides = [[item for item in evidence if item.found.foreign is foreign] for foreign in (False, True)]
    signals = [read_signals(question, retrieval, side, passages) for side in sides]
    likely = [confidence(found) if found else -1.0 for found in signals]
    first = 0 if likely[0] >= threshold() else likely.index(max(likely))
    behind = max((item.score for item in sides[1 - first]), default=-math.inf)
    ahead = max((item.score for item in sides[first]), default=behind)
    raised = [replace(item, score=item.score + max(0.0, behind - ahead)) for item in sides[first]]
    return sorted([*raised, *sides[1 - first]], key=lambda item: -item.score), signals[first]


def confidence(signals: Signals) -> float:
    """The probability (0 to 1) that the articles answer, by the table in confidence.json.

    Where a number or a time is asked for and the best quotes hold none, it is lowered by `not_offered`.
    """
    table = _table()["foreign" if signals.foreign else "own"]
    logit = table["intercept"] + sum(
        weight * getattr(signals, name) for name, weight in table.items() if name != "intercept"
    )
    probability = 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))
    return probability if signals.offered else probability * float(_table()["not_offered"])


def threshold() -> float:
    """Below this confidence, the articles "don't say"."""
    return float(_table()["threshold"])


@cache
def _table() -> Any:
    return json.loads(files(__package__).joinpath("confidence.json").read_text(encoding="utf-8"))


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


def _same_text(item: Evidence, other: Evidence) -> bool:
    return item.found.passage.text_id == other.found.passage.text_id


def _repeats(item: Evidence, other: Evidence) -> bool:
    if item.span.overlaps(other.span):
        return True
    mine, theirs = set(terms(item.text)), set(terms(other.text))
    return len(mine & theirs) > 0.8 * min(len(mine), len(theirs))
