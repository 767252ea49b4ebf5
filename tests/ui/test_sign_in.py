"""Who may do what at a server: the users file, signing in by token and by browser, roles, rates, and slow senders."""

import asyncio
import http.client
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio_client
import httpx
import httpx2
import mcp
import openai
import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from mcp.client.streamable_http import streamable_http_client
from playwright.sync_api import Browser, Page, expect

from shawahid.assistant.settings import Settings
from shawahid.prompts import say
from shawahid.ui.gate import limits
from shawahid.ui.gate.access import changes_library
from shawahid.ui.gate.guard import Rate
from shawahid.ui.gate.sessions import COOKIE, Sessions
from shawahid.ui.gate.users import (
    PasswordInvalid,
    UserInvalid,
    Users,
    UsersUnreadable,
    UserUnknown,
    add_token,
    add_user,
    remove_user,
)

from ..conftest import REPOSITORY, Run
from ..doubles.browser import ask, dossier_of, is_ready, needs_browser, person
from ..doubles.http_serving import Served, serving

PASSWORD = "كلمة سر طويلة"
OTHER_PASSWORD = "quite another one"
FERRY = "How many passengers can the ferry carry?"


@dataclass(frozen=True)
class Guarded:
    """A server that demands sign-in, and what its users sign in by."""

    served: Served
    users: Path
    reader: str
    curator: str

    def status(self, method: str, path: str, token: str | None = None, **more: str) -> int:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return httpx.request(
            method, f"{self.served.address}{path}", headers={**headers, **more}, timeout=30
        ).status_code


