"""How long a connection may be held for nothing, and how many there may be.

uvicorn closes a connection that is silent after a request. It does not close one that never sends a request, one that
sends it byte by byte, or one that does not read what it asked for; and it takes any number of them. This does.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_OPEN = 512  # many systems let a process have 1,024 files, and the library needs some
_SENDS_WITHIN = 10.0  # seconds for a request line and its headers
_READS_WITHIN = 20.0  # seconds in which at least this much of what waits to be read must be:
_LEAST_READ = 8 * 2**10  # bytes
_LOOKS_EVERY = 1.0  # seconds


class Connection(H11Protocol):
    """One connection to the server, which is closed where the other side holds it for nothing.

    When there are too many, the one that has waited longest for a request is closed for the new one.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        now = self.loop.time()
        self._idle_since = self._read_since = now
        self._unread = 0
        self._last: object = None
        self._watch = self.loop.call_later(_LOOKS_EVERY, self._look)
        if len(self.connections) > MOST_OPEN:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        self._watch.cancel()
        super().connection_lost(exc)

    def resume_writing(self) -> None:
        self._read_since = self.loop.time()
        super().resume_writing()

    @property
    def waits_for_request(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _make_room(self) -> None:
        others = [one for one in self.connections if isinstance(one, Connection) and one is not self]
        waiting = [one for one in others if one.waits_for_request]
        min(waiting, key=lambda one: one._idle_since, default=self).transport.abort()

    def _look(self) -> None:
        now = self.loop.time()
        if not self.waits_for_request or self.cycle is not self._last:
            self._idle_since, self._last = now, self.cycle
        unread = self.transport.get_write_buffer_size()
        if unread == 0 or unread <= self._unread - _LEAST_READ:
            self._read_since, self._unread = now, unread
        self._unread = max(self._unread, unread)
        if now - self._read_since > _READS_WITHIN or now - self._idle_since > _SENDS_WITHIN:
            self.transport.abort()
        else:
            self._watch = self.loop.call_later(_LOOKS_EVERY, self._look)


SERVED_BY: dict[str, Any] = {
    "http": Connection,
    "ws": "none",  # nothing of ours speaks by websockets
    "log_config": None,
    "access_log": False,
    "timeout_graceful_shutdown": 5,  # seconds, in which what is under way may end
}
"""What uvicorn is given, beside the app and its address."""
