"""The vector index: generations of an embedded Chroma collection, and the exact search that stands beside them.

Killed while it writes, an embedded Chroma can lose its index, and another process never sees what is added later. So a
generation is built in a fresh folder, checked, named in the database, and never written again. Vectors younger than it
are searched exactly, from the database, until they are worth a new generation. The only importer of chromadb.
"""

import logging
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from .embed import Vectors

if TYPE_CHECKING:
    from chromadb.api.client import Client

COLLECTION = "passages"
_WRITE_BATCH = 5_000  # Chroma takes at most 5,461 records a write
_CHECKED = 20
_CHECKED_DEPTH = 100
_LOST_AT_MOST = 3
"""One in so many may be lost: of vectors without order the graph leaves a tenth out of reach; a damaged one, most."""
Ids = NDArray[np.int64]


def pack(vector: NDArray[np.float32]) -> bytes:
    """A vector, or a matrix of them, as stored: half floats, which move a cosine by less than 0.001."""
    return np.asarray(vector, dtype=np.float16).tobytes()


def unpack(blobs: Sequence[bytes], dimensions: int = 0) -> Vectors:
    """Stored vectors as one matrix, shape (n, dimensions); by default each blob is one vector."""
    if not blobs:
        return np.zeros((0, 0), dtype=np.float32)
    width = dimensions or len(blobs[0]) // 2
    return np.frombuffer(b"".join(blobs), dtype=np.float16).reshape(-1, width).astype(np.float32)


def similarities(vectors: Vectors, question: Vectors) -> NDArray[np.float32]:
    """Cosines of unit vectors (n, dimensions) to a question's (1, dimensions), shape (n,).

    In one thread: a matrix product would be split over all cores, and wait for the busiest.
    """
    return np.asarray(np.einsum("ij,j->i", vectors, question[0]), dtype=np.float32)


def exact_search(question: Vectors, ids: Ids, vectors: Vectors, depth: int) -> dict[int, float]:
    """The `depth` nearest of `vectors` to `question` (1, dimensions) by cosine: id to similarity, nearest first."""
    if not len(ids):
        return {}
    similarity = similarities(vectors, question)
    nearest = np.argpartition(-similarity, min(depth, len(ids)) - 1)[:depth]
    nearest = nearest[np.argsort(-similarity[nearest], kind="stable")]
    return {int(ids[index]): float(similarity[index]) for index in nearest}


@dataclass(frozen=True, slots=True)
class Recent:
    """Vectors made after `base` and up to `last`, held in memory; `total`: how many the library held then, of all."""

    base: int
    last: int
    total: int
    ids: Ids
    vectors: Vectors

    def with_more(self, last: int, ids: Ids, vectors: Vectors) -> "Recent":
        total = self.total + len(ids)
        if not len(self.ids):
            return Recent(self.base, last, total, ids, vectors)
        if not len(ids):
            return Recent(self.base, last, total, self.ids, self.vectors)
        return Recent(self.base, last, total, np.concatenate([self.ids, ids]), np.concatenate([self.vectors, vectors]))


class Generation:
    """One finished Chroma collection, opened for reading."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():  # opening would make an empty one
            raise FileNotFoundError(folder)
        self.folder = folder
        self._client = _client(folder)
        self._collection = self._client.get_collection(COLLECTION, embedding_function=None)
        self._count = int(self._collection.count())  # it takes three plain queries, and never changes

    def search(self, question: Vectors, depth: int) -> dict[int, float]:
        """The `depth` nearest passages to `question` (1, dimensions): id to cosine similarity, nearest first."""
        depth = min(depth, self._count)
        found = self._collection.query(query_embeddings=question, n_results=depth, include=["distances"])
        distances = (found["distances"] or [[]])[0]
        return {int(id_): 1.0 - float(distance) for id_, distance in zip(found["ids"][0], distances, strict=True)}

    def count(self) -> int:
        return self._count

    def ids(self) -> Iterator[int]:
        """Every passage id in the collection."""
        for offset in range(0, self.count(), _WRITE_BATCH):
            page = self._collection.get(limit=_WRITE_BATCH, offset=offset, include=[])
            yield from map(int, page["ids"])

    def close(self) -> None:
        self._client.close()


def build_generation(folder: Path, batches: Iterable[tuple[Ids, Vectors]]) -> int:
    """Build a collection in `folder`, which must not exist, and check it. Returns how many vectors it holds.

    Raises RuntimeError where the finished collection does not give back what was put in.
    """
    folder.mkdir(parents=True)
    client = _client(folder)
    try:
        collection = client.create_collection(
            COLLECTION,
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "sync_threshold": _WRITE_BATCH}},
        )
        total, samples = 0, []
        for ids, vectors in batches:
            for start in range(0, len(ids), _WRITE_BATCH):
                part = slice(start, start + _WRITE_BATCH)
                collection.add(ids=[str(id_) for id_ in ids[part]], embeddings=vectors[part])
            total += len(ids)
            samples.append((int(ids[0]), vectors[:1]))
    finally:
        client.close()
    check_generation(folder, total, samples)
    return total


def check_generation(folder: Path, total: int, samples: list[tuple[int, Vectors]]) -> None:
    """Raise RuntimeError where a generation does not hold `total` vectors, or does not find passages by their own."""
    generation = Generation(folder)
    try:
        if generation.count() != total:
            raise RuntimeError(f"the new vector index holds {generation.count()} of {total} vectors")
        checked = samples[:: max(1, len(samples) // _CHECKED)]
        # Equal texts have equal vectors, so another passage may stand in one's place.
        found = [generation.search(vector, _CHECKED_DEPTH) for _, vector in checked]
        lost = [
            id_
            for (id_, _), near in zip(checked, found, strict=True)
            if id_ not in near and min(near.values(), default=0.0) < 0.999
        ]
        if len(lost) * _LOST_AT_MOST > len(checked):
            raise RuntimeError(f"the new vector index does not find passages {lost} by their own vectors")
    finally:
        generation.close()


def remove_folder(folder: Path) -> None:
    """Take away a generation that nothing names any more."""
    shutil.rmtree(folder, ignore_errors=True)


def _client(folder: Path) -> "Client":
    # Telemetry is off before chromadb is imported, and its logger says nothing of it.
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    logging.getLogger("chromadb.telemetry").setLevel(logging.CRITICAL)
    import chromadb
    from chromadb.config import Settings

    settings: Any = Settings(anonymized_telemetry=False, allow_reset=False)
    return cast("Client", chromadb.PersistentClient(path=str(folder), settings=settings))
