"""What a model is given: excerpts of articles, numbered and fenced, within its window."""

from collections.abc import Sequence
from dataclasses import dataclass

from shawahid.assistant.answer import Chosen
from shawahid.assistant.search.question import Question
from shawahid.assistant.types import Language
from shawahid.assistant.verify.align import with_its_sentences
from shawahid.ingest.types import Article, Span
from shawahid.prompts import prompt_version, render, say

from .model import ANSWER_TOKENS, Message

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


def make_prompt(question: Question, shown: Sequence[Chosen], window: int) -> Prompt:
    """The prompt with the evidence, each in whole sentences, as much of it as fits.

    The sentences around it were tried: a small model then answers from the first that it reads.
    """
    version = prompt_version("answer", "answer_structured", "answer_markers", "question", "passage")
    fixed = render("answer", language="", format="") + render("answer_structured") + question.text
    spare = (window - ANSWER_TOKENS) * _BYTES_A_TOKEN - len(fixed.encode()) - 400
    excerpts: list[Excerpt] = []
    for item, article in shown:
        passage = item.found.passage
        span = with_its_sentences(article.text, item.span, Span(passage.start, passage.end))
        if any(other.article.id == article.id and other.span.overlaps(span) for other in excerpts):
            continue
        spare -= len(article.text[span.start : span.end].encode()) + 120
        if spare < 0 and excerpts:
            break
        excerpts.append(Excerpt(len(excerpts) + 1, article, span))
    return Prompt(tuple(excerpts), question.understood or question.text, question.language, version)


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
