"""The page in a real browser: ask in two languages, open citations, see what fails."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from assistant.assistant import Assistant
from assistant.dossier_file import open_dossier
from ingest.library import Library
from ingest.pipeline import ingest
from prompts import say

from .conftest import REPOSITORY, Write

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARABIC = "كم عدد الذين خرجوا إلى ساحة البلدية رفضا لنقل سوق السمك؟"
ENGLISH = "How many passengers can the ferry carry?"
UNANSWERED = "من فاز بكأس العالم عام 2022؟"

pytestmark = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("SHAWAHID_REQUIRE_BROWSER"), reason="Chromium is not installed"
)


@contextmanager
def serving(library: Path) -> Iterator[str]:
    """`shawahid ui` in a process of its own; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}/"
    command = [sys.executable, "-m", "ui.cli", "--library", str(library), "ui", "--no-browser", "--port", str(port)]
    server = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(address, timeout=1).close()
                break
            except OSError:
                assert server.poll() is None, "the server stopped"
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="module")
def address(demo_folder: Path) -> Iterator[str]:
    with serving(demo_folder) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield launched
        launched.close()


@contextmanager
def page_at(
    browser: Browser, address: str, locale: str = "ar-EG", width: int = 1440, height: int = 900
) -> Iterator[Page]:
    """A page that may ask nothing of any other host, and must not complain in its console."""
    context = browser.new_context(locale=locale, viewport={"width": width, "height": height})
    page = context.new_page()
    elsewhere: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda r: elsewhere.append(r.url) if re.match(r"https?://(?!127\.0\.0\.1)", r.url) else None)
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(address)
    page.wait_for_selector(".masthead")
    yield page
    context.close()
    assert elsewhere == []
    assert complaints == []


def ask(page: Page, question: str) -> None:
    turns = page.locator(".turn").count()
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    page.wait_for_function(f"document.querySelectorAll('.turn').length > {turns}", timeout=60_000)


@pytest.mark.parametrize(("locale", "question"), [("ar-EG", ARABIC), ("en-US", ENGLISH), ("en-US", ARABIC)])
@pytest.mark.parametrize("width", [1440, 390])
def test_each_citation_opens_the_article_at_the_very_words(
    browser: Browser, address: str, demo: Assistant, locale: str, question: str, width: int
) -> None:
    answer = demo.ask(question)
    with page_at(browser, address, locale, width) as page:
        ask(page, question)
        links = page.locator(".sentence a.cite")
        assert links.count() == len(answer.citations) > 0
        for number, citation in enumerate(answer.citations):
            links.nth(number).click()
            page.wait_for_selector(
                f'a.cite.current[href="#article-{citation.article}-{citation.start}-{citation.end}"]'
            )
            assert page.locator("#panel mark").all_inner_texts() == [citation.quote]
            assert page.locator("#panel mark").is_visible()
            if width < 800:
                page.click("#panel .close")


def test_a_correction_opens_at_the_words_that_correct(browser: Browser, address: str, demo: Assistant) -> None:
    question = "كم تبلغ كلفة السوق الجديد في النورس؟"
    told = [one for corrections in demo.ask(question).corrections_to_tell().values() for one in corrections]
    with page_at(browser, address) as page:
        ask(page, question)
        link = page.locator("a.corrected")
        assert link.count() == len(told) == 1
        assert link.inner_text().startswith(say("was_corrected", "ar", words=f"«{told[0].quote}»"))
        link.click()
        page.wait_for_selector("#panel mark")
        assert "".join(page.locator("#panel mark").all_inner_texts()) == told[0].quote


def test_two_directions_in_one_conversation(browser: Browser, address: str) -> None:
    with page_at(browser, address) as page:
        assert page.evaluate("[document.documentElement.dir, document.documentElement.lang]") == ["rtl", "ar"]
        ask(page, ARABIC)
        ask(page, ENGLISH)
        directions = page.locator(".turn .question").evaluate_all("all => all.map(e => getComputedStyle(e).direction)")
        assert directions == ["rtl", "ltr"]
        sides = page.evaluate("['chat', 'panel'].map(id => document.getElementById(id).getBoundingClientRect().left)")
        assert sides[0] > sides[1]
    with page_at(browser, address, "en-US") as page:
        assert page.evaluate("document.documentElement.dir") == "ltr"
        sides = page.evaluate("['chat', 'panel'].map(id => document.getElementById(id).getBoundingClientRect().left)")
        assert sides[0] < sides[1]
        page.click("a.language")
        page.wait_for_function("document.documentElement.dir === 'rtl'")
        page.wait_for_selector("text=اسأل المقالات")


def test_the_first_screen_says_what_to_do_and_then_makes_room(browser: Browser, address: str) -> None:
    with page_at(browser, address, "ar-EG", 390, 844) as page:
        page.wait_for_selector(".welcome")
        assert page.locator(".welcome").inner_text() == say("welcome", "ar")
        ask(page, ARABIC)
        assert not page.locator(".welcome").is_visible()


def test_what_the_articles_do_not_say(browser: Browser, address: str) -> None:
    with page_at(browser, address) as page:
        ask(page, UNANSWERED)
        assert page.locator(".abstention").inner_text() == "المقالات لا تذكر ذلك."
        assert page.locator(".sentence").count() == 0
        page.click(".closest summary")
        page.locator(".closest a").first.click()
        page.wait_for_selector("#panel mark")


