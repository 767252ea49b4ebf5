"""What Gradio's own clients can call: `/ask` gives the answer as JSON, `/ask_stream` what comes about on the way."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import gradio as gr
from gradio.events import api

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.settings import STRICTNESSES, SettingInvalid, Strictness
from shawahid.assistant.types import Filters
from shawahid.ingest.errors import ShawahidError
from shawahid.ui.api.ask import EVENT_NAMES

_AT_ONCE = 4


def add_endpoints(assistant: Assistant) -> None:
    """Add the endpoints to the blocks that are being built."""

    def filters_of(outlets: list[str] | None, since: str | None, until: str | None) -> Filters:
        return assistant.filters(outlets or (), since, until)

    def ask(
        question: str,
        history: list[str] | None = None,
        outlets: list[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        strictness: str | None = None,
    ) -> dict[str, Any]:
        """Answer a question from the articles: the whole answer as JSON."""
        try:
            filters = filters_of(outlets, since, until)
            step = _strictness(strictness)
            return assistant.ask(question, history=history or (), filters=filters, strictness=step).to_json()
        except ShawahidError as error:
            raise gr.Error(str(error), print_exception=False) from error

    def ask_stream(
        question: str,
        history: list[str] | None = None,
        outlets: list[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        strictness: str | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Answer a question from the articles, telling each event as it comes about; the last holds the answer."""
        try:
            filters = filters_of(outlets, since, until)
            step = _strictness(strictness)
            for event in assistant.stream(question, history=history or (), filters=filters, strictness=step):
                yield {"event": EVENT_NAMES[type(event)], **asdict(event)}
        except ShawahidError as error:
            raise gr.Error(str(error), print_exception=False) from error

    api(ask, api_name="ask", concurrency_limit=_AT_ONCE, concurrency_id="ask")
    api(ask_stream, api_name="ask_stream", concurrency_limit=_AT_ONCE, concurrency_id="ask")


def _strictness(given: str | None) -> Strictness | None:
    for known in STRICTNESSES:
        if given == known:
            return known
    if given:
        raise SettingInvalid(name="strictness", value=given, remedy=f"choose from {', '.join(STRICTNESSES)}")
    return None
