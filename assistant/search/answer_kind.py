"""The kind of thing that would answer a question: told by its wording, and by the form of a sentence that has it."""

import re
from typing import Final, Literal

from shawahid.assistant.language.measures import unit as unit_of_amount
from shawahid.assistant.language.numerals import numbers
from shawahid.assistant.language.tokens import tokenize
from shawahid.assistant.language.units import unit_of
from shawahid.ingest.text.words import fold, words

AnswerKind = Literal["number", "time", "person", "place", ""]
"""What is asked for; "" where the wording does not tell."""

_ASKS_FOR: Final[tuple[tuple[AnswerKind, re.Pattern[str]], ...]] = (
    (
        "number",
        re.compile(
            r"^(?:و|ف|ب)?كم\b|\bكم (?:عدد|بلغ|كان|مره|استمر|تبلغ)|\bما عدد\b"
            r"|\bhow (?:many|much|long|old|far|often)\b"
        ),
    ),
    (
        "time",
        re.compile(
            r"^(?:و|ف|ل|ال[يى] )?(?:متي|امتي)\b|\bفي اي (?:عام|سنه|يوم|تاريخ|شهر|قرن|وقت)\b|\bما تاريخ\b"
            r"|\bwhen\b|\b(?:what|which) (?:year|date|day|month|century)\b"
        ),
    ),
    (
        "place",
        re.compile(
            r"^(?:و|ف)?(?:من |الي )?(?:اين|وين)\b|\bفي اي (?:مدينه|بلد|دوله|مكان|منطقه)\b"
            r"|\bwhere\b|\b(?:what|which) (?:city|country|place|town)\b"
        ),
    ),
    ("person", re.compile(r"^(?:و|ف|ل|ب)?من \w|\bwho(?:m|se)?\b")),
)
_NUMBER: Final = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|millions?|billions?"
    r"|half|third|quarter)\b|\b(?:[وبل]?ال)?(?:واحده?|اثن(?:ان|ين|تان|تين)|ثلاث(?:ه|ون|ين)?|اربع(?:ه|ون|ين)?|خمس(?:ه|ون|ين)?"
    r"|ست(?:ه|ون|ين)|سبع(?:ه|ون|ين)?|ثماني?(?:ه|ون|ين)?|تسع(?:ه|ون|ين)?|عشر(?:ه|ون|ين|ات)?|مئ(?:ه|ات|تي)|مائه|الف|الاف|ملايين"
    r"|مليون|مليار|عده|نصف|ثلث|ربع|ساعه|ساعتين|يومين|شهرين|عامين|مرتين)\b"
)
_TIME: Final = re.compile(
    r"\b(?:1[0-9]|20)\d\d\b|\b\d{1,2}:\d\d\b|\b(?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|yesterday|today|century|year|month|week)\b"
    r"|(?:يناير|فبراير|مارس|ابريل|نيسان|مايو|ايار|يونيو|حزيران|يوليو|تموز|اغسطس|سبتمبر|ايلول|اكتوبر|تشرين|نوفمبر|ديسمبر|كانون|شباط|اذار"
    r"|الاحد|الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعه|السبت|امس|القرن|عام |سنه |شهر|الماضي)"
)


_HOW_MANY: Final = frozenset("كم وكم بكم وبكم كام وكام بكام قديش".split())
_HOW_MUCH: Final = frozenset("many much old long".split())  # after "how"
_OF_MONEY: Final = frozenset(
    "سعر سعرها سعره قيمه قيمتها قيمته ثمن ثمنها ثمنه تكلفه كلفه ميزانيه جايزه غرامه ديون راتب فلوس بكم"
    " price cost worth money pay paid fine salary".split()
)
_OF_AGE: Final = frozenset("عمر عمره عمرها".split())
_TIMES: Final = ("second", "minute", "hour", "day", "week", "month", "year", "decade", "century")


def _measures_in(unit: str, sentence: str) -> bool:
    """Whether an amount stands there in this unit, in any money, or in the next smaller or larger unit of time."""
    tokens = tokenize(sentence)
    found = {unit_of_amount(tokens, number) for number in numbers(tokens)}
    if unit == "money":
        return any(one is not None and one[0] == "money" for one in found)
    near = {unit}
    if unit in _TIMES:
        place = _TIMES.index(unit)
        near |= set(_TIMES[max(0, place - 1) : place + 2])
    return any(one is not None and one[1] in near for one in found)


def asks_for(question: str) -> AnswerKind:
    """The kind of answer that the wording of a question expects.

    >>> asks_for("كم جنديا قُتل؟"), asks_for("When did it begin?"), asks_for("صف اللقاء")
    ('number', 'time', '')
    """
    folded = " ".join(fold(question).split())
    return next((kind for kind, pattern in _ASKS_FOR if pattern.search(folded)), "")


def asked_unit(question: str) -> str | None:
    """The unit, or the kind of unit ("money"), of the amount that a question asks for; None where it asks for none, or
    the wording does not tell which.

    >>> asked_unit("كم سعر التذكرة؟"), asked_unit("How many tonnes were sold?"), asked_unit("كم عدد الجرحى؟")
    ('money', 'tonne', None)
    """
    said = words(question)
    places = [
        place
        for place, word in enumerate(said)
        if word in _HOW_MANY or (word in _HOW_MUCH and said[place - 1 : place] == ["how"])
    ]
    if not places:
        return None
    if any(word.removeprefix("و").removeprefix("ال") in _OF_MONEY for word in said):
        return "money"
    if any(word in _OF_AGE for word in said) or any(said[place] == "old" for place in places):
        return "year"
    counted = [said[place + 1] for place in places if place + 1 < len(said)]
    return next((found[1] for found in map(unit_of, counted) if found), None)


def held(kind: AnswerKind, sentence: str) -> frozenset[str]:
    """The numbers, or the times, that a sentence holds, so that two sentences can be compared; none of another kind.

    >>> held("number", "قتل 21 شخصا") & held("number", "21 dead, hundreds hurt")
    frozenset({'21'})
    """
    if kind == "number":
        return frozenset(str(one.value) for one in numbers(tokenize(sentence)) if not one.vague)
    return frozenset(found[0] for found in _TIME.finditer(fold(sentence))) if kind == "time" else frozenset()


def counts(sentence: str) -> bool:
    """Whether a number stands there that measures no time: "ten years" is not how many people came."""
    tokens = tokenize(sentence)
    units = (unit_of_amount(tokens, one) for one in numbers(tokens) if not one.vague)
    return any(unit is None or unit[1] not in _TIMES for unit in units)


def offers(kind: AnswerKind, sentence: str, unit: str | None = None) -> bool:
    """Whether a sentence holds something of the kind asked for, in the unit asked for where that is told. Persons and
    places are not told by their form."""
    if unit:
        return _measures_in(unit, sentence)
    if kind == "number":
        return bool(_NUMBER.search(fold(sentence)))
    if kind == "time":
        return bool(_TIME.search(fold(sentence)))
    return True
