"""The page: a chat beside an evidence panel, on Gradio inside one FastAPI app."""

import logging
import secrets
import threading
import webbrowser
from collections import OrderedDict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import gradio as gr
import uvicorn
from fastapi import FastAPI, HTTPException
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware

from assistant.assistant import Assistant
from assistant.dossier import Dossier
from assistant.settings import Settings, open_library
from assistant.types import Language
from ingest.errors import ArticleUnknown, ShawahidError
from ingest.library import Library
from ingest.types import Span
from ingest.words import script
from prompts import LANGUAGES, say

from .dossier import FORMATS
from .view import render_article, render_empty_panel, render_failure, render_header, render_turn, render_welcome

_log = logging.getLogger("shawahid.ui")
_FOLDER = Path(__file__).parent
_AT_ONCE = 4
_WAITING = 64
_KEPT = 100  # answers that can still be saved


class _Dossiers:
    """The answers shown last, each under a key that nobody can guess, to be saved as dossiers."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Dossier] = OrderedDict()

    def keep(self, dossier: Dossier) -> str:
        """Where its files are, but for their ending."""
        key = secrets.token_urlsafe(16)
        self._kept[key] = dossier
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return f"dossiers/{key}"

    def file(self, key: str, ending: str) -> Response:
        """One of its files, to be saved and not shown. Raises HTTPException where it is not kept any more."""
        dossier = self._kept.get(key)
        if dossier is None or ending not in FORMATS:
            raise HTTPException(404)
        name = f"shawahid-{dossier.asked_at:%Y%m%d-%H%M%S}{ending}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
        return Response(FORMATS[ending](dossier), media_type=_MEDIA_TYPES[ending], headers=headers)


_MEDIA_TYPES = {".md": "text/markdown", ".html": "text/html", ".json": "application/json"}


def build_app(assistant: Assistant) -> FastAPI:
    """The page, and the routes it takes its articles, its dossiers and its fonts from."""
    dossiers = _Dossiers()
    app = FastAPI(title="Shawahid", docs_url=None, redoc_url=None, openapi_url=None)
    # The page is for this machine: a name that an outsider points at it is refused.
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
    app.mount("/fonts", StaticFiles(directory=_FOLDER / "fonts"), name="fonts")

    @app.get("/articles/{number}", response_class=HTMLResponse)
    def article(number: int, start: int = 0, end: int = 0, lang: str = "en") -> str:
        return _article_html(assistant.library, number, Span(start, end), _language(lang))

    @app.get("/dossiers/{key}.{ending}")
    def dossier(key: str, ending: str) -> Response:
        return dossiers.file(key, f".{ending}")

    page = _build_page(assistant, dossiers)
    return cast(
        FastAPI,
        gr.mount_gradio_app(
            app,
            page,
            path="/",
            theme=gr.themes.Base(
                font=["Plex Arabic", "system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]
            ),
            css=(_FOLDER / "style.css").read_text(encoding="utf-8"),
            js=(_FOLDER / "page.js").read_text(encoding="utf-8"),
            footer_links=[],
            show_error=False,
        ),
    )


def _build_page(assistant: Assistant, dossiers: _Dossiers) -> gr.Blocks:
    with gr.Blocks(title="Shawahid · شواهد", analytics_enabled=False, fill_height=True) as page:
        header = gr.HTML(elem_id="masthead")
        turns = gr.State([])  # the questions asked so far
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="chat"):
                log = gr.HTML("", elem_id="log")
                with gr.Row(elem_id="asking"):
                    box = gr.Textbox(
                        show_label=False,
                        container=False,
                        lines=1,
                        max_lines=6,
                        elem_id="question",
                        scale=8,
                        autofocus=True,
                    )
                    button = gr.Button(variant="primary", elem_id="ask", scale=1, min_width=88)
            with gr.Column(elem_id="panel"):
                panel = gr.HTML(elem_id="evidence")

        def greet(request: gr.Request) -> tuple[Any, ...]:
            language = _language_of(request)
            status = assistant.library.status()
            return (
                render_header(status.articles, len(status.outlets), language, _model(assistant)),
                gr.update(placeholder=say("question_placeholder", language), label=say("question_label", language)),
                gr.update(value=say("ask_button", language)),
                render_welcome(language),
                render_empty_panel(language),
            )

        def ask(question: str, shown: str, asked: list[str]) -> tuple[str, str, list[str]]:
            turn, answered = _answer_turn(assistant, dossiers, question, asked)
            return shown + turn, "" if answered else question, [*asked, question] if answered else asked

        page.load(greet, outputs=[header, box, button, log, panel], api_visibility="private")
        for event in (box.submit, button.click):
            event(ask, [box, log, turns], [log, box, turns], api_visibility="private", show_progress="minimal")
    page.queue(default_concurrency_limit=_AT_ONCE, max_size=_WAITING)
    return cast(gr.Blocks, page)


def _model(assistant: Assistant) -> tuple[str, str] | None:
    """The model that writes answers, and the host that text goes to."""
    composer = assistant.composer
    return (composer.model.name, composer.model.host) if composer else None


def _answer_turn(assistant: Assistant, dossiers: _Dossiers, question: str, asked: list[str]) -> tuple[str, bool]:
    """One turn as HTML, and whether it was answered; where not, the question stays in the box."""
    language: Language = "ar" if script(question) == "arabic" else "en"
    try:
        asked_at = datetime.now(UTC)
        answer = assistant.ask(question, history=asked)
        kept = dossiers.keep(Dossier(answer, asked_at, version("shawahid")))
        return render_turn(question, answer, kept), True
    except ShawahidError as error:
        problem = say(error.code, "ar", **error.details) if language == "ar" else str(error)
        return render_failure(question, problem, language), False
    except Exception:
        _log.exception("a question could not be answered")
        return render_failure(question, say("unexpected", language), language), False


def _article_html(library: Library, number: int, span: Span, language: Language) -> str:
    try:
        article = library.article(number)
    except ArticleUnknown as error:
        raise HTTPException(404, str(error)) from error
    highlight = span if 0 <= span.start < span.end <= len(article.text) else None
    copies = [name for name in library.names_of_text(article.text_id) if name != article.name]
    return render_article(article, highlight, copies, language)


def _language_of(request: gr.Request) -> Language:
    """The interface's language: chosen in the address, else the browser's."""
    chosen = request.query_params.get("lang")
    return _language(chosen or request.headers.get("accept-language", ""))


def _language(wanted: str) -> Language:
    return "ar" if wanted[:2].lower() == LANGUAGES[0] else "en"


def serve(settings: Settings, *, port: int, browser: bool) -> None:
    """Serve the page on this machine only, until interrupted."""
    address = f"http://127.0.0.1:{port}/"
    with open_library(settings, create=True) as library:
        app = build_app(Assistant(library, settings))
        print(f"Shawahid: {address}", flush=True)
        if browser:
            threading.Timer(1.0, webbrowser.open, [address]).start()
        uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")
