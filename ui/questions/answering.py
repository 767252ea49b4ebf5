"""Questions of programs that are being answered: each in a thread, stopped when its listener goes away.

The page's questions outlive their listener and are kept; see asking.py.
"""

import threading
from collections.abc import AsyncGenerator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field

import anyio
from fastapi import Request

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.events import Event, Finished, Provisional
from shawahid.assistant.search.question import read_question
from shawahid.assistant.settings import Strictness
from shawahid.assistant.types import Answer, Filters

from .asking import TooManyQuestions

_AT_ONCE = 4
_WAITING = 64
_LOOK_SECONDS = 0.04
_QUIET_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Wish:
    """A question, the earlier ones of its conversation, and what it may be answered from."""

    question: str
    history: Sequence[str] = ()
    filters: Filters = field(default_factory=Filters)
    strictness: Strictness | None = None


class Underway:
    """One question that is being answered for one listener."""

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self.events: list[Event] = []
        self.failure: Exception | None = None
        self.ended = False
        self.stopping = threading.Event()

    async def follow(self, request: Request | None) -> AsyncGenerator[Event | None, None]:
        """What comes about, in order; None where for a while nothing did. Ends early where the client has gone; without
        a request, whoever listens closes this when it goes.

        It looks again and again, because a thread that waited for each listener would be one fewer for everything
        else. Of text that is not checked yet, only the latest is told. Raises what the answering raised.
        """
        told, quiet = 0, 0.0
        try:
            while True:
                ended, events = self.ended, self.events[told:]
                told += len(events)
                for event in _latest(events):
                    yield event
                if ended or (request and await request.is_disconnected()):
                    break
                quiet = 0.0 if events else quiet + _LOOK_SECONDS
                if quiet >= _QUIET_SECONDS:
                    quiet = 0.0
                    yield None
                await anyio.sleep(_LOOK_SECONDS)
            if self.failure is not None:
                raise self.failure
        finally:
            self.stopping.set()

    async def answer(self, request: Request) -> Answer | None:
        """The answer; None where the client has gone. Raises what the answering raised."""
        found = None
        async for event in self.follow(request):
            if isinstance(event, Finished):
                found = event.answer
        return found


class Answering:
    """Answers questions for clients that wait. Close it to stop what still runs."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._workers = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="answering")
        self._underway: set[Underway] = set()
        self._guard = threading.Lock()

    def start(self, wish: Wish) -> Underway:
        """Begin to answer. Raises TooManyQuestions, QuestionEmpty or QuestionTooLong."""
        read_question(wish.question)  # what cannot be asked is refused before anything is sent
        underway = Underway(wish)
        with self._guard:
            if len(self._underway) >= _WAITING:
                raise TooManyQuestions
            self._underway.add(underway)
        self._workers.submit(self._answer, underway)
        return underway

    def close(self) -> None:
        with self._guard:
            for underway in self._underway:
                underway.stopping.set()
        self._workers.shutdown(wait=True)

    def _answer(self, underway: Underway) -> None:
        wish = underway.wish
        try:
            if underway.stopping.is_set():
                return
            events = self._assistant.stream(
                wish.question, history=wish.history, filters=wish.filters, strictness=wish.strictness
            )
            with closing(events):  # stops the model
                for event in events:
                    if underway.stopping.is_set():
                        return
                    underway.events.append(event)
        except Exception as error:  # it is for whoever listens
            underway.failure = error
        finally:
            underway.ended = True
            with self._guard:
                self._underway.discard(underway)


def _latest(events: Sequence[Event]) -> list[Event]:
    """Events without the text that was followed by more of it."""
    following: list[Event | None] = [*events[1:], None]
    return [
        event
        for event, after in zip(events, following, strict=False)
        if not (isinstance(event, Provisional) and isinstance(after, Provisional))
    ]
