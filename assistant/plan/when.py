"""The days that a question names, counted from today."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from shawahid.assistant.language.times.find import find_times

from .said import Found, Said

_COUNTS = {
    **dict.fromkeys(("one",), 1),
    **dict.fromkeys(("two", "couple", "يومين", "اسبوعين", "اليومين", "الاسبوعين"), 2),
    **dict.fromkeys(("three", "few", "ثلاثه", "الثلاثه", "ثلاث"), 3),
    **dict.fromkeys(("four", "اربعه", "الاربعه", "اربع"), 4),
    **dict.fromkeys(("five", "خمسه", "الخمسه", "خمس"), 5),
    **dict.fromkeys(("six", "سته", "السته", "ست"), 6),
    **dict.fromkeys(("seven", "سبعه", "السبعه", "سبع"), 7),
    **dict.fromkeys(("ten", "عشره", "العشره", "عشر"), 10),
}
_PAST_AR = (
    "(?:الماضي|الماضيه|الماضيين|الفايت|الفايته|المنصرم|المنصرمه|الاخير|الاخيره|الاخيرين"
    "|اللي فات|اللي فاتت|اللي راح|اللي مضي)"
)
_COUNT = rf"(?:\d{{1,2}}|{'|'.join(sorted(_COUNTS, key=len, reverse=True))})"
_LAST_WEEK = re.compile(rf"\b(?:last week|(?:the )?previous week|الاسبوع {_PAST_AR}|اسبوع الماضي)\b")
_THIS_WEEK = re.compile(r"\b(?:this week|هذا الاسبوع|هالاسبوع|الاسبوع الحالي|الاسبوع الجاري)\b")
_WEEK_BACK = re.compile(r"\b(?:(?:the )?past week|in the last week)\b")
_DAYS_BACK = re.compile(
    rf"\b(?:(?:the )?(?:last|past) (?P<count>{_COUNT}|couple of|few) (?P<unit>days|weeks)"
    rf"|(?:اخر|خلال|في) (?P<arabic>{_COUNT})(?: (?P<arabic_unit>ايام|اسابيع|يوما))?(?: {_PAST_AR})?"
    rf"|(?P<definite>{_COUNT}) (?P<definite_unit>ايام|اسابيع) {_PAST_AR}"
    rf"|الايام (?P<definite_count>{_COUNT}) {_PAST_AR}|(?P<dual>اليومين|الاسبوعين) {_PAST_AR})\b"
)
_DAY = re.compile(
    r"\b(?:(?P<two>اول (?:امبارح|مبارح|البارح))|(?P<one>امبارح|مبارح|البارح|(?<!اول )امس(?! الاول))"
    r"|(?P<none>النهارده|النهاردا|هاليوم|(?<=اخبار )اليوم))\b"
)
_AHEAD = re.compile(r"\b(?:next|coming|tomorrow|المقبل|المقبله|القادم|القادمه|الجاي|الجايه|غدا|بكره)\b")
_OPEN = frozenset("since منذ".split())
_UNBOUNDED = frozenset("before after until till by قبل بعد حتي بحلول".split())
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20|21)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class When:
    """The days `since` to `until`, both inclusive, that these words of a question name; `relative`: seen from today."""

    found: Found
    since: date
    until: date
    relative: bool

    @property
    def value(self) -> str:
        """As `Constraint.value` has it."""
        days = (self.since.isoformat(), self.until.isoformat())
        return days[0] if days[0] == days[1] else "/".join(days)


def times_of(said: Said, today: date) -> list[When]:
    """The stretches of time that a question names and that have begun, in order."""
    own = [*_weeks(said, today)]
    taken = {place for when in own for place in range(when.found.first, when.found.last)}
    told = [when for when in _dates(said, today) if taken.isdisjoint(range(when.found.first, when.found.last))]
    return sorted((*own, *told), key=lambda when: when.found.first)


def _weeks(said: Said, today: date) -> Iterator[When]:
    """Weeks, so many days back, and days in speech, which the times of articles don't have."""
    monday = today - timedelta(today.weekday())
    for _, found in said.finditer(_LAST_WEEK):
        yield When(found, monday - timedelta(7), monday - timedelta(1), True)
    for _, found in said.finditer(_THIS_WEEK):
        yield When(found, monday, today, True)
    for _, found in said.finditer(_WEEK_BACK):
        yield When(found, today - timedelta(7), today, True)
    for match, found in said.finditer(_DAY):
        day = today - timedelta(2 if match["two"] else 1 if match["one"] else 0)
        yield When(found, day, day, True)
    for match, found in said.finditer(_DAYS_BACK):
        told = match["count"] or match["arabic"] or match["definite"] or match["definite_count"] or match["dual"]
        unit = match["unit"] or match["arabic_unit"] or match["definite_unit"] or ""
        days = _days(told, unit, match[0])
        if days:
            yield When(found, today - timedelta(days), today, True)


def _days(told: str, unit: str, whole: str) -> int:
    count = int(told) if told.isdecimal() else _COUNTS.get(told.split()[0], 0)
    weeks = "اسابيع" in unit or unit == "weeks" or "اسبوعين" in whole
    days = unit in ("days", "ايام", "يوما") or "يومين" in whole or "الايام" in whole
    return count * (7 if weeks else 1) if weeks or days else 0


def _dates(said: Said, today: date) -> Iterator[When]:
    text = said.open_text
    times = find_times(text, today.isoformat())
    titled = text.title()
    if not times and len(titled) == len(text):  # "last monday": readers don't type capitals
        times = find_times(titled, today.isoformat())
    for time in times:
        found = said.covering(time.start, time.end)
        before = said.words[found.first - 1] if found.first else ""
        days = _days_of(time.value)
        if found.first == found.last or days is None or before in _UNBOUNDED:
            continue
        since, until = days
        if since > today and not _YEAR.search(time.text) and not _AHEAD.search(said.line):
            since, until = _a_year_before(since), _a_year_before(until)
        if since > today:
            continue
        relative = not any(letter.isdigit() for letter in time.text) and (until - since).days < 1
        yield When(found, since, today if before in _OPEN else until, relative)


def _a_year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, monthrange(day.year - 1, day.month)[1]))


def _days_of(value: str) -> tuple[date, date] | None:
    """The first and the last day of "2026-11", "2024" or "2026-11-03/2026-11-05"; None where the year is not told."""
    first, _, last = value.partition("/")
    if first.startswith("-"):
        return None
    return _end_of(first, last=False), _end_of(last or first, last=True)


def _end_of(value: str, *, last: bool) -> date:
    year, month, day = (*map(int, value.split("-")), 0, 0)[:3]
    month = month or (12 if last else 1)
    return date(year, month, day or (monthrange(year, month)[1] if last else 1))
