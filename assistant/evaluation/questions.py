"""Natural questions: how much of what answers them is shown, how much else, and whether the others are declined."""

from collections.abc import Sequence
from dataclasses import dataclass

from shawahid.assistant.types import Answer

from .coverage import Shown
from .figures import Figures, mean
from .natural_files import NaturalQuestion
from .texts import Texts


@dataclass(frozen=True, slots=True)
class NaturalResult:
    """What became of one question; `shown` is the number of its answer's citations, none where it was declined.

    `vital` and `nuggets`: of each vital fact, and of each, whether a citation covers half of its words in one place;
    `vital_any_source`: or has them from an article that the row does not list. `first`: whether the first citation
    covers a vital one. `touching` and `wrong` count citations that touch any of the row's facts, and that cover half of
    wrong words and touch none. `closest`: whether what came closest to a declined question has a vital fact.
    """

    id: str
    kind: str
    question: str
    answerable: bool
    status: str
    confidence: float
    shown: int
    vital: tuple[bool, ...]
    vital_any_source: tuple[bool, ...]
    nuggets: tuple[bool, ...]
    first: bool
    touching: int
    wrong: int
    closest: bool


def judge_question(row: NaturalQuestion, answer: Answer, texts: Texts) -> NaturalResult:
    """What an answer shows of a question's facts."""
    answered = answer.status == "answered"
    shown = Shown(texts, answer.citations if answered else ())
    closest = Shown(texts, () if answered else answer.coverage.closest)
    facts = [nugget.places for nugget in row.nuggets]
    vital = [nugget.places for nugget in row.nuggets if nugget.vital]
    places = range(len(shown))
    touching = [shown.touches(at, [place for fact in facts for place in fact]) for at in places]
    return NaturalResult(
        id=row.id,
        kind=row.kind,
        question=row.question,
        answerable=row.answerable,
        status=answer.status,
        confidence=answer.confidence,
        shown=len(shown),
        vital=tuple(map(shown.any_covers, vital)),
        vital_any_source=tuple(map(shown.any_tells, vital)),
        nuggets=tuple(map(shown.any_covers, facts)),
        first=bool(places) and any(shown.covers(0, fact) for fact in vital),
        touching=sum(touching),
        wrong=sum(shown.covers(at, row.wrong) and not touching[at] for at in places),
        closest=any(map(closest.any_covers, vital)),
    )


def figures_of_questions(rows: Sequence[NaturalResult]) -> Figures:
    """The figures of questions, shares between 0 and 1 but for the counts `asked`, `shown` and `unanswerable`."""
    answerable = [row for row in rows if row.answerable]
    others = [row for row in rows if not row.answerable]
    showing = [row for row in answerable if row.shown]
    citations = sum(row.shown for row in showing)
    return {
        "asked": len(rows),
        "answered": mean([row.status == "answered" for row in answerable]),
        "vital": mean([_share(row.vital) for row in answerable]),
        "any_source": mean([_share(row.vital_any_source) for row in answerable]),
        "full": mean([all(row.vital) for row in answerable]),
        "all": mean([_share(row.nuggets) for row in answerable]),
        "first": mean([row.first for row in answerable]),
        "precision": sum(row.touching for row in showing) / citations if citations else None,
        "wrong": mean([row.wrong > 0 for row in answerable]),
        "shown": citations / len(showing) if showing else None,
        "unanswerable": len(others),
        "declined": mean([row.status != "answered" for row in others]),
    }


def _share(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else 0.0
