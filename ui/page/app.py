"""The page: Gradio's frame with our own views in it, inside one FastAPI app with the routes that they read by."""

from pathlib import Path
from typing import Any, cast

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.routing import Mount

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.settings import Strictness
from shawahid.ingest.errors import ShawahidError
from shawahid.prompts import say
from shawahid.ui.desk import Desk
from shawahid.ui.gate.gradio_routes import NeededOnly
from shawahid.ui.gate.problems import Refused, respond
from shawahid.ui.gate.requests import language_wanted, may_curate, user_of
from shawahid.ui.questions.answering import Answering
from shawahid.ui.questions.conversations import Conversations
from shawahid.ui.questions.kept import KeptQuestions

from .endpoints import add_endpoints
from .frame import render_filters, render_masthead, render_rail_frame
from .library import render_library_frame
from .library_routes import first_routes, library_routes, upload_routes
from .routes import answer_routes, conversation_routes, question_routes

_FOLDER = Path(__file__).parent
_STYLES = ("fonts", "frame", "answer", "evidence", "library", "print")


def build_app(
    assistant: Assistant,
    answering: Answering,
    conversations: Conversations,
    desk: Desk,
    strictness: Strictness,
    public: str = "",
) -> FastAPI:
    """The page and its routes. The caller closes what it passes in, after the app has ended.

    `public`: the address under which a proxy shows it; without one, Gradio takes it from each request.
    """
    questions = KeptQuestions(answering, conversations)
    app = FastAPI(title="Shawahid", docs_url=None, redoc_url=None, openapi_url=None)
    for kind in (ShawahidError, Refused, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, respond)
    # No other site may read what is answered. Where this stands, Gradio leaves out its own, which lets many.
    app.add_middleware(CORSMiddleware)
    app.mount("/page", StaticFiles(directory=_FOLDER / "static"), name="page")
    app.mount("/fonts", StaticFiles(directory=_FOLDER / "fonts"), name="fonts")
    for router in (
        question_routes(assistant, questions),
        conversation_routes(assistant.library, conversations, questions),
        answer_routes(assistant.library, conversations),
        first_routes(assistant),
        library_routes(assistant.library, desk),
        upload_routes(desk),
    ):
        app.include_router(router)
    page = _build_page(assistant, answering, strictness)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        root_path=public or None,
        theme=gr.themes.Base(font=["Plex Arabic", "system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]),
        head="".join(f'<link rel="stylesheet" href="page/{name}.css">' for name in _STYLES),
        js='() => import(new URL("page/page.js", document.baseURI).href)',
        footer_links=[],
        mcp_server=False,  # else an environment variable of Gradio's could turn its own on
        show_error=False,
    )
    gradio = next(one for one in reversed(app.routes) if isinstance(one, Mount))
    gradio.app = NeededOnly(gradio.app)
    return app


def _build_page(assistant: Assistant, answering: Answering, strictness: Strictness) -> gr.Blocks:
    def part(id_: str, text: str = "") -> gr.HTML:
        return gr.HTML(text, elem_id=id_, apply_default_css=False)

    with gr.Blocks(title="Shawahid · شواهد", analytics_enabled=False, fill_height=True) as page:
        masthead = part("masthead")
        with gr.Row(elem_id="desk"):
            rail = part("rail")
            with gr.Column(elem_id="chat"):
                part("log", '<div id="turns"></div>')
                with gr.Column(elem_id="asking"):
                    narrow = part("narrow")
                    with gr.Row(elem_id="line"):
                        box = gr.Textbox(
                            container=False, lines=1, max_lines=6, elem_id="question", scale=8, autofocus=True
                        )
                        button = gr.Button(variant="primary", elem_id="ask", scale=1, min_width=88)
            room = part("room")
            part("panel")

        def greet(request: gr.Request) -> tuple[Any, ...]:
            asked = cast(Request, request.request)
            language, user, library = language_wanted(asked), user_of(asked), assistant.library
            return (
                render_masthead(library.status(), language),
                render_rail_frame(language, user.name if user else None),
                render_filters(library.outlet_counts(), language, _model(assistant), strictness),
                gr.update(placeholder=say("question_placeholder", language), label=say("question_label", language)),
                gr.update(value=say("ask_button", language)),
                render_library_frame(language, curates=may_curate(asked)),
            )

        outputs = [masthead, rail, narrow, box, button, room]
        page.load(greet, outputs=outputs, api_visibility="private", queue=False)
        # The question goes by the page's own route, which tells how its answer comes about and outlives the page.
        for event in (box.submit, button.click):
            event(None, [box], [box], js="(question) => window.shawahid.ask(question)", api_visibility="private")
        add_endpoints(assistant, answering)
    return cast(gr.Blocks, page)


def _model(assistant: Assistant) -> tuple[str, str] | None:
    """The model that writes answers, and the host that text goes to."""
    composer = assistant.composer
    return (composer.model.name, composer.model.host) if composer else None
