"""Paths, folders and zip archives to single files to read."""

import os
import stat
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final

from shawahid.ingest.errors import DocumentUnreadable, ExpandsTooFar
from shawahid.ingest.types import LIBRARY_FILE, LONE_SURROGATE, Failure, SourceFile

SUFFIXES = (".txt", ".md", ".html", ".htm", ".pdf", ".docx", ".json", ".jsonl", ".csv", ".zip")
MAX_FILE_BYTES: Final = 512 * 1024 * 1024
MAX_UNPACKED: Final = 128 * 1024 * 1024
"""Bytes of one member of an archive: a small file must not fill the memory of whoever takes it in."""
MAX_EXPANSION: Final = 100
"""How many times its packed size an archive or a member of it may have; text packs 3 to 15 times."""

_HARMLESS: Final = 2**20  # bytes, however well they pack

_LONGEST_NAME: Final = 255  # bytes; a longer one cannot be there
SIDECARS = (".meta.yaml", ".meta.yml", ".meta.json")
# Files that stand beside articles and are about the folder; named outright, they are taken.
_ABOUT_THE_FOLDER = {"readme", "license", "licence", "copying", "changelog", "contributing"}


def walk(path: Path) -> Iterator[SourceFile | Failure]:
    """Every file to read under `path`, which exists; what cannot be read comes as a Failure, and the rest goes on.

    A link in a folder is followed within that folder only: whoever fills a folder does not choose what else is read.
    """
    if path.is_dir():
        yield from _walk_folder(path)
    else:
        yield from _open_file(path)


def _walk_folder(folder: Path) -> Iterator[SourceFile | Failure]:
    refused: list[Failure] = []
    within = Path(os.path.realpath(folder))

    def note_refusal(error: OSError) -> None:
        refused.append(Failure(os.path.realpath(error.filename), _explain(error)))

    for directory, folders, files in os.walk(folder, onerror=note_refusal):
        if LIBRARY_FILE in files:  # a library, which holds no articles in files
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "__MACOSX")
        for name in sorted(files):
            path = Path(directory) / name
            beside = name.endswith(SIDECARS) and _lies_in(path, within)
            if not name.startswith(".") and not beside and not _is_about_the_folder(name):
                yield from _open_file(path, within)
    yield from refused


def _is_about_the_folder(name: str) -> bool:
    return PurePosixPath(name).stem.lower() in _ABOUT_THE_FOLDER


def _open_file(path: Path, within: Path | None = None) -> Iterator[SourceFile | Failure]:
    """A file by itself, or with `within` one of that folder."""
    source, suffix = os.path.realpath(path), path.suffix.lower()
    if LONE_SURROGATE.search(source):
        yield Failure(
            source.encode("utf-8", "replace").decode(), "its name is not valid UTF-8: rename it, then ingest it again"
        )
    elif within and not _lies_in(path, within):
        place = Path(os.path.realpath(path.parent)) / path.name
        yield Failure(str(place), "it is a link that leads out of the folder: name the file itself to take it in")
    elif not _is_file(path):
        yield Failure(source, "it is not a regular file, or a link that leads nowhere")
    elif suffix == ".zip":
        yield from _open_zip(path, source)
    elif suffix not in SUFFIXES:
        yield Failure(source, unreadable_kind(suffix))
    else:
        try:
            yield SourceFile(source, path.name, suffix, partial(read_file, path), _sidecar(path, within))
        except OSError as error:
            yield Failure(source, _explain(error))


def unreadable_kind(suffix: str) -> str:
    return f"files of the kind {suffix or 'without a suffix'} cannot be read: use {', '.join(SUFFIXES)}"


