"""Fits assistant/language/name_sense.json: `python -m tests.benchmarks.name_sense`, a minute, with XQuAD at hand.

XQuAD's paragraphs stand in Arabic and in English. A word of the Arabic one is taken for a name if the English one has
a word with a capital that sounds the same, or if it is a place that is known. Such labels err: names that English
writes otherwise are missed, short words sound like a name by chance. So a first fit tells which labels are doubtful
(by five folds of paragraphs), and the second is made without them.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shawahid.assistant.language.lexicon import concepts, listed
from shawahid.assistant.language.names import Words
from shawahid.assistant.language.times.moments import is_time_word
from shawahid.assistant.language.tokens import Token, tokenize
from shawahid.ingest.embedders.e5.embedder import shared_embedder
from shawahid.ingest.text.sentences import sentence_spans
from shawahid.ingest.text.words import STOP_WORDS

from .calibrate import BENCH

_FOLDS = 5
_RIDGE = 0.005  # of the examples, on standardised weights
_DOUBTFUL_NAME, _DOUBTFUL_WORD = -3.0, 0.5  # scores of the first fit

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Examples:
    """Vectors of words, which of them are names, and the paragraph of each."""

    vectors: Numbers
    names: NDArray[np.bool_]
    paragraphs: NDArray[np.int64]


def examples() -> Examples:
    vectors, named, paragraphs = [], [], []
    for number, (arabic, english) in enumerate(_paragraphs()):
        capitals = Words([token for token in tokenize(english) if token.capital and not token.begins])
        for span in sentence_spans(arabic):
            text = arabic[span.start : span.end]
            tokens = {token.start: token for token in tokenize(text)}
            for place, vector in zip(*shared_embedder().embed_words(text), strict=True):
                token = next((tokens[start] for start in range(place.start, place.end) if start in tokens), None)
                if token is None or _passed_over(token):
                    continue
                kinds = {concept.kind for concept in concepts(token.word)}
                vectors.append(vector)
                named.append("place" in kinds or (capitals.heard(token) and kinds <= {"given"}))
                paragraphs.append(number)
    return Examples(np.array(vectors, dtype=np.float64), np.array(named), np.array(paragraphs))


def _paragraphs() -> Iterator[tuple[str, str]]:
    arabic, english = (
        [
            paragraph["context"]
            for title in json.loads((BENCH / "xquad" / f"xquad.{language}.json").read_text(encoding="utf-8"))["data"]
            for paragraph in title["paragraphs"]
        ]
        for language in ("ar", "en")
    )
    return zip(arabic, english, strict=True)


def _passed_over(token: Token) -> bool:
    word = token.word
    plain = token.latin or word[0].isdigit() or word in STOP_WORDS or is_time_word(word)
    return plain or listed(word, "little") or listed(word, "saying")


def fit(found: Examples, kept: NDArray[np.bool_]) -> tuple[Numbers, float]:
    """The weights and the intercept of a logistic regression (Newton's method, a ridge on standardised weights)."""
    vectors, named = found.vectors[kept], found.names[kept].astype(float)
    mean, spread = vectors.mean(axis=0), vectors.std(axis=0)
    inputs = np.column_stack([np.ones(len(vectors)), (vectors - mean) / spread])
    ridge = np.diag([0.0, *[_RIDGE * len(vectors)] * vectors.shape[1]])
    slopes: Numbers = np.zeros(inputs.shape[1])
    for _ in range(25):
        probability = 1 / (1 + np.exp(-inputs @ slopes))
        gradient = inputs.T @ (named - probability) - ridge @ slopes
        curvature = (inputs * (probability * (1 - probability))[:, None]).T @ inputs + ridge
        slopes = slopes + np.linalg.solve(curvature, gradient)
    weights = slopes[1:] / spread
    return weights, float(slopes[0] - weights @ mean)


def main() -> None:
    """Print the line, to be kept as assistant/language/name_sense.json."""
    found = examples()
    folds = found.paragraphs % _FOLDS
    scores = np.zeros(len(folds))
    for fold in range(_FOLDS):
        weights, intercept = fit(found, folds != fold)
        scores[folds == fold] = found.vectors[folds == fold] @ weights + intercept
    doubtful = np.where(found.names, scores < _DOUBTFUL_NAME, scores > _DOUBTFUL_WORD)
    weights, intercept = fit(found, ~doubtful)
    print(len(folds), "words,", int(found.names.sum()), "names,", int(doubtful.sum()), "doubtful", file=sys.stderr)
    how = "Logistic regression on the words of XQuAD's Arabic paragraphs, by tests/benchmarks/name_sense.py."
    line = {"how": how, "intercept": round(intercept, 3), "weights": [round(float(weight), 3) for weight in weights]}
    print(json.dumps(line))


if __name__ == "__main__":
    main()
