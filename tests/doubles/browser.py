"""What the tests of the page share: serving it, opening it in a real browser, asking, reading what it shows."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    WebError,
    expect,
    sync_playwright,
)

from .waiting import eventually

REPOSITORY = Path(__file__).parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARABIC = "كم عدد الذين خرجوا إلى ساحة البلدية رفضا لنقل سوق السمك؟"
ENGLISH = "How many passengers can the ferry carry?"
UNANSWERED = "من فاز بكأس العالم عام 2022؟"

needs_browser = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("SHAWAHID_REQUIRE_TOOLS"), reason="Chromium is not installed"
)


class Server:
    """`shawahid ui` in a process of its own, on a port that it keeps when it is started again."""

    subcommand: tuple[str, ...] = ("ui", "--no-browser")

    def __init__(self, library: Path, *arguments: str, **environment: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.library = library
        self.address = f"http://127.0.0.1:{self.port}/"
        interface = [*self.subcommand, "--port", str(self.port)]
        if "SHAWAHID_PUBLIC_URL" in environment and "--users" not in arguments:
            interface.append("--open-to-all")
        self._command = [sys.executable, "-m", "shawahid", "--library", str(library), *arguments, *interface]
        self._environment = {**os.environ, **environment}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command, cwd=REPOSITORY, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        eventually(self._answers, "the server does not answer", timeout=60)

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.address}ready", timeout=1).close()
        except OSError:
            assert self._process is None or self._process.poll() is None, "the server stopped"
            return False
        return True

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self, how: int = signal.SIGKILL) -> None:
        """End it, without a chance to tidy up."""
        if self._process:
            self._process.send_signal(how)
            self._process.wait(timeout=20)
            self._process = None


@contextmanager
def serving(library: Path, *arguments: str, **environment: str) -> Iterator[Server]:
    """A server of that library."""
    server = Server(library, *arguments, **environment)
    server.start()
    try:
        yield server
    finally:
        server.kill(signal.SIGTERM)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def demo_server(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The page on the demo articles, which no test may change."""
    with serving(Path(shutil.copytree(demo_folder, tmp_path_factory.mktemp("served") / "library"))) as server:
        yield server


@contextmanager
def well_behaved(context: BrowserContext, failing: str | None) -> Iterator[None]:
    """Meanwhile the pages may ask nothing of any other host, and must not complain.

    `failing`: what the console may complain of all the same, because the test lets it fail.
    """
    elsewhere: list[str] = []
    complaints: list[str] = []

    def asked(request: Request) -> None:
        if re.match(r"https?://(?!127\.0\.0\.1)", request.url):
            elsewhere.append(request.url)

    def told(message: ConsoleMessage) -> None:
        if message.type == "error" and not (failing and re.search(failing, message.text)):
            complaints.append(message.text)

    def broke(error: WebError) -> None:
        complaints.append(str(error.error))

    context.on("request", asked)
    context.on("console", told)
    context.on("weberror", broke)
    yield
    context.remove_listener("request", asked)
    context.remove_listener("console", told)
    context.remove_listener("weberror", broke)
    assert elsewhere == []
    assert complaints == []


