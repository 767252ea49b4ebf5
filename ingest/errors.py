"""Everything that can go wrong, as one tree.

    ShawahidError
    ├── LibraryError            the library on disk
    │   ├── LibraryMissing          no library there yet
    │   ├── LibraryTooNew           written by a later version of the program
    │   ├── LibraryDamaged          a part of it cannot be read
    │   ├── LibraryBusy             another process is writing
    │   ├── LibraryUnwritable       no permission, or the disk is full
    │   ├── LibraryReadOnly         a published snapshot, which nobody writes
    │   ├── SnapshotInvalid         a published snapshot that is not what its manifest says
    │   ├── BackupDamaged           a backup that is not as it was written
    │   ├── VectorServerFailed      the Chroma server did not answer
    │   └── EmbedderMismatch        embedded with another model than the one chosen
    ├── InputError              what the user gave
    │   ├── PathMissing             a path that is not there
    │   ├── DocumentUnreadable      one document that cannot become an article
    │   │   └── LimitMet                …because it met a limit: of time, memory, depth or expansion
    │   ├── SyncRefused             more would be removed than is likely meant
    │   ├── ArticleUnknown          no such article in the library
    │   ├── ArticleAmbiguous        a name that several articles bear
    │   ├── MetadataInvalid         a date or a field that cannot be taken
    │   ├── ChromaAddressInvalid    what cannot be a Chroma server's address
    │   ├── UploadTooLarge          a file that is too large for the page
    │   ├── QuestionInvalid         an empty or an overlong question
    │   └── GoldFileInvalid         an evaluation file that cannot be used
    ├── ModelUnreadable         an embedding model's files that cannot be used
    └── EmbedderFailed          the embedding model did not answer

Each message names the thing and the remedy. `code` and `details` let an interface say the same in its own language.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar


class ShawahidError(Exception):
    """Base of all errors that are meant for a user's eyes.

    `template` is the English message with named holes; `details` fills them, all as text.
    """

    code: ClassVar[str] = "error"
    template: ClassVar[str] = "{message}"

    def __init__(self, **details: object) -> None:
        self.details = {name: str(value) for name, value in details.items()}
        super().__init__(self.template.format(**self.details))


class LibraryError(ShawahidError):
    """Something about the library on disk."""


class LibraryMissing(LibraryError):
    """There is no library in that folder yet."""

    code = "library_missing"
    template = "There is no library at {path} yet. Make one with: shawahid --library {path} ingest PATH"


class LibraryTooNew(LibraryError):
    """The library was written by a later version of the program, which this one cannot read."""

    code = "library_too_new"
    template = (
        "The library at {path} has format {found}, but this program reads formats up to {known}. "
        "Update shawahid; nothing was changed."
    )


class LibraryDamaged(LibraryError):
    """A part of the library cannot be read; the message says which, and what to do."""

    code = "library_damaged"
    template = "The library at {path} cannot be read: {problem}. {remedy}"


class LibraryBusy(LibraryError):
    """Another process is writing into the library. Reading it works meanwhile."""

    code = "library_busy"
    template = (
        "The library at {path} is being written by another process ({holder}). "
        "Wait until it ends, then try again; reading and asking work meanwhile."
    )


class LibraryUnwritable(LibraryError):
    """The library cannot be written: no permission, or the disk is full. What was committed is safe."""

    code = "library_unwritable"
    template = (
        "The library at {path} cannot be written: {problem}. What was committed before is safe; "
        "make room or change the permissions, then run the same command again."
    )

    @classmethod
    @contextmanager
    def explained(cls, path: Path) -> Iterator[None]:
        """What the system refuses in a `with` block that writes there, as this error; `path` is the library's."""
        try:
            yield
        except OSError as error:
            raise cls(path=path, problem=error.strerror or str(error)) from error


class LibraryReadOnly(LibraryError):
    code = "library_read_only"
    template = (
        "The library at {path} is a published snapshot, which is only read. Change the library that it was made from, "
        "then publish that again."
    )


class SnapshotInvalid(LibraryError):
    code = "snapshot_invalid"
    template = "The snapshot at {path} cannot be used: {problem}. Publish the library again."


class BackupDamaged(LibraryError):
    code = "backup_damaged"
    template = "The backup at {path} cannot be restored: {problem}. Nothing was changed; choose another backup."


class VectorServerFailed(LibraryError):
    code = "vector_server_failed"
    template = (
        "The vector index at {address} did not answer: {problem}. Nothing is lost: the library has every vector. "
        "Start that server and run the same command again, or leave out SHAWAHID_CHROMA."
    )


