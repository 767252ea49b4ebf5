"""Publication dates as they stand in metadata, made ISO 8601; a date that can be read two ways is not read at all."""

import re
from datetime import date
from email.utils import parsedate_to_datetime

from shawahid.ingest.errors import MetadataInvalid

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ].*)?)?)?")
_NUMERIC = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})(?:[ T,].*)?")
_LONGEST = 200  # characters; what is longer is no date
_ARABIC_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹أإآ", "01234567890123456789ااا")

# English, the month names of Egypt and the Gulf, of the Levant and Iraq, and of the Maghreb; alef without hamza.
MONTHS = {
    name.replace("_", " "): number
    for number, names in enumerate(
        (
            "january jan يناير جانفي كانون_الثاني",
            "february feb فبراير فيفري شباط",
            "march mar مارس اذار",
            "april apr ابريل افريل نيسان",
            "may مايو ماي ايار",
            "june jun يونيو يونية جوان حزيران",
            "july jul يوليو يوليوز يولية جويلية تموز",
            "august aug اغسطس اوت غشت اب",
            "september sep sept سبتمبر شتنبر ايلول",
            "october oct اكتوبر تشرين_الاول",
            "november nov نوفمبر نونبر تشرين_الثاني",
            "december dec ديسمبر دجنبر كانون_الاول",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_WORDS = re.compile(
    rf"(?:[^\W\d]+[،,]? )?(?:(\d{{1,2}})(?:st|nd|rd|th)? )?({_MONTH})(?:/(?:{_MONTH}))?\.?,? "
    r"(?:(\d{1,2})(?:st|nd|rd|th)?,? )?(\d{4})(?:\D.*)?",
    re.IGNORECASE,
)


def read_date(given: str) -> str | None:
    """ISO date of what stands in a metadata field, as exact as it is given; None where it cannot be told.

    >>> read_date("2019-04"), read_date("14/4/2019"), read_date("4/5/2019"), read_date("٤ أبريل ٢٠١٩")
    ('2019-04', '2019-04-14', None, '2019-04-04')
    """
    if len(given) > _LONGEST:
        return None
    text = " ".join(given.translate(_ARABIC_DIGITS).split())
    if match := _ISO.fullmatch(text):
        return _iso(*match.groups())
    if match := _NUMERIC.fullmatch(text):
        return _numeric(*match.groups())
    if match := _WORDS.fullmatch(text):
        before, month, after, year = match.groups()
        day = before or after
        return _iso(year, f"{MONTHS[month.lower()]:02}", day.zfill(2) if day else None)
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, IndexError, OverflowError):
        return None


def demand_date(given: str, field: str = "date") -> str:
    """`read_date`, for a date that the user typed: raises MetadataInvalid where it cannot be told."""
    read = read_date(given)
    if read is None:
        raise MetadataInvalid(field=field, value=given, remedy="write it as 2019-04-14, 2019-04 or 2019")
    return read


def _iso(year: str, month: str | None, day: str | None) -> str | None:
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return "-".join(part for part in (year, month, day) if part)


def _numeric(first: str, second: str, third: str) -> str | None:
    """Day, month and year in figures; day and month are told apart only where one of them exceeds 12."""
    if len(first) == 4:
        return _iso(first, second.zfill(2), third.zfill(2))
    if len(third) != 4:
        return None
    if int(first) > 12 or first == second:
        return _iso(third, second.zfill(2), first.zfill(2))
    if int(second) > 12:
        return _iso(third, first.zfill(2), second.zfill(2))
    return None
