"""Numbers in Arabic and English text, in figures or in words, as values that compare across both languages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from .lexicon import word_list, word_table
from .tokens import Token
from .units import bare, unit_of


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it stands in tokens `first` to `last`: its value, and whether it is vague ("hundreds") or ordinal."""

    value: Fraction
    first: int
    last: int
    text: str
    vague: bool = False
    ordinal: bool = False
    also: Fraction | None = None  # what else it may mean: مليونا is a million or two, الخمس five or a fifth


def _values(name: str) -> dict[str, int]:
    return {word: int(value) for word, value in word_table(name).items()}


def _parts_of_one(name: str) -> dict[str, Fraction]:
    return {word: Fraction(value) for word, value in word_table(name).items()}


WEEKDAYS: Final = word_list("weekdays_like_numbers")
_ONE_OR_TWO: Final = word_list("one_or_two")
_WHOLES: Final = word_list("wholes")
_UNITS: Final = _values("units")
_TENS: Final = _values("tens")
_HUNDREDS: Final = _values("hundreds")
# Each scale with how many of it a word means: الف, and الفان.
_SCALES: Final = {
    word: (scale, times)
    for times, name in ((1, "scales"), (2, "scales_twice"))
    for word, scale in _values(name).items()
}
_VAGUE: Final = _values("vague")
_FRACTIONS: Final = _parts_of_one("fractions")
_DENOMINATORS: Final = _values("denominators")
_PARTS: Final = _parts_of_one("parts")
_ORDINALS: Final = _values("ordinals")
_ARABIC_UNITS: Final = _values("ordinal_units")
_TIMES: Final = _values("times")
_DUALS: Final = dict.fromkeys(word_list("duals"), 2)

# What has more than a hundred digits counts nothing; of thousands, Python makes no number at all.
_PLAIN: Final = re.compile(r"\d{1,100}(?:\.\d{1,100})?")
_VULGAR: Final = re.compile(r"(\d{1,100})⁄(\d{1,100})")  # ½ and its like, folded


def numbers(tokens: Sequence[Token]) -> list[Number]:
    """The numbers of a text, in figures or in words; neither "one" nor "first" is one, for both mostly only point."""
    found = []
    place = 0
    while place < len(tokens):
        passed_over = tokens[place].word in WEEKDAYS or (
            tokens[place].word == "ميتين" and "ئ" not in tokens[place].text
        )
        number = None if passed_over or tokens[place].attached else _read_number(tokens, place)
        if number:
            found.append(number)
            place = number.last + 1
        else:
            place += 1
    return found


def _read_number(tokens: Sequence[Token], place: int) -> Number | None:
    word = tokens[place].word
    if found := _part(tokens, place):
        return found
    if (plain := bare(word)) in _VAGUE:
        return Number(Fraction(_VAGUE[plain]), place, place, tokens[place].text, vague=True)
    reader = _Reader(tokens, place)
    if not reader.read():
        return _single(tokens, place)
    text = " ".join(token.text for token in tokens[place : reader.place])
    if reader.value == 1 and not word[0].isdigit():
        return None
    if (
        reader.value == 100
        and place
        and (word.startswith("بال") or (word.startswith("ال") and tokens[place - 1].word == "في"))
    ):
        return None  # في المئة
    also = None
    if reader.place == place + 1:
        also = 2 * reader.value if word in _ONE_OR_TWO else _PARTS.get(bare(word).removeprefix("ال"))
    return Number(reader.value, place, reader.place - 1, text, also=also)


