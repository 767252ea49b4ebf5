"""The page in a real browser: the library's room, where articles are added, found, mended and taken out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from shawahid.ingest.errors import LibraryBusy
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest
from shawahid.prompts import say

from ..conftest import Write
from ..doubles.browser import (
    ARABIC,
    Server,
    ask,
    dossier_of,
    highlighted,
    is_ready,
    needs_browser,
    open_each_citation,
    page_at,
    serving,
)
from ..doubles.waiting import eventually

pytestmark = needs_browser

MINE = "The Qarn copper mine employs 310 miners. Its shafts were flooded on Monday. The union asked for new pumps."
MINERS = "How many miners does the Qarn copper mine employ?"
BAD = ("broken.pdf", b"%PDF-1.4 this is no document")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The page on a small library that these tests change; each brings the articles that it changes."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "lake.md").write_text("---\ntitle: Lake\noutlet: Hill Post\n---\nThe lake of Tal froze in January.")
    with Library.open(folder / "library", create=True) as library:
        ingest(library, [folder / "lake.md"])
    with serving(folder / "library") as server:
        yield server


def files(*named: tuple[str, str | bytes]) -> Any:
    """What a file chooser gives to the page."""
    contents = ((name, content if isinstance(content, bytes) else content.encode()) for name, content in named)
    return [{"name": name, "mimeType": "application/octet-stream", "buffer": buffer} for name, buffer in contents]


def upload(page: Page, *named: tuple[str, str | bytes]) -> None:
    """Choose files in the library's room, and wait until they can be found in every way."""
    if page.get_attribute("body", "data-room") != "library":
        page.click('a[data-room="library"]')
    page.locator("#jobs").evaluate("jobs => jobs.replaceChildren()")
    page.set_input_files("#files", files(*named))
    page.wait_for_selector('.job[data-state="done"], .job[data-state="failed"]', timeout=60_000)


def open_article(page: Page, name: str) -> None:
    page.click('a[data-room="library"]')
    page.locator("#rows .article").filter(has_text=name).click()
    page.wait_for_selector("#panel .particulars")


def mend(page: Page, **fields: str) -> None:
    if not page.locator("form.edit").is_visible():
        page.click("#panel .mend summary")
    for name, value in fields.items():
        page.fill(f'form.edit input[name="{name}"]', value)
    page.click('form.edit button[type="submit"]')


def test_an_empty_library_says_how_to_begin_and_takes_the_demo(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path / "empty") as server, page_at(browser, server.address) as page:
        assert say("first_empty", "ar") in page.locator(".first").inner_text()
        assert page.locator(".holdings").inner_text() == say("no_articles_short", "ar")
        ask(page, ARABIC)
        assert say("no_articles", "ar") in page.locator(".turn").inner_text()
        page.click(".rail .new")
        page.click("button.demo")
        page.wait_for_selector('.job[data-state="embedding"], .job[data-state="done"]')
        page.click('a[data-room="ask"]')
        ask(page, ARABIC)  # at once, while meanings are still being learned
        assert open_each_citation(page) > 0
        page.click('a[data-room="library"]')
        page.wait_for_selector('.job[data-state="done"]', timeout=60_000)
        expect(page.locator(".holdings")).to_have_text(say("library_line", "ar", articles=14, outlets=5))
        assert page.locator("#rows .article").count() == 14


def test_good_files_are_taken_in_and_a_bad_one_is_told(browser: Browser, own: Server) -> None:
    with page_at(browser, own.address, "en-US") as page:
        upload(page, ("mine.txt", MINE), BAD, ("note.xyz", "what is this?"), ("كتاب.txt", "فُتح معرض الكتاب في التل."))
        report = page.locator(".job .report li")
        assert report.count() == 4
        assert [one.get_attribute("class") for one in report.all()] == ["added", "failed", "failed", "added"]
        assert page.locator(".job .failed .reason").count() == 2
        assert "broken.pdf" in page.locator(".job .failed").first.inner_text()
        expect(page.locator("#rows .article").filter(has_text="mine.txt")).to_be_visible()
        page.click('a[data-room="ask"]')
        ask(page, MINERS)
        assert "310 miners" in page.locator(".sentence").first.inner_text()
        assert open_each_citation(page) > 0
        upload(page, ("mine.txt", MINE))
        assert page.locator(".job .unchanged .outcome").inner_text() == say("outcome_unchanged", "en")


