"""The server as `shawahid serve` runs it, in a thread of the tests, on a free port."""

import asyncio
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.settings import Settings, open_library
from shawahid.ingest.library import Library
from shawahid.ui.desk import Desk
from shawahid.ui.gate.logs import JsonLines
from shawahid.ui.questions.conversations import Conversations
from shawahid.ui.server import build_server, with_door

from .serving import serving as serving_app
from .waiting import eventually


@dataclass(frozen=True)
class Served:
    """A server's address, a client for it, and the library behind it."""

    address: str
    http: httpx.Client
    library: Library
    app: FastAPI


async def _built(assistant: Assistant, conversations: Conversations, desk: Desk, settings: Settings) -> FastAPI:
    """Where no event loop runs, Gradio makes some that nobody closes."""
    return build_server(assistant, conversations, desk, settings)


@contextmanager
def serving(settings: Settings, *, log_questions: bool = False, most_files: int = 200) -> Iterator[Served]:
    with (
        open_library(settings) as library,
        Conversations.open(library.folder) as conversations,
        Desk(library, most_files=most_files) as desk,
    ):
        app = asyncio.run(_built(Assistant(library, settings), conversations, desk, settings))
        with (
            serving_app(with_door(app, log_questions=log_questions)) as address,
            httpx.Client(base_url=address, timeout=60) as http,
        ):
            yield Served(address.rstrip("/"), http, library, app)


def events_of(response: httpx.Response) -> Iterator[tuple[str, str]]:
    """The events of a stream: name and data."""
    name = "message"
    for line in response.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, line.removeprefix("data: ")


def line_of(caplog: pytest.LogCaptureFixture, id_: str) -> dict[str, Any]:
    """The line in the log of the request with that id; it is written when the answer has gone out, which may be after
    that came in."""

    def logged() -> list[logging.LogRecord]:
        return [record for record in list(caplog.records) if getattr(record, "request", {}).get("id") == id_]

    record = eventually(logged, f"the request {id_} was not logged")[0]
    line: dict[str, Any] = json.loads(JsonLines().format(record))
    return line
