"""From passages to the sentences in them that speak to the question, and how likely they are to answer it."""

import json
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from ingest.library import Library
from ingest.sentences import clause_starts, sentence_spans, trim, word_starts
from ingest.types import Span
from ingest.words import question_terms, terms

from .question import Question, offers
from .retrieve import Found, Retrieval

_PASSAGES = 8
_EMBEDDED = 24
_LOOKED_AT = 4  # as many as an answer shows
_SHORTEST = 4  # words; less is a name or a label
LONGEST_QUOTE = 45  # words

# What a sentence's score is made of; fitted on XQuAD (see CONTRIBUTING.md), watched on ARCD.
_WORDS, _MEANING, _PASSAGE = 2.0, 12.0, 0.25
_KIND = 0.3
_HEADING = 0.3
_QUESTION = 3.0  # what asks does not answer, however much it resembles the question
_LONGEST_HEADING = 14  # words
_TORN = 0.1  # a part without its sentence's beginning, and so perhaps without its subject


@dataclass(frozen=True, slots=True)
class TermWeights:
    """How much each term of a question tells: rare ones most (BM25's inverse document frequency)."""

    weights: Mapping[str, float]

    @property
    def total(self) -> float:
        return sum(self.weights.values())

    def share(self, text: str) -> float:
        """How much of the question's weight stands in `text`, 0 to 1."""
        if not self.weights:
            return 0.0
        present = set(terms(text))
        return sum(weight for term, weight in self.weights.items() if term in present) / self.total


def weigh_terms(library: Library, question: Question) -> TermWeights:
    wanted = set(question_terms(question.search))
    passages, frequencies = library.document_frequencies(wanted)
    return TermWeights(
        {term: math.log(1 + (passages - count + 0.5) / (count + 0.5)) for term, count in frequencies.items()}
    )


