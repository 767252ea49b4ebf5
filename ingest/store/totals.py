"""How much a library holds, and how much of it a search went through."""

from shawahid.ingest.types import Filters, LibraryOverview, SearchedTotals

from .browse import held
from .catalogue import count, filter_condition, outlets
from .database import Connection


def count_searched(db: Connection, filters: Filters) -> SearchedTotals:
    """Totals over the articles that pass the filters, and over their texts."""
    if not filters.any:
        articles, passages, embedded = (count(db, table) for table in ("articles", "passages", "embeddings"))
        return SearchedTotals(articles, passages, embedded, tuple(outlets(db)))
    condition, values = filter_condition(filters)
    articles = db.execute(f"SELECT count(*) FROM articles WHERE {condition}", values).fetchone()[0]
    passages, embedded = db.execute(
        "SELECT count(*), count(e.passage_id) FROM passages p LEFT JOIN embeddings e ON e.passage_id = p.id"
        f" WHERE p.text_id IN (SELECT text_id FROM articles WHERE {condition})",
        values,
    ).fetchone()
    heard = db.execute(
        f"SELECT DISTINCT outlet FROM articles WHERE outlet IS NOT NULL AND {condition} ORDER BY outlet", values
    )
    return SearchedTotals(articles, passages, embedded, tuple(row[0] for row in heard))


def outlet_counts(db: Connection) -> list[tuple[str, int]]:
    """Every outlet with how many articles it has, in order."""
    rows = db.execute("SELECT outlet, count(*) FROM articles WHERE outlet IS NOT NULL GROUP BY outlet ORDER BY outlet")
    return rows.fetchall()


def overview(db: Connection, titles: int) -> LibraryOverview:
    """What the articles are: `titles` of them at most are named, evenly over all."""
    total, first, last, dated = db.execute(
        "SELECT count(*), min(date), max(date), count(date) FROM articles"
    ).fetchone()
    step = max(1, total // titles)
    title = held("title")
    named = db.execute(f"SELECT {title} FROM articles WHERE {title} <> '' AND id % ? = 0 LIMIT ?", (step, titles))
    return LibraryOverview(
        total, tuple(outlets(db)), first, last, total - dated, tuple(dict.fromkeys(row[0] for row in named))
    )
