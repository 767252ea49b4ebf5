"""The page's questions: they are answered whether anyone listens or not, and kept in their conversations.

Whoever comes back finds the answer, or follows it where it is still coming about.
"""

import logging
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version

from shawahid.assistant.dossier.dossier import Dossier
from shawahid.assistant.types import Language
from shawahid.ingest.errors import ShawahidError
from shawahid.prompts import say
from shawahid.ui.told import language_of_text, told_problem

from .answering import Answering, Underway
from .conversations import Conversations
from .wish import Wish

_log = logging.getLogger("shawahid.ui")


@dataclass(slots=True, eq=False)
class KeptQuestion:
    """A question with its owner and its place: `turn` in `conversation`. `problem` says why there is no answer."""

    owner: str
    conversation: str
    turn: int
    asked_at: datetime
    underway: Underway
    problem: str | None = None

    @property
    def question(self) -> str:
        return self.underway.wish.question

    @property
    def language(self) -> Language:
        return language_of_text(self.question, self.underway.wish.language)


class KeptQuestions:
    """Has questions answered, and keeps what becomes of them in their conversations."""

    def __init__(self, answering: Answering, conversations: Conversations) -> None:
        self._answering = answering
        self._conversations = conversations
        self._running: set[KeptQuestion] = set()
        self._guard = threading.Lock()

    def start(self, owner: str, conversation: str | None, wish: Wish, *, before: int | None = None) -> KeptQuestion:
        """Keep a question and begin to answer it, as a follow-up of its conversation (None: a new one is begun), or of
        what stands `before` a turn of it.

        Raises TooManyQuestions or ConversationUnknown.
        """
        kept, asked_at = self._conversations, datetime.now(UTC)
        with self._answering.place():
            id_ = conversation or kept.begin(owner)
            underway = Underway(replace(wish, history=kept.history(owner, id_, before)))
            turn = kept.ask(owner, id_, wish.question, asked_at)
            question = KeptQuestion(owner, id_, turn, asked_at, underway)
            with self._guard:
                self._running.add(question)
            self._answering.begin(underway, lambda: self._keep(question))
        return question

    def running(self, owner: str, conversation: str) -> dict[int, KeptQuestion]:
        """The questions of an owner's conversation that are being answered, by their turn."""
        with self._guard:
            return {one.turn: one for one in self._running if (one.owner, one.conversation) == (owner, conversation)}

    def _keep(self, question: KeptQuestion) -> None:
        """Store what became of a question."""
        try:
            self._store(question)
        except ShawahidError as error:
            self._fail(question, told_problem(error, question.language, folders=False))
        except Exception:
            _log.exception("a question could not be answered")
            self._fail(question, say("unexpected", question.language))
        with self._guard:
            self._running.discard(question)

    def _store(self, question: KeptQuestion) -> None:
        place, underway = (question.owner, question.conversation, question.turn), question.underway
        if underway.failure is not None:
            raise underway.failure
        if underway.answer is None:
            self._conversations.stopped(*place)
        else:
            dossier = Dossier(underway.answer, question.asked_at, version("shawahid"), underway.wish.filters)
            self._conversations.answered(*place, dossier)

    def _fail(self, question: KeptQuestion, problem: str) -> None:
        question.problem = problem
        try:
            self._conversations.failed(question.owner, question.conversation, question.turn, problem)
        except ShawahidError:  # the conversation was deleted meanwhile, or its file fails too
            _log.exception("a failure could not be kept")
