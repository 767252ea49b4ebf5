"""Whether a clause affirms or denies, in Arabic and English."""

import re
from collections.abc import Sequence
from typing import Final

from .lexicon import forms, listed, word_list
from .tokens import Token

_PHRASES: Final = re.compile(r"\b(?:ما عاد\w*|ruled? out|rules out|ruling out|yet to|open question)\b")
_OPEN_PHRASES: Final = re.compile(r"\b(?:called off|voted down|against \w+ing)\b|\bwarn\w* \w* ?not to\b")
_CONTRACTED: Final = re.compile(r"n't$")
_IF: Final = frozenset("if unless whether اذا لو ان".split())
_BUT: Final = frozenset("سوي الا except but".split())
_SPLITTING: Final = frozenset("but while although whereas however لكن فيما بينما".split())
_SHORTEST: Final = 3  # words of a clause


def denies(tokens: Sequence[Token]) -> bool | None:
    """True where a clause denies, False where it affirms, None where its wording leaves both open.

    Two denials in one clause undo each other, and so does what turns one back: لا تستبعد, "has not ruled out".
    """
    words = [token.word for token in tokens]
    text = " ".join(words)
    if words[:1] and words[0] in _IF:
        return None
    if _OPEN_PHRASES.search(text) or _open(words):
        return None
    count, turned = len(_PHRASES.findall(text)), -1
    for place, word in enumerate(words):
        if place <= turned or not is_not(word):
            continue
        turning = _turning(words, place)
        if turning:
            turned = turning
        elif not any(other in _BUT for other in words[place + 1 : place + 7]):
            count += 1
    return count % 2 == 1


def _open(words: Sequence[str]) -> bool:
    """Whether a word is there that may be meant either way; "الا" is, but where it follows a denial it means "only"."""
    denied = any(is_not(word) for word in words)
    return any(form in word_list("soft") and not (form == "الا" and denied) for word in words for form in forms(word))


def _turning(words: Sequence[str], place: int) -> int:
    """The place of a word that turns the denial at `place` back; 0 where there is none."""
    if _PHRASES.search(" ".join(words[place + 1 : place + 4])):
        return 0  # it is counted as a phrase
    for other in range(place + 1, min(place + 3, len(words))):
        if listed(words[other], "turning"):
            return other
    return 0


def is_not(word: str) -> bool:
    """Whether a folded word denies."""
    plain = word[1:] if word[0] in "وف" else word
    return bool(_CONTRACTED.search(word)) or bool({word, plain, *forms(word)} & word_list("not"))


def clauses(tokens: Sequence[Token]) -> list[list[Token]]:
    """A text cut at punctuation, at words like "but" and where another saying begins; short pieces stay together."""
    found: list[list[Token]] = [[]]
    for place, token in enumerate(tokens):
        if _cuts(tokens, place) and len(found[-1]) >= _SHORTEST:
            found.append([])
        found[-1].append(token)
    if len(found) > 1 and len(found[-1]) < _SHORTEST:
        last = found.pop()
        found[-1] += last
    return found


def _cuts(tokens: Sequence[Token], place: int) -> bool:
    token = tokens[place]
    if token.begins or token.stopped or any(form in _SPLITTING for form in forms(token.word)):
        return True
    says = word_list("saying")
    joined = token.word[0] == "و" and token.word[1:] in says
    return joined or (token.word in says and place > 0 and tokens[place - 1].word == "and")
