"""What Gradio's own clients can call: `/ask` gives the answer as JSON, `/ask_stream` what comes about on the way."""

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import asdict
from typing import Any

import gradio as gr
from fastapi.concurrency import run_in_threadpool
from gradio.events import api

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.settings import STRICTNESSES, SettingInvalid, Strictness
from shawahid.ingest.errors import ShawahidError
from shawahid.ui.api.ask import EVENT_NAMES
from shawahid.ui.gate.problems import problem_of
from shawahid.ui.questions.answering import Answering, Underway
from shawahid.ui.questions.wish import read_wish


def add_endpoints(assistant: Assistant, answering: Answering) -> None:
    """Add the endpoints to the blocks that are being built."""

    async def start(question: str, history: list[str] | None, strictness: str | None, **narrowed: Any) -> Underway:
        wish = await run_in_threadpool(
            read_wish, assistant, question, history or (), strictness=_strictness(strictness), **narrowed
        )
        return answering.start(wish)

    async def ask(
        question: str,
        history: list[str] | None = None,
        outlets: list[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        strictness: str | None = None,
    ) -> dict[str, Any]:
        """Answer a question from the articles: the whole answer as JSON."""
        with _told():
            underway = await start(question, history, strictness, outlets=outlets or (), since=since, until=until)
            answer = await underway.answered()
            return answer.to_json()

    async def ask_stream(
        question: str,
        history: list[str] | None = None,
        outlets: list[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        strictness: str | None = None,
    ) -> AsyncIterator[dict[str, Any]]:
        """Answer a question from the articles, telling each event as it comes about; the last holds the answer."""
        with _told():
            underway = await start(question, history, strictness, outlets=outlets or (), since=since, until=until)
            async with aclosing(underway.listen()) as news:
                async for events in news:
                    for event in events:
                        yield {"event": EVENT_NAMES[type(event)], **asdict(event)}

    # Gradio's own limit would be a second one.
    api(ask, api_name="ask", concurrency_limit=None)
    api(ask_stream, api_name="ask_stream", concurrency_limit=None)


@contextmanager
def _told() -> Iterator[None]:
    """Our errors as Gradio's, which are told to the client."""
    try:
        yield
    except ShawahidError as error:
        raise gr.Error(problem_of(error)[1].message, print_exception=False) from error


def _strictness(given: str | None) -> Strictness | None:
    for known in STRICTNESSES:
        if given == known:
            return known
    if given:
        raise SettingInvalid(name="strictness", value=given, remedy=f"choose from {', '.join(STRICTNESSES)}")
    return None
