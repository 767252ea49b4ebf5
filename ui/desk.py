"""The desk of a serving process: the one thread that writes to the library, so that nothing asked of it collides.

Edits and removals come first, then the reading of new files, then embedding, which is done in slices. Edits also get
their turn after each commit of a long reading. The library's lock is held only while something is written.
"""

import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

from shawahid.ingest import uploads
from shawahid.ingest.errors import LibraryBusy, ShawahidError
from shawahid.ingest.files.metadata import edited_metadata
from shawahid.ingest.files.sources import walk
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest
from shawahid.ingest.types import IngestReport, Metadata, SourceFile
from shawahid.ingest.writer import Writer, writing

DEMO = Path(__file__).parent / "demo"

State = Literal["waiting", "reading", "embedding", "done", "failed"]
Outcome = Literal["added", "unchanged", "changed", "failed"]

_BETWEEN_TRIES = 0.1
_SLICE = 2.0  # seconds of embedding
_LATER = 5.0  # seconds until embedding is tried again where another process writes
_MUCH_LATER = 30.0  # the same where it failed
_REASONS = 3  # told of one file

_T = TypeVar("_T")
_log = logging.getLogger("shawahid.desk")


class DeskClosed(ShawahidError):
    """The program is ending."""

    code = "desk_closed"
    template = "The program is being closed, so this was not done. Start it again, then try again."


@dataclass(frozen=True, slots=True)
class FileStatus:
    """What became of one file of a job; `outcome` is None until it was read.

    `articles` counts those that the library has from it; `reason` says in English why it, or some of what is in it,
    could not be taken in. `problem` is the same as an error that has a phrase in each language, where there is one.
    """

    name: str
    outcome: Outcome | None = None
    articles: int = 0
    reason: str | None = None
    problem: ShawahidError | None = None


@dataclass(frozen=True, slots=True)
class JobStatus:
    """How far a job has come: its files in the order in which they were given, and of the passages that it brought,
    how many have a vector. It can be asked about from "embedding" on, and what is committed even before."""

    id: str
    state: State
    report: IngestReport | None
    files: tuple[FileStatus, ...]
    embedded: int
    to_embed: int
    problem: ShawahidError | None


@dataclass(frozen=True, slots=True)
class _Job:
    """A job as the worker leaves it; `places` are its files on disk, "" where one was refused. The passages that it
    brought are those beyond `after` and up to `last`."""

    id: str
    paths: tuple[Path, ...]
    places: tuple[str, ...]
    files: tuple[FileStatus, ...]
    stage: Literal["waiting", "reading", "read", "failed"] = "waiting"
    report: IngestReport | None = None
    after: int = 0
    last: int = 0
    problem: ShawahidError | None = None


@dataclass(frozen=True, slots=True)
class _Task:
    """Something that somebody waits for."""

    work: Callable[[Writer], Any]
    future: Future[Any]


class _Closing(Exception):
    """Ends a reading after a commit."""


