"""The vector index on a Chroma server: what of the vectors it holds, and how the writer brings it up to the truth.

The truth comes first, then the server, then the note in the truth of what the server has acknowledged. So at any moment
the server has at least the vectors that the note says, and whatever kills either of them, the next writer goes on from
the note. Passages' numbers are never used twice, so storing one again changes nothing, and one that was removed can be
passed over when it is found. What a server has lost all the same is seen by counting, and sent again from the truth.
"""

import json
import logging
import secrets
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from shawahid.ingest.embedders.base import Vectors
from shawahid.ingest.errors import VectorServerFailed
from shawahid.ingest.store import catalogue, embeddings
from shawahid.ingest.store.database import Connection, Database
from shawahid.ingest.store.embeddings import Ids

from .vectors import CHECKED, ChromaServer, ServedCollection, lost_samples

_META = "served"
_BATCH: Final = 3_000  # vectors in one request
_MANY: Final = 64
"""So many vectors that the server lacks are sent while the rest is still being embedded. Not many more: `chroma run`
takes them into its graph when it is next asked, and whoever asks waits for that."""

_log = logging.getLogger("shawahid.served")


@dataclass(frozen=True, slots=True)
class ServedRecord:
    """What a server holds of a library, as the library knows it.

    `collection` is a random name, so that libraries on one server have nothing in common; "" where nothing was sent
    yet. `last` is the last embedding that the server has acknowledged, `count` how many those were. `gone` are removed
    passages that it may still hold, `left` collections that nothing needs any more.
    """

    collection: str = ""
    last: int = 0
    count: int = 0
    gone: tuple[int, ...] = ()
    left: tuple[str, ...] = ()


def read_served(db: Connection) -> ServedRecord:
    """What is noted of the server."""
    stored: dict[str, Any] = json.loads(catalogue.get_meta(db, _META) or "{}")
    return ServedRecord(**{**stored, **{name: tuple(stored.get(name, ())) for name in ("gone", "left")}})


def note_removed(db: Connection, text_ids: Collection[int]) -> None:
    """Note that texts are about to lose their passages, in the transaction in which they do."""
    record = read_served(db)
    if record.collection:
        gone = embeddings.embedded_in_texts(db, text_ids)
        _write(db, replace(record, gone=(*record.gone, *gone)))


def forget_served(db: Connection) -> None:
    """Note that the server holds nothing of what the truth now holds."""
    record = read_served(db)
    if record.collection:
        _write(db, ServedRecord(left=(*record.left, record.collection)))


def drop_record(db: Connection) -> None:
    """Take the note out, for a copy that no server has."""
    catalogue.drop_meta(db, _META)


def _write(db: Connection, record: ServedRecord) -> None:
    catalogue.set_meta(db, _META, json.dumps(asdict(record)))


class Sender:
    """Brings a server up to the truth, for the one writer. Every method may raise VectorServerFailed."""

    def __init__(self, database: Database, server: ChromaServer) -> None:
        self.database = database
        self.server = server
        self._collection: ServedCollection | None = None

    def close(self) -> None:
        if self._collection is not None:
            self._collection.close()
            self._collection = None

    def send_if_many(self) -> None:
        """Send what is new, where that is much; a server that does not answer is left for later."""
        with self.database.reading() as db:
            behind = embeddings.last_sequence(db) - read_served(db).last
        if behind >= _MANY:
            try:
                self._send(self._opened())
            except VectorServerFailed as error:
                self.close()
                _log.warning("the vectors are sent later: %s", error)

    def settle(self) -> None:
        """Bring the server up to the truth, and see that it is: what it has lost is sent again."""
        try:
            collection = self._opened()
            try:
                self._send(collection)
                if not self._whole(collection):
                    self._mend(collection)
                whole = self._whole(collection)
            except VectorServerFailed:
                if not self._damaged(collection, self._last()):  # it passed by itself
                    raise
                whole = False
            if not whole or self._damaged(collection, self._last()):
                _log.warning("the vector index at %s is damaged: it is made anew", self.server.address)
                self.make_anew()
        finally:
            self.close()

    def make_anew(self) -> None:
        """Send everything into a new collection, and let readers have it when it is whole. The old one is taken away
        by the next writer, for readers may still hold it."""
        name = _new_name()
        with self.database.writing() as db:  # noted before it is there: half made, the next writer takes it away
            old = read_served(db)
            _write(db, replace(old, left=(*old.left, name)))
        collection = ServedCollection(self.server, name, create=True)
        try:
            last = 0
            while batch := self._batch(last):
                last = batch[0]
                collection.put(*batch[1:])
            if self._damaged(collection, last):
                problem = "it does not find what was just put in"
                raise VectorServerFailed(address=self.server.address, problem=problem)
            with self.database.writing() as db:
                record = read_served(db)
                left = tuple(other for other in (*record.left, record.collection) if other not in ("", name))
                _write(db, ServedRecord(name, last, embeddings.count_embeddings_up_to(db, last), (), left))
        finally:
            collection.close()

    def _opened(self) -> ServedCollection:
        """The collection, made where it is not there; and others that nothing needs taken away."""
        if self._collection is None:
            with self.database.writing() as db:
                record = read_served(db)
                if not record.collection:
                    record = replace(record, collection=_new_name())
                    _write(db, record)
            self._collection = ServedCollection(self.server, record.collection, create=True)
            for name in record.left:
                self._collection.drop(name)
            if record.left:
                self._note(left=())
        return self._collection

    def _send(self, collection: ServedCollection) -> None:
        """Store what is new and take out what was removed, noting what was acknowledged."""
        with self.database.reading() as db:
            record = read_served(db)
        last = record.last
        while batch := self._batch(last):
            last = batch[0]
            collection.put(*batch[1:])
            self._note(last=last)
        if record.gone:
            collection.remove(record.gone)
            self._note(gone=())

    def _whole(self, collection: ServedCollection) -> bool:
        with self.database.reading() as db:
            return collection.count() == embeddings.count_embeddings_up_to(db, read_served(db).last)

    def _mend(self, collection: ServedCollection) -> None:
        """Send again what is missing, and take out what should not be there."""
        held = set(collection.ids())
        with self.database.reading() as db:
            expected = embeddings.embedded_up_to(db, read_served(db).last)
            missing = sorted(expected - held)
            _log.warning("%s lacks %d of %d vectors: they are sent again", self.server.address, len(missing), len(held))
            for start in range(0, len(missing), _BATCH):
                collection.put(*embeddings.embeddings_of_passages(db, missing[start : start + _BATCH]))
        collection.remove(sorted(held - expected))

    def _damaged(self, collection: ServedCollection, last: int) -> bool:
        """Whether the server is there, but neither counts nor searches, or finds too little of what it holds up to
        `last`."""
        with self.database.reading() as db:
            samples = embeddings.sample_embeddings(db, last, CHECKED)
        try:
            collection.count()
            return bool(lost_samples(collection, samples))
        except VectorServerFailed:
            ServedCollection(self.server, collection.name, create=True).close()  # raises where the server is down
            return True

    def _last(self) -> int:
        with self.database.reading() as db:
            return read_served(db).last

    def _batch(self, after: int) -> tuple[int, Ids, Vectors] | None:
        with self.database.reading() as db:
            batch = embeddings.next_embeddings(db, after, _BATCH)
        return batch if len(batch[1]) else None

    def _note(self, **changes: Any) -> None:
        with self.database.writing() as db:
            record = replace(read_served(db), **changes)
            _write(db, replace(record, count=embeddings.count_embeddings_up_to(db, record.last)))


def _new_name() -> str:
    return f"shawahid-{secrets.token_hex(8)}"
