"""Numbers, dates and times of a sentence against its ground."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations
from typing import Final

from shawahid.assistant.language.lexicon import forms, word_list
from shawahid.assistant.language.measures import same_amount, same_share, unit
from shawahid.assistant.language.numerals import Number
from shawahid.assistant.language.times.moments import Date, directions, figures_of, parts_of_day, weekdays

from .ground import Finding, Ground, Text

_ABOUT: Final = frozenset(
    "قرابه نحو حوالي زهاء يقارب يناهز تقريبا about almost nearly around roughly approximately some".split()
)
_OFF: Final = Fraction(4, 100)  # how far off a number may be that is said to be rounded
_BOUND: Final = Fraction(12, 100)  # "more than two decades" of 22 years
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_DUAL = re.compile(r"(?<![\u0621-\u064a])[\u0621-\u064a]{3,}(?:ين|ان)$")  # an Arabic noun that may mean two
_NEXT_MONTH = re.compile(r"next month|الشهر (?:المقبل|القادم)")


def check_numbers(said: Text, ground: Ground) -> Finding | None:
    given = ground.quote
    known = set(figures_of(ground.about.date))
    for number in said.amounts:
        if number.value == 1 or (number.value in known and number.value > 1000):
            continue
        same = [other for other in given.numbers if _same(said, number, given, other)]
        if not same and not (_derived(number, given) or _measured(said, number, given) or _on_the_clock(number, given)):
            others = any(not other.vague for other in given.numbers)
            return Finding("contradicted" if others else "not_found", "number", number.text)
        mine = unit(said.tokens, number)
        theirs = {unit(given.tokens, other) for other in same if other.value == number.value}
        if mine and theirs and all(other and other[0] == mine[0] and other != mine for other in theirs):
            return Finding("contradicted", "unit", number.text)
    return None


def _same(said: Text, number: Number, given: Text, other: Number) -> bool:
    """Whether two amounts are the same, or may be: one that is said to be rounded may be a little off."""
    off = (other.value - number.value) / number.value if number.value else Fraction(1)
    near = _near(_before(said, number.first), _before(given, other.first), off)
    return near or same_amount(said.tokens, number, given.tokens, other)


def _near(words: AbstractSet[str], there: AbstractSet[str], off: Fraction) -> bool:
    """Whether an amount that is `off` may be what is meant, by the words before it: "about", or a bound to one side."""
    if words & _ABOUT and abs(off) <= _OFF:
        return True
    above, below = word_list("above"), word_list("below")
    if there & (above | below):
        return False
    return bool((words & above and 0 <= off <= _BOUND) or (words & below and -_BOUND <= off <= 0))


def _before(text: Text, place: int) -> set[str]:
    return {form for token in text.tokens[max(0, place - 2) : place] for form in forms(token.word)}


def _measured(said: Text, number: Number, given: Text) -> bool:
    """Whether a number is part of a measure that the evidence has in other units."""
    return any(
        one.same(other)
        or _near(_before(said, one.first), _before(given, other.first), (other.size - one.size) / one.size)
        for one in said.measures
        for other in given.measures
        if one.first <= number.first <= one.last and one.of == other.of and one.size
    )


def _on_the_clock(number: Number, given: Text) -> bool:
    """Whether a number is an hour or a minute of a time that the evidence has in figures: 14:37."""
    times = [tuple(map(int, token.word.split(":"))) for token in given.tokens if _CLOCK.fullmatch(token.word)]
    return any(number.value in (hour, hour % 12, minute) for hour, minute in times)


def _derived(number: Number, given: Text) -> bool:
    """Whether a number follows from the evidence's: a share as a percentage, a sum of two, a dual, twice as many."""
    values = [other.value for other in given.amounts]
    if any(same_share(mine, value) for value in values for mine in (number.value, number.also) if mine):
        return True
    if number.value < 1 and any(other.ordinal and other.value * number.value == 1 for other in given.amounts):
        return True  # "a third" may be the third
    if number.value == 2 and any(_DUAL.search(token.word) for token in given.tokens):
        return True
    pairs = combinations(values, 2)
    twice = any(
        token.word in {"twice", "double", "doubled", "ضعف", "ضعفي", "ضعفين", "تضاعف", "تضاعفت"}
        for token in given.tokens
    )
    return any(one + other == number.value for one, other in pairs) or (twice and number.value / 2 in values)


def check_dates(said: Text, ground: Ground) -> Finding | None:
    given = ground.quote.dates
    own = tuple(figures_of(ground.about.date))
    for told in said.dates:
        if not any(_compatible(told, other, own) for other in [*given, *_own_dates(own, ground)]):
            return Finding("contradicted" if given else "not_found", "date", told.text)
    return None


def _own_dates(figures: tuple[int, ...], ground: Ground) -> Iterator[Date]:
    """What the article's own date makes of its words: that date, the weekday before it that is named, next month."""
    if len(figures) >= 2:
        yield Date(figures[1], figures[2] if len(figures) > 2 else None, figures[0])
        text = " ".join(token.word for token in ground.quote.tokens)
        if _NEXT_MONTH.search(text):
            yield Date(figures[1] % 12 + 1, None, figures[0] + figures[1] // 12)
    if len(figures) == 3:
        published = date(*figures)
        for named in weekdays(ground.quote.tokens):
            day = published - timedelta(days=(published.weekday() - named) % 7)
            yield Date(day.month, day.day, day.year)


def _compatible(told: Date, other: Date, own: tuple[int, ...]) -> bool:
    if told.month != other.month or (told.day and other.day and told.day != other.day):
        return False
    if told.day and not other.day:
        return False
    year = other.year or (own[0] if own else None)
    return not told.year or not year or told.year == year


def check_moments(said: Text, ground: Ground) -> Finding | None:
    """Weekdays, parts of the day, last and next: what the evidence tells otherwise."""
    given = ground.quote.tokens
    for find, needed in ((weekdays, True), (parts_of_day, False), (directions, False)):
        mine, theirs = find(said.tokens), find(given)
        missing = [text for key, text in mine.items() if key not in theirs]
        if missing and ((theirs and not set(mine) & set(theirs)) or (needed and not theirs)):
            return Finding("contradicted" if theirs else "not_found", "date", missing[0])
        if missing and needed:
            return Finding("contradicted", "date", missing[0])
    return None
