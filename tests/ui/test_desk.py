"""The desk of a serving process: uploads, edits, removals in one thread, beside embedding and beside other writers."""

import io
import json
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.settings import Settings
from shawahid.ingest import uploads
from shawahid.ingest.check import check
from shawahid.ingest.errors import ArticleUnknown, LibraryBusy, MetadataInvalid, UploadTooLarge
from shawahid.ingest.files.sources import SUFFIXES
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest, remove
from shawahid.ingest.writer import writing
from shawahid.ui.desk import DEMO, Desk, DeskClosed
from shawahid.ui.jobs import JobStatus

from ..conftest import REPOSITORY, Write
from ..doubles.waiting import eventually

FERRY = "The ferry of Nawras can carry 240 passengers since the spring. It leaves from the new pier every morning."
HOTEL = "تنفي بلدية النورس بيع الفندق القديم. وقال رئيس البلدية إن الفندق سيبقى ملكا للمدينة."


def after(desk: Desk, job: str, *states: str) -> JobStatus:
    """The job's status, once it is in one of the states, or has ended."""

    def reached() -> JobStatus | None:
        status = desk.job(job)
        return status if status and status.state in {*states, "done", "failed"} else None

    status = eventually(reached, timeout=60)
    assert status is not None
    return status


def names(library: Library) -> list[str]:
    return [row.name for row in library.articles()]


def uploaded(library: Library) -> list[str]:
    folder = uploads.uploads_folder(library)
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.fixture
def desk(library: Library) -> Iterator[Desk]:
    with Desk(library, patience=0.3) as opened:
        yield opened


def much_text(articles: int) -> bytes:
    """Articles that take a second each to embed."""
    return "\n".join(
        json.dumps({"title": f"Pier {n}", "text": " ".join(f"Pier {n}-{m} of Nawras closes again." for m in range(80))})
        for n in range(articles)
    ).encode()


# uploads


def test_what_can_be_read_is_askable_at_once_and_the_rest_is_told(library: Library, desk: Desk, tmp_path: Path) -> None:
    on_disk = tmp_path / "elsewhere"
    on_disk.write_text(HOTEL, encoding="utf-8")
    job = desk.upload([("ferry.txt", FERRY.encode()), ("broken.pdf", b"%PDF-1.4 and no more"), ("فندق.md", on_disk)])
    status = after(desk, job, "embedding")
    assert [(file.name, file.outcome, file.articles) for file in status.files] == [
        ("ferry.txt", "added", 1),
        ("broken.pdf", "failed", 0),
        ("فندق.md", "added", 1),
    ]
    assert "damaged" in (status.files[1].reason or "")
    answer = Assistant(library, Settings(library.folder)).ask("How many passengers can the ferry carry?")
    assert "240" in answer.citations[0].quote
    assert uploaded(library) == ["ferry.txt", "فندق.md"]  # nothing came from the broken one
    status = after(desk, job)
    assert (status.state, status.embedded, status.to_embed, status.problem) == ("done", 2, 2, None)
    assert desk.embedding() == (2, 2)
    eventually(lambda: library.status().indexed == 2, timeout=60)
    assert check(library) == []


def test_the_demo_and_the_order_of_jobs(library: Library, desk: Desk) -> None:
    first, second = desk.ingest_demo(), desk.upload([("ferry.txt", FERRY.encode())])
    after(desk, second)
    assert [job.id for job in desk.jobs()] == [second, first]
    demo = after(desk, first)
    assert demo.report is not None
    assert (demo.state, {file.outcome for file in demo.files}) == ("done", {"added"})
    assert sum(file.articles for file in demo.files) == len(demo.report.added) == library.status().articles - 1
    again = after(desk, desk.ingest_demo())
    assert ({file.outcome for file in again.files}, again.to_embed) == ({"unchanged"}, 0)
    assert desk.job("unheard of") is None
    assert len(list(DEMO.iterdir())) >= 12


