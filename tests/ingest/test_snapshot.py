"""A published snapshot: whole or refused, read only, and swapped for a newer one under those who ask it."""

import json
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from shawahid.assistant.assistant import Assistant
from shawahid.ingest.check import check
from shawahid.ingest.errors import (
    EmbedderMismatch,
    LibraryBusy,
    LibraryError,
    LibraryReadOnly,
    LibraryUnwritable,
    SnapshotInvalid,
)
from shawahid.ingest.indexes import view
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest, prune, rebuild, remove
from shawahid.ingest.publish import publish
from shawahid.ingest.snapshot import MANIFEST, POINTER
from shawahid.ingest.writer import writing
from shawahid.ui.desk import Desk

from ..conftest import DEMO, Run, Write
from ..doubles.uploading import keep
from ..doubles.waiting import eventually
from .test_vectors import agree, exactly, nearest

FERRY = "How many passengers can the ferry carry?"


@pytest.fixture
def published(demo_copy: Path, tmp_path: Path) -> Path:
    """Where the demo library is published."""
    with Library.open(demo_copy) as library:
        publish(library, tmp_path / "published")
    return tmp_path / "published"


def versions(place: Path) -> list[str]:
    return sorted(path.name for path in (place / "versions").iterdir())


def files(place: Path) -> dict[str, bytes]:
    return {str(path.relative_to(place)): path.read_bytes() for path in place.rglob("*") if path.is_file()}


def test_a_snapshot_answers_as_the_library_does(demo_copy: Path, published: Path) -> None:
    before = files(published)
    with Assistant.open(demo_copy) as library, Assistant.open(published) as copy:
        for question in (FERRY, "كم عدد الذين خرجوا إلى ساحة البلدية رفضا لنقل سوق السمك؟"):
            assert copy.ask(question) == library.ask(question)
        assert copy.library.status().published == "000001"
        assert library.library.status().published is None
        assert check(copy.library) == []
        assert copy.library.browse("ferry").total == library.library.browse("ferry").total > 0
    assert files(published) == before  # not a byte, not a file more


def test_a_large_snapshot_is_searched_through_its_generation(
    demo_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(view, "EXACT_LIMIT", 0)
    monkeypatch.setattr("shawahid.ingest.publish.EXACT_LIMIT", 0)
    with Library.open(demo_copy) as library:
        nearest(library, FERRY)  # it holds the generation open while that is copied
        publish(library, tmp_path / "copied")
        shutil.rmtree(demo_copy / "vectors")
        publish(library, tmp_path / "built")
    for place in (tmp_path / "copied", tmp_path / "built"):
        before = files(place)
        with Library.open_snapshot(place) as opened:
            assert agree(nearest(opened, FERRY), exactly(opened, FERRY))
            assert check(opened) == []
        assert files(place) == before
        assert any("chroma.sqlite3" in name for name in before)
    assert caplog.records == []  # no search had to do without


def test_a_changed_byte_is_seen(published: Path) -> None:
    names = [name for name in files(published / "versions" / "000001") if name != "words/1/.managed.json"]
    assert {MANIFEST, "library.sqlite"} <= set(names)
    for name in names:
        path = published / "versions" / "000001" / name
        whole = path.read_bytes()
        middle = len(whole) // 2
        path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
        with pytest.raises(SnapshotInvalid, match=path.name):
            Library.open(published)
        path.unlink()
        with pytest.raises(SnapshotInvalid, match=path.name):
            Library.open(published)
        path.write_bytes(whole)
    Library.open(published).close()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"version": "../../x", "manifest": ""}', '{"version": 1}'])
def test_a_pointer_that_names_nothing(published: Path, text: str) -> None:
    (published / POINTER).write_text(text)
    with pytest.raises(SnapshotInvalid, match=POINTER):
        Library.open(published)


def test_nothing_can_be_written(published: Path, tmp_path: Path) -> None:
    before = files(published)
    tries: list[Callable[[Library], object]] = [
        lambda library: ingest(library, [DEMO]),
        lambda library: remove(library, [1]),
        rebuild,
        prune,
        lambda library: publish(library, tmp_path / "again"),
        lambda library: keep(library, "a.txt", b"one"),
    ]
    with Library.open(published) as library:
        for number, write in enumerate(tries):
            with pytest.raises(LibraryReadOnly):
                write(library)
            assert files(published) == before, number
        with pytest.raises(LibraryUnwritable):
            library.view.database.writing().__enter__()
        with library.view.database.reading() as db, pytest.raises(sqlite3.OperationalError, match="readonly"):
            db.execute("DELETE FROM articles")
        with Desk(library) as desk, pytest.raises(LibraryReadOnly):
            desk.remove([1])
    assert files(published) == before
    with pytest.raises(EmbedderMismatch):
        Library.open(published, embedder="openai:other")