def _part(tokens: Sequence[Token], place: int) -> Number | None:
    """Parts that take several words: "a third", "one in four", سنة ونصف."""
    words = [token.word for token in tokens[place : place + 4]]
    halved = re.fullmatch(r"(نصف|ثلث|ربع|ثلثا|ثلثي)(?:هم|ها|ه|هن)", bare(words[0]))
    if halved:
        return Number(_FRACTIONS[halved[1]], place, place, tokens[place].text)
    if words[1:3] == ["and", "a"] and len(words) == 4 and words[3] in _FRACTIONS and unit_of(words[0]):
        return Number(1 + _FRACTIONS[words[3]], place, place + 3, " ".join(words))
    if len(words) > 1 and words[0] in {"a", "one"} and words[1] in _DENOMINATORS:
        return Number(Fraction(1, _DENOMINATORS[words[1]]), place, place + 1, " ".join(words[:2]))
    if len(words) > 2 and words[:2] == ["one", "in"] and words[2] in _UNITS:
        return Number(Fraction(1, _UNITS[words[2]]), place, place + 2, " ".join(words))
    if words[0] in {"ونصف", "وربع", "وثلث"} and place and unit_of(tokens[place - 1].word):
        return Number(
            1 + _FRACTIONS[words[0][1:]], place - 1, place, " ".join(t.text for t in tokens[place - 1 : place + 1])
        )
    return None


def _single(tokens: Sequence[Token], place: int) -> Number | None:
    """Ordinals, duals and the like: numbers in one word; and the ordinals that take two (التاسعة عشرة)."""
    word = tokens[place].word
    following = tokens[place + 1].word if place + 1 < len(tokens) else ""
    unit = next((_ARABIC_UNITS[form] for form in _bare_forms(word) if form in _ARABIC_UNITS), 0)
    more = 10 if following in {"عشر", "عشره"} else _TENS.get(following.removeprefix("و").removeprefix("ال"), 0)
    if unit and more:
        return Number(
            Fraction(unit + more), place, place + 1, f"{tokens[place].text} {tokens[place + 1].text}", ordinal=True
        )
    for table in (_ORDINALS, _TIMES, _DUALS):
        for form in _bare_forms(word):
            if form in table:
                if table[form] == 1:
                    return None
                return Number(Fraction(table[form]), place, place, tokens[place].text, ordinal=table is _ORDINALS)
    return None


def _bare_forms(word: str) -> tuple[str, ...]:
    return word, bare(word), word.removeprefix("ال"), bare(word).removeprefix("ال")


def figure(word: str) -> Fraction | None:
    """The value of a numeral: 1,200 and 1.200.000 are thousands, 1.5 and 12,5 are decimals; None where it is none."""
    text = word.replace("٬", ",").replace("٫", ".")
    if not text[0].isdigit() or ":" in text:
        return None
    for mark in ",.":
        parts = text.split(mark)
        grouped = len(parts) > 1 and all(len(part) == 3 for part in parts[1:]) and len(parts[0]) <= 3
        if grouped and (mark == "," or len(parts) > 2):
            text = text.replace(mark, "")
    text = text.replace(",", ".")
    return Fraction(text) if _PLAIN.fullmatch(text) else None


def vulgar(word: str) -> Fraction | None:
    """The value of a fraction in one sign, which folding makes 1⁄2; None where it is none."""
    found = _VULGAR.fullmatch(word)
    return Fraction(int(found[1]), int(found[2])) if found and int(found[2]) else None


