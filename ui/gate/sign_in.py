"""The routes by which a browser signs in and out."""

import threading
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from shawahid.prompts import say

from .guard import Rate, SignIn
from .requests import Wanted
from .sessions import COOKIE, LASTS_SECONDS
from .sign_in_page import render_sign_in

_TRIES = 10  # from one address
_TRIES_SECONDS = 300.0


def sign_in_routes(sign_in: SignIn, *, encrypted: bool) -> APIRouter:
    """The page that asks for name and password. `encrypted`: browsers come by https, even if a proxy does not."""
    router = APIRouter(include_in_schema=False)
    rate, one_at_a_time = Rate(_TRIES, _TRIES_SECONDS), threading.Lock()

    @router.get("/sign-in", response_class=HTMLResponse)
    def page(wanted: Wanted) -> str:
        return render_sign_in(wanted)

    @router.post("/sign-in")
    def enter(
        request: Request,
        wanted: Wanted,
        name: Annotated[str, Form(max_length=200)] = "",
        password: Annotated[str, Form(max_length=1_000)] = "",
    ) -> Response:
        with one_at_a_time:  # a password takes a third of a second of a core to check
            seconds = rate.spend(request.client.host if request.client else "")
            user = None if seconds else sign_in.users.with_password(name.strip(), password)
        if seconds:
            wait = str(int(seconds) + 1)
            told = render_sign_in(wanted, name, say("too_often", wanted, seconds=wait))
            return HTMLResponse(told, 429, {"Retry-After": wait})
        if user is None:
            return HTMLResponse(render_sign_in(wanted, name, say("sign_in_wrong", wanted)), 401)
        entered = _away(request, "./")
        entered.set_cookie(
            COOKIE,
            sign_in.sessions.begin(user),
            max_age=LASTS_SECONDS,
            httponly=True,
            samesite="lax",  # who follows a link to an answer from elsewhere is still signed in
            secure=encrypted or request.url.scheme == "https",
        )
        return entered

    @router.post("/sign-out")
    def leave(request: Request) -> Response:
        left = _away(request, "./sign-in")
        left.delete_cookie(COOKIE)
        return left

    return router


def _away(request: Request, to: str) -> RedirectResponse:
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{to}{query}", 303, {"Cache-Control": "no-store"})
