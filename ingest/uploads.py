"""Files that were handed over without a place of their own, kept in the library's folder `uploads`, where citations can
be checked against them. A file goes with the last article that came from it, or it would come back with the folder."""

import logging
import os
import re
import secrets
import threading
import unicodedata
from collections.abc import Iterable
from itertools import count
from pathlib import Path, PurePath
from typing import Final

from shawahid.ingest.files.sources import SIDECARS, SUFFIXES, read_file, unreadable_kind

from .errors import DocumentUnreadable, LibraryUnwritable, UploadTooLarge
from .library import Library
from .store import catalogue
from .writer import Writer

MAX_BYTES: Final = 50 * 2**20  # of one file
MAX_BYTES_TOGETHER: Final = 256 * 2**20  # of the files of one request
_LONGEST_STEM: Final = 180  # bytes; there must be room for a number and for the endings of files beside it

_log = logging.getLogger("shawahid.uploads")
_keeping = threading.Lock()
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


def keep(library: Library, given: str, content: bytes | Path) -> Path:
    """Keep a file under its own name, or, where that is another's, with a number; the same one is kept once.

    Raises DocumentUnreadable where its kind cannot be read, UploadTooLarge, LibraryUnwritable and LibraryReadOnly.
    """
    library.demand_writable()
    name = clean_name(given)
    stem, suffix = PurePath(name).stem, PurePath(name).suffix
    if suffix.lower() not in SUFFIXES:
        raise DocumentUnreadable(reason=unreadable_kind(suffix))
    if name.lower().endswith(SIDECARS):
        raise DocumentUnreadable(reason="it is a metadata file, no article: set the metadata in the library instead")
    data = _read(name, content)
    folder = uploads_folder(library)
    try:
        with _keeping:
            folder.mkdir(exist_ok=True)
            for number in count(1):
                place = folder / (name if number == 1 else f"{stem} ({number}){suffix}")
                if not place.exists():
                    _write(place, data)
                    return place
                if place.is_file() and place.stat().st_size == len(data) and place.read_bytes() == data:
                    return place
    except OSError as error:
        raise LibraryUnwritable(path=folder, problem=error.strerror or str(error)) from error
    raise AssertionError("count does not end")


def uploads_folder(library: Library) -> Path:
    return Path(os.path.realpath(library.folder / "uploads"))


def remove(writer: Writer, articles: list[int]) -> None:
    """Take articles out of a library, and the uploaded files from which nothing else came."""
    with writer.database.reading() as db:
        paths = [path for article in articles if (path := catalogue.path_of_article(db, article))]
    writer.remove(articles)
    drop_unused(writer.library, paths)


def drop_unused(library: Library, paths: Iterable[str]) -> None:
    """Delete those of the files that were uploaded and that no article came from; a path may lead into an archive."""
    folder = uploads_folder(library)
    within = [PurePath(path).relative_to(folder) for path in paths if PurePath(path).is_relative_to(folder)]
    with library.view.database.reading() as db:
        for file in {folder / path.parts[0] for path in within}:
            if file.is_file() and not any(catalogue.sources_under(db, str(file))):
                try:
                    file.unlink()
                except OSError as error:
                    _log.warning("%s has no article any more, but cannot be deleted: %s", file, error)


def _read(name: str, content: bytes | Path) -> bytes:
    try:
        size = len(content) if isinstance(content, bytes) else content.stat().st_size
    except OSError as error:
        raise DocumentUnreadable(reason=f"it cannot be read ({error.strerror or error})") from error
    if size > MAX_BYTES:
        raise UploadTooLarge(name=name, size=-(-size // 2**20), limit=MAX_BYTES // 2**20)
    return content if isinstance(content, bytes) else read_file(content)


def _write(place: Path, data: bytes) -> None:
    """Written beside and moved, so that a file is never there by half."""
    beside = place.with_name(f".{secrets.token_hex(8)}.part")
    try:
        beside.write_bytes(data)
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)