class _Reader:
    """Reads one number from `place` on: units and tens that add up, scales that multiply."""

    def __init__(self, tokens: Sequence[Token], place: int) -> None:
        self.tokens, self.place, self.start = tokens, place, place
        self._total = Fraction(0)
        self._group: Fraction | None = None
        self._smallest = 10**15  # what was added last; a number goes on only with something smaller
        self._scale = 10**15
        self._halved = False  # "ونصف المليون", "half a million": what follows is said of the fraction

    @property
    def value(self) -> Fraction:
        return self._total + (self._group or 0)

    def read(self) -> bool:
        while self.place < len(self.tokens) and self._step():
            pass
        return self.place > self.start

    def _step(self) -> bool:
        word = self.tokens[self.place].word
        joined = False
        if self.place > self.start:
            if self.tokens[self.place].stopped:
                return False
            if self._halved and (word == "a" or word in _WHOLES):
                self.place += 1
                return True
            if self._halved and not (self._group == self.value and word in _SCALES):
                return False
            if self._adds_a_fraction():
                return True
            words = [token.word for token in self.tokens[self.place : self.place + 3]]
            if words[:2] == ["and", "a"] and words[2:] and words[2] in _FRACTIONS and self._group is not None:
                self._group += _FRACTIONS[words[2]]
                self.place += 3
                return True
            if word == "و" and self._takes(self.place + 1, joined=True, figures=True):
                self.place += 2
                return True
            if word == "and" and self._arabic_or_hundred() and self._takes(self.place + 1, joined=True):
                self.place += 2
                return True
            joined = word[0] == "و" and len(word) > 2
        return self._take_here(word, joined)

    def _adds_a_fraction(self) -> bool:
        """Takes the sign of "2½" or "2 ½"."""
        part = vulgar(self.tokens[self.place].word)
        if part is None or self._smallest != 0 or self._group is None or self._group.denominator != 1:
            return False
        self._group += part
        self.place += 1
        return True

    def _take_here(self, word: str, joined: bool) -> bool:
        if self._take(word[1:] if joined and word not in _UNITS else word, joined):
            self.place += 1
            return True
        if self.place == self.start and len(word) > 3 and word[0] in "وبلف" and self._take(word[1:], joined=False):
            self.place += 1
            return True
        return False

    def _arabic_or_hundred(self) -> bool:
        return self.tokens[self.place - 1].word in {"hundred", "thousand", "million", "billion"} or self._group is None

    def _takes(self, place: int, joined: bool, figures: bool = False) -> bool:
        if place >= len(self.tokens):
            return False
        value = figure(self.tokens[place].word) if figures else None
        if value is not None and self._group is None and value < self._scale:
            self._group, self._smallest = value, 0
            return True
        return self._take(self.tokens[place].word, joined)

    def _take(self, word: str, joined: bool) -> bool:
        first = self.place == self.start
        if first and word.startswith("ال") and word not in _SCALES and len(word) > 3:
            word = word[2:]
        value = figure(word)
        if value is None:
            value = vulgar(word)
        if value is not None:
            if not first:
                return False
            self._group, self._smallest = value, 0
            return True
        if word in _SCALES:
            return self._multiply(*_SCALES[word], word)
        if word in _FRACTIONS and (joined or first):
            return self._fraction(_FRACTIONS[word], first)
        if self._group is not None and word in _DENOMINATORS and 1 < self._group < 10:
            self._group = self._group / _DENOMINATORS[word]
            return True
        return self._add(word, joined, first)

    def _multiply(self, scale: int, times: int, word: str) -> bool:
        first = self.place == self.start
        if word in ("k", "m", "mn", "b", "bn", "tn"):
            before = self.tokens[self.place - 1] if not first else None
            if before is None or not before.word[0].isdigit() or before.end != self.tokens[self.place].start:
                return False
        if scale >= self._scale and not first:
            return False
        group = self._group if self._group is not None else Fraction(times)
        if scale == 100:
            self._group, self._smallest = group * 100, 100
            return True
        self._total += group * scale
        self._group, self._smallest, self._scale = None, scale, scale
        return True

    def _fraction(self, value: Fraction, first: bool) -> bool:
        self._halved = True
        if first:
            self._group, self._smallest = value, 0
        elif self._group is not None:
            self._group = self._group + value
        else:
            self._total += value * self._scale
        return True

    def _add(self, word: str, joined: bool, first: bool) -> bool:
        value: int | None = _HUNDREDS.get(word) or _TENS.get(word)
        if value is None:
            value = _UNITS.get(word)
        if value is None:
            return False
        if value == 10 and self._group is not None and 1 <= self._group <= 9 and not joined and not first:
            self._group += 10  # خمسة عشر
            return True
        english = word.isascii()
        if not first and not joined and not (english and self._smallest > value and self._smallest != 0):
            return False
        if self._group is not None and not first:
            # خمسة وعشرون: units come before tens in Arabic
            reversed_tens = 20 <= value < 100 and self._group < 10
            if not reversed_tens and value >= self._smallest:
                return False
            if self._smallest == 0:
                return False
        self._group = Fraction((self._group or 0) + value)
        self._smallest = 100 if value >= 100 else 10 if value >= 20 else 1
        return True
