"""Every table and every derived file damaged in turn: named or harmless, and nothing wrong is answered in between."""

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import pytest

from shawahid.ingest.check import check
from shawahid.ingest.errors import LibraryDamaged, ShawahidError
from shawahid.ingest.indexes.view import words_folder
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest, rebuild
from shawahid.ingest.repair import repair
from shawahid.ingest.store import catalogue
from shawahid.ingest.types import LIBRARY_FILE

from ..conftest import DEMO
from .damage import seen, strike_damage

TABLES: Final = (
    "meta texts files articles passages embeddings quotes past corrections seals withdrawn bands handles unlinked jobs"
    " stories"
).split()
_CHANGES: Final = {
    "INTEGER": ("coalesce({0}, 0) + 1", "-{0}"),
    "BLOB": ("zeroblob(length({0}))", "CAST(substr({0}, 1, length({0}) - 1) AS BLOB)"),
    "TEXT": ("coalesce({0}, '') || 'x'", "substr({0}, 2)"),
    "ANY": ("{0} + 1",),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with a row in every table that keeps any, its index of words made in one piece."""
    folder = tmp_path_factory.mktemp("damage")
    shutil.copytree(DEMO, folder / "articles")
    with Library.open(folder / "library", create=True) as library:
        ingest(library, [folder / "articles"])
        changed = min((folder / "articles").rglob("*.txt"))
        changed.write_text(changed.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")
        ingest(library, [folder / "articles"])
        rebuild(library)
        assert check(library) == []
    return folder / "library"


@pytest.fixture(scope="module")
def expected(whole: Path) -> list[object]:
    return seen(whole)


def blows(db: sqlite3.Connection, table: str) -> Iterator[str]:
    """All rows gone, the last gone, and every column changed in each way that its type allows."""
    columns = db.execute(f"PRAGMA table_info({table})").fetchall()
    key = columns[0][1]
    yield f"DELETE FROM {table}"
    yield f"DELETE FROM {table} WHERE {key} = (SELECT max({key}) FROM {table})"
    for _, name, type_, *_ in columns:
        for change in _CHANGES[type_]:
            changed = change.format(f'"{name}"')
            yield f'UPDATE OR IGNORE {table} SET "{name}" = {changed}'


@pytest.mark.parametrize("table", TABLES)
def test_a_damaged_table_is_named_or_harmless(whole: Path, expected: list[object], tmp_path: Path, table: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(whole, copy)
    with closing(sqlite3.connect(whole / LIBRARY_FILE)) as db:
        struck = list(blows(db, table))
    for sql in random.Random(table).sample(struck[2:], min(3, len(struck) - 2)) + struck[:2]:
        for beside in copy.glob(f"{LIBRARY_FILE}-*"):
            beside.unlink()
        shutil.copyfile(whole / LIBRARY_FILE, copy / LIBRARY_FILE)
        with closing(sqlite3.connect(copy / LIBRARY_FILE)) as db, suppress(sqlite3.IntegrityError), db:
            db.execute(sql)
        try:
            assert seen(copy) == expected, sql
            continue
        except ShawahidError:
            pass
        try:
            with Library.open(copy) as library:
                assert check(library), sql
        except LibraryDamaged:  # so badly that it cannot be opened
            pass


def damaged(data: bytes) -> Iterator[bytes | None]:
    """A file's bytes in five ways, the first that it is gone."""
    chance = random.Random(len(data))
    flipped = bytearray(data or b"x")
    flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
    yield from (None, b"", data[: len(data) // 2], chance.randbytes(len(data)), bytes(flipped))


def test_damaged_indexes_are_named_or_harmless_and_made_anew_without_embedding(
    whole: Path, expected: list[object], tmp_path: Path
) -> None:
    with Library.open(whole) as library, library.view.database.reading() as db:
        words = words_folder(whole, int(catalogue.get_meta(db, "words") or 0))
        embedded = library.status().embedded
    for name in sorted(path.relative_to(whole) for path in words.iterdir() if path.suffix != ".lock"):
        repaired = False
        for number, bad in enumerate(damaged((whole / name).read_bytes())):
            copy = tmp_path / f"{name.name}{number}"
            shutil.copytree(whole, copy)
            (copy / name).unlink()
            if bad is not None:
                (copy / name).write_bytes(bad)
            try:
                assert seen(copy) == expected, f"{name} {number}"
            except ShawahidError:
                with Library.open(copy) as library:
                    assert check(library), f"{name} {number}"
                    if not repaired:
                        assert repair(library) == []
                        assert library.status().embedded == embedded
                assert repaired or seen(copy) == expected
                repaired = True
            shutil.rmtree(copy)


def test_what_is_gone_comes_back_from_the_sources(whole: Path, expected: list[object], tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(whole, copy)
    with closing(sqlite3.connect(copy / LIBRARY_FILE)) as db, db:
        db.execute("DELETE FROM articles WHERE id = 3")
        db.execute("DELETE FROM corrections")
    with pytest.raises(LibraryDamaged, match="articles: 13 rows where 14 were written"):
        seen(copy)
    with Library.open(copy) as library:
        assert any(problem.startswith("1 rows of articles are gone (3)") for problem in repair(library))
        ingest(library, [whole.parent / "articles"])
        assert len(library.articles()) == 14
        assert check(library) == []
        row = next(row for row in library.articles() if row.id > 14)
        assert row.source == expected_source(whole)


def expected_source(whole: Path) -> str:
    with Library.open(whole) as library:
        return library.article(3).source


def test_links_of_corrections_are_made_anew(whole: Path, expected: list[object], tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(whole, copy)
    with closing(sqlite3.connect(copy / LIBRARY_FILE)) as db, db:
        db.execute("DELETE FROM corrections")
    with pytest.raises(LibraryDamaged, match="corrections: 0 rows where 1 were written"):
        seen(copy)
    with Library.open(copy) as library:
        assert repair(library) == []
    assert seen(copy) == expected


def test_flipped_bits_of_the_truth_are_noticed_or_harmless(tmp_path: Path) -> None:
    assert [one.wrong for one in strike_damage(1, tmp_path, DEMO, flips=8) if one.wrong] == []


@pytest.mark.parametrize(
    "sql", ["DELETE FROM meta WHERE key = 'format'", "UPDATE meta SET value = '3' WHERE key = 'format'"]
)
def test_a_damaged_format_does_not_take_the_seals_off(whole: Path, tmp_path: Path, sql: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(whole, copy)
    with closing(sqlite3.connect(copy / LIBRARY_FILE)) as db, db:
        db.execute(sql)
    with pytest.raises(LibraryDamaged, match="its format is"):
        Library.open(copy)
