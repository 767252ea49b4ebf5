"""The page in a real browser: conversations that stay, found again, rated, deleted, and nobody else's."""

import json
import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from shawahid.prompts import say

from ..conftest import Run
from ..doubles.browser import (
    ARABIC,
    ENGLISH,
    Server,
    ask,
    dossier_of,
    highlighted,
    is_ready,
    needs_browser,
    open_page,
    page_at,
    person,
)
from ..doubles.waiting import eventually

pytestmark = needs_browser

NOT_FOUND = "status of 404"


def test_a_conversation_is_resumed_after_the_page_is_loaded_anew(browser: Browser, demo_server: Server) -> None:
    with page_at(browser, demo_server.address) as page:
        ask(page, "هل هناك خطة لإقامة فندق مكان سوق السمك؟")
        shown = page.locator(".turn .answer").inner_text()
        page.reload()
        is_ready(page)
        assert page.locator(".turn .answer").inner_text() == shown
        ask(page, "ومن نفاه؟")
        assert "نفى صندوق" in page.locator(".turn").nth(1).inner_text()
        page.goto(demo_server.address)
        is_ready(page)
        assert page.locator(".turn").count() == 0
        page.click(".conversations a")
        page.wait_for_selector("#t2")
        assert page.locator(".asked").all_inner_texts() == ["هل هناك خطة لإقامة فندق مكان سوق السمك؟", "ومن نفاه؟"]
        expect(page.locator(".conversations a[aria-current]")).to_have_count(1)


def test_back_and_forth_between_rooms_and_conversations(browser: Browser, demo_server: Server) -> None:
    with page_at(browser, demo_server.address, "en-US") as page:
        ask(page, ENGLISH)
        page.click(".rail .new")
        page.wait_for_selector(".first")
        page.click('a[data-room="library"]')
        page.wait_for_selector("#rows .article")
        page.go_back()
        page.wait_for_selector(".first")
        assert not page.locator("#room").is_visible()
        page.go_back()
        page.wait_for_selector(".turn.answered")
        assert page.locator(".asked").all_inner_texts() == [ENGLISH]
        page.go_forward()
        page.wait_for_selector(".first")
        assert page.locator(".turn").count() == 0


def test_conversations_are_renamed_searched_and_deleted(browser: Browser, demo_server: Server) -> None:
    with page_at(browser, demo_server.address, "en-US") as page:
        ask(page, ARABIC)
        quotes = " ".join(one["quote"] for one in dossier_of(page)["answer"]["citations"])
        page.click(".rail .new")
        page.wait_for_selector(".first")
        ask(page, ENGLISH)
        titles = page.locator(".conversations a")
        expect(titles).to_have_text([ENGLISH, ARABIC])

        page.once("dialog", lambda dialog: dialog.accept("  Ferries <b>and</b> piers "))
        page.locator(".conversations li").first.hover()
        page.locator(".rename").first.click()
        expect(titles).to_have_text(["Ferries <b>and</b> piers", ARABIC])
        page.once("dialog", lambda dialog: dialog.dismiss())
        page.locator(".rename").first.click()

        word = max(set(re.findall(r"\w+", quotes)) - set(re.findall(r"\w+", ARABIC)), key=len)
        page.fill(".rail .find", word)
        expect(titles).to_have_text([ARABIC])
        page.fill(".rail .find", "piers")
        expect(titles).to_have_text(["Ferries <b>and</b> piers"])
        page.fill(".rail .find", "zebra")
        expect(page.locator(".rail .none")).to_be_visible()
        page.fill(".rail .find", "")
        expect(titles).to_have_count(2)

        page.locator(".conversations li").nth(1).hover()
        page.locator(".delete").nth(1).click()
        expect(titles).to_have_text(["Ferries <b>and</b> piers"])
        assert page.locator(".asked").all_inner_texts() == [ENGLISH]
        page.locator(".conversations li").first.hover()
        page.locator(".delete").first.click()
        page.wait_for_selector(".first")
        expect(titles).to_have_count(0)


