"""Who a browser has signed in as: a cookie that the server has signed, so that nothing need be kept of it.

The signature is over the user's stored hash too: a new password, another role's line or a removed user ends all of
that user's sessions. The key lies beside the library, so that every process that serves it knows a session, and a
restart ends none.
"""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
import time
from pathlib import Path

from .users import User, Users

COOKIE = "shawahid_session"
LASTS_SECONDS = 30 * 24 * 3600
_KEY_FILE = "sessions.key"


class Sessions:
    """Makes and reads the cookies."""

    def __init__(self, users: Users, folder: Path) -> None:
        self._users = users
        self._key = _key(folder / _KEY_FILE)

    def begin(self, user: User) -> str:
        """A cookie for someone who has just signed in."""
        until = int(time.time()) + LASTS_SECONDS
        name = base64.urlsafe_b64encode(user.name.encode()).decode()
        return f"{name}.{until}.{self._signature(user, until)}"

    def user(self, cookie: str) -> User | None:
        """Whose session it is; None where it is none of ours, or over."""
        name, _, rest = cookie.partition(".")
        until, _, signature = rest.partition(".")
        try:
            user, end = self._users.named(base64.urlsafe_b64decode(name).decode()), int(until)
        except (binascii.Error, ValueError):
            return None
        if user is None or user.is_program or end < time.time():
            return None
        return user if hmac.compare_digest(signature.encode(), self._signature(user, end).encode()) else None

    def _signature(self, user: User, until: int) -> str:
        signed = "\n".join((user.name, user.role, user.credential, str(until)))
        return hmac.new(self._key, signed.encode(), hashlib.sha256).hexdigest()


def _key(path: Path) -> bytes:
    """The key in a file that its owner alone reads; where two processes make one, the first one's holds."""
    if not path.exists():
        beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(32))
        try:
            os.link(beside, path)
        except FileExistsError:
            pass
        finally:
            beside.unlink()
    return path.read_bytes()
