"""Published snapshots: a library as it was at one moment, in files that nobody writes any more; publish.py writes them.

DEST/current.json                  names the newest version, and the SHA-256 of its manifest
DEST/versions/000007/manifest.json the SHA-256 of every other file of that version
DEST/versions/000007/…             the truth, the index of words and, of a large library, the Chroma generation
"""

import hashlib
import json
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shawahid.ingest.embedders.base import DEFAULT_EMBEDDER
from shawahid.ingest.indexes.view import View
from shawahid.ingest.store import catalogue
from shawahid.ingest.store.database import Database
from shawahid.ingest.store.hashes import file_hash

from .errors import LibraryError, LibraryMissing, SnapshotInvalid

POINTER: Final = "current.json"
"""The file in a folder of snapshots that names the newest."""

MANIFEST: Final = "manifest.json"
VERSIONS: Final = "versions"
_BETWEEN_LOOKS: Final = 1.0  # seconds

_log = logging.getLogger("shawahid.snapshot")


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
            if file_hash(folder / name) != told:
                raise SnapshotInvalid(path=folder, problem=f"{name} is not as it was published")
    except OSError as error:
        raise SnapshotInvalid(path=folder, problem=f"{error.filename or error} cannot be read") from error


class Snapshot:
    """What is published at a place, to be read. Between questions it goes over to the newest version by itself, once
    that has been verified; a question that is being answered stays with the version that it began with.

    `version` is the one that is open, `embedder_name` the embedder of the one that was opened first.
    """

    def __init__(self, folder: Path) -> None:
        """Open the newest version in `folder`. Raises LibraryMissing or SnapshotInvalid."""
        self.folder = folder
        self._pointer = self._tried = _read_pointer(folder)
        self._view, self.embedder_name = _open_version(folder, self._pointer)
        self._looked = time.monotonic()
        self._looking = threading.Lock()
        self._opening: threading.Thread | None = None
        self._pinned = threading.local()

    @property
    def version(self) -> str:
        return self._pointer.version

    @property
    def view(self) -> View:
        """The version that this thread is to read now."""
        pinned: View | None = getattr(self._pinned, "view", None)
        return pinned or self._newest()

    @contextmanager
    def pinned(self) -> Iterator[None]:
        """Everything that this thread reads inside is of one version."""
        if getattr(self._pinned, "view", None):
            yield
            return
        self._pinned.view = self._newest()
        try:
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
                _log.warning("the snapshot stays at version %s: %s", self.version, error)
            finally:
                self._looking.release()
        return self._view

    def _go_over(self, pointer: _Pointer) -> None:
        try:
            view, _ = _open_version(self.folder, pointer)
        except LibraryError as error:
            _log.warning("the snapshot stays at version %s: %s", self.version, error)
            return
        # The old one is closed when the last question that began with it has let go of it.
        self._view, self._pointer = view, pointer


def _open_version(place: Path, pointer: _Pointer) -> tuple[View, str]:
    """One version, verified, with the embedder that it is embedded with."""
    folder = place / VERSIONS / pointer.version
    verify_files(folder, pointer.manifest)
    database = Database(folder, read_only=True)
    try:
        with database.reading() as db:
            return View(database), catalogue.get_meta(db, "embedder") or DEFAULT_EMBEDDER
    except BaseException:
        database.close()
        raise
