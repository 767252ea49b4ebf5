"""Part `copies`: are planted near copies of real news found, and only they, and how does the time grow?

The news are the two days of newspapers beside this repository; nothing of them is kept or shown.
"""

import json
import random
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shawahid.ingest.embedders.open import open_embedder
from shawahid.ingest.library import Library
from shawahid.ingest.text.sentences import sentence_spans
from shawahid.ingest.text.words import words
from shawahid.ingest.types import Extracted, Metadata
from shawahid.ingest.writer import Writer, writing

from .libraries import give_embedder
from .made import MadeEmbedder, make_articles
from .measure import SHARED, Figure, in_own_process, print_table

NEWS = SHARED / "bench" / "saudinews"
PLANTED = 500
SIZES = (2_500, 10_000)
KINDS = ("cut", "reordered", "words changed", "new headline and cut")

_LOOSE = 0.2  # of the shorter text's shingles: what shares so much is no test of what is planted
_SHORTEST = 20
_COPIED_EVERY = 10
_BATCH = 500
_SEED = 2015


@dataclass(frozen=True, slots=True)
class News:
    """One article of the newspapers."""

    title: str
    content: str

    @property
    def text(self) -> str:
        return f"{self.title}\n{self.content}"


@dataclass(frozen=True, slots=True)
class Planted:
    """A text made from the article at a place of the list."""

    original: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """How the pairs of a text and its planted copy were found: the share found, that of each kind, and the share of
    pairs in a group that are such pairs."""

    recall: float
    kinds: dict[str, float]
    precision: float


def main() -> None:
    """Print the tables."""
    if NEWS.is_dir():
        found = find_planted()
        figures = [Figure(f"found of {kind}", found.kinds[kind], "") for kind in KINDS]
        figures += [
            Figure("found of all", found.recall, "", target=0.95, better="more"),
            Figure("pairs that are right", found.precision, "", target=0.99, better="more"),
        ]
        print_table(f"{PLANTED} near copies planted among news", figures)
    small, large = (_own_process(size) for size in SIZES)
    grown = f"{SIZES[0]:,} articles"
    figures = [
        Figure(f"near copies of {SIZES[1]:,} articles", large["copies"], "s", small["copies"], grown, 4.4),
        Figure("all but embedding", large["all"], "s", small["all"], grown, 4.4),
    ]
    print_table("Finding near copies in made articles, every tenth a copy", figures)


# planted copies


