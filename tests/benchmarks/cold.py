"""Part `cold`: how long the command takes from cold, against a Python that does nothing."""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from .measure import REPOSITORY, SHARED, timed

SEEDS = SHARED / "seeds"
DEMO = REPOSITORY / "ui" / "demo"
RUNS = 5


def main(runs: int = RUNS) -> None:
    """Print the table: each command `runs` times, the median, and its ratio to the reference."""
    articles = SEEDS if SEEDS.is_dir() else DEMO
    command = str(Path(sys.executable).with_name("shawahid"))
    commands = {
        "python -c pass": ("-c", "pass"),
        "import shawahid": ("-c", "import shawahid"),
        "import Settings, Answer": ("-c", "from shawahid import Answer, Settings"),
        "shawahid --help": (command, "--help"),
        "shawahid ask": (command, "ask", "كم استمر اللقاء في مقر القيادة العامة؟"),
        "shawahid ingest, unchanged": (command, "ingest", str(articles)),
    }
    with tempfile.TemporaryDirectory(prefix="shawahid-bench-") as folder:
        library = Path(folder) / "library"
        seconds(command, "ingest", str(articles), library=library)
        taken = {
            name: [seconds(*arguments, library=library) for _ in range(runs)] for name, arguments in commands.items()
        }
    reference = statistics.median(taken["python -c pass"])
    print(f"{len(list(articles.iterdir()))} files of {articles.name}, cold, median of {runs}")
    print(f"{'command':<28}{'seconds':>9}{'× python -c pass':>18}")
    for name, values in taken.items():
        median = statistics.median(values)
        print(f"{name:<28}{median:>9.2f}{median / reference:>18.1f}", flush=True)


def seconds(*arguments: str, library: Path) -> float:
    """How long one run of Python with these arguments takes."""

    def run() -> None:
        subprocess.run(
            [sys.executable, *arguments],
            cwd=REPOSITORY,
            env={**os.environ, "SHAWAHID_LIBRARY": str(library)},
            check=True,
            capture_output=True,
        )

    return timed(run)
