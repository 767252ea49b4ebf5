"""Names in Arabic and English sentences, and whether another text has them, in either alphabet."""

from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache, cached_property
from itertools import pairwise
from typing import Final

from shawahid.assistant.language.times.moments import is_time_word
from shawahid.ingest.text.sound import consonants, sound
from shawahid.ingest.text.words import STOP_WORDS

from .lexicon import concepts, forms, listed, place_names, word_list
from .tokens import Token
from .units import unit_of

_OPENERS: Final = word_list("openers")
_SHARED: Final = frozenset({"aust", "nige", "guin", "mala", "mali", "slov"})  # beginnings of several countries
_ALIKE: Final = str.maketrans({"g": "k", "x": "k", "z": "s", "S": "s", "d": "t"})
_NEARLY: Final = 0.85  # one consonant more or less, of five
_LIKE: Final = 0.6  # of the consonants, in order: يلينا and Jelena
_SHORTEST: Final = 2  # consonants
_SEMIVOWELS: Final = {"و": "w", "w": "w", "ي": "y", "y": "y"}


class Words:
    """The words of a text, to find others in: by form, by stem, by meaning, by sound in the other alphabet."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self._forms = {form for token in tokens for form in (*forms(token.word), token.stem)}
        for one, other in pairwise(tokens):  # عبد الله, عبدالله
            if not one.latin and not other.latin:
                self._forms.add(one.word + other.word)
        self._concepts = {concept for token in tokens for concept in concepts(token.word)}

    def has(self, token: Token) -> bool:
        """Whether the text has a word, in this form or another, in this alphabet or the other."""
        if token.stem in self._forms or any(form in self._forms for form in forms(token.word)):
            return True
        if token.latin and token.capital and len(token.word) > 4 and any(_kin(token, other) for other in self.tokens):
            return True
        meant = concepts(token.word)
        return bool(meant & self._concepts) or self.heard(token) or self._nation(token) or self._initials(token)

    def heard(self, token: Token) -> bool:
        """Whether the text has what may be the same name, in the other alphabet."""
        there = self._sounds[token.latin]
        return any(heard in there or (len(heard) > 4 and _nearly(heard, there)) for heard in _sounds(token))

    def sounds_like(self, token: Token) -> bool:
        """Whether the text has a name in the other alphabet that is nearer to this one than another name would be."""
        there = self._sounds[token.latin]
        return any(
            SequenceMatcher(None, one, other).ratio() >= _LIKE for one in _sounds(token) for other in there if other
        )

    def _nation(self, token: Token) -> bool:
        """Whether a country is there as an adjective, or the other way round: Chile, Chilean, تشيلي."""
        return bool(_nations(token) & {nation for other in self.tokens for nation in _nations(other)})

    def _initials(self, token: Token) -> bool:
        """Whether a name of capitals alone stands for words that are there: CFO. Across alphabets it cannot be told."""
        if not (token.text.partition("'")[0].partition("’")[0].isupper() and 2 <= len(token.word) <= 5):
            return False
        letters = "".join(other.word[0] for other in self.tokens if other.word not in {"of", "and", "the", "for"})
        return token.word in letters or not any(other.latin for other in self.tokens)

    @cached_property
    def _sounds(self) -> tuple[set[str], set[str]]:
        """The sounds of the words to compare one in Arabic letters with, and one in Latin."""
        latin: set[str] = set()
        arabic: set[str] = set()
        for token in self.tokens:
            if token.word not in STOP_WORDS and not token.word[0].isdigit() and (token.capital or not token.latin):
                (latin if token.latin else arabic).update(_sounds(token))
        for one, other in pairwise(self.tokens):  # رام الله, Ramallah
            if not one.latin and not other.latin:
                arabic.add(_coarse(consonants(one.word) + consonants(other.word)))
        return latin, arabic


def _sounds(token: Token) -> Iterator[str]:
    """How a word may be heard in the other alphabet; what is shorter than two consonants is not told."""
    word = token.word.replace("ç", "s")
    if token.latin:
        written = [word, word.removesuffix("s")]
        written += ["w" + form[2:] for form in written if form.startswith("ou")]
    else:
        written = [*forms(word), word.replace("تش", "ش"), word.removeprefix("ا")]
    for form in written:
        first = _SEMIVOWELS.get(form[:1], "")
        whole = consonants(form[:2]) + consonants(form[2:])  # كاليفورنيا has no article
        for heard in (consonants(form), sound(form), whole):
            if len(first + heard) >= _SHORTEST:
                yield first + _coarse(heard)


def _nearly(heard: str, there: Collection[str]) -> bool:
    """Whether a long name is there but for one consonant."""
    return any(
        abs(len(heard) - len(other)) <= 1 and len(other) > 4 and SequenceMatcher(None, heard, other).ratio() > _NEARLY
        for other in there
    )


def _coarse(heard: str) -> str:
    """Consonants that transcriptions take for each other as one: ق is k, q or g; ط and ت are t; ص and ز are s and z."""
    return heard.translate(_ALIKE)


def _kin(token: Token, other: Token) -> bool:
    """Whether two words in Latin letters are a place and its people, and not two places: Lanka, Lankan."""
    mine, theirs = ({concept for concept in concepts(one.word) if concept.kind == "place"} for one in (token, other))
    if mine and theirs and not mine & theirs:
        return False
    return other.latin and other.capital and len(other.word) > 3 and token.word[:4] == other.word[:4]


def _nations(token: Token) -> set[str]:
    """The countries and cities that a word may be of, by the beginnings of their English names."""
    if token.latin:
        return {token.word[:length] for length in (4, 5)} & _place_beginnings()[0].keys() if token.capital else set()
    known = _place_beginnings()[1]
    return {nation for form in forms(token.word) if len(form) >= 4 for nation in known.get(form[:4], ())}


@cache
def _place_beginnings() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """The first letters of places' English names, and those of their Arabic names with the English ones."""
    english: dict[str, set[str]] = {}
    arabic: dict[str, set[str]] = {}
    for concept, written in place_names():
        begin = concept.name[: 5 if concept.name[:4] in _SHARED else 4]
        english.setdefault(begin, set()).add(begin)
        for name in written:
            for plain in forms(name):
                if not name.isascii() and len(plain) >= 4:
                    arabic.setdefault(plain[:4], set()).add(begin)
    return english, arabic


