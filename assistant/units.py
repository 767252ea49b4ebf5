"""What numbers count: units of time, money, length and weight, and whether two amounts are the same."""

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from .tokens import Token

if TYPE_CHECKING:
    from .numerals import Number

_UNITS_OF = {
    word: (kind, name)
    for kind, names in {
        "time": {
            "second": "second ثانيه ثواني ثانيتين",
            "minute": "minute دقيقه دقايق دقيقتين دقيقتان",
            "hour": "hour ساعه ساعات ساعتين ساعتان",
            "day": "day يوم يوما ايام يومين يومان",
            "week": "week اسبوع اسبوعا اسابيع اسبوعين اسبوعان",
            "month": "month شهر شهرا اشهر شهور شهرين شهران",
            "year": "year عام عاما اعوام سنه سنوات عامين عامان سنتين سنتان",
            "decade": "decade عقد عقود عقدين",
        },
        "money": {
            "dollar": "dollar usd دولار دولارا دولارات",
            "euro": "euro eur يورو",
            "pound": "pound sterling جنيه جنيها جنيهات",
            "dirham": "dirham درهم درهما دراهم",
            "dinar": "dinar دينار دينارا دنانير",
            "riyal": "riyal rial ريال ريالا ريالات",
            "lira": "lira ليره ليرات",
        },
        "length": {
            "kilometre": "kilometre kilometer km كيلومتر كيلومترا كيلومترات كيلو",
            "metre": "metre meter متر مترا امتار",
            "mile": "mile ميل ميلا اميال",
            "hectare": "hectare هكتار هكتارا هكتارات",
        },
        "weight": {
            "kilogram": "kilogram kg كيلوغرام كيلوجرام",
            "tonne": "ton tonne طن طنا اطنان",
            "litre": "litre liter لتر لترا",
        },
    }.items()
    for name, forms in names.items()
    for word in forms.split()
}


_BETWEEN = frozenset("of the من الاول الاولي اول first".split())
_HOURS: dict[str, int] = {"minute": 1, "hour": 60, "day": 1_440, "week": 10_080}  # in minutes
_MONTHS = {"month": 1, "year": 12, "decade": 120}
_ABOUT = Fraction(1, 100)  # 33 percent is a third


def unit_of(word: str) -> tuple[str, str] | None:
    """The kind and name of a unit: ("money", "dirham")."""
    for form in (
        word,
        word.removesuffix("s"),
        word.removeprefix("ال"),
        word.removeprefix("بال"),
        word.removeprefix("لل"),
    ):
        if form in _UNITS_OF:
            return _UNITS_OF[form]
    return None


def unit(tokens: Sequence[Token], number: "Number") -> tuple[str, str] | None:
    """The unit that a number counts; None where it counts anything else."""
    place = number.first
    while place < min(number.last + 3, len(tokens)):
        if found := unit_of(tokens[place].word):
            return found
        place += 1
    while place < len(tokens) and place <= number.last + 5 and tokens[place - 1].word in _BETWEEN:
        if found := unit_of(tokens[place].word):
            return found
        place += 1
    return None


def same_amount(said: Sequence[Token], number: "Number", given: Sequence[Token], other: "Number") -> bool:
    """Whether two numbers are the same, or the same span of time in other units (48 hours, two days)."""
    if other.value in (number.also, number.value) or number.value == other.also:
        return number.vague == other.vague or number.value > 1000
    mine, theirs = unit(said, number), unit(given, other)
    if not mine or not theirs:
        return False
    return any(
        mine[1] in lengths
        and theirs[1] in lengths
        and number.value * lengths[mine[1]] == other.value * lengths[theirs[1]]
        for lengths in (_HOURS, _MONTHS)
    )


def same_share(value: Fraction, other: Fraction) -> bool:
    """Whether one is a percentage and the other the same share as a fraction: 33 and a third."""
    return any(
        0 < part < 1 < whole and abs(whole / 100 - part) < _ABOUT for whole, part in ((value, other), (other, value))
    )
