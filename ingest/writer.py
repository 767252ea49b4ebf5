"""Writing to a library: one process at a time, the truth first, the indexes after it."""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
from filelock import FileLock, Timeout

from shawahid.ingest.files.furniture import find_furniture
from shawahid.ingest.indexes.lexical import LexicalWriter
from shawahid.ingest.indexes.vectors import build_generation, generation_hashes, remove_folder
from shawahid.ingest.indexes.view import GenerationRecord, generation_folder, read_generation, words_folder
from shawahid.ingest.store.embeddings import Pending
from shawahid.ingest.text.passages import split_passages

from .errors import LibraryBusy, LibraryUnwritable
from .indexes import lexical, served
from .kin import links, near_copies, stories
from .library import Library
from .store import catalogue, correction_links, embeddings, past, worded
from .types import Extracted, Forgotten, Metadata

ANALYSIS = f"{lexical.FORMAT}.1"
"""Changed whenever passages, quotable parts or the terms of the lexical index come out otherwise for the same text."""

_GROUP_AT_ONCE: Final = 500  # texts in one transaction
_EMBED_AT_ONCE: Final = 64  # passages in one transaction
_READ_AHEAD: Final = 512  # passages
_SLICE_AHEAD: Final = 16  # passages, where embedding may have to stop soon
_BUILD_BATCH: Final = 5_000  # vectors
_STALE_SHARE: Final = 8
"""A new generation is built when an eighth of the vectors is not in the old one, so that building stays linear."""


@dataclass(frozen=True, slots=True)
class EmbeddingProgress:
    """How far embedding has come: passages done and to do in this run, and characters done and seconds spent."""

    done: int
    total: int
    seconds: float


