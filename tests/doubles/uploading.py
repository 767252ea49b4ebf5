"""A file kept as an upload is, without a server."""

from pathlib import Path

from shawahid.ingest.library import Library
from shawahid.ingest.uploads import Incoming


def keep(library: Library, name: str, content: bytes) -> Path:
    """Keep a file that is all there. Raises what Incoming does."""
    incoming = Incoming(library, name)
    try:
        incoming.write(content)
        incoming.end()
        return incoming.keep()[0]
    finally:
        incoming.discard()
