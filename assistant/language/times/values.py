"""What a time that a text tells comes to, as a value; and what it comes to when seen from an article's own date."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from .moments import figures_of

# What a time comes to seen from a day; None where it cannot be told, or not without the day.
Reading = Callable[[date | None], str | None]

_LEAP_YEAR = 2000
_HALF = {"day": 183, "month": 5}  # six months before are as near as six months after
_YEARS_AROUND = range(-9, 10)  # there may be eight years from one 29 February to the next


@dataclass(frozen=True, slots=True)
class Point:
    """A day, a month or a year, as far as it is told.

    `turn` is which one, seen from the article: -1 the last, 0 this, 1 the next. It is said of the date itself ("last
    April"), or `of` the year or the month that the date is in ("4 April last year").
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    turn: int | None = None
    of: Literal["itself", "year", "month"] = "itself"

    def __call__(self, today: date | None) -> str | None:
        placed = self.placed(today)
        return placed._iso() if placed else None

    def placed(self, today: date | None) -> "Point | None":
        """This point with its year, where that can be told."""
        if self.year or (self.turn is None and (today is None or not self.month)):
            return self
        if today is None or self.turn is None:
            return replace(self, year=self._year(today)) if today else None
        if self.of == "month":
            months = 12 * today.year + today.month - 1 + self.turn
            return Point(months // 12, months % 12 + 1, self.day)
        year = today.year + self.turn if self.of == "year" else self._year(today)
        return Point(year, self.month, self.day) if year else None

    def within(self, other: "Point") -> "Point":
        """This point with the month and the year that only `other`, the end of the same range, tells."""
        known = replace(self, month=self.month or other.month)
        if known.year or known.turn is not None:
            return known
        # From 28 December to 3 January 2016
        earlier = int(bool(other.year) and (known.month or 0) > (other.month or 0))
        return replace(known, year=other.year and other.year - earlier, turn=other.turn, of=other.of)

    def _year(self, today: date) -> int | None:
        """The year of a month, or of a day of one, that is told by its `turn`, or is the nearest."""
        years = {today.year + apart: self._place(today.year + apart) for apart in _YEARS_AROUND}
        places = {year: place for year, place in years.items() if place is not None}
        if not places:
            return None  # 30 February
        here = today.toordinal() if self.day else 12 * today.year + today.month
        if self.turn is None:
            nearest = min(places, key=lambda year: abs(places[year] - here))
            return nearest if abs(places[nearest] - here) <= _HALF["day" if self.day else "month"] else None
        if self.turn == 0:
            return today.year
        past = [year for year, place in places.items() if place < here]
        future = [year for year, place in places.items() if place > here]
        return past[self.turn] if self.turn < 0 else future[self.turn - 1]

    def _place(self, year: int) -> int | None:
        month = self.month or 1
        if not self.day:
            return 12 * year + month
        return date(year, month, self.day).toordinal() if self.day <= monthrange(year, month)[1] else None

    def _iso(self) -> str | None:
        if self.day and not (self.month and self.day <= monthrange(self.year or _LEAP_YEAR, self.month)[1]):
            return None
        year = f"{self.year:04}" if self.year else "-"
        return "-".join([year, *(f"{part:02}" for part in (self.month, self.day) if part)])


def stretch(first: Point, last: Point) -> Reading:
    """From one point to another; what the first leaves out, the last may tell."""

    def read(today: date | None) -> str | None:
        end = last.placed(today)
        start = end and first.within(end).placed(today)
        if not (start and end) or bool(start.year) != bool(end.year):
            return None
        values = start._iso(), end._iso()
        if not (values[0] and values[1]) or (start.year and values[0] >= values[1]):
            return None
        return f"{values[0]}/{values[1]}"

    return read


def days_away(days: int, weekday: int | None = None) -> Reading:
    """Yesterday, tomorrow, three days ago; nothing where the weekday that is named with it is another."""

    def read(today: date | None) -> str | None:
        day = today and today + timedelta(days)
        return day.isoformat() if day and weekday in (None, day.weekday()) else None

    return read


def ago(count: int, unit: str) -> Reading:
    """So many days or weeks ago, to the day; so many months or years ago, to the month or the year."""
    if unit in ("day", "week"):
        return days_away(-count * (7 if unit == "week" else 1))
    return Point(turn=-count, of="month" if unit == "month" else "year")


def day_of_week(weekday: int, turn: int | None) -> Reading:
    """A day of the week: without a turn the latest, be it the article's own; with 0, the article's or the next."""

    def read(today: date | None) -> str | None:
        if today is None:
            return None
        since = (today.weekday() - weekday) % 7
        if turn is None:
            away = -since
        elif turn < 0:
            away = -(since or 7) + 7 * (turn + 1)
        else:
            away = -since % 7 if turn == 0 else 7 * turn - since
        return (today + timedelta(away)).isoformat()

    return read


def days_of(published: str | None) -> tuple[date, ...]:
    """The day of an article; where only its month or its year is known, the first and the last that it may be of."""
    year, month, day = (*figures_of(published), 0, 0, 0)[:3]
    if not year:
        return ()
    if day:
        return (date(year, month, day),)
    last = month or 12
    return date(year, month or 1, 1), date(year, last, monthrange(year, last)[1])


def read_on(days: tuple[date, ...], reading: Reading) -> str | None:
    """What a time comes to on all of these days; where they do not agree, what can be told without them."""
    values = {reading(day) for day in days}
    told = values.pop() if len(values) == 1 else None
    return told or reading(None)