def test_deleting_can_be_undone_until_it_is_done(browser: Browser, demo_server: Server) -> None:
    with page_at(browser, demo_server.address, "en-US", 390, 844) as page:
        titles = page.locator(".conversations a")
        for question in (ENGLISH, ARABIC):
            if page.locator(".turn").count():
                page.evaluate("location.hash = '#ask'")
                page.wait_for_selector(".first")
            ask(page, question)
        page.click(".rail-toggle")
        rename, delete = (page.locator(f".conversations {one}").first.bounding_box() for one in (".rename", ".delete"))
        assert rename
        assert delete
        assert min(rename["width"], rename["height"], delete["width"], delete["height"]) >= 44
        assert delete["x"] - rename["x"] - rename["width"] >= 8
        page.locator(".delete").first.click()
        expect(titles).to_have_text([ENGLISH])
        page.wait_for_selector(".first")
        page.locator("#toast button").press("Enter")
        page.wait_for_selector(".turn.answered")
        expect(titles).to_have_text([ARABIC, ENGLISH])
        page.reload()
        is_ready(page)
        expect(titles).to_have_text([ARABIC, ENGLISH])

        page.click(".rail-toggle")
        page.locator(".delete").nth(1).click()
        page.goto("about:blank")  # left before the ten seconds: it is done at once

        def left() -> bool:
            page.goto(demo_server.address)
            is_ready(page)
            page.wait_for_selector(".conversations a", state="attached")
            return titles.all_text_contents() == [ARABIC]

        eventually(left, "it is not deleted")


def test_all_conversations_are_deleted_after_a_question(browser: Browser, demo_server: Server) -> None:
    with page_at(browser, demo_server.address, failing=NOT_FOUND) as page:
        ask(page, ARABIC)
        place = page.url
        page.once("dialog", lambda dialog: dialog.dismiss())
        page.click(".rail .forget")
        page.reload()
        is_ready(page)
        assert page.locator(".turn").count() == 1
        page.once("dialog", lambda dialog: dialog.accept())
        page.click(".rail .forget")
        page.wait_for_selector(".first")
        expect(page.locator(".conversations a")).to_have_count(0)
        page.goto("about:blank")
        page.goto(place)
        is_ready(page)
        assert page.locator(".shut p").inner_text() == say("conversation_unknown", "ar")
        page.click(".shut .new")
        page.wait_for_selector(".first h2")


def test_an_address_opens_the_citation_in_a_fresh_tab(browser: Browser, demo_server: Server) -> None:
    with page_at(browser, demo_server.address) as page:
        ask(page, ENGLISH)
        ask(page, ARABIC)
        citation = dossier_of(page)["answer"]["citations"][1]
        page.locator('#t2 .sentence a.cite[data-cite="2"]').first.click()
        page.wait_for_selector("#panel mark")
        assert re.search(r"#c/[\w-]+/2/2$", page.url)
        fresh = open_page(page.context, page.url)
        fresh.wait_for_selector('a.current[data-turn="2"][data-cite="2"]')
        assert highlighted(fresh) == citation["quote"]
        expect(fresh.locator("#panel mark")).to_be_in_viewport()
        expect(fresh.locator("#t2 .asked")).to_be_in_viewport()
        assert fresh.locator(".turn.answered").count() == 2


