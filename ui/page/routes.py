"""The routes that the page asks and reads by: questions and their answers, conversations, evidence, dossiers."""

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Body, HTTPException
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from pydantic import Field

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.settings import Strictness
from shawahid.assistant.types import Answer, Citation, ConstraintKind, Language
from shawahid.ingest.errors import ArticleUnknown, LibraryError
from shawahid.ingest.library import Library
from shawahid.ingest.types import Article, Metadata
from shawahid.prompts import say
from shawahid.ui.api.models import Narrowed
from shawahid.ui.dossiers.write import FORMATS
from shawahid.ui.gate.requests import Owner, Wanted
from shawahid.ui.html import Place
from shawahid.ui.questions.conversations import Conversations, Turn
from shawahid.ui.questions.kept import KeptQuestion, KeptQuestions
from shawahid.ui.questions.wish import read_wish
from shawahid.ui.told import language_of_text

from .answer import Heard, Rating, render_failure, render_running, render_stopped, render_turn
from .article import Opened, render_evidence
from .cuts import Cuts, find_cuts
from .frame import render_rail

_MEDIA_TYPES = {".md": "text/markdown", ".html": "text/html", ".json": "application/json"}


class Question(Narrowed):
    """What the page sends to be answered; no conversation: a new one is begun. `again`: the turn whose question it is,
    asked otherwise, as a follow-up of what went before that."""

    question: str
    conversation: str | None = None
    outlets: list[str] = Field(default_factory=list)  # a reader may tick any number
    strictness: Strictness | None = None
    unconstrained: list[ConstraintKind] = Field(default_factory=list)
    joined: bool | None = None
    again: int | None = None


def question_routes(assistant: Assistant, questions: KeptQuestions) -> APIRouter:
    """A question sent, its answer told as it comes about."""
    router = APIRouter()

    @router.post("/questions")
    def ask(asked: Question, owner: Owner, wanted: Wanted) -> StreamingResponse:
        """The turn as HTML, again and again as it comes about: a line of JSON for each state of it."""
        wish = read_wish(assistant, **asked.model_dump(exclude={"conversation", "again"}))
        started = questions.start(owner, asked.conversation, replace(wish, language=wanted), before=asked.again)
        return StreamingResponse(
            _lines(assistant.library, started), media_type="application/x-ndjson", headers={"X-Accel-Buffering": "no"}
        )

    @router.post("/conversations/{conversation}/{turn}/stop")
    def stop(conversation: str, turn: int, owner: Owner) -> None:
        if running := questions.running(owner, conversation).get(turn):
            running.underway.stop()

    return router


def conversation_routes(library: Library, conversations: Conversations, questions: KeptQuestions) -> APIRouter:
    """Each owner's own conversations: listed, read, renamed, deleted, rated."""
    router = APIRouter()

    @router.get("/conversations", response_class=HTMLResponse)
    def rail(owner: Owner, wanted: Wanted, search: str = "", current: str = "") -> str:
        return render_rail(conversations.list(owner, search), wanted, current)

    @router.get("/conversations/{conversation}", response_class=HTMLResponse)
    def turns(conversation: str, owner: Owner, wanted: Wanted) -> str:
        running = questions.running(owner, conversation)  # looked for first: it ends when it is kept
        kept = conversations.turns(owner, conversation)
        return "".join(
            _turn(library, turn, Place(conversation, turn.number), running.get(turn.number), wanted) for turn in kept
        )

    @router.get("/conversations/{conversation}/{turn}", response_class=HTMLResponse)
    def one(conversation: str, turn: int, owner: Owner, wanted: Wanted) -> str:
        running = questions.running(owner, conversation).get(turn)
        kept = conversations.turn(owner, conversation, turn)
        return _turn(library, kept, Place(conversation, turn), running, wanted)

    @router.put("/conversations/{conversation}")
    def rename(conversation: str, owner: Owner, title: Annotated[str, Body(embed=True, max_length=200)]) -> None:
        conversations.rename(owner, conversation, title)

    @router.delete("/conversations/{conversation}")
    def delete(conversation: str, owner: Owner) -> None:
        conversations.delete(owner, conversation)

    @router.delete("/conversations")
    def delete_all(owner: Owner) -> None:
        conversations.delete_all(owner)

    @router.put("/conversations/{conversation}/{turn}/rating")
    def rate(
        conversation: str,
        turn: int,
        owner: Owner,
        thumb: Annotated[Literal[-1, 0, 1], Body()],
        reason: Annotated[str, Body(max_length=500)] = "",
    ) -> None:
        conversations.rate(owner, conversation, turn, thumb, reason)

    return router


