"""The links from corrections to what they correct, kept as articles come, change and go, in whichever order.

Each article leaves the keys of what it can be called by, a correction also those of what it calls others; where two
meet, the articles are read and held against each other. So what an ingest costs grows with what came, not with what is
there.
"""

from collections import Counter
from collections.abc import Collection, Iterable

from shawahid.ingest.store import catalogue
from shawahid.ingest.store.catalogue import holes, pages
from shawahid.ingest.store.database import Connection, Database
from shawahid.ingest.types import Span, StoredCorrection

from .corrections import Handles, Known, find_links

_AT_ONCE = 500  # articles in one transaction
_MOST_PER_KEY = 50  # articles, the last ingested; what more are called tells none of them
_MOST_CANDIDATES = 20
_ENOUGH = 2  # pairs of words, where the whole title or the address does not meet


def any_unlinked(database: Database) -> bool:
    with database.reading() as db:
        return bool(db.execute("SELECT 1 FROM unlinked LIMIT 1").fetchone())


def link_some(db: Connection) -> None:
    """Link the first of what is still to be linked, inside a transaction."""
    ids = [row[0] for row in db.execute("SELECT article_id FROM unlinked ORDER BY article_id LIMIT ?", (_AT_ONCE,))]
    to_read: dict[int, Known | None] = {}
    for id_ in ids:
        known = _known(db, id_)
        called, calls = known.called(), known.calls()
        to_read |= dict.fromkeys(_correcting(db, id_))
        to_read |= dict.fromkeys(_meeting(db, called, refers=1))
        if calls or id_ in to_read or _corrects(db, id_):
            to_read[id_] = known
        _put_handles(db, id_, called, calls)
    for id_, read in to_read.items():
        _link(db, read or _known(db, id_))
    db.executemany("DELETE FROM unlinked WHERE article_id = ?", [(id_,) for id_ in ids])


def _known(db: Connection, id_: int) -> Known:
    article = catalogue.article(db, id_)
    assert article is not None  # the rows that name it go with it
    return Known(article)


def _correcting(db: Connection, id_: int) -> list[int]:
    return [row[0] for row in db.execute("SELECT article_id FROM corrections WHERE corrects_id = ?", (id_,))]


def _corrects(db: Connection, id_: int) -> bool:
    return bool(db.execute("SELECT 1 FROM corrections WHERE article_id = ?", (id_,)).fetchone())


def _put_handles(db: Connection, id_: int, called: Handles, calls: Handles) -> None:
    db.execute("DELETE FROM handles WHERE article_id = ?", (id_,))
    rows = [(id_, refers, key, weight) for refers, keys in ((0, called), (1, calls)) for key, weight in keys.items()]
    db.executemany("INSERT INTO handles (article_id, refers, key, weight) VALUES (?, ?, ?, ?)", rows)


def _link(db: Connection, known: Known) -> None:
    """Link one article anew to all that it corrects."""
    id_ = known.article.id
    candidates = [_known(db, other) for other in _meeting(db, known.calls(), refers=0) if other != id_]
    db.execute("DELETE FROM corrections WHERE article_id = ?", (id_,))
    db.executemany(
        'INSERT INTO corrections (article_id, corrects_id, kind, start, "end") VALUES (?, ?, ?, ?, ?)',
        [(id_, link.corrects, link.kind, *link.span) for link in find_links(known, candidates)],
    )


def _meeting(db: Connection, keys: Iterable[int], *, refers: int) -> list[int]:
    """The articles that have enough of the keys, those with most of them first."""
    found: Counter[int] = Counter()
    for key in keys:
        found.update(
            dict(
                db.execute(
                    "SELECT article_id, weight FROM handles WHERE refers = ? AND key = ?"
                    " ORDER BY article_id DESC LIMIT ?",
                    (refers, key, _MOST_PER_KEY),
                ).fetchall()
            )
        )
    return [id_ for id_, weight in found.most_common(_MOST_CANDIDATES) if weight >= _ENOUGH]


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
            by = _known(db, correcting).article
            # Two articles with the same text say the same.
            found.setdefault(id_, {}).setdefault((by.text_id, kind), StoredCorrection(kind, by, Span(start, end)))
    return {id_: list(corrections.values()) for id_, corrections in found.items()}
