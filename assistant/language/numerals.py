"""Numbers in Arabic and English text, in figures or in words, as values that compare across both languages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

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


_UNITS = {
    word: value
    for value, forms in enumerate(
        (
            "zero صفر",
            "one واحد واحده احد احدي",
            "two اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي",
            "three ثلاث ثلاثه",
            "four اربع اربعه",
            "five خمس خمسه",
            "six ست سته",
            "seven سبع سبعه",
            "eight ثمان ثماني ثمانيه",
            "nine تسع تسعه",
            "ten عشر عشره",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        )
    )
    for word in forms.split()
}
_TENS = {
    word: 10 * value
    for value, forms in enumerate(
        (
            "twenty عشرون عشرين",
            "thirty ثلاثون ثلاثين",
            "forty fourty اربعون اربعين",
            "fifty خمسون خمسين",
            "sixty ستون ستين",
            "seventy سبعون سبعين",
            "eighty ثمانون ثمانين",
            "ninety تسعون تسعين",
        ),
        start=2,
    )
    for word in forms.split()
}
_HUNDREDS = {
    **dict.fromkeys("ميه مايه مئه".split(), 100),
    **dict.fromkeys("ميتان ميتين مايتان مايتين ميتا ميتي مايتي".split(), 200),
    **{
        f"{stem}{hundred}": 100 * value
        for value, stem in enumerate("ثلاث اربع خمس ست سبع ثمان تسع".split(), start=3)
        for hundred in ("ميه", "مايه")
    },
    **dict.fromkeys("ثمانيميه ثمانيمايه".split(), 800),
}
_SCALES = {
    **dict.fromkeys("hundred".split(), (100, 1)),
    **dict.fromkeys("thousand k الف الاف الفا".split(), (1_000, 1)),
    **dict.fromkeys("الفان الفين الفي".split(), (1_000, 2)),
    **dict.fromkeys("million m mn مليون ملايين مليونا".split(), (10**6, 1)),
    **dict.fromkeys("مليونان مليونين مليوني".split(), (10**6, 2)),
    **dict.fromkeys("billion bn b مليار مليارات مليارا بليون بلايين".split(), (10**9, 1)),
    **dict.fromkeys("ملياران مليارين ملياري".split(), (10**9, 2)),
    **dict.fromkeys("trillion tn تريليون تريليونات".split(), (10**12, 1)),
    **dict.fromkeys("dozen دزينه".split(), (12, 1)),
}
_VAGUE = {
    **dict.fromkeys("dozens tens عشرات العشرات".split(), 10),
    **dict.fromkeys("hundreds ميات مئات الميات".split(), 100),
    **dict.fromkeys("thousands الالاف الاف".split(), 1_000),
    **dict.fromkeys("millions الملايين ملايين".split(), 10**6),
    **dict.fromkeys("billions المليارات مليارات".split(), 10**9),
}
_FRACTIONS = {
    **dict.fromkeys("half نصف النصف".split(), Fraction(1, 2)),
    **dict.fromkeys("ثلث الثلث".split(), Fraction(1, 3)),
    **dict.fromkeys("ثلثا ثلثي ثلثين ثلثان الثلثين".split(), Fraction(2, 3)),
    **dict.fromkeys("quarter ربع الربع".split(), Fraction(1, 4)),
}
_DENOMINATORS = {
    **dict.fromkeys("third thirds اثلاث".split(), 3),
    **dict.fromkeys("quarter quarters ارباع".split(), 4),
    **dict.fromkeys("fifth fifths اخماس".split(), 5),
    **dict.fromkeys("tenth tenths اعشار".split(), 10),
}
WEEKDAYS = frozenset("الاثنين الثلاثاء الاربعاء الخميس الاحد".split())  # which look like numbers
_PARTS = {word: Fraction(1, value) for value, word in ((5, "خمس"), (6, "سدس"), (7, "سبع"), (10, "عشر"))}
_ONE_OR_TWO = frozenset("مليونا مليارا الفا".split())
_WHOLES = ("المليون", "المليار", "الالف")
_ORDINALS = {
    word: value
    for value, forms in enumerate(
        (
            "second ثان ثاني ثانيه",
            "third ثالث ثالثه",
            "fourth رابع رابعه",
            "fifth خامس خامسه",
            "sixth سادس سادسه",
            "seventh سابع سابعه",
            "eighth ثامن ثامنه",
            "ninth تاسع تاسعه",
            "tenth عاشر عاشره",
            "eleventh",
            "twelfth",
        ),
        start=2,
    )
    for word in forms.split()
}
_ARABIC_UNITS = {"حادي": 1, "حاديه": 1} | {w: v for w, v in _ORDINALS.items() if not w.isascii() and v < 10}
_TIMES = {"once": 1, "twice": 2, "thrice": 3, "double": 2, "doubled": 2, "triple": 3, "tripled": 3}
_DUALS = dict.fromkeys(
    """
    يومين يومان ساعتين ساعتان شهرين شهران عامين عامان سنتين سنتان اسبوعين اسبوعان مرتين مرتان دقيقتين دقيقتان
    قتيلين قتيلان شخصين شخصان جنديين جنديان رجلين رجلان طفلين طفلان مدينتين مدينتان هدفين هدفان طايرتين طايرتان
    قرنين عقدين عقدان كيلومترين مترين طنين دولارين درهمين كلا كلتا كلاهما
    """.split(),
    2,
)


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
    """The value of a numeral: 1,200 and 1.200.000 are thousands, 1.5 and 12,5 are decimals."""
    text = word.replace("٬", ",").replace("٫", ".")
    if not text[0].isdigit() or ":" in text:
        return None
    for mark in ",.":
        parts = text.split(mark)
        grouped = len(parts) > 1 and all(len(part) == 3 for part in parts[1:]) and len(parts[0]) <= 3
        if grouped and (mark == "," or len(parts) > 2):
            text = text.replace(mark, "")
    text = text.replace(",", ".")
    return Fraction(text) if text.count(".") <= 1 else None


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
            if self._halved and word in ("a", *_WHOLES):
                self.place += 1
                return True
            if self._halved and not (self._group == self.value and word in _SCALES):
                return False
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
