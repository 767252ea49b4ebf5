"""What a model is given: excerpts of articles, numbered and fenced, within its window."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shawahid.assistant.excerpt import Excerpt
from shawahid.assistant.search.evidence import Evidence
from shawahid.assistant.search.question import Question
from shawahid.assistant.types import Language
from shawahid.assistant.verify.align import with_its_sentences
from shawahid.ingest.types import Span
from shawahid.prompts import prompt_version, render, say

from .model import ANSWER_TOKENS, Message

_BYTES_A_TOKEN: Final = 3.0  # a low guess for Arabic and English alike, so that no window overflows
_AROUND_PASSAGES: Final = 400  # bytes of the prompt around all passages, on the safe side
_AROUND_PASSAGE: Final = 120  # bytes of the prompt around one passage: its number, outlet, date and title
OPEN: Final = "<<<<"
CLOSE: Final = ">>>>"
_LANGUAGE_NAMES: Final[Mapping[Language, str]] = {"ar": "Arabic", "en": "English"}


@dataclass(frozen=True, slots=True)
class Prompt:
    """The excerpts, which the model knows by their places from 1, what is asked, and a hash of the prompt files."""

    excerpts: tuple[Excerpt, ...]
    question: str
    language: Language
    version: str

    def messages(self, *, structured: bool) -> list[Message]:
        shape = render("answer_structured" if structured else "answer_markers")
        language = _LANGUAGE_NAMES[self.language]
        passages = "\n\n".join(
            _fenced(number, excerpt, self.language) for number, excerpt in enumerate(self.excerpts, start=1)
        )
        return [
            {"role": "system", "content": render("answer", language=language, format=shape)},
            {
                "role": "user",
                "content": render("question", passages=passages, question=fence_free(self.question), language=language),
            },
        ]


def make_prompt(question: Question, shown: Sequence[Evidence], window: int) -> Prompt:
    """The prompt with the evidence, each in whole sentences, as much of it as fits.

    The sentences around it were tried: a small model then answers from the first that it reads.
    """
    version = prompt_version("answer", "answer_structured", "answer_markers", "question", "passage")
    fixed = render("answer", language="", format="") + render("answer_structured") + question.text
    spare = (window - ANSWER_TOKENS) * _BYTES_A_TOKEN - len(fixed.encode()) - _AROUND_PASSAGES
    excerpts: list[Excerpt] = []
    for item in shown:
        passage = item.found.passage
        span = with_its_sentences(item.article.text, item.span, Span(passage.start, passage.end))
        excerpt = Excerpt(item.article, span)
        if any(excerpt.overlaps(other) for other in excerpts):
            continue
        spare -= len(excerpt.text.encode()) + _AROUND_PASSAGE
        if spare < 0 and excerpts:
            break
        excerpts.append(excerpt)
    return Prompt(tuple(excerpts), question.understood or question.text, question.language, version)


def _fenced(number: int, excerpt: Excerpt, language: Language) -> str:
    known = excerpt.article.metadata
    about = [known.outlet or say("no_outlet", language), known.date or say("undated", language), known.title or ""]
    return render(
        "passage",
        number=number,
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