class Desk:
    """Writes to a library for any number of threads. Close it before the library, or use it in a `with` statement.

    What an earlier process left without vectors is embedded from the beginning. Of the jobs that have ended, it
    remembers the last `kept_jobs`. Another process has `patience` seconds to end its writing.
    """

    def __init__(self, library: Library, *, kept_jobs: int = 100, patience: float = 3.0) -> None:
        self.library = library
        self._patience = patience
        self._kept_jobs = kept_jobs
        self._woken = threading.Condition()
        self._tasks: deque[_Task] = deque()
        self._waiting: deque[str] = deque()
        self._jobs: dict[str, _Job] = {}
        self._closing = threading.Event()
        self._embed_at: float | None = 0.0 if library.published is None else None
        self._unbuilt = False
        self._embedding_problem: ShawahidError | None = None
        self._worker = threading.Thread(target=self._work, name="desk", daemon=True)
        self._worker.start()

    def __enter__(self) -> "Desk":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End after the slice or the commit that is under way. What still waits for an edit gets DeskClosed."""
        with self._woken:
            self._closing.set()
            self._woken.notify_all()
        self._worker.join()

    # jobs

    def upload(self, files: Sequence[tuple[str, bytes | Path]]) -> str:
        """Keep files, by their names and bytes or where these are, and have them taken in; returns the job's id.

        A file that cannot be taken is told in the job, and the others go on.
        """
        self._demand_open()
        kept = [self._keep(name, content) for name, content in files]
        places = tuple(str(path) if path else "" for path, _ in kept)
        return self._begin(tuple(path for path, _ in kept if path), places, tuple(status for _, status in kept))

    def ingest_demo(self) -> str:
        """Have the demo articles taken in; returns the job's id."""
        files = [file for file in walk(DEMO) if isinstance(file, SourceFile)]
        places = tuple(file.source for file in files)
        return self._begin((DEMO,), places, tuple(FileStatus(file.name) for file in files))

    def job(self, id_: str) -> JobStatus | None:
        """How far a job has come; None where there is none with this id, or not any more."""
        job = self._jobs.get(id_)
        return self._status(job) if job else None

    def jobs(self) -> list[JobStatus]:
        """The last jobs, the newest first."""
        with self._woken:
            jobs = list(self._jobs.values())
        return [self._status(job) for job in reversed(jobs)]

    def embedding(self) -> tuple[int, int]:
        """How many passages of the library have a vector, and how many there are."""
        return self.library.count_embedded()

    def _keep(self, name: str, content: bytes | Path) -> tuple[Path | None, FileStatus]:
        shown = uploads.clean_name(name) or "?"
        try:
            return uploads.keep(self.library, name, content), FileStatus(shown)
        except ShawahidError as error:
            return None, FileStatus(shown, "failed", reason=str(error), problem=error)

    def _begin(self, paths: tuple[Path, ...], places: tuple[str, ...], files: tuple[FileStatus, ...]) -> str:
        job = _Job(secrets.token_urlsafe(8), paths, places, files, "waiting" if paths else "failed")
        with self._woken:
            self._demand_open()
            self._jobs[job.id] = job
            over = [old.id for old in self._jobs.values() if old.stage in {"read", "failed"}]
            for old in over[: max(0, len(self._jobs) - self._kept_jobs)]:
                del self._jobs[old]
            if paths:
                self._waiting.append(job.id)
                self._woken.notify_all()
        return job.id

    def _status(self, job: _Job) -> JobStatus:
        embedded, to_embed = self.library.count_embedded_between(job.after, job.last)
        problem, state = job.problem, _state(job, embedded < to_embed)
        if state == "embedding":
            problem = self._embedding_problem
        return JobStatus(job.id, state, job.report, job.files, embedded, to_embed, problem)

    def _demand_open(self) -> None:
        if self._closing.is_set():
            raise DeskClosed()

    # edits and removals

    def edit(self, article: int, changes: Mapping[str, str]) -> Metadata:
        """Set metadata by hand; an empty value takes back what was set. Returns what holds now.

        Raises ArticleUnknown, MetadataInvalid, and LibraryBusy where another process goes on writing.
        """
        checked = edited_metadata(changes)
        known = self.library.article(article).id
        edited: Metadata = self._do_soon(lambda writer: writer.edit(known, checked))
        return edited

    def remove(self, articles: Sequence[int]) -> None:
        """Take articles out of the library, with the uploaded files that nothing else came from; what is not there
        is passed over. Raises LibraryBusy."""
        known = [article for article in articles if article < 2**63]
        self._do_soon(lambda writer: uploads.remove(writer, known))

    def _do_soon(self, work: Callable[[Writer], Any]) -> Any:
        task = _Task(work, Future())
        with self._woken:
            self._demand_open()
            self._tasks.append(task)
            self._woken.notify_all()
        return task.future.result()

    # the worker

    def _work(self) -> None:
        while not self._closing.is_set():
            with self._woken:
                task = self._tasks.popleft() if self._tasks else None
                job = self._waiting.popleft() if self._waiting and not task else None
                if not task and not job and not self._is_time_to_embed():
                    continue
            if task:
                self._do(task, lambda work: self._patiently(lambda: self._write(work)))
            elif job:
                self._read(job)
            else:
                self._embed_a_slice()
        with self._woken:
            for task in self._tasks:
                task.future.set_exception(DeskClosed())
            self._tasks.clear()

    def _is_time_to_embed(self) -> bool:
        """Wait until there is something to do; True where that is embedding."""
        if self._embed_at is not None and self._embed_at <= time.monotonic():
            return True
        if not self._closing.is_set():
            self._woken.wait(None if self._embed_at is None else self._embed_at - time.monotonic())
        return False

    def _do(self, task: _Task, run: Callable[[Callable[[Writer], Any]], Any]) -> None:
        try:
            result = run(task.work)
        except BaseException as error:  # it is for whoever waits
            task.future.set_exception(error)
        else:
            task.future.set_result(result)
        self._embed_soon()

    def _write(self, work: Callable[[Writer], Any]) -> Any:
        with writing(self.library) as writer:
            return work(writer)

    def _patiently(self, work: Callable[[], _T]) -> _T:
        """Try again for a moment where another process writes."""
        end = time.monotonic() + self._patience
        while True:
            try:
                return work()
            except LibraryBusy:
                if time.monotonic() >= end or self._closing.wait(_BETWEEN_TRIES):
                    raise

    def _read(self, id_: str) -> None:
        job = replace(self._jobs[id_], stage="reading")
        try:
            report = self._patiently(lambda: self._ingest(job))
            job = replace(self._so_far(self._jobs[id_], report), stage="read")
            self._jobs[id_] = replace(job, files=_finished(job.files))
            uploads.drop_unused(self.library, job.places)
        except _Closing:
            self._jobs[id_] = replace(self._jobs[id_], stage="failed", problem=DeskClosed())
        except Exception as error:
            if not isinstance(error, ShawahidError):
                _log.exception("files could not be taken in")
            self._fail(self._jobs[id_], error)
        self._embed_soon()

    def _ingest(self, job: _Job) -> IngestReport:
        job = self._jobs[job.id] = replace(job, after=self.library.last_passage())

        def between(writer: Writer, report: IngestReport) -> None:
            self._jobs[job.id] = self._so_far(job, report)
            while self._tasks:
                self._do(self._tasks.popleft(), lambda work: work(writer))
            if self._closing.is_set():
                raise _Closing

        # One that was there may have gone with an article that was removed meanwhile.
        return ingest(self.library, [path for path in job.paths if path.exists()], embed=False, between=between)

    def _so_far(self, job: _Job, report: IngestReport) -> _Job:
        last = max(self.library.last_passage(), job.after)
        return replace(job, report=report, last=last, files=_told(job.files, job.places, report))

    def _fail(self, job: _Job, error: Exception) -> None:
        problem = error if isinstance(error, ShawahidError) else None
        reason = f"it is kept, but was not read: {error}"
        files = tuple(
            replace(file, outcome="failed", reason=reason, problem=problem) if file.outcome is None else file
            for file in job.files
        )
        self._jobs[job.id] = replace(job, stage="failed", files=files, problem=problem)

    # embedding

    def _embed_soon(self) -> None:
        self._unbuilt = True
        self._embed_at = time.monotonic()

    def _embed_a_slice(self) -> None:
        """Embed for a moment what has no vector; where all have one, bring the vector index up to them."""
        end = time.monotonic() + _SLICE
        self._embed_at = None
        try:
            embedded, every = self.embedding()
            if embedded == every and not self._unbuilt:
                return
            with writing(self.library) as writer:
                self._unbuilt = bool(writer.embed_pending(stop=lambda: self._wanted(end))) or self._unbuilt
                embedded, every = self.embedding()
                if embedded == every and not self._wanted():
                    writer.build_vectors()
                    self._unbuilt = False
            self._embedding_problem = None
            if embedded < every or self._unbuilt:
                self._embed_at = time.monotonic()
        except LibraryBusy:
            self._embed_at = time.monotonic() + _LATER
        except Exception as error:  # the embedder's server may be down, the disk full: it is tried again
            _log.warning("embedding is left for later: %s", error, exc_info=not isinstance(error, ShawahidError))
            self._embedding_problem = error if isinstance(error, ShawahidError) else None
            self._embed_at = time.monotonic() + _MUCH_LATER

    def _wanted(self, end: float = float("inf")) -> bool:
        """Whether something else has its turn now."""
        return bool(self._tasks or self._waiting) or self._closing.is_set() or time.monotonic() >= end


