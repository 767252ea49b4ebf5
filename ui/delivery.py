"""A delivery: the files of one upload as they come. Nothing is left of one that is not accepted."""

from collections.abc import Callable
from pathlib import Path

from shawahid.ingest import uploads
from shawahid.ingest.errors import DocumentUnreadable, ShawahidError, UploadTooLarge
from shawahid.ingest.library import Library

from .jobs import FileStatus, Job


class Delivery:
    """Files written to disk in pieces: for each, `begin`, any number of `write`, and `end`; then `keep` or `discard`.

    A file that cannot be taken is told in the job, and the others go on. `arrived` is told of every piece's bytes, and
    may refuse it. Raises LibraryUnwritable and LibraryReadOnly.
    """

    def __init__(self, library: Library, arrived: Callable[[int], None]) -> None:
        self._library = library
        self._arrived = arrived
        self._files: list[tuple[str, uploads.Incoming | ShawahidError]] = []
        self._new: list[Path] = []
        self.size = 0

    def begin(self, name: str) -> None:
        """A file begins."""
        shown = uploads.clean_name(name) or "?"
        try:
            self._files.append((shown, uploads.Incoming(self._library, name)))
        except DocumentUnreadable as error:
            self._files.append((shown, error))

    def write(self, data: bytes) -> None:
        """The next piece of the file."""
        self.size += len(data)
        self._arrived(len(data))
        if isinstance(incoming := self._files[-1][1], uploads.Incoming):
            incoming.write(data)

    def end(self) -> None:
        """All of the file has come."""
        shown, incoming = self._files[-1]
        if isinstance(incoming, uploads.Incoming):
            try:
                incoming.end()
            except UploadTooLarge as error:
                incoming.discard()
                self._files[-1] = (shown, error)

    def keep(self) -> Job:
        """Put the files in their places; gives the job that is to be noted before anything else is done."""
        paths: dict[Path, None] = {}
        places, files = [], []
        for shown, incoming in self._files:
            if isinstance(incoming, ShawahidError):
                places.append("")
                files.append(FileStatus(shown, "failed", reason=str(incoming), problem=incoming))
                continue
            path, new = incoming.keep()
            self._new += [path] if new else []
            paths[path] = None
            places.append(str(path))
            files.append(FileStatus(shown))
        return Job.waiting(tuple(paths), tuple(places), tuple(files))

    def accept(self) -> None:
        """The job is noted: the files stay."""
        self._files, self._new = [], []

    def discard(self) -> None:
        """Take away all that came, unless it was accepted."""
        for _, incoming in self._files:
            if isinstance(incoming, uploads.Incoming):
                incoming.discard()
        for path in self._new:
            path.unlink(missing_ok=True)
        self.accept()
