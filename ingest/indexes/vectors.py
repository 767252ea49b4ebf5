"""The vector index: Chroma collections, in folders or on a server, and the exact search that stands beside them.

Killed while it writes, an embedded Chroma can lose its index, and another process never sees what is added later. So a
generation is built in a fresh folder, checked, named in the database, and never written again. Vectors younger than it
are searched exactly, from the database, until they are worth a new generation. A server has neither fault: there one
collection is written again and again (served.py). The only importer of chromadb.
"""

import ipaddress
import logging
import os
import shutil
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import quote, urlsplit

import numpy as np

from shawahid.ingest.embedders.base import Vectors
from shawahid.ingest.errors import ChromaAddressInvalid, VectorServerFailed
from shawahid.ingest.network import demand_network
from shawahid.ingest.store.database import content_hash
from shawahid.ingest.store.embeddings import Ids, similarities
from shawahid.ingest.store.hashes import file_hash

from .native import panics_as_errors

if TYPE_CHECKING:
    import httpx
    from chromadb.api.client import Client

COLLECTION = "passages"
CHROMA_VARIABLE = "SHAWAHID_CHROMA"
CHROMA_TRUTH: Final = "chroma.sqlite3"
_PERSISTED: Final = "index_metadata.pickle"
_OPENED_NOTE: Final = "acquire_write"  # the table that grows with each opening
_WRITE_BATCH: Final = 5_000  # Chroma takes at most 5,461 records a write
_SENT_AT_ONCE: Final = 300  # and Chroma Cloud at most 300
_CONNECT_SECONDS: Final = 5.0
_WRITER_SECONDS: Final = 60.0
CHECKED: Final = 20  # vectors that are tried after a build
_CHECKED_DEPTH: Final = 100  # passages among which each must be
_LOST_AT_MOST: Final = 3
"""One in so many may be lost: of vectors without order the graph leaves a tenth out of reach; a damaged one, most."""


def exact_search(question: Vectors, ids: Ids, vectors: Vectors, depth: int) -> dict[int, float]:
    """The `depth` nearest of `vectors` to `question` (1, dimensions) by cosine: id to similarity, nearest first."""
    if not len(ids):
        return {}
    similarity = similarities(vectors, question)
    nearest = np.argpartition(-similarity, min(depth, len(ids)) - 1)[:depth]
    nearest = nearest[np.argsort(-similarity[nearest], kind="stable")]
    return {int(ids[index]): float(similarity[index]) for index in nearest}


@dataclass(frozen=True, slots=True)
class Recent:
    """Vectors made after `base` and up to `last`, held in memory; `total`: how many the library held then, of all."""

    base: int
    last: int
    total: int
    ids: Ids
    vectors: Vectors

    def with_more(self, last: int, ids: Ids, vectors: Vectors) -> "Recent":
        total = self.total + len(ids)
        if not len(self.ids):
            return Recent(self.base, last, total, ids, vectors)
        if not len(ids):
            return Recent(self.base, last, total, self.ids, self.vectors)
        return Recent(self.base, last, total, np.concatenate([self.ids, ids]), np.concatenate([self.vectors, vectors]))


class Collection:
    """A Chroma collection, opened by the same code whether it lies in a folder or on a server."""

    def __init__(self, client: "Client", collection: Any) -> None:
        self._client = client
        self._collection = collection
        self._closing = weakref.finalize(self, _close, client)
        self._closing.atexit = False

    def search(self, question: Vectors, depth: int) -> dict[int, float]:
        """The `depth` nearest passages to `question` (1, dimensions): id to cosine similarity, nearest first."""
        with panics_as_errors():
            found = self._collection.query(query_embeddings=question, n_results=depth, include=["distances"])
        distances = (found["distances"] or [[]])[0]
        return {int(id_): 1.0 - float(distance) for id_, distance in zip(found["ids"][0], distances, strict=True)}

    def count(self) -> int:
        with panics_as_errors():
            return int(self._collection.count())

    def ids(self, page: int = _WRITE_BATCH) -> Iterator[int]:
        """Every passage id in the collection."""
        for offset in range(0, self.count(), page):
            with panics_as_errors():
                ids = self._collection.get(limit=page, offset=offset, include=[])["ids"]
            yield from map(int, ids)

    def close(self) -> None:
        """Let go of it; otherwise that happens when nobody holds it any more."""
        self._closing()