def _state(job: _Job, embedding: bool) -> State:
    if job.stage != "read":
        return job.stage
    if job.files and all(file.outcome == "failed" for file in job.files):
        return "failed"
    return "embedding" if embedding else "done"


def _told(files: Sequence[FileStatus], places: Sequence[str], report: IngestReport) -> tuple[FileStatus, ...]:
    """What a report says of each file, and of what is in it."""
    known = {place for place in places if place}
    taken: dict[str, dict[Outcome, int]] = {place: {} for place in known}
    outcomes: tuple[Outcome, ...] = ("added", "changed", "unchanged")
    for outcome in outcomes:
        for source in getattr(report, outcome):
            if place := _place_of(source, known):
                taken[place][outcome] = taken[place].get(outcome, 0) + 1
    reasons: dict[str, list[str]] = {place: [] for place in known}
    for failure in report.failed:
        if place := _place_of(failure.source, known):
            part = failure.source[len(place) + 1 :]
            reasons[place].append(f"{part}: {failure.reason}" if part else failure.reason)
    return tuple(
        _file_status(file, taken[place], reasons[place]) if place else file
        for file, place in zip(files, places, strict=True)
    )


def _file_status(file: FileStatus, taken: Mapping[Outcome, int], reasons: Sequence[str]) -> FileStatus:
    outcome = next(iter(taken), "failed" if reasons else None)
    more = [f"and {len(reasons) - _REASONS} more"] if len(reasons) > _REASONS else []
    reason = "; ".join([*reasons[:_REASONS], *more]) or None
    return replace(file, outcome=outcome, articles=sum(taken.values()), reason=reason)


def _finished(files: Sequence[FileStatus]) -> tuple[FileStatus, ...]:
    nothing = "there is no article in it, or it was removed before it could be read"
    return tuple(file if file.outcome else replace(file, outcome="failed", reason=nothing) for file in files)


def _place_of(source: str, places: set[str]) -> str:
    """The file that something came from: a record has a number after #, what is in an archive a path after it."""
    while source and source not in places:
        source = source[: max(source.rfind("/"), source.rfind("#"), 0)]
    return source
