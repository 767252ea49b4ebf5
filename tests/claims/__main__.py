"""Prints what the articles of the demo are said to make of claims."""

import tempfile
from pathlib import Path

from shawahid.assistant.assistant import Assistant
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest

from . import OUTCOMES, measure, right

DEMO = Path(__file__).parents[2] / "ui" / "demo"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, Library.open(folder, create=True) as library:
        ingest(library, [DEMO])
        for name in ("near", "free"):
            count = measure(name, Assistant(library))
            print(f"\n{count.total()} claims, {name}\n\n| | {' | '.join(OUTCOMES)} |\n|---|{'---:|' * len(OUTCOMES)}")
            for wanted in OUTCOMES:
                print(f"| {wanted} | {' | '.join(str(count[wanted, told]) for told in OUTCOMES)} |")
            print(f"\n{right(count)} of {count.total()} right")


if __name__ == "__main__":
    main()
