"""What stands around the sentences of an answer: what they come to, and as of when."""

from collections.abc import Sequence

from shawahid.assistant.types import Citation, ClaimCheck
from shawahid.assistant.wording import Frame, Phrase, notice


def order(latest: bool, dates: Sequence[str], cited: int) -> list[Phrase]:
    """As of when an answer to "now" or "latest" holds, and whether its articles can be put in order at all."""
    if not latest:
        return []
    if not dates:
        return [notice("nothing_dated")]
    told = [notice("as_of", date=max(dates))]
    return told if len(dates) == cited else [*told, notice("some_undated")]


def frame(claim: ClaimCheck | None, citations: Sequence[Citation], accounts: int, *, composed: bool) -> Frame:
    """What introduces the sentences: what they come to where something was claimed, else whose they are."""
    if claim and claim.outcome != "silent":
        return _verdict(claim, citations)
    if composed:
        return "composed"
    return "answered_accounts" if accounts > 1 else "answered"


def _verdict(claim: ClaimCheck, citations: Sequence[Citation]) -> Frame:
    """Yes, no, or that accounts differ; what only quoted people say stays theirs."""
    if claim.outcome == "mixed":
        return "claim_mixed"
    told = {*claim.supporting, *claim.contradicting}
    quoted = all(citation.speaker.kind != "outlet" for citation in citations if citation.number in told)
    if claim.outcome == "supported":
        return "claim_supported_quoted" if quoted else "claim_supported"
    return "claim_contradicted_quoted" if quoted else "claim_contradicted"
