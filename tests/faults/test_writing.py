"""A few strikes at commands that write; `make faults` makes many."""

import subprocess
import sys

from ..conftest import REPOSITORY


def test_nothing_is_lost_doubled_or_wrong() -> None:
    arguments = ["--strikes", "18", "--minutes", "10", "--seed", "1", "--no-serving"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults", *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing lost, doubled or wrong" in done.stdout
