"""Questions of the page and of programs: one pool and one limit for both, and listeners that are woken."""

import asyncio
import threading
from collections.abc import Generator
from contextlib import aclosing, closing
from pathlib import Path
from typing import Any, cast

import pytest
from fastapi import Request

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.events import Event, Provisional, Understood
from shawahid.ingest.errors import LibraryBusy
from shawahid.ui.questions import answering as module
from shawahid.ui.questions.answering import Answering, Ending, TooManyQuestions
from shawahid.ui.questions.conversations import Conversations
from shawahid.ui.questions.kept import KeptQuestions
from shawahid.ui.questions.wish import Wish

WISH = Wish("How many passengers can the ferry carry?")


class Writer:
    """In an assistant's place: tells `events`, waits until `go` is set, then fails."""

    def __init__(self, *events: Event) -> None:
        self.events = events
        self.go = threading.Event()
        self.most = self._now = 0
        self.stopped = threading.Event()
        self._guard = threading.Lock()

    def stream(self, question: str, **_: Any) -> Generator[Event, None, None]:
        with self._guard:
            self._now += 1
            self.most = max(self.most, self._now)
        try:
            yield from self.events
            while not self.go.wait(0.01):
                yield Understood(question)
            raise LibraryBusy(path="it", holder="another")
        except GeneratorExit:
            self.stopped.set()
            raise
        finally:
            with self._guard:
                self._now -= 1

    def answering(self) -> "closing[Answering]":
        return closing(Answering(cast(Assistant, self)))


def gone() -> Request:
    """A request whose client has gone."""

    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    return Request({"type": "http", "headers": []}, receive)


def test_the_page_and_programs_share_one_limit(tmp_path: Path) -> None:
    writer = Writer()
    with Conversations.open(tmp_path) as conversations:
        with writer.answering() as answering:
            questions = KeptQuestions(answering, conversations)
            kept = [questions.start("me", None, WISH) for _ in range(32)]
            programs = [answering.start(WISH) for _ in range(32)]
            with pytest.raises(TooManyQuestions):
                questions.start("me", None, WISH)
            with pytest.raises(TooManyQuestions):
                answering.start(WISH)
        assert writer.most == 4
        assert len(conversations.list("me")) == 32  # what was refused is not kept
        assert all(underway.over for underway in programs)
        for question in kept:
            assert question.underway.over
            assert conversations.turn("me", question.conversation, question.turn).state == "stopped"
            assert questions.running("me", question.conversation) == {}


def test_a_place_is_given_back_where_nothing_was_begun() -> None:
    with Writer().answering() as answering:
        for _ in range(100):
            with pytest.raises(KeyError), answering.place():
                raise KeyError


def test_a_listener_hears_the_latest_text_and_why_it_failed() -> None:
    writer = Writer(*(Provisional("so far" * length) for length in range(50)))
    heard: list[Event] = []

    async def listen(answering: Answering) -> None:
        underway = answering.start(WISH)
        await asyncio.sleep(0.2)
        async with aclosing(underway.listen()) as news:
            async for events in news:
                heard.extend(events)
                writer.go.set()

    with writer.answering() as answering, pytest.raises(LibraryBusy):
        asyncio.run(listen(answering))
    assert [event for event in heard if isinstance(event, Provisional)] == [writer.events[-1]]


def test_quiet_is_told_and_the_end_wakes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_QUIET_SECONDS", 0.05)
    writer = Writer()
    writer.stream = lambda question, **_: waits(writer)  # type: ignore[method-assign]

    async def listen(answering: Answering) -> list[Any]:
        quiet = []
        async for events in answering.start(WISH).follow():
            quiet.append(events)
            if len(quiet) == 3:
                writer.go.set()
        return quiet

    with writer.answering() as answering:
        assert asyncio.run(asyncio.wait_for(listen(answering), 10))[:3] == [(), (), ()]


def waits(writer: Writer) -> Generator[Event, None, None]:
    writer.go.wait()
    yield from ()


def test_a_program_s_question_stops_with_its_client_and_the_page_s_goes_on() -> None:
    writer = Writer()

    async def listen(answering: Answering) -> None:
        underway = answering.start(WISH)
        async for _ in underway.follow(gone()):  # the page's way
            pass
        assert not writer.stopped.wait(0.1)
        with pytest.raises(Ending):
            await underway.answered(gone())

    with writer.answering() as answering:
        asyncio.run(asyncio.wait_for(listen(answering), 10))
        assert writer.stopped.wait(10)
