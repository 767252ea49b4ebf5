"""An answer as text for clients that know nothing of ours: its marks in place, then the list of its sources.

Most of them render it as Markdown, so all that comes from outside is escaped (markdown_text.py)."""

from collections.abc import Sequence
from dataclasses import dataclass

from shawahid.assistant.types import Answer, Citation, Language, Sentence
from shawahid.prompts import say
from shawahid.ui.told import (
    account_name,
    comma,
    ellipses,
    quoted,
    told_comparisons,
    told_constraints,
    told_listed,
    told_namesakes,
)

from .markdown_text import escaped_answer


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a citation's number stands in the whole text, in code points."""

    citation: Citation
    start: int
    end: int


class AnswerText:
    """The text of an answer in pieces, to be put together as they are, and where its marks stand: what introduces it,
    its sentences, what else is to be told, and the sources, each with its words."""

    def __init__(self, answer: Answer) -> None:
        self.pieces: list[str] = []
        self.marks: list[Mark] = []
        self._length = 0
        self._answer = answer
        self._write(escaped_answer(answer))

    def __str__(self) -> str:
        return "".join(self.pieces)

    def _write(self, answer: Answer) -> None:
        language = answer.language
        for told in (answer.frame, *told_constraints(answer), *told_comparisons(answer)):
            self._add(told)
        for account, sentences in answer.by_account():
            if account:
                self._add(account_name(account, answer))
            for sentence in sentences:
                self._add(_stated(sentence, language), [self._answer.citation(number) for number in sentence.citations])
        for number, corrections in answer.corrections_to_tell().items():
            for correction in corrections:
                self._add(f"[{number}] {say(correction.phrase, language, words=correction.quote)}")
        for told in (*told_listed(answer), *told_namesakes(answer), *answer.notices):
            self._add(told)
        self._list(f"{say('sources', language)}:", answer.citations, answer)
        self._list(say("closest", language), answer.coverage.closest, answer)

    def _list(self, heading: str, citations: Sequence[Citation], answer: Answer) -> None:
        if citations:
            self._add("\n".join([heading, *(_source(citation, answer) for citation in citations)]))

    def _add(self, text: str, cited: Sequence[Citation] = ()) -> None:
        """A paragraph, with the marks of what it cites."""
        piece = f"\n\n{text}" if self.pieces else text
        for citation in cited:
            mark = f"[{citation.number}]"
            piece = f"{piece} {mark}"
            end = self._length + len(piece)
            self.marks.append(Mark(citation, end - len(mark), end))
        self.pieces.append(piece)
        self._length += len(piece)


def _stated(sentence: Sentence, language: Language) -> str:
    """A model's sentence as it is, with what is doubted of it; an article's between quotation marks."""
    if sentence.origin != "model":
        return quoted(sentence.text, language)
    return sentence.text if sentence.verdict == "supported" else f"{sentence.text} ({sentence.reason})"


def _source(citation: Citation, answer: Answer) -> str:
    language, (before, after) = answer.language, ellipses(citation, answer)
    known = (
        citation.outlet or say("no_outlet", language),
        citation.title or citation.source,
        citation.date or say("undated", language),
    )
    return f"[{citation.number}] {comma(language).join(known)}: «{before}{' '.join(citation.quote.split())}{after}»"
