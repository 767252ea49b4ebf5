"""The page in a real browser when something goes wrong: no model, no server, a library that is busy or damaged."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from shawahid.ingest.library import Library
from shawahid.ingest.types import LIBRARY_FILE
from shawahid.ingest.writer import writing
from shawahid.prompts import say
from shawahid.ui.questions.conversations import FILE_NAME as CONVERSATIONS_FILE

from ..doubles.browser import (
    ARABIC,
    ENGLISH,
    Server,
    ask,
    dossier_of,
    is_answered,
    is_ready,
    needs_browser,
    open_each_citation,
    page_at,
    send,
    serving,
)
from ..doubles.fake_openai import FakeOpenAI, Reply, fake_openai
from ..doubles.waiting import eventually

pytestmark = needs_browser

NO_SERVER = "Failed to load resource|ERR_|net::"
WORDS = "can carry 220 passengers and 30 cars"
GOOD = "The rebuilt vessel can carry 220 passengers, port director Huda Mansour said."
WRITTEN = json.dumps({"sentences": [{"text": GOOD, "evidence": [{"passage": 1, "words": WORDS}]}]})
LAKE: FilePayload = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"The lake froze."}
SLOW = Reply(WRITTEN, pause=0.4)


@pytest.fixture(scope="module")
def model() -> Iterator[FakeOpenAI]:
    with fake_openai() as running:
        yield running


@pytest.fixture(scope="module")
def composing(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory, model: FakeOpenAI) -> Iterator[Server]:
    """The page on the demo articles, with a model that says what a test wants."""
    folder = Path(shutil.copytree(demo_folder, tmp_path_factory.mktemp("composing") / "library"))
    with serving(folder, OPENAI_BASE_URL=model.url, SHAWAHID_MODEL="test-model") as server:
        yield server


def warning(page: Page) -> str:
    return page.locator("#warning").inner_text()


# The model


def test_what_a_model_writes_is_unchecked_until_it_settles(
    browser: Browser, composing: Server, model: FakeOpenAI
) -> None:
    model.answer = lambda request: Reply(WRITTEN, pause=0.1)
    with page_at(browser, composing.address, "en-US") as page:
        assert page.locator(".asking-with .model").inner_text() == say(
            "model_line", "en", model="test-model", host=f"127.0.0.1:{model.server_port}"
        )
        send(page, ENGLISH)
        page.wait_for_selector(".turn.running .sources")
        provisional = page.locator(".turn.running .provisional")
        expect(provisional).to_contain_text(GOOD[:12])
        assert say("unchecked", "en") in provisional.inner_text()
        assert page.locator("a.cite").count() == 0
        is_answered(page)
        assert page.locator(".provisional").count() == 0
        assert GOOD in page.locator(".sentence.written.supported").inner_text()
        assert dossier_of(page)["answer"]["mode"] == "composed"
        assert GOOD in page.locator("#live").inner_text()
        assert open_each_citation(page) > 0


def test_an_answer_is_stopped_while_it_is_written(browser: Browser, composing: Server, model: FakeOpenAI) -> None:
    model.answer = lambda request: SLOW
    model.stopped.clear()
    with page_at(browser, composing.address, "en-US") as page:
        send(page, ENGLISH)
        expect(page.locator(".turn.running .provisional")).to_be_visible()
        page.click(".turn .stop")
        page.wait_for_selector(".turn.stopped")
        assert say("stopped", "en") in page.locator(".turn").inner_text()
        assert page.locator(".asked").all_inner_texts() == [ENGLISH]
        assert model.stopped.wait(10)
        model.answer = lambda request: Reply(WRITTEN)
        page.click(".turn .again")
        page.wait_for_selector("#t2")
        is_answered(page)
        assert GOOD in page.locator("#t2").inner_text()


@pytest.mark.parametrize(
    ("reply", "cause"), [(Reply(status=500), "server_error"), (Reply(WRITTEN, cut_after=3), "cut")]
)
def test_without_its_model_the_page_answers_in_the_articles_words(
    browser: Browser, composing: Server, model: FakeOpenAI, reply: Reply, cause: str
) -> None:
    model.answer = lambda request: reply
    host = f"127.0.0.1:{model.server_port}"
    with page_at(browser, composing.address, "en-US") as page:
        ask(page, ENGLISH)
        notice = say("model_notice", "en", host=host, cause=say(f"model_{cause}", "en"))
        assert notice in page.locator(".turn .notice").all_inner_texts()
        assert dossier_of(page)["answer"]["mode"] == "extractive"
        assert open_each_citation(page) > 0


# The connection


def test_a_server_killed_in_mid_answer_keeps_the_question(
    browser: Browser, composing: Server, model: FakeOpenAI
) -> None:
    model.answer = lambda request: SLOW
    with page_at(browser, composing.address, "en-US", failing=NO_SERVER) as page:
        send(page, ENGLISH)
        expect(page.locator(".turn.running .provisional")).to_be_visible()
        composing.kill()
        expect(page.locator("#warning")).to_have_text(say("lost_connection", "en"))
        assert page.locator(".asked").all_inner_texts() == [ENGLISH]

        page.click('a[data-room="library"]')
        page.set_input_files("#files", LAKE)
        expect(page.locator("#jobs")).to_be_empty()
        expect(page.locator("#warning")).to_have_text(say("lost_connection", "en"))
        page.click('a[data-room="ask"]')

        composing.start()
        page.wait_for_selector(".turn.stopped .again", timeout=30_000)
        assert not page.locator("#warning").is_visible()
        model.answer = lambda request: Reply(WRITTEN)
        page.click(".turn .again")
        page.wait_for_selector("#t2")
        is_answered(page)
        assert page.locator("#t2 .asked").inner_text() == ENGLISH
        assert GOOD in page.locator("#t2").inner_text()


def test_a_question_that_could_not_be_sent_stays_in_its_box(browser: Browser, composing: Server) -> None:
    with page_at(browser, composing.address, "en-US", failing=NO_SERVER) as page:
        page.context.set_offline(True)
        page.fill("#question textarea", ARABIC)
        page.press("#question textarea", "Enter")
        expect(page.locator("#warning")).to_have_text(say("lost_connection", "en"))
        expect(page.locator("#question textarea")).to_have_value(ARABIC)
        page.context.set_offline(False)
        page.press("#question textarea", "Enter")
        page.wait_for_selector("#t1")
        is_answered(page)
        assert page.locator(".asked").all_inner_texts() == [ARABIC]
        assert not page.locator("#warning").is_visible()
        expect(page.locator("#question textarea")).to_have_value("")


def test_an_answer_that_came_while_nobody_listened_is_found(
    browser: Browser, composing: Server, model: FakeOpenAI
) -> None:
    model.answer = lambda request: Reply(WRITTEN, pause=0.1)
    with page_at(browser, composing.address, "en-US") as page:
        send(page, ENGLISH)
        page.wait_for_selector(".turn.running")
        place = page.url
        page.goto("about:blank")
        page.goto(place)
        is_ready(page)
        assert page.locator(".asked").all_inner_texts() == [ENGLISH]
        page.wait_for_selector(".turn.answered")
        assert GOOD in page.locator(".turn").inner_text()
        assert page.locator(".turn").count() == 1


# The library


def test_a_library_that_another_process_writes_to(browser: Browser, composing: Server, model: FakeOpenAI) -> None:
    busy = f"The library at {composing.library.name} is being written by another process"
    model.answer = lambda request: Reply(WRITTEN)
    with page_at(browser, composing.address, "en-US", failing="status of 409") as page:
        with Library.open(composing.library) as library, writing(library):
            ask(page, ENGLISH)
            assert open_each_citation(page) > 0
            page.click('a[data-room="library"]')
            page.locator("#rows .article").filter(has_text="09-ferry.txt").click()
            page.wait_for_selector("#panel .particulars")
            page.click("#panel .mend summary")
            page.fill('form.edit input[name="title"]', "The ferry")
            page.click('form.edit button[type="submit"]')
            expect(page.locator("form.edit .problem")).to_contain_text(busy, timeout=10_000)
            page.once("dialog", lambda dialog: dialog.accept())
            page.click("#panel button.remove")
            expect(page.locator("#warning")).to_contain_text(busy, timeout=10_000)
            page.set_input_files("#files", LAKE)
            page.wait_for_selector('.job[data-state="failed"]', timeout=20_000)
            assert busy in page.locator(".job .problem").inner_text()
        page.click('form.edit button[type="submit"]')
        expect(page.locator("#panel .title")).to_have_text("The ferry")


def test_a_library_damaged_while_it_is_served(browser: Browser, demo_copy: Path) -> None:
    with (
        serving(demo_copy) as server,
        page_at(browser, server.address, "en-US", failing="status of 503") as page,
    ):
        ask(page, ENGLISH)
        (demo_copy / LIBRARY_FILE).write_bytes(b"no database " * 2000)
        ask(page, ENGLISH + " Really?")
        told = page.locator(".turn.failed").inner_text()
        assert demo_copy.name in told
        assert str(demo_copy.parent) not in told  # where it lies is not for whoever asks
        page.click('a[data-room="library"]')
        eventually(lambda: demo_copy.name in warning(page))
        page.reload()


def test_damaged_conversations_are_told_and_the_articles_still_answer(browser: Browser, demo_copy: Path) -> None:
    damaged = demo_copy / CONVERSATIONS_FILE
    damaged.write_bytes(b"no database " * 2000)
    with serving(demo_copy) as server:
        answered = httpx.post(f"{server.address}api/ask", json={"question": ENGLISH}, timeout=60)
        assert answered.json()["status"] == "answered"
        with page_at(browser, server.address, "en-US", failing="status of 503") as page:
            eventually(lambda: damaged.name in warning(page), "the damage is not told")
    assert damaged.read_bytes() == b"no database " * 2000
