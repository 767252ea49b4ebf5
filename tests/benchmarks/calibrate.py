"""Fits assistant/search/confidence.json: `python -m tests.benchmarks.calibrate`, half an hour, with XQuAD at hand.

Each question of XQuAD is asked of libraries that answer it and of libraries that don't, of many sizes: those of one
title, of two, of eight, of every second one, of all but the paragraph that answers (the near miss), and of all of these
among the articles of a day's newspapers. A logistic regression on the signals of each search gives the table; Arabic
questions over Arabic and English over English give "own", the two crossed give "foreign". ARCD and the gold questions
are never looked at here.
"""

import json
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.evaluation import evaluate
from shawahid.assistant.evaluation.gold_files import SquadParagraph, read_squad
from shawahid.assistant.types import Filters
from shawahid.ingest.library import Library

SIGNALS = ("quote_meaning", "passage_meaning", "quote_words", "passages")
NEAR_MISS = 0.6  # how much a near miss weighs: people ask for what is not there at all, and for what nearly is
FEW_TITLES = 2  # with a handful of articles they know what is in them, and near misses are left out
BENCH = Path(__file__).parents[3] / "shared" / "bench"


@dataclass(frozen=True, slots=True)
class Example:
    signals: tuple[float, ...]
    answerable: bool
    weight: float


@dataclass(frozen=True, slots=True)
class Asked:
    text: str
    paragraph: int


def read(paragraphs: Path, questions: Path) -> tuple[list[SquadParagraph], list[Asked]]:
    """The paragraphs of one file, and the questions about them in another's wording."""
    squad, wording = read_squad(paragraphs), read_squad(questions).questions
    places = {paragraph.name: place for place, paragraph in enumerate(squad.paragraphs)}
    asked = [Asked(wording[id_][0], places[about.name]) for id_, (_, _, about) in squad.questions.items()]
    return squad.paragraphs, asked


def examples(paragraphs: list[SquadParagraph], asked: list[Asked], newspapers: list[str]) -> Iterator[Example]:
    everything = range(len(paragraphs))
    titles = 1 + max(paragraph.title for paragraph in paragraphs)
    yield from near_misses(paragraphs, everything, asked, NEAR_MISS, [])
    for parity in (0, 1):
        kept = [place for place in everything if paragraphs[place].title % 2 == parity]
        yield from absent(paragraphs, kept, asked, [])
        if newspapers:
            yield from absent(paragraphs, kept, asked, newspapers)
    if newspapers:
        yield from near_misses(paragraphs, everything, asked, NEAR_MISS, newspapers)
    for size in (1, 2, 8):
        for first in range(0, titles, size):
            kept = [place for place in everything if first <= paragraphs[place].title < first + size]
            after = {(first + size + step) % titles for step in range(size)}
            mine = [item for item in asked if item.paragraph in kept]
            others = [item for item in asked if paragraphs[item.paragraph].title in after]
            yield from absent(paragraphs, kept, mine + others, [])
            if size > FEW_TITLES:
                yield from near_misses(paragraphs, kept, mine, NEAR_MISS, [])


def absent(
    paragraphs: list[SquadParagraph], kept: Sequence[int], asked: list[Asked], newspapers: list[str]
) -> Iterator[Example]:
    """All the questions, of a library with some of the paragraphs."""
    with filled([paragraphs[place].text for place in kept] + newspapers) as assistant:
        for item in asked:
            yield from ask(assistant, item.text, Filters(), item.paragraph in set(kept), 1.0)


def near_misses(
    paragraphs: list[SquadParagraph], kept: Sequence[int], asked: list[Asked], weight: float, newspapers: list[str]
) -> Iterator[Example]:
    """Every question with all paragraphs, and without its own."""
    with filled([paragraphs[place].text for place in kept] + newspapers) as assistant:
        numbers = {place: number for number, place in enumerate(kept, start=1)}
        for item in asked:
            yield from ask(assistant, item.text, Filters(), True, weight)
            yield from ask(assistant, item.text, Filters(without=(numbers[item.paragraph],)), False, weight)


class filled:  # noqa: N801 (used as a statement)
    """An assistant over a library of these texts, the first being article 1, thrown away after use."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts

    def __enter__(self) -> Assistant:
        self._folder = tempfile.TemporaryDirectory(prefix="shawahid-calibrate-")
        self._library = Library.open(self._folder.name, create=True)
        evaluate.fill(self._library, [(f"{number}.txt", text) for number, text in enumerate(self._texts, start=1)])
        return Assistant(self._library)

    def __exit__(self, *exception: object) -> None:
        self._library.close()
        self._folder.cleanup()


def ask(assistant: Assistant, text: str, filters: Filters, answerable: bool, weight: float) -> Iterator[Example]:
    signals = assistant.investigate(text, filters=filters).signals
    if signals is not None:
        yield Example(tuple(asdict(signals)[name] for name in SIGNALS), answerable, weight)


def fit(found: Sequence[Example]) -> dict[str, float]:
    """A logistic regression (Newton's method, a light ridge on the standardised weights), as a row of the table."""
    values = np.array([example.signals for example in found])
    mean, spread = values.mean(axis=0), values.std(axis=0)
    inputs = np.column_stack([np.ones(len(values)), (values - mean) / spread])
    answerable = np.array([example.answerable for example in found], dtype=float)
    weights = np.array([example.weight for example in found])
    ridge = np.diag([0.0, *[1.0] * len(SIGNALS)])
    slopes: NDArray[np.float64] = np.zeros(inputs.shape[1])
    for _ in range(25):
        probability = 1 / (1 + np.exp(-inputs @ slopes))
        gradient = inputs.T @ (weights * (answerable - probability)) - ridge @ slopes
        curvature = (inputs * (weights * probability * (1 - probability))[:, None]).T @ inputs + ridge
        slopes = slopes + np.linalg.solve(curvature, gradient)
    by_signal = slopes[1:] / spread
    row = dict(zip(SIGNALS, (round(float(slope), 3) for slope in by_signal), strict=True))
    return {"intercept": round(float(slopes[0] - by_signal @ mean), 3), **row}


def newspapers_of_a_day(most: int = 1_200) -> list[str]:
    path = BENCH / "saudinews" / "2015-08-10.zip"
    with zipfile.ZipFile(path) as archive:
        records = json.loads(archive.read(archive.namelist()[0]))
    return list(dict.fromkeys(record["content"] for record in records if record["content"].strip()))[:most]


def main() -> None:
    """Print the two rows."""
    arabic, english = BENCH / "xquad" / "xquad.ar.json", BENCH / "xquad" / "xquad.en.json"
    newspapers = newspapers_of_a_day()
    settings = {
        "own": [(arabic, arabic, newspapers), (english, english, [])],
        "foreign": [(arabic, english, newspapers), (english, arabic, [])],
    }
    for name, pairs in settings.items():
        found: list[Example] = []
        for paragraphs, questions, among in pairs:
            found += examples(*read(paragraphs, questions), among)
            print(name, paragraphs.name, questions.name, len(found), file=sys.stderr, flush=True)
        print(json.dumps({name: fit(found)}), flush=True)


if __name__ == "__main__":
    main()
