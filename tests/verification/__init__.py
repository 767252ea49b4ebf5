"""Pairs of a sentence and the words it cites, true ones and ones with one thing made wrong; `measure` counts.

Articles, sentences and all that happens in them are invented. The files named in KEPT_APART were written by authors who
had not seen the verifier, and nothing was changed because of a pair in them. Those named in FREE are worded as freely
as their authors could: units converted, roles for names and names for roles, sentences fused; half of their wrong names
changed places. `python -m tests.verification` prints the tables.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shawahid.assistant.verify.ground import Embed, Ground, Text
from shawahid.assistant.verify.verify import verify
from shawahid.ingest.text.sentences import sentence_spans
from shawahid.ingest.types import Metadata

PRACTICE = ("pairs", "pairs2", "pairs3", "pairs4", "pairs5", "pairs6")
KEPT_APART = ("apart", "apart2")
FREE = ("free", "free2")
KINDS = ("number", "date", "name", "negation", "attribution", "true")
SETTINGS = ("ar", "en", "en_over_ar", "ar_over_en")


@dataclass(frozen=True)
class Figures:
    """How many pairs of each kind and setting there are, and how many were not let through."""

    pairs: dict[tuple[str, str], tuple[int, int]]

    @property
    def count(self) -> int:
        return sum(total for _, total in self.pairs.values())

    def counts(self, kinds: Sequence[str], settings: Sequence[str] = SETTINGS) -> tuple[int, int]:
        found = [self.pairs[kind, setting] for kind in kinds for setting in settings]
        return sum(stopped for stopped, _ in found), sum(total for _, total in found)

    def caught(self, *kinds: str) -> float:
        stopped, total = self.counts(kinds)
        return stopped / total if total else 1.0


def measure(files: Sequence[str], embed: Embed) -> Figures:
    """Put each pair to the verifier. Not let through: any verdict but "supported" and "partly"."""
    found = {(kind, setting): [0, 0] for kind in KINDS for setting in SETTINGS}
    for name in files:
        for line in Path(__file__).with_name(f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            pair = json.loads(line)
            verdict = verify(pair["sentence"], _ground(pair), embed).verdict
            counts = found[pair["kind"], pair["setting"]]
            counts[0] += verdict not in ("supported", "partly")
            counts[1] += 1
    return Figures({key: (stopped, total) for key, (stopped, total) in found.items()})


def _ground(pair: dict[str, str]) -> Ground:
    article, start = pair["article"], pair["article"].index(pair["quote"])
    end = start + len(pair["quote"])
    spans = [span for span in sentence_spans(article) if span.start < end and start < span.end]
    quote = article[spans[0].start : spans[-1].end]
    about = Metadata(outlet=pair["outlet"], date=pair["date"])
    return Ground(Text(quote), Text(article[: spans[0].start]), about)
