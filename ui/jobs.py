"""Jobs: files that are to be taken in, and what became of each."""

import secrets
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from shawahid.ingest.errors import ShawahidError
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
    """A job as the writing thread leaves it. `paths` are to be read; `places` are its files on disk, "" where one was
    refused. The passages that it brought are those beyond `after` and up to `last`."""

    id: str
    paths: tuple[Path, ...]
    places: tuple[str, ...]
    files: tuple[FileStatus, ...]
    stage: Literal["waiting", "reading", "read", "failed"] = "waiting"
    report: IngestReport | None = None
    after: int = 0
    last: int = 0
    problem: ShawahidError | None = None

    def with_report(self, report: IngestReport, last: int) -> "Job":
        """The job after some of its files were read; `last` is the library's last passage."""
        return replace(self, report=report, last=max(last, self.after), files=_told(self.files, self.places, report))

    def read(self) -> "Job":
        """The job when all its files were read."""
        return replace(self, stage="read", files=_finished(self.files))

    def failed(self, error: Exception) -> "Job":
        """The job when its reading was broken off."""
        problem = error if isinstance(error, ShawahidError) else None
        reason = f"it is kept, but was not read: {error}"
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
    """The last jobs, for any number of threads: of those that have ended, as many as `kept`."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._jobs: dict[str, Job] = {}
        self._guard = threading.Lock()

    def begin(self, paths: tuple[Path, ...], places: tuple[str, ...], files: tuple[FileStatus, ...]) -> Job:
        """A new job; it has failed already where there is nothing to read. Old ones that have ended are forgotten."""
        job = Job(secrets.token_urlsafe(8), paths, places, files, "waiting" if paths else "failed")
        with self._guard:
            self._jobs[job.id] = job
            over = [old.id for old in self._jobs.values() if old.stage in {"read", "failed"}]
            for old in over[: max(0, len(self._jobs) - self._kept)]:
                del self._jobs[old]
        return job

    def put(self, job: Job) -> Job:
        """Replace a job by its new state."""
        with self._guard:
            self._jobs[job.id] = job
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
