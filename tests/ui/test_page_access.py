"""The page for everyone: axe-core on each of its states, the keyboard, zoom, and what is said to those who listen.

One server, and one tour of the page for each language and width; dark is put on without loading anything again.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.settings import Settings
from shawahid.ingest.library import Library
from shawahid.prompts import say
from shawahid.ui.desk import Desk
from shawahid.ui.page.app import build_app
from shawahid.ui.questions.answering import Answering
from shawahid.ui.questions.conversations import Conversations

from ..doubles.browser import ARABIC, CHROMIUM, UNANSWERED, needs_browser
from ..doubles.fake_openai import FakeOpenAI, Reply, fake_openai
from ..doubles.serving import serving

pytestmark = needs_browser

ACCOUNTS = {"ar": ARABIC, "en": "How many people protested against moving the fish market?"}
WRITTEN = "How many passengers can the ferry carry?"
SENTENCES = (
    ("The rebuilt vessel can carry 220 passengers.", "can carry 220 passengers and 30 cars"),
    ("It can carry 30 cars, port director Huda Mansour said.", "can carry 220 passengers and 30 cars"),
)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, PHONE = (1440, 900), (390, 844)
ZOOMED = ((640, 450), (320, 256))  # 1280 by 1024 and less, at 200 % and at 400 %
AXE = Axe().axe_script


class Served(NamedTuple):
    """Two pages, one with articles and a model, one with neither; and what stands behind the first."""

    full: str
    empty: str
    model: FakeOpenAI
    conversations: Conversations
    bad: Path


@pytest.fixture(scope="module")
def served(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("access")
    (folder / "none").mkdir()
    articles = shutil.copytree(demo_folder, folder / "articles")
    bad = folder / "broken.pdf"
    bad.write_bytes(b"%PDF-1.7 cut")
    with ExitStack() as stack, pytest.MonkeyPatch.context() as environment:
        model = stack.enter_context(fake_openai())
        environment.setenv("OPENAI_BASE_URL", model.url)
        library = stack.enter_context(Library.open(articles))
        conversations = stack.enter_context(Conversations.open(folder))
        assistant = Assistant(library, Settings(articles, model="test-model", model_timeout=20.0))
        full = stack.enter_context(_page(assistant, conversations))
        nothing = stack.enter_context(Library.open(folder / "nothing", create=True))
        kept = stack.enter_context(Conversations.open(folder / "none"))
        empty = stack.enter_context(_page(Assistant(nothing), kept))
        yield Served(full, empty, model, conversations, bad)


@contextmanager
def _page(assistant: Assistant, conversations: Conversations) -> Iterator[str]:
    """The page of an assistant; gives its address."""
    with (
        Desk(assistant.library) as desk,
        closing(Answering(assistant)) as answering,
        serving(build_app(assistant, answering, conversations, desk, "balanced")) as address,
    ):
        yield address


def replies(*, slowly: bool = False) -> Callable[[dict[str, Any]], Reply]:
    """A model that answers one question only; `slowly`: it writes and writes for five minutes, until it is stopped."""
    sentences = (("The rebuilt vessel can carry 220 passengers. " * 500, ""),) if slowly else SENTENCES
    items = [{"text": text, "evidence": [{"passage": 1, "words": words}]} for text, words in sentences]
    written = Reply(json.dumps({"sentences": items}), pause=0.1 if slowly else 0.0)
    return lambda request: written if WRITTEN in str(request) else Reply(status=401)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


@contextmanager
def page_in(browser: Browser, language: str, *, moving: bool = False) -> Iterator[Page]:
    """A wide page, with axe in it."""
    context = browser.new_context(locale=language, reduced_motion="no-preference" if moving else "reduce")
    context.add_init_script(AXE)
    page = context.new_page()
    resize(page, WIDE)
    yield page
    context.close()


def resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


def go(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("html[data-ready]")
    page.wait_for_selector(".first")


def ask(page: Page, question: str, until: str = ":not(.running)") -> None:
    turns = page.locator(".turn").count()
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    page.wait_for_selector(f".turn:nth-of-type({turns + 1}){until}")


def tour(page: Page, served: Served, language: str) -> Iterator[str]:
    """The states of the page, one after another."""
    go(page, served.empty)
    yield "empty"
    go(page, served.full)
    page.wait_for_selector(".suggested")
    yield "first screen"
    yield from _tour_answers(page, served, language)
    yield from _tour_model(page, served)
    yield from _tour_rail(page, served)
    yield from _tour_library(page, served)


def _tour_answers(page: Page, served: Served, language: str) -> Iterator[str]:
    served.model.answer = replies()
    ask(page, ACCOUNTS[language])
    assert page.locator(".account").count() > 1
    assert page.locator(".disputed").count()
    page.locator(".timeline summary, .save summary").evaluate_all("all => all.forEach(one => one.click())")
    page.click(".thumb.down")
    yield "accounts"
    page.locator("a.cite").first.click()
    page.wait_for_selector("#panel mark")
    yield "evidence"
    page.keyboard.press("Escape")
    ask(page, UNANSWERED)
    page.click(".closest summary")
    yield "abstention"


def _tour_model(page: Page, served: Served) -> Iterator[str]:
    page.click(".rail .new")
    page.wait_for_selector(".first")
    served.model.answer = replies(slowly=True)
    ask(page, WRITTEN, ".running:has(.provisional)")
    yield "a model writing"
    page.click(".stop")
    page.wait_for_selector(".turn.stopped")
    yield "stopped"
    served.model.answer = replies()
    ask(page, WRITTEN)
    assert page.locator(".sentence.partly").count()
    yield "a model's answer"


def _tour_rail(page: Page, served: Served) -> Iterator[str]:
    (cookie,) = page.context.cookies()
    owner, kept = cookie["value"], served.conversations
    conversation = kept.begin(owner)
    turn = kept.ask(owner, conversation, WRITTEN, datetime.now(UTC))
    kept.failed(owner, conversation, turn, "The library is damaged.")
    page.evaluate("id => { location.hash = `#c/${id}` }", conversation)
    page.wait_for_selector(".turn.failed")
    page.route("**/questions?*", lambda route: route.abort())
    page.fill("#question textarea", WRITTEN)
    page.press("#question textarea", "Enter")
    page.wait_for_selector("#warning:not([hidden])")
    page.unroute("**/questions?*")
    yield "failure"
    page.click("details.filters summary")
    page.locator("form.narrow input[name=outlet]").first.check()
    page.fill("form.narrow input[name=since]", "2024-01-01")
    yield "filters"
    page.keyboard.press("Escape")
    page.locator(".conversations a").first.focus()
    yield "conversations"


def _tour_library(page: Page, served: Served) -> Iterator[str]:
    page.click("a[data-room=library]")
    page.wait_for_selector("#rows li")
    yield "library"
    page.locator("a.article").first.click()
    page.click(".mend summary")
    yield "article"
    page.keyboard.press("Escape")
    page.set_input_files("#files", served.bad)
    page.wait_for_selector("#jobs .failed")
    yield "upload"


def violations(page: Page, *rules: str) -> list[str]:
    """What axe finds, by all rules or by those that are named: the rule, the element, and what is the matter."""
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    options = {"runOnly": only, "resultTypes": ["violations"], "preload": False}
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for rule in page.evaluate("options => axe.run(options)", options)["violations"]
        for node in rule["nodes"]
    ]


def overflowing(page: Page) -> list[str]:
    """What is wider than its place: the page, or a part that scrolls or is fixed in it."""
    return list(
        page.evaluate("""() => [document.documentElement, ...document.querySelectorAll("body *")]
            .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1
                && ["auto", "scroll"].includes(getComputedStyle(one).overflowX) || one === document.documentElement
                && one.scrollWidth > innerWidth)
            .map((one) => `${one.tagName}#${one.id}.${one.className}: ${one.scrollWidth} > ${one.clientWidth}`)""")
    )


@pytest.mark.parametrize("language", ["ar", "en"])
def test_no_state_of_the_page_shuts_anybody_out(browser: Browser, served: Served, language: str) -> None:
    """Wide and on a phone, light and dark, axe finds nothing; and zoomed in, nothing has to be scrolled sideways."""
    found: dict[str, list[str]] = {}
    with page_in(browser, language) as page:
        for state in tour(page, served, language):
            for name, size in (("wide", WIDE), ("phone", PHONE)):
                resize(page, size)
                page.evaluate("state => document.body.classList.toggle('rail-open', state === 'conversations')", state)
                found[f"{state}, {name}"] = violations(page)
                page.emulate_media(color_scheme="dark")
                found[f"{state}, {name}, dark"] = violations(page, "color-contrast")
                page.emulate_media(color_scheme="light")
            for size in ZOOMED:
                resize(page, size)
                found[f"{state}, {size[0]} wide"] = overflowing(page)
            page.evaluate("document.body.classList.remove('rail-open')")
            resize(page, WIDE)
    assert len(found) == 14 * 6
    assert {state: some for state, some in found.items() if some} == {}


def focused(page: Page) -> str:
    """What has the focus, by its class, its id or its text."""
    return str(
        page.evaluate("""() => { const one = document.activeElement;
            return one.closest("#question") ? "question" : one.classList[0] && !one.closest("#asking #line")
                ? one.classList[0] : one.id || one.dataset.room || one.innerText.trim(); }""")
    )


def shown_focus(page: Page) -> bool:
    """Whether one can see where the focus is."""
    return bool(
        page.evaluate("""() => { const one = document.activeElement;
            const looks = getComputedStyle(one.closest("#question") ? document.getElementById("line") : one);
            const at = one.getBoundingClientRect();
            const ringed = looks.outlineStyle !== "none" && parseFloat(looks.outlineWidth) >= 2
                || looks.boxShadow !== "none";
            return ringed && at.width > 0 && at.top >= 0 && at.bottom <= innerHeight; }""")
    )


def test_the_keyboard_goes_through_the_page_in_its_order(browser: Browser, served: Served) -> None:
    with page_in(browser, "ar") as page:
        go(page, served.full)
        assert focused(page) == "question"
        page.wait_for_selector(".suggested")
        page.locator(".skip").focus()
        order = [focused(page)]
        while order[-1] != "ask" or len(order) < 3:
            assert shown_focus(page), order
            page.keyboard.press("Tab")
            order.append(focused(page))
            assert len(order) < 30, order
        suggested, newest = page.locator(".suggested").count(), page.locator(".newest a").count()
        assert order == [
            *("skip", "ask", "library", "language", "new", "find", "forget"),
            *sorted(["suggested"] * suggested + ["source"] * newest, reverse=order[7] == "suggested"),
            *(say("filters", "ar"), "question", "ask"),
        ]
        page.click("a[data-room=library]")
        page.locator(".skip").focus()
        page.keyboard.press("Enter")
        page.wait_for_function("document.activeElement.closest('#question')")


def test_the_focus_goes_where_it_is_meant_and_comes_back(browser: Browser, served: Served) -> None:
    served.model.answer = replies()
    with page_in(browser, "ar", moving=True) as page:
        go(page, served.full)
        ask(page, ARABIC)
        mark = page.locator("a.cite").nth(1)
        mark.focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("#panel mark:focus")
        page.keyboard.press("Tab")
        assert focused(page) == "close"
        page.keyboard.press("Shift+Tab")
        assert mark.evaluate("one => one === document.activeElement")
        page.keyboard.press("Enter")
        page.wait_for_selector("#panel mark:focus")
        page.keyboard.press("Escape")
        page.wait_for_selector("body:not(.panel-open)")
        assert mark.evaluate("one => one === document.activeElement")
        page.click("details.filters summary")
        page.keyboard.press("Tab")
        page.keyboard.press("Escape")
        assert page.locator("details.filters[open]").count() == 0
        assert focused(page) == say("filters", "ar")
        resize(page, PHONE)
        page.locator(".rail-toggle").press("Enter")
        page.wait_for_selector(".rail .new:focus")
        page.keyboard.press("Escape")
        page.wait_for_selector(".rail-toggle[aria-expanded=false]:focus")
        served.model.answer = replies(slowly=True)
        page.fill("#question textarea", WRITTEN)
        page.press("#question textarea", "Enter")
        page.locator(".running .stop").focus()
        page.wait_for_selector(".running .provisional")
        page.wait_for_timeout(300)  # it is drawn anew meanwhile
        page.keyboard.press("Enter")
        page.wait_for_selector(".turn.stopped")
        assert focused(page) == "question"


def test_a_stop_that_is_pressed_while_text_comes_stops(browser: Browser, served: Served) -> None:
    """A finger rests on the button longer than the page takes to draw the answer anew."""
    served.model.answer = replies(slowly=True)
    with page_in(browser, "en") as page:
        go(page, served.full)
        ask(page, WRITTEN, ".running:has(.provisional)")
        while not page.locator(".stop:active").count():  # it moves down as text comes
            page.mouse.up()
            page.locator(".stop").hover()
            page.mouse.down()
        page.wait_for_timeout(500)  # five pieces of text come meanwhile
        page.mouse.up()
        page.wait_for_selector(".turn.stopped")


def test_an_answer_is_read_out_once(browser: Browser, served: Served) -> None:
    served.model.answer = replies()
    with page_in(browser, "en") as page:
        go(page, served.full)
        page.evaluate("""() => { window.told = []; const live = document.getElementById("live");
            new MutationObserver(() => live.textContent && told.push(live.textContent))
                .observe(live, { childList: true, characterData: true, subtree: true }); }""")
        ask(page, WRITTEN)
        (told,) = page.evaluate("told")
        assert say("composed", "en") in told
        assert all(text in told for text, _ in SENTENCES)


def test_who_wants_no_motion_gets_none(browser: Browser, served: Served) -> None:
    moved = "document.getAnimations().map((one) => one.animationName ?? one.transitionProperty)"
    served.model.answer = replies(slowly=True)
    with page_in(browser, "en") as page:
        go(page, served.full)
        ask(page, WRITTEN, ".running:has(.provisional)")
        assert page.evaluate(moved) == []
        page.emulate_media(reduced_motion="no-preference")
        assert page.evaluate(moved) == ["breathe"]
        page.click(".stop")
        page.wait_for_selector(".turn.stopped")
