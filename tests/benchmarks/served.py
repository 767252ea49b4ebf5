"""Part `served`: the vector index of 100,000 passages in the library's folder against the same behind `chroma run`.

The vectors are made, in clusters as those of texts are, and put into the truth as they are, so that nothing is
embedded. Then the proof for the readers: how soon two processes find each article while a third takes 1,000 in, and the
server is killed meanwhile.
"""

import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np

from shawahid.ingest.embedders.base import Vectors
from shawahid.ingest.indexes.vectors import exact_search
from shawahid.ingest.library import Library
from shawahid.ingest.store import embeddings
from shawahid.ingest.store.embeddings import pack
from shawahid.ingest.writer import writing

from ..doubles.chroma_server import ChromaProcess, chroma_server
from ..ingest.test_served import watch_ingest
from .measure import Figure, in_own_process, megabytes_on_disk, milliseconds, percentile, print_table, timed
from .measure import resident_megabytes as resident

PASSAGES = 100_000
QUESTIONS = 300
READ_ARTICLES = 1_000
_DIMENSIONS = 384
_CLUSTERS = 1_000
_SPREAD = 0.8  # of a cluster: its members' cosines are about .6
_PASSAGES_A_TEXT = 5
_DEPTH = 200
_TOP = 10
_WARM = 20
_SEED = 7


@dataclass(frozen=True, slots=True)
class Searched:
    """What a process that only searches came to: milliseconds, how much of the exact ten it finds, megabytes."""

    p50: float
    p95: float
    found: float
    before: float
    megabytes: float


def main() -> None:
    """Print the table, then the readers' delays."""
    with tempfile.TemporaryDirectory(prefix="shawahid-served-") as name, chroma_server(Path(name) / "chroma") as server:
        embedded, served = Path(name) / "embedded", Path(name) / "served"
        idle = _memory_of(server)
        built = {folder: build(folder, address) for folder, address in ((embedded, None), (served, server.address))}
        here = Searched(**in_own_process("tests.benchmarks.served", str(embedded)))
        there = Searched(**in_own_process("tests.benchmarks.served", str(served), server.address))
        serving = _memory_of(server)
        server.kill()
        fresh = timed(server.start)
        again = Searched(**in_own_process("tests.benchmarks.served", str(served), server.address))
        on_disk = megabytes_on_disk(embedded / "vectors")
        figures = [
            Figure("time to build", built[served], "s", built[embedded], "embedded"),
            Figure("search, p50", there.p50, "ms", here.p50, "embedded"),
            Figure("search, p95", there.p95, "ms", here.p95, "embedded"),
            Figure("of the nearest ten, found", there.found, "", here.found, "embedded"),
            Figure("a reading process, resident", there.megabytes, "MB", here.megabytes, "embedded"),
            Figure("of that, before the first search", there.before, "MB", here.before, "embedded"),
            Figure("the server, resident, after building", serving, "MB", idle, "empty"),
            Figure("the server, resident, killed and started again", _memory_of(server), "MB", idle, "empty"),
            Figure("from its start to its first answer", fresh, "s"),
            Figure("search after that, p50", again.p50, "ms", here.p50, "embedded"),
            Figure("index on disk", megabytes_on_disk(server.folder), "MB", on_disk, "embedded"),
        ]
        print_table(f"{PASSAGES:,} passages, {QUESTIONS} questions, depth {_DEPTH}", figures)
        _print_delays(Path(name), server)


def _print_delays(folder: Path, server: ChromaProcess) -> None:
    for name, kill in (("the server running", None), ("the server killed halfway, started again after 3 s", server)):
        place = folder / name.replace(" ", "-")
        place.mkdir()
        delays = watch_ingest(place, server.address, READ_ARTICLES, kill)
        slowest = f"median {percentile(delays, 50):.2f} s, slowest {max(delays):.2f} s"
        print(f"\n{READ_ARTICLES:,} articles, two readers, {name}: found after {slowest}, {len(delays)} looked for")


def _memory_of(server: ChromaProcess) -> float:
    assert server.process is not None
    return resident(server.process.pid)


@cache
def _centres() -> Vectors:
    return _unit(np.random.default_rng(_SEED).standard_normal((_CLUSTERS, _DIMENSIONS), dtype=np.float32))


def clustered(count: int, seed: int) -> Vectors:
    """Made unit vectors, each near one of the centres."""
    draw = np.random.default_rng(seed)
    near = _centres()[draw.integers(_CLUSTERS, size=count)]
    return _unit(near + _SPREAD * _unit(draw.standard_normal((count, _DIMENSIONS), dtype=np.float32)))


def _unit(values: Vectors) -> Vectors:
    return np.asarray(values / np.linalg.norm(values, axis=1, keepdims=True), dtype=np.float32)


def build(folder: Path, address: str | None, count: int = PASSAGES) -> float:
    """Put rows with vectors into a new library; returns the seconds that the vector index then takes."""
    with Library.open(folder, create=True, chroma=address) as library:
        vectors = clustered(count, seed=1)
        texts = [(number + 1, f"{number:064}", "x", 1, "[]", 1) for number in range(count // _PASSAGES_A_TEXT)]
        passages = [(number // _PASSAGES_A_TEXT + 1, 0, 1) for number in range(count)]
        rows = [(number + 1, pack(vector)) for number, vector in enumerate(vectors)]
        with writing(library) as writer:
            with library.view.database.writing() as db:
                insert = "INSERT INTO texts (id, sha256, text, characters, furniture, worded) VALUES (?, ?, ?, ?, ?, ?)"
                db.executemany(insert, texts)
                db.executemany('INSERT INTO passages (text_id, start, "end") VALUES (?, ?, ?)', passages)
                db.executemany("INSERT INTO embeddings (passage_id, vector) VALUES (?, ?)", rows)
            return timed(writer.build_vectors)


def _search_here(folder: Path, address: str | None) -> Searched:
    asked: Sequence[Vectors] = [vector[None] for vector in clustered(QUESTIONS, seed=2)]
    with Library.open(folder, chroma=address) as library:
        before = resident()
        for question in asked[:_WARM]:
            library.search_meaning(question, _DEPTH)
        taken = milliseconds(lambda question: library.search_meaning(question, _DEPTH), asked)
        megabytes = resident()
        with library.view.database.reading() as db:
            every = embeddings.embeddings_after(db, 0)
        shared = 0
        for question in asked:
            found = list(library.search_meaning(question, _DEPTH))[:_TOP]
            shared += len(set(found) & set(exact_search(question, *every, _TOP)))
        return Searched(percentile(taken, 50), percentile(taken, 95), shared / _TOP / QUESTIONS, before, megabytes)


if __name__ == "__main__":
    print(json.dumps(asdict(_search_here(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None))))
