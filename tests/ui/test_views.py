"""What the page's views make of texts: pure functions, so without a browser."""

import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from shawahid.ingest.types import Metadata, Span
from shawahid.ui.page.article import Opened, render_article

from ..conftest import REPOSITORY

_PIECES = st.sampled_from(
    ["خرج", "ferry", " ", "\n", "\n\n", "\r\n", "\r", "<b>", "&amp;", '"', "\u202e", "\u2028", "١٢"]
)
_TEXTS = st.lists(_PIECES, min_size=1, max_size=40).map("".join)


class Shown(HTMLParser):
    """The letters of an article's text as a browser reads them, and those in marks."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inside: list[tuple[str, bool]] = []
        self.marked = self.seen = self.every = ""
        self.tags: set[str] = set()
        self.feed(html.partition('<div class="text">')[2].rpartition("</div>")[0])
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.seen += "\n" if tag == "p" else ""
        self.inside.append((tag, ("hidden", None) in attributes))

    def handle_endtag(self, tag: str) -> None:
        assert self.inside.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.every += data
        if "mark" in [tag for tag, _ in self.inside]:
            self.marked += data
        if not any(hidden for _, hidden in self.inside):
            self.seen += data


@given(_TEXTS, st.data())
def test_the_marked_words_are_the_quote_letter_by_letter(text: str, data: st.DataObject) -> None:
    text = f"x{text}"  # a quote begins with a word
    start, end = sorted((data.draw(st.integers(0, len(text) - 1)), data.draw(st.integers(1, len(text)))))
    furniture = tuple(Span(at, at + 3) for at in data.draw(st.sets(st.integers(0, len(text)), max_size=3)))
    quote = Span(start, max(end, start + 1))
    shown = Shown(render_article(Opened(text, "a.txt", Metadata(), furniture), quote, "en"))
    assert shown.marked == text[quote.start : quote.end]
    assert shown.every == text
    assert shown.tags <= {"p", "mark", "span"}
    assert shown.seen.split() == text.split()


def test_all_is_escaped_but_the_style_of_a_dossier() -> None:
    """That is our own file. No template switches escaping off, and no Python makes HTML that passes for escaped."""
    files = [path for kind in ("*.html", "*.py") for path in (REPOSITORY / "ui").rglob(kind)]
    lines = [line.strip() for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    unescaped = [line for line in lines if re.search(r"\|\s*safe\b|autoescape (true|false)|\bMarkup\b", line)]
    assert unescaped == ['<style>{{ "\\n" }}{{ style | safe }}</style>']
