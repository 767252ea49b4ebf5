"""The spine of an ingest: paths to files to articles, committed with their words; embedding follows."""

import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Final

from shawahid.ingest.files.apart import extract_apart, read_apart
from shawahid.ingest.files.extract import extract_document
from shawahid.ingest.files.sources import walk
from shawahid.ingest.store.database import Connection

from . import uploads
from .errors import DocumentUnreadable, PathMissing, SyncRefused
from .indexes import lexical
from .library import Library
from .store import catalogue
from .types import Extracted, Failure, Forgotten, GivenDocument, IngestReport, SourceFile
from .writer import EmbeddingProgress, Writer, writing

_COMMIT_SECONDS: Final = 2.0
_COMMIT_FILES: Final = 500  # files, or articles of one file
_OUTCOMES = ("added", "changed", "unchanged", "removed")
_LARGEST_SHARE: Final = 10  # a tenth of what came from the paths given may be removed unasked,
_FEW_KNOWN: Final = 10  # and all of it where these were fewer
_ARCHIVES = {".json", ".jsonl", ".csv"}
_EXTRACTORS = {".html": "trafilatura", ".htm": "trafilatura", ".pdf": "pypdf", ".docx": "python-docx"}

_log = logging.getLogger("shawahid.library")


def ingest(
    library: Library,
    paths: Iterable[str | Path],
    *,
    mapping: Mapping[str, str] | None = None,
    sync: bool = False,
    confirmed: bool = False,
    embed: bool = True,
    report_embedding: Callable[[EmbeddingProgress], None] | None = None,
    between: Callable[[Writer, IngestReport], None] | None = None,
) -> IngestReport:
    """Take in the articles at `paths`, recursively, into `library`, and with `embed` embed what is not embedded yet.

    `mapping` tells what records call a field: {"outlet": "paper"}. `report_embedding` is called as embedding goes on.
    Articles and their words are committed as it goes and can be asked about at once, by any process. With `sync`,
    what the library has from under `paths` and is not there any more is removed; where that is more than a tenth, only
    if it is `confirmed`: otherwise it stays, and SyncRefused is raised when all else is done. One bad file is reported
    and the others go on; a path that is not there at all raises PathMissing before anything is done. `between` is
    called after each commit, with the report so far: it may write by the same writer; what it raises ends the ingest
    there. Raises LibraryBusy, LibraryUnwritable, EmbedderFailed or ModelUnreadable too; what was committed stays.
    """
    roots = _roots(library, paths, sync=sync)
    refused = None
    with writing(library) as writer:
        run = _Run(writer, mapping or {}, between)
        for root in roots:
            run.take_in(root)
        if sync:
            refused = run.remove_missing(roots, confirmed=confirmed)
        run.finish(report_embedding, embed=embed)
    if refused:
        raise refused
    return run.report()


def preview(
    library: Library | None,
    paths: Iterable[str | Path],
    *,
    mapping: Mapping[str, str] | None = None,
    sync: bool = False,
) -> tuple[IngestReport, SyncRefused | None]:
    """What `ingest` would do, and whether it would have to be confirmed. Reads the files, and writes nothing.

    `library` None is one that is yet to be made.
    """
    roots = _roots(library, paths, sync=sync)
    outcomes: dict[str, list[str]] = {name: [] for name in _OUTCOMES}
    failed: list[Failure] = []
    seen: set[str] = set()
    for file in (file for root in roots if _exists(root) for file in walk(root)):
        for item in [file] if isinstance(file, Failure) else _would_come(file, mapping or {}, seen):
            seen.add(item.source)
            if isinstance(item, Failure):
                failed.append(item)
            else:
                outcomes[_would_be(library, item)].append(item.source)
    known, gone = _missing(library, roots, seen, failed) if library and sync else (0, {})
    outcomes["removed"] += gone.values()
    report = IngestReport(**{name: tuple(sources) for name, sources in outcomes.items()}, failed=tuple(failed))
    return report, _refusal(gone, known)


def ingest_documents(
    library: Library,
    documents: Iterable[GivenDocument],
    *,
    mapping: Mapping[str, str] | None = None,
    report_embedding: Callable[[EmbeddingProgress], None] | None = None,
) -> IngestReport:
    """Take in articles that are not in files, such as LlamaIndex's `Document`s, as `ingest` does those that are.

    One whose `doc_id` the library has is brought up to date. Its source is `document:` and the `doc_id`, which is its
    name too. `mapping` names the fields of `metadata` that do not bear a usual name (see metadata.FIELD_NAMES).
    """
    with writing(library) as writer:
        run = _Run(writer, mapping or {})
        for document in documents:
            run.take_in_document(document)
        run.finish(report_embedding)
    return run.report()


def library_from_documents(
    documents: Iterable[GivenDocument], path: str | Path, *, embedder: str | None = None
) -> Library:
    """The library in the folder `path`, made where there is none, with LlamaIndex's `Document`s taken into it.

    `documents` with a `doc_id` that the library has are brought up to date. One that cannot be taken in is logged, and
    the others go on; `ingest_documents` returns a report. `embedder` is as in `Library.open`, and the same is raised.
    """
    library = Library.open(path, embedder=embedder, create=True)
    try:
        for failure in ingest_documents(library, documents).failed:
            _log.warning("%s was not taken in: %s", failure.source, failure.reason)
    except BaseException:
        library.close()
        raise
    return library