@contextmanager
def person(browser: Browser, locale: str = "ar-EG", *, failing: str | None = None) -> Iterator[BrowserContext]:
    """Somebody with a browser of their own."""
    context = browser.new_context(locale=locale, viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(20_000)
    try:
        with well_behaved(context, failing):
            yield context
    finally:
        context.close()


@contextmanager
def page_at(
    browser: Browser,
    address: str,
    locale: str = "ar-EG",
    width: int = 1440,
    height: int = 900,
    *,
    failing: str | None = None,
) -> Iterator[Page]:
    """A page of somebody new. What Gradio's frame is made of is fetched once for many: only the cookies are taken.

    Nothing moves, so nothing is waited for: test_page_access.py has the page that moves.
    """
    kept = next(
        (one for one in browser.contexts if one.pages and one.pages[0].evaluate("navigator.language") == locale), None
    )
    context = kept or browser.new_context(locale=locale, reduced_motion="reduce")
    context.set_default_timeout(20_000)
    context.clear_cookies()
    page = context.pages[0] if kept else context.new_page()
    page.set_viewport_size({"width": width, "height": height})
    try:
        with well_behaved(context, failing):
            page.goto("about:blank")
            page.goto(address)
            is_ready(page)
            yield page
    except BaseException:
        context.close()
        raise
    for other in context.pages[1:]:
        other.close()
    context.clear_permissions()


def open_page(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    is_ready(page)
    return page


def is_ready(page: Page) -> None:
    page.wait_for_selector("html[data-ready]", state="attached")


def send(page: Page, question: str) -> None:
    """Ask, and wait until the question stands on the page."""
    turns = page.locator(".turn").count()
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    page.wait_for_function("before => document.querySelectorAll('.turn').length > before", arg=turns)


def ask(page: Page, question: str) -> None:
    """Ask, and wait for the end of the answer."""
    send(page, question)
    is_answered(page)


def is_answered(page: Page) -> None:
    page.wait_for_function(
        "document.querySelector('.turn') && !document.querySelector('.turn.running') && !document.body.dataset.asking",
        timeout=60_000,
    )


def dossier_of(page: Page) -> dict[str, Any]:
    """The last answer on the page, as its JSON tells it."""
    turn = page.locator(".turn").last
    place = f"dossiers/{turn.get_attribute('data-conversation')}/{turn.get_attribute('data-turn')}.json"
    held: dict[str, Any] = page.evaluate(
        "place => fetch(new URL(place, document.baseURI)).then(answer => answer.json())", place
    )
    return held


def highlighted(page: Page) -> str:
    """The words that are marked in the evidence panel, letter by letter."""
    return str(page.locator("#panel mark").evaluate_all("all => all.map(mark => mark.textContent).join('')"))


def open_each_citation(page: Page, *, by_hand: bool = True) -> int:
    """Click all that opens a citation of the last answer, and hold what is marked against the JSON of that answer.

    `by_hand`: with the mouse, as a reader does, for which each must be where the mouse can reach it; else by the page
    itself, four times as fast. Returns how many citations it has.
    """
    turn = page.locator(".turn").last
    citations = {str(one["number"]): one for one in dossier_of(page)["answer"]["citations"]}
    opened = _open_by_hand(page, turn) if by_hand else [Opened(*one) for one in turn.evaluate(_OPEN_EACH)]
    for one in opened:
        assert one.shown == one.number
        assert one.marked == citations[one.number]["quote"]
        assert one.in_view
    assert {one.number for one in opened} == set(citations)
    return len(citations)


class Opened(NamedTuple):
    """A citation that was clicked, and what the panel showed then."""

    number: str
    shown: str | None
    marked: str
    in_view: bool


def _open_by_hand(page: Page, turn: Locator) -> list[Opened]:
    opened = []
    for link in turn.locator("[data-cite]").all():
        if not link.is_visible():
            continue
        number = link.get_attribute("data-cite") or ""
        link.click()
        page.wait_for_selector(f'.current[data-turn="{turn.get_attribute("data-turn")}"][data-cite="{number}"]')
        shown, marked = page.locator("#panel .cited .number").text_content(), highlighted(page)
        expect(page.locator("#panel mark").first).to_be_in_viewport()
        opened.append(Opened(number, shown, marked, True))
        if (page.viewport_size or {"width": 0})["width"] < 860:
            page.click("#panel .close")
    return opened


_OPEN_EACH = """async turn => {
    const until = async holds => {
        for (const end = Date.now() + 20000; !holds() && Date.now() < end;)
            await new Promise(resolve => setTimeout(resolve, 10));
        return Boolean(holds());
    };
    const inView = one => new Promise(resolve => {
        const seen = new IntersectionObserver(all => all.some(entry => entry.isIntersecting) && resolve(true));
        seen.observe(one);
        setTimeout(() => { seen.disconnect(); resolve(false); }, 20000);
    });
    const opened = [];
    for (const link of turn.querySelectorAll("[data-cite]")) {
        if (!link.checkVisibility({ visibilityProperty: true }) || !link.getClientRects().length) continue;
        const number = link.dataset.cite;
        link.click();
        const current = `.current[data-turn="${turn.dataset.turn}"][data-cite="${number}"]`;
        const reached = await until(() => document.querySelector(current));
        const shown = document.querySelector("#panel .cited .number")?.textContent ?? null;
        const marks = [...document.querySelectorAll("#panel mark")];
        const marked = marks.map(one => one.textContent).join("");
        opened.push([number, shown, marked, reached && marks.length > 0 && await inView(marks[0])]);
    }
    return opened;
}"""
