"""With SHAWAHID_LOCAL=1 nothing leaves: every entrance refuses, and a server that listens sees nobody come."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from llama_index.core.schema import Document

from shawahid import Assistant, Library, LocalOnly, Settings, ingest, load_settings
from shawahid.assistant.compose.model import ChatModel, ModelChoice
from shawahid.assistant.llamaindex import ShawahidEmbedding
from shawahid.ingest.embedders.open import open_embedder
from shawahid.ingest.indexes.vectors import ChromaServer, ServedCollection
from shawahid.ingest.pipeline import library_from_documents, rebuild

from .conftest import Run, Write

TEXT = "The harbour council moved the old fish market from the quay."
REMOTE = "openai:large"


@pytest.fixture
def came(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Who connected to the only server that is set. Other tests' servers have their own ports."""
    seen: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def listen() -> None:
            while True:
                try:
                    connection, address = listening.accept()
                except OSError:
                    return
                seen.append(str(address))
                connection.close()

        threading.Thread(target=listen, daemon=True).start()
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{listening.getsockname()[1]}/v1")
        monkeypatch.setenv("OPENAI_API_KEY", "secret")
        monkeypatch.setenv("SHAWAHID_LOCAL", "1")
        yield seen
        listening.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def remote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    """A library that was made with a remote embedder when that was allowed."""
    with monkeypatch.context() as allowed:
        allowed.delenv("SHAWAHID_LOCAL", raising=False)
        Library.open(tmp_path / "library", embedder=REMOTE, create=True).close()
    with Library.open(tmp_path / "library") as library:
        yield library


def _chroma(path: Path) -> object:
    return Library.open(path / "other", create=True, chroma="http://192.0.2.1:8000")


_ENTRANCES: dict[str, Callable[[Path], object]] = {
    "Library.open": lambda path: Library.open(path / "new", embedder=REMOTE, create=True),
    "Assistant.open": lambda path: Assistant.open(path / "new", embedder=REMOTE),
    "a model": lambda path: Assistant.open(path / "new", model="large"),
    "settings": lambda path: load_settings(model="large"),
    "from_documents": lambda path: library_from_documents([Document(text=TEXT)], path / "new", embedder=REMOTE),
    "open_embedder": lambda path: open_embedder(REMOTE),
    "ShawahidEmbedding": lambda path: ShawahidEmbedding(REMOTE),
    "ChatModel": lambda path: ChatModel(ModelChoice("large")),
    "a Chroma server": _chroma,
    "a collection": lambda path: ServedCollection(ChromaServer.at("http://192.0.2.1:8000"), "a"),
}


@pytest.mark.parametrize("entrance", _ENTRANCES)
def test_every_entrance_refuses(came: list[str], tmp_path: Path, entrance: str) -> None:
    with pytest.raises(LocalOnly, match="nothing was sent"):
        _ENTRANCES[entrance](tmp_path)
    assert came == []


def test_a_library_with_a_remote_embedder_is_not_written_to(came: list[str], remote: Library, write: Write) -> None:
    for work in (
        lambda: ingest(remote, [write("a.txt", TEXT)]),
        lambda: Assistant(remote),
        lambda: Assistant(remote, Settings(model="large")),
        lambda: remote.embedder,
        lambda: rebuild(remote, embedder=REMOTE),
    ):
        with pytest.raises(LocalOnly):
            work()
    assert came == []


def test_settings_by_hand_do_not_permit_what_the_environment_forbids(came: list[str], demo_folder: Path) -> None:
    with Library.open(demo_folder) as library, pytest.raises(LocalOnly):
        Assistant(library, Settings(model="large"))
    assert came == []


def test_what_was_opened_before_it_was_forbidden(came: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as allowed:
        allowed.delenv("SHAWAHID_LOCAL")
        embedder, model = open_embedder(REMOTE), ChatModel(ModelChoice("large"))
    with pytest.raises(LocalOnly):
        embedder.embed_passages([TEXT])
    with pytest.raises(LocalOnly):
        model.complete([{"role": "user", "content": TEXT}])
    assert came == []


def test_the_command(came: list[str], shawahid: Run, write: Write) -> None:
    path = str(write("a.txt", TEXT))
    refused = shawahid("--embedder", REMOTE, "ingest", path, check=1, SHAWAHID_LOCAL="1")
    assert "forbids the network" in refused.stderr
    assert came == []
