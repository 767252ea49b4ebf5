"""The headers that tell a browser what it may do with a response: which scripts to run, whether to show it in a frame,
and whether to keep it.
"""

import base64
import hashlib
import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_EVERY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: with that, a browser sends the sign-in form with `Origin: null`.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_NO_PAGE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_OWN_PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
# Gradio's frame needs more: its HTML component evaluates templates, its elements have style attributes, and the scripts
# that stand in its page are named by their hashes.
_GRADIOS_PAGE = (
    "default-src 'none'; script-src 'self' 'unsafe-eval'{hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_SCRIPT = re.compile(rb"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_UNCHANGING = ("/assets/",)  # the names of these files have hashes of what is in them
_FILES = ("/page/", "/fonts/", "/static/", "/favicon.ico", "/theme.css")  # the same for everyone; asked for again
_A_YEAR = "public, max-age=31536000, immutable"


class Headers:
    """Sets them on every response of the app in it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        sender = _PageSender(send) if path == "/" else None

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message["headers"]))
                for name, value in _EVERY.items():
                    headers[name] = value
                is_html = headers.get("content-type", "").startswith("text/html")
                headers["Content-Security-Policy"] = _OWN_PAGE if is_html else _NO_PAGE
                headers["Cache-Control"] = _kept(path, message["status"])
                message = {**message, "headers": headers.raw}
            await (sender or send)(message)

        await self._app(scope, receive, with_headers)


class _PageSender:
    """Sends the page of Gradio's frame, with the hashes of the scripts that stand in it."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        headers = MutableHeaders(raw=list(self._start["headers"]))
        if headers.get("content-type", "").startswith("text/html"):
            headers["Content-Security-Policy"] = _GRADIOS_PAGE.format(hashes=_hashes(self._body))
        await self._send({**self._start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": self._body})


def _hashes(html: bytes) -> str:
    """Of the scripts that stand in a page, as a policy names them."""
    scripts = [found["code"] for found in _SCRIPT.finditer(html) if b"src=" not in found["attributes"]]
    return "".join(f" 'sha256-{base64.b64encode(hashlib.sha256(code).digest()).decode()}'" for code in scripts)


def _kept(path: str, status: int) -> str:
    """What `Cache-Control` says: how long a browser or a proxy may keep a response."""
    if status in (200, 206, 304) and path.startswith(_UNCHANGING):
        return _A_YEAR
    if status in (200, 206, 304) and path.startswith(_FILES):
        return "no-cache"
    return "no-store"