def test_the_last_versions_stay(demo_copy: Path, tmp_path: Path) -> None:
    place = tmp_path / "published"
    (place / "versions" / "000007.partial").mkdir(parents=True)  # of a killed one
    with Library.open(demo_copy) as library:
        made = [publish(library, place).version for _ in range(3)]
        assert made == ["000001", "000002", "000003"]
        assert versions(place) == ["000002", "000003"]
        publish(library, place, keep=3)
        assert versions(place) == ["000002", "000003", "000004"]
        with writing(library), pytest.raises(LibraryBusy):
            publish(library, place)
        with pytest.raises(LibraryUnwritable, match="a library itself"):
            publish(library, demo_copy)
    with Library.open(place) as opened:
        assert opened.published == "000004"
    with Library.open(demo_copy) as library:
        library.demand_writable()


def publish_with(folder: Path, place: Path, article: Path) -> None:
    with Library.open(folder) as library:
        ingest(library, [article])
        publish(library, place)


def wait_for(opened: Library, version: str) -> None:
    """Ask until a version is the one that is open."""
    eventually(lambda: opened.status().published == version, f"{version} is not gone over to")


def test_a_newer_version_is_gone_over_to_between_questions(demo_copy: Path, published: Path, write: Write) -> None:
    with Library.open(published) as opened:
        before = opened.status().articles
        assert opened.browse("new.txt").total == 0
        with opened.reading():
            publish_with(demo_copy, published, write("new.txt", "The harbour beacon of Nawras was lit again."))
            time.sleep(1.2)
            assert opened.status().articles == before  # this question stays with the version that it began with
            with Assistant(opened).library.reading():
                assert opened.status().articles == before
        assert opened.published == "000001"
        wait_for(opened, "000002")
        assert opened.status().articles == before + 1
        assert opened.browse("new.txt").total == 1
        assert "beacon" in Assistant(opened).ask("What was lit again in Nawras?").sentences[0].text


def test_no_question_fails_while_versions_change(demo_copy: Path, published: Path, write: Write) -> None:
    failures: list[BaseException] = []
    answers: set[str] = set()
    ended = threading.Event()

    def ask(assistant: Assistant) -> None:
        while not ended.is_set():
            try:
                answers.add(assistant.ask(FERRY).sentences[0].text)
            except BaseException as error:
                failures.append(error)
                return

    with Assistant.open(published) as assistant:
        threads = [threading.Thread(target=ask, args=(assistant,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for number in range(3):
            publish_with(demo_copy, published, write(f"{number}.txt", f"Notice {number} of the harbour office."))
            wait_for(assistant.library, f"00000{number + 2}")
        ended.set()
        for thread in threads:
            thread.join()
        assert assistant.library.status().articles == 17
    assert failures == []
    assert len(answers) == 1


def test_a_newer_version_that_is_damaged_is_not_gone_over_to(
    demo_copy: Path, published: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Library.open(published) as opened, Library.open(demo_copy) as library:
        publish(library, published)
        (published / "versions" / "000002" / "library.sqlite").write_bytes(b"nothing")
        eventually(lambda: opened.status() and caplog.records, "the damage is not told")
        assert "stays at version 000001" in caplog.text
        assert opened.status().published == "000001"
        (published / POINTER).unlink()
        time.sleep(1.1)
        assert opened.status().articles == 14
        publish(library, published)
        wait_for(opened, "000003")


def test_a_snapshot_knows_of_no_server(demo_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own vectors are searched, however the library it was made from goes on."""
    monkeypatch.setattr(view, "EXACT_LIMIT", 0)
    monkeypatch.setattr("shawahid.ingest.publish.EXACT_LIMIT", 0)
    from ..doubles.chroma_server import chroma_server

    with chroma_server(tmp_path / "chroma") as server, Library.open(demo_copy, chroma=server.address) as library:
        rebuild(library)
        publish(library, tmp_path / "published")
        remove(library, [row.id for row in library.articles()])
        with Library.open(tmp_path / "published", chroma=server.address) as opened:
            assert opened.server is None
            assert agree(nearest(opened, FERRY), exactly(opened, FERRY))


def test_published_by_the_command_line(demo_copy: Path, tmp_path: Path, shawahid: Run) -> None:
    place = tmp_path / "published"
    for _ in range(2):
        shawahid("--library", str(demo_copy), "publish", str(place), "--keep", "1")
    assert versions(place) == ["000002"]
    assert "published version 000002, read only" in shawahid("--library", str(place), "status").stdout
    assert json.loads(shawahid("--library", str(place), "status", "--json").stdout)["published"] == "000002"
    assert "220" in shawahid("--library", str(place), "ask", FERRY).stdout
    assert "All holds" in shawahid("--library", str(place), "check").stdout
    refused = shawahid("--library", str(place), "ingest", str(DEMO), check=1)
    assert "only read" in refused.stderr
    arabic = shawahid("--library", str(place), "remove", "1", check=1, LC_ALL="ar")
    assert "للقراءة فقط" in arabic.stderr
    assert issubclass(LibraryReadOnly, LibraryError)
