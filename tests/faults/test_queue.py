"""A queue that lasts: what was accepted outlives a kill, is bounded, and comes to disk in pieces."""

import asyncio
import json
import random
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from shawahid.assistant.settings import Settings
from shawahid.ingest import uploads
from shawahid.ingest.errors import ReaderFailed, UploadTooLarge
from shawahid.ingest.library import Library
from shawahid.ingest.types import LIBRARY_FILE
from shawahid.ui.desk import Desk, UploadsBusy
from shawahid.ui.jobs import JobStatus

from ..doubles.http_serving import Served, serving
from ..doubles.uploading import keep
from ..doubles.waiting import eventually
from .serving import round_of, world

FERRY = "The ferry of Nawras can carry 240 passengers since the spring. It leaves from the new pier every morning."


def uploaded(library: Library) -> list[str]:
    folder = uploads.uploads_folder(library)
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def read(desk: Desk, job: str) -> JobStatus:
    def ended() -> JobStatus | None:
        status = desk.job(job)
        return status if status and status.state not in ("waiting", "reading") else None

    status = eventually(ended, timeout=60)
    assert status
    return status


# kills and restarts


def test_a_server_that_is_killed_or_stopped_goes_on_with_its_queue(tmp_path: Path) -> None:
    with world(tmp_path / "library") as served:
        chance = random.Random(1)
        assert round_of(served, chance, "kill", 60).wrong == ()
        assert round_of(served, chance, "stop", 40).wrong == ()
        assert served.wrong == []
        assert len(served.jobs) > 30


def test_a_desk_that_is_closed_leaves_the_rest_to_the_next(library: Library) -> None:
    lines = "\n".join(json.dumps({"text": f"{FERRY} {n} {n * 7}"}) for n in range(1_500)).encode()
    with Desk(library) as desk:
        large = desk.upload([("many.jsonl", lines), ("a.exe", b"MZ")])
        small = desk.upload([("ferry.txt", FERRY.encode())])
        eventually(lambda: library.status().articles > 0, timeout=60)
    assert library.status().articles < 1_500
    with Desk(library) as desk:
        assert [job.id for job in desk.jobs()] == [small, large]
        first, second = read(desk, large), read(desk, small)
        assert [(file.name, file.outcome, file.articles) for file in (*first.files, *second.files)] == [
            ("many.jsonl", "added", 1_500),
            ("a.exe", "failed", 0),
            ("ferry.txt", "added", 1),
        ]
        assert first.to_embed >= 1_500
        assert library.status().articles == 1_501


def test_what_became_of_a_job_is_told_in_both_languages_after_a_restart(library: Library) -> None:
    large = b"a" * (uploads.MAX_BYTES + 1)
    with Desk(library) as desk:
        job = desk.upload([("large.txt", large), ("ferry.txt", FERRY.encode()), ("broken.pdf", b"%PDF-1.4")])
        before = read(desk, job)
    with Desk(library) as desk:
        after = desk.job(job)
        assert after
        assert [(file.name, file.outcome, file.reason) for file in after.files] == [
            (file.name, file.outcome, file.reason) for file in before.files
        ]
        assert isinstance(after.files[0].problem, UploadTooLarge)
        assert after.files[0].problem.details["size"] == "51"


def test_files_that_an_older_server_left_are_taken_in(library: Library) -> None:
    folder = uploads.uploads_folder(library)
    folder.mkdir()
    (folder / "ferry.txt").write_text(FERRY)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4")
    (folder / ".0011223344556677.part").write_bytes(b"half")
    with Desk(library) as desk:
        (job,) = desk.jobs()
        status = read(desk, job.id)
        assert [(file.name, file.outcome) for file in status.files] == [
            ("broken.pdf", "failed"),
            ("ferry.txt", "added"),
        ]
        eventually(lambda: uploaded(library) == ["ferry.txt"])
    with Desk(library) as desk:
        assert [one.id for one in desk.jobs()] == [job.id]


def test_a_job_that_ends_the_program_each_time_is_given_up(library: Library) -> None:
    with Desk(library) as desk:
        job = desk.upload([("ferry.txt", FERRY.encode())])
        read(desk, job)
    (noted,) = uploads.noted_jobs(library)
    note = json.loads(noted) | {"stage": "reading", "tries": 5}
    note["files"][0]["outcome"] = None
    uploads.note_job(library, job, json.dumps(note), note["places"], waits=True)
    with Desk(library) as desk:
        status = desk.job(job)
        assert status
        assert (status.state, type(status.files[0].problem)) == ("failed", ReaderFailed)


def test_a_library_of_format_3_gets_the_queue(demo_copy: Path) -> None:
    with sqlite3.connect(demo_copy / LIBRARY_FILE) as db:
        db.executescript(
            "DROP TABLE jobs; DROP TABLE seals; DROP TABLE stories; UPDATE meta SET value = '3' WHERE key = 'format'"
        )
    db.close()
    with Library.open(demo_copy) as library, Desk(library) as desk:
        assert read(desk, desk.upload([("ferry.txt", FERRY.encode())])).files[0].outcome == "added"
        assert library.status().articles == 15


