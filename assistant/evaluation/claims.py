"""Natural claims: whether the articles are said to make of them what they do."""

from collections.abc import Sequence
from dataclasses import dataclass

from shawahid.assistant.types import Answer, Outcome

from .coverage import Shown
from .figures import Figures, mean
from .natural_files import OUTCOMES, NaturalClaim
from .texts import Texts


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """What became of one claim; its `kind` is what the articles make of it, `given` what they are said to.

    `evidence`: whether for each side that the claim needs a citation of that side covers half of one of its words; None
    where nothing is given, or nothing is needed.
    """

    id: str
    kind: Outcome
    claim: str
    status: str
    given: Outcome
    right: bool
    evidence: bool | None


def judge_claim(row: NaturalClaim, answer: Answer, texts: Texts) -> ClaimResult:
    """What an answer makes of a claim; one that is declined, or holds none, calls it silent."""
    checked = answer.claim if answer.status == "answered" else None
    given: Outcome = checked.outcome if checked else "silent"
    evidence = None
    if checked and given != "silent" and row.outcome != "silent":
        sides = [(row.bearing_out, checked.supporting)] if row.outcome in ("supported", "mixed") else []
        sides += [(row.against, checked.contradicting)] if row.outcome in ("contradicted", "mixed") else []
        evidence = all(
            Shown(texts, [answer.citation(number) for number in numbers]).any_covers(needed)
            for needed, numbers in sides
        )
    return ClaimResult(row.id, row.outcome, row.claim, answer.status, given, given == row.outcome, evidence)


def figures_of_claims(rows: Sequence[ClaimResult]) -> Figures:
    """How many were asked, the share that was right, how many were given each outcome, how many that the articles
    don't bear out were called supported, and the share of those with an outcome whose evidence is shown."""
    return {
        "asked": len(rows),
        "right": mean([row.right for row in rows]),
        **{outcome: sum(row.given == outcome for row in rows) for outcome in OUTCOMES},
        "falsely_supported": sum(row.given == "supported" and row.kind in ("silent", "contradicted") for row in rows),
        "evidence": mean([row.evidence for row in rows if row.evidence is not None]),
    }