def names(tokens: Sequence[Token]) -> list[Token]:
    """The words of a sentence that are names or parts of names.

    In Latin script, words with a capital that the beginning of the sentence does not explain. In Arabic, those that are
    a place or a given name, or follow a title, a given name, or a verb of saying.
    """
    return [
        token
        for place, token in enumerate(tokens)
        if (_latin_name(tokens, place) if token.latin else _arabic_name(tokens, place))
    ]


def sensed_names(tokens: Sequence[Token], scores: Sequence[float], least: float) -> list[Token]:
    """The Arabic words that sound like names where they stand, of those that no list knows as something else."""
    return [
        token
        for token, score in zip(tokens, scores, strict=True)
        if score >= least and not token.latin and not token.word[0].isdigit() and not _is_known_word(token.word)
    ]


def _is_known_word(word: str) -> bool:
    kinds = {concept.kind for concept in concepts(word)}
    plain = word in STOP_WORDS or is_time_word(word) or unit_of(word) is not None
    return plain or listed(word, "little") or listed(word, "saying") or not kinds <= {"given", "place"}


def is_given_name(token: Token) -> bool:
    """Whether a word is known as a given name; only Arabic ones are, for Latin letters have capitals to tell by."""
    return any(concept.kind == "given" for concept in concepts(token.word))


def _latin_name(tokens: Sequence[Token], place: int) -> bool:
    token = tokens[place]
    if (
        is_time_word(token.word)
        or not token.capital
        or token.word in STOP_WORDS
        or token.word in _OPENERS
        or len(token.word) < 2
    ):
        return False
    cited = token.quoted and any(other.quoted for other in tokens[place + 1 : place + 4])
    if place and not token.begins and (cited or not token.quoted):
        return True
    if any(concept.kind == "place" for concept in concepts(token.word)):
        return True
    if concepts(token.word) or place + 1 >= len(tokens):
        return False
    after = tokens[place + 1]
    says = after.word in word_list("saying") and not token.word.endswith("s")
    joined = after.word in ("al", "el") and place + 2 < len(tokens) and tokens[place + 2].capital
    return says or ((after.capital or joined) and not after.stopped)


def _arabic_name(tokens: Sequence[Token], place: int) -> bool:
    word = tokens[place].word
    if word in STOP_WORDS or word in word_list("little") or is_time_word(word):
        return False
    kinds = {concept.kind for concept in concepts(word)}
    if kinds & {"given", "place"}:
        return True
    if not place or tokens[place].stopped:
        return False
    before = {concept.kind for concept in concepts(tokens[place - 1].word)}
    office = place > 1 and "minister" in {concept.name for concept in concepts(tokens[place - 2].word)}
    title = ("title" in before and not tokens[place - 1].word.startswith("ال")) or bool(before & {"given"})
    return not kinds and bool(title or (office and "portfolio" in before and _may_be_name(word)))


def _may_be_name(word: str) -> bool:
    return word[0] not in "وفبليت" and word not in word_list("saying") and len(word) >= 3
