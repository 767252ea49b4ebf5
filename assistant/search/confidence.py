"""How likely the articles are to answer: a probability from the signals of a search."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Final

from .evidence import Evidence
from .retrieve import Retrieval

_LOOKED_AT: Final = 4  # quotes that speak for the confidence; the table is fitted for as many


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


def read_signals(retrieval: Retrieval, evidence: Sequence[Evidence], passages: int) -> Signals | None:
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
        offered=any(item.offered for item in near),
    )


def likelier_side(
    retrieval: Retrieval, evidence: Sequence[Evidence], passages: int
) -> tuple[list[Evidence], Signals | None]:
    """The evidence, with what is in the question's script first where that answers, else with what more likely does,
    and the signals of that side.

    Scores of quotes in two languages don't compare: those in the question's own are nearer to it and share its words.
    Probabilities do, for they are calibrated apart.
    """
    sides = [[item for item in evidence if item.found.foreign is foreign] for foreign in (False, True)]
    signals = [read_signals(retrieval, side, passages) for side in sides]
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
