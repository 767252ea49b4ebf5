"""The vectors as rows of the truth: one for each passage, numbered in the order they were made."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shawahid.ingest.embedders.base import Vectors
from shawahid.ingest.text.quotes import quotable_spans
from shawahid.ingest.types import Span

from . import catalogue, seals
from .catalogue import holes, pages
from .database import Connection

Ids = NDArray[np.int64]
"""Numbers of passages, shape (n,)."""


def pack(vector: NDArray[np.float32]) -> bytes:
    """A vector, or a matrix of them, as stored: half floats, which move a cosine by less than 0.001."""
    return np.asarray(vector, dtype=np.float16).tobytes()


def unpack(blobs: Sequence[bytes], dimensions: int = 0) -> Vectors:
    """Stored vectors as one matrix, shape (n, dimensions); by default each blob is one vector. Raises Altered."""
    if not blobs:
        return np.zeros((0, 0), dtype=np.float32)
    width = dimensions or len(blobs[0]) // 2
    try:
        return np.frombuffer(b"".join(blobs), dtype=np.float16).reshape(-1, width).astype(np.float32)
    except ValueError as error:  # one is longer or shorter than it was written
        raise seals.Altered("vectors: not as written") from error


def similarities(vectors: Vectors, question: Vectors) -> NDArray[np.float32]:
    """Cosines of unit vectors (n, dimensions) to a question's (1, dimensions), shape (n,).

    In one thread: a matrix product would be split over all cores, and wait for the busiest.
    """
    return np.asarray(np.einsum("ij,j->i", vectors, question[0]), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Pending:
    """A passage without a vector: its text, and what of it can be quoted."""

    id: int
    text: str
    quotes: tuple[Span, ...]
    quoted: tuple[str, ...]


def pending_passages(db: Connection, after: int, limit: int) -> list[Pending]:
    """Passages beyond number `after` without a vector, the oldest first."""
    rows = db.execute(
        'SELECT p.id, p.text_id, p.start, p."end" FROM passages p LEFT JOIN embeddings e ON e.passage_id = p.id'
        " WHERE p.id > ? AND e.passage_id IS NULL ORDER BY p.id LIMIT ?",
        (after, limit),
    ).fetchall()
    texts: dict[int, str] = {}
    for _, text_id, _, _ in rows:
        if text_id not in texts:
            texts[text_id] = catalogue.text_of(db, text_id)
    return [_pending(id_, texts[text_id], start, end) for id_, text_id, start, end in rows]


def _pending(id_: int, text: str, start: int, end: int) -> Pending:
    spans = quotable_spans(text, start, end)
    return Pending(id_, text[start:end], tuple(spans), tuple(text[span.start : span.end] for span in spans))


def count_between(db: Connection, after: int, last: int) -> tuple[int, int]:
    """Of the passages beyond number `after` and up to `last`: how many have a vector, and how many there are."""
    row = db.execute(
        "SELECT count(e.passage_id), count(*) FROM passages p LEFT JOIN embeddings e ON e.passage_id = p.id"
        " WHERE p.id > ? AND p.id <= ?",
        (after, last),
    ).fetchone()
    return row[0], row[1]


def last_passage(db: Connection) -> int:
    return int(db.execute("SELECT coalesce(max(id), 0) FROM passages").fetchone()[0])


def put_embedding(db: Connection, passage: Pending, vector: NDArray[np.float32], quotes: Vectors) -> None:
    """Store a passage's vector and those of its quotable parts, shape (parts, dimensions)."""
    db.execute("INSERT OR IGNORE INTO embeddings (passage_id, vector) VALUES (?, ?)", (passage.id, pack(vector)))
    spans = np.array(passage.quotes, dtype=np.int32).tobytes()
    db.execute("INSERT OR IGNORE INTO quotes VALUES (?, ?, ?)", (passage.id, spans, pack(quotes)))


