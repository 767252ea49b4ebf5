"""Part `scale`: whole retrievals from 100,000 passages, against one bare Chroma query and one bare embedding."""

import json
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.search.question import Question, read_question
from shawahid.assistant.search.retrieve import retrieve
from shawahid.ingest.embedders.base import Vectors
from shawahid.ingest.indexes.vectors import COLLECTION
from shawahid.ingest.indexes.view import generation_folder, read_generation
from shawahid.ingest.library import Library
from shawahid.ingest.types import Filters

from .libraries import Built, made_library
from .made import MIDDLE_DAY, OUTLETS, make_articles, make_questions
from .measure import Figure, in_own_process, milliseconds, percentile, print_table, resident_megabytes

PASSAGES = 100_000
QUESTIONS = 200
_FILTERED_QUESTIONS = 100
_ASKED_ARTICLES = 500
_ONE_ARTICLE = 7
_WARM = 10
_ANSWERED = 50
_DEEP = 200


@dataclass(frozen=True, slots=True)
class Bare:
    """Milliseconds, each a median: a question's embedding, and queries of the collection by its vector."""

    embedding: float
    ten: float
    deep: float


@dataclass(frozen=True, slots=True)
class Served:
    """What a process that only answers came to: milliseconds of a retrieval, of a median whole answer; megabytes."""

    p50: float
    p95: float
    answer: float
    megabytes: float


def main() -> None:
    """Print the table."""
    built = made_library(PASSAGES)
    steps = (built.words_seconds, built.vectors_seconds, built.generation_seconds)
    print("\n{:.0f} s for articles and words, {:.0f} s for storing vectors, {:.0f} s for the generation".format(*steps))
    served = serve(built)
    asked = questions(QUESTIONS)
    with Library.open(built.folder) as library:
        bare = time_bare(library, asked)
        whole = time_retrieval(library, asked, Filters())
        filtered = {
            name: time_retrieval(library, asked[:_FILTERED_QUESTIONS], filters) for name, filters in _FILTERS.items()
        }
    title = f"Retrieval from {built.passages:,} passages of {built.articles:,} articles, {QUESTIONS} questions"
    print_table(title, [*_speed(bare, whole), *_filtered(whole, filtered), *_served(bare, served)])


_FILTERS = {
    "one outlet of ten": Filters(outlets=OUTLETS[:1]),
    "half of the time": Filters(until=MIDDLE_DAY.isoformat()),
    "one article": Filters(articles=(_ONE_ARTICLE,)),
}


def _speed(bare: Bare, whole: list[float]) -> list[Figure]:
    reference = bare.embedding + bare.ten
    of = "embedding + Chroma, 10"
    deep = "embedding + Chroma, 200"
    return [
        Figure("bare embedding of a question", bare.embedding, "ms"),
        Figure("bare Chroma query, 10 results", bare.ten, "ms"),
        Figure("bare Chroma query, 200 results", bare.deep, "ms"),
        Figure("retrieval, p50", percentile(whole, 50), "ms", reference, of, 3),
        Figure("retrieval, p95", percentile(whole, 95), "ms", reference, of, 6),
        Figure("retrieval, p50", percentile(whole, 50), "ms", bare.embedding + bare.deep, deep),
    ]


def _filtered(whole: list[float], filtered: dict[str, list[float]]) -> list[Figure]:
    reference = percentile(whole[:_FILTERED_QUESTIONS], 50)
    return [
        Figure(f"filtered: {name}, p50", percentile(taken, 50), "ms", reference, "no filter", 2)
        for name, taken in filtered.items()
    ]


def _served(bare: Bare, served: Served) -> list[Figure]:
    return [
        Figure("whole answer, p50", served.answer, "ms", bare.embedding + bare.ten, "embedding + Chroma, 10"),
        Figure("resident memory while serving", served.megabytes, "MB", target=700),
    ]


def questions(count: int) -> list[Question]:
    """Made questions, as the assistant reads them."""
    return [read_question(text) for text in make_questions(list(make_articles(_ASKED_ARTICLES)), count)]


def time_retrieval(library: Library, asked: list[Question], filters: Filters) -> list[float]:
    """Milliseconds of each retrieval, each in one view of the truth as the assistant asks, after some to warm up."""

    def ask(question: Question) -> None:
        with library.reading():
            retrieve(library, question, filters)

    for question in asked[-_WARM:]:
        ask(question)
    return milliseconds(ask, asked)


def time_bare(library: Library, asked: list[Question]) -> Bare:
    """The reference, by the same embedder and the same collection."""
    embed = library.embedder.embed_question
    vectors = [embed(question.search) for question in asked]
    embedding = statistics.median(milliseconds(lambda question: embed(question.search), asked))
    with _bare_query(library) as query:
        for vector in vectors[-_WARM:]:
            query(vector, _DEEP)
        ten = statistics.median(milliseconds(lambda vector: query(vector, 10), vectors))
        deep = statistics.median(milliseconds(lambda vector: query(vector, _DEEP), vectors))
    return Bare(embedding, ten, deep)


@contextmanager
def _bare_query(library: Library) -> Iterator[Callable[[Vectors, int], object]]:
    """A query of the library's collection, past the library."""
    import chromadb
    from chromadb.api.client import Client
    from chromadb.config import Settings

    folder = generation_folder(library.folder, read_generation(library.view.database).number)
    settings = Settings(anonymized_telemetry=False)
    client = cast(Client, chromadb.PersistentClient(path=str(folder), settings=settings))
    try:
        collection = client.get_collection(COLLECTION, embedding_function=None)
        yield lambda vector, results: collection.query(
            query_embeddings=vector, n_results=results, include=["distances"]
        )
    finally:
        client.close()


def serve(built: Built) -> Served:
    """Open a library and ask it, in a process of its own."""
    return Served(**in_own_process("tests.benchmarks.scale", str(built.folder)))


def _serve_here(folder: Path) -> Served:
    asked = questions(QUESTIONS)
    with Library.open(folder) as library:
        taken = time_retrieval(library, asked, Filters())
        answers = milliseconds(lambda question: Assistant(library).ask(question.text), asked[:_ANSWERED])
        return Served(percentile(taken, 50), percentile(taken, 95), statistics.median(answers), resident_megabytes())


if __name__ == "__main__":
    print(json.dumps(asdict(_serve_here(Path(sys.argv[1])))))
