"""Is everything there that answers depend on? Each part is really tried."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from shawahid.assistant.compose.model import ChatModel
from shawahid.ingest.errors import ShawahidError
from shawahid.ingest.indexes.vectors import ChromaServer, ServedCollection
from shawahid.ingest.library import Library

from .settings import Settings, open_library

_ASKED: Final = "Say the word: ready"


@dataclass(frozen=True, slots=True)
class PartFinding:
    """A part, whether it works, and what was seen."""

    part: str
    well: bool
    told: str


def examine(settings: Settings) -> Iterator[PartFinding]:
    """The library, the embedder and the model, one after the other, each told when it has been tried."""
    try:
        with open_library(settings) as library:
            status = library.status()
            yield PartFinding(
                "library", True, f"{status.articles} articles, {status.embedded} of {status.passages} passages embedded"
            )
            yield _embedder(library)
            if library.server:
                yield _vectors(library, library.server)
    except ShawahidError as error:
        yield PartFinding("library", False, str(error))
    yield _model(settings)


def _embedder(library: Library) -> PartFinding:
    started = time.monotonic()
    try:
        library.embedder.embed_question("ready")
    except ShawahidError as error:
        return PartFinding("embedder", False, str(error))
    return PartFinding("embedder", True, f"{library.embedder_name} answered in {time.monotonic() - started:.2f} s")


def _vectors(library: Library, server: ChromaServer) -> PartFinding:
    record = library.vectors_on_server()
    if not record.collection:
        return PartFinding("vectors", True, f"nothing was sent to {server.address} yet")
    started = time.monotonic()
    try:
        collection = ServedCollection(server, record.collection)
        held = collection.count()
        collection.close()
    except ShawahidError as error:
        return PartFinding("vectors", False, str(error))
    told = f"{server.address} answered in {time.monotonic() - started:.2f} s: it holds {held} of {record.count}"
    return PartFinding("vectors", held >= record.count, told)


def _model(settings: Settings) -> PartFinding:
    choice = settings.chosen_model
    if choice is None:
        return PartFinding("model", True, "none chosen: answers are the articles' own sentences")
    model, started = ChatModel(choice), time.monotonic()
    try:
        model.complete([{"role": "user", "content": _ASKED}])
    except ShawahidError as error:
        return PartFinding("model", False, str(error))
    return PartFinding("model", True, f"{model.name} at {model.host} answered in {time.monotonic() - started:.2f} s")