@pytest.fixture(scope="module")
def guarded(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    folder = tmp_path_factory.mktemp("guarded")
    library, users = shutil.copytree(demo_folder, folder / "library"), folder / "users"
    for name in ("layla", "samir"):
        add_user(users, name, "ask", PASSWORD)
    add_user(users, "huda", "curate", OTHER_PASSWORD)
    reader, curator = add_token(users, "reader", "ask"), add_token(users, "curator", "curate")
    with serving(Settings(library, users=users, rate=10_000)) as served:
        yield Guarded(served, users, reader, curator)


def routes(app: FastAPI) -> list[tuple[str, str]]:
    """Every route of the interface, a number in the place of each name in it."""
    return [
        (method.upper(), re.sub(r"\{[^}]+\}", "1", path))
        for path, methods in app.openapi()["paths"].items()
        for method in methods
    ]


# What is served besides the interface: the page, its routes, Gradio's, MCP, files.
BESIDES = [
    ("GET", "/"),
    ("GET", "/first"),
    ("GET", "/suggestions"),
    ("GET", "/outlets"),
    ("GET", "/holdings"),
    ("GET", "/library"),
    ("GET", "/articles/1"),
    ("PUT", "/articles/1"),
    ("DELETE", "/articles/1"),
    ("GET", "/articles/1/"),
    ("POST", "/questions"),
    ("GET", "/conversations"),
    ("GET", "/conversations/1/1/evidence/1"),
    ("GET", "/dossiers/1/1.json"),
    ("POST", "/uploads"),
    ("POST", "/uploads/demo"),
    ("GET", "/uploads/1"),
    ("POST", "/sign-out"),
    ("GET", "/config"),
    ("GET", "/gradio_api/info"),
    ("POST", "/gradio_api/upload"),
    ("GET", "/gradio_api/file=/etc/passwd"),
    ("POST", "/gradio_api/call/ask"),
    ("POST", "/gradio_api/queue/join"),
    ("GET", "/api/openapi.json"),
    ("POST", "/mcp"),
    ("GET", "/mcp"),
    ("DELETE", "/mcp"),
    ("GET", "/no/such/thing"),
    ("GET", "//library"),
]


def test_without_signing_in_everything_refuses(guarded: Guarded) -> None:
    interface = routes(guarded.served.app)
    assert len(interface) >= 15
    for token in (None, "no-such-token"):
        table = {(method, path): guarded.status(method, path, token) for method, path in [*interface, *BESIDES]}
        assert {pair: status for pair, status in table.items() if status != 401} == {
            ("GET", "/health"): 200,
            ("GET", "/ready"): 200,
        }


def test_a_reader_changes_nothing_and_a_curator_may(guarded: Guarded) -> None:
    table = [*routes(guarded.served.app), *BESIDES]
    reader = {(method, path): guarded.status(method, path, guarded.reader) for method, path in table}
    assert guarded.served.library.status().articles == 14
    curator = {(method, path): guarded.status(method, path, guarded.curator) for method, path in table}
    changing = [pair for pair in reader if changes_library(*pair)]
    assert len(changing) == 7
    assert {reader[pair] for pair in changing} == {403}
    assert not {curator[pair] for pair in changing} & {401, 403}
    assert curator["DELETE", "/api/articles/1"] == 204
    assert 401 not in reader.values()


@pytest.mark.parametrize(
    "path",
    ["/page/../library", "/page/%2e%2e/library", "/page/..%2flibrary", "/fonts/..//library"],
)
def test_no_path_leads_round_the_guard(guarded: Guarded, path: str) -> None:
    connection = http.client.HTTPConnection(guarded.served.address.removeprefix("http://"), timeout=20)
    connection.request("GET", path)  # which is sent as it is
    answer = connection.getresponse()
    assert answer.status in (401, 404)
    assert b"ferry" not in answer.read()
    connection.close()


def test_a_websocket_is_refused(guarded: Guarded) -> None:
    upgrade = {"connection": "upgrade", "upgrade": "websocket", "sec-websocket-version": "13"}
    key = {"sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ=="}
    assert guarded.status("GET", "/api/status", None, **upgrade, **key) in (401, 403)


def test_a_program_is_told_how_to_sign_in(guarded: Guarded) -> None:
    refused = httpx.get(f"{guarded.served.address}/api/status")
    assert refused.headers["www-authenticate"] == "Bearer"
    assert refused.json()["error"] == "sign_in_first"
    openai = httpx.post(f"{guarded.served.address}/v1/chat/completions", json={})
    assert openai.json()["error"]["code"] == "sign_in_first"
    role = httpx.delete(
        f"{guarded.served.address}/api/articles/1", headers={"authorization": f"Bearer {guarded.reader}"}
    )
    assert role.json()["error"] == "role_missing"
    assert guarded.served.app.openapi()["paths"]["/api/ask"]["post"]["security"] == [{"HTTPBearer": []}]
    assert "security" not in guarded.served.app.openapi()["paths"]["/health"]["get"]


def test_the_official_clients_sign_in_by_a_token(guarded: Guarded) -> None:
    address, signed = guarded.served.address, {"authorization": f"Bearer {guarded.reader}"}
    with openai.OpenAI(base_url=f"{address}/v1", api_key=guarded.reader, max_retries=0) as client:
        asked = client.chat.completions.create(model="shawahid", messages=[{"role": "user", "content": FERRY}])
        assert "220" in (asked.choices[0].message.content or "")
    stranger = openai.OpenAI(base_url=f"{address}/v1", api_key="no-such-token", max_retries=0)
    with stranger, pytest.raises(openai.AuthenticationError):
        stranger.models.list()
    gradio = gradio_client.Client(address, headers=signed, verbose=False, analytics_enabled=False)
    assert gradio.predict(FERRY, api_name="/ask")["status"] == "answered"

    async def asked_by_an_agent() -> dict[str, Any]:
        async with httpx2.AsyncClient(headers=signed, timeout=60) as http:
            transport = streamable_http_client(f"{address}/mcp", http_client=http)
            async with mcp.Client(transport) as client:
                told: dict[str, Any] = (await client.call_tool("ask", {"question": FERRY})).structured_content or {}
                return told

    assert asyncio.run(asked_by_an_agent())["status"] == "answered"


def test_a_password_is_no_token_and_a_token_no_password(guarded: Guarded) -> None:
    users = Users(guarded.users)
    assert users.with_password("reader", guarded.reader) is None
    assert users.with_token(PASSWORD) is None
    layla = users.with_password("layla", PASSWORD)
    assert layla is not None
    assert (layla.name, layla.role) == ("layla", "ask")
    assert users.with_password("layla", PASSWORD + " ") is None
    assert users.with_password("nobody", PASSWORD) is None
    assert users.with_password("layla", PASSWORD * 20) is None
    assert PASSWORD not in guarded.users.read_text(encoding="utf-8")
    assert guarded.reader not in guarded.users.read_text(encoding="utf-8")
    assert guarded.users.stat().st_mode & 0o077 == 0


def test_a_session_ends_with_its_password_its_user_and_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "users"
    add_user(path, "layla", "ask", PASSWORD)
    users = Users(path)
    sessions = Sessions(users, tmp_path)
    layla = users.named("layla")
    assert layla is not None
    cookie = sessions.begin(layla)
    assert sessions.user(cookie) == layla
    assert Sessions(users, tmp_path).user(cookie) == layla  # another process, or the same after a restart
    assert (tmp_path / "sessions.key").stat().st_mode & 0o077 == 0
    name, until, signature = cookie.split(".")
    for forged in (
        "",
        "..",
        f"{name}.{until}.{'0' * 64}",
        f"{name}.{int(until) + 1}.{signature}",
        f"{name}.{until}.é",
        f"%%.{until}.{signature}",
        f"{name}.soon.{signature}",
        f"{name}.{until}",
    ):
        assert sessions.user(forged) is None, forged
    (tmp_path / "elsewhere").mkdir()
    assert Sessions(users, tmp_path / "elsewhere").user(cookie) is None

    later = time.time() + 31 * 24 * 3600
    with monkeypatch.context() as clock:
        clock.setattr(time, "time", lambda: later)
        assert sessions.user(cookie) is None
    remove_user(path, "layla")
    assert sessions.user(cookie) is None
    add_user(path, "layla", "ask", PASSWORD)
    assert sessions.user(cookie) is None


def test_bad_names_passwords_and_files_are_told(tmp_path: Path) -> None:
    path = tmp_path / "users"
    add_user(path, "ليلى", "ask", PASSWORD)
    for name in ("ليلى", "", "a:b", "a b", "x" * 65):
        with pytest.raises(UserInvalid):
            add_token(path, name, "ask")
    for password in ("short", "x" * 73, "س" * 37):
        with pytest.raises(PasswordInvalid):
            add_user(path, "huda", "ask", password)
    with pytest.raises(UserUnknown):
        remove_user(path, "huda")
    good = path.read_text(encoding="utf-8")
    users = Users(path)
    for bad in ("huda:ask", "huda:owner:sha256:" + "0" * 64, "huda:ask:plain", good.strip()):
        path.write_text(f"# the newsroom\n\n{good}{bad}\n", encoding="utf-8")
        with pytest.raises(UsersUnreadable, match="line 4"):
            users.all()
    path.write_text(f"# the newsroom\n\n{good}", encoding="utf-8")
    assert [user.name for user in users.all()] == ["ليلى"]
    path.unlink()
    with pytest.raises(UsersUnreadable):
        users.all()


def test_the_command_keeps_the_users_file(tmp_path: Path, shawahid: Run) -> None:
    path = str(tmp_path / "users")
    added = shawahid("user", "add", "layla", "--role", "curate", "--users", path, stdin=f"{PASSWORD}\n")
    assert added.stdout == f"added layla (curate) to {path}\n"
    token = shawahid("user", "token", "bot", "--users", path).stdout.strip()
    assert shawahid("user", "--users", path).stdout == "layla\tcurate\tpassword\nbot\task\ttoken\n"
    users = Users(Path(path))
    assert users.with_password("layla", PASSWORD) is not None
    assert users.with_token(token) is not None
    shawahid("user", "remove", "bot", "--users", path)
    assert users.with_token(token) is None
    assert "--users" in shawahid("user", check=1).stderr


def test_a_user_who_asks_too_often_is_told_when_to_ask_again(demo_folder: Path, tmp_path: Path) -> None:
    library, users = shutil.copytree(demo_folder, tmp_path / "library"), tmp_path / "users"
    tokens = [add_token(users, name, "ask") for name in ("one", "two")]
    with serving(Settings(library, users=users, rate=3)) as served:

        def searched(token: str) -> httpx.Response:
            return served.http.get(
                "/api/search", params={"query": "ferry"}, headers={"authorization": f"Bearer {token}"}
            )

        assert [searched(tokens[0]).status_code for _ in range(4)] == [200, 200, 200, 429]
        refused = searched(tokens[0])
        assert (refused.json()["error"], 0 < int(refused.headers["retry-after"]) <= 61) == ("too_often", True)
        assert searched(tokens[1]).status_code == 200
        read = served.http.get("/api/articles", headers={"authorization": f"Bearer {tokens[0]}"})
        assert read.status_code == 200


def test_a_rate_lets_go_as_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    rate = Rate(2)
    assert [rate.spend("a"), rate.spend("a"), rate.spend("a"), rate.spend("b")] == [0.0, 0.0, 60.0, 0.0]
    now = 59.0
    assert rate.spend("a") == 1.0
    now = 60.0
    assert rate.spend("a") == 0.0


def test_who_guesses_passwords_has_to_wait(demo_folder: Path, tmp_path: Path) -> None:
    library, users = shutil.copytree(demo_folder, tmp_path / "library"), tmp_path / "users"
    add_user(users, "layla", "ask", PASSWORD)
    with serving(Settings(library, users=users)) as served:
        wrong = [served.http.post("/sign-in", data={"name": "layla", "password": "guess"}) for _ in range(11)]
        assert [one.status_code for one in wrong] == [401] * 10 + [429]
        right = served.http.post("/sign-in", data={"name": "layla", "password": PASSWORD})
        assert right.status_code == 429
        assert int(right.headers["retry-after"]) > 200
        elsewhere = {"sec-fetch-site": "cross-site"}
        assert served.http.post("/sign-in", data={"name": "layla"}, headers=elsewhere).status_code == 403


def test_who_sends_too_slowly_is_cut_off(guarded: Guarded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_COMES_WITHIN", -15.5)  # of which the size of a body adds 16 seconds
    host, port = guarded.served.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        head = f"POST /api/ask HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {guarded.reader}\r\n"
        connection.sendall(f"{head}content-type: application/json\r\ncontent-length: 100\r\n\r\n{{".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 408")


def test_what_is_refused_to_the_page_is_told_in_its_language(guarded: Guarded) -> None:
    signed = {"authorization": f"Bearer {guarded.curator}", "accept-language": "ar"}

    def told(method: str, path: str, **more: Any) -> tuple[int, str]:
        answer = httpx.request(method, f"{guarded.served.address}{path}", headers=signed, timeout=30, **more)
        return answer.status_code, answer.json()["problem"]

    assert told("POST", "/questions", content=b"x" * (3 * 2**20)) == (413, say("too_large", "ar"))
    assert told("GET", "/articles/999999") == (404, say("article_unknown", "ar", article="999999"))
    assert told("GET", "/conversations/1/1/evidence/1")[0] == 404
    signed["sec-fetch-site"] = "cross-site"
    assert told("GET", "/library") == (403, say("unexpected", "ar"))


def test_off_this_machine_only_with_sign_in(
    demo_folder: Path, tmp_path: Path, shawahid: Run, shawahid_apart: Run
) -> None:
    library, users = shutil.copytree(demo_folder, tmp_path / "library"), tmp_path / "users"
    refused = shawahid("--library", str(library), "serve", "--host", "0.0.0.0", check=1)
    assert "--users" in refused.stderr
    absent = shawahid_apart("--library", str(library), "serve", "--host", "0.0.0.0", "--users", str(users), check=1)
    assert str(users) in absent.stderr
    token = add_token(users, "bot", "ask")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "shawahid", "--library", str(library), "--users", str(users)]
    with subprocess.Popen(
        [*command, "serve", "--host", "0.0.0.0", "--port", str(port)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith(b"Shawahid: ")
            address = f"http://127.0.0.1:{port}"
            transport = httpx.HTTPTransport(retries=20)
            with httpx.Client(base_url=address, transport=transport, timeout=30) as http:
                named = {"host": "news.example.org"}
                assert http.get("/api/status", headers=named).status_code == 401
                signed = {**named, "authorization": f"Bearer {token}"}
                assert http.get("/api/status", headers=signed).json()["articles"] == 14
                assert http.post("/api/ask", json={"question": FERRY}, headers=signed).json()["status"] == "answered"
        finally:
            process.terminate()


# In a browser


def enter(page: Page, name: str, password: str) -> None:
    page.fill('input[name="name"]', name)
    page.fill('input[name="password"]', password)
    page.click('form button[type="submit"]')


@needs_browser
def test_a_reader_signs_in_asks_and_comes_back(browser: Browser, guarded: Guarded) -> None:
    address = f"{guarded.served.address}/"
    with person(browser, failing="status of 401") as context:
        page = context.new_page()
        page.goto(address)
        assert page.locator("html").get_attribute("dir") == "rtl"
        enter(page, "layla", "not her password")
        assert page.locator(".problem").inner_text() == say("sign_in_wrong", "ar")
        assert page.input_value('input[name="name"]') == "layla"
        enter(page, "layla", PASSWORD)
        is_ready(page)
        ask(page, FERRY)
        place = page.url
        assert "220" in page.locator(".sentence").first.inner_text()
        assert len(dossier_of(page)["answer"]["citations"]) > 0
        page.click('a[data-room="library"]')
        page.wait_for_selector("#rows .article")
        assert page.locator("#room .drop").count() == 0
        page.locator("#rows .article").first.click()
        page.wait_for_selector("#panel .particulars")
        assert page.locator("#panel .mend, #panel .remove").count() == 0
        (cookie,) = [one for one in context.cookies() if one["name"] == COOKIE]
        assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
        page.click('a[data-room="ask"]')
        page.click(".leave button")
        expect(page.locator('input[name="password"]')).to_be_visible()
        page.goto(address)
        expect(page.locator('input[name="password"]')).to_be_visible()

    with person(browser, "en-US") as context:  # another browser of the same person, by a link to the answer
        page = context.new_page()
        page.goto(place)
        enter(page, "layla", PASSWORD)
        is_ready(page)
        assert page.url == place
        assert page.locator(".turn .asked").inner_text() == FERRY
        assert page.locator(".conversations li").count() == 1

    with person(browser, "en-US") as context:  # somebody else
        page = context.new_page()
        page.goto(address)
        enter(page, "huda", OTHER_PASSWORD)
        is_ready(page)
        assert page.locator(".conversations li").count() == 0
        page.click('a[data-room="library"]')
        page.wait_for_selector("#room .drop")


@needs_browser
def test_a_session_that_ends_loses_no_question(browser: Browser, guarded: Guarded) -> None:
    with person(browser, "en-US", failing="status of 401") as context:
        page = context.new_page()
        page.goto(f"{guarded.served.address}/")
        enter(page, "samir", PASSWORD)
        is_ready(page)
        context.clear_cookies()
        page.fill("#question textarea", FERRY)
        page.press("#question textarea", "Enter")
        expect(page.locator("#warning")).to_have_text(say("sign_in_first", "en"))
        expect(page.locator("#question textarea")).to_have_value(FERRY)


@needs_browser
@pytest.mark.parametrize("locale", ["ar-EG", "en-US"])
def test_everyone_can_sign_in(browser: Browser, guarded: Guarded, locale: str) -> None:
    with person(browser, locale, failing="status of 401") as context:
        page = context.new_page()
        page.set_viewport_size({"width": 320, "height": 640})
        page.goto(f"{guarded.served.address}/")
        enter(page, "layla", "wrong")
        for light in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if light == "dark" else "light")
            assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
