"""Both lists, fused: which passages speak of the question."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from ingest.embed import Vectors
from ingest.library import Library
from ingest.types import Filters, Passage
from ingest.words import script

from .question import Question

DEPTH = 200
"""How many passages each list brings."""


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that was found: its words, its fused score, and what the score was made of.

    `words` is BM25 (0 where no word is shared), `meaning` the cosine to the question (None where not yet embedded).
    `foreign`: written in another script than the question.
    """

    passage: Passage
    text: str
    score: float
    words: float
    meaning: float | None
    foreign: bool


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What a question found, the best first, and the question's vector (1, dimensions).

    `articles` are those that have the found texts and pass the filters: text ids to article numbers, the first ingested
    first. `scope` is the same for everything that passes the filters; None where there are none.
    """

    found: tuple[Found, ...]
    vector: Vectors
    articles: Mapping[int, list[int]]
    scope: Mapping[int, list[int]] | None


def retrieve(library: Library, question: Question, filters: Filters) -> Retrieval:
    """Search a library by words and by meaning, filters first."""
    within = library.select(filters) if filters.any else None
    vector = library.embedder.embed_question(question.search)
    by_words = library.search_words(question.search, DEPTH, within)
    by_meaning = library.search_meaning(vector, DEPTH, within)
    by_meaning |= library.similarities(vector, [id_ for id_ in by_words if id_ not in by_meaning])
    found_passages = library.passages({*by_words, *by_meaning})
    text_ids = {passage.text_id for passage in found_passages.values()}
    articles = within if within is not None else library.articles_of_texts(text_ids)
    # A text may have lost its last article a moment ago, while an ingest runs.
    passages = {id_: passage for id_, passage in found_passages.items() if passage.text_id in articles}
    texts = {text_id: library.text(text_id) for text_id in {passage.text_id for passage in passages.values()}}
    bodies = {id_: texts[passage.text_id][passage.start : passage.end] for id_, passage in passages.items()}
    foreign = {id_ for id_, body in bodies.items() if is_foreign(body, question)}
    scores = fuse(
        {id_: score for id_, score in by_words.items() if id_ in passages},
        {id_: score for id_, score in by_meaning.items() if id_ in passages},
        foreign,
    )
    found = (
        Found(passages[id_], bodies[id_], score, by_words.get(id_, 0.0), by_meaning.get(id_), id_ in foreign)
        for id_, score in scores.items()
    )
    return Retrieval(tuple(sorted(found, key=lambda item: (-item.score, item.passage.id))), vector, articles, within)


def is_foreign(body: str, question: Question) -> bool:
    """Whether a passage is written in another script than the question."""
    return script(body[:400]) != question.script


def fuse(words: Mapping[int, float], meaning: Mapping[int, float], foreign: Collection[int]) -> dict[int, float]:
    """One score for each passage that either list found: the mean of its two standardised scores.

    A passage without a shared word has the word score 0, which earns nothing. Where one of the two says nothing of a
    passage, the other stands in for it: `foreign` passages share no words with the question and are judged by meaning,
    those not yet embedded by words.
    """
    ids = {*words, *meaning}
    own = [id_ for id_ in ids if id_ not in foreign]
    word_scores = _standardised({id_: words.get(id_, 0.0) for id_ in own})
    meaning_scores = _standardised(meaning)
    fused = {}
    for id_ in ids:
        by_words, by_meaning = word_scores.get(id_), meaning_scores.get(id_)
        known = [score for score in (by_words, by_meaning) if score is not None]
        fused[id_] = sum(known) / len(known) if known else 0.0
    return fused


def _standardised(scores: Mapping[int, float]) -> dict[int, float]:
    """Scores as distances from their mean, in standard deviations; all 0 where they do not differ."""
    if not scores:
        return {}
    values = np.fromiter(scores.values(), dtype=np.float64)
    spread = float(values.std())
    if spread < 1e-9:
        return dict.fromkeys(scores, 0.0)
    return {id_: float(score - values.mean()) / spread for id_, score in scores.items()}
