"""What a stored conversation is made of, and what can be wrong with it. The store is in conversations.py."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shawahid.assistant.dossier.dossier import Dossier
from shawahid.assistant.types import Answer
from shawahid.ingest.errors import InputError, LibraryError

State = Literal["pending", "answered", "failed", "stopped"]
Thumb = Literal[-1, 0, 1]
_TITLE = 80  # characters of a first question that are a title


class ConversationUnknown(InputError):
    code = "conversation_unknown"
    template = (
        "This conversation cannot be opened here: only who asked can open it, in the browser they asked in or signed "
        "in as themselves. Or it was deleted. To read its answer, ask for a dossier of it, or ask the question again."
    )


class ConversationsTooNew(LibraryError):
    code = "conversations_too_new"
    template = (
        "The conversations in {path} have format {found}, but this program reads formats up to {known}. "
        "Update shawahid; nothing was changed."
    )


class ConversationsDamaged(LibraryError):
    code = "conversations_damaged"
    template = (
        "The conversations in {path} cannot be read: {problem}. Restore that file from a backup, or move it away "
        "to begin with none; nothing in it was changed, and the articles are not concerned."
    )


class ConversationsUnwritable(LibraryError):
    code = "conversations_unwritable"
    template = (
        "The conversations in {path} cannot be written: {problem}. What was stored before is safe; "
        "make room or change the permissions, then try again."
    )


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """One conversation in a list; `updated` is when something was last asked in it, `turns` how many questions."""

    id: str
    title: str
    started: datetime
    updated: datetime
    turns: int


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and what became of it.

    "answered" always comes with a `dossier` and "failed" with a `problem`. An answer that was stored by another
    version and cannot be read any more is "failed" too. "stopped": nobody is answering it any more.
    """

    number: int
    question: str
    asked_at: datetime
    state: State
    dossier: Dossier | None = None
    problem: str | None = None
    thumb: Thumb = 0
    reason: str = ""


def text_of(answer: Answer) -> str:
    """What is asked and said, to be searched."""
    said = [answer.frame] if answer.status == "plain" else [sentence.text for sentence in answer.sentences]
    return "\n".join((answer.question, *said))


def title_of(question: str) -> str:
    """A question on one line, cut at a word where it is long."""
    line = " ".join(question.split())
    if len(line) <= _TITLE:
        return line
    return f"{line[:_TITLE].rpartition(' ')[0] or line[: _TITLE - 1]}…"
