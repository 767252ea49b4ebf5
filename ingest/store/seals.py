"""Seals: a checksum for each row that a reader is shown something of, or that decides what a reader is shown.

    texts       the hash, length and furniture of a text, and its passages (the text itself is held against its SHA-256)
    groups      the group of near copies of a text
    stories     the story of a text
    members     the texts of a story
    articles    an article's row: its source, metadata, edits, pages
    files       the file that articles came from
    embeddings  a passage's vector, its quotable spans and their vectors
    corrections all that an article corrects
    past        what is known of an older text
    meta        one entry

Whatever is written through `Database.writing` is sealed in the same transaction: temporary triggers note which rows are
touched, and those are sealed before the commit. So no writer can forget it, and damage never gets a seal. Libraries
before format 4 have no seals until they are first written.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final, NamedTuple, Protocol

SEALED_FORMAT: Final = 4
_PAGE: Final = 500
_NOT_COUNTED: Final = ("passages", "quotes")  # no index of theirs tells how many keys there are

SCHEMA: Final = """
CREATE TABLE seals (
    kind TEXT NOT NULL,
    key ANY NOT NULL,
    digest BLOB NOT NULL,              -- BLAKE2b, 8 bytes
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
"""


class Connection(Protocol):
    """What is asked of a connection to the database, which imports this module."""

    def execute(self, sql: str, parameters: Any = ..., /) -> Any: ...
    def executemany(self, sql: str, parameters: Any, /) -> Any: ...


class Altered(Exception):
    """A row that is not as it was written; `Database.explained` makes a LibraryDamaged of it."""


class _Part(NamedTuple):
    """Columns of a table, by the key that they are sealed under; `order` makes several rows of a key come in order."""

    table: str
    key: str
    columns: str
    order: str = ""


_KINDS: Final[dict[str, tuple[_Part, ...]]] = {
    "texts": (
        _Part("texts", "id", "sha256, characters, furniture"),
        _Part("passages", "text_id", 'id, start, "end", script', "id"),
    ),
    "groups": (_Part("texts", "id", "copy_group"),),
    "stories": (_Part("stories", "text_id", "story, crowd"),),
    "members": (_Part("stories", "story", "text_id", "text_id"),),
    "articles": (
        _Part("articles", "id", "source, name, text_id, file_id, given, edited, outlet, date, pages, extractor"),
    ),
    "files": (_Part("files", "id", "path, sha256, recipe, complete"),),
    "embeddings": (
        _Part("embeddings", "passage_id", "sequence, vector"),
        _Part("quotes", "passage_id", "spans, vectors"),
    ),
    "corrections": (_Part("corrections", "article_id", 'corrects_id, kind, start, "end"', "corrects_id"),),
    "past": (_Part("past", "sha256", "source, name, metadata, left_at, why"),),
    "meta": (_Part("meta", "key", "value"),),
}


def exist(db: Connection) -> bool:
    """Whether this library is sealed. The table tells, not the format: one flipped bit there would unseal it."""
    return has_table(db, "seals")


def has_table(db: Connection, name: str) -> bool:
    """Whether a library has a table, which one of an older format gets when it is first written."""
    return bool(db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone())


def watch(db: Connection) -> None:
    """Have this connection note from now on which rows are touched."""
    known = {name for (name,) in db.execute("SELECT name FROM sqlite_temp_master")}  # an upgrade brings more kinds
    if "touched" not in known:
        db.execute("CREATE TEMP TABLE touched (kind, key)")
    for kind, parts in _kinds(db).items():
        for part in parts:
            for event, rows in (
                ("INSERT", ("NEW",)),
                (f"UPDATE OF {part.key}, {part.columns}", ("OLD", "NEW")),
                ("DELETE", ("OLD",)),
            ):
                name = f"touched_{kind}_{part.table}_{event[:6].lower()}"
                noted = " ".join(f"INSERT INTO touched VALUES ('{kind}', {row}.{part.key});" for row in rows)
                if name not in known:
                    db.execute(f"CREATE TEMP TRIGGER {name} AFTER {event} ON main.{part.table} BEGIN {noted} END")


def renew(db: Connection) -> None:
    """Seal what was touched in this transaction."""
    touched: dict[str, list[Any]] = {}
    for kind, key in db.execute("SELECT DISTINCT kind, key FROM temp.touched"):
        touched.setdefault(kind, []).append(key)
    for kind, keys in touched.items():
        _seal(db, kind, keys)
    db.execute("DELETE FROM temp.touched")


def seal_all(db: Connection) -> None:
    """Seal everything, which takes a library that has no seals for whole."""
    for kind in _kinds(db):
        _seal(db, kind, _keys(db, kind))


def _seal(db: Connection, kind: str, keys: Collection[Any]) -> None:
    for page in _pages(keys):
        digests = _digests(db, kind, page)
        db.executemany("DELETE FROM seals WHERE kind = ? AND key = ?", [(kind, key) for key in page])
        db.executemany("INSERT INTO seals VALUES (?, ?, ?)", [(kind, key, digests[key]) for key in digests])


def altered(db: Connection, kind: str, keys: Collection[Any]) -> list[Any]:
    """Those of the keys whose rows are not as they were sealed; none where the library has no seals."""
    found = []
    for page in _pages(keys) if keys and exist(db) else ():
        query = f"SELECT key, digest FROM seals WHERE kind = ? AND key IN ({_holes(page)})"
        sealed = dict(db.execute(query, [kind, *page]).fetchall())
        digests = _digests(db, kind, page)
        found += [key for key in page if sealed.get(key) != digests.get(key)]
    return found


def demand(db: Connection, kind: str, keys: Collection[Any]) -> None:
    """Raises Altered where a row is not as it was sealed, so that nothing is answered from it.

    What this connection is just changing gets its seal with the commit, and is passed over until then.
    """
    if wrong := [key for key in altered(db, kind, keys) if not _is_touched(db, kind, key)]:
        raise Altered(f"{kind} {', '.join(map(str, wrong[:5]))}: not as written")


def demand_complete(db: Connection) -> None:
    """Raises Altered where rows are gone, or came in behind the program's back. They are counted, by their indexes:
    four seconds for a million articles. Passages and quotes are held against their seal when they are quoted."""
    if not exist(db):
        return
    sealed = {kind: told for kind, *told in db.execute(f"SELECT kind, {_counted('key')} FROM seals GROUP BY kind")}
    for kind, parts in _kinds(db).items():
        for part in parts:
            if part.table in _NOT_COUNTED:
                continue
            (there,) = db.execute(f"SELECT {_counted(part.key, 'DISTINCT ' if part.order else '')} FROM {part.table}")
            written = sealed.get(kind, [0, None])
            if there[0] != written[0]:
                raise Altered(f"{part.table}: {there[0]} rows where {written[0]} were written")
            if there[1] != written[1]:
                raise Altered(f"{part.table}: rows stand under other numbers than were written")
    # They are found by what they correct, which may be what was changed; there are few.
    demand(db, "corrections", sorted(_keys(db, "corrections")))


def _counted(key: str, distinct: str = "") -> str:
    """SQL for how many keys there are, and for the sum of those that are numbers: it tells a changed key."""
    return f"count({distinct}{key}), sum({distinct}CASE typeof({key}) WHEN 'integer' THEN {key} ELSE 0 END)"


def forget_gone(db: Connection) -> Iterator[tuple[str, list[Any]]]:
    """Take out the seals of rows that are gone; yields which they were."""
    for kind in _kinds(db) if exist(db) else ():
        sealed = {row[0] for row in db.execute("SELECT key FROM seals WHERE kind = ?", (kind,))}
        if gone := sorted(sealed - _keys(db, kind), key=str):
            db.executemany("DELETE FROM seals WHERE kind = ? AND key = ?", [(kind, key) for key in gone])
            yield kind, gone


def _is_touched(db: Connection, kind: str, key: object) -> bool:
    query = "SELECT 1 FROM temp.touched WHERE kind = ? AND key = ?"
    return _is_watched(db) and bool(db.execute(query, (kind, key)).fetchone())


def _is_watched(db: Connection) -> bool:
    return bool(db.execute("SELECT 1 FROM sqlite_temp_master WHERE name = 'touched'").fetchone())


def _kinds(db: Connection) -> dict[str, tuple[_Part, ...]]:
    """The kinds of rows that this library has: one of an older format has no stories."""
    if has_table(db, "stories"):
        return _KINDS
    return {kind: parts for kind, parts in _KINDS.items() if parts[0].table != "stories"}


def demand_text(text: str, sha256: str) -> str:
    """The text, if it is the one that the hash is of. Raises Altered."""
    if hashlib.sha256(text.encode()).hexdigest() != sha256:
        raise Altered(f"the text with the hash {sha256[:16]}…: not as written")
    return text


def all_altered(db: Connection) -> Iterator[tuple[str, list[Any]]]:
    """Of each kind that has any: the keys whose rows are not as they were sealed, are gone, or were never sealed."""
    if not exist(db):
        return
    for kind in _kinds(db):
        sealed = {row[0] for row in db.execute("SELECT key FROM seals WHERE kind = ?", (kind,))}
        if wrong := altered(db, kind, sorted(sealed | _keys(db, kind), key=str)):
            yield kind, wrong


def _keys(db: Connection, kind: str) -> set[Any]:
    return {row[0] for part in _KINDS[kind] for row in db.execute(f"SELECT DISTINCT {part.key} FROM {part.table}")}


def _digests(db: Connection, kind: str, page: list[Any]) -> dict[Any, bytes]:
    """The checksum of what is there under each of the keys; one without a row has none."""
    hashes: dict[Any, Any] = {}
    for part in _KINDS[kind]:
        order = f" ORDER BY {part.order}" if part.order else ""
        where = f"WHERE {part.key} IN ({_holes(page)}){order}"
        for key, *values in db.execute(f"SELECT {part.key}, {part.columns} FROM {part.table} {where}", page):
            if key not in hashes:
                hashes[key] = hashlib.blake2b(digest_size=8)
            for value in values:
                data = value if isinstance(value, bytes) else str(value).encode()
                hashes[key].update(b"%s%d:" % (type(value).__name__.encode(), len(data)))
                hashes[key].update(data)
    return {key: found.digest() for key, found in hashes.items()}


def _pages(keys: Iterable[Any]) -> Iterator[list[Any]]:
    every = list(keys)
    return (every[start : start + _PAGE] for start in range(0, len(every), _PAGE))


def _holes(page: Collection[object]) -> str:
    return ",".join("?" * len(page))