def test_names_lead_nowhere_else(library: Library, desk: Desk, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*.txt"))
    given = ["../../x.txt", "/etc/y.txt", "C:\\z\\z.txt", "a\x00\nb\u202e.txt", ".hidden.txt", f"{'ن' * 300}.txt"]
    status = after(desk, desk.upload([(name, f"{FERRY} {place}".encode()) for place, name in enumerate(given)]))
    assert {file.outcome for file in status.files} == {"added"}
    assert uploaded(library) == sorted(["x.txt", "y.txt", "z.txt", "ab.txt", "hidden.txt", f"{'ن' * 90}.txt"])
    new = [path for path in sorted(tmp_path.rglob("*.txt")) if path not in before]
    assert {path.parent for path in new if path.name != "writer.txt"} == {library.folder / "uploads"}


def test_a_name_that_is_taken_and_the_same_file_again(library: Library, desk: Desk) -> None:
    for text, kept, outcome in (
        (FERRY, ["a.txt"], "added"),
        (HOTEL, ["a (2).txt", "a.txt"], "added"),
        (FERRY, ["a (2).txt", "a.txt"], "unchanged"),
        (HOTEL, ["a (2).txt", "a.txt"], "unchanged"),
    ):
        status = after(desk, desk.upload([("a.txt", text.encode())]))
        assert (status.files[0].outcome, uploaded(library)) == (outcome, kept)
    assert names(library) == ["a.txt", "a (2).txt"]


def test_what_is_refused_is_not_kept(library: Library, desk: Desk) -> None:
    large = b"a" * (uploads.MAX_BYTES + 1)
    status = after(
        desk,
        desk.upload([("a.exe", b"MZ"), ("", b""), ("..", b""), ("large.txt", large), ("a.meta.json", b"{}")]),
    )
    assert (status.state, {file.outcome for file in status.files}) == ("failed", {"failed"})
    assert status.files[0].reason == f"files of the kind .exe cannot be read: use {', '.join(SUFFIXES)}"
    assert isinstance(status.files[3].problem, UploadTooLarge)
    assert "51 MB" in (status.files[3].reason or "")
    assert "metadata file" in (status.files[4].reason or "")
    assert uploaded(library) == []


def test_an_archive_tells_what_in_it_failed(library: Library, desk: Desk) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("in/ferry.txt", FERRY)
        archive.writestr("in/empty.txt", "")
    records = [{"text": HOTEL}, {"title": "no text"}, {"text": FERRY + " Again."}]
    lines = "\n".join(json.dumps(record) for record in records).encode()
    status = after(desk, desk.upload([("press.zip", packed.getvalue()), ("press.jsonl", lines), ("none.jsonl", b"\n")]))
    assert [(file.outcome, file.articles) for file in status.files] == [("added", 1), ("added", 2), ("failed", 0)]
    assert (status.files[0].reason or "").startswith("in/empty.txt: the file is empty")
    assert (status.files[1].reason or "").startswith("2: ")
    assert uploaded(library) == ["press.jsonl", "press.zip"]


# edits and removals


def test_an_edit_gets_its_turn_while_embedding_runs(library: Library, desk: Desk) -> None:
    job = desk.upload([("many.jsonl", much_text(4))])
    status = after(desk, job, "embedding")
    assert status.state == "embedding"
    eventually(lambda: desk.embedding()[0] > 0, timeout=60)
    start = time.monotonic()
    known = desk.edit(1, {"title": " The first pier ", "date": "2019-04"})
    print(f"an edit beside embedding: {time.monotonic() - start:.2f} s")
    assert (known.title, known.date) == ("The first pier", "2019-04")
    desk.remove([2, 2, 999, 2**70])
    embedded, every = desk.embedding()
    assert embedded < every  # it was not waited for
    assert [row.id for row in library.browse("pier", limit=2).rows] == [1, 3]
    status = after(desk, job)
    assert (status.state, status.embedded) == ("done", status.to_embed)
    eventually(lambda: library.status().indexed == status.to_embed, timeout=60)
    assert check(library) == []


def test_an_edit_gets_its_turn_while_a_large_file_is_read(library: Library, desk: Desk) -> None:
    lines = "\n".join(json.dumps({"text": f"{FERRY} {n} {n * 7}"}) for n in range(4_000)).encode()
    job = desk.upload([("many.jsonl", lines)])
    eventually(lambda: library.status().articles > 0, timeout=60)
    assert desk.edit(1, {"title": "Edited meanwhile"}).title == "Edited meanwhile"
    status = desk.job(job)
    assert status is not None
    assert status.state == "reading"
    assert status.report is not None
    assert 0 < status.files[0].articles < 4_000
    desk.close()
    status = desk.job(job)
    assert status is not None
    assert (status.state, status.problem) == ("waiting", None)  # for the next desk
    with writing(library):  # the lock is free
        pass
    report = ingest(library, [library.folder / "uploads"], embed=False)
    assert len(report.added) + len(report.unchanged) == 4_000
    assert library.article(1).metadata.title == "Edited meanwhile"


def test_what_cannot_be_edited_is_said(library: Library, desk: Desk) -> None:
    after(desk, desk.upload([("ferry.txt", FERRY.encode())]))
    for changes in ({"date": "4/5/2019"}, {"colour": "blue"}, {"title": "\ud800"}):
        with pytest.raises(MetadataInvalid):
            desk.edit(1, changes)
    for article in (7, 2**70):
        with pytest.raises(ArticleUnknown):
            desk.edit(article, {"title": "x"})
    assert library.article(1).metadata.title is None


def test_an_uploaded_file_goes_with_its_last_article(library: Library, desk: Desk, write: Write) -> None:
    lines = "\n".join(json.dumps({"text": text}) for text in (FERRY, HOTEL)).encode()
    own = write("own.txt", "The user's own file, which is nobody else's to delete.")
    ingest(library, [own], embed=False)
    after(desk, desk.upload([("two.jsonl", lines), ("ferry.txt", FERRY.encode())]))
    assert names(library) == ["own.txt", "two.jsonl#1", "two.jsonl#2", "ferry.txt"]
    desk.remove([1, 2, 4])
    assert (uploaded(library), own.exists()) == (["two.jsonl"], True)
    desk.close()
    remove(library, [3])
    assert uploaded(library) == []
    assert ingest(library, [library.folder / "uploads"]).added == ()


# other processes


_HOLD = """
import sys
from shawahid.ingest.library import Library
from shawahid.ingest.writer import writing
with Library.open(sys.argv[1]) as library, writing(library):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held_elsewhere(library: Library) -> Iterator[None]:
    """Another process writes."""
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(library.folder)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    try:
        yield
    finally:
        holder.communicate("")


def test_another_process_writes(library: Library, desk: Desk) -> None:
    after(desk, desk.upload([("ferry.txt", FERRY.encode())]))
    eventually(lambda: library.status().indexed == 1, timeout=60)
    with held_elsewhere(library):
        start = time.monotonic()
        with pytest.raises(LibraryBusy):
            desk.edit(1, {"title": "x"})
        with pytest.raises(LibraryBusy):
            desk.remove([1])
        job = desk.upload([("hotel.txt", HOTEL.encode())])
        status = after(desk, job)
        assert time.monotonic() - start < 15
        assert isinstance(status.problem, LibraryBusy)
        assert (status.state, uploaded(library)) == ("failed", ["ferry.txt", "hotel.txt"])
        assert (status.files[0].reason or "").startswith("it is kept, but was not read: ")
    assert after(desk, desk.upload([("hotel.txt", HOTEL.encode())])).state == "done"
    assert desk.edit(1, {"title": "x"}).title == "x"


def test_embedding_that_was_broken_off_is_taken_up_when_the_desk_opens(library: Library, write: Write) -> None:
    ingest(library, [write("many.jsonl", much_text(3))], embed=False)
    with held_elsewhere(library), Desk(library) as early:
        time.sleep(0.5)
        assert early.embedding()[0] == 0  # it waits until the other has ended, quietly
    with Desk(library) as desk:
        eventually(lambda: desk.embedding()[0] > 0, timeout=60)
    embedded, every = library.status().embedded, library.status().passages
    assert 0 < embedded < every  # closed in the middle
    with Desk(library) as desk:
        eventually(lambda: library.status().indexed == every, timeout=60)
        assert desk.jobs() == []
    assert check(library) == []


def test_a_closed_desk_takes_nothing(library: Library) -> None:
    desk = Desk(library)
    desk.close()
    desk.close()
    for ask in (lambda: desk.upload([("a.txt", FERRY.encode())]), desk.ingest_demo, lambda: desk.remove([1])):
        with pytest.raises(DeskClosed):
            ask()
    assert uploaded(library) == []


def test_only_the_last_jobs_are_kept(library: Library) -> None:
    with Desk(library, kept_jobs=3) as desk:
        ids = [desk.upload([("a.exe", b"")]) for _ in range(5)]
        assert [job.id for job in desk.jobs()] == ids[:1:-1]
