"""The words and the patterns of times, in folded text. A space in a pattern is any, or the end of a line."""

import re
from collections.abc import Iterable

from shawahid.ingest.files.dates import MONTHS
from shawahid.ingest.text.words import fold

from .moments import DIRECTIONS, WEEKDAYS

MONTH_NUMBERS = {fold(name): number for name, number in MONTHS.items()}
WEEKDAY_NUMBERS = {fold(name): number for name, number in WEEKDAYS.items()}
_ORDINALS = """
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
    sixteenth seventeenth eighteenth nineteenth twentieth
""".split()
_FIRST_TEN = "اول ثاني ثالث رابع خامس سادس سابع ثامن تاسع عاشر".split()
_UNITS_OF_MORE = ["حادي", *_FIRST_TEN[1:9]]
ORDINAL_DAYS = {
    **{word: day for day, word in enumerate(_ORDINALS, 1)},
    **{f"twenty-{word}": day for day, word in enumerate(_ORDINALS[:9], 21)},
    "thirtieth": 30,
    "thirty-first": 31,
    "فاتح": 1,
    **{f"{article}{word}": day for day, word in enumerate(_FIRST_TEN, 1) for article in ("ال", "")},
    **{f"ال{word} عشر": day for day, word in enumerate(_UNITS_OF_MORE, 11)},
    **{f"ال{word} والعشر{end}": day for day, word in enumerate(_UNITS_OF_MORE, 21) for end in ("ين", "ون")},
    **dict.fromkeys(("العشرين", "العشرون"), 20),
    **dict.fromkeys(("الثلاثين", "الثلاثون"), 30),
    **dict.fromkeys(("الحادي والثلاثين", "الحادي والثلاثون"), 31),
}
_ARABIC_TURNS = {
    **{word: -1 if direction == "past" else 1 for word, direction in DIRECTIONS.items()},
    **dict.fromkeys("الجاري الجاريه الحالي الحاليه".split(), 0),
    **dict.fromkeys(("قبل الماضي", "قبل الماضيه"), -2),
}
TURNS = {**_ARABIC_TURNS, "last": -1, "past": -1, "this": 0, "هذا": 0, "هذه": 0, "next": 1, "coming": 1}
UNITS = {
    word: (unit, count)
    for unit, count, forms in (
        ("day", 0, "ايام days"),
        ("day", 1, "يوم يوما day"),
        ("day", 2, "يومين"),
        ("week", 0, "اسابيع weeks"),
        ("week", 1, "اسبوع اسبوعا week"),
        ("week", 2, "اسبوعين"),
        ("month", 0, "اشهر شهور months"),
        ("month", 1, "شهر شهرا month"),
        ("month", 2, "شهرين"),
        ("year", 0, "اعوام سنوات years"),
        ("year", 1, "عام عاما سنه year"),
        ("year", 2, "عامين سنتين"),
    )
    for word in forms.split()
}
DAYS_AWAY = {
    **dict.fromkeys(("اول من امس", "الاول من امس", "اول امس", "امس الاول", "قبل امس", "the day before yesterday"), -2),
    **dict.fromkeys(("امس", "بالامس", "البارحه", "الليله الماضيه", "yesterday", "last night"), -1),
    **dict.fromkeys(("اليوم", "هذا اليوم", "الليله", "هذه الليله", "today", "tonight"), 0),
    **dict.fromkeys(("this morning", "this afternoon", "this evening"), 0),
    **dict.fromkeys(("غدا", "يوم غد", "tomorrow"), 1),
    **dict.fromkeys(("بعد غد", "the day after tomorrow"), 2),
}
_NUMBERS = """
    a an one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty
""".split()
_PARTS = (
    *"مطلع اوايل بدء بدايه بدايات مستهل منتصف اواسط نهايه اواخر اخر ختام غضون early late mid earlier later".split(),
    *(f"the {part} of" for part in ("beginning", "start", "middle", "end")),
)
PAIRS = "يومي شهري عامي سنتي العامين".split()
_OPENERS = (*"من بين خلال from between".split(), *PAIRS)
_ISLAMIC_MONTHS = "محرم صفر ربيع جمادي رجب شعبان رمضان شوال ذي ذو".split()
_SHORT_WEEKDAYS = "mon tue tues wed thu thur thurs fri sat sun".split()
_SAME = "نفسه نفسها ذاته ذاتها التالي التاليه السابق السابقه".split()
_DUAL_TURNS = "الماضيين المقبلين القادمين".split()


