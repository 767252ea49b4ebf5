"""The clause of a quote that answers, where it is sure which: the amount or the time asked for stands in one only."""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import Final

from shawahid.ingest.text.sentences import clause_starts, sentence_spans, trim
from shawahid.ingest.text.words import fold, terms
from shawahid.ingest.types import Span

from .answer_kind import counts, held, offers
from .question import Question

_SHARED: Final = 2  # terms of the question in the sentence of the clause; with fewer it may tell of something else
_SHORTEST: Final = 4  # words; less is no clause that says something
_ASKS_MORE: Final = re.compile(
    r"\sو(?:كم|متي|هل|ما|ماذا|اين|وين|من|مين|كيف|لماذا|ليش|علي اي)\s|,? and (?:how|when|what|where|who|why|which)\b"
)


def answering_clauses(question: Question, quotes: Sequence[str], disputing: Collection[int] = ()) -> list[Span | None]:
    """Where in each quote the clause stands that holds the amount or the time asked for.

    None where the question is joined to an earlier one, where another kind of thing or more than one is asked for,
    where no clause or several hold one, where the quote is one clause, or where it holds other amounts or times than
    the clause of the first quote, unless it is among those that are `disputing` it (by their places).
    """
    clauses = [_answering(question, quote) for quote in quotes]
    told = [
        held(question.kind, quote[clause.start : clause.end]) if clause else frozenset()
        for quote, clause in zip(quotes, clauses, strict=True)
    ]
    return [
        clause if told[0] and (told[0] & told[place] or place in disputing) else None
        for place, clause in enumerate(clauses)
    ]


def _answering(question: Question, quote: str) -> Span | None:
    # "How many were they?" shares only the earlier question's words, which any amount of that story may stand beside.
    if (
        question.base
        or question.kind not in ("number", "time")
        or _ASKS_MORE.search(" ".join(fold(question.text).split()))
    ):
        return None
    clauses = list(_clauses(quote))
    holding = [one for one in clauses if offers(question.kind, quote[one.start : one.end], question.unit)]
    if question.kind == "number" and not question.unit:
        holding = [one for one in holding if counts(quote[one.start : one.end])] or holding
    if len(clauses) < 2 or len(holding) != 1:
        return None
    (clause,) = holding
    sentence = next(one for one in sentence_spans(quote) if one.overlaps(clause))
    shared = set(terms(question.search)) & set(terms(quote[sentence.start : sentence.end]))
    return clause if len(shared) >= _SHARED else None


def _clauses(quote: str) -> Iterator[Span]:
    """The clauses of each sentence; one of a few words belongs to what follows, or at the end to what is before."""
    for sentence in sentence_spans(quote):
        body = quote[sentence.start : sentence.end]
        spans: list[Span] = []
        for start, end in pairwise([0, *clause_starts(body), len(body)]):
            short = len(body[start:end].split()) < _SHORTEST
            if spans and (short or len(body[spans[-1].start : spans[-1].end].split()) < _SHORTEST):
                spans[-1] = Span(spans[-1].start, end)
            else:
                spans.append(Span(start, end))
        for span in spans:
            if piece := trim(quote, Span(sentence.start + span.start, sentence.start + span.end)):
                yield piece
