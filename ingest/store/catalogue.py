"""What the truth is asked and told, as plain functions over a connection: rows in, our types out."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from shawahid.ingest.errors import ArticleUnknown
from shawahid.ingest.text.words import script
from shawahid.ingest.types import Article, Extracted, Filters, Metadata, Passage, Scope, Span

from . import seals
from .database import Connection

_PAGE: Final = 500  # variables in one IN (…)
FEW: Final = 2_000
"""The most articles of a scope whose texts are listed, and searched by themselves. For a larger one the search goes
deeper, and what does not pass the filters is dropped."""


def get_meta(db: Connection, key: str) -> str | None:
    seals.demand(db, "meta", [key])
    row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row[0] if row else None


def set_meta(db: Connection, key: str, value: str) -> None:
    db.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, value))


def drop_meta(db: Connection, key: str) -> None:
    db.execute("DELETE FROM meta WHERE key = ?", (key,))


# files


def known_file(db: Connection, path: str) -> tuple[int, str, str, bool] | None:
    """(id, SHA-256 of the bytes, recipe, complete) of a file read before."""
    row = db.execute("SELECT id, sha256, recipe, complete FROM files WHERE path = ?", (path,)).fetchone()
    return (row[0], row[1], row[2], bool(row[3])) if row else None


def put_file(db: Connection, path: str, sha256: str, recipe: str, complete: bool) -> int:
    db.execute(
        "INSERT INTO files (path, sha256, recipe, complete) VALUES (?, ?, ?, ?) ON CONFLICT (path) DO UPDATE"
        " SET sha256 = excluded.sha256, recipe = excluded.recipe, complete = excluded.complete",
        (path, sha256, recipe, complete),
    )
    return int(db.execute("SELECT id FROM files WHERE path = ?", (path,)).fetchone()[0])


def sources_of_file(db: Connection, file_id: int) -> list[str]:
    rows = db.execute("SELECT source FROM articles WHERE file_id = ? ORDER BY id", (file_id,))
    return [row[0] for row in rows]


def path_of_article(db: Connection, article: int) -> str | None:
    """The path of the file that an article came from."""
    row = db.execute(
        "SELECT f.path FROM articles a JOIN files f ON f.id = a.file_id WHERE a.id = ?", (article,)
    ).fetchone()
    return row[0] if row else None


def sources_under(db: Connection, root: str) -> Iterator[tuple[int, str, str]]:
    """(article, source, path of its file) of everything at or under a path."""
    rows = db.execute(
        "SELECT a.id, a.source, f.path FROM articles a JOIN files f ON f.id = a.file_id"
        " WHERE f.path = ? OR substr(f.path, 1, ?) = ?",
        (root, len(root) + 1, root.rstrip("/") + "/"),
    )
    yield from rows.fetchall()


# articles and texts


def find_text(db: Connection, sha256: str) -> int | None:
    row = db.execute("SELECT id FROM texts WHERE sha256 = ?", (sha256,)).fetchone()
    return int(row[0]) if row else None


def put_text(db: Connection, text: str, sha256: str, furniture: Sequence[Span], passages: Sequence[Span]) -> int:
    cursor = db.execute(
        "INSERT INTO texts (sha256, text, characters, furniture) VALUES (?, ?, ?, ?)",
        (sha256, text, len(text), json.dumps(furniture)),
    )
    text_id = int(cursor.lastrowid or 0)
    put_passages(db, text_id, text, passages)
    return text_id


def put_passages(db: Connection, text_id: int, text: str, passages: Iterable[Span]) -> None:
    db.executemany(
        'INSERT INTO passages (text_id, start, "end", script) VALUES (?, ?, ?, ?)',
        [(text_id, *passage, script(text[passage.start : passage.end])) for passage in passages],
    )


def find_article(db: Connection, source: str) -> tuple[int, int, str, str] | None:
    """(id, text id, given metadata as stored, name) of the article from a source."""
    row = db.execute("SELECT id, text_id, given, name FROM articles WHERE source = ?", (source,)).fetchone()
    return tuple(row) if row else None


def outcome(item: Extracted, known: tuple[int, int, str, str] | None, text_id: int | None) -> str:
    """What taking in an article comes to: "added", "changed" or "unchanged". `known` is what find_article has of its
    source, `text_id` its text, where that is there."""
    if known and known[1:] == (text_id, stored_metadata(item.metadata), item.name):
        return "unchanged"
    return "changed" if known else "added"


def put_article(db: Connection, item: Extracted, text_id: int, file_id: int) -> None:
    """Add the article from a source, or bring it up to date. What was edited by hand stays."""
    if known := find_article(db, item.source):
        seals.demand(db, "articles", known[:1])
    db.execute(
        "INSERT INTO articles (source, name, text_id, file_id, given, pages, extractor) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (source) DO UPDATE SET name = excluded.name, text_id = excluded.text_id,"
        " file_id = excluded.file_id, given = excluded.given, pages = excluded.pages, extractor = excluded.extractor",
        (
            item.source,
            item.name,
            text_id,
            file_id,
            stored_metadata(item.metadata),
            json.dumps(item.pages),
            item.extractor,
        ),
    )
    row = db.execute("SELECT id, given, edited FROM articles WHERE source = ?", (item.source,)).fetchone()
    _settle_metadata(db, *row)


def edit_article(db: Connection, article: int, changes: Mapping[str, str]) -> None:
    """Set metadata by hand; an empty value takes back what was set. Raises ArticleUnknown."""
    row = db.execute("SELECT given, edited FROM articles WHERE id = ?", (article,)).fetchone()
    if not row:
        raise ArticleUnknown(article=article)
    seals.demand(db, "articles", [article])
    given, edited = row
    merged = {**json.loads(edited), **changes}
    edited = json.dumps({name: value for name, value in merged.items() if value}, ensure_ascii=False)
    db.execute("UPDATE articles SET edited = ? WHERE id = ?", (edited, article))
    _settle_metadata(db, article, given, edited)


def _settle_metadata(db: Connection, article: int, given: str, edited: str) -> None:
    metadata = held_metadata(given, edited)
    db.execute("UPDATE articles SET outlet = ?, date = ? WHERE id = ?", (metadata.outlet, metadata.date, article))
    db.execute("INSERT OR IGNORE INTO unlinked VALUES (?)", (article,))


def stored_metadata(metadata: Metadata) -> str:
    return json.dumps(asdict(metadata), ensure_ascii=False, sort_keys=True)


def held_metadata(given: str, edited: str) -> Metadata:
    """What holds of an article: what was edited by hand over what its source gave, both as stored."""
    return Metadata(**{**json.loads(given), **json.loads(edited)})


def set_edits(db: Connection, source: str, edited: str) -> None:
    db.execute("UPDATE articles SET edited = ? WHERE source = ?", (edited, source))
    _settle_metadata(db, *db.execute("SELECT id, given, edited FROM articles WHERE source = ?", (source,)).fetchone())


def edits_of_file(db: Connection, file_id: int) -> dict[int, str]:
    """What was edited by hand in the articles of a file, by their text."""
    rows = db.execute("SELECT text_id, edited FROM articles WHERE file_id = ? AND edited <> '{}'", (file_id,))
    return dict(rows.fetchall())


def remove_article(db: Connection, article: int) -> None:
    """Take out one article, if it is still there; its text stays until `past.drop_texts`."""
    row = db.execute("SELECT file_id FROM articles WHERE id = ?", (article,)).fetchone()
    if not row:
        return
    # What corrected it may have meant another one.
    db.execute("INSERT OR IGNORE INTO unlinked SELECT article_id FROM corrections WHERE corrects_id = ?", (article,))
    db.execute("DELETE FROM articles WHERE id = ?", (article,))
    if not db.execute("SELECT 1 FROM articles WHERE file_id = ? LIMIT 1", row).fetchone():
        db.execute("DELETE FROM files WHERE id = ?", row)
    else:  # the file must be read through again when it is next ingested
        db.execute("UPDATE files SET complete = 0 WHERE id = ?", row)


def text_ids(db: Connection) -> list[int]:
    """Every text."""
    return [row[0] for row in db.execute("SELECT id FROM texts")]


def unused_texts(db: Connection) -> list[int]:
    """The texts that no article has."""
    return [row[0] for row in db.execute("SELECT id FROM texts WHERE id NOT IN (SELECT text_id FROM articles)")]


def put_furniture(db: Connection, text_id: int, furniture: Sequence[Span]) -> None:
    db.execute("UPDATE texts SET furniture = ? WHERE id = ?", (json.dumps(furniture), text_id))


def mark_incomplete(db: Connection, path: str) -> None:
    """Have a file read through again when it is next ingested."""
    db.execute("UPDATE files SET complete = 0 WHERE path = ?", (path,))


def mark_all_incomplete(db: Connection) -> None:
    """Have every file read through again, but those of which the row is not as it was written: that gets no seal."""
    ids = [row[0] for row in db.execute("SELECT id FROM files")]
    whole = set(ids).difference(seals.altered(db, "files", ids))
    db.executemany("UPDATE files SET complete = 0 WHERE id = ?", [(id_,) for id_ in whole])


def drop_passages(db: Connection, text_id: int) -> None:
    for table in ("quotes", "embeddings"):
        db.execute(f"DELETE FROM {table} WHERE passage_id IN (SELECT id FROM passages WHERE text_id = ?)", (text_id,))
    db.execute("DELETE FROM passages WHERE text_id = ?", (text_id,))


def drop_all_passages(db: Connection) -> None:
    """Take out all passages, and what was derived from them."""
    for table in ("quotes", "embeddings", "passages"):
        db.execute(f"DELETE FROM {table}")


_ARTICLE = (
    "SELECT a.id, a.text_id, a.source, a.name, t.text, t.sha256, a.given, a.edited, t.furniture, a.pages,"
    " (SELECT min(b.id) FROM articles b WHERE b.text_id = a.text_id), f.sha256, a.extractor, a.file_id"
    " FROM articles a JOIN texts t ON t.id = a.text_id JOIN files f ON f.id = a.file_id"
)


def _article(db: Connection, row: Sequence[Any]) -> Article:
    """An article whose every part is as it was written. Raises Altered."""
    *values, file_id = row
    id_, text_id, source, name, text, sha256, given, edited, furniture, pages, first, file_sha256, extractor = values
    for kind, key in (("articles", id_), ("texts", text_id), ("files", file_id)):
        seals.demand(db, kind, [key])
    return Article(
        id=id_,
        text_id=text_id,
        source=source,
        name=name,
        text=seals.demand_text(text, sha256),
        sha256=sha256,
        metadata=held_metadata(given, edited),
        furniture=tuple(Span(*span) for span in json.loads(furniture)),
        pages=tuple(json.loads(pages)),
        copy_of=first if first != id_ else None,
        file_sha256=file_sha256,
        extractor=extractor,
    )


def articles_with_text(db: Connection, text_id: int) -> list[Article]:
    """The articles whose text this is, the first ingested first."""
    rows = db.execute(f"{_ARTICLE} WHERE a.text_id = ? ORDER BY a.id", (text_id,)).fetchall()
    return [_article(db, row) for row in rows]


def article(db: Connection, id_: int) -> Article | None:
    if id_ >= 2**63:  # beyond SQLite's numbers
        return None
    row = db.execute(f"{_ARTICLE} WHERE a.id = ?", (id_,)).fetchone()
    return _article(db, row) if row else None


def find_article_ids(db: Connection, wanted: str) -> list[int]:
    """The articles that go by a number, a source or a name."""
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 19 else 0
    if db.execute("SELECT 1 FROM articles WHERE id = ?", (number,)).fetchone():
        return [number]
    rows = db.execute("SELECT id FROM articles WHERE source = ? OR name = ? ORDER BY id", (wanted, wanted))
    return [row[0] for row in rows]


def scope_of(db: Connection, filters: Filters) -> Scope:
    condition, values = filter_condition(filters)
    articles = db.execute(f"SELECT count(*) FROM articles WHERE {condition}", values).fetchone()[0]
    if articles > FEW:
        return Scope(filters, articles, None)
    rows = db.execute(f"SELECT DISTINCT text_id FROM articles WHERE {condition}", values)
    return Scope(filters, articles, frozenset(row[0] for row in rows))


def passages_in_scope(db: Connection, ids: Collection[int], filters: Filters) -> set[int]:
    """Those of the passages that an article has which passes the filters."""
    condition, values = filter_condition(filters, by_index=False)
    found: set[int] = set()
    for page in pages(ids):
        query = (
            "SELECT p.id FROM passages p JOIN articles a ON a.text_id = p.text_id"
            f" WHERE p.id IN ({holes(page)}) AND {condition}"
        )
        found.update(row[0] for row in db.execute(query, [*page, *values]))
    return found


def filter_condition(filters: Filters, *, by_index: bool = True) -> tuple[str, list[object]]:
    """What an article's row must fulfil to pass all the filters, in SQL.

    Where the rows are known otherwise, SQLite must not look for them by outlet (`by_index` False): of many it would.

    A date of which only the year or month is known passes where it lies wholly inside; an undated article passes no
    date filter.
    """
    conditions, values = ["1"], list[object]()
    lists = (("outlet", filters.outlets, ""), ("id", filters.articles, ""), ("id", filters.without, "NOT "))
    for column, wanted, negated in lists:
        if wanted:
            named = column if by_index else f"+a.{column}"
            conditions.append(f"{named} {negated}IN ({holes(wanted)})")
            values.extend(wanted)
    if filters.since is not None:
        conditions.append("substr(date || '-01-01', 1, 10) >= ?")
        values.append(f"{filters.since}-01-01"[:10])
    if filters.until is not None:
        conditions.append(f"{_LAST_DAY} <= ?")
        values.append(_last_day(filters.until))
    return " AND ".join(conditions), values


# The last day that a date may mean, as it compares: the 31st of every month is after all of its days.
_LAST_DAY = "CASE length(date) WHEN 4 THEN date || '-12-31' WHEN 7 THEN date || '-31' ELSE date END"


def _last_day(date: str) -> str:
    return date + {4: "-12-31", 7: "-31"}.get(len(date), "")


def articles_of_texts(
    db: Connection, text_ids: Collection[int], filters: Filters | None = None
) -> dict[int, list[int]]:
    """Text ids with the articles that have them and pass the filters, the first ingested first."""
    condition, values = filter_condition(filters or Filters(), by_index=False)
    found: dict[int, list[int]] = {}
    for page in pages(text_ids):
        query = f"SELECT text_id, id FROM articles a WHERE text_id IN ({holes(page)}) AND {condition} ORDER BY id"
        for text_id, id_ in db.execute(query, [*page, *values]):
            found.setdefault(text_id, []).append(id_)
    return found


def outlets(db: Connection) -> list[str]:
    """Every outlet once, in order: from each the index is asked for the next, for DISTINCT would read it all.

    Each is held against an article that has it, because an index has no seals. Raises Altered.
    """
    rows = db.execute(
        "WITH RECURSIVE heard (outlet) AS (SELECT min(outlet) FROM articles UNION ALL"
        " SELECT (SELECT min(outlet) FROM articles a WHERE a.outlet > heard.outlet) FROM heard"
        " WHERE heard.outlet IS NOT NULL) SELECT outlet,"
        " (SELECT id FROM articles a WHERE a.outlet = heard.outlet) FROM heard WHERE outlet IS NOT NULL"
    )
    found = rows.fetchall()
    for outlet, id_ in found:
        seals.demand(db, "articles", [id_])
        if db.execute("SELECT outlet FROM articles NOT INDEXED WHERE id = ?", (id_,)).fetchone() != (outlet,):
            raise seals.Altered(f"the index of outlets names {outlet!r}, which no article has")
    return [outlet for outlet, _ in found]


def count(db: Connection, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


# passages


def get_passages(db: Connection, ids: Collection[int]) -> dict[int, Passage]:
    """The passages that still exist among `ids`."""
    found = {}
    for page in pages(ids):
        rows = db.execute(f'SELECT id, text_id, start, "end", script FROM passages WHERE id IN ({holes(page)})', page)
        found.update({row[0]: Passage(*row) for row in rows})
    return found


def present_passages(db: Connection, ids: Collection[int]) -> set[int]:
    """Those of the passages that still exist."""
    found: set[int] = set()
    for page in pages(ids):
        found.update(row[0] for row in db.execute(f"SELECT id FROM passages WHERE id IN ({holes(page)})", page))
    return found


def passages_of_text(db: Connection, text_id: int) -> list[Passage]:
    query = 'SELECT id, text_id, start, "end", script FROM passages WHERE text_id = ? ORDER BY start'
    rows = db.execute(query, (text_id,))
    return [Passage(*row) for row in rows]


def some_text(db: Connection) -> str | None:
    """The beginning of one of the texts."""
    row = db.execute("SELECT substr(text, 1, 200) FROM texts LIMIT 1").fetchone()
    return str(row[0]) if row else None


def text_of(db: Connection, text_id: int) -> str:
    """The text, held against its hash. Raises Altered."""
    return seals.demand_text(*db.execute("SELECT text, sha256 FROM texts WHERE id = ?", (text_id,)).fetchone())


def text_as_stored(db: Connection, text_id: int) -> str:
    """The text as it is, for what is derived from it and shown to nobody."""
    return str(db.execute("SELECT text FROM texts WHERE id = ?", (text_id,)).fetchone()[0])


def pages(ids: Collection[int]) -> Iterator[list[int]]:
    every = list(ids)
    return (every[start : start + _PAGE] for start in range(0, len(every), _PAGE))


def holes(page: Sequence[object]) -> str:
    return ",".join("?" * len(page))
