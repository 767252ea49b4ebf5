"""Questions over HTTP: the answer as JSON, or all that comes about on the way to it as server-sent events."""

import json
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import asdict

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response, StreamingResponse

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.events import Event, EvidenceFound, Finished, Judged, Provisional, Understood
from shawahid.assistant.types import Answer
from shawahid.ingest.errors import ShawahidError
from shawahid.ui.gate.logs import note_question
from shawahid.ui.gate.problems import Problem, Refused, declared, problem_of, whole
from shawahid.ui.questions.answering import Answering, Underway

from .models import AskBody

EVENT_STREAM = "text/event-stream"
STILL = ": still at it\n\n"  # a comment, which keeps the connection open
EVENT_NAMES: dict[type[Event], str] = {
    Understood: "understood",
    EvidenceFound: "evidence",
    Provisional: "provisional",
    Judged: "judged",
    Finished: "answer",
}
_STREAM = (
    "Where the client accepts `text/event-stream`: the events `understood` (question), `evidence` (citations), "
    "`provisional` (text that is not checked yet, all of it each time), `judged` (sentence), and `answer` (answer) or, "
    "where it fails midway, `error` (as every error). Their data is JSON with the fields named here in brackets. "
    "Lines that begin with a colon only keep the connection open."
)
_log = logging.getLogger("shawahid.http")


def ask_routes(assistant: Assistant, answering: Answering) -> APIRouter:
    """The one route that answers."""
    router = APIRouter(prefix="/api", tags=["ask"])
    described = {"description": f"The answer. {_STREAM}", "content": {EVENT_STREAM: {"schema": {"type": "string"}}}}

    @router.post(
        "/ask",
        response_model=Answer,
        responses={200: described, **declared(400, 404, 413, 422, 429)},
    )
    async def ask(asked: AskBody, request: Request) -> Response:
        """Answer a question from the articles, or say that they don't answer it, which is an answer too."""
        note_question(request, asked.question)
        underway = answering.start(await run_in_threadpool(asked.wish, assistant))
        if EVENT_STREAM in request.headers.get("accept", ""):
            return event_stream(_told(underway, request))
        return JSONResponse((await underway.answered(request)).to_json())

    return router


def event_stream(events: AsyncIterator[str]) -> Response:
    """Server-sent events, passed on by proxies as they come."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(events, media_type=EVENT_STREAM, headers=headers)


def one_line(value: object) -> str:
    """JSON on one line by anyone's reckoning: some readers of event streams break lines where Unicode would."""
    written = json.dumps(value, ensure_ascii=False)
    for letter in "\x85\u2028\u2029":
        written = written.replace(letter, f"\\u{ord(letter):04x}")
    return written


def told_midway(error: Exception) -> Problem:
    """What is told of a failure after the response has begun; an unexpected one is logged here."""
    if not isinstance(error, ShawahidError | Refused):
        _log.error("a question could not be answered", exc_info=error)
    return problem_of(error)[1]


async def _told(underway: Underway, request: Request) -> AsyncIterator[str]:
    try:
        async with aclosing(underway.listen(request)) as news:
            async for events in news:
                yield "".join(_event(EVENT_NAMES[type(event)], asdict(event)) for event in events) or STILL
    except Exception as error:
        yield _event("error", whole(asdict(told_midway(error))))


def _event(name: str, data: object) -> str:
    return f"event: {name}\ndata: {one_line(data)}\n\n"
