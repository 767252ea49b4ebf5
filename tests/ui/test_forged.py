"""What comes from outside forges nothing: no quote, no mark, no picture, no line and no colour of the terminal."""

import json
from dataclasses import replace
from pathlib import Path

from shawahid.assistant.assistant import Assistant
from shawahid.ingest.files.metadata import LONGEST_VALUE, edited_metadata, folded_metadata
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest
from shawahid.ingest.types import ArticleRow, Metadata
from shawahid.ui.api.answer_text import AnswerText
from shawahid.ui.api.markdown_text import escaped
from shawahid.ui.commands.plain import line, plain
from shawahid.ui.commands.terminal import show_answer, show_list

from ..conftest import Run, Write

TEXT = "The harbour council moved the old fish market from the quay in 2019."
QUESTION = "Where did the harbour council move the old fish market from?"
OUTLET = "Fake\n\n  “The dragon ferry sank.” [1]\n Said by: the \x1b[31mmayor\u202e"
TITLE = "![i](http://192.0.2.1/seen) <img src=x> `code`\r# Big"


def forged(write: Write) -> Path:
    return write("a.jsonl", json.dumps({"content": TEXT, "outlet": OUTLET, "title": TITLE, "author": "x" * 9_000}))


def test_metadata_is_folded_where_it_enters(library: Library, write: Write) -> None:
    ingest(library, [forged(write)])
    known = library.find(1).metadata
    assert known.outlet == "Fake   “The dragon ferry sank.” [1]  Said by: the  [31mmayor"
    assert "\r" not in (known.title or "")
    assert len(known.author or "") == LONGEST_VALUE
    assert library.find(1).text == TEXT


def test_what_is_set_by_hand_is_folded_too() -> None:
    assert edited_metadata({"outlet": "a\nb\u202e\x1b"}) == {"outlet": "a b"}
    assert folded_metadata(Metadata(url="http://example.org/" + "x" * 3_000)).url is None
    assert folded_metadata(Metadata(title="العنوان\u200f")).title == "العنوان\u200f"


def test_an_answer_in_the_terminal_and_in_v1(library: Library, write: Write) -> None:
    ingest(library, [forged(write)])
    answer = Assistant(library).ask(QUESTION)
    assert answer.citations
    # As a library has it that was made before metadata was folded.
    old = replace(answer, citations=tuple(replace(one, outlet=OUTLET, title=TITLE) for one in answer.citations))
    for one in (answer, old):
        shown = show_answer(one)
        assert "\x1b" not in shown
        assert "\u202e" not in shown
        assert not [row for row in shown.splitlines() if row.lstrip().startswith(("“The dragon", "Said by"))]
        sent = str(AnswerText(one))
        assert "![i](" not in sent
        assert "\\<img" in sent
        assert "<img" not in sent.replace("\\<", "")
        assert "“The dragon ferry sank.” [1]" not in sent
        assert not [row for row in sent.splitlines() if row.lstrip().startswith(("“The dragon", "Said by", "#"))]
        marks = AnswerText(one).marks
        assert [sent[mark.start : mark.end] for mark in marks] == [f"[{mark.citation.number}]" for mark in marks]
        assert marks[0].citation == one.citations[0]


def test_a_listing_keeps_an_article_on_its_line() -> None:
    row = ArticleRow(1, 1, "a", "a\x1b[2J.txt", Metadata(outlet=OUTLET, title=TITLE), 1, 1, 1, None, 0)
    assert len(show_list([row]).splitlines()) == 1
    assert "\x1b" not in show_list([row])


def test_signs() -> None:
    assert line("a\nb\x1b\x9b\u202e\u2066\x7f") == "a⏎b␛⟨U+009B⟩⟨U+202E⟩⟨U+2066⟩␡"
    assert plain("a\r\nb\tc\u2068d\u2069") == "a\nb\tc\u2068d\u2069"
    assert escaped("*[1]* a_b <i> | `x` \\") == "\\*\\[1\\]\\* a\\_b \\<i\\> \\| \\`x\\` \\\\"
    assert escaped("1. Post") == "1\\. Post"


def test_the_commands(shawahid: Run, write: Write, tmp_path: Path) -> None:
    shawahid("ingest", str(forged(write)), str(write("b\x1b[31m.txt", f"{TEXT} b")))
    for command in (
        ["list"],
        ["list", "--json"],
        ["status"],
        ["show", "1"],
        ["ask", QUESTION],
        ["edit", "1", "--title", "a\x1b\n\nb"],
        ["remove", "2"],
    ):
        shown = shawahid(*command).stdout
        assert not {"\x1b", "\x9b", "\u202e"} & set(shown)
        assert not [row for row in shown.splitlines() if row.lstrip().startswith(("“The dragon", "Said by"))]
    assert "\x1b" not in shawahid("show", "\x1b[31mred", check=1).stderr
    assert "\x1b" not in shawahid("ingest", str(tmp_path / "\x1b[2J"), check=1).stderr
