"""Seals: what is changed behind the program's back is named, and nothing is answered from it."""

import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from shawahid.assistant.assistant import Assistant
from shawahid.ingest.check import check
from shawahid.ingest.errors import LibraryDamaged
from shawahid.ingest.indexes.view import words_folder
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest, remove
from shawahid.ingest.repair import repair
from shawahid.ingest.types import LIBRARY_FILE
from shawahid.ingest.writer import writing

from ..conftest import DEMO, REPOSITORY, Write

FERRY = "How many passengers can the ferry carry?"

DAMAGE = {
    "spans shifted": "UPDATE quotes SET spans = CAST(x'0100' || substr(spans, 3) AS BLOB)",
    "quotes deleted": "DELETE FROM quotes WHERE passage_id % 2",
    "vectors zeroed": "UPDATE embeddings SET vector = zeroblob(length(vector))",
    "vectors swapped": "UPDATE embeddings SET vector = (SELECT vector FROM embeddings WHERE passage_id = 1)",
    "outlet": "UPDATE articles SET given = json_set(given, '$.outlet', 'Another')",
    "date": "UPDATE articles SET date = '1999'",
    "edits": 'UPDATE articles SET edited = \'{"title": "Forged"}\'',
    "retraction": "INSERT INTO corrections VALUES (1, 2, 'retraction', 0, 5)",
    "passage": "UPDATE passages SET start = start + 1",
    "furniture": "UPDATE texts SET furniture = '[[0, 2]]'",
    "file": "UPDATE files SET sha256 = path",
    "embedder": "UPDATE meta SET value = 'other' WHERE key = 'embedder'",
    "group": "UPDATE texts SET copy_group = id WHERE copy_group <> id",
}


def strike(folder: Path, sql: str) -> None:
    with closing(sqlite3.connect(folder / LIBRARY_FILE)) as db, db:
        db.execute(sql)


@pytest.mark.parametrize("sql", DAMAGE.values(), ids=DAMAGE.keys())
def test_what_is_changed_behind_its_back_is_named(demo_copy: Path, sql: str) -> None:
    strike(demo_copy, sql)
    if "meta" in sql:
        with pytest.raises(LibraryDamaged, match="meta embedder: not as written"):
            Library.open(demo_copy)
        return
    with Library.open(demo_copy) as library:
        assert any("not as they were written" in problem for problem in check(library))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE texts SET text = replace(text, '220', '230')",
        "UPDATE articles SET given = json_set(given, '$.outlet', 'Another')",
        "UPDATE quotes SET spans = CAST(substr(spans, 1, length(spans) - 1) || x'01' AS BLOB)",
        'UPDATE passages SET "end" = "end" - 3',
    ],
)
def test_nothing_is_answered_from_damage(demo_copy: Path, sql: str) -> None:
    strike(demo_copy, sql)
    with Assistant.open(demo_copy) as assistant, pytest.raises(LibraryDamaged, match=r"not as written.*backup"):
        assistant.ask(FERRY)


def test_repair_makes_what_is_derived_anew_and_names_the_rest(demo_copy: Path) -> None:
    for path in words_folder(demo_copy, 1).iterdir():
        path.write_bytes(b"scribbled")
    strike(demo_copy, "UPDATE texts SET copy_group = 1")
    with Library.open(demo_copy) as library:
        assert len(check(library)) >= 2
        before = library.status().embedded
        assert repair(library) == []
        assert check(library) == []
        assert library.status().embedded == before
    strike(demo_copy, DAMAGE["outlet"])
    with Library.open(demo_copy) as library:
        (problem,) = repair(library)
    assert "rows of articles are not as they were written" in problem


def test_damage_gets_no_seal_by_writing_over_it_and_goes_with_its_article(demo_copy: Path, write: Write) -> None:
    strike(demo_copy, "UPDATE articles SET given = json_set(given, '$.outlet', 'Another') WHERE id = 1")
    strike(demo_copy, "UPDATE texts SET text = text || 'x' WHERE id = 2")
    with Library.open(demo_copy) as library:
        with writing(library) as writer, pytest.raises(LibraryDamaged):
            writer.edit(1, {"title": "New"})
        ingest(library, [write("a.txt", "The tram runs again.")])
        assert len(check(library)) >= 2
        remove(library, [1, 2])
        ingest(library, [DEMO])
        assert check(library) == []


@pytest.mark.parametrize("older", [1, 2, 3])
def test_a_library_that_an_older_version_made_is_read_upgraded_and_sealed(
    tmp_path: Path, write: Write, older: int
) -> None:
    with zipfile.ZipFile(REPOSITORY / f"tests/data/format-{older}.zip") as stored:
        stored.extractall(tmp_path / "older")
    before = (tmp_path / "older" / LIBRARY_FILE).read_bytes()
    if older > 2:  # what older ones lacked was embedded otherwise, so the first writer embeds them again
        with Assistant.open(tmp_path / "older") as assistant:
            assert "220 passengers" in assistant.ask(FERRY).citations[0].quote
            assert check(assistant.library) == []
        assert (tmp_path / "older" / LIBRARY_FILE).read_bytes() == before
    with Library.open(tmp_path / "older") as library:
        rows = library.articles()
        assert [row.name for row in rows] == ["ferry.txt", "sardines.txt"]
        ingest(library, [write("a.txt", "The tram runs again.")])
        assert [replace(row, embedded=1) for row in rows] == library.articles()[:2]
        assert library.status().embedded == library.status().passages
        assert check(library) == []
    with Assistant.open(tmp_path / "older") as assistant:
        assert "220 passengers" in assistant.ask(FERRY).citations[0].quote
        assert "45" in assistant.ask("كم بلغ سعر صندوق السردين؟").citations[0].quote
    strike(tmp_path / "older", DAMAGE["outlet"])
    with Library.open(tmp_path / "older") as library:
        assert check(library)
