"""One library as it is opened: the truth, and the two indexes derived from it, each opened when it is first needed."""

import json
import logging
import shutil
import threading
import time
import weakref
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

import numpy as np

from shawahid.ingest.embedders.base import Vectors
from shawahid.ingest.errors import VectorServerFailed
from shawahid.ingest.store import browse, catalogue, embeddings, seals
from shawahid.ingest.store.database import Connection, Database

from .lexical import LexicalReader
from .served import ServedRecord, read_served
from .vectors import ChromaServer, Collection, Generation, Recent, ServedCollection, exact_search, lost_samples

EXACT_LIMIT: Final = 20_000
"""Up to so many vectors an exact search of all is quicker than loading Chroma (2 s), and misses nothing."""

EXACT_AT_MOST: Final = 200_000
"""Up to so many vectors are searched exactly where a server does not answer: 300 MB, and a tenth of a second each."""

_PAUSE: Final = 5.0  # seconds until a server that did not answer is asked again
_PATIENCE: Final = 10.0  # seconds that a question waits for it
_TRUSTED: Final = 60.0  # seconds until one that answers is counted again: it may have been killed and started unnoticed
_SAMPLES: Final = 10  # vectors that a server is tried with

_log = logging.getLogger("shawahid.library")


@dataclass(frozen=True, slots=True)
class GenerationRecord:
    """The Chroma generation in use: its folder, the last embedding in it, how many it holds, and the hashes of its
    files; none where it was built before format 4."""

    number: int = 0
    last: int = 0
    count: int = 0
    files: dict[str, str] = field(default_factory=dict)


