"""Who may use a server: a small file with a line for each user's password and each program's token, as hashes.

    layla:curate:$2b$12$…        a password, by bcrypt: for people, in a browser
    archive-bot:ask:sha256:…     a token, by SHA-256: for programs, as a bearer; it is random, so a quick hash will do

A role `ask` may read and ask; `curate` may also take articles in, mend and remove them.
"""

import hashlib
import re
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from shawahid.ingest.errors import InputError

Role = Literal["ask", "curate"]
ROLES: tuple[Role, ...] = get_args(Role)
SHORTEST_PASSWORD = 10  # characters
LONGEST_PASSWORD = 72  # bytes; bcrypt reads no more
_NAME = re.compile(r"[\w.@-]{1,64}")
_BCRYPT = re.compile(r"\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}")
_TOKEN_HASH = re.compile(r"sha256:[0-9a-f]{64}")


class UsersUnreadable(InputError):
    code = "users_unreadable"
    template = "The users file {path} cannot be read: {problem}. It is made by: shawahid user add NAME --users {path}"


class UsersUnwritable(InputError):
    code = "users_unwritable"
    template = "The users file {path} cannot be written: {problem}."


class UserInvalid(InputError):
    code = "user_invalid"
    template = (
        "{name!r} cannot be a new user's name: that may have up to 64 letters, digits and the signs . _ @ -, "
        "and must not be there yet."
    )


class UserUnknown(InputError):
    code = "user_unknown"
    template = "There is no user {name!r} in {path}."


class PasswordInvalid(InputError):
    code = "password_invalid"
    template = "A password must have at least {shortest} characters and at most {longest} bytes of UTF-8."


class PasswordsDiffer(InputError):
    code = "passwords_differ"
    template = "The two passwords differ, so nobody was added. Try again."


@dataclass(frozen=True, slots=True)
class User:
    """Someone who may use the server. `credential` is the hash of a password or a token, as it stands in the file."""

    name: str
    role: Role
    credential: str

    @property
    def is_program(self) -> bool:
        """Whether it signs in by a token."""
        return self.credential.startswith("sha256:")

    @property
    def curates(self) -> bool:
        return self.role == "curate"


class Users:
    """The users of a file, read again when it changes; for any number of threads."""

    def __init__(self, path: Path) -> None:
        """Raises UsersUnreadable."""
        self.path = path
        self._guard = threading.Lock()
        self._stamp: tuple[int, int, int] | None = None
        self._users: tuple[User, ...] = ()
        self.all()

    def all(self) -> tuple[User, ...]:
        """Everyone, as the file has it now. Raises UsersUnreadable."""
        with self._guard:
            try:
                stat = self.path.stat()
                stamp = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
                if stamp != self._stamp:
                    self._users = tuple(_read(self.path))
                    self._stamp = stamp
            except (OSError, UnicodeDecodeError) as error:
                raise _unreadable(self.path, error) from error
            return self._users

    def named(self, name: str) -> User | None:
        return next((user for user in self.all() if user.name == name), None)

    def with_password(self, name: str, password: str) -> User | None:
        """Who this is; None where name or password is wrong. It takes as long for a name that there is not."""
        import bcrypt

        user = self.named(name)
        known = user is not None and not user.is_program
        credential = user.credential if user is not None and known else _nobody()
        given = password.encode("utf-8", "replace")
        fits = len(given) <= LONGEST_PASSWORD
        right = bcrypt.checkpw(given[:LONGEST_PASSWORD], credential.encode())
        return user if known and fits and right else None

    def with_token(self, token: str) -> User | None:
        """Who has this token."""
        credential = _hashed(token)
        return next((user for user in self.all() if secrets.compare_digest(user.credential, credential)), None)


def add_user(path: Path, name: str, role: Role, password: str) -> None:
    """Add someone with a password; the file is made where there is none.

    Raises UserInvalid, PasswordInvalid, UsersUnreadable or UsersUnwritable.
    """
    import bcrypt

    if len(password) < SHORTEST_PASSWORD or len(password.encode("utf-8", "replace")) > LONGEST_PASSWORD:
        raise PasswordInvalid(shortest=SHORTEST_PASSWORD, longest=LONGEST_PASSWORD)
    _add(path, User(name, role, bcrypt.hashpw(password.encode(), bcrypt.gensalt()).decode()))


def add_token(path: Path, name: str, role: Role) -> str:
    """Add a program; returns its token, which is nowhere else and cannot be told again. Raises as add_user."""
    token = secrets.token_urlsafe(32)
    _add(path, User(name, role, _hashed(token)))
    return token


def remove_user(path: Path, name: str) -> None:
    """Take someone out. Raises UserUnknown, UsersUnreadable or UsersUnwritable."""
    if Users(path).named(name) is None:
        raise UserUnknown(name=name, path=path)
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.partition(":")[0].strip() != name]
    _write(path, lines)


def _add(path: Path, user: User) -> None:
    there = Users(path).all() if path.exists() else ()
    if not _NAME.fullmatch(user.name) or any(other.name == user.name for other in there):
        raise UserInvalid(name=user.name)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    _write(path, [*lines, f"{user.name}:{user.role}:{user.credential}"])


def _write(path: Path, lines: Sequence[str]) -> None:
    """All at once, readable by its owner alone."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        beside.touch(mode=0o600, exist_ok=False)
        beside.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise UsersUnwritable(path=path, problem=error.strerror or error) from error


def _read(path: Path) -> list[User]:
    users: list[User] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        user = _parsed(line)
        if user is None or any(other.name == user.name for other in users):
            problem = f"line {number} is not NAME:ROLE:HASH, or its name is there twice"
            raise UsersUnreadable(path=path, problem=problem)
        users.append(user)
    return users


def _parsed(line: str) -> User | None:
    name, _, rest = line.strip().partition(":")
    written, _, credential = rest.partition(":")
    role = next((role for role in ROLES if role == written), None)
    hashed = _BCRYPT.fullmatch(credential) or _TOKEN_HASH.fullmatch(credential)
    return User(name, role, credential) if role and hashed and _NAME.fullmatch(name) else None


def _unreadable(path: Path, error: OSError | UnicodeDecodeError) -> UsersUnreadable:
    problem = (error.strerror or str(error)) if isinstance(error, OSError) else "it is not UTF-8"
    return UsersUnreadable(path=path, problem=problem)


def _hashed(token: str) -> str:
    return f"sha256:{hashlib.sha256(token.encode('utf-8', 'replace')).hexdigest()}"


def _nobody() -> str:
    """The hash of no password that anyone has, as slow to check as any."""
    return "$2b$12$" + "." * 22 + "x" * 31
