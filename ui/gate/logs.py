"""The log of a serving process: JSON, a line for each request and each event, on stderr.

Nothing of an article or a question is in it, unless the latter was asked for. Of an unexpected failure it has the kind
and the places in the program, and not its message, which may quote what was being read.
"""

import json
import logging
import re
import secrets
import sys
import time
import traceback
from datetime import UTC, datetime
from typing import Any

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shawahid.assistant.dossier.file import escape_hidden

REQUEST_ID = "x-request-id"
_QUESTION = "logged_question"
_SANE = re.compile(r"[A-Za-z0-9._-]{1,64}")


class JsonLines(logging.Formatter):
    """A record as a line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        time_ = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"time": time_, "level": record.levelname.lower(), "logger": record.name}
        line |= getattr(record, "request", None) or {"message": record.getMessage()}
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            frames = traceback.extract_tb(error.__traceback__)
            line["error"] = type(error).__name__
            line["where"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return escape_hidden(json.dumps(line, ensure_ascii=False))


def configure_logs() -> None:
    """Send everything that is logged to stderr, as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("shawahid").setLevel(logging.INFO)


def note_question(request: Request, question: str) -> None:
    """Have a question stand in the log, where that was asked for."""
    setattr(request.state, _QUESTION, question)


class AccessLog:
    """Logs each request of the app in it, and gives it an id, which the response tells too."""

    def __init__(self, app: ASGIApp, *, questions: bool = False) -> None:
        self._app = app
        self._questions = questions
        self._log = logging.getLogger("shawahid.access")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, id_ = time.perf_counter(), 500, _request_id(scope)
        scope.setdefault("state", {})

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message["headers"], (REQUEST_ID.encode(), id_.encode())]}
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            line = {
                "method": scope["method"],
                "path": scope["path"],
                "status": status,
                "ms": round((time.perf_counter() - began) * 1000, 1),
                "id": id_,
            }
            if self._questions and _QUESTION in scope["state"]:
                line["question"] = scope["state"][_QUESTION]
            self._log.info("request", extra={"request": line})


def _request_id(scope: Scope) -> str:
    """The id that a client or a proxy gave the request, else a new one."""
    given = next((value for name, value in scope["headers"] if name == REQUEST_ID.encode()), b"").decode("latin-1")
    return given if _SANE.fullmatch(given) else secrets.token_hex(8)
