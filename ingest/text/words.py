"""Arabic and English words made comparable: folding, light stems, and the terms that the lexical index holds.

Folding unifies what writers vary without meaning to: alef and hamza forms, ya and alef maqsura, ta marbuta and ha,
diacritics, tatweel, digits, letter case and Unicode's presentation forms. It is for matching only: what is shown and
cited is always the article's own text, and `located_words` leads back to it.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from shawahid.ingest.types import Span

from .sound import sound

_FOLD = {
    **dict.fromkeys(map(ord, "أإآٱ"), "ا"),
    **dict.fromkeys(map(ord, "ىیئ"), "ي"),
    ord("ؤ"): "و",
    ord("ة"): "ه",
    ord("ک"): "ك",
    **{ord(digit): str(value) for digits in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for value, digit in enumerate(digits)},
    # Tatweel, diacritics, Koranic marks, and the invisible characters that steer direction or joining.
    **dict.fromkeys([0x0640, *range(0x0610, 0x061B), *range(0x064B, 0x0660), 0x0670, *range(0x06D6, 0x06EE)]),
    **dict.fromkeys(
        [
            0x00AD,
            0x061C,
            0x200B,
            0x200C,
            0x200D,
            0x200E,
            0x200F,
            *range(0x202A, 0x202F),
            *range(0x2066, 0x206A),
            0xFEFF,
        ]
    ),
}
_FOLDED = re.compile("[" + "".join(map(re.escape, map(chr, _FOLD))) + "]")  # quicker in long texts than translate
_WORD = re.compile(r"[^\W_]+")
# Signs that folding makes letters or digits of: ℠, ℃, ㋀, ﷼ and their like.
_SIGNS_OF_LETTERS = (
    "\u0345\u20a8\u2100-\u214f\u249c-\u24e9\u2e9f\u2ef3\u2f00-\u2fd5\u3196-\u319f\u3200-\u33ff\ufdfc"
    "\U0001f110-\U0001f251"
)
# Normalising takes the square of the marks over one letter, so what has no space for long is normalised in pieces.
_UNBROKEN: Final = 500
_LONG_WORD = re.compile(rf"(?<!\S)\S{{{_UNBROKEN}}}")
_PIECE = re.compile(rf"\s*+\S{{1,{_UNBROKEN}}}+|\s++")
# A word as it is written: letters and digits, with the marks and invisible characters that folding takes away.
_WRITTEN = re.compile(
    f"(?:[^\\W_]|[{_SIGNS_OF_LETTERS}"
    + "".join(map(re.escape, map(chr, (code for code, to in _FOLD.items() if to is None))))
    + "])+"
)
_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_PREFIXES = ("وبال", "وكال", "فبال", "وال", "فال", "بال", "كال", "ولل", "لل", "ال")
_SUFFIXES = ("تها", "هما", "ات", "ان", "ون", "ين", "يه", "ها", "هم", "ته", "وا", "ه", "ي")
_GRAM: Final = 4
_SHORTEST_SOUND: Final = 3  # consonants; fewer are shared by too many words
LONGEST_STEM: Final = 64
"""Letters of a stem that are kept: what is longer is an address or debris; its beginning is enough to find it."""

# Words that ask or join and say nothing of the topic, in the written language and in speech; folded.
STOP_WORDS = frozenset(
    """
    من ما ماذا متي اين كيف كم هل لماذا لم لن لا ان انه انها التي الذي الذين هو هي هم في علي الي عن مع هذا هذه ذلك
    تلك او ثم قد كان كانت يكون اي ايه بعد قبل بين عند كل لدي حتي اذا بماذا بم لمن ومن وما وهل فيم مما عما
    ماهو ماهي ماهم اذكر شو ايش اش وش شنو ليش لش ليه وين فين امتي امتا امته ايمتي مين منو منهو شلون ازاي كيفاش علاش
    قديش
    the a an of in on at to for from by with and or is are was were be been do does did has have had what who whom
    whose when where which why how many much that this these those it its as about into than then there
    """.split()
)


def fold(text: str) -> str:
    """`text` with unmeaning variety removed; shorter than `text` where marks were dropped.

    >>> fold("أُسرةُ الفَريق ٢٠١٩")
    'اسره الفريق 2019'
    """
    if len(text) > _UNBROKEN and _LONG_WORD.search(text):
        unified = "".join(unicodedata.normalize("NFKC", piece) for piece in _PIECE.findall(text))
    else:
        unified = unicodedata.normalize("NFKC", text)
    return _FOLDED.sub(lambda found: _FOLD[ord(found[0])] or "", unified).casefold()


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return _WORD.findall(fold(text))


@lru_cache(maxsize=1_024)
def words_of_passage(passage: str) -> tuple[str, ...]:
    """The folded words of a passage, remembered for a moment: an ingest looks for near copies, then indexes."""
    return tuple(words(passage))


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """A folded word without its article, clitics and commonest endings; at least three letters always remain.

    >>> stem("والمدينه"), stem("مدن"), stem("armies")
    ('مدين', 'مدن', 'army')
    """
    if _LATIN.match(word):
        return _stem_latin(word)
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= 3:
            word = word[len(prefix) :]
            break
    else:
        if word[0] == "و" and len(word) >= 5:
            word = word[1:]
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            return word[: -len(suffix)]
    return word


def _stem_latin(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    for suffix in ("ing", "ed", "es", "s"):
        if word.endswith(suffix) and len(word) - len(suffix) >= 3 and not word.endswith("ss"):
            return word[: -len(suffix)]
    return word


def grams(word: str) -> tuple[str, ...]:
    """The 4-grams of a word's stem; a stem of four letters or fewer is its own."""
    root = stem(word)[:LONGEST_STEM]
    if len(root) <= _GRAM:
        return (root,)
    return tuple(root[start : start + _GRAM] for start in range(len(root) - _GRAM + 1))


