"""Which texts the lexical index holds, and which it still has to take in or take out."""

from collections.abc import Iterable

from .database import Connection


def unworded_texts(db: Connection) -> list[int]:
    """The texts whose words are not in the lexical index yet."""
    return [row[0] for row in db.execute("SELECT id FROM texts WHERE worded = 0 ORDER BY id")]


def withdrawn_texts(db: Connection) -> list[int]:
    """The texts that are gone, but whose words may still be in the lexical index."""
    return [row[0] for row in db.execute("SELECT text_id FROM withdrawn")]


def mark_worded(db: Connection, unworded: Iterable[int], withdrawn: Iterable[int]) -> None:
    """Note what the lexical index has committed: the words of some texts taken in, those of others taken out."""
    db.executemany("UPDATE texts SET worded = 1 WHERE id = ?", [(text_id,) for text_id in unworded])
    db.executemany("DELETE FROM withdrawn WHERE text_id = ?", [(text_id,) for text_id in withdrawn])


def mark_all_unworded(db: Connection) -> None:
    """Note that the lexical index holds nothing of what the truth holds."""
    db.execute("UPDATE texts SET worded = 0")


def worded_passages(db: Connection) -> set[int]:
    """The passages that the lexical index is to hold."""
    rows = db.execute("SELECT p.id FROM passages p JOIN texts t ON t.id = p.text_id WHERE worded")
    return {row[0] for row in rows}