@dataclass(frozen=True, slots=True)
class Margins:
    """How far below the best sentence another may stand.

    `meaning`: in cosine, for one from another article, which may stand twice as far below by `score` as any other.
    """

    meaning: float
    score: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of an article that can be quoted, and how well they speak to the question.

    `span` is where they stand, `sentence` the whole sentence that they are, or are a part of. `words` is the share of
    the question's weight in them, `meaning` their cosine to the question.
    """

    found: Found
    span: Span
    sentence: Span
    text: str
    words: float
    meaning: float = 0.0
    score: float = 0.0


def gather_evidence(library: Library, question: Question, retrieval: Retrieval, weights: TermWeights) -> list[Evidence]:
    """The sentences of the best passages, the most telling first."""
    best = retrieval.found[:_PASSAGES]
    sentences = [item for found in best for item in _sentences(library, found, weights)]
    sentences.sort(key=lambda item: -(item.words + _PASSAGE * item.found.score))
    sentences = _spread(sentences)
    if not sentences:
        return []
    vectors = library.embed_sentences([item.text for item in sentences])
    similarities = vectors @ retrieval.vector[0]
    scored = [
        _scored(replace(item, meaning=float(similarity)), question)
        for item, similarity in zip(sentences, similarities, strict=True)
    ]
    return sorted(scored, key=lambda item: (-item.score, item.found.passage.id, item.span))


def _sentences(library: Library, found: Found, weights: TermWeights) -> list[Evidence]:
    passage = found.passage
    text = library.text(passage.text_id)
    spans = sentence_spans(text, passage.start, passage.end)
    kept = [span for span in spans if len(text[span.start : span.end].split()) >= _SHORTEST] or spans
    parts = [(span, part) for span in kept for part in quotable_parts(text, span)]
    bodies = [text[part.start : part.end] for _, part in parts]
    return [
        Evidence(found, part, span, body, weights.share(body)) for (span, part), body in zip(parts, bodies, strict=True)
    ]


def _spread(ordered: Sequence[Evidence]) -> list[Evidence]:
    """The first `_EMBEDDED` sentences, but of foreign passages those that stand best, whose words tell nothing."""
    foreign = [item for item in ordered if item.found.foreign]
    own = [item for item in ordered if not item.found.foreign]
    room = _EMBEDDED if not own else _EMBEDDED // 2 if foreign else 0
    foreign.sort(key=lambda item: -item.found.score)
    return own[: _EMBEDDED - min(room, len(foreign))] + foreign[:room]


def _scored(item: Evidence, question: Question) -> Evidence:
    score = _MEANING * item.meaning + _PASSAGE * item.found.score
    if not item.found.foreign:
        score += _WORDS * item.words
    if question.kind and offers(question.kind, item.text):
        score += _KIND
    if item.text.endswith(("؟", "?")):
        score -= _QUESTION
    elif _is_heading(item.text):
        score -= _HEADING
    if item.span.start > item.sentence.start:
        score -= _TORN
    return replace(item, score=score)


def _is_heading(text: str) -> bool:
    """A short line without a stop: it resembles a question most and answers it least."""
    return len(text.split()) <= _LONGEST_HEADING and text[-1:] not in ".!…\"”»'،"


def quotable_parts(text: str, sentence: Span) -> list[Span]:
    """Parts of a sentence of at most `LONGEST_QUOTE` words, cut at clauses; the sentence itself where it fits.

    From each clause the longest run that fits, unless an earlier run holds it all: parts may overlap, so that what
    belongs together stands together in one of them. A clause that is too long by itself is cut between words.
    """
    body = text[sentence.start : sentence.end]
    if len(body.split()) <= LONGEST_QUOTE:
        return [sentence]
    clauses = list(_fitting_clauses(body))
    parts: list[Span] = []
    for first, clause in enumerate(clauses):
        ends = [later.end for later in clauses[first:] if len(body[clause.start : later.end].split()) <= LONGEST_QUOTE]
        part = trim(text, Span(sentence.start + clause.start, sentence.start + ends[-1]))
        if part and (not parts or part.end > parts[-1].end):
            parts.append(part)
    return parts


def _fitting_clauses(body: str) -> Iterator[Span]:
    """The clauses of a sentence; one that is too long to quote comes in runs of words."""
    for start, end in pairwise([0, *clause_starts(body), len(body)]):
        starts = [start, *(start + offset for offset in word_starts(body[start:end])), end]
        for first in range(0, len(starts) - 1, LONGEST_QUOTE):
            yield Span(starts[first], starts[min(first + LONGEST_QUOTE, len(starts) - 1)])


# How likely the articles are to answer


@dataclass(frozen=True, slots=True)
class Signals:
    """What confidence is made of, all from the search itself.

    `passage_meaning` and `sentence_meaning` are the highest cosines; `passage_words` and `sentence_words` the highest
    shares of the question's weight; `foreign` whether the best evidence is in another script; `offered` whether any of
    the best sentences holds the kind of thing that is asked for: a number, a time.
    """

    passage_meaning: float
    passage_words: float
    sentence_meaning: float
    sentence_words: float
    foreign: bool
    offered: bool = True


def read_signals(
    question: Question, retrieval: Retrieval, evidence: Sequence[Evidence], weights: TermWeights
) -> Signals:
    top = retrieval.found[:3]
    return Signals(
        passage_meaning=max((found.meaning or 0.0 for found in top), default=0.0),
        passage_words=max((weights.share(found.text) for found in top), default=0.0),
        sentence_meaning=max((item.meaning for item in evidence), default=0.0),
        sentence_words=max((item.words for item in evidence), default=0.0),
        foreign=bool(evidence) and evidence[0].found.foreign,
        offered=any(offers(question.kind, item.text) for item in evidence[:_LOOKED_AT]),
    )


def confidence(signals: Signals) -> float:
    """The probability (0 to 1) that the articles answer, by the table in confidence.json.

    Where a number or a time is asked for and the best sentences hold none, it is lowered by `not_offered`. Of 209
    answerable questions of XQuAD and ARCD that ask so, that costs 3.
    """
    table = _table()["foreign" if signals.foreign else "own"]
    logit = table["intercept"] + sum(
        weight * getattr(signals, name) for name, weight in table.items() if name != "intercept"
    )
    probability = 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))
    return probability if signals.offered else probability * float(_table()["not_offered"])


def threshold() -> float:
    """Below this confidence, the articles "don't say"."""
    return float(_table()["threshold"])


@cache
def _table() -> Any:
    return json.loads(files(__package__).joinpath("confidence.json").read_text(encoding="utf-8"))


def distinct(items: Collection[Evidence], limit: int, margins: Margins) -> list[Evidence]:
    """At most `limit` sentences near the best: the best, the best of another article that comes near, then any.

    So a second article that speaks of the question is heard before the first is heard twice. A sentence that repeats
    the words of one already taken from the same article is left out.
    """
    ordered = sorted(items, key=lambda item: -item.score)
    taken = ordered[:1]
    if ordered and ordered[0].found.foreign:
        # The others share words with the question, and its language, and still stand behind: they don't answer.
        ordered = [item for item in ordered if item.found.foreign]
        margins = Margins(margins.meaning / 2, margins.score / 2)  # without words, scores lie closer together
    for item in ordered:
        near = item.meaning >= taken[0].meaning - margins.meaning and item.score >= taken[0].score - 2 * margins.score
        if near and not _same_text(item, taken[0]):
            taken.append(item)
            break
    for item in ordered:
        told = any(_same_text(item, other) and _repeats(item, other) for other in taken)
        if len(taken) < limit and not told and item.score >= ordered[0].score - margins.score:
            taken.append(item)
    return sorted(taken, key=lambda item: -item.score)


def _same_text(item: Evidence, other: Evidence) -> bool:
    return item.found.passage.text_id == other.found.passage.text_id


def _repeats(item: Evidence, other: Evidence) -> bool:
    if item.span.start < other.span.end and other.span.start < item.span.end:
        return True
    mine, theirs = set(terms(item.text)), set(terms(other.text))
    return len(mine & theirs) > 0.8 * min(len(mine), len(theirs))
