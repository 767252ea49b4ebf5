"""The third stage of an answer: its sentences, each with the words that it rests on, not yet numbered."""

from collections.abc import Iterable
from dataclasses import dataclass

from shawahid.assistant.excerpt import Excerpt
from shawahid.assistant.types import Language, Origin, Sentence, Verdict
from shawahid.assistant.wording import Copied, Phrase
from shawahid.ingest.text.sentences import goes_on_after, goes_on_before


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence of an answer before its citations are numbered; `excerpts` are what it rests on, at least one."""

    text: str
    verdict: Verdict
    reason: Phrase
    excerpts: tuple[Excerpt, ...]
    origin: Origin

    def as_sentence(self, language: Language, citations: tuple[int, ...] = ()) -> Sentence:
        """The sentence of an answer that it becomes."""
        return Sentence(self.text, self.verdict, self.reason.said(language), citations, self.origin)


@dataclass(frozen=True, slots=True)
class Writing:
    """The sentences of an answer in order, and what to tell of how they were written.

    `model` (name@host) and `prompt` (a hash of the prompt files) are None where no sentence is a language model's;
    `left_out` is how many of its sentences did not hold and are not shown.
    """

    sentences: tuple[Written, ...]
    notices: tuple[Phrase, ...] = ()
    model: str | None = None
    prompt: str | None = None
    left_out: int = 0


def quote(excerpts: Iterable[Excerpt], *notices: Phrase, left_out: int = 0) -> Writing:
    """The articles' own words. `notices` and `left_out` tell of a model whose sentences are not shown."""
    return Writing(tuple(verbatim(excerpt) for excerpt in excerpts), notices, left_out=left_out)


def verbatim(excerpt: Excerpt, origin: Origin = "article") -> Written:
    """The words of an article as a sentence, with … where the article's own sentence goes on."""
    text, span = excerpt.article.text, excerpt.span
    before = "… " if goes_on_before(text, span.start) else ""
    after = " …" if goes_on_after(text, span.end) else ""
    reason: Copied = "repaired" if origin == "repaired" else "verbatim_cut" if before or after else "verbatim"
    return Written(f"{before}{excerpt.text}{after}", "supported", Phrase(reason), (excerpt,), origin)