class Writer:
    """The one writer of a library. Get it from `writing`; it has healed what a killed writer left behind."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.database = library.view.database
        self._profiles: dict[int, near_copies.Profile] = {}
        self._sender = served.Sender(self.database, library.server) if library.server else None
        self.database.upgrade()
        with self.database.writing() as db:
            number = int(catalogue.get_meta(db, "words") or 0)
            if not number:
                number = 1
                catalogue.set_meta(db, "words", "1")
                worded.mark_all_unworded(db)
            analysed = catalogue.get_meta(db, "analysis")
            if analysed is None and not catalogue.count(db, "texts"):
                analysed = ANALYSIS
                catalogue.set_meta(db, "analysis", analysed)
            for kin in [kin for kin in (near_copies, stories) if not kin.up_to_date(db)]:
                kin.forget_all(db)
        self._words = self._open_words(number)
        self._remove_unnamed_folders()
        self.drop_unused_texts()
        if analysed != ANALYSIS:  # by an older program: its passages and words are not the ones asked for now
            self.split_again(library.embedder_name)
            self.find_near_copies()
            self.rebuild_words()
        self.link_corrections()

    # articles

    def put(self, item: Extracted, file_id: int, edits: Mapping[int, str] | None = None) -> str:
        """Take in one article, inside a transaction: "added", "changed" or "unchanged".

        `edits` are for a record of an archive file, whose place in it says little: what was edited by hand before in
        that file, by text, for it belongs to the text. Texts that lose their last article stay until
        `drop_unused_texts`, because another record may be about to take them over.
        """
        db = self.database.connection
        sha256 = hashlib.sha256(item.text.encode()).hexdigest()
        known = catalogue.find_article(db, item.source)
        text_id = catalogue.find_text(db, sha256)
        outcome = catalogue.outcome(item, known, text_id)
        if outcome == "unchanged":
            return outcome
        if text_id is None:
            furniture = find_furniture(item.text)
            passages = split_passages(item.text, furniture, self.library.embedder.count_tokens)
            text_id = catalogue.put_text(db, item.text, sha256, furniture, passages)
            past.welcome_back(db, sha256)
        if known and known[1] != text_id:
            past.note_leaving(db, known[0], "changed")
        stories.forget(db, [text_id])  # its date may be another
        catalogue.put_article(db, item, text_id, file_id)
        if edits is not None and (not known or known[1] != text_id):
            catalogue.set_edits(db, item.source, edits.get(text_id, "{}"))
        return outcome

    def put_without_files(self, items: Iterable[Extracted]) -> None:
        """Take in articles that came from no file that could be read again, all or none of them."""
        with self.database.writing() as db:
            for item in items:
                self.put(item, catalogue.put_file(db, item.source, "", "", complete=True))

    def drop_unused_texts(self) -> None:
        """Take out the texts that no article has any more, and bring groups and the lexical index up to that."""
        with self.database.writing() as db:
            unused = catalogue.unused_texts(db)
            near_copies.forget(db, unused)
            stories.forget(db, unused)
            served.note_removed(db, unused)
            past.drop_texts(db, unused)
        self.find_near_copies()
        self.commit_words()

    def prune(self, before: str | None = None) -> Forgotten:
        """Forget the texts that no article has any more, or those only that were left before a date (ISO 8601)."""
        with self.database.writing() as db:
            return past.prune(db, before)

    def link_corrections(self) -> None:
        """Hold what came, changed or lost its correction against the rest, and link corrections to what they correct.

        What is still to be linked is noted with each article, so a killed writer leaves nothing out.
        """
        while self._any_unlinked():
            with self.database.writing() as db:
                links.link_some(db)

    def _any_unlinked(self) -> bool:
        with self.database.reading() as db:
            return correction_links.any_unlinked(db)

    def edit(self, article: int, changes: dict[str, str]) -> Metadata:
        """Set metadata by hand; an empty value takes back what was set. Returns what holds now."""
        with self.database.writing() as db:
            catalogue.edit_article(db, article, changes)
            stories.forget_articles(db, [article])
        self.link_corrections()
        self.join_stories()
        return self.library.article(article).metadata

    def remove(self, articles: list[int]) -> None:
        """Take articles out of the library, and texts that no other article has."""
        with self.database.writing() as db:
            for article in dict.fromkeys(articles):
                past.note_leaving(db, article, "removed")
                catalogue.remove_article(db, article)
        self.link_corrections()
        self.drop_unused_texts()
        self.join_stories()

    # near copies

    def find_near_copies(self) -> None:
        """Put every text that has no group yet into one, some at a time; killed, it goes on when it is called again."""
        grouped = _GROUP_AT_ONCE
        while grouped == _GROUP_AT_ONCE:
            with self.database.writing() as db:
                grouped = near_copies.put_in_groups(db, _GROUP_AT_ONCE, self._profiles)

    def group_again(self) -> None:
        """Make all groups of near copies and all stories anew; the texts are in the index of words."""
        with self.database.writing() as db:
            near_copies.forget_all(db)
            stories.forget_all(db)
        self.find_near_copies()

    # stories

    def join_stories(self, stop: Callable[[], bool] | None = None) -> None:
        """Put the embedded texts that have no story yet into one, some at a time; killed, it goes on when it is called
        again. `stop` is asked in between whether to leave the rest for another time."""
        words = self.library.words()
        after: int | None = 0
        joining = stories.Joining(words, self.library.embedder_name) if words else None
        while joining and after is not None and not (stop and stop()):
            with self.database.writing() as db:
                after = joining.join_next(db, after)

    # words

    def commit_words(self) -> None:
        """Bring the lexical index up to the truth; after this, readers find what was put before.

        Files that a failed write left behind can stand in the way of the next; then the index is made anew.
        """
        try:
            self._bring_words()
        except ValueError:
            self.rebuild_words()

    def rebuild_words(self) -> None:
        """Make the lexical index anew, in a fresh folder. Readers have the old one until the new one is whole."""
        with suppress(ValueError):  # from a damaged index, which is given up
            self._words.close()
        with self.database.reading() as db:
            number = int(catalogue.get_meta(db, "words") or 0) + 1
        remove_folder(words_folder(self.library.folder, number))
        try:
            self._words = self._open_words(number)
            self._bring_words(number)
        except ValueError as error:
            problem = f"the index of words could not be written ({error})"
            raise LibraryUnwritable(path=self.library.folder, problem=problem) from error
        self._remove_unnamed_folders()

    def _bring_words(self, number: int | None = None) -> None:
        """Write what the lexical index lacks; `number` names it, where it is a new one."""
        with self.database.reading() as db:
            withdrawn, unworded = worded.withdrawn_texts(db), worded.unworded_texts(db)
            if not withdrawn and not unworded and number is None:
                return
            with _explained(self.library.folder):
                for text_id in withdrawn:
                    self._words.remove(text_id)
                for text_id in unworded:
                    self._words.remove(text_id)  # it may be there from a run that was killed before it could say so
                    text = catalogue.text_of(db, text_id)
                    passages = catalogue.passages_of_text(db, text_id)
                    self._words.add(text_id, ((passage.id, text[passage.start : passage.end]) for passage in passages))
                self._words.commit()
        with self.database.writing() as db:
            worded.mark_worded(db, unworded, withdrawn)
            if number is not None:
                catalogue.set_meta(db, "words", str(number))

    def _open_words(self, number: int) -> LexicalWriter:
        folder = words_folder(self.library.folder, number)
        if not LexicalWriter.exists(folder):
            self._word_all_again()
        try:
            with _explained(self.library.folder):
                return LexicalWriter(folder)
        except ValueError:  # damaged: nothing in it is worth saving, all of it is in the truth
            self._word_all_again()
            remove_folder(folder)
            return LexicalWriter(folder)

    def _word_all_again(self) -> None:
        """Note that the lexical index holds nothing, before that becomes so."""
        with self.database.writing() as db:
            worded.mark_all_unworded(db)

    # vectors

    def embed_pending(
        self,
        report: Callable[[EmbeddingProgress], None] | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> int:
        """Embed every passage that has no vector yet, committing as it goes; returns how many that were.

        Killed at any moment, it goes on where it was when it is called again. `stop` is asked after each passage,
        which takes half a second, whether to leave the rest for another time.
        """
        read_ahead, at_once = (_SLICE_AHEAD, 1) if stop else (_READ_AHEAD, _EMBED_AT_ONCE)
        with self.database.reading() as db:
            total = catalogue.count(db, "passages") - catalogue.count(db, "embeddings")
        done, last, started = 0, 0, time.monotonic()
        while batch := self._next_pending(last, read_ahead):
            last = batch[-1].id
            for start in range(0, len(batch), at_once):
                done += self._embed(batch[start : start + at_once])
                if self._sender:
                    self._sender.send_if_many()
                if report:
                    report(EmbeddingProgress(done, max(total, done), time.monotonic() - started))
                if stop and stop():
                    return done
        return done

    def _embed(self, passages: Sequence[Pending]) -> int:
        """Embed passages and what can be quoted of them, and commit; a passage quotable as a whole is embedded once."""
        texts = dict.fromkeys(text for passage in passages for text in (passage.text, *passage.quoted))
        vectors = dict(zip(texts, self.library.embedder.embed_passages(list(texts)), strict=True))
        with self.database.writing() as db:
            for passage in passages:
                quotes = np.stack([vectors[text] for text in passage.quoted])
                embeddings.put_embedding(db, passage, vectors[passage.text], quotes)
        return len(passages)

    def _next_pending(self, after: int, most: int) -> list[Pending]:
        with self.database.reading() as db:
            return embeddings.pending_passages(db, after, most)

    def build_vectors(self, *, always: bool = False) -> bool:
        """Build a new Chroma generation where the old one has fallen behind. Returns whether it did.

        Where a server has the vector index, bring that up to the truth instead, or with `always` make it anew.
        """
        if self._sender:
            if always:
                self._sender.make_anew()
            else:
                self._sender.settle()
            return always
        record = read_generation(self.database)
        with self.database.reading() as db:
            last, held = embeddings.last_sequence(db), catalogue.count(db, "embeddings")
            kept = embeddings.count_embeddings_up_to(db, record.last)
            stale = (held - kept) + (record.count - kept)
            if not always and stale * _STALE_SHARE <= record.count:
                return False
            number = record.number + 1
            folder = generation_folder(self.library.folder, number)
            remove_folder(folder)
            try:
                count = build_generation(folder, embeddings.embedding_batches(db, _BUILD_BATCH))
                record = GenerationRecord(number, last, count, generation_hashes(folder))
            except Exception as error:  # Chroma's, the system's, or its own check's
                remove_folder(folder)
                raise LibraryUnwritable(
                    path=self.library.folder, problem=f"the vector index could not be built ({error})"
                ) from error
        with self.database.writing() as db:
            catalogue.set_meta(db, "generation", json.dumps(asdict(record)))
        self._remove_unnamed_folders()
        return True

    def split_again(self, embedder: str) -> None:
        """Throw away passages and vectors, and split all texts by another embedder's tokens."""
        self.library.follow_embedder(embedder)
        count_tokens = self.library.embedder.count_tokens
        with self.database.writing() as db:
            catalogue.drop_all_passages(db)
            served.forget_served(db)
            for text_id in catalogue.text_ids(db):
                text = catalogue.text_of(db, text_id)
                furniture = find_furniture(text)
                catalogue.put_furniture(db, text_id, furniture)
                catalogue.put_passages(db, text_id, text, split_passages(text, furniture, count_tokens))
            worded.mark_all_unworded(db)  # the lexical index holds the old passages
            near_copies.forget_all(db)  # they were told by other furniture
            stories.forget_all(db)
            self._profiles.clear()
            catalogue.set_meta(db, "embedder", embedder)
            catalogue.set_meta(db, "analysis", ANALYSIS)

    def _remove_unnamed_folders(self) -> None:
        """Take away indexes that nothing names: half built, or two generations old. Readers may still hold the last."""
        current = read_generation(self.database).number
        with self.database.reading() as db:
            words = int(catalogue.get_meta(db, "words") or 0)
        keep = {generation_folder(self.library.folder, number) for number in (current, current - 1)}
        keep |= {words_folder(self.library.folder, number) for number in (words, words - 1)}
        for parent in ("vectors", "words"):
            for folder in (self.library.folder / parent).glob("*"):
                if folder not in keep:
                    remove_folder(folder)

    def close(self) -> None:
        self._words.close()
        if self._sender:
            self._sender.close()


