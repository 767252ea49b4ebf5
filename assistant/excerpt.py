"""Words of an article, and where they stand: what evidence, sentences and citations rest on."""

from dataclasses import dataclass

from shawahid.ingest.types import Article, Span


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The words from `span.start` to `span.end` of an article's text."""

    article: Article
    span: Span

    @property
    def text(self) -> str:
        return self.article.text[self.span.start : self.span.end]

    def overlaps(self, other: "Excerpt") -> bool:
        """Whether two excerpts of one article have a character in common."""
        return self.article.id == other.article.id and self.span.overlaps(other.span)
