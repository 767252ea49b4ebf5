"""Where the page keeps conversations for their owner: one SQLite file beside the library's, and all SQL on it.

    conversations   one each; of the owner only a hash, and a name only where it was given one
    turns           one for each question: what became of it, the answer as a dossier's JSON, and what was thought of it

A question is stored before it is answered, so that none is lost. `folded` is the text that a search looks through.
"""

import hashlib
import json
import logging
import secrets
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

from shawahid.assistant.dossier.dossier import Dossier, dossier_from_json
from shawahid.assistant.dossier.typed_json import Malformed
from shawahid.ingest.text.words import fold, words
from shawahid.prompts import say
from shawahid.ui.told import language_of_text

from .conversation_types import (
    ConversationRow,
    ConversationsDamaged,
    ConversationsTooNew,
    ConversationsUnwritable,
    ConversationUnknown,
    State,
    Thumb,
    Turn,
    text_of,
    title_of,
)

_log = logging.getLogger("shawahid.conversations")

FILE_NAME = "conversations.sqlite3"
FORMAT = 1

_SCHEMA = """
CREATE TABLE conversations (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL,               -- SHA-256
    name TEXT,                         -- NULL until it is renamed: its first question is its title
    folded TEXT NOT NULL DEFAULT '',   -- the name
    started TEXT NOT NULL,             -- ISO 8601, UTC
    updated TEXT NOT NULL              -- when something was last asked
) STRICT;
CREATE INDEX conversations_owner ON conversations (owner, updated);
CREATE TABLE turns (
    row INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
    number INTEGER NOT NULL,           -- from 1 in each conversation
    question TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending',
    dossier TEXT,                      -- JSON
    dossier_at TEXT,                   -- its time of asking, of which the JSON has only the seconds
    problem TEXT,
    folded TEXT NOT NULL,              -- the question, and the text of the answer
    thumb INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    UNIQUE (conversation, number)
) STRICT;
"""
_TURN = "SELECT t.number, question, asked_at, state, dossier, dossier_at, problem, thumb, reason FROM turns t"
_ROW = """
SELECT id, name, started, updated,
    (SELECT question FROM turns WHERE conversation = c.number AND number = 1),
    (SELECT count(*) FROM turns WHERE conversation = c.number)
FROM conversations c WHERE owner = ?
"""
_FOUND = """ AND (instr(folded, ?)
    OR EXISTS (SELECT 1 FROM turns t WHERE t.conversation = c.number AND instr(t.folded, ?)))
"""


__all__ = [
    "ConversationRow",
    "ConversationUnknown",
    "Conversations",
    "ConversationsDamaged",
    "ConversationsTooNew",
    "ConversationsUnwritable",
    "State",
    "Thumb",
    "Turn",
]

Rows = list[ConversationRow]  # inside the class, `list` is a method
Turns = list[Turn]
Questions = list[str]