@contextmanager
def writing(library: Library) -> Iterator[Writer]:
    """Be the one writer of a library. Raises LibraryBusy where another process is, or another thread."""
    with locked(library):
        writer = Writer(library)
        try:
            yield writer
        finally:
            writer.close()


@contextmanager
def locked(library: Library) -> Iterator[None]:
    """Keep writers out. Raises LibraryBusy, or LibraryReadOnly for a published snapshot."""
    library.demand_writable()
    holder = library.folder / "writer.txt"
    lock = FileLock(library.folder / "writer.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise LibraryBusy(path=library.folder, holder=_read_holder(holder)) from error
    except OSError as error:
        raise LibraryUnwritable(path=library.folder, problem=error.strerror or str(error)) from error
    try:
        with _explained(library.folder):
            holder.write_text(f"process {os.getpid()}, since {time.strftime('%H:%M:%S')}", encoding="utf-8")
        yield
    finally:
        lock.release()


def _read_holder(holder: Path) -> str:
    try:
        return holder.read_text(encoding="utf-8") or "unknown"
    except OSError:
        return "unknown"


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """The system's and tantivy's refusals as ours. tantivy says "No space left" in a ValueError."""
    try:
        with LibraryUnwritable.explained(folder):
            yield
    except ValueError as error:
        if "os error 28" in str(error).lower() or "no space" in str(error).lower():
            raise LibraryUnwritable(path=folder, problem="the disk is full") from error
        raise