@lru_cache(maxsize=65_536)
def word_terms(word: str) -> tuple[str, ...]:
    """What the lexical index holds of a folded word.

    The 4-grams of its stem, which find it in other forms; the stem whole (after "="), which tells it from its like; and
    its sound (after "~"), which finds a name that is written in the other alphabet.

    >>> word_terms("haftar")
    ('haft', 'afta', 'ftar', '=haftar', '~hftr')
    """
    heard = sound(word[:LONGEST_STEM])
    ends = (f"={stem(word)[:LONGEST_STEM]}", f"~{heard}")
    return grams(word) + (ends if len(heard) >= _SHORTEST_SOUND else ends[:1])


def terms(passage: str) -> list[str]:
    """What the lexical index holds of a passage, with repetitions."""
    return [term for word in words_of_passage(passage) for term in word_terms(word)]


def question_terms(question: str) -> list[str]:
    """The terms of a question without the words that only ask; all of them where nothing else is left."""
    topical = [word for word in words(question) if word not in STOP_WORDS]
    return [term for word in topical or words(question) for term in word_terms(word)]


def located_words(text: str) -> Iterator[tuple[str, Span]]:
    """The words of a text, folded, each with where it is written.

    >>> list(located_words("الـمُـدن، 2019"))
    [('المدن', Span(start=0, end=8)), ('2019', Span(start=10, end=14))]
    """
    for written in _WRITTEN.finditer(text):
        for word in words(written[0]):
            yield word, Span(*written.span())


def script(text: str) -> str:
    """The script that most letters of a text are in: "arabic", "latin" or "other".

    >>> script("قال Haftar إنه"), script("June 5"), script("2019")
    ('arabic', 'latin', 'other')
    """
    arabic, latin = len(_ARABIC.findall(text)), len(_LATIN.findall(text))
    if not arabic and not latin:
        return "other"
    return "arabic" if arabic >= latin else "latin"
