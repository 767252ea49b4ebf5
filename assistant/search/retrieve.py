"""Both lists, fused: which passages speak of the question."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from shawahid.ingest.embedders.base import Vectors
from shawahid.ingest.library import Library
from shawahid.ingest.text.words import question_terms, terms
from shawahid.ingest.types import Filters, Passage

from .question import Question

DEPTH: Final = 200
"""How many passages each list brings."""

_WORDS: Final = 0.085  # what a passage with all of the question's words gains, in cosine; by a grid on XQuAD
_STORY_TEXTS: Final = 3  # of what the question before found
_SAME_STORY: Final = 0.05  # what a passage of them gains, in cosine
_FEWEST_COMPARED, _MOST_COMPARED = 3, 10


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


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found: its fused score, and what the score was made of.

    `words` is BM25 over the question's weight (0 where no word is shared, about 1 where each stands there once);
    `meaning` the mean of two cosines to the question, the passage's own and that of its nearest quotable part (None
    where not yet embedded); `whole` the passage's own. `foreign`: written in another script than the question.
    """

    passage: Passage
    score: float
    words: float
    meaning: float | None
    whole: float | None
    foreign: bool


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What a question found, the best first, with the question's vector (1, dimensions) and its terms' weights.

    `articles` are those that have the found texts and pass the filters: text ids to article numbers, the first ingested
    first. `before` is what the earlier question found that this one leans on.
    """

    found: tuple[Hit, ...]
    vector: Vectors
    weights: TermWeights
    articles: Mapping[int, list[int]]
    filters: Filters
    before: "Retrieval | None" = None


def retrieve(library: Library, question: Question, filters: Filters) -> Retrieval:
    """Search a library by words and by meaning, filters first."""
    scope = library.scope(filters)
    vector = _vector(library, question)
    weights = weigh_terms(library, question)
    by_words = library.search_words(question.search, DEPTH, scope)
    earlier = question.earlier
    before = retrieve(library, earlier, filters) if earlier else None
    story = _story(before)
    passages = library.passages({*by_words, *library.search_meaning(vector, DEPTH, scope), *story})
    articles = library.articles_of_texts({passage.text_id for passage in passages.values()}, filters)
    # A text may have lost its last article a moment ago, while an ingest runs.
    passages = {id_: passage for id_, passage in passages.items() if passage.text_id in articles}
    foreign = {id_ for id_, passage in passages.items() if passage.script != question.script}
    total = weights.total or 1.0
    shares = {id_: by_words.get(id_, 0.0) / total for id_ in passages}
    meanings = library.cosines(passages, vector)
    scores = score(shares, {id_: (whole + part) / 2 for id_, (whole, part) in meanings.items()})
    raised = lift(scores, foreign)
    found = (
        _found(
            passages[id_],
            scores[id_] + (_SAME_STORY if id_ in story else 0.0),
            shares[id_],
            meanings.get(id_),
            raised if id_ in foreign else None,
        )
        for id_ in scores
    )
    ordered = sorted(found, key=lambda item: (-item.score, item.passage.id))
    return Retrieval(tuple(ordered), vector, weights, articles, filters, before)


def _vector(library: Library, question: Question) -> Vectors:
    """What is looked for, by meaning. One that leans on an earlier question is both: together they name the story, and
    alone it tells what is asked about it."""
    joined = library.embedder.embed_question(question.search)
    if not question.base:
        return joined
    both = joined + library.embedder.embed_question(question.text)
    return both / np.linalg.norm(both)


def _story(before: Retrieval | None) -> set[int]:
    """The passages of what the question before was answered from: one that leans on it asks of the same story."""
    if before is None:
        return set()
    texts = list(dict.fromkeys(hit.passage.text_id for hit in before.found))[:_STORY_TEXTS]
    return {hit.passage.id for hit in before.found if hit.passage.text_id in texts}


def weigh_terms(library: Library, question: Question) -> TermWeights:
    """BM25's weights; half of it for a term that no passage has, which may be a word of asking, or misspelt."""
    wanted = set(question_terms(question.search))
    passages, frequencies = library.document_frequencies(wanted)
    weights = {term: math.log(1 + (passages - count + 0.5) / (count + 0.5)) for term, count in frequencies.items()}
    return TermWeights({term: weight if frequencies[term] else weight / 2 for term, weight in weights.items()})


def _found(
    passage: Passage, score: float, words: float, cosines: tuple[float, float] | None, raised: float | None
) -> Hit:
    """A found passage; `raised` is for a foreign one."""
    meaning = sum(cosines) / 2 if cosines else None
    whole = cosines[0] if cosines else None
    return Hit(passage, score + (raised or 0.0), words, meaning, whole, raised is not None)


def score(words: Mapping[int, float], meaning: Mapping[int, float]) -> dict[int, float]:
    """A passage's meaning, and a part of its words on top.

    `words` are shares of the question's weight for all passages, `meaning` cosines for those embedded. Words can only
    add: where none is shared, none is missed. A passage not yet embedded is taken to mean as much as the others do on
    average.
    """
    usual = sum(meaning.values()) / len(meaning) if meaning else 0.0
    return {id_: meaning.get(id_, usual) + _WORDS * share for id_, share in words.items()}


def lift(scores: Mapping[int, float], foreign: Collection[int]) -> float:
    """How much better a passage would score if it were written in the question's script.

    A model puts a text in the question's language nearer than the same text in another, and only the former shares
    many words. So the best foreign passages, up to ten, are held to be on average as good as the best of the others,
    as many; of fewer than three nothing can be told.
    """
    best = sorted(scores, key=lambda id_: -scores[id_])
    own = [scores[id_] for id_ in best if id_ not in foreign]
    others = [scores[id_] for id_ in best if id_ in foreign]
    compared = min(len(own), len(others), _MOST_COMPARED)
    if compared < _FEWEST_COMPARED:
        return 0.0
    return max(0.0, (sum(own[:compared]) - sum(others[:compared])) / compared)
