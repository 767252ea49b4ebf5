"""The corrections as rows: what articles are called, what corrections call them, and the links between them."""

from collections.abc import Collection, Iterable, Mapping

from shawahid.ingest.types import CorrectionKind, Span, StoredCorrection

from . import seals
from .catalogue import article, holes, pages
from .database import Connection


def any_unlinked(db: Connection) -> bool:
    return bool(db.execute("SELECT 1 FROM unlinked LIMIT 1").fetchone())


def unlinked_articles(db: Connection, most: int) -> list[int]:
    """The first articles that are still to be linked, at most so many."""
    rows = db.execute("SELECT article_id FROM unlinked ORDER BY article_id LIMIT ?", (most,))
    return [row[0] for row in rows]


def mark_linked(db: Connection, ids: Iterable[int]) -> None:
    db.executemany("DELETE FROM unlinked WHERE article_id = ?", [(id_,) for id_ in ids])


def drop_dangling(db: Connection) -> None:
    """Take out what articles that are gone were called."""
    db.execute("DELETE FROM handles WHERE article_id NOT IN (SELECT id FROM articles)")
    db.execute("DELETE FROM unlinked WHERE article_id NOT IN (SELECT id FROM articles)")


def unlink_all(db: Connection) -> None:
    """Take out all links, and have every article linked anew."""
    db.execute("DELETE FROM corrections")
    db.execute("INSERT OR IGNORE INTO unlinked SELECT id FROM articles")


def articles_correcting(db: Connection, id_: int) -> list[int]:
    """The articles that correct this one."""
    return [row[0] for row in db.execute("SELECT article_id FROM corrections WHERE corrects_id = ?", (id_,))]


def corrects_any(db: Connection, id_: int) -> bool:
    return bool(db.execute("SELECT 1 FROM corrections WHERE article_id = ?", (id_,)).fetchone())


def put_handles(db: Connection, id_: int, called: Mapping[int, int], calls: Mapping[int, int]) -> None:
    """Store what an article is called and what it calls others, as keys with weights, in the place of the old ones."""
    db.execute("DELETE FROM handles WHERE article_id = ?", (id_,))
    rows = [(id_, refers, key, weight) for refers, keys in ((0, called), (1, calls)) for key, weight in keys.items()]
    db.executemany("INSERT INTO handles (article_id, refers, key, weight) VALUES (?, ?, ?, ?)", rows)


def articles_with_handle(db: Connection, key: int, most: int, *, calling: bool) -> dict[int, int]:
    """The last articles that are called by a key, or with `calling` that call others by it, each with its weight."""
    rows = db.execute(
        "SELECT article_id, weight FROM handles WHERE refers = ? AND key = ? ORDER BY article_id DESC LIMIT ?",
        (int(calling), key, most),
    )
    return dict(rows.fetchall())


def put_corrections(db: Connection, id_: int, found: Iterable[tuple[int, CorrectionKind, Span]]) -> None:
    """Store all that an article corrects (the other article, how, and where it says so), in the place of the old."""
    db.execute("DELETE FROM corrections WHERE article_id = ?", (id_,))
    db.executemany(
        'INSERT INTO corrections (article_id, corrects_id, kind, start, "end") VALUES (?, ?, ?, ?, ?)',
        [(id_, corrects, kind, *span) for corrects, kind, span in found],
    )


def corrections_of(db: Connection, article_ids: Collection[int]) -> dict[int, list[StoredCorrection]]:
    """What corrects the articles, or others with the very same text; the first ingested first."""
    found: dict[int, dict[tuple[int, str], StoredCorrection]] = {}
    for page in pages(article_ids):
        rows = db.execute(
            'SELECT a.id, c.article_id, c.kind, c.start, c."end" FROM articles a'
            " JOIN articles same ON same.text_id = a.text_id JOIN corrections c ON c.corrects_id = same.id"
            f" WHERE a.id IN ({holes(page)}) AND c.article_id NOT IN (SELECT article_id FROM unlinked)"
            " ORDER BY a.id, c.article_id",
            page,
        )
        for id_, correcting, kind, start, end in rows.fetchall():
            seals.demand(db, "corrections", [correcting])
            by = article(db, correcting)
            assert by is not None  # the rows that name it go with it
            # Two articles with the same text say the same.
            found.setdefault(id_, {}).setdefault((by.text_id, kind), StoredCorrection(kind, by, Span(start, end)))
    return {id_: list(corrections.values()) for id_, corrections in found.items()}
