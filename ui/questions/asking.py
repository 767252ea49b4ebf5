"""Questions that are being answered: each in a thread of its own, followed by the page, stopped on its reader's word.

An answer goes on when the page that asked for it is gone, and is kept: who comes back finds it.
"""

import logging
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version

import anyio

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.dossier.dossier import Dossier
from shawahid.assistant.settings import Strictness
from shawahid.assistant.types import Filters, Language
from shawahid.ingest.errors import LibraryError, ShawahidError
from shawahid.prompts import say
from shawahid.ui.page.answer import Heard
from shawahid.ui.told import language_of_text, told_problem

from .conversations import Conversations

_log = logging.getLogger("shawahid.ui")
_AT_ONCE = 4
_WAITING = 64
_LOOK_SECONDS = 0.04


class TooManyQuestions(LibraryError):
    code = "too_many_questions"
    template = "Too many questions are being answered just now. Ask again in a minute; nothing was lost."


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with whose it is, its conversation (None: a new one), and what it may be answered from."""

    owner: str
    conversation: str | None
    question: str
    filters: Filters = field(default_factory=Filters)
    strictness: Strictness | None = None

    @property
    def language(self) -> Language:
        return language_of_text(self.question)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an answer has come; `problem` is why there is none."""

    heard: Heard = field(default_factory=Heard)
    ended: bool = False
    stopped: bool = False
    problem: str | None = None


class Running:
    """One question that is being answered; `progress` is how far that has come, and anyone may follow it."""

    def __init__(self, asked: Asked, conversation: str, turn: int) -> None:
        self.asked = asked
        self.conversation = conversation
        self.turn = turn
        self.progress = Progress()
        self.stopping = threading.Event()

    async def follow(self) -> AsyncIterator[Progress]:
        """What is new, until the end; what changes faster than anyone reads is passed over.

        It looks again and again, because a thread that waited for each reader would be one fewer for everything else.
        """
        seen: Progress | None = None
        while seen is None or not seen.ended:
            if self.progress is seen:
                await anyio.sleep(_LOOK_SECONDS)
                continue
            seen = self.progress
            yield seen


class Asking:
    """Answers questions and keeps them in their conversations. Close it to stop what still runs."""

    def __init__(self, assistant: Assistant, conversations: Conversations) -> None:
        self._assistant = assistant
        self._conversations = conversations
        self._workers = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="asking")
        self._running: dict[tuple[str, int], Running] = {}
        self._guard = threading.Lock()

    def start(self, asked: Asked) -> Running:
        """Keep the question, and begin to answer it. Raises TooManyQuestions or ConversationUnknown."""
        kept = self._conversations
        with self._guard:
            if len(self._running) >= _WAITING:
                raise TooManyQuestions
            conversation = asked.conversation or kept.begin(asked.owner)
            history = kept.history(asked.owner, conversation)
            turn = kept.ask(asked.owner, conversation, asked.question, datetime.now(UTC))
            running = Running(asked, conversation, turn)
            self._running[conversation, turn] = running
        self._workers.submit(self._answer, running, history)
        return running

    def running(self, owner: str, conversation: str, turn: int) -> Running | None:
        """The answering of an owner's question, while it goes on."""
        with self._guard:
            running = self._running.get((conversation, turn))
        return running if running and running.asked.owner == owner else None

    def close(self) -> None:
        with self._guard:
            for running in self._running.values():
                running.stopping.set()
        self._workers.shutdown(wait=True, cancel_futures=True)

    def _answer(self, running: Running, history: list[str]) -> None:
        try:
            ended = self._heard_out(running, history)
        except ShawahidError as error:
            ended = self._failed(running, told_problem(error, running.asked.language))
        except Exception:
            _log.exception("a question could not be answered")
            ended = self._failed(running, say("unexpected", running.asked.language))
        with self._guard:
            self._running.pop((running.conversation, running.turn), None)
        running.progress = ended

    def _heard_out(self, running: Running, history: list[str]) -> Progress:
        asked, heard, asked_at = running.asked, Heard(), datetime.now(UTC)
        events = self._assistant.stream(
            asked.question, history=history, filters=asked.filters, strictness=asked.strictness
        )
        for event in events:
            if running.stopping.is_set():
                break
            heard = heard.with_event(event)
            if heard.answer is None:
                running.progress = Progress(heard)
        if heard.answer is None:
            events.close()  # stops the model
            self._conversations.stopped(asked.owner, running.conversation, running.turn)
            return Progress(heard, ended=True, stopped=True)
        dossier = Dossier(heard.answer, asked_at, version("shawahid"), asked.filters)
        self._conversations.answered(asked.owner, running.conversation, running.turn, dossier)
        return Progress(heard, ended=True)

    def _failed(self, running: Running, problem: str) -> Progress:
        asked = running.asked
        try:
            self._conversations.failed(asked.owner, running.conversation, running.turn, problem)
        except ShawahidError:  # the conversation was deleted meanwhile, or its file fails too
            _log.exception("a failure could not be kept")
        return Progress(running.progress.heard, ended=True, problem=problem)
