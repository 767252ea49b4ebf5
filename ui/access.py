"""Which requests change the library: whoever guards the server asks here; tests hold it against the routes."""

import re

_CHANGES = (
    ("POST", r"/api/ingest"),
    ("PATCH|DELETE", r"/api/articles/[^/]+"),
    ("PUT|DELETE", r"/articles/[^/]+"),
    ("POST", r"/uploads(?:/demo)?"),
)
OPEN = frozenset({"/health", "/ready"})
"""What anyone may ask: nothing of the library is told but whether it can be read, and how many articles it has."""


def changes_library(method: str, path: str) -> bool:
    """Whether a request would change the library.

    >>> changes_library("DELETE", "/api/articles/3"), changes_library("GET", "/api/articles/3")
    (True, False)
    """
    return any(re.fullmatch(methods, method) and re.fullmatch(f"{pattern}/?", path) for methods, pattern in _CHANGES)
