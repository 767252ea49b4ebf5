"""The process that reads files from outside: what hangs it, fills its memory or ends it costs that one file.

Started by apart.py. It takes a request on standard input, and gives each article, or why there is none, on standard
output as it is read. A frame is eight bytes of length and that many bytes; all but a file's own bytes is JSON, so that
nothing a file does here can make the other side run anything.
"""

import json
import os
import struct
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from typing import IO, Any, Final

from shawahid.ingest.errors import NeedsTooMuchMemory
from shawahid.ingest.types import Extracted, Failure, Metadata, SourceFile

LENGTH: Final = struct.Struct(">Q")
END: Final = b""
"""The frame after a file's last articles."""

_FULL_COUNT: Final = 100  # articles in a frame
_FULL_LENGTH: Final = 500_000  # characters of their texts


def write_frame(stream: IO[bytes], data: bytes) -> None:
    stream.write(LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes:
    """The next frame. Raises EOFError where the other side has ended."""
    (length,) = LENGTH.unpack(_exactly(stream, LENGTH.size))
    return _exactly(stream, length)


def _exactly(stream: IO[bytes], length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return data


def unpacked(frame: bytes) -> list[Extracted | Failure]:
    """The articles of a frame, and why there is none."""
    return [_item(values) for values in json.loads(frame)]


def _item(values: dict[str, Any]) -> Extracted | Failure:
    if "reason" in values:
        return Failure(**values)
    return Extracted(**{**values, "metadata": Metadata(**values["metadata"]), "pages": tuple(values["pages"])})


def main() -> None:
    """Read file after file until standard input ends."""
    given, taken = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no frame
    while True:
        try:
            request, data = json.loads(read_frame(given)), read_frame(given)
        except EOFError:
            return
        _limit(request["memory"], request["seconds"])
        for frame in _packed(_articles(request, data)):
            write_frame(taken, frame)
        write_frame(taken, END)


def _packed(items: Iterator[Extracted | Failure]) -> Iterator[bytes]:
    """Articles in frames, not one by one: a long archive has many."""
    batch: list[dict[str, Any]] = []
    length = 0
    for item in items:
        batch.append(asdict(item))
        length += len(item.text) if isinstance(item, Extracted) else 0
        if len(batch) >= _FULL_COUNT or length >= _FULL_LENGTH:
            yield json.dumps(batch).encode()
            batch, length = [], 0
    if batch:
        yield json.dumps(batch).encode()


def _articles(request: dict[str, Any], data: bytes) -> Iterator[Extracted | Failure]:
    from .extract import extract

    sidecar = request["sidecar"].encode("latin-1") if request["sidecar"] else None
    file = SourceFile(request["source"], request["name"], request["suffix"], lambda: data, sidecar)
    try:
        yield from extract(file, data, request["mapping"])
    except MemoryError:
        yield Failure.of(file.source, NeedsTooMuchMemory(limit=request["memory"] // 2**20))


def _limit(memory: int, seconds: float) -> None:
    """Let this process have no more than so many bytes, where the system can; and end it if it works on for long when
    nobody waits for it any more."""
    try:
        import resource
    except ImportError:  # Windows
        return
    try:
        for kind, limit in (
            (resource.RLIMIT_CPU, int(time.process_time() + 2 * seconds) + 1),
            (resource.RLIMIT_DATA, memory),
        ):
            _, hard = resource.getrlimit(kind)
            resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
    except (ValueError, OSError):  # macOS does not limit this
        pass


if __name__ == "__main__":
    main()
