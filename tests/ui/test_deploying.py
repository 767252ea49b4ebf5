"""What docs/deploying.md says is so: a server behind real nginx, encrypted, under a path of its own."""

import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import openai
import pytest
from gradio_client import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    FilePayload,
    Page,
    Response,
    expect,
    sync_playwright,
)
from playwright.sync_api import Request as Asked

from shawahid.ui.gate.sessions import COOKIE
from shawahid.ui.gate.users import add_user

from ..assistant.test_model import GOOD, WORDS, structured
from ..doubles.browser import (
    CHROMIUM,
    ENGLISH,
    highlighted,
    is_answered,
    is_ready,
    needs_browser,
    open_each_citation,
    open_page,
    send,
    serving,
)
from ..doubles.fake_openai import FakeOpenAI, Reply, fake_openai
from ..doubles.http_serving import events_of
from ..doubles.proxying import NAME, free_port, make_certificate, needs_nginx, nginx
from ..doubles.waiting import eventually

WRITTEN = structured((GOOD, WORDS))
LONG = Reply(structured(("word " * 20_000, WORDS)), pause=0.002)
STREAM = {"accept": "text/event-stream"}
# nginx lets 1 MB through where it is not told otherwise.
LARGE = f"<html><body><!-- {'x' * 1_500_000} --><article><p>{{}}</p></article></body></html>"


class Public(NamedTuple):
    """A server's address as others see it, without the slash at its end, and the model behind it."""

    address: str
    model: FakeOpenAI


@pytest.fixture(scope="module")
def public(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Public]:
    """nginx before a server of the demo articles; this process can ask it by its name, and trusts its certificate."""
    folder = tmp_path_factory.mktemp("public")
    library = Path(shutil.copytree(demo_folder, folder / "library"))
    port = free_port()
    address = f"https://{NAME}:{port}/shawahid"
    look_up = socket.getaddrinfo
    with fake_openai() as model, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(make_certificate(folder)))
        patch.setattr(
            socket,
            "getaddrinfo",
            lambda host, *rest, **named: look_up("127.0.0.1" if host == NAME else host, *rest, **named),
        )
        environment = {"OPENAI_BASE_URL": model.url, "SHAWAHID_MODEL": "test-model", "SHAWAHID_PUBLIC_URL": address}
        with serving(library, **environment) as server, nginx(folder, port, server.port):
            yield Public(address, model)


@pytest.fixture
def http(public: Public) -> Iterator[httpx.Client]:
    public.model.answer = lambda request: Reply(WRITTEN)
    public.model.stopped.clear()
    with httpx.Client(base_url=public.address, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser to which the public name is this machine."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--ignore-certificate-errors"]
        arguments += [f"--host-resolver-rules=MAP {NAME} 127.0.0.1"]
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield launched
        launched.close()


