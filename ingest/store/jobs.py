"""Jobs: uploads that were accepted, as rows. What is told of a job is JSON that only the interface reads."""

import json
from collections.abc import Collection, Iterable

from .database import Connection
from .seals import has_table


def put_job(db: Connection, id_: str, waits: bool, places: Iterable[str], told: str) -> None:
    """Add a job, or bring it up to date. `places` are the paths of its files; it waits until all were read."""
    db.execute(
        "INSERT INTO jobs (id, waits, places, told) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE"
        " SET waits = excluded.waits, places = excluded.places, told = excluded.told",
        (id_, waits, json.dumps(list(places)), told),
    )


def all_jobs(db: Connection) -> list[str]:
    """What is told of each job, the oldest first."""
    return [row[0] for row in db.execute("SELECT told FROM jobs ORDER BY number")] if has_table(db, "jobs") else []


def drop_jobs(db: Connection, ids: Collection[str]) -> None:
    db.executemany("DELETE FROM jobs WHERE id = ?", [(id_,) for id_ in ids])


def drop_all_jobs(db: Connection) -> None:
    db.execute("DELETE FROM jobs")


def awaited_places(db: Connection) -> set[str]:
    """The files that a job still waits to read."""
    if not has_table(db, "jobs"):
        return set()
    return {place for row in db.execute("SELECT places FROM jobs WHERE waits") for place in json.loads(row[0])}


def places_with_articles(db: Connection, folder: str) -> set[str]:
    """The paths under a folder that articles came from; one may lead into an archive."""
    rows = db.execute(
        "SELECT path FROM files f WHERE substr(path, 1, ?) = ?"
        " AND EXISTS (SELECT 1 FROM articles WHERE file_id = f.id)",
        (len(folder) + 1, f"{folder}/"),
    )
    return {row[0] for row in rows}
