"""What a request would do, by its method and its path: the guard asks here, and tests hold it against the routes."""

import re

_CHANGES = (
    ("POST", r"/api/ingest"),
    ("PATCH|DELETE", r"/api/articles/[^/]+"),
    ("PUT|DELETE", r"/articles/[^/]+"),
    ("POST", r"/uploads(?:/demo)?"),
)
# Each has an answer made, articles searched or files read, or begins it.
_WORK = (
    ("POST", r"/api/(?:ask|ingest|quotes/verify)"),
    ("GET", r"/api/search"),
    ("POST", r"/v1/chat/completions"),
    ("POST", r"/mcp"),
    ("POST", r"/questions"),
    ("POST", r"/uploads(?:/demo)?"),
    ("POST", r"/gradio_api/(?:call|run|api|queue/join).*"),
)
# What anyone may ask: nothing of the library is told but whether it can be read, and how many articles it has.
_OPEN = frozenset({"/health", "/ready", "/sign-in", "/favicon.ico"})
_OPEN_FILES = ("/page/", "/fonts/")  # the page's own scripts, styles and typefaces, the same everywhere


def changes_library(method: str, path: str) -> bool:
    """Whether a request would change the library.

    >>> changes_library("DELETE", "/api/articles/3"), changes_library("GET", "/api/articles/3")
    (True, False)
    """
    return _is_among(_CHANGES, method, path)


def makes_work(method: str, path: str) -> bool:
    """Whether a request counts against how many its sender may make in a minute.

    >>> makes_work("POST", "/api/ask"), makes_work("GET", "/api/articles")
    (True, False)
    """
    return _is_among(_WORK, method, path)


def is_open(path: str) -> bool:
    """Whether anyone may ask for a path, signed in or not.

    >>> is_open("/health"), is_open("/api/status")
    (True, False)
    """
    return path in _OPEN or path.startswith(_OPEN_FILES)


def _is_among(requests: tuple[tuple[str, str], ...], method: str, path: str) -> bool:
    return any(re.fullmatch(methods, method) and re.fullmatch(f"{pattern}/?", path) for methods, pattern in requests)
