"""Waiting for what another thread, process or page does."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(condition: Callable[[], T], message: str = "it did not come about", *, timeout: float = 20.0) -> T:
    """The first true value of `condition`, which is asked again and again for `timeout` seconds; else it fails."""
    end = time.monotonic() + timeout
    while not (found := condition()):
        assert time.monotonic() < end, message
        time.sleep(0.02)
    return found
