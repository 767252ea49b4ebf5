"""How large a request of the HTTP interface may be."""

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .problems import respond

LARGEST_BODY = 2 * 2**20  # bytes
LARGEST_UPLOAD = 256 * 2**20  # each file in it may have as many as ingest/uploads.py says
_UPLOADS = "/api/ingest"


class BodyLimit:
    """Refuses what is too large: at once where it says so itself, else when too much of it has come."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(("/api/", "/v1/")):
            await self._app(scope, receive, send)
            return
        limit = LARGEST_UPLOAD if scope["path"].rstrip("/") == _UPLOADS else LARGEST_BODY
        too_large = HTTPException(413, f"A request may have {limit // 2**20} MB here.")
        request = Request(scope)
        if int(request.headers.get("content-length", "0")) > limit:
            await respond(request, too_large)(scope, receive, send)
            return
        come = 0

        async def counted() -> Message:
            nonlocal come
            message = await receive()
            come += len(message.get("body", b""))
            if come > limit:
                raise too_large
            return message

        await self._app(scope, counted, send)
