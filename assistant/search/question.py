"""What a question is: its language, its topic, and the kind of thing that would answer it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shawahid.assistant.types import Language
from shawahid.ingest.errors import QuestionEmpty, QuestionTooLong
from shawahid.ingest.text.words import STOP_WORDS, fold, script, words

LONGEST_QUESTION = 2_000  # code points
_REMEMBERED = 3
_FEW_WORDS = 3

Kind = str
"""What is asked for: "number", "time", "person", "place" or "" where the wording does not tell."""

Rewrite = Callable[[str, Sequence[str]], str | None]
"""Puts a follow-up, given the questions before it, into words that stand alone; None where it cannot."""

_ASKS_FOR: tuple[tuple[Kind, re.Pattern[str]], ...] = (
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
_LATEST = re.compile(
    r"\b(?:ال)?(?:احدث|اخر (?:ال)?(?:اخبار|تطورات|مستجدات|ما)|الان|حاليا|حالي|حاليه|راهن|راهنه|مستجدات)\b"
    r"|^من (?:هو|هي)\b"
    r"|\b(?:latest|newest|most recent|now|currently|current|nowadays|at present|today)\b|^who (?:is|are)\b"
)
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|millions?|billions?"
    r"|half|third|quarter)\b|\b(?:[وبل]?ال)?(?:واحده?|اثن(?:ان|ين|تان|تين)|ثلاث(?:ه|ون|ين)?|اربع(?:ه|ون|ين)?|خمس(?:ه|ون|ين)?"
    r"|ست(?:ه|ون|ين)|سبع(?:ه|ون|ين)?|ثماني?(?:ه|ون|ين)?|تسع(?:ه|ون|ين)?|عشر(?:ه|ون|ين|ات)?|مئ(?:ه|ات|تي)|مائه|الف|الاف|ملايين"
    r"|مليون|مليار|عده|نصف|ثلث|ربع|ساعه|ساعتين|يومين|شهرين|عامين|مرتين)\b"
)
_TIME = re.compile(
    r"\b(?:1[0-9]|20)\d\d\b|\b\d{1,2}:\d\d\b|\b(?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|yesterday|today|century|year|month|week)\b"
    r"|(?:يناير|فبراير|مارس|ابريل|نيسان|مايو|ايار|يونيو|حزيران|يوليو|تموز|اغسطس|سبتمبر|ايلول|اكتوبر|تشرين|نوفمبر|ديسمبر|كانون|شباط|اذار"
    r"|الاحد|الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعه|السبت|امس|القرن|عام |سنه |شهر|الماضي)"
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question ready to be asked: `text` as typed, `search` as it is looked up, `understood` as it is shown to have
    been taken where it leaned on an earlier one."""

    text: str
    search: str
    understood: str | None
    language: Language
    script: str
    kind: Kind


def read_question(text: str, history: Sequence[str] = (), rewrite: Rewrite | None = None) -> Question:
    """Check a question and see what it asks for. `history` are the earlier questions of the conversation.

    One that leans on an earlier question is looked up together with it, or as `rewrite` puts it, where that is given.
    Raises QuestionEmpty or QuestionTooLong.
    """
    text = text.encode("utf-8", "replace").decode().strip()  # half characters cannot be searched for
    if not words(text):
        raise QuestionEmpty()
    if len(text) > LONGEST_QUESTION:
        raise QuestionTooLong(characters=len(text), limit=LONGEST_QUESTION)
    letters = script(text)
    base = leans_on(text, history)
    rewritten = rewrite(text, history[-_REMEMBERED:]) if base and rewrite else None
    return Question(
        text=text,
        search=rewritten or (f"{base} {text}" if base else text),
        understood=rewritten or (f"{text} ({base})" if base else None),
        language="ar" if letters == "arabic" else "en",
        script=letters,
        kind=asks_for(text),
    )


def asks_for(question: str) -> Kind:
    """The kind of answer that the wording of a question expects.

    >>> asks_for("كم جنديا قُتل؟"), asks_for("When did it begin?"), asks_for("صف اللقاء")
    ('number', 'time', '')
    """
    folded = " ".join(fold(question).split())
    return next((kind for kind, pattern in _ASKS_FOR if pattern.search(folded)), "")


def offers(kind: Kind, sentence: str) -> bool:
    """Whether a sentence holds something of the kind asked for. Persons and places are not told by their form."""
    if kind == "number":
        return bool(_NUMBER.search(fold(sentence)))
    if kind == "time":
        return bool(_TIME.search(fold(sentence)))
    return True


def asks_for_latest(question: str) -> bool:
    """Whether a question asks how things stand now, so that the order of the articles matters.

    >>> asks_for_latest("من هو رئيس البلدية الآن؟"), asks_for_latest("What did the mayor say?")
    (True, False)
    """
    return bool(_LATEST.search(" ".join(fold(question).split())))


def leans_on(text: str, history: Sequence[str]) -> str | None:
    """The earlier question that a follow-up leans on: the last that stands by itself. None where `text` does so too.

    What is further back than three questions is forgotten.
    """
    earlier = [question.strip() for question in history[-_REMEMBERED:] if words(question)]
    if not earlier or not _leans_on_history(text):
        return None
    return next((question for question in reversed(earlier) if not _leans_on_history(question)), earlier[-1])


def _leans_on_history(text: str) -> bool:
    asked = words(text)
    topical = [word for word in asked if word not in STOP_WORDS]
    return (
        len(topical) < _FEW_WORDS or asked[0] in {"and", "then"} or (asked[0][0] == "و" and asked[0][1:] in STOP_WORDS)
    )