def test_two_people_at_once_never_see_each_others_conversations(browser: Browser, demo_server: Server) -> None:
    with person(browser) as one, person(browser, "en-US", failing=NOT_FOUND) as other:
        first, second = open_page(one, demo_server.address), open_page(other, demo_server.address)
        for question in (ARABIC, "هل هناك خطة لإقامة فندق مكان سوق السمك؟"):
            ask(first, question)
            ask(second, ENGLISH)
        titles = [page.locator(".conversations a").all_inner_texts() for page in (first, second)]
        assert titles == [[ARABIC], [ENGLISH]]
        assert ARABIC not in second.content()
        second.fill(".rail .find", "سوق")
        expect(second.locator(".rail .none")).to_be_visible()

        place = first.url.partition("#c/")[2]
        second.goto(first.url)
        second.reload()
        is_ready(second)
        assert second.locator(".shut p").inner_text().startswith("This conversation cannot be opened here")
        assert second.locator(".turn").count() == 0
        conversation, turn = place.split("/")
        for method, path in (
            ("GET", f"conversations/{conversation}"),
            ("GET", f"conversations/{conversation}/{turn}"),
            ("GET", f"conversations/{conversation}/{turn}/evidence/1"),
            ("GET", f"dossiers/{conversation}/{turn}.json"),
            ("DELETE", f"conversations/{conversation}"),
        ):
            assert other.request.fetch(demo_server.address + path, method=method).status == 404
        renamed = other.request.put(f"{demo_server.address}conversations/{conversation}", data={"title": "mine"})
        rated = other.request.put(
            f"{demo_server.address}conversations/{place}/rating", data={"thumb": -1, "reason": "bad"}
        )
        asked = other.request.post(
            f"{demo_server.address}questions", data={"question": ENGLISH, "conversation": conversation}
        )
        assert (renamed.status, rated.status, asked.status) == (404, 404, 404)
        second.goto(demo_server.address)
        is_ready(second)
        second.once("dialog", lambda dialog: dialog.accept())
        second.click(".rail .forget")
        expect(second.locator(".conversations a")).to_have_count(0)

        first.reload()
        is_ready(first)
        assert first.locator(".turn.answered").count() == 2
        assert first.locator(".conversations a").all_inner_texts() == [ARABIC]
        assert first.locator('.thumb[aria-pressed="true"]').count() == 0


def test_a_thumb_with_its_reason_is_kept_and_exported(browser: Browser, demo_server: Server, shawahid: Run) -> None:
    def exported() -> list[tuple[str, int, str]]:
        lines = shawahid("--library", str(demo_server.library), "feedback").stdout.splitlines()
        rated = [(one["question"], one["thumb"], one["reason"]) for one in map(json.loads, lines)]
        return [one for one in rated if one[2] in {"الرقم ناقص <b>", "good after all"}]

    with page_at(browser, demo_server.address, "en-US") as page:
        ask(page, ARABIC)
        page.set_viewport_size({"width": 390, "height": 844})
        page.click(".thumb.down")
        expect(page.locator("form.why button")).to_be_in_viewport(ratio=1)
        page.fill('form.why input[name="reason"]', "الرقم ناقص <b>")
        page.click("form.why button")
        expect(page.locator("form.why")).to_be_hidden()
        expect(page.locator(".thanks")).to_have_text(say("thumb_thanks", "en"))
        expect(page.locator(".thanks")).to_be_in_viewport()
        page.set_viewport_size({"width": 1440, "height": 900})
        eventually(lambda: exported() == [(ARABIC, -1, "الرقم ناقص <b>")])
        page.reload()
        is_ready(page)
        assert page.get_attribute(".thumb.down", "aria-pressed") == "true"
        page.click(".thumb.up")
        assert page.input_value('form.why input[name="reason"]') == "الرقم ناقص <b>"
        page.fill('form.why input[name="reason"]', "good after all")
        page.keyboard.press("Enter")
        eventually(lambda: exported() == [(ARABIC, 1, "good after all")])
        page.click(".thumb.up")
        assert page.locator('.thumb[aria-pressed="true"]').count() == 0
        eventually(lambda: exported() == [])


def test_what_is_exported_says_nothing_of_whose_it_is(
    browser: Browser, demo_server: Server, shawahid: Run, tmp_path: Path
) -> None:
    with page_at(browser, demo_server.address) as page:
        ask(page, ENGLISH)
        with page.expect_response(re.compile("rating")):
            page.click(".thumb.up")
        (cookie,) = page.context.cookies()
        conversation = page.url.partition("#c/")[2].partition("/")[0]
        held = dossier_of(page)
    written = tmp_path / "rated.jsonl"
    shawahid("--library", str(demo_server.library), "feedback", "-o", str(written))
    text = written.read_text(encoding="utf-8")
    assert held["sha256"] in [json.loads(line)["dossier"]["sha256"] for line in text.splitlines()]
    assert cookie.get("value", "") not in text
    assert conversation not in text
