"""Libraries of a wanted size, made of made articles and made vectors by the library's own writer.

Making the largest takes minutes, so they are kept in .bench beside a note of what they were made by.
"""

import hashlib
import json
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from shawahid.ingest.embedders.base import Embedder
from shawahid.ingest.embedders.open import open_embedder
from shawahid.ingest.library import Library
from shawahid.ingest.store import catalogue
from shawahid.ingest.types import Extracted
from shawahid.ingest.writer import ANALYSIS, Writer, writing

from .made import MadeArticle, MadeEmbedder, make_articles
from .measure import BENCH, REPOSITORY

_BATCH = 500
_DECIDING = ("store/database.py", "indexes/lexical.py", "indexes/vectors.py")


@dataclass(frozen=True, slots=True)
class Built:
    """A made library: where it is, what it holds, and how many seconds each step of making it took."""

    folder: Path
    passages: int
    articles: int
    words_seconds: float
    vectors_seconds: float
    generation_seconds: float


def made_library(passages: int) -> Built:
    """A library of at least so many passages, made now or kept from an earlier run by the same program."""
    folder = BENCH / f"library-{passages}"
    note = folder / "made.json"
    by = _fingerprint()
    if note.exists():
        kept = json.loads(note.read_text(encoding="utf-8"))
        if kept.pop("by") == by:
            return Built(folder=folder, **kept)
    shutil.rmtree(folder, ignore_errors=True)
    built = _build(folder, passages)
    kept = {**asdict(built), "by": by}
    del kept["folder"]
    note.write_text(json.dumps(kept), encoding="utf-8")
    return built


def give_embedder(library: Library, embedder: Embedder) -> None:
    """Let a library use another embedder than the one of its name."""
    library.__dict__["embedder"] = embedder


def _fingerprint() -> str:
    """Of all that decides what a made library holds, and how it lies on disk."""
    sources = [*(REPOSITORY / "ingest" / name for name in _DECIDING), Path(__file__).with_name("made.py")]
    return hashlib.sha256(b"".join([ANALYSIS.encode(), *(path.read_bytes() for path in sources)])).hexdigest()


def _build(folder: Path, passages: int) -> Built:
    with Library.open(folder, create=True) as library:
        give_embedder(library, MadeEmbedder(open_embedder(library.embedder_name)))
        with writing(library) as writer:
            words = _seconds(lambda: _put_articles(writer, passages))
            vectors = _seconds(writer.embed_pending)
            generation = _seconds(lambda: writer.build_vectors(always=True))
        status = library.status()
    return Built(folder, status.passages, status.articles, words, vectors, generation)


def _put_articles(writer: Writer, passages: int) -> None:
    first = 0
    while _count_passages(writer) < passages:
        _put_batch(writer, list(make_articles(_BATCH, first=first)))
        first += _BATCH
    writer.commit_words()


def _put_batch(writer: Writer, articles: list[MadeArticle]) -> None:
    writer.put_without_files(
        Extracted(f"/made/{article.number}.txt", f"{article.number}.txt", article.text, article.metadata, "made")
        for article in articles
    )


def _count_passages(writer: Writer) -> int:
    with writer.database.reading() as db:
        return catalogue.count(db, "passages")


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