class Conversations:
    """The stored conversations, for any number of threads.

    An owner is whatever the page knows a reader by. Nobody is given another's conversation: it is unknown to them, as
    one that does not exist (ConversationUnknown).
    """

    def __init__(self, path: Path, *, reading: bool = False, in_memory: bool = False) -> None:
        self.path = path
        self._guard = threading.RLock()
        self._problem: ConversationsDamaged | None = None
        with self._explained():
            mode = "memory" if in_memory else "ro" if reading else "rwc"
            place = f"{path.absolute().as_uri()}?mode={mode}"
            self._db = sqlite3.connect(place, uri=True, timeout=30.0, isolation_level=None, check_same_thread=False)

    @classmethod
    def open(cls, folder: Path, *, reading: bool = False, serving: bool = False) -> "Conversations":
        """Open those in a library's folder, and call pending questions stopped: who was answering them is gone.

        With `reading`, for beside a server that runs: makes nothing and changes nothing. With `serving`, a damaged
        file is logged, and then every use raises ConversationsDamaged: the articles can be served without it. Where
        none can be written, conversations last as long as the server.
        Raises ConversationsTooNew, ConversationsDamaged or ConversationsUnwritable.
        """
        try:
            return cls._open(folder / FILE_NAME, reading, serving)
        except ConversationsUnwritable as error:
            if not serving:
                raise
            _log.warning("conversations are forgotten when the server ends: %s", error)
            return cls._open(folder / FILE_NAME, reading, serving, in_memory=True)

    @classmethod
    def _open(cls, path: Path, reading: bool, serving: bool, *, in_memory: bool = False) -> "Conversations":
        opened = cls(path, reading=reading, in_memory=in_memory)
        try:
            opened._demand_known()
            if not reading:
                opened._prepare()
        except ConversationsDamaged as error:
            if not serving:
                opened.close()
                raise
            _log.error("%s", error)
            opened._problem = error
        except BaseException:
            opened.close()
            raise
        return opened

    def __enter__(self) -> "Conversations":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        with self._guard:
            self._db.close()

    # conversations

    def begin(self, owner: str) -> str:
        """A new conversation: its id, which nobody can guess."""
        id_, now = secrets.token_urlsafe(16), _written(datetime.now(UTC))
        with self._writing() as db:
            db.execute(
                "INSERT INTO conversations (id, owner, started, updated) VALUES (?, ?, ?, ?)",
                (id_, _hashed(owner), now, now),
            )
        return id_

    def rename(self, owner: str, id: str, title: str) -> None:
        """Give a conversation a title; a blank one gives it back its first question."""
        name = _storable(" ".join(title.split())) or None
        with self._writing() as db:
            number = self._number(db, owner, id)
            db.execute(
                "UPDATE conversations SET name = ?, folded = ? WHERE number = ?", (name, fold(name or ""), number)
            )

    def delete(self, owner: str, id: str) -> None:
        """Delete a conversation; nothing of it stays in the file."""
        with self._guard:
            with self._writing() as db:
                db.execute("DELETE FROM conversations WHERE number = ?", (self._number(db, owner, id),))
            self._wipe()

    def delete_all(self, owner: str) -> None:
        """Delete all conversations of an owner; nothing of them stays in the file."""
        with self._guard:
            with self._writing() as db:
                db.execute("DELETE FROM conversations WHERE owner = ?", (_hashed(owner),))
            self._wipe()

    # turns

    def ask(self, owner: str, conversation: str, question: str, asked_at: datetime) -> int:
        """Store a question that is still to be answered; returns its number in the conversation."""
        question = _storable(question)
        with self._writing() as db:
            number = self._number(db, owner, conversation)
            turn: int = db.execute(
                "INSERT INTO turns (conversation, number, question, asked_at, folded)"
                " SELECT ?1, 1 + count(*), ?2, ?3, ?4 FROM turns WHERE conversation = ?1 RETURNING number",
                (number, question, _written(asked_at), fold(question)),
            ).fetchone()[0]
            now = _written(datetime.now(UTC))
            db.execute("UPDATE conversations SET updated = ? WHERE number = ?", (now, number))
        return turn

    def answered(self, owner: str, conversation: str, turn: int, dossier: Dossier) -> None:
        """Store the answer to a question."""
        with self._writing() as db:
            self._set(
                db,
                owner,
                conversation,
                turn,
                state="answered",
                dossier=json.dumps(dossier.to_json(), ensure_ascii=False),
                dossier_at=_written(dossier.asked_at),
                problem=None,
                folded=fold(text_of(dossier.answer)),
            )

    def failed(self, owner: str, conversation: str, turn: int, problem: str) -> None:
        """Note that a question could not be answered, and why."""
        with self._writing() as db:
            self._set(db, owner, conversation, turn, state="failed", problem=problem)

    def stopped(self, owner: str, conversation: str, turn: int) -> None:
        """Note that a question is not being answered any more."""
        with self._writing() as db:
            self._set(db, owner, conversation, turn, state="stopped")

    def rate(self, owner: str, conversation: str, turn: int, thumb: Thumb, reason: str) -> None:
        """What an owner thinks of an answer; with thumb 0, it is taken back."""
        if thumb not in get_args(Thumb):
            raise ValueError(f"a thumb is -1, 0 or 1, not {thumb!r}")
        with self._writing() as db:
            self._set(db, owner, conversation, turn, thumb=thumb, reason=reason if thumb else "")

    def turns(self, owner: str, conversation: str) -> Turns:
        """All turns of a conversation, in order."""
        with self._reading() as db:
            number = self._number(db, owner, conversation)
            rows = db.execute(f"{_TURN} WHERE conversation = ? ORDER BY t.number", (number,)).fetchall()
        return [_turn(row) for row in rows]

    def turn(self, owner: str, conversation: str, number: int) -> Turn:
        """One turn of a conversation."""
        with self._reading() as db:
            of = self._number(db, owner, conversation)
            row = db.execute(f"{_TURN} WHERE conversation = ? AND t.number = ?", (of, number)).fetchone()
        if row is None:
            raise ConversationUnknown
        return _turn(row)

    def history(self, owner: str, conversation: str, before: int | None = None) -> Questions:
        """The questions of a conversation that were answered, oldest first; with `before`, those before that turn."""
        with self._reading() as db:
            number = self._number(db, owner, conversation)
            rows = db.execute(
                "SELECT question FROM turns WHERE conversation = ?1 AND state = 'answered'"
                " AND (?2 IS NULL OR number < ?2) ORDER BY number",
                (number, before),
            ).fetchall()
        return [question for (question,) in rows]

    def export(self) -> Iterator[dict[str, Any]]:
        """Every rated turn with its dossier's JSON (None where there is none), and nothing of whose it is."""
        with self._reading() as db:
            rated = db.execute("SELECT row FROM turns WHERE thumb <> 0 ORDER BY asked_at, row").fetchall()
        for row in rated:  # one at a time: all of them may be large
            with self._reading() as db:
                found = db.execute("SELECT question, thumb, reason, dossier FROM turns WHERE row = ?", row).fetchone()
            if found is not None:  # else it was deleted meanwhile
                question, thumb, reason, dossier = found
                held = json.loads(dossier) if dossier else None
                yield {"question": question, "thumb": thumb, "reason": reason, "dossier": held}

    def list(self, owner: str, search: str = "") -> Rows:
        """The conversations of an owner, the one last asked in first.

        With `search`, those that have each of its words in their title, questions or answers, in whatever spelling.
        """
        sought = (words(search) or [fold(search).strip()]) if search.strip() else []
        with self._reading() as db:
            rows = db.execute(
                f"{_ROW}{_FOUND * len(sought)} ORDER BY updated DESC, number DESC",
                (_hashed(owner), *(_storable(word) for word in sought for _ in range(2))),
            ).fetchall()
        return [
            ConversationRow(id_, name or title_of(first or ""), _read(started), _read(updated), turns)
            for id_, name, started, updated, first, turns in rows
        ]

    # the file

    def _demand_known(self) -> None:
        with self._reading() as db:
            found: int = db.execute("PRAGMA user_version").fetchone()[0]
            strange = not found and db.execute("SELECT 1 FROM sqlite_master").fetchone()
        if found > FORMAT:
            raise ConversationsTooNew(path=self.path, found=found, known=FORMAT)
        if strange:
            raise ConversationsDamaged(path=self.path, problem="it holds something else")

    def _prepare(self) -> None:
        with self._reading() as db:
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
                db.execute(f"PRAGMA {pragma}")
        with self._writing() as db:
            self._demand_known()  # again: another process may have been quicker
            if not db.execute("PRAGMA user_version").fetchone()[0]:
                for statement in _SCHEMA.split(";"):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {FORMAT}")
            db.execute("UPDATE turns SET state = 'stopped' WHERE state = 'pending'")

    def _wipe(self) -> None:
        """Write the file anew without what was deleted, and empty the log.

        secure_delete alone leaves a few words behind where SQLite moved rows from page to page, and all in the log.
        It takes an eighth of a second for 4,000 turns. Where another process reads all the while, the log stays until
        the last one closes the file.
        """
        with self._reading() as db:
            db.execute("VACUUM")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._guard, self._explained():
            yield self._db

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """All of what happens inside, or nothing of it."""
        with self._reading() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            finally:
                if db.in_transaction:
                    db.execute("ROLLBACK")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """SQLite's errors as ours, with a remedy."""
        if self._problem is not None:
            raise ConversationsDamaged(**self._problem.details)
        try:
            yield
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise
        except sqlite3.DatabaseError as error:
            # Text that is no UTF-8 is refused by Python, without a code.
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
            damaged = code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
            kind = ConversationsDamaged if damaged else ConversationsUnwritable
            raise kind(path=self.path, problem=error) from error

    def _number(self, db: sqlite3.Connection, owner: str, id_: str) -> int:
        """A conversation's row number, if it is this owner's. Raises ConversationUnknown."""
        row = db.execute(
            "SELECT number FROM conversations WHERE id = ? AND owner = ?", (_storable(id_), _hashed(owner))
        ).fetchone()
        if row is None:
            raise ConversationUnknown
        return int(row[0])

    def _set(self, db: sqlite3.Connection, owner: str, id_: str, turn: int, **values: str | int | None) -> None:
        """Set columns of one turn. Raises ConversationUnknown."""
        number = self._number(db, owner, id_)
        columns = ", ".join(f"{name} = ?" for name in values)
        stored = [_storable(value) if isinstance(value, str) else value for value in values.values()]
        changed = db.execute(
            f"UPDATE turns SET {columns} WHERE conversation = ? AND number = ?", (*stored, number, turn)
        )
        if not changed.rowcount:
            raise ConversationUnknown


def _turn(row: Sequence[Any]) -> Turn:
    number, question, asked_at, state, stored, dossier_at, problem, thumb, reason = row
    turn = Turn(number, question, _read(asked_at), state, None, problem, thumb, reason)
    if state != "answered":
        return turn
    try:
        dossier = dossier_from_json(json.loads(stored))
    except (Malformed, ValueError) as error:
        problem = say("answer_unreadable", language_of_text(question), problem=error)
        return replace(turn, state="failed", problem=problem)
    return replace(turn, dossier=replace(dossier, asked_at=_read(dossier_at)))


def _hashed(owner: str) -> str:
    return hashlib.sha256(owner.encode("utf-8", "surrogatepass")).hexdigest()


def _storable(text: str) -> str:
    """A text that UTF-8 can hold: half characters, which a request may carry, become question marks."""
    return text.encode("utf-8", "replace").decode()


def _written(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def _read(time: str) -> datetime:
    return datetime.fromisoformat(time)
