"""The truth on disk: one SQLite database in WAL mode. The SQL is in this folder, and nowhere else.

    texts       each different article text once, with its hash and furniture; copies share it and all below;
                near copies have the same copy_group, the smallest number among them
    articles    one per source: which text, and the metadata (given by the source, and edited by hand over it)
    files       the bytes last read from each path, so that an unchanged one is known without reading it through
    passages    offsets into a text
    embeddings  one vector per passage, numbered in the order they were made
    quotes      what of an embedded passage can be quoted, with a vector for each
    stories     which texts tell of the same event; a story goes by the first of its texts
    bands       by what texts are found that may be near copies of another
    withdrawn   texts gone from the truth whose words are still to be taken out of the lexical index
    past        texts that no article has any more, for whoever holds an old citation; no index knows of them
    corrections which article corrects, retracts or updates which, and where it says so
    handles     what an article can be called by, and what a correction calls the articles that it speaks of
    seals       a checksum for each row that a reader is shown something of (seals.py)
    unlinked    articles that are still to be held against the corrections, and the corrections against them
    jobs        uploads that a server has accepted: which files, and what became of them
    meta        format, embedder, and the Chroma generation in use

Numbers are never used twice (AUTOINCREMENT), so an index that lags behind can only miss a row, never mistake one.
"""

import hashlib
import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from shawahid.ingest.errors import LibraryDamaged, LibraryMissing, LibraryTooNew, LibraryUnwritable
from shawahid.ingest.types import LIBRARY_FILE

from . import seals
from .schema import FORMAT, SCHEMA, STORIES_FORMAT, UPGRADED_WHEN_OPENED, UPGRADES

Connection = sqlite3.Connection
Unreadable = sqlite3.DatabaseError
"""What SQLite raises where it cannot read on."""


class Database:
    """Connections to one library's database, one for each thread.

    With `read_only`, and in a folder that cannot be written, for a file that nobody writes: SQLite then looks for no
    journal beside it, and makes none.
    """

    def __init__(self, folder: Path, *, create: bool = False, read_only: bool = False) -> None:
        self.folder = folder
        self.path = folder / LIBRARY_FILE
        self.read_only = read_only or (self.path.exists() and not os.access(folder, os.W_OK))
        self._local = threading.local()
        self._held: weakref.WeakSet[_Held] = weakref.WeakSet()
        self._guard = threading.Lock()
        self._watching = threading.Lock()
        self._watcher: _Held | None = None
        if not create and not self.path.exists():
            raise LibraryMissing(path=folder)
        journal = folder / f"{LIBRARY_FILE}-wal"
        if self.read_only and journal.exists() and journal.stat().st_size:
            raise LibraryUnwritable(path=folder, problem="what was written last is still in its journal")
        if create and not self.read_only:
            self._create_where_empty()
        self._check_format()

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection, which is closed when the thread ends."""
        held: _Held | None = getattr(self._local, "held", None)
        if held is None:
            held = _Held(self.path, self.read_only)
            self._local.held = held
            with self._guard:
                self._held.add(held)
        return held.connection

    def _create_where_empty(self) -> None:
        """Make the tables, all or none, where a killed first run left none or nobody was before."""
        with LibraryUnwritable.explained(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        with self.explained():
            if self.path.exists() and seals.has_table(self.connection, "meta"):
                return
            self.connection.execute("PRAGMA journal_mode = WAL")
        with self.writing() as db:
            if not seals.has_table(db, "meta"):  # another process may have been quicker
                for statement in SCHEMA.split(";"):
                    db.execute(statement)
                db.execute("INSERT INTO meta VALUES ('format', ?)", (str(FORMAT),))
                seals.seal_all(db)

    def _check_format(self) -> None:
        with self.explained():
            row = self.connection.execute("SELECT value FROM meta WHERE key = 'format'").fetchone() or ("missing",)
            tables = [seals.has_table(self.connection, name) for name in ("seals", "stories")]
        found = int(row[0]) if str(row[0]).isdecimal() else 0
        if not found or tables != [found >= seals.SEALED_FORMAT, found >= STORIES_FORMAT]:
            raise self._damaged(sqlite3.DatabaseError(f"its format is {row[0]!r}"))
        if found > FORMAT:
            raise LibraryTooNew(path=self.folder, found=found, known=FORMAT)
        if 0 < found < UPGRADED_WHEN_OPENED:
            self._upgrade(UPGRADED_WHEN_OPENED)

    def upgrade(self) -> None:
        """Bring a library to this format, which the first writer does; rows without a seal are taken for whole."""
        with self.reading() as db:
            row = db.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
        if int(row[0]) < FORMAT:
            self._upgrade(FORMAT)

    def _upgrade(self, to: int) -> None:
        """Bring an older library to a format, step by step, all or nothing."""
        with self.writing() as db:
            sealed = seals.exist(db)
            row = db.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
            for step in range(int(row[0]), to):  # another process may have been quicker
                for statement in UPGRADES[step].split(";"):
                    db.execute(statement)
                db.execute("UPDATE meta SET value = ? WHERE key = 'format'", (str(step + 1),))
            if seals.exist(db) and not sealed:
                seals.seal_all(db)

    def demand_writable(self) -> None:
        """Raises LibraryUnwritable where the folder cannot be written."""
        if self.read_only:
            raise LibraryUnwritable(path=self.folder, problem="there is no permission to write there")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One consistent view of the truth, however many queries are asked of it."""
        with self.explained():
            connection = self.connection
            if connection.in_transaction:
                yield connection
                return
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("COMMIT")

    @contextmanager
    def watching(self) -> Iterator[tuple[sqlite3.Connection, int]]:
        """The newest state, and a number that is another one whenever anybody has committed something since.

        One thread at a time, on a connection that never writes: SQLite counts only what others commit.
        """
        with self._watching, self.explained():
            if self._watcher is None:
                self._watcher = _Held(self.path, self.read_only)
                with self._guard:
                    self._held.add(self._watcher)
            connection = self._watcher.connection
            connection.execute("BEGIN")
            try:
                connection.execute("SELECT 1 FROM meta").fetchone()  # the state is fixed by the first that is read
                yield connection, int(connection.execute("PRAGMA data_version").fetchone()[0])
            finally:
                connection.execute("COMMIT")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All of what happens inside, or nothing of it. Raises LibraryUnwritable."""
        self.demand_writable()
        with self.explained():
            connection = self.connection
            connection.execute("BEGIN IMMEDIATE")
            try:
                sealed = seals.exist(connection)
                if sealed:
                    seals.watch(connection)
                yield connection
                if sealed:
                    seals.renew(connection)
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:  # SQLite may have rolled back by itself, as it does on a full disk
                    connection.execute("ROLLBACK")

    @contextmanager
    def explained(self) -> Iterator[None]:
        """SQLite's errors as ours, with a remedy."""
        try:
            yield
        except (seals.Altered, UnicodeDecodeError) as error:  # the latter of what SQLite says of a damaged schema
            raise self._damaged(error) from error
        except sqlite3.OperationalError as error:
            # Text that is no UTF-8 is refused by Python, without a code.
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
            if code in _DAMAGE:
                raise self._damaged(error) from error
            raise LibraryUnwritable(path=self.folder, problem=_plainly(error)) from error
        except sqlite3.DatabaseError as error:  # IntegrityError too: rows that contradict each other
            if isinstance(error, sqlite3.ProgrammingError):
                raise
            raise self._damaged(error) from error

    def _damaged(self, error: Exception) -> LibraryDamaged:
        return LibraryDamaged(
            path=self.folder,
            problem=f"{LIBRARY_FILE} is damaged ({error})",
            remedy="See what holds with: shawahid check. Restore it from a backup, or ingest the"
            " articles into a new library.",
        )

    def close(self) -> None:
        with self._guard:
            for held in list(self._held):
                held.connection.close()
            self._watcher = None
            self._local = threading.local()


