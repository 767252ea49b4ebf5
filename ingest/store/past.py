"""Texts that no article has any more. They stay, in no index and found by no question, so that whoever holds an old
citation can still check it, until they are pruned."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime

from shawahid.ingest.types import Forgotten, Leaving, Metadata, PastText

from .catalogue import article, drop_passages, stored_metadata
from .database import Connection
from .seals import Altered, demand, demand_text


def note_leaving(db: Connection, article_id: int, why: Leaving) -> None:
    """Note what is known of an article, before its text is changed or it is removed."""
    try:
        left = article(db, article_id)
    except Altered:  # nobody can check an old citation by it
        return
    if left is None:
        return
    now = datetime.now(UTC).isoformat(timespec="seconds")
    db.execute(
        "INSERT OR REPLACE INTO past (sha256, source, name, metadata, left_at, why) VALUES (?, ?, ?, ?, ?, ?)",
        (left.sha256, left.source, left.name, stored_metadata(left.metadata), now, why),
    )


def welcome_back(db: Connection, sha256: str) -> None:
    """A text that was past is among the texts again."""
    db.execute("DELETE FROM past WHERE sha256 = ?", (sha256,))


def drop_texts(db: Connection, text_ids: Iterable[int]) -> None:
    """Take out texts that no article has, with all that was derived from them, and keep their words as past."""
    for text_id in text_ids:
        drop_passages(db, text_id)
        db.execute(
            "UPDATE past SET text = t.text FROM texts t WHERE t.id = ? AND past.sha256 = t.sha256",
            (text_id,),
        )
        db.execute("DELETE FROM texts WHERE id = ?", (text_id,))
        db.execute("INSERT OR IGNORE INTO withdrawn VALUES (?)", (text_id,))
    db.execute("DELETE FROM past WHERE text IS NULL")  # one article left it, but another has it


def past(db: Connection, sha256: str) -> PastText | None:
    """The past text with this hash."""
    row = db.execute(
        "SELECT sha256, source, name, metadata, left_at, why, text FROM past WHERE sha256 = ? AND text IS NOT NULL",
        (sha256,),
    ).fetchone()
    if not row:
        return None
    demand(db, "past", [sha256])
    digest, source, name, metadata, left_at, why, text = row
    demand_text(text, sha256)
    return PastText(digest, source, name, Metadata(**json.loads(metadata)), left_at, why, text)


def text_of_hash(db: Connection, sha256: str) -> str | None:
    """The text with this hash, whether an article has it or had it."""
    row = db.execute(
        "SELECT text FROM texts WHERE sha256 = :sha UNION ALL"
        " SELECT text FROM past WHERE sha256 = :sha AND text IS NOT NULL",
        {"sha": sha256},
    ).fetchone()
    return demand_text(row[0], sha256) if row else None


def count_past(db: Connection) -> int:
    return int(db.execute("SELECT count(*) FROM past WHERE text IS NOT NULL").fetchone()[0])


def prune(db: Connection, before: str | None) -> Forgotten:
    """Forget the past texts, or those only that were left before a day, a month or a year (ISO 8601)."""
    condition = "text IS NOT NULL AND (:before IS NULL OR left_at < :before)"
    values = {"before": before}
    texts, size = db.execute(
        f"SELECT count(*), coalesce(sum(length(CAST(text AS BLOB))), 0) FROM past WHERE {condition}", values
    ).fetchone()
    db.execute(f"DELETE FROM past WHERE {condition}", values)
    return Forgotten(texts, size)
