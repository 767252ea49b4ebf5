"""Which of Gradio's own routes are open: those that the page and Gradio's clients need. Any other is not there.

Among those that are closed are its uploads, its files, its proxy, its monitoring, and whatever a later version adds.
"""

import json
import re
from collections import OrderedDict

import anyio
from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .problems import Refused, respond

_OPEN = (
    # the page
    ("GET|HEAD", r"/"),
    ("GET|HEAD", r"/(?:assets|static)/.+"),
    ("GET|HEAD", r"/(?:favicon\.ico|theme\.css)"),
    ("POST", r"/gradio_api/run/predict"),
    # Gradio's clients
    ("GET", r"/config"),
    ("GET", r"/gradio_api/info"),
    ("POST", r"/gradio_api/queue/join"),
    ("GET", r"/gradio_api/queue/data"),
    ("GET", r"/gradio_api/heartbeat/[^/]+"),
    ("POST", r"/gradio_api/cancel"),
)


_ADDRESS = (b"host", b"x-forwarded-", b"x-gradio-", b"forwarded", b"accept-encoding")
_PAGES_KEPT = 16


def is_needed(method: str, path: str) -> bool:
    """Whether the page or a client of Gradio's needs this of Gradio.

    >>> is_needed("POST", "/gradio_api/queue/join"), is_needed("POST", "/gradio_api/upload")
    (True, False)
    """
    return any(re.fullmatch(methods, method) and re.fullmatch(pattern, path) for methods, pattern in _OPEN)


class NeededOnly:
    """Lets through to Gradio's app what is needed; all else is not found."""

    def __init__(self, gradio: ASGIApp) -> None:
        self.gradio = gradio
        self._page = KeptPage(gradio)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.gradio(scope, receive, send)
            return
        request = Request(scope, receive)
        if not is_needed(request.method, scope["path"]):
            await respond(request, HTTPException(404))(scope, receive, send)
        elif scope["path"] == "/":
            await self._page(scope, receive, send)
        elif request.method != "POST":
            await self.gradio(scope, receive, send)
        elif is_object(body := await request.body()):
            await self.gradio(scope, _again(body, receive), send)
        else:
            told = Refused(422, "invalid", "The body must be an object in JSON, without half characters and NaN.")
            await respond(request, told)(scope, receive, send)


class KeptPage:
    """Gradio's page, made once for each address that it is asked for at.

    It is the same for everyone, and making it keeps the interpreter busy; hundreds at once held all others up.
    What stands in the address behind the path is for the page's own scripts.
    """

    def __init__(self, gradio: ASGIApp) -> None:
        self._gradio = gradio
        self._made: OrderedDict[tuple[object, ...], list[Message]] = OrderedDict()
        self._making = anyio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        named = sorted((name, value) for name, value in scope["headers"] if name.startswith(_ADDRESS))
        key = (scope["method"], scope["scheme"], scope.get("root_path", ""), *named)
        async with self._making:
            page = self._made.pop(key, None) or await self._make({**scope, "query_string": b""}, receive)
            if page[0]["status"] == 200:
                self._made[key] = page
            if len(self._made) > _PAGES_KEPT:
                self._made.popitem(last=False)
        for message in page:
            await send(message)

    async def _make(self, scope: Scope, receive: Receive) -> list[Message]:
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._gradio(scope, receive, keep)
        return messages


def is_object(body: bytes) -> bool:
    """Whether a body is an object in JSON, as its standard has it. Gradio fails on what is not.

    >>> is_object(b'{"data": []}'), is_object(b'{"data": [NaN]}'), is_object(b"[]")
    (True, False, False)
    """
    try:
        given = json.loads(body, parse_constant=_refuse)
        json.dumps(given, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        return False
    return isinstance(given, dict)


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _again(body: bytes, receive: Receive) -> Receive:
    """Gives a body that was read already, then what comes after it."""
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
