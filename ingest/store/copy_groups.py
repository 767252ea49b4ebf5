"""The groups of near copies as rows, and the bands by which texts are found that may be near copies.

A group goes by the smallest number of its texts. kin/near_copies.py decides who belongs to which.
"""

from collections.abc import Collection, Iterable, Sequence

from .catalogue import holes, pages
from .database import Connection


def ungrouped_texts(db: Connection, most: int) -> list[int]:
    """The first texts that have no group yet, at most so many."""
    rows = db.execute("SELECT id FROM texts WHERE copy_group IS NULL ORDER BY id LIMIT ?", (most,))
    return [row[0] for row in rows]


def put_in_group(db: Connection, text_id: int, group: int) -> None:
    db.execute("UPDATE texts SET copy_group = ? WHERE id = ?", (group, text_id))


def rename_group(db: Connection, group: int, to: int) -> None:
    """Let a group go by another number; where that is a group, the two become one."""
    db.execute("UPDATE texts SET copy_group = ? WHERE copy_group = ?", (to, group))


def dissolve_group(db: Connection, group: int | None) -> None:
    """Leave the texts of a group without one."""
    db.execute("UPDATE texts SET copy_group = NULL WHERE copy_group = ?", (group,))


def dissolve_all(db: Connection) -> None:
    """Leave all texts without a group, and without bands."""
    db.execute("DELETE FROM bands")
    db.execute("UPDATE texts SET copy_group = NULL")


def stored_groups(db: Connection, text_ids: Collection[int]) -> dict[int, int]:
    """Those of the texts that have a group, each with it."""
    found: dict[int, int] = {}
    for page in pages(text_ids):
        query = f"SELECT id, copy_group FROM texts WHERE id IN ({holes(page)}) AND copy_group IS NOT NULL"
        found.update(db.execute(query, page).fetchall())
    return found


def groups_of(db: Connection, text_ids: Collection[int]) -> dict[int, int]:
    """The texts that exist, each with its group; one that was not looked at yet is its own."""
    found: dict[int, int] = {}
    for page in pages(text_ids):
        query = f"SELECT id, coalesce(copy_group, id) FROM texts WHERE id IN ({holes(page)})"
        found.update(db.execute(query, page).fetchall())
    return found


def outlets_of_groups(db: Connection, groups: Collection[int]) -> list[str]:
    """The outlets that carry a text of one of the groups."""
    found: set[str] = set()
    for page in pages(groups):
        query = (
            "SELECT DISTINCT a.outlet FROM texts t JOIN articles a ON a.text_id = t.id"
            f" WHERE (t.copy_group IN ({holes(page)}) OR t.id IN ({holes(page)})) AND a.outlet IS NOT NULL"
        )
        found.update(row[0] for row in db.execute(query, [*page, *page]))
    return sorted(found)


def members_of_groups(db: Connection) -> dict[int, list[int]]:
    """Every group with its texts, in order."""
    members: dict[int, list[int]] = {}
    for text_id, group in db.execute("SELECT id, copy_group FROM texts WHERE copy_group IS NOT NULL ORDER BY id"):
        members.setdefault(group, []).append(text_id)
    return members


def count_groups(db: Connection) -> int:
    """How many groups there are, a text without near copies being one by itself."""
    return int(db.execute("SELECT count(DISTINCT coalesce(copy_group, id)) FROM texts").fetchone()[0])


# bands


def texts_in_bands(db: Connection, bands: Sequence[int], but: int) -> list[tuple[int, int]]:
    """(band, text) of all that have one of the bands, but for one text."""
    query = f"SELECT band, text_id FROM bands WHERE band IN ({holes(bands)}) AND text_id <> ?"
    return db.execute(query, [*bands, but]).fetchall()


def put_bands(db: Connection, text_id: int, bands: Iterable[int]) -> None:
    db.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", [(band, text_id) for band in bands])


def drop_bands(db: Connection, text_id: int, bands: Sequence[int]) -> None:
    db.execute(f"DELETE FROM bands WHERE band IN ({holes(bands)}) AND text_id = ?", [*bands, text_id])


def count_bands(db: Connection, text_id: int, bands: Sequence[int]) -> int:
    """In how many of the bands a text is entered."""
    query = f"SELECT count(*) FROM bands WHERE band IN ({holes(bands)}) AND text_id = ?"
    return int(db.execute(query, [*bands, text_id]).fetchone()[0])
