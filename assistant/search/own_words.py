"""An article's own sentences, as they are quoted where an answer is not made of passages."""

from typing import Final

from shawahid.ingest.text.quotes import LONGEST_QUOTE, quotable_spans
from shawahid.ingest.text.sentences import sentence_spans
from shawahid.ingest.text.words import words
from shawahid.ingest.types import Article, Span

_SHORTEST: Final = 4  # words; less is a name or a label


def sentences(article: Article) -> list[Span]:
    """The article's own sentences, without labels and what surrounds it on its page, nor its title."""
    title = words(article.metadata.title or "")
    own = [
        span for span in sentence_spans(article.text) if not any(span.overlaps(other) for other in article.furniture)
    ]
    full = [span for span in own if len(article.text[span.start : span.end].split()) >= _SHORTEST]
    return [span for span in full if words(article.text[span.start : span.end]) != title] or full or own


def parts(article: Article, sentence: Span) -> list[Span]:
    """A sentence, in parts where it is too long to be read at a glance."""
    if len(article.text[sentence.start : sentence.end].split()) <= LONGEST_QUOTE:
        return [sentence]
    return quotable_spans(article.text, sentence.start, sentence.end) or [sentence]
