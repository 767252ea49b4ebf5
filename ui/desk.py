"""The desk of a serving process: the one thread that writes to the library, so that nothing asked of it collides.

Edits and removals come first, then the reading of new files, then embedding, which is done in slices. Edits also get
their turn after each commit of a long reading. The library's lock is held only while something is written.

What is accepted is noted in the library before that is said, so that a server that is killed goes on when it is started
again.
"""

import io
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar

from shawahid.ingest import uploads
from shawahid.ingest.errors import LibraryBusy, ReaderFailed, ShawahidError
from shawahid.ingest.files import apart
from shawahid.ingest.files.metadata import edited_metadata
from shawahid.ingest.files.sources import walk
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest
from shawahid.ingest.types import IngestReport, Metadata, SourceFile
from shawahid.ingest.writer import Writer, writing

from .delivery import Delivery
from .jobs import FileStatus, Job, Jobs, JobStatus

DEMO = Path(__file__).parent / "demo"

_BETWEEN_TRIES = 0.1
_SLICE = 2.0  # seconds of embedding
_LATER = 5.0  # seconds until embedding is tried again where another process writes
_MUCH_LATER = 30.0  # the same where it failed
_GRACE = 3.0  # seconds for a file that is being read when the desk closes
_MOST_TRIES: Final = 5  # of a job during which the program ended each time
_PIECE = 2**16  # bytes
_COME_BACK: Final = 30  # seconds

_T = TypeVar("_T")
_log = logging.getLogger("shawahid.desk")


class DeskClosed(ShawahidError):
    """The program is ending."""

    code = "desk_closed"
    template = "The program is being closed, so this was not done. Start it again, then try again."


class UploadsBusy(ShawahidError):
    """More is waiting to be read than is kept; nothing of the upload was."""

    code = "uploads_busy"
    template = (
        "Too many files are waiting to be read, so none of these was taken. Send them again in {seconds} seconds; "
        "what was taken before is safe."
    )

    def __init__(self) -> None:
        super().__init__(seconds=_COME_BACK)
        self.headers = {"Retry-After": str(_COME_BACK)}


@dataclass(frozen=True, slots=True)
class _Task:
    """Something that somebody waits for."""

    work: Callable[[Writer], Any]
    future: Future[Any]


class _Closing(Exception):
    """Ends a reading after a commit."""


