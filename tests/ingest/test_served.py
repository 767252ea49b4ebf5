"""The vector index behind a real Chroma server: the same results, many readers, and what is healed after a kill."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import numpy as np
import pytest

from shawahid.assistant.settings import LocalOnly, load_settings, open_library
from shawahid.ingest.check import _check_server, check
from shawahid.ingest.errors import ChromaAddressInvalid, VectorServerFailed
from shawahid.ingest.indexes import served, view
from shawahid.ingest.indexes.served import Sender, ServedRecord, read_served
from shawahid.ingest.indexes.vectors import ChromaServer, ServedCollection, exact_search
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest, rebuild, remove
from shawahid.ingest.store import embeddings
from shawahid.ingest.writer import writing

from ..conftest import DEMO, REPOSITORY, Run
from ..doubles.chroma_server import ChromaProcess, chroma_server
from ..doubles.waiting import eventually
from .test_vectors import agree, made

QUESTION = "متى تستأنف العبارة رحلاتها؟"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaProcess]:
    with chroma_server(tmp_path_factory.mktemp("chroma")) as running:
        yield running


@pytest.fixture(autouse=True)
def _through_chroma(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small libraries are searched as large ones are, and a server that was away is asked again at once."""
    monkeypatch.setattr(view, "EXACT_LIMIT", 0)
    monkeypatch.setattr(view, "_PAUSE", 0.0)


def nearest(library: Library) -> dict[int, float]:
    return library.search_meaning(library.embedder.embed_question(QUESTION), 5)


def exactly(library: Library) -> dict[int, float]:
    with library.view.database.reading() as db:
        return exact_search(library.embedder.embed_question(QUESTION), *embeddings.embeddings_after(db, 0), 5)


def record_of(library: Library) -> ServedRecord:
    with library.view.database.reading() as db:
        return read_served(db)


def held_by(server: ChromaProcess, library: Library) -> set[int]:
    """The passages that the server has of a library."""
    collection = ServedCollection(ChromaServer.at(server.address), record_of(library).collection)
    try:
        return set(collection.ids())
    finally:
        collection.close()


def embedded(library: Library) -> set[int]:
    with library.view.database.reading() as db:
        return embeddings.embedded_up_to(db, embeddings.last_sequence(db))


def names_on(server: ChromaProcess) -> set[str]:
    place = f"{server.address}/api/v2/tenants/default_tenant/databases/default_database/collections"
    return {collection["name"] for collection in httpx.get(place).json()}


def test_a_served_index_finds_what_the_exact_search_finds(demo_copy: Path, server: ChromaProcess) -> None:
    with Library.open(demo_copy, chroma=server.address) as library:
        rebuild(library)
        assert held_by(server, library) == embedded(library)
        assert agree(nearest(library), exactly(library))
        assert check(library) == []
        status = library.status()
        assert (status.chroma, status.indexed) == (server.address, status.embedded)


def test_before_anything_is_sent_the_generation_is_searched(demo_copy: Path, tmp_path: Path) -> None:
    with Library.open(demo_copy, chroma=ChromaProcess(tmp_path / "chroma").address) as library:
        assert library.status().indexed == library.status().embedded
        assert agree(nearest(library), exactly(library))
        assert check(library) == []


def test_what_is_ingested_and_removed_is_sent(tmp_path: Path, server: ChromaProcess) -> None:
    with Library.open(tmp_path / "library", create=True, chroma=server.address) as library:
        ingest(library, [DEMO])
        assert not (library.folder / "vectors").exists()
        before = record_of(library)
        assert held_by(server, library) == embedded(library)
        best = next(iter(nearest(library)))
        text_id = library.passages([best])[best].text_id
        remove(library, [row.id for row in library.articles() if row.text_id == text_id])
        assert best not in held_by(server, library)
        assert best not in nearest(library)
        assert held_by(server, library) == embedded(library)
        after = record_of(library)
        assert (after.collection, after.gone) == (before.collection, ())
        assert check(library) == []


def test_two_libraries_on_one_server_do_not_mix(tmp_path: Path, server: ChromaProcess) -> None:
    for name, files in (("one", DEMO / "09-ferry.txt"), ("two", DEMO / "07-correction.md")):
        with Library.open(tmp_path / name, create=True, chroma=server.address) as library:
            ingest(library, [files])
    with (
        Library.open(tmp_path / "one", chroma=server.address) as one,
        Library.open(tmp_path / "two", chroma=server.address) as two,
    ):
        assert record_of(one).collection != record_of(two).collection
        for library in (one, two):
            assert held_by(server, library) == embedded(library) == set(nearest(library))
            assert check(library) == []