class View:
    """What is opened of one library. Threads may share it."""

    def __init__(self, database: Database, server: ChromaServer | None = None) -> None:
        self.database = database
        self.folder = database.folder
        self.server = server
        self.browser = browse.Browser()
        self._guard = threading.Lock()
        self._words: tuple[int, LexicalReader] | None = None
        self._generation: Generation | None = None
        self._served: tuple[ServedRecord, float, ServedCollection] | None = None
        self._lost: tuple[float, VectorServerFailed] | None = None
        self._recent = Recent(-1, 0, 0, np.zeros(0, np.int64), np.zeros((0, 0), np.float32))

    @property
    def view(self) -> "View":
        """Itself: a library that is not a snapshot has this one view."""
        return self

    @property
    def read_only(self) -> bool:
        """Whether nothing of it can be written: a snapshot, or a folder without permission."""
        return self.database.read_only

    def pinned(self) -> AbstractContextManager[None]:
        """Nothing to hold: it never goes over to another version."""
        return nullcontext()

    def demand_complete(self) -> None:
        """Raises LibraryDamaged where rows of the truth are gone, so that nothing is answered without them."""
        with self.database.reading() as db:
            seals.demand_complete(db)

    def close(self) -> None:
        for collection in (self._generation, self._served[2] if self._served else None):
            if collection is not None:
                collection.close()
        self._generation = self._served = None
        self.database.close()

    # words

    def words(self) -> LexicalReader | None:
        """The lexical index as it now stands; None where nothing was ever ingested."""
        with self.database.reading() as db:
            number = int(catalogue.get_meta(db, "words") or 0)
        if not number:
            return None
        with self._guard:
            if self._words is None or self._words[0] != number:
                place = self._openable(words_folder(self.folder, number))
                self._words = (number, LexicalReader(place, self.folder))
            self._words[1].reload()
            return self._words[1]

    # vectors

    def nearest(self, question: Vectors, depth: int) -> dict[int, float]:
        """The best `depth` of all passages, the best first, and perhaps some more.

        Raises VectorServerFailed where a server does not answer and there are too many to search without it.
        """
        with self.database.reading() as db:
            record = self.derived(db)
            found: dict[int, float] | None = {}
            base = record.last if record.count > EXACT_LIMIT else 0
            if base:
                found = (
                    self._search_server(record, question, depth)
                    if isinstance(record, ServedRecord)
                    else self._search_generation(record, question, depth)
                )
            recent = self._recent_after(db, base if found is not None else 0)
        near = exact_search(question, recent.ids, recent.vectors, depth)
        return dict(sorted({**near, **found}.items(), key=lambda item: -item[1])) if found else near

    def derived(self, db: Connection) -> GenerationRecord | ServedRecord:
        """The Chroma index that is searched: the server's where there is one that has something, else the last
        generation."""
        record = read_served(db) if self.server else ServedRecord()
        return record if record.count else read_generation(self.database)

    def _recent_after(self, db: Connection, base: int) -> Recent:
        """The vectors made after `base`, which are searched exactly."""
        total, last = catalogue.count(db, "embeddings"), embeddings.last_sequence(db)
        with self._guard:
            recent = self._recent
            if (recent.base, recent.last, recent.total) != (base, last, total):
                more = embeddings.embeddings_after(db, recent.last) if recent.base == base else None
                if more and last > recent.last and recent.total + len(more[0]) == total:
                    recent = recent.with_more(last, *more)
                else:  # something was removed, or this reader looks at an older state than another
                    recent = Recent(base, last, total, *embeddings.embeddings_after(db, base))
                self._recent = recent
        return recent

    def _search_generation(self, record: GenerationRecord, question: Vectors, depth: int) -> dict[int, float]:
        folder = generation_folder(self.folder, record.number)
        try:
            with self._guard:
                if self._generation is None or self._generation.folder != folder:
                    if self._generation is not None:
                        self._generation.close()
                    self._generation = Generation(self._openable(folder, copied=True), record.files)
                    self._generation.folder = folder
                generation = self._generation
            return self._search(generation, question, depth)
        except Exception as error:  # whatever Chroma raises; the truth still has every vector
            _log.warning("vector index %s cannot be used (%s): searching exactly; run shawahid rebuild", folder, error)
            with self.database.reading() as db:
                return exact_search(question, *embeddings.embeddings_after(db, 0), depth)

    def _search_server(self, record: ServedRecord, question: Vectors, depth: int) -> dict[int, float] | None:
        """What the server finds; None where it does not answer and all can be searched without it."""
        try:
            return self._search(self._connected(record), question, depth)
        except VectorServerFailed as error:
            with self._guard:
                if self._lost is None or self._lost[1] is not error:
                    _log.warning("searching without the server: %s", error)
                    self._lost, self._served = (time.monotonic() + _PAUSE, error), None
            with self.database.reading() as db:
                if catalogue.count(db, "embeddings") > EXACT_AT_MOST:
                    raise
            return None

    def _connected(self, record: ServedRecord) -> ServedCollection:
        """The server's collection, which holds at least what is noted: counted and tried when it is first asked, when
        it is asked again after a failure, whenever more has been sent, and once a minute."""
        with self._guard:
            if self._lost and time.monotonic() < self._lost[0]:
                raise self._lost[1]
            known = self._served
            if known is None or known[0] != record or time.monotonic() > known[1] + _TRUSTED:
                assert self.server is not None
                same = known is not None and known[2].name == record.collection
                collection = (
                    known[2] if known and same else ServedCollection(self.server, record.collection, patience=_PATIENCE)
                )
                self._demand_whole(collection)
                known = self._served = (record, time.monotonic(), collection)
            self._lost = None
            return known[2]

    def _demand_whole(self, collection: ServedCollection) -> None:
        """Raises VectorServerFailed where the server has lost vectors, as seen from the newest truth, or does not find
        them."""
        for _ in range(2):  # something may be removed between the two countings
            with self.database.watching() as (db, _version):
                last = read_served(db).last
                expected = embeddings.count_embeddings_up_to(db, last)
                samples = embeddings.sample_embeddings(db, last, _SAMPLES)
            held = collection.count()
            if held >= expected and not lost_samples(collection, samples):
                return
        problem = f"it holds {held} of {expected} vectors, or does not find them, which the next ingest mends"
        raise VectorServerFailed(address=collection.server.address, problem=problem)

    def _search(self, collection: Collection, question: Vectors, depth: int) -> dict[int, float]:
        wanted = depth
        while True:  # some of it may have been removed since it was built: it is asked deeper until enough is there
            found = collection.search(question, wanted)
            with self.database.reading() as db:
                present = catalogue.present_passages(db, found)
            if len(present) >= depth or len(found) < wanted:
                return {id_: near for id_, near in found.items() if id_ in present}
            wanted *= 2

    # a published snapshot

    def _openable(self, folder: Path, *, copied: bool = False) -> Path:
        """Where an index can be opened: of a snapshot elsewhere, because tantivy makes a file beside what it reads,
        and Chroma writes into its own (`copied`)."""
        if not self.database.read_only:
            return folder
        if not folder.is_dir():
            return folder  # whoever opens it says that it is missing
        place = self._scratch / folder.parent.name / folder.name
        if not place.exists():
            copy = shutil.copyfile if copied else _link
            shutil.copytree(folder, place, ignore=shutil.ignore_patterns("*.lock"), copy_function=copy)
        return place

    @cached_property
    def _scratch(self) -> Path:
        """A folder that goes with this view."""
        place = mkdtemp(prefix="shawahid-snapshot-")
        weakref.finalize(self, shutil.rmtree, place, ignore_errors=True)
        return Path(place)


def _link(source: str, target: str) -> str:
    Path(target).symlink_to(source)
    return target


def read_generation(database: Database) -> GenerationRecord:
    with database.reading() as db:
        stored = catalogue.get_meta(db, "generation")
    return GenerationRecord(**json.loads(stored)) if stored else GenerationRecord()


def words_folder(folder: Path, number: int) -> Path:
    return folder / "words" / str(number)


def generation_folder(folder: Path, number: int) -> Path:
    return folder / "vectors" / str(number)
