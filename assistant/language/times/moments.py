"""Dates and times in Arabic and English text, as values that compare across both languages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from shawahid.assistant.language.numerals import numbers
from shawahid.assistant.language.tokens import Token
from shawahid.assistant.language.units import bare
from shawahid.ingest.files.dates import MONTHS


@dataclass(frozen=True, slots=True)
class Date:
    """A month, perhaps with its day and its year, as it stands in tokens `first` to `last`."""

    month: int
    day: int | None
    year: int | None
    text: str = ""
    first: int = 0
    last: int = 0


_FOLDED_MONTHS = {name: number for name, number in MONTHS.items() if len(name) > 3 or name in ("may", "mai")}
_ABBREVIATED = 3  # letters: Jan.
_BEFORE_YEARS = frozenset("of in عام سنه من".split())
_DOUBTFUL = {"may", "march", "اب", "ماي", "اوت", "جوان", "غشت"}
WEEKDAYS = {
    word: number
    for number, forms in enumerate(
        (
            "monday الاثنين الإثنين",
            "tuesday الثلاثاء",
            "wednesday الاربعاء",
            "thursday الخميس",
            "friday الجمعه",
            "saturday السبت",
            "sunday الاحد",
        )
    )
    for word in forms.split()
}
_PARTS = {
    word: part
    for part, forms in {
        "morning": "morning dawn صباح صباحا الصباح فجر فجرا الفجر a.m",
        "noon": "noon midday ظهر ظهرا الظهر",
        "afternoon": "afternoon عصر عصرا العصر",
        "evening": "evening night overnight مساء المساء ليل ليلا الليل ليله ليليه مسايي tonight",
    }.items()
    for word in forms.split()
}
_PARTS_OF_MONTHS = frozenset("النصف نصف الثلث الاسبوع اسبوع العشر الايام".split())
_CLOCK = {"a": "morning", "am": "morning", "p": "evening", "pm": "evening"}  # after a figure
DIRECTIONS = {
    word: direction
    for direction, forms in {
        "past": "الماضي الماضيه المنصرم المنصرمه الفايت الفايته",
        "future": "المقبل المقبله القادم القادمه",
    }.items()
    for word in forms.split()
}
_PERIODS = set("week month year season summer winter autumn spring decade century day night".split())


def dates(tokens: Sequence[Token]) -> list[Date]:
    """The dates that name a month, in either tradition of Arabic month names or in English."""
    found: list[Date] = []
    place = 0
    while place < len(tokens):
        month, length = _month(tokens, place)
        if month:
            found.append(_date(tokens, place, length, month))
        place += max(1, length)
    return _without_twins(found)


def _month(tokens: Sequence[Token], place: int) -> tuple[int, int]:
    word = tokens[place].word
    after = tokens[place + 1].word if place + 1 < len(tokens) else ""
    for form in (word, bare(word)):
        if f"{form} {after}" in MONTHS:
            return MONTHS[f"{form} {after}"], 2
        if form in MONTHS and (form in _FOLDED_MONTHS or form in _DOUBTFUL or len(form) == _ABBREVIATED):
            if (form in _DOUBTFUL or form not in _FOLDED_MONTHS) and not _beside_a_figure(tokens, place):
                continue
            if word.isascii() and not tokens[place].capital:
                continue
            return MONTHS[form], 1
    return 0, 0


def _beside_a_figure(tokens: Sequence[Token], place: int) -> bool:
    near = [tokens[other].word for other in (place - 1, place + 1) if 0 <= other < len(tokens)]
    return any(word[0].isdigit() or word in {"in", "of", "شهر", "since", "until", "by"} for word in near)


def _date(tokens: Sequence[Token], place: int, length: int, month: int) -> Date:
    before = numbers(tokens[max(0, place - 3) : place])
    day = None
    if before and before[-1].last == min(3, place) - 1 - _link(tokens, place) and 1 <= before[-1].value <= 31:
        day = int(before[-1].value)
    elif _link(tokens, place) and place >= 2 and tokens[place - 2].word in {"الاول", "first"}:
        part = place >= 3 and bare(tokens[place - 3].word) in _PARTS_OF_MONTHS  # the first half of September
        day = None if part else 1
    year, end = None, place + length
    for other in range(place + length, min(place + length + 4, len(tokens))):
        word = tokens[other].word
        if word in _BEFORE_YEARS and not tokens[other].stopped:
            continue
        value = int(word) if word.isdigit() else 0
        dotted = other == place + 1 and len(tokens[place].word) <= _ABBREVIATED + 1  # Jan. 31
        if not value or (tokens[other].stopped and value < 1000 and not dotted):
            break
        if 1000 <= value <= 2200:
            year, end = value, other + 1
            break
        if day is None and other == place + length and 1 <= value <= 31:
            day, end = value, other + 1
    start = place - (1 + _link(tokens, place) if day and before else 0)
    start = max(0, start)
    return Date(month, day, year, " ".join(token.text for token in tokens[start:end]), start, end - 1)


def _link(tokens: Sequence[Token], place: int) -> int:
    """1 where "of", "من" or "شهر" stands before the month."""
    return int(place >= 1 and tokens[place - 1].word in {"of", "من", "شهر"})


def _without_twins(found: list[Date]) -> list[Date]:
    """أبريل/نيسان is one date: the day of the first and the year of the second."""
    kept: list[Date] = []
    for date in found:
        if (
            kept
            and kept[-1].month == date.month
            and (kept[-1].year is None or kept[-1].day is None or date.day is None)
        ):
            last = kept.pop()
            date = Date(date.month, last.day or date.day, date.year or last.year, last.text, last.first, date.last)
        kept.append(date)
    return kept


def weekdays(tokens: Sequence[Token]) -> dict[int, str]:
    """The days of the week that are named, each as it is written."""
    found = {}
    for token in tokens:
        for form in (token.word, bare(token.word), token.word.removesuffix("s")):
            if form in WEEKDAYS and (not form.isascii() or token.capital):
                found[WEEKDAYS[form]] = token.text
    return found


def is_time_word(word: str) -> bool:
    """Whether a word is a month's or a weekday's name, or a part of the day."""
    return any(form in WEEKDAYS or form in _PARTS or form in MONTHS for form in (word, bare(word)))


def parts_of_day(tokens: Sequence[Token]) -> dict[str, str]:
    """Morning, noon, afternoon, evening: those that are named, each as it is written."""
    found = {}
    for place, token in enumerate(tokens):
        for form in (token.word, bare(token.word)):
            if form in _PARTS:
                found[_PARTS[form]] = token.text
        if place and tokens[place - 1].word[0].isdigit() and token.word in _CLOCK:
            found[_CLOCK[token.word]] = token.text
    return found


def directions(tokens: Sequence[Token]) -> dict[str, str]:
    """Whether a period is told as past or as future ("last week", الشهر المقبل)."""
    found = {token.word: token for token in tokens if token.word in DIRECTIONS}
    named = {DIRECTIONS[word]: token.text for word, token in found.items()}
    for before, after in pairwise(tokens):
        period = after.word.removesuffix("s") in _PERIODS or after.word in WEEKDAYS or after.word in MONTHS
        if period and before.word in {"last", "past", "previous"}:
            named["past"] = before.text
        elif period and before.word in {"next", "coming"}:
            named["future"] = before.text
    return named


def figures_of(date: str | None) -> Iterator[int]:
    """Year, month and day of an ISO date, as far as it goes."""
    yield from (int(part) for part in (date or "").split("-") if part)
