"""What stands before everything that is served: origins, closed routes, headers, connections, and odd requests."""

import os
import random
import re
import shutil
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import gradio_client
import httpx
import pytest

from shawahid.assistant.settings import Settings
from shawahid.ingest.errors import LibraryDamaged
from shawahid.ui.gate import connections
from shawahid.ui.gate.gradio_routes import NeededOnly, is_needed
from shawahid.ui.gate.problems import problem_of
from shawahid.ui.gate.users import add_token

from ..conftest import Run
from ..doubles.http_serving import Served, serving
from ..doubles.waiting import eventually

FERRY = "How many passengers can the ferry carry?"
Table = list[tuple[str, str]]


@pytest.fixture(scope="module")
def served(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    library = shutil.copytree(demo_folder, tmp_path_factory.mktemp("door") / "library")
    with serving(Settings(library)) as open_server:
        yield open_server


@pytest.fixture(scope="module")
def signed(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with sign-in, and a client that has signed in."""
    folder = tmp_path_factory.mktemp("signed")
    library = shutil.copytree(demo_folder, folder / "library")
    token = add_token(folder / "users", "reader", "curate")
    with serving(Settings(library, users=folder / "users", rate=10_000)) as guarded:
        guarded.http.headers["authorization"] = f"Bearer {token}"
        yield guarded


def gradio_of(served: Served) -> Any:
    """Gradio's own app, behind what lets through to it."""
    routes = served.app.state.page.routes
    (gradio,) = (one.app.gradio for one in routes if isinstance(getattr(one, "app", None), NeededOnly))
    return gradio


def table(routes: Sequence[Any]) -> Table:
    """Method and path of each route, something in the place of each name in it."""
    found: set[tuple[str, str]] = set()
    for route in routes:
        if hasattr(route, "original_router"):
            found.update(table(route.original_router.routes))
        elif isinstance(getattr(route, "app", None), NeededOnly):
            continue
        elif methods := getattr(route, "methods", None):
            found.update((method, re.sub(r"\{[^}]+\}", "1", route.path)) for method in methods)
        else:  # a folder of files
            found.add(("GET", f"{route.path}/1"))
    return sorted(found)


def everything(served: Served) -> Table:
    every = (served.app, served.app.state.page, gradio_of(served))
    return sorted({pair for app in every for pair in table(app.routes)})


def test_what_another_site_sends_is_refused_on_every_route(served: Served, signed: Served) -> None:
    elsewhere: tuple[dict[str, str], ...] = (
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:3000", "sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
    )
    for server in (served, signed):
        every = everything(server)
        assert len(every) >= 100
        assert {("POST", "/gradio_api/upload"), ("POST", "/gradio_api/call/1"), ("POST", "/api/ask")} <= set(every)
        for headers in elsewhere:
            answers = {pair: server.http.request(*pair, headers=headers).status_code for pair in every}
            assert {pair: status for pair, status in answers.items() if status != 403} == {}


def test_a_link_that_is_followed_opens_the_page_but_nothing_is_sent_by_it(served: Served) -> None:
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert served.http.get("/", headers=link).status_code == 200
    assert served.http.post("/questions", headers=link, json={"question": FERRY}).status_code == 403
    framed = {**link, "sec-fetch-dest": "iframe"}
    assert served.http.get("/", headers=framed).status_code == 403


def test_of_gradios_routes_only_those_are_open_that_are_needed(served: Served) -> None:
    """A route that a later version of Gradio brings is closed."""
    every = table(gradio_of(served).routes)
    closed = [pair for pair in every if not is_needed(*pair)]
    assert len(closed) > 50
    ours = set(table([*served.app.routes, *served.app.state.page.routes]))
    for method, path in set(closed) - ours:
        assert served.http.request(method, path).status_code in (404, 405), (method, path)
    files = {"files": ("x.txt", b"x" * 1000)}
    assert served.http.post("/gradio_api/upload", files=files).status_code == 404
    for path in ("/gradio_api/file=/etc/passwd", "/gradio_api/proxy=http://127.0.0.1/", "/gradio_api/call/ask/1"):
        assert served.http.get(path).status_code == 404
    opened = [pair for pair in every if is_needed(*pair)]
    assert len(opened) == 12, opened  # each is there: a new name of Gradio's for one of them is noticed


def test_gradios_client_goes_on(served: Served) -> None:
    client = gradio_client.Client(served.address, verbose=False, analytics_enabled=False)
    assert client.predict(FERRY, api_name="/ask")["status"] == "answered"
    assert [*client.submit(FERRY, api_name="/ask_stream")][-1]["event"] == "answer"


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/", "no-store"),
        ("/api/status", "no-store"),
        ("/api/articles/1", "no-store"),
        ("/conversations", "no-store"),
        ("/library", "no-store"),
        ("/config", "no-store"),
        ("/no/such/thing", "no-store"),
        ("/api/articles/999", "no-store"),
        ("/page/page.js", "no-cache"),
        ("/theme.css", "no-cache"),
    ],
)
def test_every_response_tells_a_browser_what_it_may_do(served: Served, path: str, kept: str) -> None:
    headers = served.http.get(path).headers
    assert headers["cache-control"] == kept
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    assert "'unsafe-inline'" not in policy.get("script-src", "")
    assert "'unsafe-eval'" not in policy.get("script-src", "") or path == "/"