@contextmanager
def visitor(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """Somebody from outside. All that their pages ask is under the address and is answered, and none complains."""
    context = browser.new_context(locale="en-US", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(20_000)
    wrong: list[str] = []

    def asked(request: Asked) -> None:
        if not request.url.startswith((f"{address}/", "data:", "blob:")):
            wrong.append(request.url)

    def answered(response: Response) -> None:
        if response.status >= 400:
            wrong.append(f"{response.status} {response.url}")

    def told(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            wrong.append(message.text)

    def failed(request: Asked) -> None:
        # Who leaves a page ends the stream of its answer, whose last line they may have read already.
        if request.failure != "net::ERR_ABORTED" or not request.url.startswith(f"{address}/questions"):
            wrong.append(f"{request.failure} {request.url}")

    context.on("request", asked)
    context.on("response", answered)
    context.on("requestfailed", failed)
    context.on("console", told)
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    yield context
    assert wrong == []
    context.close()


# The page


@needs_nginx
@needs_browser
def test_the_page_works_under_a_path(browser: Browser, public: Public) -> None:
    public.model.answer = lambda request: Reply(WRITTEN, pause=0.1)
    with visitor(browser, public.address) as context:
        page = open_page(context, f"{public.address}/")
        send(page, ENGLISH)
        page.wait_for_selector(f".turn.running .provisional:has-text('{GOOD[:12]}')")  # while it comes about
        is_answered(page)
        assert GOOD in page.locator(".sentence").first.inner_text()
        assert open_each_citation(page) > 0
        quote, deep = highlighted(page), page.url
        assert deep.startswith(f"{public.address}/#c/")
        again = open_page(context, deep)
        again.wait_for_selector("#panel mark")
        assert highlighted(again) == quote
        again.click('a[data-room="library"]')
        expect(again.locator("#rows .article").first).to_be_visible()
        again.click("a.language")
        is_ready(again)
        assert again.url.startswith(f"{public.address}/?lang=ar#library")


@needs_nginx
@needs_browser
def test_a_large_file_is_taken_in_by_the_page(browser: Browser, public: Public) -> None:
    page_of = LARGE.format("The Qarn copper mine employs 310 miners. Its shafts were flooded on Monday.").encode()
    with visitor(browser, public.address) as context:
        page: Page = open_page(context, f"{public.address}/#library")
        page.wait_for_selector("#rows .article")
        page.set_input_files("#files", FilePayload(name="mine.html", mimeType="text/html", buffer=page_of))
        page.wait_for_selector('.job[data-state="done"], .job[data-state="failed"]', timeout=60_000)
        expect(page.locator(".job .report li")).to_have_class("added")
        expect(page.locator("#rows .article").filter(has_text="mine.html")).to_be_visible()


# Programs


@needs_nginx
def test_a_large_file_is_taken_in_over_http(http: httpx.Client) -> None:
    page_of = LARGE.format("The lighthouse of Nawras was painted green on Tuesday by its four keepers.")
    job = http.post("/api/ingest", files={"files": ("lighthouse.html", page_of)})
    assert job.status_code == 202, job.text
    eventually(lambda: http.get(f"/api/jobs/{job.json()['id']}").json()["state"] in ("done", "embedding"))
    assert http.get("/api/articles", params={"search": "lighthouse"}).json()["articles"]


@needs_nginx
def test_events_come_as_they_are_sent_and_the_model_is_stopped(http: httpx.Client, public: Public) -> None:
    public.model.answer = lambda request: LONG
    with http.stream("POST", "/api/ask", json={"question": ENGLISH}, headers=STREAM) as response:
        names = (name for name, _ in events_of(response))
        assert next(names) == "understood"
        assert next(names) == "evidence"
        assert next(names) == "provisional"
        assert not public.model.stopped.is_set()
    assert public.model.stopped.wait(20)


@needs_nginx
def test_the_page_s_own_stream_comes_as_it_is_sent(http: httpx.Client, public: Public) -> None:
    public.model.answer = lambda request: Reply(WRITTEN, pause=0.05)
    with http.stream("POST", "/questions", json={"question": ENGLISH}) as response:
        states = [len(piece) for piece in response.iter_raw()]
    assert len(states) > 3


@needs_nginx
def test_openai_s_client_is_given_addresses_that_work(http: httpx.Client, public: Public) -> None:
    with openai.OpenAI(base_url=f"{public.address}/v1", api_key="none", max_retries=0) as client:
        messages: Any = [{"role": "user", "content": ENGLISH}]
        message = client.chat.completions.create(model="shawahid", messages=messages).choices[0].message
        stream = client.chat.completions.create(model="shawahid", messages=messages, stream=True)
        streamed = "".join(chunk.choices[0].delta.content or "" for chunk in stream)
    assert streamed == message.content
    assert message.annotations
    for annotation in message.annotations:
        url = annotation.url_citation.url
        assert url.startswith(f"{public.address}/api/articles/")
        assert httpx.get(url).json()["quote"] in (message.content or "")


@needs_nginx
def test_gradio_s_client_asks_and_hears_each_event(http: httpx.Client, public: Public) -> None:
    client = Client(f"{public.address}/", verbose=False)
    assert client.predict(ENGLISH, api_name="/ask")["sentences"][0]["text"] == GOOD
    told = [event["event"] for event in client.submit(ENGLISH, api_name="/ask_stream")]
    assert told[:2] == ["understood", "evidence"]
    assert told[-1] == "answer"
    client.close()


@needs_nginx
def test_redirects_and_cookies_stay_under_the_path(http: httpx.Client, public: Public) -> None:
    assert httpx.get(public.address).headers["location"] == f"{public.address}/"
    moved = http.get("/api/status/")
    assert moved.next_request is not None
    assert str(moved.next_request.url) == f"{public.address}/api/status"
    cookie = http.get("/conversations").headers["set-cookie"]
    assert re.search(r"; Path=/shawahid/(;|$)", cookie)
    assert {"HttpOnly", "Secure", "SameSite=strict"} <= set(re.split("; ?", cookie))


@needs_nginx
def test_older_browsers_are_told_from_other_sites(http: httpx.Client, public: Public) -> None:
    """They say where they come from by `Origin` alone, as newer ones do where the connection is not encrypted."""
    ours = public.address.removesuffix("/shawahid")
    for path in ("/questions", "/api/ask"):
        for origin, status in ((ours, 200), ("https://evil.example", 403)):
            assert http.post(path, json={"question": ENGLISH}, headers={"origin": origin}).status_code == status


@needs_nginx
def test_the_request_s_id_passes(http: httpx.Client) -> None:
    assert http.get("/health", headers={"X-Request-ID": "from-outside"}).headers["x-request-id"] == "from-outside"


@needs_nginx
def test_the_description_tells_the_public_address(http: httpx.Client, public: Public) -> None:
    assert http.get("/api/openapi.json").json()["servers"] == [{"url": public.address}]


@needs_nginx
@needs_browser
def test_signing_in_stays_under_the_path(browser: Browser, demo_folder: Path, tmp_path: Path) -> None:
    library, users, port = Path(shutil.copytree(demo_folder, tmp_path / "library")), tmp_path / "users", free_port()
    address = f"https://{NAME}:{port}/shawahid"
    make_certificate(tmp_path)
    add_user(users, "layla", "ask", "a long password")
    environment = {"SHAWAHID_PUBLIC_URL": address, "SHAWAHID_USERS": str(users)}
    with (
        serving(library, **environment) as server,
        nginx(tmp_path, port, server.port),
        visitor(browser, address) as context,
    ):
        page = context.new_page()
        page.goto(f"{address}/#library")
        page.fill('input[name="name"]', "layla")
        page.fill('input[name="password"]', "a long password")
        page.click('form button[type="submit"]')
        is_ready(page)
        assert page.url.endswith("/shawahid/?lang=en#library")
        page.wait_for_selector("#rows .article")
        (cookie,) = [one for one in context.cookies() if one["name"] == COOKIE]
        assert (cookie["path"], cookie["secure"], cookie["httpOnly"]) == ("/shawahid/", True, True)
        page.click('a[data-room="ask"]')
        page.wait_for_selector(".suggested")  # nothing is to be under way
        page.click(".leave button")
        page.wait_for_url(f"{address}/sign-in*")
