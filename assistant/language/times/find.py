"""The days, months and years that an Arabic or English text tells, where they stand in it, and what they come to."""

import re
from dataclasses import dataclass
from functools import lru_cache

from shawahid.assistant.language.lexicon import word_list
from shawahid.assistant.language.numerals import numbers
from shawahid.assistant.language.tokens import tokenize
from shawahid.assistant.types import TimeReference
from shawahid.ingest.text.words import STOP_WORDS

from . import words as words
from .points import Folded, Found, point_at, range_at
from .values import Point, Reading, ago, day_of_week, days_away, days_of, read_on


def find_times(text: str, published: str | None) -> list[TimeReference]:
    """The times that `text` tells, in order, as far as they come to a day, a month or a year.

    "Yesterday" and its like are seen from the article's own date, `published` ("2019-04-04", "2019-04" or "2019");
    where that is unknown, or not exact enough, they are left out. So are dates of the Islamic calendar.

    >>> [(time.text, time.value) for time in find_times("Met on 4 April, and again last Friday.", "2019-04-20")]
    [('4 April', '2019-04-04'), ('last Friday', '2019-04-19')]
    """
    folded = Folded(text)
    days = days_of(published)
    found = []
    end = 0
    for word in words.WORD.finditer(folded.text):
        for cut in _starts(word[0]):
            at = word.start() + cut
            time = _time_at(folded, at) if at >= end else None
            if time:
                end = time.end
                if value := time.reading and read_on(days, time.reading):
                    start, stop = folded.place(at, end)
                    found.append(TimeReference(start, stop, text[start:stop], value))
                break
    return found


@dataclass(frozen=True, slots=True)
class _Time:
    """What ends at `end` of the folded text, and what it comes to; without a reading it is passed over."""

    end: int
    reading: Reading | None


_TIED = "وفبلك"
_DOUBTFUL = frozenset("may march april june august".split())  # verbs, names of people
_SHORTEST = 4  # letters; a shorter name of a month is an abbreviation, but for May
_BEFORE_MONTHS = frozenset(
    "in since until till during through each every ب ل في شهر منذ حتي خلال قبل بعد بحلول الي كل".split()
)
_BEFORE_YEARS = frozenset(
    """
    in since by until till before after from during of for through early late
    في منذ حتي قبل بعد خلال بحلول الفتره عامي اعوام صيف شتاء خريف ربيع موسم انتخابات ثوره حرب اتفاق مونديال العالم
    """.split()
)
_OWNERS = frozenset("the its his her their s a an".split())  # the 2019 vote
_YEARS_OF_NEWS = range(1900, 2051)
_EARLIEST_IN_ENGLISH = 1500  # where greater numbers have a comma
_BEFORE_VERSIONS = frozenset("version versions v release build الاصدار اصدار النسخه نسخه رقم no".split())
_EACH = frozenset("every each كل".split())
_ABOUT = frozenset("than about some around nearly almost over under least most or to approximately roughly".split())
_NAMED_FOR_DAYS = word_list("named_for_days")
_OF_SEPTEMBER = frozenset("هجمات احداث اعتداءات attack attacks".split())
_NO_WEEKDAY_AFTER = frozenset(
    """
    every each all this that the a one first second third fourth following previous black good easter bloody cyber super
    palm holy ash كل ايام سوق صلاه خطبه بين كلا هذين شارع ميدان ساحه
    """.split()
)
_NOT_TODAY_AFTER = frozenset(
    "ب ل ك ذلك ذاك تلك نفس ذات في طوال طيله بقيه مدار المصري روسيا ليبيا اخبار خلال كل".split()
)
_NOT_TODAY_BEFORE = frozenset(
    """
    الثاني الثالث الرابع الخامس السادس السابع الثامن التاسع العاشر الاول الاخير الوطني العالمي الدولي القومي العربي
    التالي السابق الموالي ذاته نفسه الواحد الدراسي المفتوح الحاجه القريب
    """.split()
)
_SAYING = word_list("saying")
_AHEAD = re.compile(
    r"will|shall|سوف|المقرر|المزمع|المرتقب"
    r"|س[يتن](?!ار|اس|اق|اح|طر|نا|د|رج|را|ره|ول|ين|ون|وك|وا|وي|ات)\w{2,}"  # سيجتمع, but not سيارات
)
_CLAUSE = 120  # letters
_LONGEST_AGO = 1000


@lru_cache(maxsize=65_536)
def _starts(word: str) -> tuple[int, ...]:
    """Where in a word a time may begin: at its first letter, after و, ف, ب, ل or ك, or at figures after ال."""
    if word.startswith("ال") and word[2:].isdecimal():
        return (2,)
    found = []
    for cut in range(3):
        rest = word[cut:]
        if rest and (rest[0].isdigit() or rest in words.STARTS):
            found.append(cut)
        if not rest or rest[0] not in _TIED:
            break
    return tuple(found)


def _time_at(folded: Folded, at: int) -> _Time | None:
    if folded.text[at].isdigit() and not words.UNTIED.match(folded.text, at):
        return None
    for read in (_range, _single, _day_away, _ago, _weekday):
        if time := read(folded, at):
            return time
    return None


def _range(folded: Folded, at: int) -> _Time | None:
    found = range_at(folded, at)
    if not found:
        return None
    last, reading, opener = found
    if last.bare and not _counts_nothing(folded, last):
        return _Time(last.end, None)
    if last.bare and not (opener or folded.before(at) in _BEFORE_YEARS | _OWNERS or folded.in_brackets(at, last.end)):
        return None
    return _Time(last.end, reading)


