"""Pictures of the page, to be looked at: eight states × two languages × two widths × light and dark.

`make screenshots` writes them to .screenshots.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from shawahid.assistant.types import Language
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest

from .conftest import DEMO
from .doubles.browser import CHROMIUM, ask, serving

QUESTIONS: dict[Language, str] = {
    "ar": "كم عدد الذين خرجوا إلى ساحة البلدية رفضا لنقل سوق السمك؟",
    "en": "When will the ferry run again and how many passengers can it carry?",
}
UNANSWERED: dict[Language, str] = {"ar": "من فاز بكأس العالم عام 2022؟", "en": "Who won the World Cup in 2022?"}
CLAIMS: dict[Language, str] = {
    "ar": "هل هناك خطة لإقامة فندق مكان سوق السمك؟",
    "en": "Is a hotel planned in place of the fish market?",
}
WIDTHS = {1440: 900, 390: 844}


def first(page: Page, language: Language) -> None:
    page.wait_for_selector(".suggested")


def empty(page: Page, language: Language) -> None:
    page.wait_for_selector(".first.empty")


def answer(page: Page, language: Language) -> None:
    ask(page, QUESTIONS[language])


def claim(page: Page, language: Language) -> None:
    ask(page, CLAIMS[language])
    page.locator("details.timeline summary").last.click()


def evidence(page: Page, language: Language) -> None:
    ask(page, QUESTIONS[language])
    page.locator(".sentence a.cite").first.click()
    page.wait_for_selector("#panel mark")


def abstention(page: Page, language: Language) -> None:
    ask(page, UNANSWERED[language])


def filters(page: Page, language: Language) -> None:
    page.locator("details.filters summary").click()
    page.locator(".boxes input").first.check()


def library(page: Page, language: Language) -> None:
    page.locator('nav a[data-room="library"]').click()
    page.wait_for_selector("#rows li")
    page.locator("#rows a.article").nth(1).click()
    page.wait_for_selector("#panel article")


STATES: dict[str, Callable[[Page, Language], None]] = {
    "empty": empty,
    "first": first,
    "answer": answer,
    "claim": claim,
    "evidence": evidence,
    "abstention": abstention,
    "filters": filters,
    "library": library,
}


@contextmanager
def _pages(browser: Browser, address: str, language: Language, width: int) -> Iterator[Page]:
    context = browser.new_context(
        locale={"ar": "ar-EG", "en": "en-GB"}[language], viewport={"width": width, "height": WIDTHS[width]}
    )
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("html[data-ready]")
    yield page
    context.close()


def main(folder: Path) -> None:
    """Write all of them to a folder that is made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    scratch = Path(tempfile.mkdtemp())
    with Library.open(scratch / "demo", create=True) as made:
        ingest(made, [DEMO])
    with (
        sync_playwright() as playwright,
        serving(scratch / "demo") as demo,
        serving(scratch / "empty") as nothing,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for state, show in STATES.items():
            for language in QUESTIONS:
                for width in WIDTHS:
                    with _pages(browser, (nothing if state == "empty" else demo).address, language, width) as page:
                        show(page, language)
                        for scheme in ("light", "dark"):
                            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                            page.wait_for_timeout(250)
                            page.screenshot(path=folder / f"{state}-{language}-{width}-{scheme}.png")
        browser.close()
    shutil.rmtree(scratch)
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else ".screenshots"))
