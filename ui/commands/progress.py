"""How far embedding has come: a bar where a person looks on, a line now and then where not."""

import sys
import time
from types import TracebackType
from typing import Any

from shawahid.ingest.writer import EmbeddingProgress

_SECONDS_BETWEEN_LINES = 10.0


class EmbeddingReporter:
    """Call it with each progress; it writes to standard error. Use in a `with` statement."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._last_line = time.monotonic()

    def __call__(self, progress: EmbeddingProgress) -> None:
        if sys.stderr.isatty():
            self._show_bar(progress)
        elif time.monotonic() - self._last_line >= _SECONDS_BETWEEN_LINES or progress.done == progress.total:
            self._last_line = time.monotonic()
            left = progress.seconds / progress.done * (progress.total - progress.done)
            print(
                f"embedded {progress.done} of {progress.total} passages, {_spoken(left)} left",
                file=sys.stderr,
                flush=True,
            )

    def _show_bar(self, progress: EmbeddingProgress) -> None:
        if self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(total=progress.total, unit=" passages", desc="embedding", smoothing=0.05)
        self._bar.total = progress.total
        self._bar.update(progress.done - self._bar.n)

    def __enter__(self) -> "EmbeddingReporter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()


def _spoken(seconds: float) -> str:
    if seconds < 90:
        return f"{round(seconds)} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"
