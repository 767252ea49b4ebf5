"""Who says an English sentence."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from shawahid.assistant.language.lexicon import concepts, listed, word_list
from shawahid.assistant.language.tokens import Token

from .told import SaidBy, Telling

_PLAIN: Final = frozenset("said says told added".split())  # no "that" need follow
_PASSIVE: Final = frozenset("been be was were is are being not to".split())
_NOTHING: Final = frozenset("nothing little no".split())
_NOBODY: Final = frozenset("i we you nobody everyone everybody".split()) | word_list("pointing")
_PRONOUNS: Final = frozenset("he she they".split())
_ARTICLES: Final = frozenset("the a an".split())
_JOINING: Final = frozenset("of for and de al el bin".split())
_OPENING: Final = frozenset("but and while whereas meanwhile however".split())
_LEAD: Final = 7
_CLOSING: Final = 4  # words after a verb of saying that ends its sentence: "…, a source told reporters"


def said_by(text: str, tokens: list[Token]) -> SaidBy | None:
    """Who says a sentence from its beginning to its end; None where that is nobody or unclear."""
    telling = Telling(text, tokens, _is_speaker)
    told = [place for place, token in enumerate(tokens) if _tells(tokens, place)]
    cue = next((place for place in range(len(tokens) - 1) if tokens[place].word == "according"), None)
    if cue is not None and not told:
        return _according(telling, cue)
    if not told or any(_sets_against(telling, told[0], other) for other in told[1:]):
        return None
    return _told(telling, told[0])


def _tells(tokens: list[Token], place: int) -> bool:
    return tokens[place].word in word_list("telling") and not (place and tokens[place - 1].word in _PASSIVE)


def _sets_against(telling: Telling, first: int, other: int) -> bool:
    """Whether a second saying of a sentence is somebody else's: "…; the opposition says"."""
    parting = any(token.word in _OPENING for token in telling.tokens[first:other])
    semicolon = ";" in telling.text[telling.tokens[first].end : telling.tokens[other].start]
    return (parting or semicolon) and telling.tokens[other - 1].word not in _PRONOUNS


def _told(telling: Telling, place: int) -> SaidBy | None:
    tokens = telling.tokens
    end = next(other for other in range(place + 1, len(tokens) + 1) if telling.parted(other) or tokens[other].quoted)
    if place and telling.cut(place) and (found := _speaker(telling, range(place + 1, end))):  # "…", said the mayor.
        return found
    if place + 1 < len(tokens) and tokens[place + 1].word in _NOTHING:
        return None
    last = len(tokens) - place - 1 <= _CLOSING
    quotes = place + 1 < len(tokens) and (tokens[place + 1].word == "that" or telling.opens(place + 1))
    if not (last or quotes or telling.parted(place + 1) or tokens[place].word in _PLAIN):
        return None
    cuts = [0, *(other for other in range(1, place) if telling.cut(other)), place]
    pieces = [range(first, end) for first, end in pairwise(cuts) if first < end]
    found = _before(telling, pieces, telling.parted(place))
    if found is None or last or (found.place and telling.parted(place + 1)):
        return found
    lead = tokens[: pieces[-1].start]  # what stands before a speaker and is none of the speaker's words
    return None if len(lead) > _LEAD or any(token.word in _OPENING for token in lead) else found


def _before(telling: Telling, pieces: list[range], apposed: bool) -> SaidBy | None:
    """Whoever stands before a verb: in the last piece, or, of a name and an office between commas, in the name."""
    if not apposed:
        return _speaker(telling, pieces[-1]) if pieces else None
    found = (_speaker(telling, piece) for piece in pieces[:-3:-1])  # The mayor, Huda Salem, said
    return next((one for one in found if one and any(token.capital for token in one.words)), None)


def _speaker(telling: Telling, places: range) -> SaidBy | None:
    tokens = telling.tokens
    if len(places) == 1 and tokens[places.start].word in _PRONOUNS:
        return SaidBy()
    start = places.start
    while start < places.stop and tokens[start].word in _ARTICLES | _OPENING:
        start += 1
    if start < places.stop and tokens[start].text.endswith(("'s", "’s")):
        start = places.start  # the firm's director
    return telling.speaker(range(start, places.stop))


def _according(telling: Telling, cue: int) -> SaidBy | None:
    pieces = telling.pieces(range(cue + 2, len(telling.tokens)))
    if not pieces or (cue and len(pieces) > 1):
        return None
    return _speaker(telling, pieces[0])


def _is_speaker(words: Sequence[Token]) -> bool:
    """Whether words are names, offices, bodies and what joins them."""
    plain = [token for token in words if token.word not in _JOINING | _ARTICLES]
    return bool(plain) and all(token.word not in _NOBODY and (token.capital or _common(token)) for token in plain)


def _common(token: Token) -> bool:
    kinds = {concept.kind for concept in concepts(token.word)}
    return bool(kinds & {"office", "grade", "body", "word", "place", "portfolio"}) or listed(token.word, "nameless")