def remove(library: Library, articles: Iterable[int]) -> None:
    """Take articles out of a library, with all that was derived from them; their texts are kept until `prune`.

    An uploaded file goes with the last article that came from it.
    """
    with writing(library) as writer:
        uploads.remove(writer, list(articles))
        writer.build_vectors()


def prune(library: Library, before: str | None = None) -> Forgotten:
    """Forget the older texts that are kept, or those only that were left before a date (ISO 8601)."""
    with writing(library) as writer:
        return writer.prune(before)


def rebuild(
    library: Library, *, embedder: str | None = None, report: Callable[[EmbeddingProgress], None] | None = None
) -> None:
    """Make both indexes, the groups of near copies and the stories anew from the truth.

    With `embedder`, split and embed everything again with that one.
    """
    with writing(library) as writer:
        if embedder:
            writer.split_again(embedder)
        writer.group_again()
        writer.rebuild_words()
        writer.embed_pending(report)
        writer.join_stories()
        writer.build_vectors(always=True)


class _Run:
    """One ingest: what it has seen, and what it has not yet committed."""

    def __init__(
        self,
        writer: Writer,
        mapping: Mapping[str, str],
        between: Callable[[Writer, IngestReport], None] | None = None,
    ) -> None:
        self.writer = writer
        self.mapping = mapping
        self.between = between
        self.outcomes: dict[str, list[str]] = {name: [] for name in _OUTCOMES}
        self.failed: list[Failure] = []
        self.seen: set[str] = set()
        self._batch: list[tuple[SourceFile, str, str, list[Extracted | Failure]]] = []
        self._committed = time.monotonic()
        self._edits: dict[str, dict[int, str]] = {}

    def take_in(self, root: Path) -> None:
        for file in walk(root) if _exists(root) else ():
            if isinstance(file, Failure):
                self._fail(file)
                continue
            self._take_in_file(file)
            self._commit_when_due()

    def take_in_document(self, document: GivenDocument) -> None:
        item = extract_document(document, self.mapping)
        if item.source in self.seen:
            item = Failure(
                item.source, "another document with its doc_id came before it: give each a doc_id of its own"
            )
        if isinstance(item, Failure):
            self._fail(item)
            return
        self.seen.add(item.source)
        data = item.text.encode()
        file = SourceFile(item.source, item.name, "", lambda: data)
        self._batch.append((file, hashlib.sha256(data).hexdigest(), item.extractor, [item]))
        self._commit_when_due()

    def _take_in_file(self, file: SourceFile) -> None:
        if file.source in self.seen:  # the same path given twice
            return
        self.seen.add(file.source)
        try:
            data = file.read()
        except DocumentUnreadable as error:
            self._fail(Failure.of(file.source, error))
            return
        sha256 = hashlib.sha256(data).hexdigest()
        with self.writer.database.reading() as db:
            known = catalogue.known_file(db, file.source)
            if known and known[1:] == (sha256, _recipe(file, self.mapping), True):
                sources = catalogue.sources_of_file(db, known[0])
                self.outcomes["unchanged"] += sources
                self.seen.update(sources)
                return
        self._take_in_articles(file, sha256, _recipe(file, self.mapping), extract_apart(file, data, self.mapping))

    def _take_in_articles(
        self, file: SourceFile, sha256: str, recipe: str, articles: Iterator[Extracted | Failure]
    ) -> None:
        """Articles of one file; of a large archive, in several commits, the file itself marked complete by the last."""
        items: list[Extracted | Failure] = []
        complete = True
        for item in articles:
            items.append(item)
            complete = complete and isinstance(item, Extracted)
            if len(items) >= _COMMIT_FILES or (items and time.monotonic() - self._committed > _COMMIT_SECONDS):
                self._batch.append((file, sha256, "", items))
                self.commit()
                items = []
        self._batch.append((file, sha256, recipe if complete else "", items))

    def finish(self, report_embedding: Callable[[EmbeddingProgress], None] | None, *, embed: bool = True) -> None:
        """Commit what is left, and with `embed` embed it."""
        self.commit()
        self.writer.drop_unused_texts()
        if embed:
            self.writer.embed_pending(report_embedding)
            self.writer.join_stories()
            self.writer.build_vectors()

    def _commit_when_due(self) -> None:
        if len(self._batch) >= _COMMIT_FILES or time.monotonic() - self._committed > _COMMIT_SECONDS:
            self.commit()

    def commit(self) -> None:
        """Commit the truth, then its links, then the words; what was waiting is askable after this."""
        with self.writer.database.writing() as db:
            for file, sha256, recipe, items in self._batch:
                if any(isinstance(item, Extracted) for item in items):
                    self._settle_file(db, file, sha256, recipe, items)
                else:  # what it gave before stays, with the hash of the bytes that gave it
                    catalogue.mark_incomplete(db, file.source)
                    self._settle(items, 0, None)
        self._batch = []
        self.writer.link_corrections()
        self.writer.find_near_copies()
        self.writer.commit_words()
        if self.between:
            self.between(self.writer, self.report())
        self._committed = time.monotonic()

    def _settle_file(
        self, db: Connection, file: SourceFile, sha256: str, recipe: str, items: list[Extracted | Failure]
    ) -> None:
        file_id = catalogue.put_file(db, file.source, sha256, recipe, bool(recipe))
        if file.suffix in _ARCHIVES and file.source not in self._edits:
            self._edits[file.source] = catalogue.edits_of_file(db, file_id)
        self._settle(items, file_id, self._edits.get(file.source))
        if recipe and not self.seen.issuperset(catalogue.sources_of_file(db, file_id)):
            # It no longer holds all that came from it; until --sync takes that out, it is read every time.
            catalogue.mark_incomplete(db, file.source)

    def _settle(self, items: list[Extracted | Failure], file_id: int, edits: dict[int, str] | None) -> None:
        for item in items:
            self.seen.add(item.source)
            if isinstance(item, Failure):
                self._fail(item)
            else:
                self.outcomes[self.writer.put(item, file_id, edits)].append(item.source)

    def remove_missing(self, roots: list[Path], *, confirmed: bool) -> SyncRefused | None:
        """Remove what came from under `roots` and did not turn up now, unless that must be confirmed first."""
        self.commit()
        known, gone = _missing(self.writer.library, roots, self.seen, self.failed)
        refused = None if confirmed else _refusal(gone, known)
        if not refused:
            self.writer.remove(list(gone))
            self.outcomes["removed"] += gone.values()
        return refused

    def _fail(self, failure: Failure) -> None:
        self.seen.add(failure.source)
        self.failed.append(failure)

    def report(self) -> IngestReport:
        return IngestReport(
            **{outcome: tuple(sources) for outcome, sources in self.outcomes.items()}, failed=tuple(self.failed)
        )