def _lies_in(path: Path, folder: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(folder)


def _is_file(path: Path) -> bool:
    """Whether it is a file to read, or one that only permissions keep from being looked at; not a pipe or a device."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except PermissionError:
        return True
    except OSError:
        return False


def read_file(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise DocumentUnreadable(
                reason=f"it is larger than {MAX_FILE_BYTES // 2**20} MB: split it into smaller files"
            )
        return path.read_bytes()
    except OSError as error:
        raise DocumentUnreadable(reason=_explain(error)) from error


def _sidecar(path: Path, within: Path | None) -> bytes | None:
    for candidate in (
        *(path.name + ending for ending in SIDECARS),
        *(path.stem + ending for ending in SIDECARS),
    ):
        beside = path.with_name(candidate)
        if len(os.fsencode(candidate)) > _LONGEST_NAME or not beside.is_file():
            continue
        if within is None or _lies_in(beside, within):
            return beside.read_bytes()
    return None


def _open_zip(path: Path, source: str) -> Iterator[SourceFile | Failure]:
    try:
        with zipfile.ZipFile(path) as archive:
            packed = path.stat().st_size
            demand_size(sum(info.file_size for info in archive.infolist()), packed, MAX_EXPANSION * packed + _HARMLESS)
            seen: set[str] = set()
            for info in filter(_is_article, archive.infolist()):
                if info.filename in seen:
                    yield Failure(
                        f"{source}/{info.filename}", "the zip archive holds two of this name: only the first is taken"
                    )
                else:
                    seen.add(info.filename)
                    yield from _open_member(archive, info, path, source)
    except DocumentUnreadable as error:
        yield Failure.of(source, error)
    except (zipfile.BadZipFile, EOFError, UnicodeDecodeError, NotImplementedError) as error:
        yield Failure(source, f"the zip archive is damaged or cut short ({error}): fetch it again")
    except OSError as error:
        yield Failure(source, _explain(error))


def _is_article(info: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(info.filename).parts
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    about = not parts or _is_about_the_folder(parts[-1])
    return not (info.is_dir() or hidden or about or info.filename.endswith(SIDECARS))


def _open_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, source: str
) -> Iterator[SourceFile | Failure]:
    identity, name = f"{source}/{info.filename}", f"{path.name}/{info.filename}"
    suffix = PurePosixPath(info.filename).suffix.lower()
    if suffix not in SUFFIXES or suffix == ".zip":
        yield Failure(identity, f"files of the kind {suffix or 'without a suffix'} inside a zip archive cannot be read")
        return
    beside = (archive.NameToInfo.get(f"{info.filename}{ending}") for ending in SIDECARS)
    sidecar = next(filter(None, beside), None)
    try:
        metadata = _read_member(archive, sidecar) if sidecar else None
    except DocumentUnreadable as error:
        yield Failure(identity, f"its metadata file: {error}")
        return
    yield SourceFile(identity, name, suffix, partial(_read_member, archive, info), metadata)


def demand_size(unpacked: int, packed: int, limit: int | None = None) -> None:
    """Raise ExpandsTooFar for what would be larger than `limit` (None: MAX_UNPACKED), or than packed text ever is; all
    in bytes."""
    limit = MAX_UNPACKED if limit is None else limit
    if unpacked > limit or unpacked > max(_HARMLESS, MAX_EXPANSION * packed):
        raise ExpandsTooFar(size=-(-unpacked // 2**20), limit=limit // 2**20, times=MAX_EXPANSION)


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    demand_size(info.file_size, info.compress_size)
    try:
        with archive.open(info) as member:
            data = member.read(MAX_UNPACKED + 1)
        demand_size(len(data), info.compress_size)  # whatever it said of itself
        return data
    except DocumentUnreadable:
        raise
    except RuntimeError as error:  # how zipfile says that a password is needed
        raise DocumentUnreadable(reason="it is locked with a password: unpack it by hand") from error
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise DocumentUnreadable(reason=f"this part of the zip archive is damaged ({error}): fetch it again") from error
    except Exception as error:  # zlib.error, lzma.LZMAError: one for each packing method
        raise DocumentUnreadable(
            reason=f"this part of the zip archive cannot be unpacked ({error}): fetch it again"
        ) from error


def _explain(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "you have no permission to read it: change its permissions or ask its owner"
    return f"it cannot be read ({error.strerror or error})"
