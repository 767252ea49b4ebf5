"""The page in a real browser: asking, reading what is answered, opening each citation at its very words."""

import io
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.dossier.file import open_dossier
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest
from shawahid.prompts import say

from ..conftest import GOLD, needs_seeds
from ..doubles.browser import (
    ARABIC,
    ENGLISH,
    UNANSWERED,
    Server,
    ask,
    dossier_of,
    highlighted,
    is_answered,
    is_ready,
    needs_browser,
    open_each_citation,
    open_page,
    page_at,
    serving,
)
from ..doubles.waiting import eventually

pytestmark = needs_browser

IMAGE = '<img src="http://evil.example/x.png" onerror="window.ran=1">'
HOSTILE = f"أعلن المرصد {IMAGE} كسوفا <script>window.ran=1</script> يوم الأحد."
LONG = "كسوف" * 1250
TWICE = "When will the ferry run again and how many passengers can it carry?"  # one article answers both
REVERSED = "\u202eتقرير المرصد\u202c \u2066عن الكسوف"


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The page on hostile articles, and on four that dispute a number."""
    folder = tmp_path_factory.mktemp("odd")
    title, outlet = "'<b onclick=alert(1)>عنوان</b>'", "'\"><i>صحيفة'"
    texts = {
        "a.md": f"---\ntitle: {title}\noutlet: {outlet}\nurl: 'javascript:alert(1)'\n---\n{HOSTILE}",
        "b.md": f"---\ntitle: {REVERSED} {LONG}\noutlet: {LONG}\n---\nرصد المرصد {LONG} ظاهرة نادرة فوق الجبل.",
    }
    for name, date, number in (("North", "2024-05-02", 40), ("South", "2024-05-01", 55), ("East", "2024-05", 70)):
        texts[f"{name}.md"] = (
            f"---\noutlet: {name} Gazette\ndate: {date}\n---\nThe fire at the Qarn depot injured {number} people."
        )
    texts["undated.md"] = (
        "---\noutlet: West Gazette\ncaptured: 2024-06-03\n---\nThe fire at the Qarn depot injured 12 people."
    )
    (folder / "articles").mkdir()
    for name, text in texts.items():
        (folder / "articles" / name).write_text(text, encoding="utf-8")
    with Library.open(folder / "library", create=True) as library:
        ingest(library, [folder / "articles"])
    with serving(folder / "library") as server:
        yield server


@pytest.fixture(scope="module")
def seeds_server(seeds_folder: Path) -> Iterator[Server]:
    with serving(seeds_folder) as server:
        yield server


# Citations


@pytest.mark.parametrize(("locale", "question"), [("ar-EG", ARABIC), ("en-US", ENGLISH), ("en-US", ARABIC)])
@pytest.mark.parametrize("width", [1440, 390])
def test_each_citation_opens_the_article_at_the_very_words(
    browser: Browser, demo_server: Server, demo: Assistant, locale: str, question: str, width: int
) -> None:
    with page_at(browser, demo_server.address, locale, width) as page:
        ask(page, question)
        assert dossier_of(page)["answer"] == json.loads(json.dumps(demo.ask(question).to_json()))
        assert open_each_citation(page) > 0


@needs_seeds
def test_each_citation_of_each_gold_question_opens_at_the_very_words(browser: Browser, seeds_server: Server) -> None:
    """Each is asked once, and read on the page in both languages."""
    rows = [json.loads(line) for line in (GOLD / "questions.jsonl").read_text(encoding="utf-8").splitlines()]
    cited = {"rtl": 0, "ltr": 0}
    address = seeds_server.address
    with page_at(browser, address, width=1300) as page, page_at(browser, address, "en-US", width=1300) as english:
        (cookie,) = page.context.cookies()
        english.context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": address}])  # one reader
        for row in rows:
            page.click(".rail .new")
            page.wait_for_selector(".first")
            for question in (*row["history"], row["question"]):
                ask(page, question)
            english.evaluate("place => { location.hash = new URL(place).hash }", page.url)
            turn = page.locator(".turn").last
            place = [f'[{name}="{turn.get_attribute(name)}"]' for name in ("data-conversation", "data-turn")]
            english.wait_for_selector(f".turn{''.join(place)}")
            for shown_by, direction in ((page, "rtl"), (english, "ltr")):
                assert shown_by.get_attribute("html", "dir") == direction
                answer = dossier_of(shown_by)["answer"]
                assert answer["question"] == row["question"]
                shown = shown_by.locator(".turn").last.locator(".sentence").all_text_contents()
                assert len(shown) == len(answer["sentences"])
                assert all(any(one["text"] in text for text in shown) for one in answer["sentences"])
                cited[direction] += open_each_citation(shown_by, by_hand=False)
    assert min(cited.values()) > len(rows)


def test_a_correction_opens_at_the_words_that_correct(browser: Browser, demo_server: Server, demo: Assistant) -> None:
    question = "كم تبلغ كلفة السوق الجديد في النورس؟"
    told = [one for corrections in demo.ask(question).corrections_to_tell().values() for one in corrections]
    with page_at(browser, demo_server.address) as page:
        ask(page, question)
        link = page.locator("a.corrected")
        assert link.count() == len(told) == 1
        assert link.inner_text().startswith(say("was_corrected", "ar", words="").rstrip())
        assert told[0].quote in link.inner_text()
        link.click()
        page.wait_for_selector("a.corrected.current")
        assert highlighted(page) == told[0].quote


def test_a_mark_shows_its_source_before_it_is_clicked(browser: Browser, demo_server: Server) -> None:
    with page_at(browser, demo_server.address) as page:
        ask(page, ARABIC)
        for number, one in enumerate(dossier_of(page)["answer"]["citations"], start=1):
            page.hover(f'.sentence a.cite[data-cite="{number}"]')
            expect(page.locator("#peek q")).to_have_text(one["quote"])
        page.keyboard.press("Escape")
        assert not page.locator("#peek").is_visible()


def test_the_citations_are_walked_through_in_the_panel(browser: Browser, demo_server: Server) -> None:
    with page_at(browser, demo_server.address) as page:
        ask(page, ARABIC)
        first, second = dossier_of(page)["answer"]["citations"][:2]
        page.locator("a.cite").first.click()
        page.click("#panel .step.after")
        page.wait_for_selector('a.current[data-cite="2"]')
        assert highlighted(page) == second["quote"]
        page.go_back()
        page.wait_for_selector('a.current[data-cite="1"]')
        assert highlighted(page) == first["quote"]


def test_a_quote_is_copied_with_its_reference_and_an_answer_by_its_address(
    browser: Browser, demo_server: Server
) -> None:
    with page_at(browser, demo_server.address, "en-US") as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        ask(page, ENGLISH)
        page.locator("a.cite").first.click()
        page.click("#panel .copy")
        expect(page.locator("#toast")).to_have_text(say("copied", "en"))
        copied = page.evaluate("navigator.clipboard.readText()")
        (citation,) = dossier_of(page)["answer"]["citations"]
        assert citation["quote"] in copied
        assert citation["source"] in copied
        page.click(".turn .link")
        page.wait_for_function("navigator.clipboard.readText().then(text => text.startsWith('http'))")
        address = page.evaluate("navigator.clipboard.readText()")
        again = open_page(page.context, address)
        assert again.locator(".asked").all_inner_texts() == [ENGLISH]


def test_an_article_that_is_cited_often_is_one_source(browser: Browser, demo_server: Server) -> None:
    with page_at(browser, demo_server.address, "en-US") as page:
        ask(page, TWICE)
        citations = dossier_of(page)["answer"]["citations"]
        articles = {one["article"] for one in citations}
        assert len(articles) < len(citations)
        assert page.locator(".sources li").count() == len(articles)
        assert page.locator(".sources .numbers .cite").count() > 1
        assert open_each_citation(page) == len(citations)


@pytest.mark.parametrize("width", [390, 320])
def test_a_quote_of_the_other_language_is_a_block_in_its_own_direction(
    browser: Browser, demo_server: Server, width: int
) -> None:
    with page_at(browser, demo_server.address, "en-US", width) as page:
        ask(page, ARABIC)
        looks = "all => all.map(e => [getComputedStyle(e).display, getComputedStyle(e).direction])"
        page.click(".timeline summary")
        for part in (".compared .side", ".turn .sentence", ".timeline .said"):
            assert {tuple(one) for one in page.locator(part).evaluate_all(looks)} == {("block", "rtl")}, part
        fits(page)
        beyond = """box => { const at = e => e.getBoundingClientRect();
            return [...box.querySelectorAll("*")].filter(e => at(e).right > at(box).right || at(e).left < at(box).left)
                .length; }"""
        assert page.locator(".compared").evaluate(beyond) == 0


def test_back_on_a_phone_closes_the_sheet_of_the_evidence(browser: Browser, demo_server: Server) -> None:
    with page_at(browser, demo_server.address, width=390, height=844) as page:
        ask(page, ARABIC)
        for way in ("back", "by hand"):
            page.locator(".sentence a.cite").first.click()
            page.wait_for_selector("#panel mark")
            place = page.url
            page.click("#panel .step.after")
            page.wait_for_selector('a.current[data-cite="2"]')
            assert page.url != place
            if way == "back":
                page.go_back()
            else:
                page.click("#panel .close")
            expect(page.locator("#panel")).to_be_hidden()
            assert page.url == place.rpartition("/")[0]
        assert page.locator(".turn.answered").count() == 1


def test_the_answer_to_a_later_question_is_seen_from_its_start(browser: Browser, demo_server: Server) -> None:
    with page_at(browser, demo_server.address, width=390, height=844) as page:
        ask(page, ARABIC)
        ask(page, ENGLISH)
        tops = "[document.querySelector('#log'), document.querySelector('#t2')].map(e => e.getBoundingClientRect().top)"
        eventually(lambda: abs(page.evaluate(f"{tops}[0] - {tops}[1]")) < 12, "the question is not at the top")


def test_a_whole_conversation_is_printed(browser: Browser, demo_server: Server) -> None:
    with page_at(browser, demo_server.address, "en-US") as page:
        for question in (ARABIC, TWICE, "هل هناك خطة لإقامة فندق مكان سوق السمك؟", ENGLISH):
            ask(page, question)
        page.locator("a.cite").first.click()
        page.wait_for_selector("#panel mark")
        printed = PdfReader(io.BytesIO(page.pdf(format="A5")))
        text = " ".join("".join(sheet.extract_text() for sheet in printed.pages).split())
        quotes = [one["quote"] for one in dossier_of(page)["answer"]["citations"]]
    assert len(printed.pages) > 2
    assert TWICE in text
    assert all(" ".join(quote.split()) in text for quote in quotes)
    assert text.count("09-ferry.txt") >= 2
    assert say("copy_quote", "en") not in text


def test_when_an_article_was_collected_is_shown(browser: Browser, odd: Server) -> None:
    told = say("captured_on", "en", date="2024-06-03")
    with page_at(browser, odd.address, "en-US") as page:
        page.click('a[data-room="library"]')
        page.wait_for_selector("#rows .article")
        row = page.locator("#rows .article").filter(has_text=told)
        row.click()
        expect(page.locator("#panel .facts")).to_contain_text(told)


# The first minute


@pytest.mark.parametrize(("locale", "language"), [("ar-EG", "ar"), ("en-US", "en")])
def test_the_first_screen_says_what_to_do_and_one_click_gets_an_answer(
    browser: Browser, demo_server: Server, locale: str, language: str
) -> None:
    with page_at(browser, demo_server.address, locale, 390, 844) as page:
        assert say("welcome", "ar" if language == "ar" else "en") in page.locator(".first").inner_text()
        page.wait_for_selector(".suggested")
        suggestions = page.locator(".suggested").all_inner_texts()
        assert len(suggestions) >= 3
        assert page.locator(".leaving").inner_text() == say("sent_nothing", "ar" if language == "ar" else "en")
        page.locator(".suggested").first.click()
        is_answered(page)
        assert page.locator(".asked").all_inner_texts() == [suggestions[0]]
        assert page.locator(".turn.answered").count() == 1
        assert page.locator(".first").count() == 0
        assert page.input_value("#question textarea") == ""
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert open_each_citation(page) > 0


def test_while_no_questions_are_suggested_the_newest_articles_stand_there(
    browser: Browser, demo_server: Server
) -> None:
    with page_at(browser, demo_server.address, "en-US") as page:
        page.route("**/suggestions?*", lambda route: None)
        page.goto("about:blank")
        page.goto(demo_server.address)
        is_ready(page)
        expect(page.locator(".coming")).to_contain_text(say("suggestions_coming", "en"))
        assert page.locator(".newest a").count() == 4
        page.locator(".newest a").first.click()
        page.wait_for_selector("#panel article")
        page.unroute_all(behavior="ignoreErrors")


def test_two_directions_in_one_conversation(browser: Browser, demo_server: Server) -> None:
    with page_at(browser, demo_server.address) as page:
        assert page.evaluate("[document.documentElement.dir, document.documentElement.lang]") == ["rtl", "ar"]
        ask(page, ARABIC)
        ask(page, ENGLISH)
        for part in (".turn .asked", ".turn .answer", ".turn .sentence:first-of-type"):
            directions = page.locator(part).evaluate_all("all => all.map(e => getComputedStyle(e).direction)")
            assert (directions[0], directions[-1]) == ("rtl", "ltr")
        page.locator(".turn").last.locator("a.cite").first.click()
        page.wait_for_selector("#panel mark")
        assert left(page, "#chat") > left(page, "#panel")


def left(page: Page, selector: str) -> float:
    return float(page.locator(selector).evaluate("e => e.getBoundingClientRect().left"))


def test_the_language_is_switched_and_the_answer_stays(browser: Browser, demo_server: Server) -> None:
    with page_at(browser, demo_server.address, "en-US") as page:
        ask(page, ENGLISH)
        page.locator("a.cite").first.click()
        page.wait_for_selector("#panel mark")
        assert left(page, "#chat") < left(page, "#panel")
        page.click("a.language")
        page.wait_for_selector('html[data-ready][dir="rtl"]', state="attached")
        assert page.get_attribute("#question textarea", "placeholder") == say("question_placeholder", "ar")
        assert page.locator(".asked").all_inner_texts() == [ENGLISH]
        page.wait_for_selector("#panel mark")
        assert say("copy_quote", "ar") in page.locator("#panel .cited").inner_text()
        assert highlighted(page) == dossier_of(page)["answer"]["citations"][0]["quote"]
        page.click("a.language")
        page.wait_for_selector('html[data-ready][dir="ltr"]', state="attached")
        assert page.locator(".turn.answered").count() == 1


def test_all_can_be_done_by_keyboard(browser: Browser, demo_server: Server) -> None:
    focus = "document.activeElement"
    with page_at(browser, demo_server.address, "en-US") as page:
        page.locator("body").evaluate("() => document.activeElement.blur()")
        tab_to(page, ".skip")
        page.keyboard.press("Enter")
        assert page.evaluate(f"{focus}.tagName") == "TEXTAREA"
        page.keyboard.type(ENGLISH)
        page.keyboard.press("Enter")
        is_answered(page)
        assert page.evaluate(f"{focus}.tagName") == "TEXTAREA"
        tab_to(page, "a.cite", back=True)
        assert page.locator("#peek").is_visible()
        page.keyboard.press("Enter")
        page.wait_for_function(f"{focus}.tagName === 'MARK'")
        tab_to(page, "#panel .copy", back=True)
        page.keyboard.press("Escape")
        assert page.evaluate(f"{focus}.matches('a.cite')")
        assert not page.locator("#panel").is_visible()
        tab_to(page, ".thumb.up")
        page.keyboard.press("Space")
        tab_to(page, "form.why input")
        page.keyboard.type("clear")
        page.keyboard.press("Enter")
        assert not page.locator("form.why").is_visible()
        tab_to(page, ".filters summary")
        page.keyboard.press("Enter")
        tab_to(page, '.narrow input[name="outlet"]')
        page.keyboard.press("Space")
        assert page.locator(".chips li").count() == 1
        tab_to(page, 'a[data-room="library"]', back=True)
        page.keyboard.press("Enter")
        page.wait_for_selector("#rows .article")
        tab_to(page, "#rows .article")
        page.keyboard.press("Enter")
        page.wait_for_selector("#panel article")
        tab_to(page, "button.only", back=True)
        page.keyboard.press("Enter")
        page.wait_for_selector('body[data-room="ask"]')
        assert page.locator(".chips li").count() == 2


def tab_to(page: Page, selector: str, *, back: bool = False) -> None:
    """Press Tab until something of that kind is focused, and shows that it is."""
    for _ in range(80):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by Tab")


# Questions and answers


def test_what_the_articles_do_not_say(browser: Browser, demo_server: Server) -> None:
    with page_at(browser, demo_server.address) as page:
        ask(page, UNANSWERED)
        assert page.locator(".abstention").inner_text() == "المقالات لا تذكر ذلك."
        assert page.locator(".sentence").count() == 0
        page.locator(".closest a").first.click()
        page.wait_for_selector(".closest a.current")
        assert highlighted(page) == dossier_of(page)["answer"]["coverage"]["closest"][0]["quote"]


def test_an_empty_question_is_told_so_and_nothing_is_lost(browser: Browser, demo_server: Server) -> None:
    with page_at(browser, demo_server.address) as page:
        page.fill("#question textarea", "  ")
        page.press("#question textarea", "Enter")
        ask(page, "؟")
        assert "السؤال فارغ" in page.locator(".failure").inner_text()
        assert page.locator(".turn").count() == 1
        ask(page, "سوق " * 6000)
        assert (
            say("question_too_long", "ar", characters=23999, limit=2000)[:40]
            in page.locator(".failure").last.inner_text()
        )
        asked = page.locator(".asked").last
        expect(page.locator(".failure").last).to_be_in_viewport()
        assert asked.bounding_box()["height"] < 250  # type: ignore[index]
        page.locator(".unfold").last.click()
        assert asked.bounding_box()["height"] > 1000  # type: ignore[index]
        eventually(lambda: page.input_value("#question textarea").startswith("سوق سوق"), "the question is lost")
        ask(page, "👍")
        assert say("question_empty", "ar") in page.locator(".failure").last.inner_text()
        ask(page, "20481")
        assert page.locator(".turn .answer").last.get_attribute("lang") == "ar"
        page.reload()
        is_ready(page)
        assert [one.get_attribute("lang") for one in page.locator(".turn .answer").all()] == ["ar"] * 4
        ask(page, ARABIC)
        expect(page.locator(".turn").last).to_contain_class("answered")


def test_a_follow_up_leans_on_the_question_before(browser: Browser, demo_server: Server) -> None:
    with page_at(browser, demo_server.address) as page:
        ask(page, "هل هناك خطة لإقامة فندق مكان سوق السمك؟")
        ask(page, "ومن نفاه؟")
        last = page.locator(".turn").nth(1)
        assert "نفى صندوق" in last.inner_text()
        assert last.locator(".understood").count() == 1
        assert open_each_citation(page) > 0


def test_the_clause_that_answers_is_marked_in_the_quote(browser: Browser, demo_server: Server) -> None:
    with page_at(browser, demo_server.address) as page:
        ask(page, ARABIC)
        held = dossier_of(page)["answer"]["citations"]
        marks = page.locator(".turn .sentence mark")
        assert marks.first.inner_text() == "خرج أكثر من 1200 من الصيادين وعائلاتهم، يوم الجمعة،"
        assert marks.count() == len([one for one in held if one["marked_start"] is not None])
        assert held[0]["quote"] in page.locator(".turn .sentence").first.inner_text()
        page.emulate_media(media="print")
        assert marks.first.evaluate("one => getComputedStyle(one).borderBottomWidth") == "2px"
        page.emulate_media(media="screen")


def test_a_follow_up_is_asked_alone_and_with_what_went_before(browser: Browser, demo_server: Server) -> None:
    with page_at(browser, demo_server.address, width=390, height=844) as page:
        ask(page, "هل هناك خطة لإقامة فندق مكان سوق السمك؟")
        assert page.locator(".retake").count() == 0
        ask(page, "ومن نفاه؟")
        ask(page, "كم راكبا تحمل العبارة؟")
        joined, alone = page.locator(".turn").nth(1), page.locator(".turn").nth(2)
        assert joined.locator(".retake").inner_text() == say("ask_alone", "ar")
        assert alone.locator(".retake").inner_text() == say("ask_joined", "ar")
        assert alone.locator(".understood").count() == 0

        joined.locator(".retake").click()
        expect(page.locator(".turn")).to_have_count(4)
        is_answered(page)
        last = page.locator(".turn").last
        assert last.locator(".asked").inner_text() == "ومن نفاه؟"
        assert last.locator(".understood").count() == 0
        page.reload()
        is_ready(page)
        last.locator(".retake", has_text=say("ask_joined", "ar")).click()
        expect(page.locator(".turn")).to_have_count(5)
        is_answered(page)
        # Its turn stood before the one about the ferry, but is told after it: that is what went before it now.
        assert "كم راكبا تحمل العبارة؟" in last.locator(".understood").inner_text()


def test_back_goes_from_a_question_asked_otherwise_to_the_answer_before(browser: Browser, demo_server: Server) -> None:
    with page_at(browser, demo_server.address, width=390, height=844) as page:
        ask(page, "ماذا نشرت صحيفة المرفأ عن سوق السمك؟")
        page.locator(".constraints .lift").click()
        expect(page.locator(".turn")).to_have_count(2)
        is_answered(page)
        expect(page.locator("#t1 .asked")).not_to_be_in_viewport()
        page.go_back()
        expect(page.locator("#t1 .asked")).to_be_in_viewport()
        assert page.url.endswith("/1")
        page.go_forward()
        expect(page.locator("#t2 .asked")).to_be_in_viewport()
        page.reload()
        is_ready(page)
        assert page.locator("#t2").get_attribute("data-unconstrained") == "outlet"
        assert page.locator("#t2 .constraints").count() == 0


def test_what_a_question_was_narrowed_to_is_taken_off(browser: Browser, demo_server: Server) -> None:
    outlet = "صحيفة المرفأ (متخيَّلة)"
    with page_at(browser, demo_server.address) as page:
        ask(page, "ماذا نشرت صحيفة المرفأ عن سوق السمك؟")
        assert page.locator(".constraints bdi").inner_text() == f"صحيفة المرفأ: {outlet}"
        held = dossier_of(page)["answer"]
        assert {one["outlet"] for one in held["citations"]} == {outlet}
        page.locator(".constraints .lift").click()
        expect(page.locator(".turn")).to_have_count(2)
        is_answered(page)
        assert page.locator(".turn").last.locator(".constraints").count() == 0
        again = dossier_of(page)["answer"]
        assert again["question"] == held["question"]
        assert again["coverage"]["articles"] > held["coverage"]["articles"]


def test_a_question_is_narrowed_to_outlets_and_dates(browser: Browser, demo_server: Server) -> None:
    question, outlet = "متى ينقل سوق السمك؟", "صحيفة المرفأ (متخيَّلة)"
    with page_at(browser, demo_server.address) as page:
        page.click(".filters summary")
        page.check(f'.narrow input[value="{outlet}"]')
        page.fill('.narrow input[name="since"]', "2024-03-06")
        page.click("#question textarea")
        assert not page.locator("form.narrow").is_visible()
        assert page.locator(".chips li").count() == 2
        ask(page, question)
        held = dossier_of(page)
        assert held["filters"]["outlets"] == [outlet]
        assert held["filters"]["since"] == "2024-03-06"
        page.reload()
        is_ready(page)
        narrowed = page.locator(".turn .narrowed").inner_text()
        assert outlet in narrowed
        assert "2024-03-06" in narrowed
        page.click(".filters summary")
        page.check(f'.narrow input[value="{outlet}"]')
        page.fill('.narrow input[name="since"]', "2024-03-06")
        page.click("#question textarea")
        assert {(one["outlet"], one["date"] >= "2024-03-06") for one in held["answer"]["citations"]} == {(outlet, True)}
        page.locator(".chips button").first.click()
        page.locator(".chips button").first.click()
        assert page.locator(".chips li").count() == 0
        ask(page, question)
        held = dossier_of(page)
        assert not any(held["filters"].values())
        assert page.locator(".turn").last.locator(".narrowed").count() == 0
        assert len({one["outlet"] for one in held["answer"]["citations"]}) > 1


def test_two_accounts_are_set_beside_each_other(browser: Browser, odd: Server) -> None:
    with page_at(browser, odd.address, "en-US") as page:
        ask(page, "How many people did the fire at the Qarn depot injure?")
        accounts, disputes = page.locator(".account"), page.locator(".compared li")
        answer = dossier_of(page)["answer"]
        assert accounts.count() == len(answer["accounts"]) == 4
        assert disputes.count() == len(answer["comparisons"]) > 1
        accounts.nth(0).locator(".pick").check()
        assert accounts.locator("visible=true").count() > 2
        accounts.nth(2).locator(".pick").check()
        assert [one.is_visible() for one in accounts.all()] == [True, False, True, False]
        between = {number for at in (0, 2) for number in answer["accounts"][at]["citations"]}
        for item, told in zip(disputes.all(), answer["comparisons"], strict=True):
            assert item.is_visible() == (set(told["citations"]) <= between)
        tops = [accounts.nth(at).evaluate("e => e.getBoundingClientRect().top") for at in (0, 2)]
        lefts = [accounts.nth(at).evaluate("e => e.getBoundingClientRect().left") for at in (0, 2)]
        assert tops[0] == tops[1]
        assert lefts[0] < lefts[1]
        accounts.nth(0).locator(".pick").uncheck()
        assert all(one.is_visible() for one in (*accounts.all(), *disputes.all()))


def test_the_evidence_is_put_in_order_of_time(browser: Browser, odd: Server) -> None:
    with page_at(browser, odd.address, "en-US") as page:
        ask(page, "How many people did the fire at the Qarn depot injure?")
        page.click(".timeline summary")
        assert page.locator(".timeline time").all_inner_texts() == ["2024-05", "2024-05-01", "2024-05-02"]
        assert "West Gazette" in page.locator(".timeline .undated").inner_text()
        page.locator(".timeline a.cite").first.click()
        page.wait_for_selector(".timeline a.cite.current")
        assert "injured 70 people" in highlighted(page)


# Answers saved


def save(page: Page, name: str, folder: Path) -> Path:
    """Save the last answer as a dossier in the format of that name."""
    turn = page.locator(".turn").last
    if not turn.locator(".formats").is_visible():
        turn.locator(".save summary").click()
    with page.expect_download() as saving:
        turn.locator(".save").get_by_text(name, exact=True).click()
    path = folder / saving.value.suggested_filename
    saving.value.save_as(path)
    return path


@pytest.mark.parametrize(("locale", "question"), [("ar-EG", ARABIC), ("en-US", ENGLISH), ("ar-EG", UNANSWERED)])
def test_an_answer_is_saved_as_a_dossier(
    browser: Browser, demo_server: Server, demo: Assistant, tmp_path: Path, locale: str, question: str
) -> None:
    with page_at(browser, demo_server.address, locale) as page:
        ask(page, "؟")
        assert page.locator(".turn .save").count() == 0
        ask(page, question)
        answer = demo.ask(question)
        for name, ending in (("Markdown", ".md"), ("HTML", ".html"), ("JSON", ".json")):
            path = save(page, name, tmp_path)
            assert path.suffix == ending
            opened = open_dossier(path)
            assert (opened.dossier.answer, opened.altered) == (answer, ())


@pytest.mark.parametrize("width", [1000, 390])
def test_a_dossier_fits_the_screen_and_each_citation_leads_to_its_quote(
    browser: Browser, demo_server: Server, demo: Assistant, tmp_path: Path, width: int
) -> None:
    with page_at(browser, demo_server.address, width=width) as page:
        ask(page, ARABIC)
        page.goto(save(page, "HTML", tmp_path).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for citation in demo.ask(ARABIC).citations:
            page.locator(".sentence a").get_by_text(f"[{citation.number}]").first.click()
            assert page.locator("figure:target blockquote").inner_text() == citation.quote


# Hostile text


def test_hostile_text_is_shown_as_text(browser: Browser, odd: Server, tmp_path: Path) -> None:
    with page_at(browser, odd.address) as page:
        ask(page, "<img src=x onerror=window.ran=1> متى أعلن المرصد كسوفا؟")
        assert "<script>window.ran=1</script>" in page.locator(".turn").inner_text()
        assert "<img src=x" in page.locator(".conversations").inner_text()
        assert open_each_citation(page) > 0
        page.locator("a.cite").first.click()
        page.wait_for_selector("#panel mark")
        assert HOSTILE in page.locator("#panel").inner_text()
        assert page.locator("#panel a.original").count() == 0
        page.click(".filters summary")
        assert '"><i>صحيفة' in page.locator("form.narrow").inner_text()
        page.click('a[data-room="library"]')
        page.wait_for_selector("#rows .article")
        assert "<b onclick=alert(1)>عنوان</b>" in page.locator("#rows").inner_text()
        page.locator("#rows .article").filter(has_text="<b onclick").click()
        page.wait_for_selector("#panel .particulars")
        page.click("#panel button.only")
        assert "<b onclick=alert(1)>عنوان</b>" in page.locator(".chips").inner_text()
        assert page.locator("img, #desk script, i, b[onclick], #desk a[href^=javascript]").count() == 0
        page.go_back()
        page.go_back()
        assert page.evaluate("window.ran") is None


def test_hostile_text_in_a_dossier_is_shown_as_text(browser: Browser, odd: Server, tmp_path: Path) -> None:
    with page_at(browser, odd.address) as page:
        ask(page, "متى أعلن المرصد كسوفا؟")
        page.goto(save(page, "HTML", tmp_path).as_uri())
        assert HOSTILE in page.locator("figure blockquote").all_inner_texts()
        assert page.locator("img, i[onclick], b[onclick], main a[href^=javascript]").count() == 0
        assert page.evaluate("window.ran") is None


@pytest.mark.parametrize("width", [1440, 390])
def test_a_word_without_end_widens_nothing_and_no_override_reaches_its_neighbours(
    browser: Browser, odd: Server, width: int
) -> None:
    with page_at(browser, odd.address, width=width) as page:
        ask(page, f"ماذا رصد المرصد فوق الجبل؟ {LONG[:1500]}")
        ask(page, "ماذا رصد المرصد فوق الجبل؟")
        fits(page)
        page.click(".filters summary")
        page.locator("form.narrow input").first.check()
        fits(page)
        page.locator("form.narrow input").first.uncheck()
        page.click("#question textarea")
        assert open_each_citation(page) > 0
        page.locator(".turn").last.locator("a.source").first.click()
        page.wait_for_selector("#panel mark")
        fits(page)
        # Overrides are taken out where metadata enters.
        expect(page.locator("#panel .title")).to_contain_text("تقرير المرصد عن الكسوف", timeout=10_000)
        title = page.locator("#panel .title").inner_text()
        assert not set("\u202e\u202c\u2066") & set(title)
        page.click("#panel .close")
        if width < 1180:
            page.click(".rail-toggle")
        fits(page)
        page.keyboard.press("Escape")
        page.click('a[data-room="library"]')
        page.wait_for_selector("#rows .article")
        fits(page)
        page.locator("#rows .article").filter(has_text="تقرير المرصد").click()
        page.wait_for_selector("#panel .particulars")
        page.click("#panel .mend summary")
        fits(page)
        page.click("#panel button.only")
        fits(page)
        # What a title leaves open ends with the title.
        assert page.locator(".chips bdi").evaluate("e => getComputedStyle(e).unicodeBidi") == "isolate"


def fits(page: Page) -> None:
    """Nothing can be scrolled sideways."""
    wide = page.evaluate(
        """[document.documentElement, ...document.querySelectorAll('#log, #panel, #room, #rail, form.narrow')]
        .filter(e => e.scrollWidth > e.clientWidth + 1 && e.checkVisibility()).map(e => `${e.tagName} ${e.id}`)"""
    )
    assert wide == []


# The routes


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("articles/9?start=0&end=10", {"host": "127.0.0.1"}, 200),
        ("articles/9?start=-5&end=99999999", {"host": "localhost"}, 200),
        ("articles/9", {"host": "evil.example"}, 400),
        ("articles/9", {"sec-fetch-site": "cross-site"}, 403),
        ("articles/999", {}, 404),
        ("articles/100000000000000000000", {}, 404),
        ("articles/..%2f..%2fpyproject.toml", {}, 404),
        ("conversations/none", {}, 404),
        ("conversations/none/1/evidence/1", {}, 404),
        ("dossiers/none/1.md", {}, 404),
        ("dossiers/..%2fnone/1.exe", {}, 404),
        (f"library?search={quote('سوق')}&offset=-1", {}, 200),
        ("fonts/..%2fcli.py", {}, 404),
        ("page/..%2fcli.py", {}, 404),
        ("fonts/OFL.txt", {}, 200),
    ],
)
def test_the_routes_give_articles_and_fonts_to_this_machine_only(
    demo_server: Server, path: str, headers: dict[str, str], status: int
) -> None:
    request = urllib.request.Request(demo_server.address + path, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            found = answer.status
    except urllib.error.HTTPError as error:
        found = error.code
        error.close()
    assert found == status
