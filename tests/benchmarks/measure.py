"""What every benchmark needs: clocks, resident memory, a process of its own, and the table."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

REPOSITORY = Path(__file__).parents[2]
SHARED = REPOSITORY.parent / "shared"
BENCH = REPOSITORY / ".bench"
"""What the benchmarks leave behind; git ignores it."""

MEGABYTE = 1_000_000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a table: ours against a reference measured in the same run, and what it is to be.

    `target` holds the ratio where there is a ratio; where `reference` is None there is nothing to divide by, and it
    holds the figure itself. `better` says on which side of the target it is to be.
    """

    name: str
    ours: float
    unit: str
    reference: float | None = None
    of: str = ""
    target: float | None = None
    better: Literal["more", "less"] = "less"
    difference: bool = False

    @property
    def compared(self) -> float | None:
        if self.reference is None:
            return None
        return self.ours - self.reference if self.difference else self.ours / self.reference

    @property
    def holds(self) -> bool | None:
        if self.target is None:
            return None
        value = self.ours if self.compared is None else self.compared
        return value >= self.target if self.better == "more" else value <= self.target


def print_table(title: str, figures: Sequence[Figure]) -> None:
    """A Markdown table, fit for docs/figures.md."""
    print(f"\n### {title}\n")
    print("| figure | ours | reference | ratio | target | holds |")
    print("|---|---:|---:|---:|---:|---|")
    for figure in figures:
        print(f"| {' | '.join(_cells(figure))} |", flush=True)


def _cells(figure: Figure) -> tuple[str, ...]:
    reference = "" if figure.reference is None else f"{_number(figure.reference)} {figure.unit} ({figure.of})"
    compared = "" if figure.compared is None else _compared(figure, figure.compared)
    target = "" if figure.target is None else f"{'≥' if figure.better == 'more' else '≤'} {_target(figure)}"
    holds = {None: "", True: "yes", False: "**no**"}[figure.holds]
    return figure.name, f"{_number(figure.ours)} {figure.unit}", reference, compared, target, holds


def _compared(figure: Figure, value: float) -> str:
    return f"{'+' if value >= 0 else '−'}{_number(abs(value))} {figure.unit}" if figure.difference else f"{value:.2f} ×"


def _target(figure: Figure) -> str:
    if figure.reference is None or figure.difference:
        sign = "+" if figure.difference and figure.target is not None and figure.target >= 0 else ""
        return f"{sign}{_number(figure.target or 0.0)} {figure.unit}".strip()
    return f"{figure.target:g} ×"


def _number(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    if abs(value) >= 1:
        return f"{value:.1f}"
    return f"{value:.4f}" if abs(value) < 0.1 else f"{value:.3f}"


def timed(work: Callable[[], object]) -> float:
    """How many seconds something takes, once."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def milliseconds(work: Callable[[T], object], items: Iterable[T]) -> list[float]:
    """How long the work takes with each of the items, one after another."""
    taken = []
    for item in items:
        started = time.perf_counter()
        work(item)
        taken.append((time.perf_counter() - started) * 1_000)
    return taken


def percentile(values: Sequence[float], share: int) -> float:
    """The value that `share` in a hundred do not exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


def resident_megabytes(process: int | str = "self") -> float:
    """What a process, by default this one, holds in memory now."""
    status = Path(f"/proc/{process}/status")
    if status.exists():
        (line,) = (line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1_024 / MEGABYTE
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE  # macOS, in bytes: the most it ever was


def in_own_process(module: str, *arguments: str, **environment: str) -> Any:
    """What `python -m module arguments` prints last, read as JSON: for memory, which nothing else must share."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=REPOSITORY,
        env={**os.environ, **environment},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def megabytes_on_disk(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / MEGABYTE