class Generation(Collection):
    """One finished Chroma collection in a folder of its own, opened for reading."""

    def __init__(self, folder: Path, hashes: Mapping[str, str] | None = None) -> None:
        """`hashes` are those of its files when it was built: native code must load no other, for that can crash.

        Raises FileNotFoundError, or ValueError where a file is not the one that was built.
        """
        if not folder.is_dir():  # opening would make an empty one
            raise FileNotFoundError(folder)
        if hashes and (changed := hashes.items() ^ generation_hashes(folder).items()):
            raise ValueError(f"{', '.join(sorted({name for name, _ in changed}))}: not as it was built")
        self.folder = folder
        with panics_as_errors():
            client = _client(folder)
            super().__init__(client, client.get_collection(COLLECTION, embedding_function=None))
        self._count = super().count()  # it takes three plain queries, and never changes

    def search(self, question: Vectors, depth: int) -> dict[int, float]:
        return super().search(question, min(depth, self._count))

    def count(self) -> int:
        return self._count


@dataclass(frozen=True, slots=True)
class ChromaServer:
    """Where a Chroma server is, and as whom it is asked. `token` goes to that server, in a header."""

    address: str
    tenant: str = "default_tenant"
    database: str = "default_database"
    token: str | None = field(default=None, repr=False)

    @classmethod
    def at(cls, address: str) -> "ChromaServer":
        """The server at http(s)://host:port, with what else the environment says. Raises ChromaAddressInvalid."""
        try:
            parts = urlsplit(address)
            whole = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
        except ValueError:  # of a port that is none
            whole = False
        if not whole or parts.path.strip("/") or parts.query or parts.username:
            raise ChromaAddressInvalid(value=address)
        named = {name: os.environ.get(f"{CHROMA_VARIABLE}_{name.upper()}") for name in ("tenant", "database", "token")}
        return cls(address.rstrip("/"), **{name: value for name, value in named.items() if value})

    @property
    def host(self) -> str:
        return urlsplit(self.address).hostname or ""

    @property
    def loopback(self) -> bool:
        """Whether nothing that is sent there leaves this machine."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:  # a name
            return False

    def demand_network(self, *, local: bool = False) -> None:
        """Raise LocalOnly where the server is elsewhere and nothing may be sent."""
        if not self.loopback:
            demand_network("the vector index", self.host, local=local)


class ServedCollection(Collection):
    """A Chroma collection on a server, which any number of processes read while one writes.

    Whatever goes wrong is a VectorServerFailed.
    """

    def __init__(
        self, server: ChromaServer, name: str, *, create: bool = False, patience: float = _WRITER_SECONDS
    ) -> None:
        """`patience`: how many seconds it is waited for each answer."""
        server.demand_network()
        self.server = server
        self.name = name
        with self._explained():
            client = _server_client(server, patience)
            try:
                if create:
                    # Nothing but the metric: a cluster has another kind of index, with other settings.
                    space: Any = {"hnsw": {"space": "cosine"}}
                    collection = client.get_or_create_collection(name, embedding_function=None, configuration=space)
                else:
                    collection = client.get_collection(name, embedding_function=None)
            except BaseException:
                _close(client)
                raise
        super().__init__(client, collection)

    def search(self, question: Vectors, depth: int) -> dict[int, float]:
        with self._explained():
            return super().search(question, depth)

    def count(self) -> int:
        with self._explained():
            return super().count()

    def ids(self, page: int = _SENT_AT_ONCE) -> Iterator[int]:
        with self._explained():
            yield from super().ids(page)

    def put(self, ids: Ids, vectors: Vectors) -> None:
        """Store vectors under passage ids, over what is there already."""
        with self._explained():
            for start in range(0, len(ids), _SENT_AT_ONCE):
                part = slice(start, start + _SENT_AT_ONCE)
                self._collection.upsert(ids=[str(id_) for id_ in ids[part]], embeddings=vectors[part])

    def remove(self, ids: Sequence[int]) -> None:
        """Take passages out, where they are there."""
        with self._explained():
            for start in range(0, len(ids), _SENT_AT_ONCE):
                self._collection.delete(ids=[str(id_) for id_ in ids[start : start + _SENT_AT_ONCE]])

    def drop(self, name: str) -> None:
        """Take another collection off the server, if it is there."""
        from chromadb.errors import NotFoundError

        with self._explained(), suppress(NotFoundError):
            self._client.delete_collection(name)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except VectorServerFailed:
            raise
        except Exception as error:  # whatever Chroma, its client or the network raise
            raise VectorServerFailed(address=self.server.address, problem=str(error) or type(error).__name__) from error


def build_generation(folder: Path, batches: Iterable[tuple[Ids, Vectors]]) -> int:
    """Build a collection in `folder`, which must not exist, and check it. Returns how many vectors it holds.

    Raises RuntimeError where the finished collection does not give back what was put in.
    """
    folder.mkdir(parents=True)
    client = _client(folder)
    try:
        collection = client.create_collection(
            COLLECTION,
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "sync_threshold": _WRITE_BATCH}},
        )
        total, samples = 0, []
        for ids, vectors in batches:
            for start in range(0, len(ids), _WRITE_BATCH):
                part = slice(start, start + _WRITE_BATCH)
                collection.add(ids=[str(id_) for id_ in ids[part]], embeddings=vectors[part])
            total += len(ids)
            samples.append((int(ids[0]), vectors[:1]))
    finally:
        client.close()
    check_generation(folder, total, samples)
    return total


def generation_hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file of a generation, by its name in the folder.

    Chroma notes in its database that it was opened, so of that the rows are hashed, without that note. An index too
    small to be written out (it has no _PERSISTED) is made anew in its folder at each opening, from that database.
    """
    hashes = {CHROMA_TRUTH: content_hash(folder / CHROMA_TRUTH, _OPENED_NOTE)}
    for written in sorted(folder.glob(f"*/{_PERSISTED}")):
        for path in sorted(written.parent.iterdir()):
            hashes[path.relative_to(folder).as_posix()] = file_hash(path)
    return hashes


