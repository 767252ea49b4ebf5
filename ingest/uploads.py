"""Files that were handed over without a place of their own, kept in the library's folder `uploads`, where citations can
be checked against them. A file goes with the last article that came from it, or it would come back with the folder."""

import filecmp
import logging
import os
import re
import secrets
import threading
import unicodedata
from collections.abc import Collection, Iterable
from contextlib import suppress
from itertools import count
from pathlib import Path, PurePath
from typing import Final

from shawahid.ingest.files.sources import SIDECARS, SUFFIXES, unreadable_kind

from .errors import DocumentUnreadable, LibraryUnwritable, UploadTooLarge
from .library import Library
from .store import catalogue, jobs
from .writer import Writer

MAX_BYTES: Final = 50 * 2**20  # of one file
MAX_BYTES_TOGETHER: Final = 256 * 2**20  # of the files of one request
_HALF: Final = ".part"  # a file that is still coming
_LONGEST_STEM: Final = 180  # bytes; there must be room for a number and for the endings of files beside it

_log = logging.getLogger("shawahid.uploads")
keeping = threading.RLock()
"""Held from where files get their places until a job waits for them, so that no one takes them away between."""

_RESERVED = re.compile(r'[<>:"|?*]')  # not allowed in names everywhere
_STEERING = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")  # makes a name look like another


def clean_name(given: str) -> str:
    """A file's name without the folders before it, and without what does not belong in a name.

    >>> clean_name("../../x.txt"), clean_name("C:\\\\new\\\\أخبار.pdf"), clean_name("..")
    ('x.txt', 'أخبار.pdf', '')
    """
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", given)[-1])
    printable = "".join(letter for letter in last if unicodedata.category(letter) not in {"Cc", "Cs", "Zl", "Zp"})
    name = PurePath(_RESERVED.sub("_", _STEERING.sub("", printable)).strip(" ."))
    return name.stem.encode()[:_LONGEST_STEM].decode(errors="ignore") + name.suffix


class Incoming:
    """A file as it comes: written beside its place in pieces, then put there by `keep`, or taken away by `discard`.

    Raises DocumentUnreadable where its kind cannot be read, LibraryUnwritable and LibraryReadOnly.
    """

    def __init__(self, library: Library, given: str) -> None:
        library.demand_writable()
        self.name = _readable_name(given)
        self.size = 0
        self._folder = uploads_folder(library)
        self._beside = self._folder / f".{secrets.token_hex(8)}{_HALF}"
        with LibraryUnwritable.explained(self._folder):
            self._folder.mkdir(exist_ok=True)
            self._file = self._beside.open("xb")

    def write(self, data: bytes) -> None:
        """The next piece. What is beyond MAX_BYTES is counted only."""
        self.size += len(data)
        if self.size <= MAX_BYTES:
            with LibraryUnwritable.explained(self._folder):
                self._file.write(data)

    def end(self) -> None:
        """All of it has come. Raises UploadTooLarge."""
        if self.size > MAX_BYTES:
            raise UploadTooLarge(name=self.name, size=-(-self.size // 2**20), limit=MAX_BYTES // 2**20)
        with LibraryUnwritable.explained(self._folder):
            self._file.close()

    def keep(self) -> tuple[Path, bool]:
        """Put it under its own name, or, where that is another's, under one with a number; the same one is kept once.

        Returns where it is, and whether it is new there.
        """
        stem, suffix = PurePath(self.name).stem, PurePath(self.name).suffix
        with LibraryUnwritable.explained(self._folder), keeping:
            with self._beside.open("rb") as file:  # it must outlast a loss of power
                os.fsync(file.fileno())
            for number in count(1):
                place = self._folder / (self.name if number == 1 else f"{stem} ({number}){suffix}")
                if not os.path.lexists(place):
                    self._beside.replace(place)
                    return place, True
                if place.is_file() and filecmp.cmp(place, self._beside, shallow=False):
                    self.discard()
                    return place, False
        raise AssertionError("count does not end")

    def discard(self) -> None:
        """Take away what of it was written and not kept."""
        with suppress(OSError):  # what was still to be written found no room
            self._file.close()
        with LibraryUnwritable.explained(self._folder):
            self._beside.unlink(missing_ok=True)


def uploads_folder(library: Library) -> Path:
    return Path(os.path.realpath(library.folder / "uploads"))


def remove(writer: Writer, articles: list[int]) -> None:
    """Take articles out of a library, and the uploaded files from which nothing else came."""
    with writer.database.reading() as db:
        paths = [path for article in articles if (path := catalogue.path_of_article(db, article))]
    writer.remove(articles)
    drop_unused(writer.library, paths)


def drop_unused(library: Library, paths: Iterable[str]) -> None:
    """Delete those of the files that were uploaded, that no article came from and no job waits for; a path may lead
    into an archive."""
    folder = uploads_folder(library)
    within = [PurePath(path).relative_to(folder) for path in paths if PurePath(path).is_relative_to(folder)]
    with keeping, library.view.database.reading() as db:
        awaited = jobs.awaited_places(db)
        for file in {folder / path.parts[0] for path in within}:
            if file.is_file() and str(file) not in awaited and not any(catalogue.sources_under(db, str(file))):
                try:
                    file.unlink()
                except OSError as error:
                    _log.warning("%s has no article any more, but cannot be deleted: %s", file, error)


def note_job(library: Library, id_: str, told: str, places: Iterable[str], *, waits: bool) -> None:
    """Have a job outlast the process; `told` is JSON. Raises LibraryUnwritable and LibraryReadOnly."""
    library.view.database.upgrade()
    with library.view.database.writing() as db:
        jobs.put_job(db, id_, waits, places, told)


def noted_jobs(library: Library) -> list[str]:
    """What was noted of each job, the oldest first; nothing of a published snapshot."""
    if library.view.read_only:
        return []
    with library.view.database.reading() as db:
        return jobs.all_jobs(db)


def forget_jobs(library: Library, ids: Collection[str]) -> None:
    with library.view.database.writing() as db:
        jobs.drop_jobs(db, ids)


def left_behind(library: Library) -> list[Path]:
    """The uploaded files of no article and no job that waits: an older server accepted them, and was killed.

    What was written by half is taken away.
    """
    folder = uploads_folder(library)
    if library.view.read_only or not folder.is_dir():
        return []
    with library.view.database.reading() as db:
        known = jobs.places_with_articles(db, str(folder)) | jobs.awaited_places(db)
    names = {PurePath(path).relative_to(folder).parts[0] for path in known if PurePath(path).is_relative_to(folder)}
    found = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") and path.suffix == _HALF:
            path.unlink(missing_ok=True)
        elif path.name not in names and path.suffix.lower() in SUFFIXES and not path.name.lower().endswith(SIDECARS):
            found += [path] if path.is_file() and not path.is_symlink() else []
    return found


def _readable_name(given: str) -> str:
    name = clean_name(given)
    suffix = PurePath(name).suffix
    if suffix.lower() not in SUFFIXES:
        raise DocumentUnreadable(reason=unreadable_kind(suffix))
    if name.lower().endswith(SIDECARS):
        raise DocumentUnreadable(reason="it is a metadata file, no article: set the metadata in the library instead")
    return name
