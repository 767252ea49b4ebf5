"""Paths, folders and zip archives to single files to read."""

import os
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePosixPath

from .errors import DocumentUnreadable
from .types import Failure, SourceFile

SUFFIXES = (".txt", ".md", ".html", ".htm", ".pdf", ".docx", ".json", ".jsonl", ".csv", ".zip")
LIBRARY_FILE = "library.sqlite"
MAX_FILE_BYTES = 512 * 1024 * 1024
MAX_EXPANSION = 100
"""How many times its packed size an archive member may have; text packs 3 to 15 times."""

_SIDECARS = (".meta.yaml", ".meta.yml", ".meta.json")
# Files that stand beside articles and are about the folder; named outright, they are taken.
_ABOUT_THE_FOLDER = {"readme", "license", "licence", "copying", "changelog", "contributing", "notice"}


def walk(path: Path) -> Iterator[SourceFile | Failure]:
    """Every file to read under `path`, which exists; what cannot be read comes as a Failure, and the rest goes on."""
    if path.is_dir():
        yield from _walk_folder(path)
    else:
        yield from _open_file(path)


def _walk_folder(folder: Path) -> Iterator[SourceFile | Failure]:
    refused: list[Failure] = []

    def note_refusal(error: OSError) -> None:
        refused.append(Failure(str(error.filename), _explain(error)))

    for directory, folders, files in os.walk(folder, onerror=note_refusal):
        if LIBRARY_FILE in files:  # a library, which holds no articles in files
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "__MACOSX")
        for name in sorted(files):
            stem = name.split(".")[0].lower()
            if not name.startswith(".") and not name.endswith(_SIDECARS) and stem not in _ABOUT_THE_FOLDER:
                yield from _open_file(Path(directory) / name)
    yield from refused


def _open_file(path: Path) -> Iterator[SourceFile | Failure]:
    source, suffix = str(path.resolve()), path.suffix.lower()
    if suffix == ".zip":
        yield from _open_zip(path, source)
    elif suffix not in SUFFIXES:
        yield Failure(
            source,
            f"files of the kind {suffix or 'without a suffix'} cannot be read: use {', '.join(SUFFIXES)}",
        )
    else:
        try:
            yield SourceFile(source, path.name, suffix, partial(_read, path), _sidecar(path))
        except OSError as error:
            yield Failure(source, _explain(error))


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise DocumentUnreadable(
                reason=f"it is larger than {MAX_FILE_BYTES // 2**20} MB: split it into smaller files"
            )
        return path.read_bytes()
    except OSError as error:
        raise DocumentUnreadable(reason=_explain(error)) from error


def _sidecar(path: Path) -> bytes | None:
    for candidate in (
        *(path.name + ending for ending in _SIDECARS),
        *(path.stem + ending for ending in _SIDECARS),
    ):
        beside = path.with_name(candidate)
        if beside.is_file():
            return beside.read_bytes()
    return None


def _open_zip(path: Path, source: str) -> Iterator[SourceFile | Failure]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if _is_article(info)]
            names = {info.filename for info in archive.infolist()}
            for info in members:
                yield from _open_member(archive, info, names, path, source)
    except (zipfile.BadZipFile, EOFError) as error:
        yield Failure(source, f"the zip archive is damaged or cut short ({error}): fetch it again")
    except OSError as error:
        yield Failure(source, _explain(error))


def _is_article(info: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(info.filename).parts
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    about = parts[-1].split(".")[0].lower() in _ABOUT_THE_FOLDER if parts else True
    return not (info.is_dir() or hidden or about or info.filename.endswith(_SIDECARS))


def _open_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, names: set[str], path: Path, source: str
) -> Iterator[SourceFile | Failure]:
    member = PurePosixPath(info.filename)
    identity, name, suffix = (
        f"{source}/{info.filename}",
        f"{path.name}/{info.filename}",
        member.suffix.lower(),
    )
    if suffix not in SUFFIXES or suffix == ".zip":
        yield Failure(identity, f"files of the kind {suffix or 'without a suffix'} inside a zip archive cannot be read")
        return
    sidecar = next(
        (archive.read(f"{info.filename}{ending}") for ending in _SIDECARS if f"{info.filename}{ending}" in names),
        None,
    )
    yield SourceFile(identity, name, suffix, partial(_read_member, archive, info), sidecar)


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.file_size > 2**20 and info.file_size > MAX_EXPANSION * max(info.compress_size, 1):
        raise DocumentUnreadable(
            reason=f"it would expand {info.file_size // max(info.compress_size, 1)} times, which articles never do: "
            "unpack it by hand if you trust it"
        )
    if info.file_size > MAX_FILE_BYTES:
        raise DocumentUnreadable(reason=f"it is larger than {MAX_FILE_BYTES // 2**20} MB: split it into smaller files")
    try:
        return archive.read(info)
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