def check_generation(folder: Path, total: int, samples: list[tuple[int, Vectors]]) -> None:
    """Raise RuntimeError where a generation does not hold `total` vectors, or does not find passages by their own."""
    generation = Generation(folder)
    try:
        if generation.count() != total:
            raise RuntimeError(f"the new vector index holds {generation.count()} of {total} vectors")
        if lost := lost_samples(generation, samples[:: max(1, len(samples) // CHECKED)]):
            raise RuntimeError(f"the new vector index does not find passages {lost} by their own vectors")
    finally:
        generation.close()


def lost_samples(collection: Collection, samples: Sequence[tuple[int, Vectors]]) -> list[int]:
    """The passages that are not found by their own vectors (1, dimensions), where that are more than may be."""
    # Equal texts have equal vectors, so another passage may stand in one's place.
    found = [collection.search(vector, _CHECKED_DEPTH) for _, vector in samples]
    lost = [
        id_
        for (id_, _), near in zip(samples, found, strict=True)
        if id_ not in near and min(near.values(), default=0.0) < 0.999
    ]
    return lost if len(lost) * _LOST_AT_MOST > len(samples) else []


def remove_folder(folder: Path) -> None:
    """Take away a generation that nothing names any more."""
    shutil.rmtree(folder, ignore_errors=True)


def _client(folder: Path) -> "Client":
    settings = _settings()
    import chromadb

    return cast("Client", chromadb.PersistentClient(path=str(folder), settings=settings))


def _server_client(server: ChromaServer, patience: float) -> "Client":
    settings = _settings()
    import chromadb
    import httpx

    parts = urlsplit(server.address)
    headers = {"x-chroma-token": server.token, "Authorization": f"Bearer {server.token}"} if server.token else {}
    # Chroma's own client waits for ever, from its first request on, and leaves connections open where that fails.
    place = f"{server.address}/api/v2/tenants/{quote(server.tenant)}/databases/{quote(server.database)}"
    httpx.get(place, headers=headers, timeout=_CONNECT_SECONDS).raise_for_status()
    client = chromadb.HttpClient(
        host=server.host,
        port=parts.port or (443 if parts.scheme == "https" else 80),
        ssl=parts.scheme == "https",
        headers=headers,
        settings=settings,
        tenant=server.tenant,
        database=server.database,
    )
    for session in _sessions(client):
        session.timeout = httpx.Timeout(patience, connect=_CONNECT_SECONDS)
    return cast("Client", client)


def _sessions(client: Any) -> "list[httpx.Client]":
    """The connections of a client of a server, its own and those it administers by: Chroma neither bounds nor closes
    them."""
    servers = [getattr(part, "_server", None) for part in (client, getattr(client, "_admin_client", None))]
    return [session for server in servers if (session := getattr(server, "_session", None))]


def _close(client: "Client") -> None:
    client.close()
    for session in _sessions(client):
        session.close()


def _settings() -> Any:
    # Telemetry is off before chromadb is imported, and its logger says nothing of it.
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    logging.getLogger("chromadb.telemetry").setLevel(logging.CRITICAL)
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False, allow_reset=False)
