"""A serving process with a queue, struck in the middle: uploads and questions come in, it is killed or stopped, and
started again. What it answered 202 must be in the library once, or be reported."""

import contextlib
import hashlib
import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal

import httpx

from shawahid.ingest.check import check
from shawahid.ingest.library import Library

from ..doubles.browser import Server
from ..doubles.waiting import eventually
from .strike import Strike

_BROKEN: Final = b"%PDF-1.4 and no more"
_UPLOADERS: Final = 3
Blow = Literal["kill", "stop"]


class _Server(Server):
    subcommand = ("serve",)


@dataclass
class World:
    """A server in a process of its own, what was sent to it, and what it answered."""

    library: Path
    sent: dict[str, bytes] = field(default_factory=dict)
    jobs: dict[str, str] = field(default_factory=dict)  # the names of uploads that were answered 202, to their jobs
    refused: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server = _Server(self.library)
        self.http = httpx.Client(base_url=self.server.address, timeout=60)

    def end(self, blow: Blow) -> float:
        """Strike the server; returns how many seconds it went on."""
        began = time.monotonic()
        try:
            self.server.kill(signal.SIGKILL if blow == "kill" else signal.SIGTERM)
        except subprocess.TimeoutExpired as error:
            self.wrong.append(f"it did not end within {error.timeout:.0f} s of SIGTERM")
            self.server.kill()
        return time.monotonic() - began

    def upload(self, name: str, content: bytes) -> None:
        """Send a file, and note what is answered, if anything is."""
        self.sent[name] = content
        try:
            answer = self.http.post("/api/ingest", files=[("files", (name, content))])
        except httpx.HTTPError:
            return
        if answer.status_code == 202:
            self.jobs[name] = answer.json()["id"]
        else:
            self.refused[answer.status_code] += 1
            if answer.status_code not in (429, 503):
                self.wrong.append(f"{name} was answered {answer.status_code}: {answer.text[:200]}")

    def ask(self) -> None:
        with contextlib.suppress(httpx.TransportError):
            answer = self.http.post("/api/ask", json={"question": "How many days is pier 3 of Nawras closed?"})
            if answer.status_code not in (200, 429, 503):
                self.wrong.append(f"a question was answered {answer.status_code}: {answer.text[:200]}")

    def unread(self) -> int:
        """How many jobs still wait."""
        jobs = self.http.get("/api/jobs").json()["jobs"]
        return sum(job["state"] in ("waiting", "reading") for job in jobs)

    def judge(self, names: set[str]) -> None:
        """Wait until these uploads were read, and hold each against what the library has."""
        for name in sorted(names & set(self.jobs)):
            self._judge_job(name, eventually(partial(self._ended, name), f"{name} is never read", timeout=120))
        articles = self._articles()
        times = Counter(article["name"] for article in articles)
        self.wrong += [f"{name} is there {many} times" for name, many in times.items() if many > 1]
        for name in sorted(names & set(self.jobs)):
            if self.sent[name] != _BROKEN and not times[name]:
                self.wrong.append(f"{name} was accepted, and is lost")
        for article in articles:
            if article["name"] in names:
                sha256 = self.http.get(f"/api/articles/{article['id']}").json()["sha256"]
                if sha256 != hashlib.sha256(self.sent[article["name"]]).hexdigest():
                    self.wrong.append(f"{article['name']} has another text")

    def _ended(self, name: str) -> dict[str, Any]:
        """The job of an upload; nothing while it has not ended."""
        answer = self.http.get(f"/api/jobs/{self.jobs[name]}")
        if answer.status_code != 200:
            return {"files": [], "state": str(answer.status_code)}
        job: dict[str, Any] = answer.json()
        return {} if job["state"] in ("waiting", "reading") else job

    def _judge_job(self, name: str, job: dict[str, Any]) -> None:
        wanted = {"failed"} if self.sent[name] == _BROKEN else {"added", "unchanged"}
        if [file["name"] for file in job["files"]] != [name]:
            self.wrong.append(f"the job of {name} is {job}")
        elif job["files"][0]["outcome"] not in wanted:
            self.wrong.append(f"{name} came out as {job['files'][0]}")

    def _articles(self) -> list[dict[str, Any]]:
        articles: list[dict[str, Any]] = []
        while True:
            page = self.http.get("/api/articles", params={"limit": 500, "offset": len(articles)}).json()
            articles += page["articles"]
            if not page["articles"] or len(articles) >= page["total"]:
                return articles


@contextlib.contextmanager
def world(library: Path) -> Iterator[World]:
    """A server of the library that is not there yet."""
    made = World(library)
    made.server.start()
    try:
        yield made
    finally:
        made.http.close()
        made.server.kill()


def strike_serving(seed: int, folder: Path, *, seconds: float = 60.0, most: int = 10_000) -> list[Strike]:
    """Strike a server with a queue for so many seconds, or so many times; a row for each strike."""
    chance = random.Random(seed)
    struck: list[Strike] = []
    end = time.monotonic() + seconds
    with world(folder / "library") as served:
        while time.monotonic() < end and len(struck) < most:
            blow: Blow = chance.choice(("kill", "kill", "stop"))
            struck.append(round_of(served, chance, blow, chance.randint(20, 60)))
        served.end("stop")
        with Library.open(served.library) as library:
            problems = (*served.wrong, *check(library))
        struck.append(Strike("serve", "in the end", True, problems))
    return struck


def round_of(served: World, chance: random.Random, blow: Blow, files: int) -> Strike:
    """Send files from several clients at once, strike while some wait, start again, and judge."""
    first = len(served.sent)
    parcels = {f"{first + number:05}.{'pdf' if number % 9 == 8 else 'txt'}": number for number in range(files)}
    answered = len(served.jobs)
    with ThreadPoolExecutor(_UPLOADERS + 1) as senders:
        for name, number in parcels.items():
            senders.submit(served.upload, name, _content(name, number))
            if number % 20 == 10:
                senders.submit(served.ask)
        share = chance.uniform(0.2, 0.95)
        enough = threading.Event()
        while len(served.jobs) - answered < share * files and served.server.runs:
            enough.wait(0.005)
        unread = _unread_in(served)
        seconds = served.end(blow)
    served.server.start()
    before = len(served.wrong)
    served.judge(set(parcels))
    wrong = tuple(served.wrong[before:])
    del served.wrong[before:]
    if os.environ.get("SHAWAHID_TELL"):
        print(
            f"{blow}: {unread} unread, ended after {seconds:.1f} s, {len(served.jobs) - answered} of {files} accepted"
        )
    return Strike("serve", blow, unread > 0, wrong)


def _unread_in(served: World) -> int:
    with contextlib.suppress(httpx.HTTPError):
        return served.unread()
    return 0


def _content(name: str, number: int) -> bytes:
    if name.endswith(".pdf"):
        return _BROKEN
    return f"Pier {name} of Nawras is closed for {number + 2} days, the port authority said on Monday.".encode()
