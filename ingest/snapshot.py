"""Published snapshots: a library as it was at one moment, in files that nobody writes any more.

    DEST/current.json                  names the newest version, and the SHA-256 of its manifest
    DEST/versions/000007/manifest.json the SHA-256 of every other file of that version
    DEST/versions/000007/…             the truth, the index of words and, of a large library, the Chroma generation

A version is written beside the others under another name, then renamed, and only then named by the pointer, which is
replaced in one step: a reader finds a whole version, whenever it looks.
"""

import hashlib
import json
import logging
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from shawahid.ingest.embedders.base import DEFAULT_EMBEDDER
from shawahid.ingest.indexes.vectors import build_generation, remove_folder
from shawahid.ingest.indexes.view import (
    EXACT_LIMIT,
    GenerationRecord,
    View,
    generation_folder,
    read_generation,
    words_folder,
)
from shawahid.ingest.store.database import FILE_NAME, Database, copy_database

from .errors import LibraryError, LibraryMissing, LibraryUnwritable, SnapshotInvalid
from .indexes import served
from .library import POINTER, Library, demand_embedder
from .store import catalogue, embeddings
from .writer import Writer, locked

KEEP = 2
MANIFEST = "manifest.json"
_VERSIONS = "versions"
_CHROMA_TRUTH = "chroma.sqlite3"
_BETWEEN_LOOKS = 1.0  # seconds
_BUILD_BATCH = 5_000

_log = logging.getLogger("shawahid.snapshot")


@dataclass(frozen=True, slots=True)
class Published:
    """A version that was published: its name, where it lies, and how many bytes it has."""

    version: str
    folder: Path
    size: int


def publish(library: Library, destination: str | Path, *, keep: int = KEEP) -> Published:
    """Write a library as it is now into a new version under `destination`, and keep the last `keep` versions there.

    Nothing can be written to the library meanwhile. Raises LibraryBusy, LibraryReadOnly or LibraryUnwritable.
    """
    place = Path(destination).expanduser().absolute()
    versions = place / _VERSIONS
    if (place / FILE_NAME).exists():  # it could not be written any more
        raise LibraryUnwritable(path=place, problem="it is a library itself, not a place for its snapshots")
    with locked(library):
        Writer(library).close()  # what a killed writer left is healed, and the words are merged and at rest
        try:
            versions.mkdir(parents=True, exist_ok=True)
            names = sorted(path.name for path in versions.iterdir() if path.name.isdecimal())
            name = f"{int(names[-1]) + 1 if names else 1:06}"
            half = versions / f"{name}.partial"
            remove_folder(half)
            half.mkdir()
            _copy(library, half)
            digest, size = _write_manifest(half)
            half.rename(versions / name)
            _replace(place / POINTER, json.dumps({"version": name, "manifest": digest}))
            for old in versions.iterdir():
                if old.name not in [*names, name][-max(1, keep) :]:
                    remove_folder(old)
        except OSError as error:
            raise LibraryUnwritable(path=place, problem=error.strerror or str(error)) from error
    return Published(name, versions / name, size)


def _copy(library: Library, folder: Path) -> None:
    """The truth, without its note of a server, and the indexes that go with it."""
    copy_database(library.database.path, folder / FILE_NAME)
    with library.database.reading() as db:
        words = int(catalogue.get_meta(db, "words") or 0)
    source = words_folder(library.folder, words)
    shutil.copytree(source, words_folder(folder, words), ignore=shutil.ignore_patterns("*.lock"))
    copied = Database(folder)
    try:
        with copied.writing() as db:
            served.drop_record(db)
        record = read_generation(copied)
        with copied.reading() as db:
            total, last = catalogue.count(db, "embeddings"), embeddings.last_sequence(db)
        if total > EXACT_LIMIT and (library.server or not _copied_generation(library, record, folder)):
            with copied.reading() as db:
                number = record.number + 1
                batches = embeddings.embedding_batches(db, _BUILD_BATCH)
                count = build_generation(generation_folder(folder, number), batches)
            record = GenerationRecord(number, last, count)
        elif total <= EXACT_LIMIT:  # all is searched exactly
            record = GenerationRecord()
        with copied.writing() as db:
            catalogue.set_meta(db, "generation", json.dumps(asdict(record)))
    finally:
        copied.close()


def _copied_generation(library: Library, record: GenerationRecord, folder: Path) -> bool:
    """Copy the generation in use; False where there is none. A reader writes into Chroma's own database as it opens
    it, so that is not copied as a file."""
    source, target = generation_folder(library.folder, record.number), generation_folder(folder, record.number)
    if not record.number or not (source / _CHROMA_TRUTH).exists():
        return False
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(f"{_CHROMA_TRUTH}*"))
    copy_database(source / _CHROMA_TRUTH, target / _CHROMA_TRUTH)
    return True


