"""What adds to an answer and doesn't make it may fail: the answer goes on without it."""

import logging
from collections.abc import Callable
from typing import TypeVar

from shawahid.ingest.errors import ShawahidError

_T = TypeVar("_T")
_log = logging.getLogger("shawahid.answer")


def attempt(what: str, work: Callable[[], _T], otherwise: _T) -> _T:
    """What `work` gives, or `otherwise` where it crashes; the log tells `what` is missing, with the traceback.

    For readings of a text: who speaks, when, what two texts dispute. An article may be worded in a way that nobody
    thought of, so any exception is passed over, except for our own: a damaged library is never passed over.
    """
    try:
        return work()
    except ShawahidError:
        raise
    except Exception:
        _log.exception("an answer goes without %s", what)
        return otherwise
