"""What `shawahid check` asks of the truth: rows that are not as they must be, and all that it holds against them."""

import json
from collections.abc import Iterator
from typing import NamedTuple

from shawahid.ingest.types import Span

from .database import Connection


class StoredText(NamedTuple):
    """A text with what is stored of it: its hash, its length in code points and the spans of its furniture."""

    id: int
    sha256: str
    text: str
    characters: int
    furniture: list[Span]


def damage(db: Connection) -> list[str]:
    """What SQLite itself finds wrong with the file, a line each."""
    return [line for (line,) in db.execute("PRAGMA integrity_check(5)").fetchall() if line != "ok"]


def tables_with_dangling_rows(db: Connection) -> list[str]:
    """For each row that points to one that is not there, its table."""
    return [row[0] for row in db.execute("PRAGMA foreign_key_check").fetchall()]


def stored_texts(db: Connection) -> Iterator[StoredText]:
    """Every text that an article has."""
    rows = db.execute("SELECT id, sha256, text, characters, furniture FROM texts")
    for id_, sha256, text, characters, furniture in rows:
        yield StoredText(id_, sha256, text, characters, [Span(*span) for span in json.loads(furniture)])


def past_texts(db: Connection) -> Iterator[tuple[str, str]]:
    """(SHA-256, text) of the older texts that are kept."""
    yield from db.execute("SELECT sha256, text FROM past WHERE text IS NOT NULL")


def count_present_and_past(db: Connection) -> int:
    """How many texts are kept as past although an article has them."""
    query = "SELECT count(*) FROM past WHERE text IS NOT NULL AND sha256 IN (SELECT sha256 FROM texts)"
    return int(db.execute(query).fetchone()[0])


def articles_correcting_outside_their_text(db: Connection) -> list[int]:
    """The articles of which the place where they correct another is not in their text."""
    rows = db.execute(
        "SELECT c.article_id FROM corrections c JOIN articles a ON a.id = c.article_id JOIN texts t ON t.id = a.text_id"
        ' WHERE NOT (0 <= c.start AND c.start < c."end" AND c."end" <= t.characters)'
        " AND a.id NOT IN (SELECT article_id FROM unlinked)"
    )
    return [row[0] for row in rows]


def vector_sizes(db: Connection) -> list[int]:
    """The different sizes of the stored vectors, in bytes."""
    return [row[0] for row in db.execute("SELECT DISTINCT length(vector) FROM embeddings")]
