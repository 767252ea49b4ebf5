"""From passages to the words in them that speak to the question."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from shawahid.assistant.attempt import attempt
from shawahid.assistant.excerpt import Excerpt
from shawahid.ingest.library import Library
from shawahid.ingest.text.sentences import goes_on_before
from shawahid.ingest.types import Article, Span

from .answer_kind import offers
from .question import Question
from .retrieve import Hit, Retrieval

# How many of the best passages are quoted from.
_PASSAGES: Final = 8

# What the score of a quote is made of, beside its cosine to the question; by a grid on XQuAD, watched on ARCD.
_PASSAGE: Final = 2.4  # of its passage's score
_WORDS: Final = 0.33  # of the share of the question's weight in it
_OFFERED: Final = 0.05  # it holds the number or the time that is asked for
_HEADING: Final = 0.1  # taken off a heading
_QUESTION: Final = 0.25  # taken off what asks: it does not answer, however much it resembles the question
_PHRASE: Final = 1.0  # it has the words that the question gives in quotation marks
_TORN: Final = 0.01  # taken off a part without its sentence's beginning, and so perhaps without its subject

_LONGEST_HEADING: Final = 14  # words


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of an article that can be quoted, and how well they speak to the question.

    `found` is the passage that they stand in. `words` is the share (0 to 1) of the question's weight in them, `meaning`
    their cosine to the question. `offered`: they hold the kind of thing that is asked for, or its form does not tell.
    """

    found: Hit
    excerpt: Excerpt
    words: float
    meaning: float
    score: float
    offered: bool = True

    @property
    def article(self) -> Article:
        return self.excerpt.article

    @property
    def span(self) -> Span:
        return self.excerpt.span

    @property
    def text(self) -> str:
        return self.excerpt.text


def gather_evidence(
    library: Library, question: Question, retrieval: Retrieval, *, most: int = _PASSAGES
) -> list[Evidence]:
    """What can be quoted of the best passages, `most` of them, the most telling first.

    Where several articles have the same text, the evidence is of the first ingested that was searched.
    """
    best = retrieval.found[:most]
    texts = {found.passage.text_id for found in best}
    articles = {text_id: library.article(retrieval.articles[text_id][0]) for text_id in texts}
    evidence = [
        item for found in best for item in _quotes(library, found, articles[found.passage.text_id], question, retrieval)
    ]
    return sorted(evidence, key=lambda item: (-item.score, item.found.passage.id, item.span))


def _quotes(
    library: Library, found: Hit, article: Article, question: Question, retrieval: Retrieval
) -> Iterator[Evidence]:
    spans, vectors = library.quotes_of(found.passage)
    asked: float | None = None  # how well the question just before speaks to ours
    for span, meaning in zip(spans, vectors @ retrieval.vector[0], strict=True):
        excerpt = Excerpt(article, span)
        words = retrieval.weights.share(excerpt.text)
        offered = attempt(
            "the unit asked for", partial(offers, question.kind, excerpt.text, question.unit), otherwise=True
        )
        form = _form(excerpt, offered and (question.kind in ("number", "time") or question.unit is not None))
        score = float(meaning) + _PASSAGE * found.score + _WORDS * words + form
        score -= _TORN if goes_on_before(article.text, span.start) else 0.0
        score += _PHRASE if question.quotes_from(excerpt.text) else 0.0
        asks = excerpt.text.endswith(("؟", "?"))
        if asked is not None and not asks:  # what an interviewer asks is answered by what comes next, however worded
            score, offered = max(score, asked), True
        yield Evidence(found, excerpt, words, float(meaning), score, offered)
        asked = score + _QUESTION if asks else None


def _form(excerpt: Excerpt, offered: bool) -> float:
    """What the form of a quote adds to its score; `offered`: it has the number or the time that is asked for."""
    if excerpt.text.endswith(("؟", "?")):
        return -_QUESTION
    return (_OFFERED if offered else 0.0) - (_HEADING if _is_heading(excerpt.text) else 0.0)


def _is_heading(text: str) -> bool:
    """A short line without a stop: it resembles a question most and answers it least."""
    return len(text.split()) <= _LONGEST_HEADING and text[-1:] not in ".!…\"”»'،"
