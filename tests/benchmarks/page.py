"""Part `page`: the page against Gradio's bare chat in one browser; a citation in a long article; a large library."""

import json
import random
import shutil
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import gradio as gr
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, sync_playwright

from shawahid.assistant.assistant import Assistant
from shawahid.ingest.embedders.base import Vectors
from shawahid.ingest.embedders.open import open_embedder
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest
from shawahid.ui.desk import Desk
from shawahid.ui.page.app import build_app
from shawahid.ui.questions.answering import Answering
from shawahid.ui.questions.conversations import Conversations

from ..doubles.serving import serving
from .libraries import give_embedder
from .made import MadeEmbedder, make_articles
from .measure import Figure, print_table

ROUNDS = 9
ARTICLES = 10_000
ARTICLE_WORDS = 40
LONG_WORDS = 20_000
CLICKS = 20
STARTS = ("first-paint", "first-contentful-paint", "interactive")
SENTENCE = "The rebuilt lighthouse of Coral Island was opened by keeper Mariam Haddad on 4 May 2024."
QUESTION = "When was the rebuilt lighthouse of Coral Island opened by keeper Mariam Haddad?"

# Notes when the question's box can be written in.
_WATCH = """
const look = () => {
  const box = document.querySelector("textarea");
  const ready = box && !box.disabled && (!document.querySelector("#desk") || document.documentElement.dataset.ready);
  if (ready) window.interactive = performance.now();
  else requestAnimationFrame(look);
};
look();
"""
_STARTED = """() => ({interactive: window.interactive,
  ...Object.fromEntries(performance.getEntriesByType("paint").map((one) => [one.name, one.startTime]))})"""
# From a click until the frame in which its words are seen.
_CLICK = """(link) => new Promise((resolve) => {
  const started = performance.now();
  link.click();
  const look = () => {
    const mark = document.querySelector("#panel mark")?.getBoundingClientRect();
    if (mark && mark.height && mark.top >= 0 && mark.bottom <= innerHeight) {
      requestAnimationFrame(() => resolve(performance.now() - started));
    } else requestAnimationFrame(look);
  };
  look();
})"""
# The longest time between two frames from now on.
_FRAMES = """() => {
  window.longest = 0;
  let last = performance.now();
  const next = (now) => {
    window.longest = Math.max(window.longest, now - last);
    last = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}"""
# From a page's beginning to its end, a screen a frame.
_SCROLL = """() => new Promise((resolve) => {
  const room = document.getElementById("room");
  room.scrollTop = 0;
  const next = () => {
    const before = room.scrollTop;
    room.scrollTop += room.clientHeight;
    if (room.scrollTop > before) requestAnimationFrame(next);
    else resolve();
  };
  next();
})"""
_SEARCH = """(words) => new Promise((resolve) => {
  const box = document.querySelector("form.browse input[type=search]"), rows = document.getElementById("rows");
  const started = performance.now();
  const done = () => resolve(performance.now() - started);
  new MutationObserver((_, seen) => { seen.disconnect(); requestAnimationFrame(done); })
    .observe(rows, { childList: true });
  box.value = words;
  box.dispatchEvent(new Event("input", { bubbles: true }));
})"""
_TURN = """() => new Promise((resolve) => {
  const started = performance.now();
  const done = () => resolve(performance.now() - started);
  new MutationObserver((_, seen) => { seen.disconnect(); requestAnimationFrame(done); })
    .observe(document.getElementById("rows"), { childList: true });
  document.querySelector("#rows .turn-page.after").click();
})"""


@dataclass(frozen=True, slots=True)
class Large:
    """What the library's list came to, in milliseconds: each step until it is seen, and the longest time without a
    frame."""

    turned: list[float]
    found: list[float]
    longest: float


