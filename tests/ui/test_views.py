"""What the page's views make of texts: pure functions, so without a browser."""

import re
from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from shawahid.assistant.assistant import Assistant
from shawahid.ingest.types import Filters, Metadata, Span
from shawahid.prompts import say
from shawahid.ui.api.answer_text import AnswerText
from shawahid.ui.html import Place
from shawahid.ui.page.answer import render_turn
from shawahid.ui.page.article import Opened, render_article
from shawahid.ui.page.cuts import find_cuts
from shawahid.ui.told import told_filters, told_network

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


def test_a_quote_that_is_cut_has_its_ellipsis_outside_of_its_words(demo: Assistant) -> None:
    answer = demo.ask("How many passengers can the ferry carry?")
    (citation,) = answer.citations
    start, end = citation.start + 5, citation.end - 5
    cut = replace(citation, start=start, end=end, quote=citation.quote[5:-5])
    shown = replace(answer, citations=(cut,), sentences=(replace(answer.sentences[0], text=f"… {cut.quote} …"),))
    assert find_cuts(answer, demo.library.text_of_hash).of(citation) == ""
    cuts = find_cuts(shown, demo.library.text_of_hash)
    assert cuts.of(cut) == "cut-before cut-after"
    html = render_turn("?", shown, Place("c", 1), cuts=cuts)
    assert re.search(rf'class="exact +cut-before cut-after"[^>]*>{re.escape(cut.quote)}</q>', html)
    assert f"«… {cut.quote} …»" in str(AnswerText(shown))
    assert cuts == find_cuts(shown, demo.library.text_of_hash)
    assert find_cuts(shown, lambda _: None).of(cut) == ""


def test_what_a_question_was_narrowed_to_is_told_in_its_language(demo: Assistant) -> None:
    answer = demo.ask("How many passengers can the ferry carry?")
    article = answer.citations[0].article
    told = told_filters(Filters(outlets=("The Post",), since="2024", articles=(article,)), answer) or ""
    assert all(part in told for part in ("The Post", "since 2024", "09-ferry.txt"))
    assert told_filters(Filters(), answer) is None


def test_what_leaves_the_machine_is_told_and_only_that() -> None:
    for model in (None, "127.0.0.1:8080", "localhost", "[::1]:9"):
        assert told_network(model, None, None, "ar") == [say("sent_nothing", "ar")]
    told = told_network("api.example.com", "localhost:1", "vectors.example", "en")
    assert len(told) == 2
    assert "api.example.com" in told[0]
    assert "vectors.example" in told[1]
