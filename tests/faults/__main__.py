"""`python -m tests.faults [--minutes M] [--strikes S] [--seed N]`: strikes, a table of them, and what they broke."""

import argparse
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

from ..conftest import DEMO
from .damage import strike_damage
from .serving import strike_serving
from .strike import Strike
from .writing import strike_writing


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.faults", description=__doc__)
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--strikes", type=int, default=100_000, help="at most so many")
    parser.add_argument("--serving", action=argparse.BooleanOptionalAction, default=True, help="strike a server too")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    chosen = parser.parse_args()
    print(f"seed {chosen.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="shawahid-faults-") as folder:
        place, seconds = Path(folder), 60 * chosen.minutes
        strikes = strike_writing(chosen.seed, place / "writing", seconds=0.7 * seconds, most=chosen.strikes)
        if chosen.serving:
            strikes += strike_serving(chosen.seed, place / "serving", seconds=0.3 * seconds)
        strikes += strike_damage(chosen.seed, place / "damage", DEMO, flips=int(seconds / 5))
    print(table(strikes))
    struck = sum(one.struck for one in strikes)
    wrong = [f"{one.command}, {one.blow}: {line}" for one in strikes for line in one.wrong]
    print("\n".join(wrong[:40]) or f"{struck} strikes: nothing lost, doubled or wrong")
    return 1 if wrong else 0


def table(strikes: list[Strike]) -> str:
    """How often each command was struck in each way, and in how many of these it was over before."""
    tried = Counter((one.command, one.blow) for one in strikes)
    over = Counter((one.command, one.blow) for one in strikes if not one.struck)
    lines = [f"{'command':<16} {'blow':<14} {'tried':>5} {'over before':>11}"]
    return "\n".join(
        lines
        + [f"{name:<16} {blow:<14} {times:>5} {over[name, blow]:>11}" for (name, blow), times in sorted(tried.items())]
    )


if __name__ == "__main__":
    sys.exit(main())
