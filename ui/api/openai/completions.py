"""OpenAI's chat protocol, so that any of its clients can choose the assistant as a model.

What was said in it cannot be taken back, so nothing is sent before it is checked: a stream is quiet until the answer is
there, and then tells it piece by piece.
"""

import secrets
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from shawahid.assistant.types import Answer
from shawahid.ui.api.answer_text import AnswerText, Mark
from shawahid.ui.api.ask import EVENT_STREAM, STILL, event_stream, one_line, told_midway
from shawahid.ui.gate.logs import note_question
from shawahid.ui.gate.problems import Refused, declared, openai_problem, problem_of, whole
from shawahid.ui.questions.answering import Answering, Underway
from shawahid.ui.questions.wish import Wish

from .models import (
    MODEL,
    Annotation,
    AnswerMessage,
    ChatCompletion,
    ChatError,
    ChatMessage,
    ChatRequest,
    Choice,
    ModelCard,
    ModelList,
    UrlCitation,
    Usage,
)

_HISTORY = 100  # questions; older ones have no effect anyway


def chat_routes(answering: Answering, public: str) -> APIRouter:
    """The models (there is one), and conversations with it. `public`: the address that a proxy gives it, if any."""
    router = APIRouter(prefix="/v1", tags=["ask"])
    streamed = {
        "description": "The answer; where `stream` is set, `chat.completion.chunk` objects as server-sent events.",
        "content": {EVENT_STREAM: {"schema": {"type": "string"}}},
    }

    @router.get("/models", responses=declared(model=ChatError))
    def models() -> ModelList:
        """The models that can be chosen."""
        return ModelList(data=[ModelCard()])

    @router.get("/models/{name}", responses=declared(400, 404, model=ChatError))
    def model(name: str) -> ModelCard:
        """One model."""
        _demand_model(name)
        return ModelCard()

    @router.post(
        "/chat/completions",
        response_model=ChatCompletion,
        responses={200: streamed, **declared(400, 404, 413, 429, model=ChatError)},
    )
    async def complete(asked: ChatRequest, request: Request) -> Response:
        """Answer the last message of the user."""
        _demand_model(asked.model)
        wish = _wish(asked.messages)
        note_question(request, wish.question)
        underway = answering.start(wish)
        base = f"{public}/" if public else str(request.base_url)
        if asked.stream:
            usage = bool(asked.stream_options and asked.stream_options.include_usage)
            return event_stream(_stream(underway, request, base, usage))
        return JSONResponse(_completion(await underway.answered(request), base).model_dump())

    return router


def _demand_model(name: str) -> None:
    if name != MODEL:
        raise Refused(404, "model_not_found", f"The model {name!r} does not exist; there is {MODEL!r}.", model=name)


def _wish(messages: Sequence[ChatMessage]) -> Wish:
    questions = [_text(message) for message in messages if message.role == "user"]
    if not questions:
        raise Refused(400, "question_missing", "No message is by the user, so nothing is asked.")
    return Wish(questions[-1], questions[:-1][-_HISTORY:])


def _text(message: ChatMessage) -> str:
    if message.content is None or isinstance(message.content, str):
        return message.content or ""
    for part in message.content:
        if part.type != "text":
            raise Refused(400, "content_unreadable", f"Only text can be read, not {part.type!r}.", type=part.type)
    return "\n".join(part.text or "" for part in message.content)


def _completion(answer: Answer, base: str) -> ChatCompletion:
    text = AnswerText(answer)
    message = AnswerMessage(content=str(text), annotations=_annotations(text.marks, base))
    return ChatCompletion(id=_new_id(), created=int(time.time()), choices=[Choice(message=message)])


def _annotations(marks: Sequence[Mark], base: str) -> list[Annotation]:
    return [Annotation(url_citation=_cited(mark, base)) for mark in marks]


def _cited(mark: Mark, base: str) -> UrlCitation:
    of = mark.citation
    return UrlCitation(
        start_index=mark.start,
        end_index=mark.end,
        title=of.title or of.source,
        url=of.url or f"{base}api/articles/{of.article}/quote?start={of.start}&end={of.end}",
        article=of.article,
        start=of.start,
        end=of.end,
        sha256=of.sha256,
        quote=of.quote,
    )


def _new_id() -> str:
    return f"chatcmpl-{secrets.token_hex(12)}"


async def _stream(underway: Underway, request: Request, base: str, usage: bool) -> AsyncIterator[str]:
    common = {"id": _new_id(), "object": "chat.completion.chunk", "created": int(time.time()), "model": MODEL}

    def chunk(delta: dict[str, Any], finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return _line({**common, "choices": [choice]})

    try:
        yield chunk({"role": "assistant", "content": ""})
        async with aclosing(underway.listen(request)) as news:
            async for events in news:
                if not events:
                    yield STILL
        if underway.answer is None:
            return
        text = AnswerText(underway.answer)
        for piece in text.pieces:
            yield chunk({"content": piece})
        yield chunk({"annotations": [one.model_dump() for one in _annotations(text.marks, base)]}, "stop")
        if usage:
            yield _line({**common, "choices": [], "usage": Usage().model_dump()})
        yield "data: [DONE]\n\n"
    except Exception as error:
        told_midway(error)
        yield _line(whole(openai_problem(*problem_of(error))))


def _line(value: object) -> str:
    return f"data: {one_line(value)}\n\n"