def test_the_page_is_the_same_whatever_is_asked_of_gradio_with_it(served: Served) -> None:
    with httpx.Client(base_url=served.address, timeout=60) as client:
        page = client.get("/")
        assert page.status_code == 200
        for path in ("/", "/?lang=ar", "/?deep_link=x&page=y"):
            assert client.get(path).text == page.text
        assert client.get("/", headers={"Host": "localhost:1"}).text != page.text  # its addresses are others


def test_a_script_put_into_the_page_is_not_run(served: Served) -> None:
    script = served.http.get("/").headers["content-security-policy"].split("script-src ")[1].split(";")[0]
    assert script.count("'sha256-") == 5
    assert "http" not in script


def raw(served: Served, request: bytes) -> int:
    """The status that bytes are answered with; 0 where the connection was closed instead."""
    with socket.create_connection(("127.0.0.1", int(served.address.rsplit(":", 1)[1])), timeout=30) as connection:
        connection.sendall(request)
        told = connection.recv(64)
    return int(told.split(b" ", 2)[1]) if told.startswith(b"HTTP/1.1 ") else 0


ODD_PATHS = [
    "/%0A",
    "/%00",
    "/%ed%a0%80",
    "/%ff",
    "/x%0d%0aSet-Cookie:a",
    "//",
    "/..%2f",
    "/" + "a" * 3000,
    "/%C2%85",
    "/;",
]
ODD_TEXTS = [
    "\\ud800",
    "\\u0000",
    "\\udfff\\ud800",
    "a" * 3000,
    "\\u202e",
    "",
    " ",
    "' OR 1=1",
    "\ufeff",
    "\\u2028",
    "-1",
    "1e400",
]
ODD_VALUES = [
    "NaN",
    "Infinity",
    "-Infinity",
    "1e999",
    "1" + "0" * 500,
    "-9223372036854775809",
    "null",
    "[]",
    "{}",
    "true",
    "0.5",
    "[[[[]]]]",
    "[" * 2000,
    '"\\ud800"',
    '{"a": NaN}',
]
FIELDS = [
    "question",
    "history",
    "outlets",
    "articles",
    "since",
    "until",
    "strictness",
    "quote",
    "article",
    "start",
    "end",
    "sha256",
    "model",
    "messages",
    "stream",
    "conversation",
    "title",
    "thumb",
    "reason",
    "data",
    "fn_index",
    "session_hash",
    "event_data",
    "date",
    "jsonrpc",
    "method",
    "params",
    "id",
]


