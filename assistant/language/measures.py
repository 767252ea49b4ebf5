"""What numbers measure, and whether two amounts are the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from .numerals import Number
from .tokens import Token
from .units import unit_of

_BETWEEN: Final = frozenset("of the من الاول الاولي اول first".split())
_SIZES: Final[dict[str, tuple[str, int]]] = {  # of what can be converted: in what, and how much of it
    **{name: ("seconds", size) for name, size in (("second", 1), ("minute", 60), ("hour", 3_600))},
    **{name: ("seconds", size) for name, size in (("day", 86_400), ("week", 604_800))},
    **{name: ("months", size) for name, size in (("month", 1), ("year", 12), ("decade", 120), ("century", 1_200))},
    **{name: ("millimetres", size) for name, size in (("metre", 1_000), ("kilometre", 1_000_000))},
    **{name: ("millimetres", size) for name, size in (("foot", 305), ("mile", 1_609_344))},
    **{name: ("square metres", size) for name, size in (("hectare", 10_000), ("acre", 4_047))},
    **{name: ("kilograms", size) for name, size in (("kilogram", 1), ("tonne", 1_000))},
}
_ROUNDED_IN: Final = frozenset({"foot", "mile", "acre"})  # what is converted from or to these is told in round numbers
_CONVERTED: Final = Fraction(5, 100)  # how far off a converted measure may be
_ABOUT: Final = Fraction(1, 100)  # 33 percent is a third


@dataclass(frozen=True, slots=True)
class Measure:
    """So much of something that other units count too, as it stands in tokens `first` to `last`: 70 minutes are an
    hour and ten minutes."""

    of: str
    size: Fraction
    units: frozenset[str]
    first: int
    last: int

    def same(self, other: "Measure") -> bool:
        rounded = self.units != other.units and (self.units | other.units) & _ROUNDED_IN
        off = abs(self.size - other.size)
        return self.of == other.of and off <= (self.size * _CONVERTED if rounded else 0)


def measures(tokens: Sequence[Token], amounts: Sequence[Number]) -> list[Measure]:
    """What a text measures; "a year and two months" is one measure, and a unit without a number counts once."""
    found: list[Measure] = []
    counts = {_place_of_unit(tokens, amount): amount for amount in reversed(amounts)}
    for place, token in enumerate(tokens):
        named = unit_of(token.word)
        if not named or named[1] not in _SIZES:
            continue
        of, size = _SIZES[named[1]]
        count = counts.get(place)
        first, last = (count.first, max(place, count.last)) if count else (place, place)
        made = Measure(of, size * (count.value if count else Fraction(1)), frozenset({named[1]}), first, last)
        if found and found[-1].of == of and _joined(tokens, found[-1].last, first):
            before = found.pop()
            made = Measure(of, before.size + made.size, before.units | made.units, before.first, last)
        found.append(made)
    return found


def _joined(tokens: Sequence[Token], end: int, start: int) -> bool:
    """Whether a measure goes on: "an hour and ten minutes", ساعة و10 دقائق."""
    between = [token.word for token in tokens[end + 1 : start]]
    return between in (["and"], ["و"]) or (not between and start > end and tokens[start].word[0] == "و")


def unit(tokens: Sequence[Token], number: Number) -> tuple[str, str] | None:
    """The unit that a number counts; None where it counts anything else."""
    place = _place_of_unit(tokens, number)
    return unit_of(tokens[place].word) if place is not None else None


def _place_of_unit(tokens: Sequence[Token], number: Number) -> int | None:
    place = number.first
    while place < min(number.last + 3, len(tokens)):
        if unit_of(tokens[place].word):
            return place
        place += 1
    while place < len(tokens) and place <= number.last + 5 and tokens[place - 1].word in _BETWEEN:
        if unit_of(tokens[place].word):
            return place
        place += 1
    return None


def same_amount(said: Sequence[Token], number: Number, given: Sequence[Token], other: Number) -> bool:
    """Whether two numbers are the same, or measure the same in other units (48 hours, two days)."""
    if other.value in (number.also, number.value) or number.value == other.also:
        return number.vague == other.vague or number.value > 1000
    mine, theirs = measures(said, [number]), measures(given, [other])
    return any(
        one.same(two)
        for one in mine
        for two in theirs
        if one.first <= number.first <= one.last and two.first <= other.first <= two.last
    )


def same_share(value: Fraction, other: Fraction) -> bool:
    """Whether one is a percentage and the other the same share as a fraction: 33 and a third."""
    return any(
        0 < part < 1 < whole and abs(whole / 100 - part) < _ABOUT for whole, part in ((value, other), (other, value))
    )
