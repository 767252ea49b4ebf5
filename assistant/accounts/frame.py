"""What stands around the sentences of an answer: what they come to, and as of when."""

from collections.abc import Sequence

from shawahid.assistant.types import Answer, Citation, ClaimCheck, Language
from shawahid.prompts import say


def order(latest: bool, dates: Sequence[str], cited: int, language: Language) -> list[str]:
    """As of when an answer to "now" or "latest" holds, and whether its articles can be put in order at all."""
    if not latest:
        return []
    if not dates:
        return [say("nothing_dated", language)]
    told = [say("as_of", language, date=max(dates))]
    return told if len(dates) == cited else [*told, say("some_undated", language)]


def _claim_phrase(claim: ClaimCheck, citations: Sequence[Citation]) -> str:
    """Yes, no, or that accounts differ; what only quoted people say stays theirs."""
    if claim.outcome == "mixed":
        return "claim_mixed"
    told = {*claim.supporting, *claim.contradicting}
    quoted = all(citation.speaker.kind != "outlet" for citation in citations if citation.number in told)
    if claim.outcome == "supported":
        return "claim_supported_quoted" if quoted else "claim_supported"
    return "claim_contradicted_quoted" if quoted else "claim_contradicted"


def frame(answer: Answer, claim: ClaimCheck | None, citations: Sequence[Citation], accounts: int) -> str:
    """What introduces the sentences: what they come to where something was claimed, else whose they are."""
    if claim and claim.outcome != "silent":
        return say(_claim_phrase(claim, citations), answer.language)
    if answer.mode == "composed":
        return say("composed", answer.language)
    return say("answered_accounts" if accounts > 1 else "answered", answer.language)
