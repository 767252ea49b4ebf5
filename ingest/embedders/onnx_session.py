"""Sessions of onnxruntime: one thread for each text, so that as many texts run at once as there are cores."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol, cast

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession, SessionOptions

from .base import Vectors
from .cores import threads


class Session(Protocol):
    """What is used of an InferenceSession, which comes without types."""

    def run(self, outputs: Sequence[str] | None, inputs: Mapping[str, NDArray[Any]]) -> list[NDArray[Any]]: ...

    def get_inputs(self) -> list[Any]: ...


_ERRORS_ONLY: Final = 3  # onnxruntime's log level


def open_session(model: bytes | Path) -> Session:
    """A session of a serialised model, or of one in a file."""
    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    given = str(model) if isinstance(model, Path) else model
    return cast(Session, InferenceSession(given, options, ["CPUExecutionProvider"]))


def embed_each(embed: Callable[[str], NDArray[np.float32]], texts: Sequence[str]) -> Vectors:
    """The vectors of many texts, shape (n, dimensions), as many at once as there are cores."""
    return np.stack(list(_pool().map(embed, texts)))


@cache
def _pool() -> ThreadPoolExecutor:
    """One for the process: two embedders at once would only fight for the same cores."""
    return ThreadPoolExecutor(threads(), "embed")