def answer_routes(library: Library, conversations: Conversations) -> APIRouter:
    """What belongs to an answer: the evidence for it, and the answer as a file."""
    router = APIRouter()

    @router.get("/conversations/{conversation}/{turn}/evidence/{number}", response_class=HTMLResponse)
    def evidence(conversation: str, turn: int, number: int, owner: Owner, wanted: Wanted) -> str:
        dossier = conversations.turn(owner, conversation, turn).dossier
        if dossier is None:
            raise HTTPException(404)
        return _evidence(library, dossier.answer, number, Place(conversation, turn), wanted)

    @router.get("/dossiers/{conversation}/{turn}.{ending}")
    def dossier(conversation: str, turn: int, ending: str, owner: Owner) -> Response:
        kept = conversations.turn(owner, conversation, turn).dossier
        if kept is None or f".{ending}" not in FORMATS:
            raise HTTPException(404)
        name = f"shawahid-{kept.asked_at:%Y%m%d-%H%M%S}.{ending}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
        return Response(FORMATS[f".{ending}"](kept), media_type=_MEDIA_TYPES[f".{ending}"], headers=headers)

    return router


def _turn(library: Library, turn: Turn, place: Place, running: KeptQuestion | None, wanted: Language) -> str:
    """A turn as it was kept, or as far as it has come."""
    if (kept := turn.dossier) is not None:
        rating, cuts = Rating(turn.thumb, turn.reason), _cuts(library, kept.answer)
        return render_turn(turn.question, kept.answer, place, rating, filters=kept.filters, cuts=cuts)
    language = language_of_text(turn.question, wanted)
    if running is not None:
        return render_running(turn.question, Heard().with_events(running.underway.events), language, place)
    if turn.problem:
        return render_failure(turn.question, turn.problem, language, place)
    return render_stopped(turn.question, language, place)


async def _lines(library: Library, question: KeptQuestion) -> AsyncIterator[str]:
    place, heard = Place(question.conversation, question.turn), Heard()

    def line(state: str, html: str) -> str:
        told = {"conversation": place.conversation, "turn": place.turn, "state": state, "html": html}
        return json.dumps(told, ensure_ascii=False) + "\n"

    yield line("running", render_running(question.question, heard, question.language, place))
    async with aclosing(question.underway.follow()) as news:
        async for events in news:
            heard = heard.with_events(events)
            if events and heard.answer is None:
                yield line("running", render_running(question.question, heard, question.language, place))
    yield line(*await run_in_threadpool(_ended, library, question, place))


def _ended(library: Library, question: KeptQuestion, place: Place) -> tuple[str, str]:
    asked, answer = question.question, question.underway.answer
    if question.problem:
        return "failed", render_failure(asked, question.problem, question.language, place)
    if answer is None:
        return "stopped", render_stopped(asked, question.language, place)
    filters = question.underway.wish.filters
    return answer.status, render_turn(asked, answer, place, filters=filters, cuts=_cuts(library, answer))


def _cuts(library: Library, answer: Answer) -> Cuts:
    """None of them is shown where the library cannot be read: the answer can be, all the same."""
    try:
        return find_cuts(answer, library.text_of_hash)
    except LibraryError:
        return Cuts()


def _evidence(library: Library, answer: Answer, number: int, place: Place, language: Language) -> str:
    try:
        citation = answer.citation(number)
    except KeyError as error:
        raise HTTPException(404) from error
    return render_evidence(answer, number, _opened(library, citation, language), place, language)


def _opened(library: Library, citation: Citation, language: Language) -> Opened | None:
    """The text that a citation rests on: its article's, or the older one that the library keeps."""
    try:
        article = library.article(citation.article)
    except ArticleUnknown:
        article = None
    if article and article.sha256 == citation.sha256:
        return open_article(library, article)
    if past := library.past(citation.sha256):
        note = say("text_past" if article else "text_removed", language)
        return Opened(past.text, past.name, past.metadata, note=note)
    text = library.text_of_hash(citation.sha256)
    if text is None:
        return None
    known = Metadata(title=citation.title, outlet=citation.outlet, date=citation.date, url=citation.url)
    return Opened(text, citation.source, known, note=say("text_moved", language))


def open_article(library: Library, article: Article) -> Opened:
    copies = tuple(name for name in library.names_of_text(article.text_id) if name != article.name)
    return Opened.of(article, copies)
