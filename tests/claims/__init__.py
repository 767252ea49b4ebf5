"""Claims over the demo articles, and what the articles make of each; `measure` asks them.

"near" are worded much as the articles are; "free" were written by somebody who had read only the articles, in words of
their own, a third in the other language. `python -m tests.claims` prints the tables.
"""

import json
from collections import Counter
from pathlib import Path

from shawahid.assistant.assistant import Assistant

OUTCOMES = ("supported", "contradicted", "mixed", "silent")


def measure(name: str, assistant: Assistant) -> Counter[tuple[str, str]]:
    """How often each outcome was told as which: (right, told). What is declined is silent."""
    count: Counter[tuple[str, str]] = Counter()
    for line in Path(__file__).with_name(f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        claim = json.loads(line)
        found = assistant.ask(claim["claim"]).claim
        count[claim["outcome"], found.outcome if found else "silent"] += 1
    return count


def right(count: Counter[tuple[str, str]]) -> int:
    return sum(found for (wanted, told), found in count.items() if wanted == told)
