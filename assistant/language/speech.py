"""Who is said to have said what, in Arabic and English sentences."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from shawahid.assistant.language.times.moments import is_time_word
from shawahid.ingest.text.words import STOP_WORDS

from .lexicon import forms, word_list
from .tokens import Token, sentences_of

_SAYING: Final = word_list("saying")
_ACCORDING: Final = frozenset("بحسب حسب وفق وفقا نقلا".split())
_THAT: Final = frozenset("ان انه انها انهم بان بانه بانها بانهم لان that".split())
_SAID_OF: Final = word_list("said_of")
_LINKS: Final = frozenset("ل عن ما به بها لسان حد علي كما to".split())
_PRONOUNS: Final = frozenset("he she they it his her their who which هو هي هم".split())
_BEFORE_VERBS: Final = frozenset("في حسبما وفقما مثلما ما كما حد قد فقد كان كانت وكان وكانت وقد".split())
_LEADING: Final = frozenset(
    "after before in on at as because despite during with when while once if since for by under".split()
)
_WAS: Final = frozenset("كان كانت وكان وكانت".split())
_PASSIVE: Final = frozenset("been be was were is are being".split())
_DETERMINERS: Final = frozenset(
    "the these those such any all of a an its no".split()
)  # claims and reports are nouns as well
_CONTRASTS: Final = frozenset("while whereas but فيما بينما لكن".split())
_SHORTEST: Final = 4  # words on each side of one
_CITED: Final = 4  # words; less between quotation marks is a name
_CLOSING: Final = 4  # words after a verb of saying that ends its sentence: "… , a source told reporters"
_LONGEST_ALONE: Final = 5  # where no "that" tells where the speaker ends
_LONGEST: Final = 12  # words of a speaker, with titles and offices


@dataclass(frozen=True, slots=True)
class Speech:
    """What somebody is said to have said: the words that name the speaker (none for a pronoun), and all the others."""

    speaker: tuple[Token, ...]
    content: tuple[Token, ...]


def speeches(tokens: list[Token]) -> list[Speech]:
    """The sayings of a text, sentence by sentence."""
    return [speech for part in parts(tokens) if (speech := _speech(part))]


def parts(tokens: list[Token]) -> list[list[Token]]:
    """The sentences of a text; one that sets two sayings against each other, by "while" or "but", is two."""
    found: list[list[Token]] = []
    for sentence in sentences_of(tokens):
        cuts = [
            place
            for place, token in enumerate(sentence)
            if token.word in _CONTRASTS and _SHORTEST <= place < len(sentence) - _SHORTEST
        ]
        found += [sentence[start:end] for start, end in pairwise([0, *cuts, len(sentence)])]
    return found


def _speech(tokens: list[Token]) -> Speech | None:
    for place, token in enumerate(tokens):
        if token.word == "according" and place + 1 < len(tokens):
            return _after(tokens, place, place + 2)
        if any(form in _ACCORDING for form in forms(token.word)):
            return _after(tokens, place, place + 1)
        if _says(token.word, tokens[place + 1].word if place + 1 < len(tokens) else ""):
            found = _english(tokens, place) if token.latin else _arabic(tokens, place)
            if found:
                return found
    return None


def _says(word: str, following: str) -> bool:
    """Whether a word tells of somebody's saying; ورد في is not ورد but a report that something stands somewhere."""
    if (word, following) == ("ورد", "في"):
        return False
    return word in _SAYING or (word[0] in "وف" and word[1:] in _SAYING)


def _after(tokens: list[Token], cue: int, place: int) -> Speech:
    """Whoever is named after "according to": to the comma where the sentence begins with it, else to its end."""
    while place < len(tokens) and any(form in _LINKS | _SAYING for form in forms(tokens[place].word)):
        place += 1
    end = _stop(tokens, place)
    if len(tokens) - end <= _CLOSING + 1 and cue > 1:  # "according to the chief medical officer, Anita Feldgren."
        end = len(tokens)
    return _made(tokens, range(cue, place), range(place, end))


