"""Reads files from outside in a process of its own (worker.py), which is started once and replaced when it has to be.

Small files of plain kinds are read here: that takes time in proportion to their size, and a library of them should not
wait for a process. Everything that other people's programs take apart (HTML, PDF, Word), and whatever is large, goes to
the worker, with limits of time and of memory.
"""

import atexit
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import IO, Final

from shawahid.ingest.errors import DocumentUnreadable, NeedsTooMuchMemory, ReaderFailed, TakesTooLong
from shawahid.ingest.types import Extracted, Failure, SourceFile

from .extract import FieldMap, extract
from .worker import END, read_frame, unpacked, write_frame

SECONDS: Final = 60.0
"""Until something comes of a file, and one more for each of its megabytes."""
MEMORY: Final = 2**30
"""Bytes, besides `_MEMORY_A_BYTE` for each of the file's own."""

_MEMORY_A_BYTE: Final = 6
_OURS: Final = ("SHAWAHID_", "OPENAI_")  # variables with what is secret, or nobody's business there
_PLAIN: Final = {".txt", ".md", ".json", ".jsonl", ".csv"}
_SMALL: Final = 2**23  # bytes of a plain file that is read here

_log = logging.getLogger("shawahid.extract")


def extract_apart(file: SourceFile, data: bytes, mapping: FieldMap) -> Iterator[Extracted | Failure]:
    """What `extract` gives, and a Failure where the file met a limit."""
    if file.suffix not in _PLAIN or len(data) > _SMALL:
        yield from _READER.read(file, data, mapping)
        return
    try:
        yield from extract(file, data, mapping)
    except MemoryError:
        yield Failure.of(file.source, NeedsTooMuchMemory(limit=MEMORY // 2**20))


def read_apart(file: SourceFile, mapping: FieldMap) -> Iterator[Extracted | Failure]:
    """The articles in a file, and a Failure where it cannot be read."""
    try:
        data = file.read()
    except DocumentUnreadable as error:
        yield Failure.of(file.source, error)
        return
    yield from extract_apart(file, data, mapping)


class _Reader:
    """The worker as seen from here. One file at a time; threads wait for each other."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, file: SourceFile, data: bytes, mapping: FieldMap) -> Iterator[Extracted | Failure]:
        with self._guard:
            whole = short = False
            try:
                for item in self._read(file, data, mapping):
                    yield item
                    short = short or (isinstance(item, Failure) and item.code == NeedsTooMuchMemory.code)
                whole = not short
            except DocumentUnreadable as error:
                _log.warning("%s was given up: %s", file.source, error)
                yield Failure.of(file.source, error)
            finally:
                if not whole:  # also where the caller has had enough: what still comes belongs to no file
                    self.end()

    def _read(self, file: SourceFile, data: bytes, mapping: FieldMap) -> Iterator[Extracted | Failure]:
        seconds = SECONDS + len(data) / 2**20
        request = {
            "source": file.source,
            "name": file.name,
            "suffix": file.suffix,
            "sidecar": file.sidecar.decode("latin-1") if file.sidecar else None,
            "mapping": dict(mapping),
            "memory": MEMORY + _MEMORY_A_BYTE * len(data),
            "seconds": seconds,
        }
        deadline = _Deadline(self, seconds)
        try:
            given, taken = self._pipes()
            with deadline:
                write_frame(given, json.dumps(request).encode())
                write_frame(given, data)
                while (frame := read_frame(taken)) != END:
                    deadline.stop()
                    yield from unpacked(frame)
                    deadline.start()
        except (OSError, EOFError, ValueError) as error:
            if deadline.met:
                raise TakesTooLong(limit=round(seconds)) from error
            raise ReaderFailed() from error

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None or self._process.poll() is not None:
            self.end()
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "shawahid.ingest.files.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
            )
        given, taken = self._process.stdin, self._process.stdout
        assert given is not None
        assert taken is not None
        return given, taken

    def kill(self) -> None:
        """End the process at once; whoever reads from it sees that."""
        if process := self._process:
            process.kill()

    def end(self) -> None:
        if process := self._process:
            self._process = None
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                try:
                    if pipe:
                        pipe.close()
                except OSError:  # what was not written yet
                    pass


def _environment() -> dict[str, str]:
    """The worker's: the same modules as here, and nothing from the folder that we happen to be in."""
    passed = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return passed | {"PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}


class _Deadline:
    """Kills a reader that is silent for too long; not while it is the caller who takes the time."""

    def __init__(self, reader: _Reader, seconds: float) -> None:
        self._reader = reader
        self._seconds = seconds
        self._timer: threading.Timer | None = None
        self.met = False

    def __enter__(self) -> "_Deadline":
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def start(self) -> None:
        self._timer = threading.Timer(self._seconds, self._meet)
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        if self._timer:
            self._timer.cancel()

    def _meet(self) -> None:
        self.met = True
        self._reader.kill()


def give_up() -> None:
    """Have the file that is being read given up, so that whoever waits for it can end."""
    _READER.kill()


_READER = _Reader()
atexit.register(_READER.end)
