"""150 times as they stand in sentences of news, with what each comes to; `measure` counts how many are read rightly.

The sentences are invented. What is to be left alone has no value: a time that is vague, one that only an article's date
would tell, and what looks like a time and is none. No rule was made after a line of the third that is kept apart.
"""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from shawahid.assistant.language.times.find import find_times
from shawahid.ingest.text.words import fold

SORTS = ("day", "month", "year", "stretch", "no year", "seen from the article", "left alone")
LANGUAGES = ("ar", "en")


@dataclass(frozen=True)
class Expression:
    """A time in a sentence; `sort` is what of it the sentence tells."""

    language: str
    text: str
    start: int
    end: int
    article_date: str
    value: str

    @property
    def sort(self) -> str:
        if not self.value:
            return "left alone"
        if "/" in self.value:
            return "stretch"
        if self.value.startswith("--"):
            return "no year"
        if self.value[:4] not in fold(self.text[self.start : self.end]):
            return "seen from the article"
        return {4: "year", 7: "month", 10: "day"}[len(self.value)]

    def is_right(self) -> bool:
        """Whether this time and no other is found, in its place and with its value; nothing, where it has none."""
        found = find_times(self.text, self.article_date or None)
        values = [time.value for time in found if time.start < self.end and self.start < time.end]
        return len(found) == len(values) and values == ([self.value] if self.value else [])


def expressions() -> tuple[list[Expression], list[Expression]]:
    """Those that the rules were made with, and those that were kept apart: every third."""
    lines = Path(__file__).with_name("expressions.jsonl").read_text(encoding="utf-8").splitlines()
    practice: list[Expression] = []
    apart: list[Expression] = []
    for number, line in enumerate(lines, 1):
        given = json.loads(line)
        start = given["text"].index(given["expression"])
        end = start + len(given["expression"])
        kept = Expression(given["language"], given["text"], start, end, given["article_date"], given["value"])
        (apart if number % 3 == 0 else practice).append(kept)
    return practice, apart


def measure(kept: list[Expression]) -> dict[tuple[str, str], tuple[int, int]]:
    """How many of each language and sort are right, of how many."""
    right = Counter((expression.language, expression.sort) for expression in kept if expression.is_right())
    total = Counter((expression.language, expression.sort) for expression in kept)
    return {key: (right[key], total[key]) for key in total}


def told(table: dict[tuple[str, str], tuple[int, int]]) -> tuple[int, int]:
    """How many of those that come to a value are right, of how many."""
    counts = [count for (_, sort), count in table.items() if sort != "left alone"]
    return sum(right for right, _ in counts), sum(total for _, total in counts)


def left_alone(table: dict[tuple[str, str], tuple[int, int]]) -> tuple[int, int]:
    """How many of those without a value are left alone, of how many."""
    counts = [count for (_, sort), count in table.items() if sort == "left alone"]
    return sum(right for right, _ in counts), sum(total for _, total in counts)