def test_an_empty_question_is_told_so_and_nothing_is_lost(browser: Browser, address: str) -> None:
    with page_at(browser, address) as page:
        ask(page, "؟")
        assert "السؤال فارغ" in page.locator(".failure").inner_text()
        ask(page, "سوق " * 600)
        assert page.input_value("#question textarea").startswith("سوق سوق")
        ask(page, ARABIC)
        assert page.locator(".turn.answered").count() == 1


def test_a_follow_up_leans_on_the_question_before(browser: Browser, address: str) -> None:
    with page_at(browser, address) as page:
        ask(page, "هل هناك خطة لإقامة فندق مكان سوق السمك؟")
        ask(page, "ومن نفاه؟")
        assert "نفى صندوق" in page.locator(".turn").nth(1).inner_text()


def save(page: Page, name: str, folder: Path) -> Path:
    """Save the last answer as a dossier in the format of that name."""
    with page.expect_download() as saving:
        page.locator(".turn .dossier").last.get_by_text(name, exact=True).click()
    path = folder / saving.value.suggested_filename
    saving.value.save_as(path)
    return path


@pytest.mark.parametrize(("locale", "question"), [("ar-EG", ARABIC), ("en-US", ENGLISH), ("ar-EG", UNANSWERED)])
def test_an_answer_is_saved_as_a_dossier(
    browser: Browser, address: str, demo: Assistant, tmp_path: Path, locale: str, question: str
) -> None:
    with page_at(browser, address, locale) as page:
        ask(page, "؟")
        assert page.locator(".turn .dossier").count() == 0
        ask(page, question)
        answer = demo.ask(question)
        assert page.locator(".turn .dossier").inner_text().startswith(say("dossier_save", answer.language))
        for name, ending in (("Markdown", ".md"), ("HTML", ".html"), ("JSON", ".json")):
            path = save(page, name, tmp_path)
            assert path.suffix == ending
            opened = open_dossier(path)
            assert (opened.dossier.answer, opened.altered) == (answer, ())


@pytest.mark.parametrize("width", [1000, 390])
def test_a_dossier_fits_the_screen_and_each_citation_leads_to_its_quote(
    browser: Browser, address: str, demo: Assistant, tmp_path: Path, width: int
) -> None:
    with page_at(browser, address, width=width) as page:
        ask(page, ARABIC)
        page.goto(save(page, "HTML", tmp_path).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for citation in demo.ask(ARABIC).citations:
            page.locator(".sentence a").get_by_text(f"[{citation.number}]").first.click()
            assert page.locator("figure:target blockquote").inner_text() == citation.quote


def test_hostile_text_is_shown_as_text(browser: Browser, tmp_path: Path, write: Write) -> None:
    image = '<img src="http://evil.example/x.png" onerror="window.ran=1">'
    hostile = f"أعلن المرصد {image} كسوفا <script>window.ran=1</script> يوم الأحد."
    title, outlet = "'<b onclick=alert(1)>عنوان</b>'", "'\"><i>صحيفة'"
    path = write("a.md", f"---\ntitle: {title}\noutlet: {outlet}\nurl: 'javascript:alert(1)'\n---\n{hostile}")
    folder = tmp_path / "hostile"
    with Library.open(folder, create=True) as library:
        ingest(library, [path])
    with serving(folder) as address, page_at(browser, address) as page:
        ask(page, "<img src=x onerror=window.ran=1> متى أعلن المرصد كسوفا؟")
        assert "<script>window.ran=1</script>" in page.locator(".turn").inner_text()
        page.locator("a.cite").first.click()
        page.wait_for_selector("#panel mark")
        assert hostile in page.locator("#panel").inner_text()
        assert page.locator("#panel a.original").count() == 0
        assert page.evaluate("window.ran") is None
        page.goto(save(page, "HTML", tmp_path).as_uri())
        assert page.locator("figure blockquote").inner_text() == hostile
        assert page.locator("img, i[onclick], b[onclick], main a[href^=javascript]").count() == 0
        assert page.evaluate("window.ran") is None


def test_an_empty_library_says_how_to_begin(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path / "empty") as address, page_at(browser, address, "en-US") as page:
        assert "shawahid ingest" in page.locator(".masthead").inner_text()
        ask(page, ENGLISH)
        assert "no articles yet" in page.locator(".turn").inner_text()


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        ("articles/9?start=0&end=10", "127.0.0.1", 200),
        ("articles/9?start=-5&end=99999999", "localhost", 200),
        ("articles/9", "evil.example", 400),
        ("articles/999", "127.0.0.1", 404),
        ("articles/100000000000000000000", "127.0.0.1", 404),
        ("articles/..%2f..%2fpyproject.toml", "127.0.0.1", 404),
        ("dossiers/none.md", "127.0.0.1", 404),
        ("dossiers/..%2fnone.exe", "127.0.0.1", 404),
        ("fonts/..%2fcli.py", "127.0.0.1", 404),
        ("fonts/OFL.txt", "127.0.0.1", 200),
    ],
)
def test_the_routes_give_articles_and_fonts_to_this_machine_only(
    address: str, path: str, host: str, status: int
) -> None:
    request = urllib.request.Request(address + path, headers={"host": host})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            found = answer.status
    except urllib.error.HTTPError as error:
        found = error.code
        error.close()
    assert found == status