def _single(folded: Folded, at: int) -> _Time | None:
    found = point_at(folded, at)
    if not found:
        return None
    point, before = found.point, folded.before(at)
    if not point or before in _BEFORE_VERSIONS or _is_a_name(folded, found, point, before):
        return _Time(found.end, None)
    if not point.month and point.year and not _is_year(folded, at, found):
        return None
    if before == "the" and point.turn is not None and not (point.month or point.day):
        return _Time(found.end, None)  # the last month, the next year
    part = words.PART.match(folded.text, at)
    if point == Point(month=point.month) and not part and not _is_month(folded, at, found.end):
        return None
    yearly = words.YEARLY.match(folded.text, found.end)
    if yearly or before in _EACH:
        return _Time(found.end, lambda _: point(None))
    return _Time(found.end, point)


def _is_a_name(folded: Folded, found: Found, point: Point, before: str) -> bool:
    """Whether a street, a revolution or the like is named for the day."""
    if not point.day or point.year or point.turn is not None:
        return False
    around = {before, folded.after(found.end)}
    return bool(around & _NAMED_FOR_DAYS) or ((point.month, point.day) == (9, 11) and bool(around & _OF_SEPTEMBER))


def _is_year(folded: Folded, at: int, found: Found) -> bool:
    """Whether a figure is a year: where it is called one, or stands where years stand and counts nothing."""
    if not found.bare:
        return True
    year = (found.point and found.point.year) or 0
    before = folded.before(at)
    near = folded.text[max(0, at - 12) : at]
    listed = words.AFTER_A_YEAR.search(near) or words.AFTER_A_SHARE.search(near) or folded.in_brackets(at, found.end)
    owned = before in _OWNERS and year in _YEARS_OF_NEWS and year % 100 and folded.after(found.end)
    placed = before in _BEFORE_YEARS and not near.endswith("out of ")
    return bool(placed or listed or owned) and _counts_nothing(folded, found)


def _counts_nothing(folded: Folded, found: Found) -> bool:
    """Whether the figures of a year are not a number of something."""
    after = folded.after(found.end)
    year = (found.point and found.point.year) or 0
    if folded.goes_on_in_figures(found.end):
        return False
    earliest = _YEARS_OF_NEWS.start if folded.is_arabic(found.end) else _EARLIEST_IN_ENGLISH
    if year % 100 == 0 or not earliest <= year < _YEARS_OF_NEWS.stop:
        return not after or after in STOP_WORDS
    return not folded.counts_a_unit(found.end)


def _is_month(folded: Folded, at: int, end: int) -> bool:
    """Whether the name of a month, which has neither day nor year, means the month."""
    name, before = folded.text[at:end], folded.before(at)
    if "/" in name or "(" in name:
        return True  # in both traditions: نيسان/أبريل
    if before in _BEFORE_MONTHS:
        return name != "اب" or folded.letter(at) == "آ"
    if not name.isascii() or name in _DOUBTFUL or len(name) < _SHORTEST or before == "black":
        return False
    return not folded.named_after(end)  # the October War


def _day_away(folded: Folded, at: int) -> _Time | None:
    found = words.AWAY.match(folded.text, at)
    if not found:
        return None
    before, after = folded.before(at), folded.after(found.end("away"))
    named = before and folded.text[at].isascii() and folded.letter(at).isupper()  # Russia Today
    if named or before in _NOT_TODAY_AFTER or after in _NOT_TODAY_BEFORE:
        return _Time(found.end("away"), None)
    weekday = words.WEEKDAY_NUMBERS.get(found["weekday"]) if found["weekday"] else None
    return _Time(found.end(), days_away(words.away(found["away"]), weekday))


def _ago(folded: Folded, at: int) -> _Time | None:
    found = words.AGO.match(folded.text, at)
    if not found:
        return None
    unit, count = words.UNITS[found["period"] or found["english_period"]]
    told = found["arabic"] or found["english"]
    if told:
        count = 1 if told in ("a", "an", "one") else _count(told)
    elif words.OF_SOMETHING.match(folded.text, found.end()):
        return None
    if not count:
        return None
    if found["about"] or folded.before(at) in _ABOUT or count > _LONGEST_AGO:
        return _Time(found.end(), None)
    return _Time(found.end(), ago(count, unit))


def _count(told: str) -> int:
    """The number that words are, none of them left over."""
    tokens = tokenize(told)
    found = numbers(tokens)
    exact = len(found) == 1 and found[0].last - found[0].first + 1 == len(tokens) and not found[0].vague
    return int(found[0].value) if exact and found[0].value.denominator == 1 else 0


def _weekday(folded: Folded, at: int) -> _Time | None:
    found = words.DAY_OF_WEEK.match(folded.text, at)
    if not found or not folded.is_name(found.start("weekday")):
        return None
    before, turned = folded.before(at), found["before"] or found["turn"]
    some = words.SOME_WEEKDAY.match(folded.text, found.end())
    if some or (before in _NO_WEEKDAY_AFTER and found["before"] not in ("past", "coming")):
        return _Time(some.end() if some else found.end(), None)
    if together := words.TURNED_WITH.search(folded.text, max(0, at - 30), at):
        turned = turned or together["turn"]
    turn = words.turn_of(turned) if turned else 0 if _is_ahead(folded, at) else None
    return _Time(found.end(), day_of_week(words.WEEKDAY_NUMBERS[found["weekday"]], turn))


def _is_ahead(folded: Folded, at: int) -> bool:
    """Whether the verb that a day of the week goes with is in the future: "will meet on Thursday"."""
    clause = re.split(r"[.!?؟\n]", folded.text[max(0, at - _CLAUSE) : at])[-1]
    for word in reversed(words.WORD.findall(clause)):
        for form in (word, word[1:] if word[0] in "وف" else word):
            if form in _SAYING:
                return False
            if _AHEAD.fullmatch(form):
                return True
    return False
