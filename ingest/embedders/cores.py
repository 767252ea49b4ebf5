"""How many threads may work at once."""

import os
from typing import Final

_MOST: Final = 8  # threads


def threads() -> int:
    """As many as there are cores for this process; more than eight gain little and starve other work."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, _MOST)