def test_rebuilding_changes_the_collection_under_readers(demo_copy: Path, server: ChromaProcess) -> None:
    with (
        Library.open(demo_copy, chroma=server.address) as library,
        Library.open(demo_copy, chroma=server.address) as reader,
    ):
        rebuild(library)
        first = record_of(library).collection
        assert agree(nearest(reader), exactly(reader))
        rebuild(library)
        second = record_of(library)
        assert second.collection != first
        assert second.left == (first,)
        assert {first, second.collection} <= names_on(server)  # a reader may still hold the first
        assert agree(nearest(reader), exactly(reader))
        with writing(library) as writer:
            writer.build_vectors()
        assert first not in names_on(server)
        assert record_of(library).left == ()


def test_embedding_anew_leaves_nothing_behind(demo_copy: Path, server: ChromaProcess) -> None:
    with Library.open(demo_copy, chroma=server.address) as library:
        rebuild(library)
        rebuild(library, embedder=library.embedder_name)
        assert held_by(server, library) == embedded(library)
        assert check(library) == []


def test_a_writer_killed_before_its_note_sends_again(
    demo_copy: Path, server: ChromaProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is on the server and not yet noted is stored over itself; what was removed meanwhile is taken out."""
    with Library.open(demo_copy, chroma=server.address) as library:

        def die(sender: Sender, **changes: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched, writing(library) as writer:
            patched.setattr(served.Sender, "_note", die)
            with pytest.raises(KeyboardInterrupt):
                writer.build_vectors()
        assert record_of(library).last == 0
        assert held_by(server, library) == embedded(library)
        remove(library, [1])
        assert held_by(server, library) == embedded(library)
        assert check(library) == []


def test_a_half_made_collection_is_taken_away(
    demo_copy: Path, server: ChromaProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library.open(demo_copy, chroma=server.address) as library:
        rebuild(library)
        whole = record_of(library).collection

        def die(collection: ServedCollection, *batch: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(ServedCollection, "put", die)
            with pytest.raises(KeyboardInterrupt):
                rebuild(library)
        (half,) = record_of(library).left
        assert record_of(library).collection == whole
        assert half in names_on(server)
        rebuild(library)
        ingest(library, [DEMO])
        assert names_on(server).isdisjoint({half, whole})


@pytest.mark.parametrize("loss", ["some", "all", "strangers"])
def test_what_the_server_lost_is_seen_and_sent_again(demo_copy: Path, server: ChromaProcess, loss: str) -> None:
    with (
        Library.open(demo_copy, chroma=server.address) as library,
        Library.open(demo_copy, chroma=server.address) as reader,
    ):
        rebuild(library)
        collection = ServedCollection(ChromaServer.at(server.address), record_of(library).collection)
        if loss == "some":
            collection.remove(list(nearest(library)))
        elif loss == "all":
            collection.drop(record_of(library).collection)
        else:
            ids, vectors = made(3)
            collection.put(ids + 10_000, np.tile(vectors, 6))
        collection.close()
        if loss != "strangers":
            assert check(library) != []
        assert agree(nearest(reader), exactly(reader))  # it counts, and does without
        newest = embedded(library)
        ingest(library, [DEMO])
        assert embedded(library) == newest
        assert held_by(server, library) == embedded(library)
        assert check(library) == []


def test_a_server_killed_between_writes_loses_nothing(tmp_path: Path) -> None:
    files = sorted(DEMO.glob("0*.md"))
    with (
        chroma_server(tmp_path / "chroma") as server,
        Library.open(tmp_path / "library", create=True, chroma=server.address) as library,
        Library.open(tmp_path / "library", chroma=server.address) as reader,
    ):
        ingest(library, files[:2])
        assert agree_all(reader)
        server.kill()
        with pytest.raises(VectorServerFailed, match="Nothing is lost"):
            ingest(library, files[2:])
        assert library.status().articles == len(files)
        assert library.status().embedded == library.status().passages
        assert agree_all(reader)  # without the server, all of it
        server.start()
        ingest(library, files)
        assert held_by(server, library) == embedded(library)
        assert agree_all(reader)
        assert check(library) == []


@pytest.mark.parametrize("loss", ["cut off", "gone"])
def test_a_server_whose_graph_is_damaged_is_noticed_and_mended(tmp_path: Path, loss: str) -> None:
    from ..benchmarks.served import build, clustered  # which also imports this

    with chroma_server(tmp_path / "chroma") as server:
        build(tmp_path / "library", server.address, 2_000)
        server.kill()
        damaged = list((tmp_path / "chroma").rglob("*.bin"))
        assert damaged
        for path in damaged:
            if loss == "gone":
                path.unlink()
            elif path.name == "data_level0.bin":
                path.write_bytes(path.read_bytes()[:1_000])
        server.start()
        with Library.open(tmp_path / "library", chroma=server.address) as library:
            (question,) = clustered(1, seed=2)
            with library.view.database.reading() as db:
                exact = exact_search(question[None], *embeddings.embeddings_after(db, 0), 10)
            assert set(library.search_meaning(question[None], 10)) == set(exact)
            assert library.server
            Sender(library.view.database, library.server).settle()
            assert held_by(server, library) == embedded(library)
            with library.view.database.reading() as db:
                assert list(_check_server(db, library)) == []


def agree_all(library: Library) -> bool:
    """Whether the search finds every passage, as the exact search does."""
    question = library.embedder.embed_question(QUESTION)
    with library.view.database.reading() as db:
        exact = exact_search(question, *embeddings.embeddings_after(db, 0), 1_000)
    return set(library.search_meaning(question, 1_000)) == set(exact) == embedded(library)


def test_a_server_that_is_down(demo_copy: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    server = ChromaProcess(tmp_path / "chroma")
    with Library.open(demo_copy, chroma=server.address) as library:
        server.start()
        try:
            rebuild(library)
        finally:
            server.kill()
        assert agree(nearest(library), exactly(library))
        (problem,) = check(library)
        assert server.address in problem
        monkeypatch.setattr(view, "EXACT_AT_MOST", 3)
        with pytest.raises(VectorServerFailed, match=server.address):  # never "nothing found"
            nearest(library)


_ASKING = """
import json, sys, time
from shawahid.ingest.indexes import view
from shawahid.ingest.library import Library

view.EXACT_LIMIT = 0
import chromadb  # as in a process that has served for a while
with Library.open(sys.argv[1], chroma=sys.argv[2]) as library:
    vector = library.embedder.embed_question("ready")
    library.search_meaning(vector, 5)
    print("ready", flush=True)
    for line in sys.stdin:
        with library.reading():
            question = library.embedder.embed_question(json.loads(line))
            found = library.passages(library.search_meaning(question, 3))
            names = [library.names_of_text(passage.text_id)[0] for passage in found.values()]
        print(json.dumps(names), flush=True)
"""


class Reader:
    """A reading process, which is asked for the names of the articles nearest to a text."""

    def __init__(self, library: Path, address: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _ASKING, str(library), address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=REPOSITORY,
        )
        assert self._line() == "ready"

    def ask(self, text: str) -> list[str]:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(text) + "\n")
        self.process.stdin.flush()
        names: list[str] = json.loads(self._line())
        return names

    def _line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe
            pipe.close()


def write_articles(folder: Path, count: int) -> list[tuple[str, str]]:
    """Articles that no two are alike of, as (name, text)."""
    folder.mkdir()
    articles = []
    for number in range(count):
        text = f"أعلنت بلدية النورس أن الرصيف {number} يغلق {number + 3} أيام للصيانة.\nPier {number} of Nawras closes."
        articles.append((f"{number:04}.txt", text))
        (folder / articles[-1][0]).write_text(text, encoding="utf-8")
    return articles


def watch_ingest(folder: Path, address: str, count: int, kill: ChromaProcess | None = None) -> list[float]:
    """Ingest by one process while two others read: how many seconds after the commit of its vector each reader finds
    an article, for every tenth article. `kill`: the server dies meanwhile, and is started again."""
    articles = write_articles(folder / "articles", count)
    library = folder / "library"
    Library.open(library, create=True, chroma=address).close()
    readers = [Reader(library, address) for _ in range(2)]
    environment = {**os.environ, "SHAWAHID_CHROMA": address}
    command = [sys.executable, "-m", "shawahid", "--library", str(library), "ingest", str(folder / "articles")]
    delays: list[float] = []
    writer = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=subprocess.DEVNULL)
    try:
        with Library.open(library) as looking, ThreadPoolExecutor(len(readers)) as both:
            for place in range(0, count, 10):
                eventually(partial(_embedded_beyond, looking, place, writer), timeout=600)
                committed = time.monotonic()
                if kill and place == count // 20 * 10:
                    kill.kill()
                    threading.Timer(3.0, kill.start).start()
                found = partial(_until_found, name=articles[place][0], text=articles[place][1], committed=committed)
                delays += both.map(found, readers)
        writer.wait(timeout=600)
        for name, text in articles[:: max(1, count // 20)]:  # and all of it at the end
            assert all(name in reader.ask(text) for reader in readers), name
    finally:
        writer.kill()
        writer.wait()
        for reader in readers:
            reader.close()
    return delays


def _embedded_beyond(library: Library, place: int, writer: "subprocess.Popen[bytes]") -> bool:
    ended = writer.poll()
    embedded = library.status().embedded > place
    assert embedded or ended in (None, 0)
    return embedded


def _until_found(reader: Reader, name: str, text: str, committed: float) -> float:
    eventually(lambda: name in reader.ask(text), f"{name} is not found", timeout=60)
    return time.monotonic() - committed


def test_readers_find_an_article_soon_after_its_commit(tmp_path: Path, server: ChromaProcess) -> None:
    delays = watch_ingest(tmp_path, server.address, 40)
    assert len(delays) == 8
    assert max(delays) < 5.0
    with Library.open(tmp_path / "library", chroma=server.address) as library:
        assert check(library) == []


class _Recorder(BaseHTTPRequestHandler):
    """Hands every request on to the real server, and remembers its headers."""

    target = ""
    seen: list[dict[str, str]]

    def _hand_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.seen.append({name.lower(): value for name, value in self.headers.items()})
        headers = {"content-type": self.headers.get("content-type") or "application/json"}
        answer = httpx.request(self.command, self.target + self.path, content=body, headers=headers, timeout=30)
        self.send_response(answer.status_code)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    do_GET = do_POST = do_DELETE = do_PUT = _hand_on  # noqa: N815

    def log_message(self, *arguments: object) -> None:
        pass


def test_the_token_goes_with_every_request(
    demo_copy: Path, server: ChromaProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHAWAHID_CHROMA_TOKEN", "a-secret")
    handler = type("Handler", (_Recorder,), {"target": server.address, "seen": []})
    between = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=between.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{between.server_port}"
        with Library.open(demo_copy, chroma=address) as library:
            rebuild(library)
            nearest(library)
            assert "a-secret" not in repr(library.server)
    finally:
        between.shutdown()
        between.server_close()
    assert len(handler.seen) > 5  # type: ignore[attr-defined]
    for headers in handler.seen:  # type: ignore[attr-defined]
        assert (headers["x-chroma-token"], headers["authorization"]) == ("a-secret", "Bearer a-secret")


def test_tenant_and_database_are_asked_for(
    demo_copy: Path, server: ChromaProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHAWAHID_CHROMA_DATABASE", "of-its-own")
    with Library.open(demo_copy, chroma=server.address) as library:
        with pytest.raises(VectorServerFailed, match="of-its-own"):
            rebuild(library)
        httpx.post(f"{server.address}/api/v2/tenants/default_tenant/databases", json={"name": "of-its-own"})
        rebuild(library)
        assert record_of(library).collection not in names_on(server)
        assert check(library) == []


def test_a_server_that_never_answers_is_given_up(demo_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    monkeypatch.setattr("shawahid.ingest.indexes.vectors._CONNECT_SECONDS", 0.3)
    with socket.socket() as silent, Library.open(demo_copy) as library:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        started = time.monotonic()
        with pytest.raises(VectorServerFailed):
            ServedCollection(ChromaServer.at(f"http://127.0.0.1:{silent.getsockname()[1]}"), "any")
        assert time.monotonic() - started < 5
        assert library.server is None


@pytest.mark.parametrize(
    "address", ["localhost:8000", "ftp://localhost:8000", "http://", "http://a:b", "http://a/path", "http://u:p@a"]
)
def test_what_is_no_address(demo_copy: Path, address: str) -> None:
    with pytest.raises(ChromaAddressInvalid, match="SHAWAHID_CHROMA"):
        Library.open(demo_copy, chroma=address)


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("http://localhost:1", True),
        ("http://127.0.0.9:1", True),
        ("http://[::1]:1", True),
        ("https://chroma.example", False),
        ("http://10.0.0.1:1", False),
        ("http://localhost.example:1", False),
    ],
)
def test_local_forbids_a_server_elsewhere(
    demo_copy: Path, address: str, near: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHAWAHID_CHROMA", address)
    settings = load_settings(library=str(demo_copy), local=True)
    assert settings.chroma == address
    if near:
        open_library(settings).close()
    else:
        with pytest.raises(LocalOnly, match="vector index"):
            open_library(settings)


def test_the_command_line_uses_the_server(demo_copy: Path, server: ChromaProcess, shawahid: Run) -> None:
    def run(*arguments: str, check: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
        served_by = {"SHAWAHID_CHROMA": server.address, **environment}
        return shawahid("--library", str(demo_copy), *arguments, check=check, **served_by)

    run("rebuild")
    assert f"indexed by the Chroma server {server.address}" in run("status").stdout
    assert json.loads(run("status", "--json").stdout)["chroma"] == server.address
    assert f"vectors   {server.address} answered" in run("doctor").stdout
    assert "All holds" in run("check").stdout
    assert "220" in run("ask", "How many passengers can the ferry carry?").stdout
    away = "http://127.0.0.1:9"
    assert f"vectors   The vector index at {away}" in run("doctor", check=1, SHAWAHID_CHROMA=away).stdout
    assert "Nothing is lost" in run("ingest", str(DEMO), check=1, SHAWAHID_CHROMA=away).stderr
    assert "chroma.example receives the vectors" in run("status", SHAWAHID_CHROMA="https://chroma.example").stdout
