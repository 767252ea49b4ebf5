"""Publishing: a library written as a snapshot, beside the versions that are published already.

A version is written under another name, then renamed, and only then named by the pointer, which is replaced in one
step: a reader finds a whole version, whenever it looks. snapshot.py has the format, and reads it.
"""

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from shawahid.ingest.indexes import served
from shawahid.ingest.indexes.vectors import CHROMA_TRUTH, build_generation, generation_hashes, remove_folder
from shawahid.ingest.indexes.view import (
    EXACT_LIMIT,
    GenerationRecord,
    generation_folder,
    read_generation,
    words_folder,
)
from shawahid.ingest.store import catalogue, embeddings, jobs
from shawahid.ingest.store.database import Database, copy_database
from shawahid.ingest.store.hashes import file_hash
from shawahid.ingest.types import LIBRARY_FILE

from .errors import LibraryUnwritable
from .library import Library
from .snapshot import MANIFEST, POINTER, VERSIONS
from .writer import Writer, locked

KEPT_VERSIONS: Final = 2
_BUILD_BATCH: Final = 5_000  # vectors


@dataclass(frozen=True, slots=True)
class Published:
    """A version that was published: its name, where it lies, and how many bytes it has."""

    version: str
    folder: Path
    size: int


def publish(library: Library, destination: str | Path, *, keep: int = KEPT_VERSIONS) -> Published:
    """Write a library as it is now into a new version under `destination`, and keep the last `keep` versions there.

    Nothing can be written to the library meanwhile. Raises LibraryBusy, LibraryReadOnly or LibraryUnwritable.
    """
    place = Path(destination).expanduser().absolute()
    versions = place / VERSIONS
    if (place / LIBRARY_FILE).exists():  # it could not be written any more
        raise LibraryUnwritable(path=place, problem="it is a library itself, not a place for its snapshots")
    with locked(library):
        Writer(library).close()  # what a killed writer left is healed, and the words are merged and at rest
        with LibraryUnwritable.explained(place):
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
    return Published(name, versions / name, size)


def _copy(library: Library, folder: Path) -> None:
    """The truth, without its note of a server and its uploads, and the indexes that go with it."""
    with library.view.database.explained():
        copy_database(library.view.database.path, folder / LIBRARY_FILE)
    with library.view.database.reading() as db:
        words = int(catalogue.get_meta(db, "words") or 0)
    source = words_folder(library.folder, words)
    shutil.copytree(source, words_folder(folder, words), ignore=shutil.ignore_patterns("*.lock"))
    copied = Database(folder)
    try:
        with copied.writing() as db:
            served.drop_record(db)
            jobs.drop_all_jobs(db)  # nobody's business but the server's that took them
        record = read_generation(copied)
        with copied.reading() as db:
            total, last = catalogue.count(db, "embeddings"), embeddings.last_sequence(db)
        if total > EXACT_LIMIT and (library.server or not _copied_generation(library, record, folder)):
            with copied.reading() as db:
                number = record.number + 1
                batches = embeddings.embedding_batches(db, _BUILD_BATCH)
                count = build_generation(generation_folder(folder, number), batches)
            hashes = generation_hashes(generation_folder(folder, number))
            record = GenerationRecord(number, last, count, hashes)
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
    if not record.number or not (source / CHROMA_TRUTH).exists():
        return False
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(f"{CHROMA_TRUTH}*"))
    copy_database(source / CHROMA_TRUTH, target / CHROMA_TRUTH)
    return True


def _write_manifest(folder: Path) -> tuple[str, int]:
    """Write down the hash of every file; returns that of what was written, and how many bytes there are in all."""
    files, size = {}, 0
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb+") as file:
            os.fsync(file.fileno())
        files[path.relative_to(folder).as_posix()] = file_hash(path)
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