def odd_request(chance: random.Random, pairs: Table) -> bytes:
    method, path = chance.choice(pairs)
    if chance.random() < 0.5:
        odd = chance.choice([*ODD_PATHS, "/" + "9" * 5000, "/-1", "/9223372036854775808", "/1.5", "/NaN"])
        path = odd if chance.random() < 0.2 else path.replace("/1", odd)
    if chance.random() < 0.5:
        names = [
            "search",
            "limit",
            "offset",
            "sort",
            "start",
            "end",
            "page",
            "query",
            "since",
            "lang",
            "outlets",
            "current",
        ]
        texts = [
            *(one.replace("\\u", "%u") for one in ODD_TEXTS),
            "%00",
            "%ed%a0%80",
            "%ff",
            "9" * 5000,
            "-9223372036854775809",
            "NaN",
        ]
        path += "?" + "&".join(f"{chance.choice(names)}={quote(chance.choice(texts), safe='%')}" for _ in range(3))
    body = chance.choice(["", "{", "\x00", "null", "[]", chance.choice(ODD_VALUES)])
    if chance.random() < 0.7:
        values = [chance.choice(ODD_VALUES), f'"{chance.choice(ODD_TEXTS)}"', '"220 passengers"', "1"]
        fields = [*chance.sample(FIELDS, 6), "question"]
        body = "{" + ", ".join(f'"{name}": {chance.choice(values)}' for name in fields) + "}"
    kind = chance.choice(
        ["application/json", "application/json", "text/plain", "multipart/form-data; boundary=x", "x/\xff"]
    )
    sent = body.encode("utf-8", "surrogatepass") + chance.choice([b"", b"", b"\xff"])
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\nContent-Type: {kind}\r\n"
    head += f"Content-Length: {len(sent)}\r\nConnection: close\r\n"
    if chance.random() < 0.2:
        name = chance.choice(
            ["Cookie", "Authorization", "Range", "Accept-Language", "Mcp-Session-Id", "X-Forwarded-Host"]
        )
        value = chance.choice(["a=\xff", "Bearer \xe9", "bytes=9-1", "shawahid_owner=;", "=", "x" * 3000])
        head += f"{name}: {value}\r\n"
    return head.encode("latin-1", "replace") + b"\r\n" + sent


def test_no_request_however_odd_is_an_internal_error(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    """For longer: SHAWAHID_ODD_REQUESTS=20000."""
    chance = random.Random(17)
    waits = {"/gradio_api/queue/data", "/gradio_api/heartbeat/1"}  # streams without an end
    pairs = [(method, path) for method, path in everything(served) if path not in waits]
    broken: dict[bytes, int] = {}
    for _ in range(int(os.environ.get("SHAWAHID_ODD_REQUESTS", "300"))):
        request = odd_request(chance, pairs)
        if (status := raw(served, request)) == 500:
            broken[request[:300]] = status
    for path in ODD_PATHS:
        if raw(served, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()) == 500:
            broken[path.encode()] = 500
    places = {getattr(one.exc_info[1], "args", None): one.exc_info[0] for one in caplog.records if one.exc_info}
    assert not broken, (places, list(broken)[:5])


def test_an_error_tells_no_path_of_the_machine() -> None:
    error = LibraryDamaged(path="/srv/someone/my library", problem="cannot open '/srv/a b/x.db' or /tmp/y/z", remedy="")
    told = problem_of(error)[1]
    assert told.message == "The library at my library cannot be read: cannot open 'x.db' or z. "
    assert "/" not in str(told.details)


def test_a_public_address_without_users_is_refused_unless_it_is_meant(shawahid: Run, demo_folder: Path) -> None:
    ran = shawahid("--library", str(demo_folder), "--public-url", "https://news.example.org/", "serve", check=1)
    assert "--users" in ran.stderr
    assert "--open-to-all" in ran.stderr


def opened(served: Served, sent: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", int(served.address.rsplit(":", 1)[1])), timeout=30)
    connection.sendall(sent)
    return connection


@pytest.mark.parametrize("sent", [b"", b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A"])
def test_a_connection_that_sends_no_request_is_closed(
    served: Served, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(connections, "_SENDS_WITHIN", 1.0)
    with opened(served, sent) as connection, suppress(ConnectionResetError):
        assert connection.recv(10) == b""


def test_a_connection_that_does_not_read_is_closed(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_READS_WITHIN", 1.0)
    asked = b"GET /config HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 1000
    with opened(served, asked) as connection:
        connection.setblocking(False)

        def is_closed() -> bool:
            try:
                connection.send(b"x")
            except BlockingIOError:
                return False
            except OSError:
                return True
            return False

        eventually(is_closed, "it was kept open")


def test_the_connections_that_wait_longest_make_room(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_OPEN", 20)
    with ExitStack() as open_ones:
        for _ in range(60):
            open_ones.enter_context(opened(served, b""))
        assert httpx.get(f"{served.address}/health").status_code == 200
        asked = httpx.post(f"{served.address}/api/ask", json={"question": FERRY}, timeout=60)
        assert asked.json()["status"] == "answered"