def _english(tokens: list[Token], place: int) -> Speech | None:
    if place and tokens[place - 1].word in _PASSIVE | _DETERMINERS:
        return None
    if tokens[place].quoted and place >= _CITED:  # "…", said the minister
        return _made(tokens, range(place, place + 1), range(place + 1, _stop(tokens, place + 1)))
    if not place:
        return None
    end = _stop(tokens, place + 1)
    if (
        tokens[place].stopped
        and not tokens[place].word.endswith("ing")
        and end > place + 1
        and all(_names(token) for token in tokens[place + 1 : end])
    ):
        return _made(tokens, range(place, place + 1), range(place + 1, end))
    after = _stop(tokens, place + 1) - place - 1
    closing = after <= _CLOSING and tokens[place + after].word not in _THAT and place + after + 1 == len(tokens)
    if place + 1 < len(tokens) and tokens[place + 1].stopped and not tokens[place + 1].quoted:
        closing = True  # "…, the mayor said, after …"
    led = tokens[0].word.endswith("ing") or tokens[0].word in _LEADING
    start = place - 1
    while start > 0 and place - start < _LONGEST and not (closing and tokens[start].stopped):
        if led and tokens[start].stopped and not any(token.stopped for token in tokens[1:start]):
            break  # "Refusing to sign, the minister said …"
        start -= 1
    return _made(tokens, range(place, place + 1), range(start, place))


def _names(token: Token) -> bool:
    return (token.capital and not is_time_word(token.word)) or token.word in {"the", "of", "al", "el", "bin", "de"}


def _stop(tokens: list[Token], place: int) -> int:
    """Where the words from `place` on are first parted by punctuation, at most a speaker's length away."""
    end = place
    while end < len(tokens) and end - place < _LONGEST and not (end > place and tokens[end].stopped):
        end += 1
    return end


def _arabic(tokens: list[Token], place: int) -> Speech | None:
    following = tokens[place + 1].word if place + 1 < len(tokens) else ""
    joined = tokens[place].word[0] in "وف" and tokens[place].word not in _SAYING
    before = range(max(0, place - _LONGEST), place)
    if place > 2 and tokens[place - 1].word == "قد" and tokens[place - 2].word not in _WAS:  # وكان الوزير قد اتهم
        return _made(tokens, range(place, place + 1), before)
    if joined and tokens[0].word in ("اما", "واما"):  # أما مدرب الفريق فرأى أن …
        return _made(tokens, range(place, place + 1), range(1, place))
    if following in _THAT:
        return _made(tokens, range(place, place + 1), range(0) if joined else before)
    if place and not joined and not tokens[place].stopped and tokens[place - 1].word not in _BEFORE_VERBS:
        return _made(tokens, range(place, place + 1), before)
    begin = place + 1
    while begin < len(tokens) and tokens[begin].word in _LINKS:
        begin += 1
    that = next((other for other in range(begin, min(begin + _LONGEST, len(tokens))) if tokens[other].word in _THAT), 0)
    end = begin
    longest = _LONGEST if that else _LONGEST_ALONE
    while end < len(tokens) and end - begin < longest and end != that:
        if (end > begin and tokens[end].word in _SAID_OF) or (not that and _ends(tokens, begin, end)):
            break
        end += 1
    return _made(tokens, range(place, begin), range(begin, end))


def _ends(tokens: list[Token], begin: int, place: int) -> bool:
    """Whether a speaker ends before a word where no "that" follows: at a colon, a quotation, or what he is said to do
    "with" (ب)."""
    token = tokens[place]
    with_what = token.word[0] == "ب" and len(token.word) > 3 and token.word not in {"باسم", "بيان"}
    denies = token.word in word_list("not")
    return place > begin and (token.led or token.quoted or with_what or denies)


def _made(tokens: list[Token], cue: range, named: range) -> Speech:
    while len(named) > 1 and is_time_word(tokens[named[-1]].word):  # "the mayor, on Sunday, that …"
        named = named[:-1]
    speaker = tuple(
        token for token in (tokens[place] for place in named) if token.word not in STOP_WORDS | _PRONOUNS | _SAYING
    )
    content = tuple(token for place, token in enumerate(tokens) if place not in named and place not in cue)
    return Speech(speaker, content)