def main() -> None:
    """Print the tables."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with tempfile.TemporaryDirectory(prefix="shawahid-bench-") as temporary, ExitStack() as stack:
        folder = Path(temporary)
        ours = stack.enter_context(_ours(folder))
        bare = stack.enter_context(serving(_bare()))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        starts = [(_start(browser, ours), _start(browser, bare)) for _ in range(ROUNDS + 1)][1:]
        clicks = _clicks(browser, ours)
        large = _large(browser, ours)
        browser.close()
    print_table(f"The page's start, median of {ROUNDS}", _start_figures(starts))
    print_table("What is done on the page", _figures(clicks, large))


def _start_figures(starts: list[tuple[dict[str, float], dict[str, float]]]) -> list[Figure]:
    def median(name: str, side: int) -> float:
        return statistics.median(pair[side][name] for pair in starts)

    return [Figure(name.replace("-", " "), median(name, 0), "ms", median(name, 1), "bare chat", 1.3) for name in STARTS]


def _figures(clicks: list[float], large: Large) -> list[Figure]:
    return [
        Figure(f"citation to its words, {LONG_WORDS:,} words, median", statistics.median(clicks), "ms", target=150),
        Figure(f"citation to its words, worst of {CLICKS}", max(clicks), "ms", target=150),
        Figure(f"{ARTICLES:,} articles: a page turned, median", statistics.median(large.turned), "ms", target=200),
        Figure(f"{ARTICLES:,} articles: a page turned, worst", max(large.turned), "ms", target=200),
        Figure(f"{ARTICLES:,} articles: key to list, median", statistics.median(large.found), "ms", target=200),
        Figure(f"{ARTICLES:,} articles: key to list, worst", max(large.found), "ms", target=200),
        Figure(f"{ARTICLES:,} articles: longest time without a frame", large.longest, "ms", target=200),
    ]


# The two pages


class _Embedder(MadeEmbedder):
    """Knows what the one sentence means that is asked for."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        vectors = super().embed_passages(texts)
        for place, text in enumerate(texts):
            if SENTENCE in text:
                vectors[place] = self.real.embed_passages([text])[0]
        return vectors


def _bare() -> FastAPI:
    """The least that Gradio has of a chat."""
    chat = gr.ChatInterface(lambda message, history: message)
    return cast(FastAPI, gr.mount_gradio_app(FastAPI(), chat, path="/"))


@contextmanager
def _ours(folder: Path) -> Iterator[str]:
    """The page over made articles, one of them long."""
    made, long = folder / "made.jsonl", folder / "long"
    with made.open("w", encoding="utf-8") as lines:
        for one in make_articles(ARTICLES - 1, ARTICLE_WORDS):
            item = {"title": f"{one.metadata.title} {' '.join(one.text.split()[:8])}", "text": one.text}
            lines.write(json.dumps({**item, "outlet": one.outlet, "date": one.date}, ensure_ascii=False) + "\n")
    long.mkdir()
    (article,) = make_articles(1, LONG_WORDS, ARTICLES)
    paragraphs = article.text.splitlines()
    paragraphs.insert(len(paragraphs) // 2, SENTENCE)
    (long / "long.txt").write_text("\n".join(paragraphs), encoding="utf-8")
    with ExitStack() as stack:
        library = stack.enter_context(Library.open(folder / "library", create=True))
        give_embedder(library, _Embedder(open_embedder(library.embedder_name)))
        ingest(library, [long, made])
        conversations = stack.enter_context(Conversations.open(folder))
        desk = stack.enter_context(Desk(library))
        assistant = Assistant(library)
        answering = stack.enter_context(closing(Answering(assistant)))
        yield stack.enter_context(serving(build_app(assistant, answering, conversations, desk, "balanced")))


# What is measured


def _start(browser: Browser, address: str) -> dict[str, float]:
    """When a browser that has never been there paints something, paints words, and can be written in."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en")
    page = context.new_page()
    page.add_init_script(_WATCH)
    page.goto(address)
    page.wait_for_function("window.interactive")
    page.wait_for_timeout(300)
    started: dict[str, float] = page.evaluate(_STARTED)
    context.close()
    return started


@contextmanager
def _opened(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en", reduced_motion="reduce")
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("html[data-ready]")
    yield page
    context.close()


def _clicks(browser: Browser, address: str) -> list[float]:
    with _opened(browser, address) as page:
        page.fill("#question textarea", QUESTION)
        page.press("#question textarea", "Enter")
        mark = page.wait_for_selector(".turn:not(.running) a.cite")
        taken = []
        for _ in range(CLICKS):
            taken.append(float(page.evaluate(_CLICK, mark)))
            page.keyboard.press("Escape")
            page.evaluate("document.querySelector('#panel .html-container').replaceChildren()")
        return taken


def _large(browser: Browser, address: str) -> Large:
    draw = random.Random(ARTICLES)
    words = [draw.choice(next(make_articles(1, 8, draw.randrange(ARTICLES))).text.split()) for _ in range(CLICKS)]
    with _opened(browser, address) as page:
        page.click("a[data-room=library]")
        page.wait_for_selector("#rows .pages")
        page.evaluate(_FRAMES)
        turned = []
        while page.locator("#rows .turn-page.after:enabled").count():
            page.evaluate(_SCROLL)
            turned.append(float(page.evaluate(_TURN)))
        found = [float(page.evaluate(_SEARCH, word)) for word in words]
        return Large(turned, found, float(page.evaluate("longest")))


if __name__ == "__main__":
    main()
