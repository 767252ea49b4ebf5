"""Stands before the whole server: where a request comes from, who asks, whether they may, and whether too often.

Without a users file everyone may do everything, which is why only this machine is served then.
"""

import logging
import re
import time
from collections import deque
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from .access import changes_library, is_open, makes_work
from .problems import PROGRAMS, Refused, respond
from .requests import is_from_elsewhere, sign_in_as
from .sessions import COOKIE, Sessions
from .users import User, Users, UsersUnreadable

_log = logging.getLogger("shawahid.http")
_LONGEST_PART = 255  # bytes, as file systems have it
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_POLICY = 1008  # why a websocket is closed: nothing of ours speaks by one


class FromElsewhere(Refused):
    def __init__(self) -> None:
        super().__init__(403, "forbidden", "Another site made the browser send this, so nothing was done.")


class AddressOdd(Refused):
    def __init__(self) -> None:
        super().__init__(404, "not_found", "There is no such address.")


class SignInFirst(Refused):
    def __init__(self) -> None:
        super().__init__(401, "sign_in_first", "Sign in first: send a token, as `Authorization: Bearer TOKEN`.")
        self.headers = {"WWW-Authenticate": "Bearer"}


class RoleMissing(Refused):
    def __init__(self) -> None:
        told = "The role `ask` may not change the library. Who keeps the users file can give the role `curate`."
        super().__init__(403, "role_missing", told)


class TooOften(Refused):
    def __init__(self, seconds: float) -> None:
        wait = str(int(seconds) + 1)
        super().__init__(429, "too_often", f"Too many requests. Try again in {wait} seconds.", seconds=wait)
        self.headers = {"Retry-After": wait}


@dataclass(frozen=True, slots=True)
class SignIn:
    """Those who may use the server, and their sessions."""

    users: Users
    sessions: Sessions

    def user(self, request: Request) -> User | None:
        """Who sends a request: by a token, else by the browser's session."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return self.users.with_token(token.strip())
        return self.sessions.user(request.cookies.get(COOKIE, ""))


class Rate:
    """Lets each sender do so many things within so many seconds; for one thread."""

    def __init__(self, amount: int, seconds: float = 60.0) -> None:
        self._amount = amount
        self._seconds = seconds
        self._times: dict[str, deque[float]] = {}

    def spend(self, sender: str) -> float:
        """Count one thing. Gives 0, or, where that is one too many, the seconds until it may be done."""
        now = time.monotonic()
        self._forget(now)
        times = self._times.setdefault(sender, deque())
        if len(times) >= self._amount:
            return times[0] + self._seconds - now
        times.append(now)
        return 0.0

    def _forget(self, now: float) -> None:
        for sender, times in list(self._times.items()):
            while times and times[0] <= now - self._seconds:
                times.popleft()
            if not times:
                del self._times[sender]


class Guard:
    """Lets a request through to the app in it, or refuses it.

    `rate`: what each user may have done in a minute; `public`: the server's name behind a proxy, with its port.
    """

    def __init__(self, app: ASGIApp, *, sign_in: SignIn | None, rate: int, public: str = "") -> None:
        self._app = app
        self._public = public
        self._sign_in = sign_in
        self._rate = Rate(rate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _POLICY})
        elif scope["type"] == "http" and (refusal := self._refusal(Request(scope))):
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, request: Request) -> Response | None:
        try:
            self._demand_leave(request)
        except UsersUnreadable as error:
            _log.error("nobody can sign in: %s", error)
            return respond(request, Refused(503, "unexpected", "Who may use this server cannot be told just now."))
        except Refused as told:
            is_page = not request.url.path.startswith(PROGRAMS)
            if is_page and told.status == 401 and "text/html" in request.headers.get("accept", ""):
                return _to_sign_in(request)
            return respond(request, told)
        return None

    def _demand_leave(self, request: Request) -> None:
        if is_from_elsewhere(request, self._public):
            raise FromElsewhere
        method, path = request.method, request.scope["path"]
        if any(len(part.encode("utf-8", "replace")) > _LONGEST_PART for part in path.split("/")) or _CONTROL.search(
            path
        ):
            raise AddressOdd  # no route has one, and a file system fails on it
        if self._sign_in is None:
            return
        user = self._sign_in.user(request)
        if user is None:
            if is_open(path):
                return
            raise SignInFirst
        if not user.curates and changes_library(method, path):
            raise RoleMissing
        if makes_work(method, path) and (seconds := self._rate.spend(user.name)):
            raise TooOften(seconds)
        sign_in_as(request, user)


def _to_sign_in(request: Request) -> Response:
    """By a relative address, which holds under whatever path a proxy shows us. A browser keeps what stands after #."""
    up = "../" * (request.url.path.count("/") - 1)
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{up or './'}sign-in{query}", 303, {"Cache-Control": "no-store"})