# what is refused


def test_a_file_is_not_taken_away_while_a_job_waits_for_it(library: Library) -> None:
    place = keep(library, "ferry.txt", FERRY.encode())
    uploads.note_job(library, "one", "{}", [str(place)], waits=True)
    uploads.drop_unused(library, [str(place)])
    assert uploaded(library) == ["ferry.txt"]
    uploads.note_job(library, "one", "{}", [str(place)], waits=False)
    uploads.drop_unused(library, [str(place)])
    assert uploaded(library) == []


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server whose queue is full with the first file."""
    folder = tmp_path_factory.mktemp("full") / "library"
    Library.open(folder, create=True).close()
    with serving(Settings(folder), most_files=0) as served:
        yield served


def test_a_full_queue_says_busy_and_when_to_come_back(full: Served) -> None:
    files = [("files", ("ferry.txt", FERRY.encode()))]
    answer = full.http.post("/api/ingest", files=files)
    assert (answer.status_code, answer.json()["error"], answer.headers["Retry-After"]) == (429, "uploads_busy", "30")
    answer = full.http.post("/uploads", params={"lang": "ar"}, files=files)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")
    assert "تنتظر القراءة" in answer.json()["problem"]
    assert full.http.post("/uploads/demo").status_code == 429
    assert uploaded(full.library) == []
    assert full.http.get("/api/jobs").json() == {"jobs": []}


def test_bytes_that_come_count_against_the_room(library: Library) -> None:
    with Desk(library, most_bytes=100_000) as desk:
        with pytest.raises(UploadsBusy):
            desk.upload([("a.txt", b"a" * 60_000), ("b.txt", b"b" * 60_000)])
        assert uploaded(library) == []
        assert read(desk, desk.upload([("ferry.txt", FERRY.encode())])).state != "failed"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("queue") / "library"
    Library.open(folder, create=True).close()
    with serving(Settings(folder)) as opened:
        yield opened


FORM = {"Content-Type": "multipart/form-data; boundary=x"}
PART = b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\nwords\r\n'


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (422, {}, b""),
        (422, {"Content-Type": "application/json"}, b"{}"),
        (422, FORM, PART % (b"files", b"") + b"--x--\r\n"),
        (422, FORM, PART % (b"other", b'; filename="a.txt"') + b"--x--\r\n"),
        (422, FORM, (PART % (b"files", b'; filename="a.txt"')) * 1001 + b"--x--\r\n"),
        (400, {"Content-Type": "multipart/form-data"}, b"--x--\r\n"),
        (400, FORM, b"no form at all"),
        (400, FORM, PART % (b"files", b'; filename="a.txt"')),
        (400, FORM, PART % (b"files", b'; filename="a.txt"') + b"--x\r\nContent"),
    ],
)
def test_a_form_that_cannot_be_taken_leaves_nothing(
    served: Served, status: int, headers: dict[str, str], body: bytes
) -> None:
    for path in ("/api/ingest", "/uploads"):
        assert served.http.post(path, headers=headers, content=body).status_code == status
    assert uploaded(served.library) == []


def test_a_client_that_goes_away_leaves_nothing(served: Served) -> None:
    async def half() -> None:
        async def pieces() -> AsyncIterator[bytes]:
            yield PART % (b"files", b'; filename="a.txt"')
            yield b"--x"
            await asyncio.to_thread(eventually, lambda: uploaded(served.library), "nothing came")
            raise ConnectionAbortedError

        async with httpx.AsyncClient(base_url=served.address) as client:
            await client.post("/api/ingest", headers=FORM, content=pieces())

    with pytest.raises(ConnectionAbortedError):
        asyncio.run(half())
    eventually(lambda: not uploaded(served.library), "what came by half is still there")


def test_the_same_name_from_many_at_once(served: Served) -> None:
    async def send() -> list[httpx.Response]:
        async with httpx.AsyncClient(base_url=served.address, timeout=60) as client:
            contents = [f"{FERRY} {number % 4}".encode() for number in range(12)]
            posts = [client.post("/api/ingest", files=[("files", ("same.txt", content))]) for content in contents]
            return list(await asyncio.gather(*posts))

    jobs = [answer.json()["id"] for answer in asyncio.run(send())]

    def states() -> list[str]:
        return [served.http.get(f"/api/jobs/{job}").json()["state"] for job in jobs]

    eventually(lambda: not {"waiting", "reading"} & set(states()), timeout=60)
    assert "failed" not in states()
    assert uploaded(served.library) == ["same (2).txt", "same (3).txt", "same (4).txt", "same.txt"]
    assert served.http.get("/api/articles").json()["total"] == 4
