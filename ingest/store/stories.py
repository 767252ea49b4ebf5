"""The stories as rows: which texts tell of the same event. kin/stories.py decides that.

A story goes by the smallest number of its texts. A text has none until all its passages are embedded.
"""

from collections.abc import Collection, Mapping

from shawahid.ingest.embedders.base import Vectors

from . import seals
from .catalogue import holes, pages
from .database import Connection
from .embeddings import unpack


def exist(db: Connection) -> bool:
    """Whether this library has stories: one of an older format gets them when it is first written."""
    return seals.has_table(db, "stories")


def waiting_texts(db: Connection, after: int, most: int) -> list[int]:
    """The first texts beyond number `after` that have no story yet and are embedded, at most so many."""
    rows = db.execute(
        "SELECT id FROM texts t WHERE id > ? AND id NOT IN (SELECT text_id FROM stories)"
        " AND NOT EXISTS (SELECT 1 FROM passages p WHERE p.text_id = t.id"
        " AND p.id NOT IN (SELECT passage_id FROM embeddings)) ORDER BY id LIMIT ?",
        (after, most),
    )
    return [row[0] for row in rows]


def first_dates(db: Connection, text_ids: Collection[int]) -> dict[int, str]:
    """Those of the texts that an article with a date has, each with the first."""
    found: dict[int, str] = {}
    for page in pages(text_ids):
        query = f"SELECT text_id, min(date) FROM articles WHERE text_id IN ({holes(page)}) AND date IS NOT NULL"
        found.update(db.execute(f"{query} GROUP BY text_id", page).fetchall())
    return found


def articles_by_date(db: Connection) -> dict[str | None, int]:
    """How many articles have each date, or none."""
    return dict(db.execute("SELECT date, count(*) FROM articles GROUP BY date").fetchall())


def texts_of_articles(db: Connection, article_ids: Collection[int]) -> list[int]:
    """The texts of those of the articles that exist."""
    return [
        row[0]
        for page in pages(article_ids)
        for row in db.execute(f"SELECT DISTINCT text_id FROM articles WHERE id IN ({holes(page)})", page)
    ]


def dated_texts(db: Connection, article_ids: Collection[int]) -> dict[int, tuple[int, str | None]]:
    """Those of the articles that exist, each with its text and its date."""
    found: dict[int, tuple[int, str | None]] = {}
    for page in pages(article_ids):
        rows = db.execute(f"SELECT id, text_id, date FROM articles WHERE id IN ({holes(page)})", page)
        found.update({id_: (text_id, date) for id_, text_id, date in rows})
    return found


def vectors_of_text(db: Connection, text_id: int) -> Vectors:
    """The vectors of a text's passages, shape (passages, dimensions)."""
    rows = db.execute(
        "SELECT e.vector FROM passages p JOIN embeddings e ON e.passage_id = p.id WHERE p.text_id = ? ORDER BY p.id",
        (text_id,),
    )
    return unpack([row[0] for row in rows])


def put_story(db: Connection, text_id: int, story: int, crowd: int) -> None:
    db.execute("INSERT INTO stories VALUES (?, ?, ?)", (text_id, story, crowd))


def rename_story(db: Connection, story: int, to: int) -> None:
    """Let a story go by another number; where that is a story, the two become one."""
    db.execute("UPDATE stories SET story = ? WHERE story = ?", (to, story))


def dissolve(db: Connection, text_ids: Collection[int]) -> None:
    """Leave all texts of the stories of these texts without one."""
    for page in pages(text_ids):
        told = f"SELECT story FROM stories WHERE text_id IN ({holes(page)})"
        db.execute(f"DELETE FROM stories WHERE story IN ({told})", page)


def dissolve_all(db: Connection) -> None:
    db.execute("DELETE FROM stories")


def stored(db: Connection, text_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Those of the texts that have a story, each with it and its crowd."""
    found: dict[int, tuple[int, int]] = {}
    for page in pages(text_ids):
        rows = db.execute(f"SELECT text_id, story, crowd FROM stories WHERE text_id IN ({holes(page)})", page)
        found.update({text_id: (story, crowd) for text_id, story, crowd in rows})
    return found


def first_texts(db: Connection, story: int, most: int) -> list[int]:
    """The first texts of a story."""
    rows = db.execute("SELECT text_id FROM stories WHERE story = ? ORDER BY text_id LIMIT ?", (story, most))
    return [row[0] for row in rows]


def stories_of(db: Connection, text_ids: Collection[int]) -> dict[int, int]:
    """Those of the texts that have a story, each with it. Raises Altered."""
    if not exist(db):
        return {}
    seals.demand(db, "stories", text_ids)
    return {text_id: story for text_id, (story, _) in stored(db, text_ids).items()}


def texts_of_stories(db: Connection, numbers: Collection[int], most: int) -> dict[int, list[int]]:
    """The first texts of each of these stories, at most so many of one. Raises Altered."""
    if not exist(db):
        return {}
    seals.demand(db, "members", numbers)
    return {story: first_texts(db, story, most) for story in numbers}


def misnamed(db: Connection) -> Mapping[int, int]:
    """Stories that do not go by the first of their texts, each with that."""
    return dict(db.execute("SELECT story, min(text_id) AS first FROM stories GROUP BY story HAVING first <> story"))