def find_planted() -> Found:
    """Plant copies among the news, each different from all others, and look for them in a library."""
    news = without_copies(read_news())
    planted = list(plant(news, PLANTED))
    groups = groups_of_texts([*(item.text for item in news), *(item.text for item in planted)])
    right = {kind: [0, 0] for kind in KINDS}
    for place, copy in enumerate(planted, len(news)):
        right[copy.kind][0] += groups[copy.original] == groups[place]
        right[copy.kind][1] += 1
    hits = sum(found for found, _ in right.values())
    pairs = sum(size * (size - 1) // 2 for size in Counter(groups).values())
    return Found(hits / len(planted), {kind: found / all_ for kind, (found, all_) in right.items()}, hits / pairs)


def read_news() -> list[News]:
    """The different articles, in order."""
    articles: dict[str, News] = {}
    for path in sorted(NEWS.glob("*.zip")):
        with zipfile.ZipFile(path) as packed:
            for item in json.loads(packed.read(packed.namelist()[0])):
                news = News(item["title"].strip(), item["content"].strip())
                if len(words(news.content)) >= _SHORTEST:
                    articles.setdefault(news.content, news)
    return list(articles.values())


def without_copies(news: Sequence[News]) -> list[News]:
    """The first of each group of articles that share a fifth of their runs of three words, by comparing all."""
    runs = [_runs(item.text) for item in news]
    holders: dict[tuple[str, ...], list[int]] = {}
    for place, own in enumerate(runs):
        for run in own:
            holders.setdefault(run, []).append(place)
    left: list[int] = []
    for place, own in enumerate(runs):
        shared = Counter(other for run in own for other in holders[run] if other < place)
        if not any(times >= _LOOSE * min(len(own), len(runs[other])) for other, times in shared.items()):
            left.append(place)
    return [news[place] for place in left]


def _runs(text: str) -> set[tuple[str, ...]]:
    own = words(text)
    return set(zip(own, own[1:], own[2:], strict=False))


def plant(news: Sequence[News], count: int) -> Iterator[Planted]:
    """Copies of `count` articles, by turns cut, reordered, with a tenth of the words changed, or with another headline
    and cut."""
    draw = random.Random(_SEED)
    vocabulary = [word for item in news for word in item.content.split()]
    for number, original in enumerate(draw.sample(range(len(news)), count)):
        item, kind = news[original], KINDS[number % len(KINDS)]
        title = draw.choice(news).title if kind == "new headline and cut" else item.title
        parts = _parts(item.content)
        if kind == "words changed":
            content = _with_changed_words(item.content, vocabulary, draw)
        elif kind == "reordered":
            content = "\n".join(draw.sample(parts, len(parts)))
        else:
            gone = set(draw.sample(range(len(parts)), round(len(parts) / 3)))
            content = "\n".join(part for place, part in enumerate(parts) if place not in gone)
        yield Planted(original, kind, f"{title}\n{content}")


def _parts(text: str) -> list[str]:
    """The sentences of a text; where it has hardly any, runs of twenty words."""
    sentences = [text[span.start : span.end] for span in sentence_spans(text, 0, len(text))]
    if len(sentences) >= 3:
        return sentences
    own = text.split()
    return [" ".join(own[start : start + 20]) for start in range(0, len(own), 20)]


def _with_changed_words(text: str, vocabulary: Sequence[str], draw: random.Random) -> str:
    own = text.split()
    for place in draw.sample(range(len(own)), round(len(own) / 10)):
        own[place] = draw.choice(vocabulary)
    return " ".join(own)


def groups_of_texts(texts: Sequence[str]) -> list[int]:
    """The group of each text, in a library that holds them all."""
    with tempfile.TemporaryDirectory(prefix="shawahid-bench-") as folder, Library.open(folder, create=True) as library:
        _take_in(library, texts)
        with library.view.database.reading() as db:
            ids = {text: id_ for id_, text in db.execute("SELECT id, text FROM texts")}
        groups = library.group_of(list(ids.values()))
    return [groups[ids[text]] for text in texts]


def _take_in(library: Library, texts: Sequence[str]) -> dict[str, float]:
    """Put texts into a library as an ingest does; returns the processor's seconds for near copies, and for all."""
    give_embedder(library, MadeEmbedder(open_embedder(library.embedder_name)))
    copies = 0.0
    with writing(library) as writer:
        began = time.process_time()
        for start in range(0, len(texts), _BATCH):
            _put(writer, start, texts[start : start + _BATCH])
            stored = time.process_time()
            writer.find_near_copies()
            copies += time.process_time() - stored
            writer.commit_words()
        return {"copies": copies, "all": time.process_time() - began}


def _put(writer: Writer, first: int, texts: Sequence[str]) -> None:
    writer.put_without_files(
        Extracted(f"/news/{number}", str(number), text, Metadata(), "made") for number, text in enumerate(texts, first)
    )


# growth, each size in a process of its own


def _own_process(size: int) -> dict[str, float]:
    measured: dict[str, float] = in_own_process("tests.benchmarks.copies", str(size))
    return measured


def _grow(size: int) -> dict[str, float]:
    """The processor's seconds for so many made articles, of which every tenth is another one without its last third."""
    texts = [article.text for article in make_articles(size)]
    for place in range(_COPIED_EVERY, size, _COPIED_EVERY):
        lines = texts[place - _COPIED_EVERY + 1].split("\n")
        texts[place] = "\n".join(lines[: -len(lines) // 3])
    with tempfile.TemporaryDirectory(prefix="shawahid-bench-") as folder, Library.open(folder, create=True) as library:
        return _take_in(library, texts)


if __name__ == "__main__":
    print(json.dumps(_grow(int(sys.argv[1]))))