_DAMAGE: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)


class _Held:
    """One thread's connection; goes with the thread."""

    def __init__(self, path: Path, read_only: bool) -> None:
        place = f"{path.absolute().as_uri()}?{'mode=ro&immutable=1' if read_only else 'mode=rwc'}"
        self.connection = sqlite3.connect(place, timeout=30.0, isolation_level=None, check_same_thread=False, uri=True)
        self.connection.execute("PRAGMA foreign_keys = ON")
        self.connection.execute("PRAGMA synchronous = FULL")
        self.connection.execute("PRAGMA temp_store = MEMORY")  # what is touched is noted without a file

    def __del__(self) -> None:
        connection: sqlite3.Connection | None = getattr(self, "connection", None)
        if connection is not None:
            connection.close()


def copy_database(path: Path, to: Path) -> None:
    """Copy a SQLite database as it is at one moment, whoever reads or writes it, into one file without a journal.

    Raises LibraryUnwritable where `to` cannot be written, and SQLite's own errors where `path` is damaged.
    """
    source, target = sqlite3.connect(path, timeout=30.0), sqlite3.connect(to)
    try:
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in _DAMAGE:
            raise
        raise LibraryUnwritable(path=to.parent, problem=_plainly(error)) from error
    finally:
        target.close()
        source.close()


def content_hash(path: Path, but: str) -> str:
    """The SHA-256 of all rows of a SQLite database, without the table `but`. Raises ValueError where it is damaged."""
    digest = hashlib.sha256()
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", timeout=30.0, uri=True)) as db:
            names = (
                "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
            )
            for (name,) in db.execute(names).fetchall():
                if name != but:
                    digest.update(name.encode())
                    for row in db.execute(f'SELECT * FROM "{name}"'):
                        digest.update(repr(row).encode())
    except sqlite3.Error as error:
        raise ValueError(f"{path.name} is damaged ({error})") from error
    return digest.hexdigest()


def _plainly(error: sqlite3.Error) -> str:
    code = error.sqlite_errorcode & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return "the disk is full"
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return "there is no permission to write there"
    return str(error)