def cosines(db: Connection, ids: Collection[int], question: Vectors) -> dict[int, tuple[float, float]]:
    """Of those of the passages that are embedded: the cosines to a question's vector (1, dimensions) of the passage
    and of its nearest quotable part."""
    rows: list[tuple[int, bytes, bytes]] = []
    for page in pages(ids):
        rows += db.execute(
            "SELECT e.passage_id, e.vector, q.vectors FROM embeddings e JOIN quotes q ON q.passage_id = e.passage_id"
            f" WHERE e.passage_id IN ({holes(page)})",
            page,
        )
    if not rows:
        return {}
    size = len(rows[0][1])
    counts = [len(quotes) // size for _, _, quotes in rows]
    whole = similarities(unpack([vector for _, vector, _ in rows]), question)
    parts = similarities(unpack([quotes for _, _, quotes in rows], dimensions=size // 2), question)
    nearest = np.maximum.reduceat(parts, np.cumsum([0, *counts[:-1]]))
    return {row[0]: (float(own), float(part)) for row, own, part in zip(rows, whole, nearest, strict=True)}


def quotes_of(db: Connection, passage: int, text_id: int) -> tuple[list[Span], Vectors] | None:
    """What of a passage can be quoted, and the vectors, shape (parts, dimensions); None where not embedded yet."""
    seals.demand(db, "texts", [text_id])
    seals.demand(db, "embeddings", [passage])
    row = db.execute("SELECT spans, vectors FROM quotes WHERE passage_id = ?", (passage,)).fetchone()
    if row is None:
        return None
    edges = np.frombuffer(row[0], dtype=np.int32).reshape(-1, 2)
    spans = [Span(int(start), int(end)) for start, end in edges]
    return spans, unpack([row[1]], dimensions=len(row[1]) // 2 // len(spans))


def embeddings_after(db: Connection, sequence: int) -> tuple[Ids, Vectors]:
    """Passage ids and vectors of everything embedded after a place in the sequence."""
    rows = db.execute("SELECT passage_id, vector FROM embeddings WHERE sequence > ?", (sequence,)).fetchall()
    return _matrix(rows)


def embedding_batches(db: Connection, size: int) -> Iterator[tuple[Ids, Vectors]]:
    """All vectors in the order they were made, `size` at a time."""
    last = 0
    while True:
        last, ids, vectors = next_embeddings(db, last, size)
        if not len(ids):
            return
        yield ids, vectors


def next_embeddings(db: Connection, after: int, size: int) -> tuple[int, Ids, Vectors]:
    """The next `size` vectors after a place in the sequence, with the place of the last of them."""
    rows = db.execute(
        "SELECT sequence, passage_id, vector FROM embeddings WHERE sequence > ? ORDER BY sequence LIMIT ?",
        (after, size),
    ).fetchall()
    return (rows[-1][0] if rows else after), *_matrix([row[1:] for row in rows])


def embeddings_of_passages(db: Connection, ids: Collection[int]) -> tuple[Ids, Vectors]:
    """The vectors of those of the passages that have one."""
    rows: list[tuple[int, bytes]] = []
    for page in pages(ids):
        rows += db.execute(f"SELECT passage_id, vector FROM embeddings WHERE passage_id IN ({holes(page)})", page)
    return _matrix(rows)


def embedded_up_to(db: Connection, sequence: int) -> set[int]:
    """The passages with a vector up to a place in the sequence."""
    return {row[0] for row in db.execute("SELECT passage_id FROM embeddings WHERE sequence <= ?", (sequence,))}


def embedded_in_texts(db: Connection, text_ids: Collection[int]) -> list[int]:
    """The passages of these texts that have a vector."""
    found: list[int] = []
    for page in pages(text_ids):
        rows = db.execute(
            f"SELECT p.id FROM passages p JOIN embeddings e ON e.passage_id = p.id WHERE p.text_id IN ({holes(page)})",
            page,
        )
        found += (row[0] for row in rows)
    return found


def sample_embeddings(db: Connection, last: int, wanted: int) -> list[tuple[int, Vectors]]:
    """Passages and their vectors (1, dimensions), evenly over the sequence up to a place in it."""
    found: dict[int, Vectors] = {}
    for place in np.linspace(0, last, wanted, endpoint=False):
        _, ids, vectors = next_embeddings(db, int(place), 1)
        found.update((int(id_), vectors) for id_ in ids)
    return list(found.items())


def embeddings_of_texts(db: Connection, text_ids: Collection[int]) -> tuple[Ids, Vectors]:
    """The vectors of all passages of these texts."""
    rows: list[tuple[int, bytes]] = []
    for page in pages(text_ids):
        rows += db.execute(
            "SELECT p.id, e.vector FROM passages p JOIN embeddings e ON e.passage_id = p.id"
            f" WHERE p.text_id IN ({holes(page)})",
            page,
        )
    return _matrix(rows)


def last_sequence(db: Connection) -> int:
    return int(db.execute("SELECT coalesce(max(sequence), 0) FROM embeddings").fetchone()[0])


def count_embeddings_up_to(db: Connection, sequence: int) -> int:
    return int(db.execute("SELECT count(*) FROM embeddings WHERE sequence <= ?", (sequence,)).fetchone()[0])


def _matrix(rows: Sequence[tuple[int, bytes]]) -> tuple[Ids, Vectors]:
    return np.array([row[0] for row in rows], dtype=np.int64), unpack([row[1] for row in rows])
