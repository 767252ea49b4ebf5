"""Who says an Arabic sentence."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from shawahid.assistant.language.lexicon import concepts, forms, listed, word_list
from shawahid.assistant.language.name_sense import name_scores
from shawahid.assistant.language.names import is_given_name, sensed_names
from shawahid.assistant.language.times.moments import is_time_word
from shawahid.assistant.language.tokens import Token

from .told import SaidBy, Telling

_THAT: Final = frozenset("ان انه انها انهم بان بانه بانها بانهم".split())
_TO_THAT: Final = frozenset("الي عن من".split())  # أشار إلى أن
_ACCORDING: Final = frozenset("بحسب حسب وفق وفقا طبقا".split())
_WHAT: Final = frozenset("ما لما كما بما ل".split())  # بحسب ما ذكرت …
_HIS_SAYING: Final = frozenset("قوله قولها قولهم القول تاكيده تاكيدها".split())
_OPENING: Final = frozenset("لكن اما".split())
_AGAINST: Final = frozenset("فيما بينما لكن وكان وكانت".split())
_TURNING: Final = frozenset("جانبه جانبها جهته جهتها ناحيته ناحيتها".split())
_OTHER: Final = frozenset("اخري ثانيه".split())
_NEAR: Final = 8  # words
_HAD: Final = frozenset("كان كانت".split())
_LEADS: Final = frozenset(
    "من في علي الي عن بدوره بدورها كما فيما حيث هذا كذلك ايضا قد لكن خلال عبر بعد قبل عقب ردا تعليقا حول".split()
)
_COMMON: Final = frozenset({"title", "office", "grade", "body"})
_KINDS: Final = _COMMON | {"given", "place"}
_MANNER: Final = re.compile("م...+ا|.ا..ا")  # ضاحكا, متسائلا
_HIS: Final = re.compile("(?:ه|ها|هم)$")  # his, her, their: مستشاره
_POINTING: Final = frozenset("فيه فيها له لها لهم به بها منه منها باسمه باسمها باسمهم".split())
_WENT_ON: Final = frozenset("تابع تابعت يضيف تضيف".split())
_WHO: Final = frozenset("الذي التي الذين".split())
_LEAD: Final = 10  # words before the verb that lead to it: من جهة أخرى
_SHORT_LEAD: Final = 6  # the same, where a comma parts them
_FARTHEST: Final = 32  # words between a verb and its "that"
_CLOSING: Final = 3  # words behind the last speaker, of a bracket or a day: وكالة الأنباء (سانا)، أمس
_SOUNDS: Final = -0.5  # from here on, a word rather sounds like a name


def said_by(text: str, tokens: list[Token]) -> SaidBy | None:
    """Who says a sentence from its beginning to its end; None where that is nobody or unclear."""
    telling = Telling(text, tokens, lambda words: _begins_speaker(text, tokens, words))
    for place, token in enumerate(tokens[: _LEAD + 1]):
        if not place and _bare(token) in ("نقل", "نقلت"):
            return _reported(telling)
        if verb := _verb(token):
            return None if _set_against(telling, place) else _told(telling, place, verb)
    return _according(telling)


def _set_against(telling: Telling, first: int) -> bool:
    """Whether a sentence that tells at `first` what one says goes on with what another says."""
    tokens = telling.tokens
    for place, token in enumerate(tokens[first + 1 :], start=first + 1):
        if token.word in _AGAINST and any(_verb(other) for other in tokens[place + 1 : place + 1 + _NEAR]):
            return True
        if token.word in _TURNING or (token.word == "جهه" and _bare(tokens[min(place + 1, len(tokens) - 1)]) in _OTHER):
            return True
        if token.word[0] == "و" and _verb(token) == token.word[1:] and _named_behind(telling, place):
            return True
    return False


def _named_behind(telling: Telling, place: int) -> bool:
    end = _that(telling, place + 1)
    pieces = telling.pieces(range(place + 1, end)) if end else []
    return bool(pieces and _trimmed(telling, pieces[0]))


def _bare(token: Token) -> str:
    """A word without a و or ف before it."""
    return token.word[1:] if token.word[0] in "وف" and len(token.word) > 2 else token.word


def _verb(token: Token) -> str | None:
    telling = word_list("telling")
    return next((word for word in (token.word, _bare(token)) if word in telling and token.word != "بين"), None)


def _told(telling: Telling, place: int, verb: str) -> SaidBy | None:
    tokens = telling.tokens
    end = _that(telling, place + 1)
    if end is None:
        return None
    led = end < len(tokens) and telling.opens(end)
    if led and verb not in word_list("plainly") and _trimmed(telling, range(place + 1, end)).stop < end:
        return None  # أعلن فلان وفاة فلان عبر صفحته: «…»
    found = _teller(telling, place, end, verb)
    return found and replace(found, quoting=end < len(tokens) and tokens[end].quoted)


def _teller(telling: Telling, place: int, end: int, verb: str) -> SaidBy | None:
    """Whoever stands behind the verb at `place`, or before it; whoever spoke before, where neither names anybody."""
    tokens = telling.tokens
    first = _bare(tokens[0])
    feminine = verb.startswith("ت") or verb.endswith("ت")
    leads = not place or (
        first in _LEADS and place <= (_LEAD if len(telling.pieces(range(place))) < 2 else _SHORT_LEAD)
    )
    if place and first in _HAD:  # وكان فلان قد قال إن
        return telling.speaker(range(1, place - (tokens[place - 1].word == "قد")), feminine)
    pieces = telling.pieces(range(place + 1, end))
    if pieces and _trimmed(telling, pieces[0]):
        return _subject(telling, pieces, feminine) if leads else None
    before = telling.pieces(range(first in _OPENING, place))  # لكن فلانا يقول إن
    follows = tokens[place].word in word_list("telling") or first == "اما"
    if before and follows and (found := _subject(telling, before, feminine)):
        return found
    return SaidBy(feminine=feminine) if leads and (verb[0] not in "يت" or verb in _WENT_ON) else None


def _that(telling: Telling, start: int) -> int | None:
    """Where what is said begins, without a preposition that leads to "that": نفى فلان صحة …, قال فلان إن …"""
    tokens = telling.tokens
    for place in range(start, min(len(tokens), start + _FARTHEST)):
        denied = _bare(tokens[start - 1]) in word_list("denying") and tokens[place].word in word_list("said_of")
        if telling.opens(place) or (place > start and denied):
            return place
        if place > start and _says(tokens[place]):  # أكد فلان كذا، مشيرا إلى أن: what he confirms is no "that"
            return None
        if tokens[place].word in _THAT:
            return place - (place > start and _leads_to_that(tokens[place - 1]))
    return None


def _says(token: Token) -> bool:
    return _bare(token) in word_list("saying") | word_list("telling") and token.word != "بين"


def _leads_to_that(token: Token) -> bool:
    return token.word in _TO_THAT or (token.word == "علي" and token.text.endswith("ى"))


def _subject(telling: Telling, pieces: list[range], feminine: bool) -> SaidBy | None:
    """Whoever stands between a verb and "that": before the first comma, or up to an end without one."""

    def named(piece: range) -> bool:
        return _has_name(telling.text, telling.tokens, telling.tokens[piece.start : piece.stop])

    places = range(pieces[0].start, pieces[-1].stop)
    first = _trimmed(telling, pieces[0])
    if first == pieces[0] == places:
        return telling.speaker(first, feminine)
    goes_on = not telling.parted(places.stop) and _trimmed(telling, pieces[-1]) == pieces[-1]
    if goes_on and all(telling.speaker(piece) for piece in pieces):  # الباحث الفلكي، فلان بن فلان: …
        return telling.speaker(places, feminine)
    if named(first):
        return telling.speaker(first, feminine)
    if first == pieces[0] and len(pieces) > 1 and telling.speaker(first):  # مدير المطار، فلان، إن …
        second = _trimmed(telling, pieces[1])
        if named(second) and telling.speaker(second):
            return telling.speaker(range(first.start, second.stop), feminine)
    if goes_on or (first != pieces[0] and telling.tokens[first.stop].word in _WHO):
        return None
    return telling.speaker(first, feminine)


def _has_name(text: str, tokens: Sequence[Token], words: Sequence[Token]) -> bool:
    return any(is_given_name(token) for token in words) or bool(_sensed(text, tokens, words))


def _trimmed(telling: Telling, places: range) -> range:
    """`places` up to where it tells when, where, how or to whom something was said."""
    end = next(
        (place for place in places if _aside(telling, place) or _set_off(telling, places.start, place)), places.stop
    )
    return range(places.start, end)


def _set_off(telling: Telling, start: int, place: int) -> bool:
    """Whether a word parts from a speaker what no name goes on with: a person's "in", a source's agency."""
    words = telling.tokens[start:place]
    if telling.tokens[place].word == "في":
        return not any(_kinds(token) & _COMMON or listed(token.word, "speaking") for token in words)
    nameless = bool(words) and listed(words[0].word, "nameless")
    return nameless and telling.tokens[place].word in word_list("audience") and words[-1].word != "من"


def _kinds(token: Token) -> set[str]:
    return {concept.kind for concept in concepts(token.word)}


def _aside(telling: Telling, place: int) -> bool:
    token = telling.tokens[place]
    following = telling.tokens[place + 1] if place + 1 < len(telling.tokens) else token
    if token.word == "ل":
        return following.quoted or listed(following.word, "audience")
    if token.word in ("في", "علي"):
        return token.text.endswith("ى") or listed(following.word, "occasions") or is_time_word(following.word)
    tied = token.word[0] == "ل" and listed(token.word, "audience")
    manner = token.text.endswith(("اً", "ًا"))
    return (
        tied
        or manner
        or token.word in word_list("asides") | _WHO
        or (is_time_word(token.word) and not is_given_name(token))
    )


def _reported(telling: Telling) -> SaidBy | None:
    """… نقلت الوكالة عن فلان قوله"""
    words = [token.word for token in telling.tokens]
    start = words.index("عن") + 1 if "عن" in words else len(words)
    end = next((place for place in range(start, len(words)) if words[place] in _HIS_SAYING | _THAT), start)
    return telling.speaker(range(start, end))


def _according(telling: Telling) -> SaidBy | None:
    """A sentence that begins or ends with whoever it is according to."""
    tokens = telling.tokens
    cue = next((place for place, token in enumerate(tokens) if _bare(token) in _ACCORDING), None)
    if cue is None or any(_verb(token) for token in tokens[:cue]):
        return None
    start = cue + 1
    while start < len(tokens) and (tokens[start].word in _WHAT or _verb(tokens[start])):
        start += 1
    pieces = telling.pieces(range(start, len(tokens)))
    if (
        not pieces
        or (cue and len(tokens) - pieces[0].stop > _CLOSING)
        or any(_verb(token) for token in tokens[pieces[0].stop :])
    ):
        return None
    return telling.speaker(_trimmed(telling, pieces[0]))


def _begins_speaker(text: str, tokens: list[Token], words: Sequence[Token]) -> bool:
    """Whether words begin with an office, a body, a place, a source, or what is or sounds like a name."""
    head = words[0]
    if _tied(head) or listed(head.word, "occasions") or any(token.word in _POINTING for token in words):
        return False
    kinds = _kinds(head)
    if kinds & _KINDS or listed(head.word, "nameless") or listed(head.word, "speaking"):
        whose = _HIS.search(head.text) and not kinds & {"given", "place", "body"}
        return not whose or _has_name(text, tokens, words)
    return not _MANNER.fullmatch(head.word) and bool(_sensed(text, tokens, [head]))


def _sensed(text: str, tokens: Sequence[Token], words: Sequence[Token]) -> list[Token]:
    """Those of some words of a sentence that sound like names."""
    return [token for token in sensed_names(tokens, name_scores(text, tokens), _SOUNDS) if token in words]


def _tied(token: Token) -> bool:
    """Whether a preposition is written to a word: لوزير."""
    tied = token.word[0] in "بلك" and any(concepts(form) for form in forms(token.word)[1:])
    return token.word.startswith("لل") or (tied and not is_given_name(token))