def test_an_upload_of_which_nothing_could_be_read_has_failed(browser: Browser, own: Server) -> None:
    with page_at(browser, own.address) as page:
        page.click('a[data-room="library"]')
        page.wait_for_selector("#rows .article")
        before = page.locator("#rows .article").count()
        upload(page, BAD)
        assert page.locator(".job .state").inner_text() == say("job_failed", "ar")
        assert page.locator("#rows .article").count() == before


def test_more_than_can_be_sent_is_told_before_it_is_sent(browser: Browser, own: Server) -> None:
    with page_at(browser, own.address) as page:
        page.click('a[data-room="library"]')
        page.locator(".masthead").evaluate("masthead => (masthead.dataset.mostBytes = 10)")
        page.set_input_files("#files", files(("a.txt", "خمسة"), ("b.txt", "ستة")))
        expect(page.locator("#warning")).to_have_text(say("too_large", "ar"))
        assert page.locator(".job").count() == 0


def test_articles_are_found_and_put_in_order(browser: Browser, own: Server) -> None:
    with page_at(browser, own.address, "en-US") as page:
        upload(
            page,
            ("s1.md", "---\ntitle: Zinc rises\noutlet: Ore Daily\ndate: 2021-05-01\n---\nZinc rose by a tenth."),
            ("s2.md", "---\ntitle: Amber falls\noutlet: Ore Daily\ndate: 2020-05-01\n---\nAmber fell by a third."),
        )
        titles = page.locator("#rows .title")
        page.fill('.browse input[type="search"]', "ore daily")
        expect(titles).to_have_count(2)
        page.select_option(".browse select", "title")
        expect(titles).to_have_text(["Amber falls", "Zinc rises"])
        page.check('.browse input[name="descending"]')
        expect(titles).to_have_text(["Zinc rises", "Amber falls"])
        page.fill('.browse input[type="search"]', "no such article")
        expect(page.locator("#rows .none")).to_be_visible()


def test_a_long_list_is_turned_page_by_page(browser: Browser, tmp_path: Path) -> None:
    records = "".join(f"Report {number:03},Harbour report number {number}.\n" for number in range(1, 206))
    (tmp_path / "reports.csv").write_text(f"title,text\n{records}")
    with Library.open(tmp_path / "library", create=True) as library:
        ingest(library, [tmp_path / "reports.csv"], embed=False)
    with serving(tmp_path / "library") as server, page_at(browser, server.address, "en-US") as page:
        titles, shown = page.locator("#rows .title"), page.locator("#rows .page")

        def expect_page(number: int, first: str, count: int) -> None:
            expect(shown).to_have_value(str(number))
            expect(titles.first).to_have_text(first)
            assert titles.count() == count

        page.click('a[data-room="library"]')
        page.select_option(".browse select", "title")
        expect_page(1, "Report 001", 100)
        assert page.locator(".turn-page.before").is_disabled()
        page.click(".turn-page.after")
        expect_page(2, "Report 101", 100)
        assert page.evaluate("document.activeElement.innerText").startswith("Report 101")
        page.fill("#rows .page", "3")
        page.press("#rows .page", "Enter")
        expect_page(3, "Report 201", 5)
        assert page.locator(".turn-page.after").is_disabled()
        page.fill("#rows .page", "7")
        page.press("#rows .page", "Enter")
        expect(titles.first).to_have_text("Report 201")
        page.click("#rows .article >> nth=0")
        mend(page, outlet="Tal Post")
        expect(page.locator("#rows .facts").first).to_contain_text("Tal Post")
        expect_page(3, "Report 201", 5)
        page.fill('.browse input[type="search"]', "report 20")
        expect(titles).to_have_count(8)  # 020, 120 and 200 to 205
        assert page.locator("#rows .pages").count() == 0