def _roots(library: Library | None, paths: Iterable[str | Path], *, sync: bool) -> list[Path]:
    """Absolute paths. Raises PathMissing for one that is not there, unless `sync` may take out what came from it."""
    roots = [Path(path).expanduser().absolute() for path in paths]
    for root in roots:
        if not _exists(root) and not (sync and library and _known_root(library, root)):
            raise PathMissing(path=root)
    return roots


def _recipe(file: SourceFile, mapping: Mapping[str, str]) -> str:
    """All that decides what comes out of a file, besides its bytes and this program's own reading of it."""
    package = _EXTRACTORS.get(file.suffix)
    parts = [
        lexical.FORMAT,
        sorted(mapping.items()),
        hashlib.sha256(file.sidecar).hexdigest() if file.sidecar else None,
        version(package) if package else None,
        file.name,
    ]
    return json.dumps(parts)


def _missing(library: Library, roots: list[Path], seen: set[str], failed: list[Failure]) -> tuple[int, dict[int, str]]:
    """How many articles came from under `roots`, and the sources of those that did not turn up, by article.

    A file that failed keeps its articles.
    """
    unreadable = tuple(failure.source for failure in failed)
    with library.view.database.reading() as db:
        under = [row for root in roots for row in catalogue.sources_under(db, str(root.resolve()))]
    gone = {
        article: source
        for article, source, path in under
        if source not in seen and not any(_lies_in(place, bad) for bad in unreadable for place in (source, path))
    }
    return len({article for article, _, _ in under}), gone


def _refusal(gone: Mapping[int, str], known: int) -> SyncRefused | None:
    """Why these may not be removed unasked: a folder that is empty because its disk is not mounted looks the same."""
    if known < _FEW_KNOWN or len(gone) * _LARGEST_SHARE <= known:
        return None
    return SyncRefused(tuple(gone.values()), known)


def _would_come(file: SourceFile, mapping: Mapping[str, str], seen: set[str]) -> Iterator[Extracted | Failure]:
    """What is in a file that was not seen yet."""
    if file.source not in seen:
        seen.add(file.source)
        yield from read_apart(file, mapping)


def _would_be(library: Library | None, item: Extracted) -> str:
    if library is None:
        return "added"
    with library.view.database.reading() as db:
        known = catalogue.find_article(db, item.source)
        return catalogue.outcome(item, known, catalogue.find_text(db, hashlib.sha256(item.text.encode()).hexdigest()))


def _lies_in(place: str, unreadable: str) -> bool:
    """Whether something came from a file, an archive or a folder that cannot be read now."""
    return place == unreadable or place.startswith((f"{unreadable}/", f"{unreadable}#"))


def _exists(path: Path) -> bool:
    try:
        return path.exists() or path.is_symlink()
    except (OSError, ValueError):  # a name that is too long, or holds NUL
        return False


def _known_root(library: Library, root: Path) -> bool:
    with library.view.database.reading() as db:
        return any(True for _ in catalogue.sources_under(db, str(root.resolve())))
