"""`make bench`: all parts in order, or those that are named: `python -m tests.benchmarks cold scale`."""

import sys
from collections.abc import Sequence
from importlib import import_module

from . import cold

PARTS = ("cold", "embed", "ingest", "copies", "scale", "growth", "page", "served")


def main(parts: Sequence[str] = ("cold",), *, runs: int = cold.RUNS) -> None:
    """Run parts; by default the cold commands alone, `runs` times each."""
    for part in parts:
        if part not in PARTS:
            raise SystemExit(f"There is no part {part}: choose from {', '.join(PARTS)}.")
    for part in parts:
        if part == "cold":
            cold.main(runs)
        else:  # imported when it is its turn, so that one part needs no more than itself
            import_module(f".{part}", __package__).main()


if __name__ == "__main__":
    main(sys.argv[1:] or PARTS)
