"""What a sentence is held against, and what comes of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from shawahid.assistant.language.measures import Measure, measures
from shawahid.assistant.language.name_sense import name_scores
from shawahid.assistant.language.names import Words, names, sensed_names
from shawahid.assistant.language.numerals import Number, numbers
from shawahid.assistant.language.speech import Speech, speeches
from shawahid.assistant.language.times.moments import Date, dates
from shawahid.assistant.language.tokens import Token, tokenize
from shawahid.assistant.types import Verdict
from shawahid.ingest.embedders.base import Vectors
from shawahid.ingest.types import Article, Metadata, Span

_BEFORE = 1_500  # code points of an article ahead of a quote that may tell who speaks
_NAME, _LIKELY_NAME = 1.2, 0.0  # scores of name_sense.py

Reason = Literal[
    "holds",
    "number",
    "unit",
    "date",
    "name",
    "word",
    "exchanged",
    "speaker",
    "speaker_unknown",
    "said_by",
    "negation",
    "meaning",
    "second_opinion",
]
"""Why a sentence stands or not. Each is said by a phrase of prompts/phrases.*.toml, "finding_" and the reason."""

Embed = Callable[[Sequence[str]], Vectors]
"""Texts to unit vectors, shape (n, dimensions)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict, the reason for it, and the words that it is about."""

    verdict: Verdict
    reason: Reason
    words: str = ""


SUPPORTED = Finding("supported", "holds")


class Text:
    """A text with what is known of it, each thing found when it is first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def tokens(self) -> list[Token]:
        return tokenize(self.text)

    @cached_property
    def words(self) -> Words:
        return Words(self.tokens)

    @cached_property
    def numbers(self) -> list[Number]:
        return numbers(self.tokens)

    @cached_property
    def dates(self) -> list[Date]:
        return dates(self.tokens)

    @cached_property
    def amounts(self) -> list[Number]:
        """The numbers that are not part of a date."""
        return [
            number
            for number in self.numbers
            if not any(date.first <= number.first and number.last <= date.last for date in self.dates)
        ]

    @cached_property
    def measures(self) -> list[Measure]:
        return measures(self.tokens, self.amounts)

    @cached_property
    def listed_names(self) -> list[Token]:
        return names(self.tokens)

    @cached_property
    def names(self) -> list[Token]:
        """The words that are names by lists and letters, or, in Arabic, clearly sound like names where they stand."""
        return self._with_sensed(_NAME)

    @cached_property
    def likely_names(self) -> list[Token]:
        """These and those that rather sound like names."""
        return self._with_sensed(_LIKELY_NAME)

    def _with_sensed(self, least: float) -> list[Token]:
        if self.latin:
            return self.listed_names
        starts = {token.start for token in self.listed_names}
        starts |= {token.start for token in sensed_names(self.tokens, name_scores(self.text, self.tokens), least)}
        return [token for token in self.tokens if token.start in starts]

    @cached_property
    def speeches(self) -> list[Speech]:
        return speeches(self.tokens)

    @cached_property
    def latin(self) -> bool:
        return sum(token.latin for token in self.tokens) * 2 > len(self.tokens)


@dataclass(frozen=True)
class Ground:
    """What a sentence rests on.

    `quote` are the whole sentences that the cited words stand in, `before` what the article says ahead of them, `about`
    its outlet, title and date.
    """

    quote: Text
    before: Text
    about: Metadata

    @classmethod
    def within(cls, article: Article, span: Span, quote: str) -> "Ground":
        """The ground of words of an article: `quote`, which begins at `span`, and what stands ahead of it."""
        before = article.text[max(0, span.start - _BEFORE) : span.start]
        return cls(Text(quote), Text(before), article.metadata)

    @cached_property
    def title(self) -> Words:
        return Words(tokenize(" ".join(filter(None, (self.about.title, self.about.outlet)))))
