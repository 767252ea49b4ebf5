"""Answers questions: one pool of threads with one limit for the whole process, and listeners that are woken when
something comes.

A question of a program is stopped when its listener goes away. A question of the page goes on; see kept.py.
"""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, closing, contextmanager, suppress

from fastapi import Request

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.events import Event, Finished, Provisional
from shawahid.assistant.search.question import read_question
from shawahid.assistant.types import Answer
from shawahid.ingest.errors import LibraryError

from .wish import Wish

_AT_ONCE = 4
_WAITING = 64  # with those that are being answered
_QUIET_SECONDS = 10.0
_BETWEEN_TEXTS = 0.04  # seconds: a model writes word by word, and each time all of the text is told


class TooManyQuestions(LibraryError):
    code = "too_many_questions"
    template = "Too many questions are being answered just now. Ask again in a minute; nothing was lost."


class Ending(LibraryError):
    code = "ending"
    template = "The server is shutting down. Ask again when it is back; nothing was lost."


class _Bell:
    """Wakes the coroutine that made it, from any thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._rung = asyncio.Event()

    def ring(self) -> None:
        with suppress(RuntimeError):  # the loop has closed: the server has ended, and nobody listens any more
            self._loop.call_soon_threadsafe(self._rung.set)

    def clear(self) -> None:
        self._rung.clear()

    async def wait(self, seconds: float) -> bool:
        """Whether it rang within so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                return await self._rung.wait()
        except TimeoutError:
            return False


class Underway:
    """One question that is being answered. When `over`, it has an `answer` or a `failure`, unless it was stopped."""

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self.events: list[Event] = []
        self.answer: Answer | None = None
        self.failure: Exception | None = None
        self.over = False
        self._stopping = threading.Event()
        self._bells: set[_Bell] = set()
        self._guard = threading.Lock()

    def stop(self) -> None:
        """Have it end at its next event."""
        self._stopping.set()

    async def follow(self, request: Request | None = None) -> AsyncGenerator[Sequence[Event], None]:
        """Yields the new events each time some came, until it is over or the client of `request` has gone.

        Yields none after each ten seconds in which nothing came. Of text that is not checked yet, only the latest is
        told.
        """
        told = 0
        with self._listening(request) as (bell, gone):
            while True:
                bell.clear()
                over, events = self.over, self.events[told:]  # in this order: nothing comes after the end
                told += len(events)
                if events:
                    yield _latest(events)
                if over or gone():
                    return
                if events and isinstance(events[-1], Provisional):
                    await asyncio.sleep(_BETWEEN_TEXTS)
                if not await bell.wait(_QUIET_SECONDS):
                    yield ()

    async def listen(self, request: Request | None = None) -> AsyncGenerator[Sequence[Event], None]:
        """`follow`, for the one listener whom it is for: it is stopped when this is closed or the client goes.

        Raises what the answering raised, or Ending where the server stopped it.
        """
        try:
            async with aclosing(self.follow(request)) as news:
                async for new in news:
                    yield new
            if self.failure is not None:
                raise self.failure
            if self.over and self.answer is None:
                raise Ending
        finally:
            self.stop()

    async def answered(self, request: Request | None = None) -> Answer:
        """The answer, when it is there. Stops and raises as `listen` does; Ending where the client has gone, too."""
        async with aclosing(self.listen(request)) as news:
            async for _ in news:
                pass
        if self.answer is None:
            raise Ending
        return self.answer

    @contextmanager
    def _listening(self, request: Request | None) -> Iterator[tuple[_Bell, Callable[[], bool]]]:
        """A bell that rings when something came or the client has gone, and whether it has."""
        bell = _Bell()
        with self._guard:
            self._bells.add(bell)
        leaving = asyncio.ensure_future(_left(request)) if request else None
        if leaving:
            leaving.add_done_callback(lambda _: bell.ring())
        try:
            yield bell, lambda: leaving is not None and leaving.done()
        finally:
            if leaving:
                leaving.cancel()
            with self._guard:
                self._bells.discard(bell)

    def run(self, assistant: Assistant) -> None:
        """Answer it, in this thread."""
        if self._stopping.is_set():
            return
        try:
            with closing(self.wish.stream(assistant)) as events:  # closed, the model stops
                for event in events:
                    if self._stopping.is_set():
                        return
                    if isinstance(event, Finished):
                        self.answer = event.answer
                    self.events.append(event)
                    self._ring()
        except Exception as error:  # it is for whoever listens
            self.failure = error
        except BaseException as error:  # so do parts in other languages fail; in a thread, nothing else would tell it
            self.failure = RuntimeError(f"{type(error).__name__} while answering")
            self.failure.__cause__ = error

    def end(self) -> None:
        """Tell whoever listens that it is over."""
        self.over = True
        self._ring()

    def _ring(self) -> None:
        with self._guard:
            for bell in self._bells:
                bell.ring()


class Answering:
    """Answers the questions of a process. Close it to stop what still runs."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._workers = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="answering")
        self._places = threading.Semaphore(_WAITING)
        self._underway: set[Underway] = set()
        self._guard = threading.Lock()
        self._closed = False

    def start(self, wish: Wish) -> Underway:
        """Begin to answer. Raises TooManyQuestions, QuestionEmpty or QuestionTooLong."""
        read_question(wish.question)  # what cannot be asked is refused before anything is sent
        with self.place():
            underway = Underway(wish)
            self.begin(underway)
        return underway

    @contextmanager
    def place(self) -> Iterator[None]:
        """Room for one question, which must be begun inside. Raises TooManyQuestions."""
        if not self._places.acquire(blocking=False):
            raise TooManyQuestions
        try:
            yield
        except BaseException:
            self._places.release()
            raise

    def begin(self, underway: Underway, when_done: Callable[[], None] = lambda: None) -> None:
        """Begin to answer, in a `place`. `when_done` is called, in the worker's thread, before anyone is told that it
        is over. Raises Ending where this was closed."""
        with self._guard:
            if self._closed:
                raise Ending
            self._underway.add(underway)
            self._workers.submit(self._answer, underway, when_done)

    def close(self) -> None:
        with self._guard:
            self._closed = True
            for underway in self._underway:
                underway.stop()
        self._workers.shutdown(wait=True)

    def _answer(self, underway: Underway, when_done: Callable[[], None]) -> None:
        try:
            underway.run(self._assistant)
            when_done()
        finally:
            with self._guard:
                self._underway.discard(underway)
            self._places.release()
            underway.end()


async def _left(request: Request) -> None:
    """Wait until a client has gone, whose request was read before."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _latest(events: Sequence[Event]) -> list[Event]:
    """Events without the text that was followed by more of it."""
    following: list[Event | None] = [*events[1:], None]
    return [
        event
        for event, after in zip(events, following, strict=True)
        if not (isinstance(event, Provisional) and isinstance(after, Provisional))
    ]
