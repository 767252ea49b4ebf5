"""How large a request may be, and how long it may take to come."""

import time

import anyio
from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shawahid.ingest.uploads import MAX_BYTES_TOGETHER

from .problems import respond

LARGEST_BODY = 2 * 2**20  # bytes
_UPLOADS = ("/api/ingest", "/uploads")
_COMES_WITHIN = 60.0  # seconds, and for each MB that it may have:
_SECONDS_PER_MB = 8.0  # a line of 1 Mbit/s


class BodyLimit:
    """Refuses what is too large: at once where it says so itself, else when too much of it has come; and what comes
    too slowly, so that nobody holds a connection for nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = MAX_BYTES_TOGETHER if scope["path"].rstrip("/") in _UPLOADS else LARGEST_BODY
        too_large = HTTPException(413, f"A request may have {limit // 2**20} MB here.")
        request = Request(scope)
        if int(request.headers.get("content-length", "0")) > limit:
            await respond(request, too_large)(scope, receive, send)
            return
        end = time.monotonic() + _COMES_WITHIN + limit / 2**20 * _SECONDS_PER_MB
        come, whole = 0, False

        async def counted() -> Message:
            nonlocal come, whole
            if whole:  # what it waits for now is that the client goes away
                return await receive()
            with anyio.move_on_after(end - time.monotonic()):
                message = await receive()
                come += len(message.get("body", b""))
                whole = not message.get("more_body", False)
                if come > limit:
                    raise too_large
                return message
            raise HTTPException(408, "The request did not come in time.")

        await self._app(scope, counted, send)