class Desk:
    """Writes to a library for any number of threads. Close it before the library, or use it in a `with` statement.

    What an earlier process left unread is read, and what it left without vectors embedded, from the beginning. Of the
    jobs that have ended, it remembers the last `kept_jobs`. Another process has `patience` seconds to end its writing.
    While `most_files` files wait, or `most_bytes` bytes of them, nothing more is taken.
    """

    def __init__(
        self,
        library: Library,
        *,
        kept_jobs: int = 1000,
        patience: float = 3.0,
        most_files: int = 200,
        most_bytes: int = 2 * 2**30,
    ) -> None:
        self.library = library
        self._patience = patience
        self._most_files = most_files
        self._most_bytes = most_bytes
        self._arriving = 0
        self._woken = threading.Condition()
        self._tasks: deque[_Task] = deque()
        self._jobs = Jobs(library, kept_jobs)
        self._waiting: deque[Job] = deque(self._resumed())
        self._closing = threading.Event()
        self._embed_at: float | None = None if library.view.read_only else 0.0
        self._unbuilt = False
        self._embedding_problem: ShawahidError | None = None
        self._worker = threading.Thread(target=self._work, name="desk", daemon=True)
        self._worker.start()

    def __enter__(self) -> "Desk":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End after the slice or the commit that is under way. What is not read yet waits for the next start.

        What waits for an edit gets DeskClosed.
        """
        with self._woken:
            self._closing.set()
            self._woken.notify_all()
        self._worker.join(_GRACE)
        while self._worker.is_alive():
            apart.give_up()
            self._worker.join(_GRACE)

    # jobs

    def _resumed(self) -> Iterator[Job]:
        """What an earlier process accepted and did not end; then the files of which it left no note."""
        for job in self._jobs.waiting():
            if job.tries < _MOST_TRIES:
                yield self._jobs.put(replace(job, stage="waiting"))
            else:  # most likely the program ended because of them
                _log.error("the program ended %d times while it read %s: given up", job.tries, ", ".join(job.places))
                self._jobs.put(job.failed(ReaderFailed(), kept=False))
                uploads.drop_unused(self.library, job.places)
        if left := uploads.left_behind(self.library):
            _log.warning("%d uploaded files were never read: they are now", len(left))
            files = tuple(FileStatus(path.name) for path in left)
            yield self._jobs.begin(Job.waiting(tuple(left), tuple(map(str, left)), files))

    def upload(self, files: Sequence[tuple[str, bytes | Path]]) -> str:
        """Keep files, by their names and bytes or where these are, and have them taken in; returns the job's id.

        A file that cannot be taken is told in the job, and the others go on.
        """
        with self.delivery() as delivery:
            for name, content in files:
                delivery.begin(name)
                with io.BytesIO(content) if isinstance(content, bytes) else content.open("rb") as file:
                    while piece := file.read(_PIECE):
                        delivery.write(piece)
                delivery.end()
            return self.accept(delivery)

    @contextmanager
    def delivery(self) -> Iterator[Delivery]:
        """Files as they come, to be given to `accept` in the end. Raises UploadsBusy and DeskClosed."""
        self._demand_open()
        self._demand_room()
        delivery = Delivery(self.library, self._arrive)
        try:
            yield delivery
        finally:
            with self._woken:
                self._arriving -= delivery.size
            delivery.discard()

    def accept(self, delivery: Delivery) -> str:
        """Have what has come taken in; returns the job's id. From then on it outlasts this process."""
        with uploads.keeping:
            self._demand_open()
            self._demand_room()
            job = self._begin(delivery.keep())
            delivery.accept()
        return job

    def _arrive(self, size: int) -> None:
        with self._woken:
            self._arriving += size
        self._demand_room(coming=True)

    def _demand_room(self, *, coming: bool = False) -> None:
        """Raises UploadsBusy. What is coming is not broken off for the number of files that wait."""
        waiting = self._jobs.waiting()
        too_many = sum(len(job.paths) for job in waiting) >= self._most_files
        if (too_many and not coming) or sum(job.size for job in waiting) + self._arriving > self._most_bytes:
            raise UploadsBusy

    def ingest_demo(self) -> str:
        """Have the demo articles taken in; returns the job's id. Raises UploadsBusy and DeskClosed."""
        self._demand_open()
        self._demand_room()
        files = [file for file in walk(DEMO) if isinstance(file, SourceFile)]
        places = tuple(file.source for file in files)
        return self._begin(Job.waiting((DEMO,), places, tuple(FileStatus(file.name) for file in files)))

    def job(self, id_: str) -> JobStatus | None:
        """How far a job has come; None where there is none with this id, or not any more."""
        job = self._jobs.find(id_)
        return self._status(job) if job else None

    def jobs(self, most: int | None = None) -> list[JobStatus]:
        """The last jobs, the newest first."""
        return [self._status(job) for job in self._jobs.newest_first()[:most]]

    def embedding(self) -> tuple[int, int]:
        """How many passages of the library have a vector, and how many there are."""
        return self.library.count_embedded()

    def _begin(self, job: Job) -> str:
        self._jobs.begin(job)
        with self._woken:
            if job.waits:
                self._waiting.append(job)
                self._woken.notify_all()
        return job.id

    def _status(self, job: Job) -> JobStatus:
        embedded, to_embed = self.library.count_embedded_between(job.after or 0, job.last)
        return job.status(embedded, to_embed, self._embedding_problem)

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

    def _read(self, job: Job) -> None:
        try:
            self._patiently(lambda: self._ingest(job))
            self._jobs.put(self._jobs[job.id].read())
            uploads.drop_unused(self.library, job.places)
        except _Closing:
            self._settle(self._jobs[job.id].put_off())
        except Exception as error:
            if not isinstance(error, ShawahidError):
                _log.exception("files could not be taken in")
            self._settle(self._jobs[job.id].failed(error))
        self._embed_soon()

    def _settle(self, job: Job) -> None:
        try:
            self._jobs.put(job)
        except ShawahidError as error:
            _log.warning("it is not noted what became of a job, so it is read again at the next start: %s", error)

    def _ingest(self, job: Job) -> None:
        job = self._jobs.put(job.begun(self.library.last_passage()))

        def between(writer: Writer, report: IngestReport) -> None:
            self._report(job, report)
            while self._tasks:
                self._do(self._tasks.popleft(), lambda work: work(writer))
            if self._closing.is_set():
                raise _Closing

        # One that was there may have gone with an article that was removed meanwhile.
        paths = [path for path in job.paths if path.exists()]
        self._report(job, ingest(self.library, paths, embed=False, between=between))

    def _report(self, job: Job, report: IngestReport) -> None:
        self._jobs.put(job.with_report(report, self.library.last_passage()))

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
                    writer.join_stories(stop=self._wanted)
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