class EmbedderMismatch(LibraryError):
    """The library was embedded with another model than the one chosen."""

    code = "embedder_mismatch"
    template = (
        "The library at {path} was embedded with {stored}, but {chosen} is chosen. Choose {stored}, "
        "or embed all of it again with: shawahid --embedder {chosen} rebuild --embed"
    )


class InputError(ShawahidError):
    """Something about what the user gave."""


class PathMissing(InputError):
    """There is nothing at a path that was given."""

    code = "path_missing"
    template = "There is nothing at {path}. Check the spelling of the path."


class DocumentUnreadable(InputError):
    """A document cannot become an article; the message says why."""

    code = "document_unreadable"
    template = "{reason}"


class LimitMet(DocumentUnreadable):
    """A document met a limit; what it holds may be harmless, or made to stop whoever reads it."""


class TakesTooLong(LimitMet):
    code = "takes_too_long"
    template = "reading it took longer than {limit} seconds, and was stopped: split it, or save it in another format"


class NeedsTooMuchMemory(LimitMet):
    code = "needs_too_much_memory"
    template = "reading it needed more than {limit} MB of memory, and was stopped: split it into smaller files"


class NestedTooDeep(LimitMet):
    code = "nested_too_deep"
    template = "it is nested too deeply to be read: brackets or elements within each other without end"


class ExpandsTooFar(LimitMet):
    code = "expands_too_far"
    template = (
        "it would expand to {size} MB: at most {limit} MB are unpacked, and at most {times} times its packed size. "
        "Unpack it by hand if you trust it"
    )


class AliasesRefused(LimitMet):
    code = "aliases_refused"
    template = "its metadata has YAML aliases (*name), which can expand without end: write the values out"


class ReaderFailed(LimitMet):
    code = "reader_failed"
    template = "the process that reads files ended over it: it is damaged, or was made to do that"


LIMITS: dict[str, type[LimitMet]] = {
    limit.code: limit
    for limit in (TakesTooLong, NeedsTooMuchMemory, NestedTooDeep, ExpandsTooFar, AliasesRefused, ReaderFailed)
}


class SyncRefused(InputError):
    """More articles are missing under the paths given than is likely meant. `gone` are their sources, all of them."""

    code = "sync_refused"
    template = (
        "Of {known} articles from the paths given, {missing} are not there any more, and none was removed: is it the "
        "right folder, and is its disk mounted? What is new was added. To remove them, run it again with --yes."
    )

    def __init__(self, gone: tuple[str, ...], known: int) -> None:
        super().__init__(missing=len(gone), known=known)
        self.gone = gone


class ArticleUnknown(InputError):
    """The library has no such article."""

    code = "article_unknown"
    template = "The library has no article {article}. See which there are with: shawahid list"


class ArticleAmbiguous(InputError):
    """Several articles have the name that was given."""

    code = "article_ambiguous"
    template = "Several articles are named {article}: give one of the numbers {choices} instead."


class MetadataInvalid(InputError):
    """A date or another field cannot be taken as it was given."""

    code = "metadata_invalid"
    template = "{field} cannot be {value!r}: {remedy}"


class ChromaAddressInvalid(InputError):
    code = "chroma_address_invalid"
    template = "SHAWAHID_CHROMA cannot be “{value}”: give http://HOST:PORT or https://HOST."


class UploadTooLarge(InputError):
    code = "upload_too_large"
    template = (
        "{name} has {size} MB; the page takes files of up to {limit} MB. Split it, "
        "or take it in on the command line: shawahid ingest FILE"
    )


class QuestionInvalid(InputError):
    """A question cannot be asked as it is."""

    code = "question_invalid"
    template = "{reason}"


class QuestionEmpty(QuestionInvalid):
    """The question has no words."""

    code = "question_empty"
    template = "The question is empty. Type what you want to know."


class QuestionTooLong(QuestionInvalid):
    """The question has more characters than can be asked."""

    code = "question_too_long"
    template = (
        "The question has {characters} characters; at most {limit} can be asked. "
        "Ask the heart of it in a sentence or two."
    )


class GoldFileInvalid(InputError):
    """An evaluation file cannot be used."""

    code = "gold_file_invalid"
    template = "{path} cannot be used as an evaluation file: {problem}"


class EmbedderFailed(ShawahidError):
    """The embedding model, or the server that it is behind, did not answer."""

    code = "embedder_failed"
    template = "The embedding model {embedder} did not answer: {problem}. {remedy}"


class ModelUnreadable(ShawahidError):
    """An embedding model's files cannot be used."""

    code = "model_unreadable"
    template = "The embedding model at {path} cannot be used: {problem}."
