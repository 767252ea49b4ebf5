"""Words of an article, and where they stand: what evidence, sentences and citations rest on."""

from dataclasses import dataclass
from typing import Final

from shawahid.assistant.language.tongue import has_rules
from shawahid.ingest.types import Article, Span

_TELLING: Final = 1_500  # characters of an article that tell its language


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The words from `span.start` to `span.end` of an article's text."""

    article: Article
    span: Span

    @property
    def text(self) -> str:
        return self.article.text[self.span.start : self.span.end]

    @property
    def ruled(self) -> bool:
        """Whether the words, and the beginning of their article, are in a language that the rules are for. Who speaks,
        when, and what is disputed is read in no other."""
        return has_rules(self.text) and has_rules(self.article.text[:_TELLING])

    def overlaps(self, other: "Excerpt") -> bool:
        """Whether two excerpts of one article have a character in common."""
        return self.article.id == other.article.id and self.span.overlaps(other.span)