def _write_manifest(folder: Path) -> tuple[str, int]:
    """Write down the hash of every file; returns that of what was written, and how many bytes there are in all."""
    files, size = {}, 0
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb+") as file:
            os.fsync(file.fileno())
        files[path.relative_to(folder).as_posix()] = _hash(path)
        size += path.stat().st_size
    text = json.dumps({"files": files}, indent=1)
    _replace(folder / MANIFEST, text)
    return hashlib.sha256(text.encode()).hexdigest(), size


def _replace(path: Path, text: str) -> None:
    """Write a file in one step."""
    half = path.with_suffix(".partial")
    with half.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class _Pointer:
    version: str
    manifest: str


def _read_pointer(place: Path) -> _Pointer:
    """What the pointer names. Raises LibraryMissing or SnapshotInvalid."""
    try:
        pointer = _Pointer(**json.loads((place / POINTER).read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise LibraryMissing(path=place) from error
    except (OSError, ValueError, TypeError) as error:
        raise SnapshotInvalid(path=place, problem=f"{POINTER} cannot be read ({error})") from error
    if not str(pointer.version).isdecimal():
        raise SnapshotInvalid(path=place, problem=f"{POINTER} names no version")
    return pointer


def verify_files(folder: Path, digest: str) -> None:
    """Hold every file of a version against its manifest, and that against its hash. Raises SnapshotInvalid."""
    try:
        manifest = (folder / MANIFEST).read_bytes()
        if hashlib.sha256(manifest).hexdigest() != digest:
            raise SnapshotInvalid(path=folder, problem=f"{MANIFEST} is not the one that was published")
        for name, told in json.loads(manifest)["files"].items():
            if _hash(folder / name) != told:
                raise SnapshotInvalid(path=folder, problem=f"{name} is not as it was published")
    except OSError as error:
        raise SnapshotInvalid(path=folder, problem=f"{error.filename or error} cannot be read") from error


class Snapshot(Library):
    """A published library, only to be read. Between questions it goes over to the newest version by itself, once that
    has been verified; a question that is being answered stays with the version that it began with."""

    def __init__(self, place: Path, pointer: _Pointer, view: View, embedder: str) -> None:
        super().__init__(view, embedder)
        self.folder = place
        self.published = pointer.version
        self._pointer = self._tried = pointer
        self._looked = time.monotonic()
        self._looking = threading.Lock()
        self._opening: threading.Thread | None = None
        self._pinned = threading.local()

    @classmethod
    def at(cls, place: Path, chosen: str | None = None) -> "Snapshot":
        """The newest version that is published at a place."""
        pointer = _read_pointer(place)
        view, stored = _open_version(place, pointer)
        try:
            demand_embedder(place, stored, chosen)
        except BaseException:
            view.close()
            raise
        return cls(place, pointer, view, stored)

    @property
    def view(self) -> View:
        pinned: View | None = getattr(self._pinned, "view", None)
        return pinned or self._newest()

    @contextmanager
    def reading(self) -> Iterator[None]:
        if getattr(self._pinned, "view", None):
            yield
            return
        self._pinned.view = self._newest()
        try:
            with super().reading():
                yield
        finally:
            del self._pinned.view

    def close(self) -> None:
        if self._opening is not None:
            self._opening.join()
        self._view.close()

    def _newest(self) -> View:
        """The version that is open; once a second at most, a look whether there is a newer one, which is opened by
        another thread, because verifying it takes time."""
        if time.monotonic() - self._looked >= _BETWEEN_LOOKS and self._looking.acquire(blocking=False):
            try:
                self._looked = time.monotonic()
                busy = self._opening is not None and self._opening.is_alive()
                pointer = self._pointer if busy else _read_pointer(self.folder)
                if pointer != self._tried and not busy:
                    self._tried = pointer
                    self._opening = threading.Thread(target=self._go_over, args=(pointer,), name="snapshot")
                    self._opening.start()
            except LibraryError as error:
                _log.warning("the snapshot stays at version %s: %s", self.published, error)
            finally:
                self._looking.release()
        return self._view

    def _go_over(self, pointer: _Pointer) -> None:
        try:
            view, _ = _open_version(self.folder, pointer)
        except LibraryError as error:
            _log.warning("the snapshot stays at version %s: %s", self.published, error)
            return
        # The old one is closed when the last question that began with it has let go of it.
        self._view, self._pointer, self.published = view, pointer, pointer.version


def _open_version(place: Path, pointer: _Pointer) -> tuple[View, str]:
    """One version, verified, with the embedder that it is embedded with."""
    folder = place / _VERSIONS / pointer.version
    verify_files(folder, pointer.manifest)
    database = Database(folder, read_only=True)
    try:
        with database.reading() as db:
            return View(database), catalogue.get_meta(db, "embedder") or DEFAULT_EMBEDDER
    except BaseException:
        database.close()
        raise
