"""Lists of articles from the rows alone: those that pass some filters, those of an author, and who the authors are."""

from collections.abc import Collection

from shawahid.ingest.types import Filters

from .browse import held
from .catalogue import filter_condition, holes, pages
from .database import Connection

_AUTHOR = held("author")


def authors(db: Connection) -> list[str]:
    """Every author once, as the articles have it."""
    return [row[0] for row in db.execute(f"SELECT DISTINCT {_AUTHOR} AS author FROM articles") if row[0]]


def ids_by_authors(db: Connection, names: Collection[str]) -> list[int]:
    """The articles whose author is one of these, as the articles have it."""
    return [row[0] for name in names for row in db.execute(f"SELECT id FROM articles WHERE {_AUTHOR} = ?", (name,))]


def newest_ids(db: Connection, filters: Filters) -> list[int]:
    """The articles that pass the filters, the newest first, the undated at the end."""
    condition, values = filter_condition(filters)
    rows = db.execute(f"SELECT id FROM articles WHERE {condition} ORDER BY date IS NULL, date DESC, id", values)
    return [row[0] for row in rows]


def has_any(db: Connection, filters: Filters) -> bool:
    """Whether an article passes the filters."""
    condition, values = filter_condition(filters)
    return db.execute(f"SELECT 1 FROM articles WHERE {condition} LIMIT 1", values).fetchone() is not None


def newest_of(db: Connection, ids: Collection[int], filters: Filters) -> list[int]:
    """Those of the articles that pass the filters, the newest first, the undated at the end."""
    condition, values = filter_condition(filters, by_index=False)
    found = [
        row
        for page in pages(ids)
        for row in db.execute(
            f"SELECT id, date FROM articles a WHERE id IN ({holes(page)}) AND {condition}", [*page, *values]
        )
    ]
    dated = sorted((row for row in found if row[1]), key=lambda row: row[0])
    dated.sort(key=lambda row: row[1], reverse=True)
    return [row[0] for row in (*dated, *sorted(row for row in found if not row[1]))]
