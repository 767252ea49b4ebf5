"""The vectors as rows of the truth: one for each passage, numbered in the order they were made."""

import sqlite3
from collections.abc import Collection, Iterator, Sequence

import numpy as np

from . import catalogue
from .catalogue import holes, pages
from .embed import Vectors
from .vectors import Ids, pack, unpack


def pending_passages(db: sqlite3.Connection, after: int, limit: int) -> list[tuple[int, str]]:
    """Passages beyond number `after` without a vector (id, words), the oldest first."""
    rows = db.execute(
        'SELECT p.id, p.text_id, p.start, p."end" FROM passages p LEFT JOIN embeddings e ON e.passage_id = p.id'
        " WHERE p.id > ? AND e.passage_id IS NULL ORDER BY p.id LIMIT ?",
        (after, limit),
    ).fetchall()
    texts: dict[int, str] = {}
    for _, text_id, _, _ in rows:
        if text_id not in texts:
            texts[text_id] = catalogue.text_of(db, text_id)
    return [(id_, texts[text_id][start:end]) for id_, text_id, start, end in rows]


def put_embeddings(db: sqlite3.Connection, ids: Sequence[int], vectors: Vectors) -> None:
    rows = [(id_, pack(vector)) for id_, vector in zip(ids, vectors, strict=True)]
    db.executemany("INSERT OR IGNORE INTO embeddings (passage_id, vector) VALUES (?, ?)", rows)


def embeddings_after(db: sqlite3.Connection, sequence: int) -> tuple[Ids, Vectors]:
    """Passage ids and vectors of everything embedded after a place in the sequence."""
    rows = db.execute("SELECT passage_id, vector FROM embeddings WHERE sequence > ?", (sequence,)).fetchall()
    return _matrix(rows)


def embedding_batches(db: sqlite3.Connection, size: int) -> Iterator[tuple[Ids, Vectors]]:
    """All vectors in the order they were made, `size` at a time."""
    last = 0
    while True:
        rows = db.execute(
            "SELECT sequence, passage_id, vector FROM embeddings WHERE sequence > ? ORDER BY sequence LIMIT ?",
            (last, size),
        ).fetchall()
        if not rows:
            return
        last = rows[-1][0]
        yield _matrix([row[1:] for row in rows])


def embeddings_of_passages(db: sqlite3.Connection, ids: Collection[int]) -> tuple[Ids, Vectors]:
    """Those of the passages that have a vector, and their vectors."""
    rows: list[tuple[int, bytes]] = []
    for page in pages(ids):
        rows += db.execute(f"SELECT passage_id, vector FROM embeddings WHERE passage_id IN ({holes(page)})", page)
    return _matrix(rows)


def embeddings_of_texts(db: sqlite3.Connection, text_ids: Collection[int]) -> tuple[Ids, Vectors]:
    """The vectors of all passages of these texts."""
    rows: list[tuple[int, bytes]] = []
    for page in pages(text_ids):
        rows += db.execute(
            "SELECT p.id, e.vector FROM passages p JOIN embeddings e ON e.passage_id = p.id"
            f" WHERE p.text_id IN ({holes(page)})",
            page,
        )
    return _matrix(rows)


def count_after(db: sqlite3.Connection, sequence: int) -> tuple[int, int]:
    """How many vectors were made after a place in the sequence, and the last of them (0 where there is none)."""
    row = db.execute("SELECT count(*), coalesce(max(sequence), 0) FROM embeddings WHERE sequence > ?", (sequence,))
    count, last = row.fetchone()
    return int(count), int(last)


def last_sequence(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT coalesce(max(sequence), 0) FROM embeddings").fetchone()[0])


def count_embeddings_up_to(db: sqlite3.Connection, sequence: int) -> int:
    return int(db.execute("SELECT count(*) FROM embeddings WHERE sequence <= ?", (sequence,)).fetchone()[0])


def _matrix(rows: Sequence[tuple[int, bytes]]) -> tuple[Ids, Vectors]:
    return np.array([row[0] for row in rows], dtype=np.int64), unpack([row[1] for row in rows])
