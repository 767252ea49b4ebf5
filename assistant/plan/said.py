"""The words of a question with where they are typed, for patterns that read several of them together."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from shawahid.ingest.text.words import located_words
from shawahid.ingest.types import Span

_QUOTED = re.compile(r'"[^"]+"|“[^”]+”|«[^»]+»|„[^“]+“')
HIDDEN = "_"
"""Stands in `Said.line` for a word between quotation marks: these are no constraint."""


@dataclass(frozen=True, slots=True)
class Found:
    """Words `first` to `last` (exclusive) of a question."""

    first: int
    last: int


@dataclass(frozen=True)
class Said:
    """A question as it was typed."""

    text: str

    @cached_property
    def quotations(self) -> tuple[Span, ...]:
        """What stands between quotation marks, without these."""
        return tuple(Span(found.start() + 1, found.end() - 1) for found in _QUOTED.finditer(self.text))

    @cached_property
    def located(self) -> tuple[tuple[str, Span], ...]:
        return tuple(located_words(self.text))

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The folded words; HIDDEN for those that are quoted."""
        return tuple(
            HIDDEN if any(span.overlaps(quoted) for quoted in self.quotations) else word for word, span in self.located
        )

    @cached_property
    def line(self) -> str:
        return " ".join(self.words)

    @cached_property
    def open_text(self) -> str:
        """The text with quotations blanked, each letter in its place."""
        return _QUOTED.sub(lambda found: " " * len(found[0]), self.text)

    def finditer(self, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], Found]]:
        """Where a pattern of whole words stands in the line."""
        for match in pattern.finditer(self.line):
            yield match, self.place(match.start(), match.end())

    def place(self, start: int, end: int) -> Found:
        """The words that stand from `start` to `end` in the line."""
        first = self.line.count(" ", 0, start)
        return Found(first, first + len(self.line[start:end].split()))

    def covering(self, start: int, end: int) -> Found:
        """The words that are typed from `start` to `end` in the text."""
        inside = [place for place, (_, span) in enumerate(self.located) if span.overlaps(Span(start, end))]
        return Found(inside[0], inside[-1] + 1) if inside else Found(0, 0)

    def typed(self, found: Found) -> str:
        """The words as they are typed."""
        spans = [span for _, span in self.located[found.first : found.last]]
        return self.text[spans[0].start : spans[-1].end] if spans else ""
