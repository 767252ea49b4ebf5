"""What somebody said, or who said it: quotes whose speaker is certain come first."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from shawahid.assistant.accounts.attribution import speaker_of
from shawahid.assistant.attempt import attempt
from shawahid.assistant.language.lexicon import concepts
from shawahid.assistant.language.names import Words
from shawahid.assistant.language.tokens import Token, tokenize
from shawahid.assistant.plan.saying import said_asked
from shawahid.assistant.search.evidence import Evidence
from shawahid.assistant.types import Speaker

_NEAR: Final = 0.1  # below the best; what stands lower is not raised to it
_LOOKED_AT: Final = 24  # quotes of which the speaker is read
_SPOKEN: Final = 0.2  # of a score, for a quote whose speaker is certainly the one that is asked for
_SOMEBODY: Final = 0.1  # the same, where it is asked who said it, for any speaker who is certain
_COMMON: Final = frozenset({"office", "body", "place", "title", "word", "portfolio"})


def speakers_first(question: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence with what the asked speaker says raised; as it is where the question asks for nobody's words, or
    none are found."""
    asked = said_asked(question)
    if asked is None:
        return list(evidence)
    wanted = [token for token in tokenize(question) if token.word in asked.speaker]
    least = max((item.score for item in evidence), default=0.0) - _SPOKEN - _NEAR
    raised = [
        replace(item, score=item.score + _worth(wanted, item)) if place < _LOOKED_AT and item.score >= least else item
        for place, item in enumerate(evidence)
    ]
    return sorted(raised, key=lambda item: -item.score)


def _worth(wanted: Sequence[Token], item: Evidence) -> float:
    if not item.excerpt.ruled:
        return 0.0
    speaker = attempt("the speaker", lambda: speaker_of(item.article.text, item.span), Speaker())
    if speaker.kind != "named" or not speaker.words:
        return 0.0
    if not wanted:
        return _SOMEBODY
    return _SPOKEN if _is(wanted, speaker.words) else 0.0


def _is(wanted: Sequence[Token], speaker: str) -> bool:
    """Whether somebody of these words is the one that is asked for: by the name, or where none is given, the office.

    A country is not each of its ministers.
    """
    told = tokenize(speaker)
    kinds = [{concept.kind for concept in concepts(token.word)} for token in wanted]
    if all("place" in of_word for of_word in kinds):
        asked = Words(wanted)
        return all(asked.has(token) for token in told)
    named = Words(told)
    own = [token for token, of_word in zip(wanted, kinds, strict=True) if _COMMON.isdisjoint(of_word)]
    telling = own or list(wanted)
    return 2 * sum(named.has(token) for token in telling) >= len(telling) + (0 if own else 1)
