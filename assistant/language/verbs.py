"""Whether a text surely states something, in Arabic and English: a topic or a headline of nouns does not."""

import re
from collections.abc import Sequence
from typing import Final

from .lexicon import word_list
from .measures import unit
from .numerals import numbers
from .tokens import Token, tokenize

_NOT_ENGLISH_VERBS: Final = frozenset("the a an of by and his her their its no".split())
_RELATIVE: Final = frozenset("الذي التي الذين اللي من who which that".split())
_SHORTEST: Final = 4  # letters
_FORMS: Final = re.compile(  # of Arabic verbs, as they are folded, that hardly a noun has
    r"ي[^\W\d_]{3,}"  # يضم
    r"|س[يتن][^\W\d_]{2,}"  # سيضم, ستعفي
    r"|[^\W\d_]{2,}وا"  # رفعوا
    r"|(?!ال)[^\W\d_]{2,}[^اويةه\W\d_]ت"  # تعطلت
)
_LIKE_VERBS: Final = re.compile(  # nouns of these forms
    r"ي(?:وم|مين|سار|هود|وسف|ناير|وني|ولي|ابان|من|سري|حيي|عقوب|ونس|اسر|اسين)\w*"
    r"|سي(?:ار|د|اس|اق|اد|اح|طر|نم|نا|ول)\w*|سير(?:ه|ته|تها)?|ست(?:ه|ين|ون|اد|ار|انل|مايه)\w*|سن(?:ه|و|اب|غاف|د|تي)\w*"
    r"|\w*(?:انترنت|كوكت|ابنت|مونت|تحت|وقت|صوت|بنت|اخت|زيت|بيت|كويت|توقيت|سبت|صمت|كبريت|ميت)"
)


def states_something(text: str) -> bool:
    """Whether a text has a word that is surely a finite verb, or says how much something is.

    >>> states_something("البلدية ستعفي الباعة"), states_something("هجوم القنصلية الأميركية")
    (True, False)
    """
    tokens = tokenize(text)
    if any(measured and measured[0] != "time" for measured in (unit(tokens, number) for number in numbers(tokens))):
        return True
    return bool(finite_verbs(tokens))


def finite_verbs(tokens: Sequence[Token]) -> list[Token]:
    """The words that are surely finite verbs, without those of relative clauses."""
    return [
        token
        for place, token in enumerate(tokens)
        if (_english(tokens, place) if token.latin else _arabic(tokens, place))
        and not (place and tokens[place - 1].word in _RELATIVE)
    ]


def _arabic(tokens: Sequence[Token], place: int) -> bool:
    word = tokens[place].word
    plain = word[1:] if word[0] in "وف" and len(word) > _SHORTEST else word
    if plain in word_list("verb_or_noun"):
        return False
    if {word, plain} & (word_list("finite") | word_list("happening") | word_list("saying")):
        return True
    return len(plain) >= _SHORTEST and bool(_FORMS.fullmatch(plain)) and not _LIKE_VERBS.fullmatch(plain)


def _english(tokens: Sequence[Token], place: int) -> bool:
    token = tokens[place]
    if place == 0 or token.capital:
        return False
    if token.word in word_list("finite") or token.word.endswith("n't"):
        return True
    after_noun = tokens[place - 1].word not in _NOT_ENGLISH_VERBS and not token.stopped
    told = token.word in word_list("saying") and not token.word.endswith(("ing", "claims", "reports"))
    return after_noun and (told or (token.word.endswith("ed") and len(token.word) >= _SHORTEST))