def _any(words: Iterable[str]) -> str:
    """Any of these words, whole, the longest first."""
    return rf"(?:{'|'.join(sorted(words, key=len, reverse=True))})(?!\w)"


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace(" ", r"(?:[ \t]+(?:\r?\n[ \t]*)?|\r?\n[ \t]*)"))


_DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?(?![\w%]|[.,:]\d)|{_any(ORDINAL_DAYS)})"
_YEAR = r"(?P<year>1\d{3}|2[01]\d\d)(?: ?م(?!\w)|(?![\w%]|[.,:]\d|['’]s| ?ه(?!\w)))"
_WEEKDAY = _any(WEEKDAY_NUMBERS)
_ARABIC_TURN = _any(_ARABIC_TURNS)
_YEAR_WORD = "(?:عام|العام|سنه|السنه|the year)"

WORD = re.compile(r"[^\W_]+")
LAST_WORD = re.compile(r"([^\W_]+)[^\w.,،;؛:!?؟()]*\Z")
NEXT_WORD = re.compile(r"[\s'’]*([^\W_]+)")
CLOSED = re.compile(r"\)(?!\s?[\u0621-\u064a])")
MORE_FIGURES = re.compile(r" ?[-/–—]\d")
# Where a year stands beside another, or after a half or a quarter of it.
AFTER_A_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?: and | or | ?و ?| او |[,،] )\Z")
AFTER_A_SHARE = re.compile(r"(?:الاول|الثاني|الثالث|الرابع|الاخير) من \Z")
YEARS = range(1500, 2200)  # that a date in figures may have
ISLAMIC_YEARS = range(1300, 1500)  # in Arabic, years of either calendar
UNTIED = re.compile(r"(?<!\d[.,:/–-])(?<![+$€£#\d])")  # where a figure is not the end of a longer one
NUMERIC = _compiled(
    r"(?:\d{4}(?P<mark>[-/.])\d{1,2}(?P=mark)\d{1,2}|\d{1,2} ?(?P<sign>[-/.]) ?\d{1,2} ?(?P=sign) ?\d{4})"
    r"(?!\d|[-/.:]\d|[a-su-z])"
)
# The day of the week before a date: Wednesday, 22 November; الأربعاء الموافق 22 نوفمبر
LEAD = _compiled(rf"(?:{_WEEKDAY}|{_any(_SHORT_WEEKDAYS)}\.?)(?: {_ARABIC_TURN})?[,،]? (?:الموافق (?:ل ?)?)?(?:the )?")
DAY = _compiled(rf"(?P<day>{_DAY})")
DAY_OF = _compiled(rf"(?P<day>{_DAY})(?:(?: of| من شهر| من| شهر)? | ?/ ?|-)")
DAY_AFTER = _compiled(rf" (?:the )?(?P<day>{_DAY})(?:(?: ?[-–—] ?| to | and )(?P<last>{_DAY}))?")
MONTH = _compiled(rf"(?P<month>{_any(MONTH_NUMBERS)})(?:\.(?= ?\d))?")
TWIN = _compiled(rf"(?: ?[/–-] ?| ?\(| )(?P<month>{_any(MONTH_NUMBERS)})\)?")
# What tells the year of a date, after it; `other` where only the rest of the article can tell.
TAIL = _compiled(
    rf"(?:(?: {_ARABIC_TURN})?[,،]? (?:(?:من|of|in) )?(?:{_YEAR_WORD} )?| ?/ ?|-){_YEAR}"
    rf"|[,،]? (?:من )?(?:العام|السنه) (?P<arabic>{_ARABIC_TURN})| (?:of |in )?(?P<english>last|this|next) year(?!\w)"
    rf"|(?P<other> (?:من )?(?:(?:ذلك|نفس) العام|(?:تلك|نفس) السنه|(?:العام|السنه) {_any(_SAME)}|{_any(_SAME)})(?!\w)"
    r"| (?:of |in )?(?:that|the same|the following|the previous) year(?!\w))"
    rf"| (?P<turn>{_ARABIC_TURN}|next(?!\w| (?:week|month|to|door))|last(?= ?(?:[.,;]|$)))"
)
YEARLY = _compiled(r" (?:(?:من )?كل (?:عام|سنه)|سنويا|(?:of )?(?:each|every) year|annually)(?!\w)")
PART = _compiled(rf"{_any(_PARTS)}(?:-| (?:شهر )?)")
YEAR = _compiled(rf"(?P<word>{_YEAR_WORD} (?:{_ARABIC_TURN} )?)?{_YEAR}")
PERIOD = _compiled(
    rf"(?:ال)?(?P<arabic>شهر|عام|سنه) (?P<turn>{_ARABIC_TURN})|(?:هذا|هذه) ال(?P<present>شهر|عام|سنه)(?!\w)"
    r"|(?P<english_turn>last|this|next) (?P<english>month|year)(?!\w)"
)
PERIODS = {"شهر": "month", "month": "month", "عام": "year", "سنه": "year", "year": "year"}
TURNED = _compiled(r"(?P<turn>last|this|next|coming) ")
OPENER = _compiled(rf"(?P<opener>{_any(_OPENERS)}) (?:(?:ال)?فتره (?:من |بين )?)?(?:{_any(PAIRS)} )?(?:the )?")
TO = _compiled(r"(?P<to> ?[-–—/] ?| (?:الي|حتي|وحتي|to|until|till|through|up to) )(?:the )?")
AND = _compiled(r"(?: and | و ?)(?:the )?")
AWAY = _compiled(rf"(?P<away>{_any(DAYS_AWAY)})(?:,? \(?(?P<weekday>{_WEEKDAY})\)?)?")
AGO = _compiled(
    rf"(?:قبل|منذ) (?:(?P<arabic>[^\W_]+(?: [^\W_]+){{0,2}}?) )?(?P<period>{_any(UNITS)})"
    r"(?: واحده?(?!\w))?(?P<about> من(?!\w| الان(?!\w))| تقريبا| و(?:نصف|نيف|ربع))?"
    rf"|(?P<english>\d{{1,3}}|{_any(_NUMBERS)}(?:(?: |-){_any(_NUMBERS)})?) (?P<english_period>{_any(UNITS)}) ago(?!\w)"
)
# After "a day", "a month", "a year" without a number: what makes it the day, the month or the year of something.
OF_SOMETHING = _compiled(rf" (?:ال|\d|امس|غد|{_any((*MONTH_NUMBERS, *_ISLAMIC_MONTHS))})")
DAY_OF_WEEK = _compiled(
    rf"(?:(?P<before>last|past|next|coming) )?(?P<weekday>{_WEEKDAY})(?: (?P<turn>{_ARABIC_TURN}))?"
)
# Before a day of the week: next Monday and Tuesday
TURNED_WITH = _compiled(rf"(?P<turn>last|next|coming) {_WEEKDAY}(?:,| and| or) \Z")
# After a day of the week: what makes it one that the article's date does not tell.
SOME_WEEKDAY = _compiled(
    r" (?:of (?:last|next|this|each|every) week|(?:last|next) week|a week|(?:من|في) (?:الاسبوع|كل)|الاسبوع|عشر)(?!\w)"
    rf"|(?= ?و ?{_WEEKDAY} {_any((*_ARABIC_TURNS, *_DUAL_TURNS))})| {_any(_DUAL_TURNS)}"
    rf"|(?: (?:to|until|till|through|الي|حتي|وحتي) | ?[-–] ?){_WEEKDAY}"
    rf"|(?= الموافق(?!\w)| \d{{1,2}} (?:من (?:ال)?شهر|{_any(_ISLAMIC_MONTHS)})| \d{{1,2}} ?/)"
    r"| (?:times|telegraph|mirror|mail|express|prayers?|sermon|school|league|best)(?!\w)"
)
STARTS = frozenset(
    first.split()[0].split("-")[0]
    for first in (
        *MONTH_NUMBERS,
        *WEEKDAY_NUMBERS,
        *ORDINAL_DAYS,
        *DAYS_AWAY,
        *PERIODS,
        *(f"ال{word}" for word in PERIODS),
        *TURNS,
        *_NUMBERS,
        *_PARTS,
        *_OPENERS,
        *_SHORT_WEEKDAYS,
        "قبل",
        "منذ",
    )
)


def month_number(name: str) -> int:
    """The number of a month by its name as it stands in folded text."""
    return MONTH_NUMBERS[_spaced(name)]


def turn_of(told: str) -> int:
    """The last (-1), this (0) or the next (1)."""
    return TURNS[_spaced(told)]


def away(told: str) -> int:
    """How many days from today."""
    return DAYS_AWAY[_spaced(told)]


def _spaced(told: str) -> str:
    return " ".join(told.split())
