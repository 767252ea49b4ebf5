"""The lexical index: the terms of every passage in tantivy, ranked by BM25. Derived; `rebuild` makes it anew."""

import json
import mmap
import struct
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import tantivy

from shawahid.ingest.errors import LibraryDamaged
from shawahid.ingest.text.words import question_terms, terms

from .native import panics_as_errors

_BLOCK: Final = 1 << 24
_END: Final = 8  # bytes after a file's checksum
_HEAP_BYTES: Final = 64_000_000
FORMAT: Final = 2
"""Raised whenever the analysis in words.py changes what the index holds."""


def _schema() -> tantivy.Schema:
    return (
        tantivy.SchemaBuilder()
        .add_unsigned_field("passage", fast=True, indexed=False)
        .add_unsigned_field("text", indexed=True)
        .add_text_field("terms", tokenizer_name="spaces", index_option="freq")
        .build()
    )


def _open(folder: Path) -> tantivy.Index:
    index = tantivy.Index(_schema(), path=str(folder))
    index.register_tokenizer("spaces", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    return index


def _demand_whole(folder: Path) -> None:
    """Hold the files of what is committed against the checksums at their ends, which tantivy writes but does not read:
    a flipped bit found other passages. Raises ValueError.

    A file ends with JSON that has the CRC-32 of what is before it, the length of that JSON, and a number.
    """
    committed = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    for segment in committed["segments"]:
        for path in folder.glob(f"{segment['segment_id'].replace('-', '')}.*"):
            try:
                file = path.open("rb")
            except FileNotFoundError:  # merged into another meanwhile
                continue
            with file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                length, _ = struct.unpack("<II", data[-_END:])
                footer = json.loads(data[-_END - length : -_END])
                if footer["crc"] != _crc(data, len(data) - _END - length):
                    raise ValueError(f"{path.name} is not as it was written")


def _crc(data: mmap.mmap, end: int) -> int:
    """The CRC-32 of all before `end`, read in blocks: the file of a large library is larger than its memory."""
    crc = 0
    for start in range(0, end, _BLOCK):
        crc = zlib.crc32(data[start : min(start + _BLOCK, end)], crc)
    return crc


class LexicalReader:
    """Ranks passages by the words of a question. Sees what is committed, also by another process.

    Whatever tantivy finds wrong with its files is a LibraryDamaged, which tells the remedy for `library`.
    """

    def __init__(self, folder: Path, library: Path) -> None:
        self._library = library
        with self._explained():
            if not tantivy.Index.exists(str(folder)):
                raise FileNotFoundError(folder)
            self._schema = _schema()
            self._index = _open(folder)
            # Reloading is asked for by hand, before a question: a watcher thread would be one more thing to stop.
            self._index.config_reader("manual")
            self._index.reload()
            _demand_whole(folder)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            with panics_as_errors():
                yield
        except (OSError, ValueError, RuntimeError, LookupError, TypeError, struct.error) as error:
            remedy = f"Nothing is lost; make it anew with: shawahid --library {self._library} rebuild"
            raise LibraryDamaged(path=self._library, problem="its index of words is damaged", remedy=remedy) from error

    def reload(self) -> None:
        """See what has been committed since."""
        with self._explained():
            self._index.reload()

    @property
    def passages(self) -> int:
        return self._index.searcher().num_docs

    def passage_ids(self) -> list[int]:
        """Every passage in the index, one for each time it is there."""
        with self._explained():
            return self._passage_ids()

    def _passage_ids(self) -> list[int]:
        searcher = self._index.searcher()
        if not searcher.num_docs:
            return []
        hits = searcher.search(tantivy.Query.all_query(), limit=searcher.num_docs, count=False).hits
        found = searcher.fast_field_values("passage", [address for _, address in hits])
        return [int(passage) for passage in found if passage is not None]

    def search(self, question: str, depth: int, within: Collection[int] | None = None) -> dict[int, float]:
        """Passage ids to BM25 scores (all above 0), the best `depth`; `within` are the text ids that may be found."""
        with self._explained():
            return self._search(question, depth, within)

    def search_terms(self, terms: Collection[str], depth: int) -> dict[int, float]:
        """The same for terms as they stand in the index."""
        with self._explained():
            return self._found(self._query(terms), depth)

    def _search(self, question: str, depth: int, within: Collection[int] | None) -> dict[int, float]:
        query = self._query(question_terms(question))
        if query is not None and within is not None:
            allowed = tantivy.Query.const_score_query(
                tantivy.Query.term_set_query(self._schema, "text", list(within)), 0.0
            )
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, allowed)])
        return self._found(query, depth)

    def _found(self, query: tantivy.Query | None, depth: int) -> dict[int, float]:
        if query is None:
            return {}
        searcher = self._index.searcher()
        hits = searcher.search(query, limit=depth, count=False).hits
        ids = searcher.fast_field_values("passage", [address for _, address in hits])
        return {
            int(passage): float(score) for passage, (score, _) in zip(ids, hits, strict=True) if passage is not None
        }

    def _query(self, terms: Iterable[str]) -> tantivy.Query | None:
        clauses = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "terms", term, index_option="freq"))
            for term in dict.fromkeys(terms)
        ]
        return tantivy.Query.boolean_query(clauses) if clauses else None

    def passages_with(self, terms: Iterable[str]) -> list[int]:
        """The passages in which one of the terms stands."""
        with self._explained():
            searcher = self._index.searcher()
            query = tantivy.Query.term_set_query(self._schema, "terms", list(terms))
            if not searcher.num_docs:
                return []
            hits = searcher.search(query, limit=searcher.num_docs, count=False).hits
            found = searcher.fast_field_values("passage", [address for _, address in hits])
            return [int(passage) for passage in found if passage is not None]

    def document_frequencies(self, wanted: Iterable[str]) -> tuple[int, Mapping[str, int]]:
        """How many passages there are, and in how many of them each term stands."""
        with self._explained():
            searcher = self._index.searcher()
            return searcher.num_docs, {term: searcher.doc_freq("terms", term) for term in wanted}


class LexicalWriter:
    """Adds and removes passages; nothing is seen by readers before `commit`.

    Where its files are damaged, or the disk is full, it raises ValueError or OSError.
    """

    @staticmethod
    def exists(folder: Path) -> bool:
        return folder.is_dir() and tantivy.Index.exists(str(folder))

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._schema = _schema()
        self._closed = False
        with panics_as_errors():
            self._writer = _open(folder).writer(heap_size=_HEAP_BYTES, num_threads=1)

    def add(self, text: int, passages: Iterable[tuple[int, str]]) -> None:
        """Add the passages (id, words) of one text."""
        for passage, words in passages:
            document = tantivy.Document()
            document.add_unsigned("passage", passage)
            document.add_unsigned("text", text)
            document.add_text("terms", " ".join(terms(words)))
            self._writer.add_document(document)

    def remove(self, text: int) -> None:
        """Remove all passages of a text."""
        # By query: delete_documents_by_term (tantivy-py 0.27) takes an int for signed, and silently deletes nothing.
        self._writer.delete_documents_by_query(tantivy.Query.term_query(self._schema, "text", text))

    def commit(self) -> None:
        with panics_as_errors():
            self._writer.commit()

    def close(self) -> None:
        """End it, what was committed merged. Closing twice is allowed."""
        if not self._closed:
            self._closed = True
            with panics_as_errors():
                self._writer.wait_merging_threads()
