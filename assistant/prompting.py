"""What a model is given: excerpts of articles, numbered and fenced, within its window."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.library import Library
from ingest.sentences import sentence_spans
from ingest.types import Article, Span
from prompts import prompt_version, render, say

from .evidence import Evidence, Margins, distinct
from .model import Message
from .question import Question
from .types import Language

_EXCERPTS = 5
_MARGINS = Margins(meaning=0.08, score=0.35)
_ANSWER_TOKENS = 700
_BYTES_A_TOKEN = 3.0  # a low guess for Arabic and English alike, so that no window overflows
OPEN, CLOSE = "<<<<", ">>>>"
LANGUAGE_NAMES = {"ar": "Arabic", "en": "English"}


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A numbered part of an article, as a model is shown it."""

    number: int
    article: Article
    span: Span

    @property
    def text(self) -> str:
        return self.article.text[self.span.start : self.span.end]


@dataclass(frozen=True, slots=True)
class Prompt:
    """The excerpts, what is asked, and a hash of the prompt files."""

    excerpts: tuple[Excerpt, ...]
    question: str
    language: Language
    version: str

    def messages(self, *, structured: bool) -> list[Message]:
        shape = render("answer_structured" if structured else "answer_markers")
        language = LANGUAGE_NAMES[self.language]
        passages = "\n\n".join(_fenced(excerpt, self.language) for excerpt in self.excerpts)
        return [
            {"role": "system", "content": render("answer", language=language, format=shape)},
            {
                "role": "user",
                "content": render("question", passages=passages, question=fence_free(self.question), language=language),
            },
        ]


def make_prompt(
    library: Library,
    question: Question,
    evidence: Sequence[Evidence],
    articles: Mapping[int, list[int]],
    window: int,
) -> Prompt:
    """The prompt with the best evidence, in whole sentences, as much of it as fits."""
    version = prompt_version("answer", "answer_structured", "answer_markers", "question", "passage")
    spare = (window - _ANSWER_TOKENS) * _BYTES_A_TOKEN
    spare -= (
        len((render("answer", language="", format="") + render("answer_structured") + question.text).encode()) + 400
    )
    spans: dict[int, list[Span]] = {}
    order: list[tuple[int, Span]] = []
    for item in distinct(evidence, _EXCERPTS, _MARGINS):
        text_id = item.found.passage.text_id
        text = library.text(text_id)
        span = _whole(text, item)
        if any(_overlap(span, other) for other in spans.get(text_id, [])):
            continue
        spare -= len(text[span.start : span.end].encode()) + 120
        if spare < 0 and order:
            break
        spans.setdefault(text_id, []).append(span)
        order.append((text_id, span))
    excerpts = tuple(
        Excerpt(number, library.article(articles[text_id][0]), span)
        for number, (text_id, span) in enumerate(order, start=1)
    )
    return Prompt(excerpts, question.understood or question.text, question.language, version)


def _whole(text: str, item: Evidence) -> Span:
    """A quote with the rest of its sentences, within its passage.

    The sentences around it were tried: a small model then answers from the first that it reads.
    """
    passage = item.found.passage
    inside = [span for span in sentence_spans(text, passage.start, passage.end) if _overlap(span, item.span)]
    return Span(min(item.span.start, inside[0].start), max(item.span.end, inside[-1].end)) if inside else item.span


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _fenced(excerpt: Excerpt, language: Language) -> str:
    known = excerpt.article.metadata
    about = [known.outlet or say("no_outlet", language), known.date or say("undated", language), known.title or ""]
    return render(
        "passage",
        number=excerpt.number,
        about=fence_free(", ".join(filter(None, about))),
        open=OPEN,
        text=fence_free(excerpt.text),
        close=CLOSE,
    )


def fence_free(text: str) -> str:
    """A text in which nothing can be taken for the marks around a passage."""
    while OPEN in text or CLOSE in text:
        text = text.replace(OPEN, "<").replace(CLOSE, ">")
    return text
