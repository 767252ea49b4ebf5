"""Which words of an Arabic sentence sound like names where they stand, by the bundled model's vectors of words.

Arabic has no capitals to know a name by. A straight line through the space of those vectors parts names from other
words; name_sense.json has it, and `python -m tests.benchmarks.name_sense` fits it again.
"""

import json
import logging
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .tokens import Token

_REMEMBERED: Final = 512  # texts

_log = logging.getLogger("shawahid.names")


def name_scores(text: str, tokens: Sequence[Token]) -> list[float]:
    """How much each word of a text sounds like a name: above 0 it rather does. All lowest where there is no model."""
    places = dict(_scores(text))
    starts = sorted(places)
    beneath = [max((start for start in starts if start <= token.start), default=-1) for token in tokens]
    return [places.get(start, -np.inf) for start in beneath]


@lru_cache(_REMEMBERED)
def _scores(text: str) -> tuple[tuple[int, float], ...]:
    from shawahid.ingest.embedders.e5.embedder import shared_embedder

    try:
        embedder = shared_embedder()
    except Exception as error:  # whatever onnx, onnxruntime or the system raise: the other checks must go on
        _log.warning("names in Arabic are known by lists alone: %s", error)
        return ()
    places, vectors = embedder.embed_words(text)
    weights, intercept = _line()
    scores = vectors @ weights + intercept
    return tuple((place.start, float(score)) for place, score in zip(places, scores, strict=True))


@cache
def _line() -> tuple[NDArray[np.float32], float]:
    table = json.loads(files(__package__).joinpath("name_sense.json").read_text(encoding="utf-8"))
    return np.array(table["weights"], dtype=np.float32), table["intercept"]
