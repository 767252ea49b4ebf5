"""The outlets that a question names, and whether it asks what they published."""

from dataclasses import dataclass

from shawahid.assistant.language.lexicon import forms
from shawahid.ingest.text.words import STOP_WORDS, words

from .facts import Facts
from .said import Found, Said
from .wordings import ASKING, OUTLET_NOUNS, PUBLISHING, bare

_LONGEST = 8  # words of an outlet's name
_CORE = 2  # words of a name that needs no "newspaper" before it; one word is any word


@dataclass(frozen=True, slots=True)
class OutletMeant:
    """An outlet in a question, in every spelling that the library has; `sure`: what it published is asked for."""

    found: Found
    spellings: tuple[str, ...]
    sure: bool


_JOINED = frozenset("compare contrast between and with or versus vs بين مع او ضد".split())
"""Before an outlet's name where outlets are compared."""


def outlets_meant(said: Said, facts: Facts) -> list[OutletMeant]:
    """The outlets of the library that are named, in order."""
    return [one for one in _all_named(said, facts) if one.sure or one.found.last - one.found.first >= _CORE]


def outlets_compared(said: Said, facts: Facts) -> list[OutletMeant]:
    """The outlets that are named in a question that compares some: also one of a single word, as "Compare A and B"
    has it, where it is no other word of the question."""
    return [one for one in _all_named(said, facts) if one.sure or _joined(said, one.found)]


def _joined(said: Said, found: Found) -> bool:
    """Whether a name stands where one of several does; one word elsewhere may be any word."""
    before = said.words[found.first - 1] if found.first else ""
    return found.last - found.first >= _CORE or before in _JOINED or said.words[found.first][0] == "و"


def _all_named(said: Said, facts: Facts) -> list[OutletMeant]:
    places: list[tuple[Found, tuple[str, ...]]] = []
    place = 0
    while place < len(said.words):
        found = _outlet_at(said, facts, place)
        if found:
            places.append(found)
        place = found[0].last if found else place + 1
    return [OutletMeant(found, spellings, _published(said, found)) for found, spellings in places]


def _outlet_at(said: Said, facts: Facts, first: int) -> tuple[Found, tuple[str, ...]] | None:
    for length in range(min(_LONGEST, len(said.words) - first), 0, -1):
        written = said.words[first : first + length]
        for form in forms(written[0]):
            key = (form, *written[1:])
            spellings = facts.outlets.get(key)
            if not spellings or (length == 1 and written[0] in ASKING | STOP_WORDS):
                continue
            noun = first > 0 and bare(said.words[first - 1], OUTLET_NOUNS)
            whole = any(tuple(words(name)) == key for name in spellings)
            if whole or noun or len(key) >= _CORE:
                return Found(first - noun, first + length), spellings
    return None


def _published(said: Said, found: Found) -> bool:
    line = " ".join((*said.words[: found.first], "@", *said.words[found.last :]))
    return any(pattern.search(line) for pattern in PUBLISHING)
