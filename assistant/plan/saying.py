"""Whether a question asks what somebody said, or who said something."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shawahid.assistant.language.lexicon import listed
from shawahid.ingest.text.words import STOP_WORDS, words

from .wordings import ASKING

_WHAT: Final = frozenset("what ماذا ما الذي شو وش ايش ايه شنو اش بماذا بم لشو كيف how".split())
_WHO: Final = frozenset("who من مين منو".split())
_SAYING: Final = frozenset(
    "say says said tell told comment commented think thinks announce announced claim claimed describe described"
    " قال قالت قالوا يقول تقول بيقول بتقول صرح صرحت علق علقت ذكر ذكرت اكد اكدت اعلن اعلنت رد ردت وصف وصفت دعا دعت اوصي"
    " اوصت طالب طالبت راي رايه رايها برر بررت رايهم".split()
)
_ABOUT: Final = frozenset(
    "about on of regarding concerning after when عن حول في بشان بخصوص بعد قبل ان انه انها وقت لما".split()
)
_LONGEST: Final = 5  # words of a name with its office
_NEAR: Final = 2  # words between asking and saying


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose words are asked for, folded; none where it is asked who said something."""

    speaker: tuple[str, ...]


def said_asked(text: str) -> Asked | None:
    """Whose words a question asks for; None where it asks for nobody's.

    >>> said_asked("ماذا قال نقيب الصيادين عن السوق؟"), said_asked("Who said that the council lied?")
    (Asked(speaker=('نقيب', 'الصيادين')), Asked(speaker=()))
    """
    said = words(text)
    verb = next((place for place, word in enumerate(said) if word in _SAYING), None)
    if verb is None:
        return None
    if said[0] in _WHO and verb <= _NEAR:
        return Asked(())
    near = said[max(0, verb - _NEAR) : verb + _NEAR + 1] if not said[verb].isascii() else said[:verb]
    if _WHAT.isdisjoint(near) and said[verb] not in ("راي", "رايه", "رايها"):
        return None
    speaker = _speaker(said, verb)
    return Asked(speaker) if speaker else None


def _speaker(said: Sequence[str], verb: int) -> tuple[str, ...]:
    """The speaker's words: before the verb (what did … say, … وش قال عن), or else after it (ماذا قال … عن)."""
    before = _topical(said[:verb])
    if before or said[verb].isascii():
        return before
    about = next((place for place in range(verb + 1, len(said)) if said[place] in _ABOUT), len(said))
    return _topical(said[verb + 1 : about])[:_LONGEST]


def _topical(said: Sequence[str]) -> tuple[str, ...]:
    asking = STOP_WORDS | ASKING | _WHAT | _SAYING
    return tuple(word for word in said if word not in asking and not listed(word, "telling"))
