"""The server: the HTTP interface and MCP, with the page behind them, and the log around all."""

import ipaddress
import signal
import threading
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.configuration import without_credentials
from shawahid.assistant.settings import Settings, open_library
from shawahid.ingest.errors import InputError
from shawahid.ui.api.articles import article_routes, search_routes
from shawahid.ui.api.ask import ask_routes
from shawahid.ui.api.library import curating_routes, health_routes, job_routes
from shawahid.ui.api.mcp.server import OverHttp, build_mcp
from shawahid.ui.api.openai.completions import chat_routes
from shawahid.ui.gate.connections import SERVED_BY
from shawahid.ui.gate.guard import Guard, SignIn
from shawahid.ui.gate.headers import Headers
from shawahid.ui.gate.limits import BodyLimit
from shawahid.ui.gate.logs import AccessLog, configure_logs
from shawahid.ui.gate.problems import handle_problems
from shawahid.ui.gate.sessions import Sessions
from shawahid.ui.gate.sign_in import sign_in_routes
from shawahid.ui.gate.users import Users
from shawahid.ui.page.app import build_app
from shawahid.ui.questions.answering import Answering
from shawahid.ui.questions.conversations import Conversations

from .desk import Desk

_DESCRIPTION = (
    "Answers questions about news articles; every sentence of an answer shows the exact words it rests on. Offsets are "
    "half-open and count Unicode code points of an article's text, whose UTF-8 form has the SHA-256 given. Errors "
    "are `{error, message, details}`, under `/v1` as OpenAI has it. Routes with the tag `curate` change the library."
)


class OpenToAll(InputError):
    """Somebody else's machine could read the library and change it."""

    code = "open_to_all"
    template = (
        "At {host}, whoever reaches this machine could read the library and change it. Say who may, with --users FILE "
        "(made by: shawahid user add NAME --role curate --users FILE), or serve at 127.0.0.1."
    )


class PublicToAll(InputError):
    """Whoever reaches the proxy could read the library and change it."""

    code = "public_to_all"
    template = (
        "Under {address}, whoever reaches the proxy could read the library and change it. Say who may, with --users "
        "FILE (made by: shawahid user add NAME --role curate --users FILE), or say that it is meant: --open-to-all."
    )


@dataclass(frozen=True, slots=True)
class Serving:
    """Where to serve, and what to do besides."""

    host: str = "127.0.0.1"
    port: int = 7860
    browser: bool = False
    log_questions: bool = False
    open_to_all: bool = False  # behind a proxy, without sign-in

    @property
    def local(self) -> bool:
        """Whether only this machine is served."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def address(self) -> str:
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}/"


def build_server(assistant: Assistant, conversations: Conversations, desk: Desk, settings: Settings) -> FastAPI:
    """The interface and the page. The caller closes what it passes in, after the app has ended."""
    answering, library = Answering(assistant), assistant.library
    public = without_credentials(settings.public_url).rstrip("/") if settings.public_url else ""
    page = build_app(assistant, answering, conversations, desk, settings.strictness, public)
    mcp = OverHttp(build_mcp(assistant, answering))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with page.router.lifespan_context(page), mcp.running():
            yield
        answering.close()

    app = FastAPI(
        title="Shawahid",
        version=version("shawahid"),
        description=_DESCRIPTION,
        openapi_url="/api/openapi.json",
        docs_url=None,  # these pages fetch their scripts from elsewhere
        redoc_url=None,
        servers=[{"url": public}] if public else None,
        lifespan=lifespan,
    )
    app.add_middleware(BodyLimit)
    sign_in = _sign_in(library.folder, settings)
    app.add_middleware(Guard, sign_in=sign_in, rate=settings.rate, public=urlsplit(public).netloc)
    if sign_in is None:  # a name that an outsider points at this machine is refused; with sign-in, it brings no session
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=_names(public))
    handle_problems(app)
    for router in (
        ask_routes(assistant, answering),
        article_routes(library),
        search_routes(assistant, settings),
        curating_routes(library, desk),
        job_routes(desk),
        chat_routes(answering, public),
    ):
        app.include_router(router, dependencies=[Depends(HTTPBearer(auto_error=False))] if sign_in else [])
    app.include_router(health_routes(library))
    app.router.routes.append(Route("/mcp", mcp, methods=mcp.methods))
    if sign_in:
        app.include_router(sign_in_routes(sign_in, encrypted=public.startswith("https://")))
    app.state.page = page
    app.router.default = _elsewhere(app.router.default, page)
    return app


def with_door(app: ASGIApp, *, log_questions: bool = False) -> ASGIApp:
    """The app as it is served: logged, and with the headers that a browser is to heed on every response."""
    return AccessLog(Headers(app), questions=log_questions)


def _sign_in(folder: Path, settings: Settings) -> SignIn | None:
    if settings.users is None:
        return None
    users = Users(settings.users)
    return SignIn(users, Sessions(users, folder))


def _names(public: str) -> list[str]:
    """The names that may be asked for: this machine's own, and that of its public address."""
    return ["127.0.0.1", "localhost", "[::1]", *filter(None, [urlsplit(public).hostname])]


def _elsewhere(nowhere: ASGIApp, page: ASGIApp) -> ASGIApp:
    """The page, for every address that is not the interface's; a mount would also take the wrong methods of those."""

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        ours = scope["type"] == "http" and scope["path"].startswith(("/api/", "/v1/"))
        await (nowhere if ours else page)(scope, receive, send)

    return dispatch


def serve(settings: Settings, serving: Serving) -> None:
    """Serve until interrupted.

    Raises OpenToAll or PublicToAll where others than this machine would be served without sign-in.
    """
    if not serving.local and settings.users is None:
        raise OpenToAll(host=serving.host)
    if settings.public_url and settings.users is None and not serving.open_to_all:
        raise PublicToAll(address=without_credentials(settings.public_url))
    configure_logs()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does: what is at hand is finished
    with (
        open_library(settings, create=True) as library,
        Conversations.open(library.folder, serving=True) as conversations,
        Desk(library) as desk,
    ):
        app = build_server(Assistant(library, settings), conversations, desk, settings)
        print(f"Shawahid: {serving.address}", flush=True)
        if serving.browser:
            threading.Timer(1.0, webbrowser.open, [serving.address]).start()
        served = with_door(app, log_questions=serving.log_questions)
        uvicorn.run(served, host=serving.host, port=serving.port, **SERVED_BY)
