"""Part `growth`: how time, memory and disk grow with a library, as a table and a plot."""

from dataclasses import dataclass

from .libraries import Built, made_library
from .measure import BENCH, megabytes_on_disk
from .scale import PASSAGES, Served, serve

SIZES = (PASSAGES // 100, PASSAGES // 10, PASSAGES)
PLOT = BENCH / "growth.svg"


@dataclass(frozen=True, slots=True)
class Size:
    """What a library of one size came to."""

    built: Built
    served: Served
    disk: float


def main() -> None:
    """Print the table and draw the plot."""
    print("\n### Growth\n")
    print("| passages | retrieval, p50 | p95 | whole answer, p50 | resident memory | on disk | a passage on disk |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    sizes = []
    for passages in SIZES:
        built = made_library(passages)
        size = Size(built, serve(built), megabytes_on_disk(built.folder))
        sizes.append(size)
        print(f"| {' | '.join(_cells(size))} |", flush=True)
    draw(sizes)
    print(f"\nPlot: {PLOT.relative_to(BENCH.parent)}")


def _cells(size: Size) -> tuple[str, ...]:
    passages, served = size.built.passages, size.served
    times = tuple(f"{value:.1f} ms" for value in (served.p50, served.p95, served.answer))
    each = f"{size.disk * 1_000 / passages:.1f} kB"
    return f"{passages:,}", *times, f"{served.megabytes:.0f} MB", f"{size.disk:.0f} MB", each


def draw(sizes: list[Size]) -> None:
    """Three small plots side by side, over the number of passages."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 3, figsize=(10, 3), layout="constrained")
    passages = [size.built.passages for size in sizes]
    plots = (
        ("retrieval, median, ms", [size.served.p50 for size in sizes]),
        ("resident memory, MB", [size.served.megabytes for size in sizes]),
        ("on disk, MB", [size.disk for size in sizes]),
    )
    for axis, (title, values) in zip(axes, plots, strict=True):
        axis.plot(passages, values, marker="o")
        axis.set(title=title, xlabel="passages", xscale="log", ylim=(0, None))
        axis.grid(alpha=0.3)
    figure.savefig(PLOT)
    pyplot.close(figure)
