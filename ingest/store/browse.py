"""Looking through a library by what its articles are called: by title, outlet, author, file name and date.

Words are compared folded (words.py), as parts of what is written, so that "نورس" finds "النورس". The folded lines of
all articles are kept in memory and asked for again only when somebody, here or in another process, has committed
something; then only what is written otherwise is folded anew.
"""

import re
from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

from shawahid.ingest.text.words import fold, stem, words
from shawahid.ingest.types import ArticleRow, Sorting

from . import seals
from .catalogue import held_metadata, holes, pages
from .database import Connection

_AROUND = re.compile(r"^\W+|(?<!\W)\W++$")
_BETWEEN = "\0"


def held(name: str) -> str:
    """SQL for a value of an article's metadata: what was set by hand, else what the source gave."""
    return f"coalesce(json_extract(edited, '$.{name}'), json_extract(given, '$.{name}'))"


class _Line(NamedTuple):
    id: int
    text_id: int
    outlet: str | None
    date: str | None
    folded: str  # the title (else the file's name), the outlet, then the rest


class Browser:
    """Finds articles for one thread at a time."""

    def __init__(self) -> None:
        self._version = -1
        self._lines: list[_Line] = []
        self._folded: dict[str, str] = {}
        self._lengths: dict[int, int] = {}

    def find(
        self,
        db: Connection,
        version: int,
        search: str,
        sort: Sorting,
        descending: bool,
        outlet: str | None,
        unembedded: bool,
    ) -> list[int]:
        """The articles in which every word of `search` stands, in order; what has no date or outlet comes last.

        `version` is another number whenever something may have changed. `outlet` is taken as it is written; an empty
        one means articles without one. `unembedded` leaves those with a passage that has no vector yet.
        """
        if version != self._version:
            self._read(db)
            self._version = version
        wanted = [word for written in fold(search).split() if (word := _AROUND.sub("", written))]
        found = [line for line in self._lines if all(word in line.folded for word in wanted)]
        if outlet is not None:
            found = [line for line in found if (line.outlet or "") == outlet]
        if unembedded:
            waiting = _unembedded_texts(db)
            found = [line for line in found if line.text_id in waiting]
        return [line.id for line in _sorted(found, self._key(db, sort), descending)]

    def titled(self, db: Connection, version: int, stems: Collection[str]) -> set[int]:
        """The articles in whose title, or file's name where they have none, a word with one of these stems stands."""
        if version != self._version:
            self._read(db)
            self._version = version
        titles = ((line.id, line.folded.split(_BETWEEN, 1)[0]) for line in self._lines)
        near = ((id_, title) for id_, title in titles if any(wanted in title for wanted in stems))
        return {id_ for id_, title in near if not {stem(word) for word in words(title)}.isdisjoint(stems)}

    def _read(self, db: Connection) -> None:
        rows = db.execute(
            f"SELECT id, text_id, outlet, date, name, {held('title')}, {held('author')} FROM articles ORDER BY id"
        )
        folded: dict[str, str] = {}
        lines: list[_Line] = []
        for id_, text_id, outlet, date, name, title, author in rows:
            written = _BETWEEN.join((title or name, outlet or "", author or "", name, date or ""))
            if written not in folded:
                folded[written] = self._folded.get(written) or fold(written)
            lines.append(_Line(id_, text_id, outlet, date, folded[written]))
        self._lines, self._folded = lines, folded

    def _key(self, db: Connection, sort: Sorting) -> Callable[[_Line], Any]:
        """What a line is sorted by; None stands last."""
        if sort == "length":
            # A text never changes, and a number is never used twice: only younger ones are asked for.
            last = max(self._lengths, default=0)
            self._lengths.update(db.execute("SELECT id, characters FROM texts WHERE id > ?", (last,)).fetchall())
        keys: dict[Sorting, Callable[[_Line], Any]] = {
            "added": lambda line: line.id,
            "title": lambda line: line.folded.split(_BETWEEN, 1)[0],
            "outlet": lambda line: line.folded.split(_BETWEEN, 2)[1] or None,
            "date": lambda line: line.date,
            "length": lambda line: self._lengths[line.text_id],
        }
        return keys[sort]


def _sorted(lines: Sequence[_Line], key: Callable[[_Line], Any], descending: bool) -> list[_Line]:
    known = [line for line in lines if key(line) is not None]
    unknown = [line for line in lines if key(line) is None]
    return sorted(known, key=key, reverse=descending) + unknown


def _unembedded_texts(db: Connection) -> set[int]:
    rows = db.execute("SELECT DISTINCT text_id FROM passages WHERE id NOT IN (SELECT passage_id FROM embeddings)")
    return {row[0] for row in rows}


# the rows of a listing

_ROW = (
    "SELECT a.id, a.text_id, a.source, a.name, a.given, a.edited, t.characters,"
    " (SELECT count(*) FROM passages p WHERE p.text_id = t.id),"
    " (SELECT count(*) FROM passages p JOIN embeddings e ON e.passage_id = p.id WHERE p.text_id = t.id),"
    " (SELECT min(b.id) FROM articles b WHERE b.text_id = a.text_id), t.copy_group"
    " FROM articles a JOIN texts t ON t.id = a.text_id"
)


def list_articles(db: Connection, limit: int = -1, offset: int = 0) -> list[ArticleRow]:
    return _rows(db, db.execute(f"{_ROW} ORDER BY a.id LIMIT ? OFFSET ?", (limit, offset)).fetchall())


def rows_of_articles(db: Connection, ids: Collection[int]) -> list[ArticleRow]:
    """The rows of those of the articles that exist, in the order of `ids`."""
    listed = [row for page in pages(ids) for row in db.execute(f"{_ROW} WHERE a.id IN ({holes(page)})", page)]
    found = {row.id: row for row in _rows(db, listed)}
    return [found[id_] for id_ in ids if id_ in found]


def _rows(db: Connection, listed: Sequence[Sequence[Any]]) -> list[ArticleRow]:
    seals.demand(db, "articles", [row[0] for row in listed])
    alike = _articles_in_groups(db, {row[10] for row in listed})
    return [
        ArticleRow(
            id=row[0],
            text_id=row[1],
            source=row[2],
            name=row[3],
            metadata=held_metadata(row[4], row[5]),
            characters=row[6],
            passages=row[7],
            embedded=row[8],
            copy_of=row[9] if row[9] != row[0] else None,
            copies=alike.get(row[10], 1) - 1,
        )
        for row in listed
    ]


def _articles_in_groups(db: Connection, groups: Collection[int | None]) -> dict[int | None, int]:
    """How many articles there are in each group of near copies; a text that was not looked at yet has no group."""
    counted: dict[int | None, int] = {}
    for page in pages([group for group in groups if group is not None]):
        query = (
            "SELECT t.copy_group, count(*) FROM texts t JOIN articles a ON a.text_id = t.id"
            f" WHERE t.copy_group IN ({holes(page)}) GROUP BY t.copy_group"
        )
        counted.update(db.execute(query, page).fetchall())
    return counted
