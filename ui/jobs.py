"""Jobs: files that are to be taken in, and what became of each. They are noted in the library, and outlast a server."""

import json
import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from shawahid.ingest import uploads
from shawahid.ingest.errors import ShawahidError
from shawahid.ingest.library import Library
from shawahid.ingest.types import IngestReport

State = Literal["waiting", "reading", "embedding", "done", "failed"]
Outcome = Literal["added", "unchanged", "changed", "failed"]

_REASONS = 3  # told of one file


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
class Job:
    """A job as the writing thread leaves it. `paths` are to be read, in all `size` bytes; `places` are its files on
    disk, "" where one was refused. The passages that it brought are those beyond `after` (None until it is begun) and
    up to `last`. `tries` counts how often its reading was begun and not ended."""

    id: str
    paths: tuple[Path, ...]
    places: tuple[str, ...]
    files: tuple[FileStatus, ...]
    stage: Literal["waiting", "reading", "read", "failed"] = "waiting"
    report: IngestReport | None = None
    after: int | None = None
    last: int = 0
    problem: ShawahidError | None = None
    size: int = 0
    tries: int = 0

    @classmethod
    def waiting(cls, paths: tuple[Path, ...], places: tuple[str, ...], files: tuple[FileStatus, ...]) -> "Job":
        """A new job; it has failed already where there is nothing to read."""
        size = sum(path.stat().st_size for path in paths)
        return cls(secrets.token_urlsafe(8), paths, places, files, "waiting" if paths else "failed", size=size)

    @property
    def waits(self) -> bool:
        """Whether there is still something to read."""
        return self.stage in ("waiting", "reading")

    def begun(self, last: int) -> "Job":
        """The job when its reading begins; `last` is the library's last passage."""
        after = last if self.after is None else self.after
        return replace(self, stage="reading", after=after, last=max(last, after), tries=self.tries + 1)

    def put_off(self) -> "Job":
        """The job when its reading was ended in good order before all was read."""
        unread = tuple(replace(file, outcome=None, articles=0) if place else file for file, place in self._placed)
        return replace(self, stage="waiting", files=unread, report=None, tries=max(0, self.tries - 1))

    @property
    def _placed(self) -> Iterable[tuple[FileStatus, str]]:
        return zip(self.files, self.places, strict=True)

    def with_report(self, report: IngestReport, last: int) -> "Job":
        """The job after some of its files were read; `last` is the library's last passage."""
        return replace(self, report=report, last=max(last, self.last), files=_told(self.files, self.places, report))

    def read(self) -> "Job":
        """The job when all its files were read."""
        return replace(self, stage="read", files=_finished(self.files))

    def failed(self, error: Exception, *, kept: bool = True) -> "Job":
        """The job when its reading was broken off; with `kept`, the files stay for the next start."""
        problem = error if isinstance(error, ShawahidError) else None
        reason = f"it is kept, but was not read: {error}" if kept else str(error)
        files = tuple(
            replace(file, outcome="failed", reason=reason, problem=problem) if file.outcome is None else file
            for file in self.files
        )
        return replace(self, stage="failed", files=files, problem=problem)

    def status(self, embedded: int, to_embed: int, embedding_problem: ShawahidError | None) -> JobStatus:
        """What is told of it, with how many of its passages have a vector."""
        state = self._state(embedded < to_embed)
        problem = embedding_problem if state == "embedding" else self.problem
        return JobStatus(self.id, state, self.report, self.files, embedded, to_embed, problem)

    def _state(self, embedding: bool) -> State:
        if self.stage != "read":
            return self.stage
        if self.files and all(file.outcome == "failed" for file in self.files):
            return "failed"
        return "embedding" if embedding else "done"


class Jobs:
    """The jobs of a library, for any number of threads: of those that have ended, the last `kept`.

    Raises LibraryUnwritable where one cannot be noted.
    """

    def __init__(self, library: Library, kept: int) -> None:
        self._library = library
        self._kept = kept
        self._guard = threading.Lock()
        self._jobs = {job.id: job for job in map(_from_note, uploads.noted_jobs(library))}

    def begin(self, job: Job) -> Job:
        """Add a job, which is noted before this returns. Old ones that have ended are forgotten."""
        self._note(job)
        with self._guard:
            self._jobs[job.id] = job
            ended = [old.id for old in self._jobs.values() if not old.waits]
            over = ended[: max(0, len(self._jobs) - self._kept)]
            for old in over:
                del self._jobs[old]
        if over:
            uploads.forget_jobs(self._library, over)
        return job

    def put(self, job: Job) -> Job:
        """Replace a job by its new state, which is noted where it begins or ends."""
        with self._guard:
            before = self._jobs[job.id].stage
            self._jobs[job.id] = job
        if job.stage != before:
            self._note(job)
        return job

    def find(self, id_: str) -> Job | None:
        with self._guard:
            return self._jobs.get(id_)

    def __getitem__(self, id_: str) -> Job:
        with self._guard:
            return self._jobs[id_]

    def newest_first(self) -> list[Job]:
        with self._guard:
            return list(reversed(self._jobs.values()))

    def waiting(self) -> list[Job]:
        """Those with something to read, the oldest first."""
        with self._guard:
            return [job for job in self._jobs.values() if job.waits]

    def _note(self, job: Job) -> None:
        places = [place for place in job.places if place]
        uploads.note_job(self._library, job.id, _to_note(job), places, waits=job.waits)


def _to_note(job: Job) -> str:
    """A job as JSON, without its report."""
    problems = [_noted_problem(problem) for problem in (job.problem, *(file.problem for file in job.files))]
    bare = replace(job, report=None, problem=None, files=tuple(replace(file, problem=None) for file in job.files))
    noted = asdict(bare) | {"paths": list(map(str, job.paths)), "problems": problems}
    return json.dumps(noted)


def _from_note(note: str) -> Job:
    noted = json.loads(note)
    problem, *problems = map(_problem_of_note, noted.pop("problems"))
    files = (FileStatus(**file | {"problem": told}) for file, told in zip(noted["files"], problems, strict=True))
    paths, places = tuple(map(Path, noted["paths"])), tuple(noted["places"])
    return Job(**noted | {"paths": paths, "places": places, "files": tuple(files), "problem": problem})


def _noted_problem(problem: ShawahidError | None) -> dict[str, Any] | None:
    return {"code": problem.code, "details": problem.details} if problem else None


def _problem_of_note(noted: dict[str, Any] | None) -> ShawahidError | None:
    """The error that was noted; None where this version of the program has no such one."""
    kinds = (kind for kind in _kinds(ShawahidError) if noted and kind.code == noted["code"])
    try:
        return next(kind(**noted["details"]) for kind in kinds) if noted else None
    except (StopIteration, KeyError, TypeError):
        return None


def _kinds(of: type[ShawahidError]) -> Iterator[type[ShawahidError]]:
    yield of
    for kind in of.__subclasses__():
        yield from _kinds(kind)


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
    problems = {failure.source: failure.problem for failure in report.failed}
    for failure in report.failed:
        if place := _place_of(failure.source, known):
            part = failure.source[len(place) + 1 :]
            reasons[place].append(f"{part}: {failure.reason}" if part else failure.reason)
    return tuple(
        replace(_file_status(file, taken[place], reasons[place]), problem=problems.get(place)) if place else file
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