def test_what_is_known_of_an_article_is_mended(browser: Browser, own: Server) -> None:
    with page_at(browser, own.address, failing="status of 422") as page:
        upload(page, ("pier.txt", "أُغلق رصيف القرن أمام السفن يوم الاثنين بسبب العاصفة."))
        open_article(page, "pier.txt")
        mend(page, title="رصيف القرن", date="أمس")
        expect(page.locator("form.edit .problem")).to_contain_text("أمس")
        assert page.input_value('form.edit input[name="title"]') == "رصيف القرن"
        mend(page, date="2024-03", outlet="بريد التل", url="https://example.org/pier")
        expect(page.locator("#panel .title")).to_have_text("رصيف القرن")
        expect(page.locator("#rows .article").filter(has_text="بريد التل")).to_have_count(1)
        assert page.locator("#panel a.original").get_attribute("rel") == "noopener noreferrer"
        page.click('a[data-room="ask"]')
        page.click(".filters summary")
        page.check('.narrow input[value="بريد التل"]')
        ask(page, "لماذا أُغلق رصيف القرن؟")
        (citation,) = dossier_of(page)["answer"]["citations"]
        assert (citation["title"], citation["outlet"], citation["date"]) == ("رصيف القرن", "بريد التل", "2024-03")
        open_article(page, "pier.txt")
        mend(page, title="", outlet="")
        expect(page.locator("#rows .article").filter(has_text="بريد التل")).to_have_count(0)
        expect(page.locator("#panel .title")).to_have_count(0)


def test_one_article_alone_is_asked(browser: Browser, own: Server) -> None:
    same = "The Tal bridge carries {} cars a day."
    with page_at(browser, own.address, "en-US") as page:
        upload(page, ("bridge-a.txt", same.format(900)), ("bridge-b.txt", same.format(700)))
        open_article(page, "bridge-b.txt")
        page.click("#panel button.only")
        assert page.locator(".chips li").count() == 1
        ask(page, "How many cars does the Tal bridge carry a day?")
        assert [one["source"].endswith("bridge-b.txt") for one in dossier_of(page)["answer"]["citations"]] == [True]
        page.click(".chips button")
        ask(page, "How many cars does the Tal bridge carry a day?")
        assert len(dossier_of(page)["answer"]["citations"]) == 2


def test_an_article_changed_and_then_removed_after_it_was_cited(browser: Browser, own: Server, write: Write) -> None:
    with page_at(browser, own.address, "en-US") as page:
        take_in(own, write("cited.txt", MINE.replace("Qarn", "Sahl")))
        ask(page, MINERS.replace("Qarn", "Sahl"))
        place = page.url
        citation = next(one for one in dossier_of(page)["answer"]["citations"] if "Sahl" in one["quote"])

        take_in(own, write("cited.txt", MINE.replace("Qarn", "Sahl").replace("310", "415")))
        page.click(f'a.cite[data-cite="{citation["number"]}"]')
        page.wait_for_selector("a.cite.current")
        assert highlighted(page) == citation["quote"]
        assert say("text_past", "en") in page.locator("#panel header").inner_text()

        open_article(page, "cited.txt")
        assert "415" in page.locator("#panel").inner_text()
        page.once("dialog", lambda dialog: dialog.dismiss())
        page.click("#panel button.remove")
        expect(page.locator("#rows .article").filter(has_text="cited.txt")).to_have_count(1)
        page.once("dialog", lambda dialog: dialog.accept())
        page.click("#panel button.remove")
        expect(page.locator("#rows .article").filter(has_text="cited.txt")).to_have_count(0)
        assert not page.locator("#panel").is_visible()
        page.goto("about:blank")
        page.goto(f"{place}/{citation['number']}")
        is_ready(page)
        assert highlighted(page) == citation["quote"]
        assert say("text_removed", "en") in page.locator("#panel header").inner_text()
        ask(page, MINERS.replace("Qarn", "Sahl"))
        assert "Sahl" not in "".join(one["quote"] for one in dossier_of(page)["answer"]["citations"])


def take_in(server: Server, path: Path) -> None:
    """What `shawahid ingest` does beside the server, as soon as that is not writing itself."""

    def taken() -> bool:
        with Library.open(server.library) as library:
            try:
                ingest(library, [path])
            except LibraryBusy:
                return False
        return True

    eventually(taken)
