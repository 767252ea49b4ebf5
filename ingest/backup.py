"""Backups: the truth of a library, its uploads and its conversations, as files named by their hash.

DEST/backup.json     the SHA-256 of each file by its name in the library, and the SHA-256 of that list
DEST/objects/SHA256  each file once, so that a later backup writes only what has changed

The indexes are derived, so they are left out and made anew when a backup is restored.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .errors import BackupDamaged, LibraryDamaged, LibraryUnwritable
from .library import Library
from .repair import repair
from .store.database import copy_database
from .store.hashes import file_hash
from .types import LIBRARY_FILE

_LIST: Final = "backup.json"
_OBJECTS: Final = "objects"
_PARTIAL: Final = "partial"


@dataclass(frozen=True, slots=True)
class BackupReport:
    """How many files a backup has, and how many of them were written now."""

    files: int
    written: int


def backup(library: Library, destination: str | Path) -> BackupReport:
    """Write a library as it is at this moment to `destination`, over what is there; it may be in use meanwhile.

    Raises LibraryUnwritable or LibraryDamaged.
    """
    place = Path(destination).expanduser().absolute()
    files, written = dict[str, str](), 0
    with LibraryUnwritable.explained(place):
        (place / _OBJECTS).mkdir(parents=True, exist_ok=True)
        half = place / _PARTIAL
        for path in _kept(library.folder):
            half.unlink(missing_ok=True)
            try:
                if path.parent == library.folder:
                    with library.view.database.explained():
                        copy_database(path, half)
                else:
                    shutil.copyfile(path, half)
            except FileNotFoundError:  # removed meanwhile
                continue
            except LibraryDamaged:
                if path.name == LIBRARY_FILE:
                    raise
                shutil.copyfile(path, half)  # the conversations: whoever repairs them needs what there is
            digest = file_hash(half)
            files[path.relative_to(library.folder).as_posix()] = digest
            stored = place / _OBJECTS / digest
            if not (stored.exists() and file_hash(stored) == digest):
                _settle(half, stored)
                written += 1
        half.write_text(json.dumps({"sha256": _list_hash(files), "files": files}, indent=1), encoding="utf-8")
        _settle(half, place / _LIST)
        for stored in (place / _OBJECTS).iterdir():
            if stored.name not in files.values():
                stored.unlink()
    return BackupReport(len(files), written)


def restore(source: str | Path, folder: str | Path) -> list[str]:
    """Make a library in `folder`, where there must be none, of the backup at `source`, and its indexes anew.

    Every file is held against its hash first. Returns what `check` finds wrong, as it was when the backup was made.
    Raises BackupDamaged or LibraryUnwritable.
    """
    place, folder = Path(source).expanduser().absolute(), Path(folder).expanduser().absolute()
    files = _verified(place)
    with LibraryUnwritable.explained(folder):
        if folder.exists() and any(folder.iterdir()):
            raise LibraryUnwritable(path=folder, problem="something is there already; choose another --library")
        half = folder.with_name(f"{folder.name}.{_PARTIAL}")
        shutil.rmtree(half, ignore_errors=True)
        for name, digest in files.items():
            (half / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(place / _OBJECTS / digest, half / name)
        if folder.exists():
            folder.rmdir()
        half.rename(folder)
    with Library.open(folder) as library:
        return repair(library)


def _kept(folder: Path) -> Iterator[Path]:
    """The files of a library that are not derived, the truth first: an upload is there before the truth names it."""
    yield folder / LIBRARY_FILE
    yield from sorted(path for path in folder.glob("*.sqlite3") if path.is_file())
    yield from sorted(path for path in (folder / "uploads").rglob("*") if path.is_file() and not path.is_symlink())


def _verified(place: Path) -> dict[str, str]:
    """The files of a backup, each held against its hash. Raises BackupDamaged."""
    try:
        listed = json.loads((place / _LIST).read_text(encoding="utf-8"))
        files: dict[str, str] = listed["files"]
        if listed["sha256"] != _list_hash(files) or LIBRARY_FILE not in files:
            raise BackupDamaged(path=place, problem=f"{_LIST} is not as it was written")
        for name, digest in files.items():
            inside = not Path(name).is_absolute() and ".." not in Path(name).parts
            if not inside or file_hash(place / _OBJECTS / digest) != digest:
                raise BackupDamaged(path=place, problem=f"{name} is not as it was written")
    except OSError as error:
        raise BackupDamaged(path=place, problem=f"{error.filename or error} cannot be read") from error
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise BackupDamaged(path=place, problem=f"{_LIST} cannot be read ({error})") from error
    return files


def _list_hash(files: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()


def _settle(half: Path, path: Path) -> None:
    """Put a written file in its place in one step."""
    with half.open("rb+") as file:
        os.fsync(file.fileno())
    half.replace(path)
