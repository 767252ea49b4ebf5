"""Pairs of articles, and how their accounts relate; `measure` counts how many relations are named right.

All of it is invented. The file named "apart" was written by somebody who had not seen the program, and nothing was
changed because of a pair in it, though its counts were seen. `python -m tests.relations` prints the tables.
"""

import json
from collections import Counter
from pathlib import Path

from shawahid.assistant.accounts.compare import Told, differences
from shawahid.assistant.verify.ground import Embed
from shawahid.ingest.kin.near_copies import alike, profile

Article = dict[str, str]
RELATIONS = ("agree", "dispute", "number", "deny", "syndicate", "unrelated")
WITHOUT_DISPUTE = ("agree", "syndicate", "unrelated")
_BEGINNING = 1_500  # code points
_LIKE_ARABIC, _LIKE_ENGLISH = 0.9, 0.875  # cosine
_SAME_NUMBER = 0.02
_NAMES = {"stance": "dispute", "denial": "deny", "number": "number", "date": "number", "rank": "number"}


def relation(first: Article, second: Article, embed: Embed) -> str:
    """The relation of two articles, as an answer would tell it: copies, a dispute, the same event, or side by side."""
    if alike(profile([first["text"]]), profile([second["text"]])):
        return "syndicate"
    one, other = (Told(f"{article['title']}.\n{article['text']}") for article in (first, second))
    if disputed := differences(one, other, embed):
        return _NAMES[disputed[0].relation]
    return "agree" if same_event(one, other, embed) else "unrelated"


def same_event(first: Told, second: Told, embed: Embed) -> bool:
    """Whether two texts in one language, by how they begin, tell of the same event; a number of both speaks for it.

    A rule of this measurement alone: an answer says of accounts that they agree only where two sentences do.
    """
    mine, theirs = embed([first.text[:_BEGINNING], second.text[:_BEGINNING]])
    shared = {one.number.value for one in first.quantities} & {other.number.value for other in second.quantities}
    least = _LIKE_ENGLISH if first.sentences[0].text.latin else _LIKE_ARABIC
    return float(mine @ theirs) + _SAME_NUMBER * bool(shared) >= least


def measure(name: str, embed: Embed) -> Counter[tuple[str, str]]:
    """How often each relation was named as which: (right, named)."""
    count: Counter[tuple[str, str]] = Counter()
    for line in Path(__file__).with_name(f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        pair = json.loads(line)
        count[pair["relation"], relation(pair["first"], pair["second"], embed)] += 1
    return count


def right(count: Counter[tuple[str, str]]) -> float:
    """The share of pairs whose relation was named right."""
    return sum(found for (wanted, named), found in count.items() if wanted == named) / count.total()


def undisputed(count: Counter[tuple[str, str]]) -> float:
    """Of the pairs without a dispute, the share for which none was claimed."""
    without = {key: found for key, found in count.items() if key[0] in WITHOUT_DISPUTE}
    return sum(found for (_, named), found in without.items() if named in WITHOUT_DISPUTE) / sum(without.values())
