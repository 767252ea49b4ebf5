"""An embedding model behind an OpenAI-compatible server."""

import os
from collections.abc import Sequence

import numpy as np

from shawahid.ingest.errors import EmbedderFailed
from shawahid.ingest.network import demand_network, server_host

from .base import Vectors


class OpenAIEmbedder:
    """Any model behind an OpenAI-compatible embeddings API, at `base_url` (None: OPENAI_BASE_URL) with OPENAI_API_KEY.

    Article text is sent to that server, so it is used only where the user chose it by name.
    """

    _BATCH = 64
    _CHARACTERS_A_TOKEN = 2.0  # a low guess, so that a passage never overflows a window

    def __init__(self, model: str, base_url: str | None = None, *, local: bool = False) -> None:
        """Raises LocalOnly where nothing may be sent, by `local` or SHAWAHID_LOCAL."""
        from openai import OpenAI

        self.identity = f"openai:{model}"
        self._model = model
        # A server that needs no key still wants the header; retries are the client's alone.
        key = os.environ.get("OPENAI_API_KEY") or "none"
        self._client = OpenAI(api_key=key, base_url=base_url, timeout=60.0, max_retries=2)
        self._local = local
        self._demand_network()

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        batches = [texts[start : start + self._BATCH] for start in range(0, len(texts), self._BATCH)]
        return np.concatenate([self._embed(batch) for batch in batches])

    def embed_question(self, text: str) -> Vectors:
        return self._embed([text])

    def count_tokens(self, text: str) -> int:
        return max(1, round(len(text) / self._CHARACTERS_A_TOKEN)) if text else 0

    def _demand_network(self) -> None:
        demand_network(f"the embedder {self.identity}", server_host(str(self._client.base_url)), local=self._local)

    def _embed(self, texts: Sequence[str]) -> Vectors:
        from openai import OpenAIError

        self._demand_network()
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
