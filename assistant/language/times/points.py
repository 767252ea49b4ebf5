"""Reads dates out of folded text: days, months and years by themselves, and from one to another."""

import re
import unicodedata
from dataclasses import dataclass

from shawahid.assistant.language.units import unit_of
from shawahid.ingest.files.dates import read_date
from shawahid.ingest.text.words import fold

from . import words as words
from .values import Point, Reading, stretch

_PEOPLE = frozenset("people persons men women children civilians soldiers شخص شخصا اشخاص قتيل قتيلا قتلي".split())


class _Folding(dict[str, str]):
    def __missing__(self, letter: str) -> str:
        self[letter] = fold(letter)
        return self[letter]


_FOLDING = _Folding()
_LETTER = re.compile(r"[^\W\d_]")


class Folded:
    """A text folded letter by letter, with the place of each letter in the text as it is written."""

    def __init__(self, written: str) -> None:
        self.written = written
        pieces = [_FOLDING[letter] for letter in written]
        self.text = "".join(pieces)
        self.points: dict[int, Found | None] = {}  # what `point_at` has read
        self._places = [place for place, piece in enumerate(pieces) for _ in piece]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` is written, with the marks over its last letter."""
        stop = self._places[end - 1] + 1
        while stop < len(self.written) and unicodedata.combining(self.written[stop]):
            stop += 1
        return self._places[start], stop

    def letter(self, at: int) -> str:
        """The letter as it is written."""
        return self.written[self._places[at]]

    def is_name(self, at: int) -> bool:
        """Whether the word there may be a month's or a weekday's name: in English these have a capital."""
        return not self.text[at].isascii() or self.letter(at).isupper()

    def before(self, at: int) -> str:
        """The word before, of the same clause, or the letter that is tied to this one (ب)."""
        found = words.LAST_WORD.search(self.text, max(0, at - 30), at)
        word = found[1] if found else ""
        return word[1:] if len(word) > 2 and word[0] in "وف" else word

    def after(self, at: int) -> str:
        """The word that follows at once."""
        found = words.NEXT_WORD.match(self.text, at)
        return found[1] if found else ""

    def named_after(self, end: int) -> bool:
        """Whether a word with a capital follows at once."""
        found = words.NEXT_WORD.match(self.text, end)
        return found is not None and self.letter(found.start(1)).isupper()

    def is_arabic(self, at: int) -> bool:
        """Whether the last letter before, or else the next one, is Arabic."""
        near = _LETTER.findall(self.text, max(0, at - 60), at)[-1:] or _LETTER.findall(self.text, at, at + 60)
        return bool(near) and not near[0].isascii()

    def counts_a_unit(self, end: int) -> bool:
        """Whether a figure that ends there is a number of people, kilometres or the like."""
        after = self.after(end)
        return after in _PEOPLE or (bool(unit_of(after)) and not after.startswith("ال"))

    def goes_on_in_figures(self, at: int) -> bool:
        return bool(words.MORE_FIGURES.match(self.text, at))

    def in_brackets(self, at: int, end: int) -> bool:
        """Whether nothing else is in brackets, and no Arabic word follows, which the figures in them might count."""
        return self.text[at - 1 : at] == "(" and bool(words.CLOSED.match(self.text, end))


@dataclass(frozen=True, slots=True)
class Found:
    """A point that ends at `end`, or None where it cannot be told; `bare` where it is but the figures of a year."""

    end: int
    point: Point | None
    bare: bool = False


def point_at(folded: Folded, at: int) -> Found | None:
    """The day, the month or the year that is told there, as "early 2015" is."""
    if at not in folded.points:
        folded.points[at] = _point(folded, at)
    return folded.points[at]


def _point(folded: Folded, at: int) -> Found | None:
    part = words.PART.match(folded.text, at)
    start = part.end() if part else at
    found = _numeric(folded, start) or _dated(folded, start) or _year(folded, start) or _period(folded, start)
    return Found(found.end, found.point) if found and part else found


def range_at(folded: Folded, at: int) -> tuple[Found, Reading, str] | None:
    """From one point to another: the last one and what both come to, and the word that opens it."""
    opened = words.OPENER.match(folded.text, at)
    opener, start = (opened["opener"], opened.end()) if opened else ("", at)
    if found := _days_of(folded, start):
        return found
    first = point_at(folded, start) or _day(folded, start)
    if not first or not first.point:
        return None
    joint = words.TO.match(folded.text, first.end) or words.AND.match(folded.text, first.end)
    last = joint and point_at(folded, joint.end())
    if not joint or not last or not last.point:
        return None
    mark = joint["to"].strip() if "to" in joint.re.groupindex else "and"
    if not _joined(opener, mark, first.point, last.point):
        return None
    bare = first.bare and last.bare and opener not in words.PAIRS
    return Found(last.end, last.point, bare), stretch(first.point, last.point), opener


def _joined(opener: str, mark: str, first: Point, last: Point) -> bool:
    """Whether two points are the ends of one stretch of time."""
    alike = bool(first.day) == bool(last.day) and bool(first.month or first.day) == bool(last.month)
    if not alike or (mark == "/" and last.day):
        return False
    if mark != "and" or opener in ("between", "بين"):
        return True
    if opener in ("from", "من"):
        return False
    if last.day and first.day:
        return last.day == first.day + 1 and first.month in (None, last.month)
    if last.month and first.month:
        return last.month == first.month + 1
    return bool(first.year and last.year == first.year + 1)


def _days_of(folded: Folded, at: int) -> tuple[Found, Reading, str] | None:
    """April 4-7, 2019"""
    month = _month(folded, at)
    days = words.DAY_AFTER.match(folded.text, month[1]) if month and folded.text[at].isascii() else None
    if not month or not days or not days["last"]:
        return None
    found = _with_tail(folded, days.end(), Point(month=month[0], day=_number(days["last"])))
    reading = found.point and stretch(Point(day=_number(days["day"])), found.point)
    return (found, reading, "") if reading else None


def _day(folded: Folded, at: int) -> Found | None:
    day = words.DAY.match(folded.text, at)
    return Found(day.end(), Point(day=_number(day["day"]))) if day else None


def _number(day: str) -> int:
    word = " ".join(day.split())
    return words.ORDINAL_DAYS.get(word) or int(word.rstrip("stndrh"))


def _numeric(folded: Folded, at: int) -> Found | None:
    """A date in figures; where day and month could change places, the day is first in Arabic and between points."""
    lead = words.LEAD.match(folded.text, at)
    found = words.NUMERIC.match(folded.text, lead.end() if lead and folded.is_name(at) else at)
    if not found:
        return None
    figures = "".join(found[0].split())
    read = read_date(figures)
    mark = found["mark"] or found["sign"]
    if not read and not found["mark"] and (mark == "." or folded.is_arabic(at)):
        read = read_date("-".join(part.zfill(2) for part in reversed(figures.split(mark))))
    year, month, day = map(int, read.split("-")) if read else (0, 0, 0)
    return Found(found.end(), Point(year, month, day) if year in words.YEARS else None)


def _dated(folded: Folded, at: int) -> Found | None:
    """A date that names its month: with a day before or after it, perhaps a weekday before that, or without a day."""
    text = folded.text
    lead = words.LEAD.match(text, at)
    start = lead.end() if lead and folded.is_name(at) else at
    if day := words.DAY_OF.match(text, start):
        if month := _month(folded, day.end()):
            return _with_tail(folded, month[1], Point(month=month[0], day=_number(day["day"])))
        period = _period(folded, day.end())
        if period and period.point and period.point.of == "month":
            return Found(period.end, Point(day=_number(day["day"]), turn=period.point.turn, of="month"))
    turned = words.TURNED.match(text, at)
    turn = words.TURNS[turned["turn"]] if turned else None
    month_at = turned.end() if turned else start
    month = _month(folded, month_at)
    if not month:
        return None
    day = words.DAY_AFTER.match(text, month[1]) if text[month_at].isascii() else None
    if day and not day["last"] and not folded.counts_a_unit(day.end()):
        return _with_tail(folded, day.end(), Point(month=month[0], day=_number(day["day"]), turn=turn))
    if start > at:
        return None
    return _with_tail(folded, month[1], Point(month=month[0], turn=turn))


def _month(folded: Folded, at: int) -> tuple[int, int] | None:
    """A month's number and where its name ends, or its names in both traditions."""
    found = words.MONTH.match(folded.text, at)
    if not found or not folded.is_name(at):
        return None
    number = words.month_number(found["month"])
    twin = words.TWIN.match(folded.text, found.end())
    end = twin.end() if twin and words.month_number(twin["month"]) == number else found.end()
    return number, end


def _with_tail(folded: Folded, end: int, point: Point) -> Found:
    """A day or a month with what follows it and tells its year."""
    tail = words.TAIL.match(folded.text, end)
    if not tail or point.turn is not None:
        return Found(end, point)
    if tail["other"]:
        return Found(tail.end(), None)
    if tail["year"] and folded.counts_a_unit(tail.end()):
        return Found(end, point)
    if tail["year"]:
        return Found(tail.end(), Point(int(tail["year"]), point.month, point.day))
    of_year = tail["arabic"] or tail["english"]
    turn = words.turn_of(of_year or tail["turn"])
    return Found(tail.end(), Point(None, point.month, point.day, turn, "year" if of_year else "itself"))


def _year(folded: Folded, at: int) -> Found | None:
    year = words.YEAR.match(folded.text, at)
    if not year:
        return None
    number = int(year["year"])
    told = number not in words.ISLAMIC_YEARS or not folded.is_arabic(at)
    return Found(year.end(), Point(number) if told else None, bare=not year["word"])


def _period(folded: Folded, at: int) -> Found | None:
    """This, the last or the next month or year."""
    found = words.PERIOD.match(folded.text, at)
    if not found:
        return None
    of = words.PERIODS[found["arabic"] or found["present"] or found["english"]]
    turn = words.turn_of(found["turn"] or found["english_turn"] or "this")
    return Found(found.end(), Point(turn=turn, of="month" if of == "month" else "year"))
