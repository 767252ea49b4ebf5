"""A dossier's file: every change in what is seen or held is noticed, and hostile text stays text."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.dossier.dossier import Dossier, DossierInvalid, digest, shown_quotes
from shawahid.assistant.dossier.file import HIDDEN, open_dossier, read_dossier, seal, seen_quotes
from shawahid.assistant.types import (
    SCHEMA_VERSION,
    Answer,
    Citation,
    ClaimCheck,
    Comparison,
    Coverage,
    Relation,
    Speaker,
)
from shawahid.prompts import say
from shawahid.ui.dossiers.html import html_view
from shawahid.ui.dossiers.markdown import markdown_view
from shawahid.ui.dossiers.write import FORMATS

from ..conftest import REPOSITORY, Run
from .test_dossier import AT, ENGLISH, READABLE, seen, written

# What is changed in it


@pytest.mark.parametrize("ending", READABLE)
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("أكثر من 1200 من الصيادين", "أكثر من 1300 من الصيادين", r"\[1\]: .*1300"),
        ("نحو 300 شخص، صباح الجمعة", "نحو 200 شخص، صباح الجمعة", r"sentence 2, \[2\]|sentence 2: .*200"),
        ("أن السوق الجديد سيضم 140", "أن السوق الجديد سيضم 150", r"correction of \[2\]: .*"),
        ("تجمّع أكثر من 1200 صياد", "تجمّع أكثر من 1300 صياد", "around the quotes was changed"),
        ("جزئيًّا", "كليًّا", "around the quotes was changed"),
    ],
)
def test_a_change_in_what_is_seen_is_noticed(
    full: Dossier, tmp_path: Path, ending: str, old: str, new: str, told: str
) -> None:
    path = written(full, tmp_path / f"a{ending}", lambda text: text.replace(old, new, 1))
    (altered,) = open_dossier(path).altered
    assert re.search(told, altered)


def test_verify_says_what_was_altered(shawahid: Run, demo_folder: Path, full: Dossier, tmp_path: Path) -> None:
    path = written(full, tmp_path / "a.md", lambda text: text.replace("1200 من", "1300 من", 1))
    result = shawahid("--library", str(demo_folder), "verify", str(path), check=1)
    assert re.search(r"^altered  \[1\]: what is shown is not what the dossier holds", result.stdout, re.MULTILINE)
    assert "3 of 3 quotes hold" in result.stdout
    assert "its visible text was altered." in result.stdout
    assert json.loads(shawahid("--library", str(demo_folder), "verify", str(path), "--json", check=1).stdout)["altered"]


@pytest.mark.parametrize("ending", READABLE)
def test_no_checksum_helps_a_changed_quote(full: Dossier, tmp_path: Path, ending: str) -> None:
    view = re.sub("</?mark>", "", {".md": markdown_view, ".html": html_view}[ending](full))
    first, second = (citation.quote for citation in full.answer.citations)
    stranger = {".md": "> كلام لم يقله أحد.\n\n", ".html": "<blockquote>كلام لم يقله أحد.</blockquote>"}[ending]
    joined = {".md": f"> {first}\nوكلام زائد.", ".html": f'dir="rtl">{first}<p>وكلام زائد.</p>'}[ending]
    before = {".md": "> ", ".html": 'dir="rtl">'}[ending]
    for forged in (
        view.replace(first, first.replace("1200", "1300")),
        view.replace(first, "\0").replace(second, first).replace("\0", second),
        view.replace("\n## ", f"\n{stranger}## ", 1) if ending == ".md" else view.replace("<h2>", f"{stranger}<h2>", 1),
        view.replace(f"{before}{first}", joined),
    ):
        assert forged != view
        path = tmp_path / f"a{ending}"
        path.write_text(seal(forged, full, ending), encoding="utf-8")
        assert open_dossier(path).altered


@pytest.mark.parametrize("ending", READABLE)
def test_line_ends_of_another_system_change_nothing(full: Dossier, tmp_path: Path, ending: str) -> None:
    path = written(full, tmp_path / f"a{ending}")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert open_dossier(path).altered == ()
    assert read_dossier(path) == full


def tampered(full: Dossier, change: Callable[[dict[str, Any]], object], *, sealed: bool = True) -> str:
    held = json.loads(json.dumps(full.to_json()))
    change(held)
    if sealed:
        held["sha256"] = digest({name: value for name, value in held.items() if name != "sha256"})
    return json.dumps(held)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda held: held["answer"]["citations"][0].update(quote="قصير"), r"\[1\] has 4 characters, and its place"),
        (lambda held: held["answer"]["citations"][0].update(start=-3), r"quote \[1\]"),
        (lambda held: held["answer"]["citations"][1].update(sha256="abc"), r"SHA-256 of \[2\]"),
        (
            lambda held: held["answer"]["citations"][0].update(marked_start=0, marked_end=9**9),
            r"clause marked in \[1\]",
        ),
        (
            lambda held: held["answer"]["citations"][0].update(marked_start=None, marked_end=9),
            r"clause marked in \[1\]",
        ),
        (lambda held: held["answer"]["citations"][1]["corrections"][0].update(end=9), r"correction of \[2\]"),
        (lambda held: held["answer"]["citations"].pop(), r"cites \[2\], which it does not hold"),
        (lambda held: held["answer"]["citations"][1].update(number=1), "the same number"),
        (lambda held: held["answer"]["sentences"][1].update(text="غيره"), "sentence 2 is not the words"),
        (lambda held: held["answer"]["citations"][0].update(start="55"), r"answer.citations\[0\].start is not of the"),
        (lambda held: held["answer"]["citations"][0].update(source="\ud800"), "half a character"),
        (lambda held: held["answer"].update(status="proven"), "answer.status is 'proven'"),
        (lambda held: held["answer"].pop("frame"), "answer lacks frame"),
        (lambda held: held["answer"].update(left_out=True), "answer.left_out is not of the kind int"),
        (lambda held: held["answer"]["comparisons"][0].update(words=["one"]), r"words has 1 items, not 2"),
        (lambda held: held["answer"].update(accounts={}), "accounts is not a list"),
        (lambda held: held["filters"].update(mood="good"), "filters has mood"),
        (lambda held: held.update(asked_at="yesterday"), "asked_at is 'yesterday'"),
        (lambda held: held.update(extra=1), "its names are"),
        (lambda held: held.update(dossier=2), "format 2 .* use the version of shawahid that wrote it"),
        (lambda held: held["answer"].update(schema_version=9), "schema 9"),
        (lambda held: held.clear(), "no dossier"),
    ],
)
def test_data_that_is_not_at_one_with_itself_is_refused(
    full: Dossier, tmp_path: Path, change: Callable[[dict[str, Any]], object], told: str
) -> None:
    path = tmp_path / "a.json"
    path.write_text(tampered(full, change), encoding="utf-8")
    with pytest.raises(DossierInvalid, match=told):
        read_dossier(path)


def test_data_that_was_changed_is_refused(shawahid: Run, full: Dossier, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(tampered(full, lambda held: held["answer"].update(confidence=0.5), sealed=False), encoding="utf-8")
    result = shawahid("verify", str(path), check=1)
    assert "its data was changed after it was written" in result.stderr


@pytest.mark.parametrize("ending", READABLE)
def test_a_quote_changed_everywhere_is_not_in_its_article(
    shawahid: Run, demo_folder: Path, demo: Assistant, tmp_path: Path, ending: str
) -> None:
    answer = demo.ask(ENGLISH)
    forged = replace(
        answer,
        sentences=tuple(replace(item, text=item.text.replace("220", "520")) for item in answer.sentences),
        citations=tuple(replace(item, quote=item.quote.replace("220", "520")) for item in answer.citations),
    )
    path = written(Dossier(forged, AT, "0.1.0"), tmp_path / f"a{ending}")
    assert open_dossier(path).altered == ()
    printed = shawahid("--library", str(demo_folder), "verify", str(path), check=1).stdout
    assert printed.startswith("changed  [1]")
    assert "now: Port director Huda Mansour said that the rebuilt vessel, the Zahra, can carry 220" in printed


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.json", b"{", "not valid JSON"),
        ("a.json", b"[" * 100_000, "not valid JSON"),
        ("a.json", b"\xff\xfe", "not text in UTF-8"),
        ("a.md", b"# A question\n", "data that it should carry"),
        ("a.html", b"<p>none</p>", "data that it should carry"),
        ("a.pdf", b"", "ends in .json, .md or .html"),
        ("none.md", None, "cannot be read"),
    ],
)
def test_what_is_no_dossier(tmp_path: Path, name: str, content: bytes | None, told: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DossierInvalid, match=told):
        read_dossier(tmp_path / name)


@pytest.mark.parametrize("ending", READABLE)
def test_data_that_was_cut_off(full: Dossier, tmp_path: Path, ending: str) -> None:
    path = written(full, tmp_path / f"a{ending}", lambda text: text[:-40])
    with pytest.raises(DossierInvalid, match=r"not whole|not valid JSON"):
        read_dossier(path)


# Hostile text

HOSTILE = (
    "<script>window.ran=1</script> <img src=http://evil.example/x onerror=window.ran=1> </blockquote><b>bold</b>"
    " --> ]]> *bold* _it_ `code` [link](http://evil.example) \u202eesrever\u202c \u2067x | $x$ ~~no~~ &amp; &lt; \\> "
    "<!-- shawahid-dossier 00 </script></body>"
)


def quoting(*texts: str) -> Dossier:
    """A dossier of what came closest: these texts."""
    closest = tuple(
        Citation(
            number, number, text, text, text, text, None, text, 0, len(text), "0" * 64, text, Speaker("named", text)
        )
        for number, text in enumerate(texts, start=1)
    )
    empty = Answer("q", "en", "abstained", "extractive", 0.1, "none", (), (), Coverage(1, 1, 1, (), closest), ())
    return Dossier(replace(empty, question=texts[0], understood=texts[0], notices=texts), AT, "0.1.0")


@pytest.mark.parametrize("ending", FORMATS)
def test_hostile_text_stays_text(tmp_path: Path, ending: str) -> None:
    lines = [
        "# h\n\n> q\n- a\n1. b\n    c\t\n\n",
        "    indented",
        "---\n===\n+ x\n2) y",
        " \r\n\x00\x1b[2J\u2028\ufeff\x85",
    ]
    dossier = quoting(HOSTILE, *lines)
    path = written(dossier, tmp_path / f"a{ending}")
    opened = open_dossier(path)
    assert (opened.dossier, opened.altered) == (dossier, ())
    text = path.read_text(encoding="utf-8")
    assert not HIDDEN.search(text.replace("\u2068", "").replace("\u2069", ""))
    if ending == ".html":
        assert text.count("<script") == text.count("</script>") == 1
        assert "<img" not in text
        assert 'href="' not in seen(text)
    if ending == ".md":
        assert not re.search(r"(?<!\\)<(?!/?div|!-- shawahid-dossier [0-9a-f]{64}$)", text, re.MULTILINE)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_any_text_is_read_back_as_it_was(text: str) -> None:
    dossier = quoting(text)
    for ending in READABLE:
        view = {".md": markdown_view, ".html": html_view}[ending](dossier)
        assert seen_quotes(view, ending) == [shown for _, shown in shown_quotes(dossier.answer)]


def test_each_text_has_its_own_direction(demo: Assistant, full: Dossier) -> None:
    page = html_view(full)
    assert page.startswith('<!doctype html>\n<html lang="ar" dir="rtl">')
    crossed = html_view(Dossier(demo.ask("Who won the world cup in 2022?"), AT, "0.1.0"))
    assert '<html lang="en" dir="ltr">' in crossed
    assert '<p class="abstention" lang="en" dir="ltr">' in crossed
    assert '<blockquote lang="ar" dir="rtl">' in crossed
    assert '<bdi class="code" dir="ltr">' in page


def test_every_kind_of_comparison_correction_and_verdict_can_be_said(full: Dossier) -> None:
    relations: tuple[Relation, ...] = ("agrees", "denial", "number", "date", "name", "rank", "stance")
    comparisons = tuple(Comparison(relation, (1, 2), ("أ", "ب")) for relation in relations)
    for outcome in ("supported", "contradicted", "mixed", "silent"):
        claim = ClaimCheck(outcome, (), ())
        answer = replace(full.answer, comparisons=comparisons, claim=claim, language="en", accounts=())
        for view in (markdown_view, html_view):
            text = view(replace(full, answer=answer))
            assert say(f"outcome_{outcome}", "en") in unescape(text)
            assert all(say(f"relation_{relation}", "en") in text for relation in relations)
            assert say("dossier_other_evidence", "en") in text


def test_a_dossier_with_the_schema_before_still_verifies() -> None:
    kept = read_dossier(REPOSITORY / "tests/data/dossier-schema-3.json")
    assert kept.answer.schema_version == SCHEMA_VERSION
    assert kept.answer.plan is None
    assert kept.answer.more == ()
    assert all(sentence.judge is None for sentence in kept.answer.sentences)


def test_the_clause_that_answers_is_marked(demo: Assistant) -> None:
    answer = demo.ask("كم عدد الذين خرجوا إلى ساحة البلدية رفضا لنقل سوق السمك؟")
    first, clause = answer.citations[0], "خرج أكثر من 1200 من الصيادين وعائلاتهم، يوم الجمعة،"
    assert first.quote.startswith(clause)
    page = html_view(Dossier(answer, AT, "0.1.0"))
    assert page.count(f"<mark>{clause}</mark>") == 2  # in the answer, and beside its source


def test_what_the_question_was_narrowed_to_is_told(demo: Assistant) -> None:
    answer = demo.ask("What happened yesterday?", today=date(2024, 3, 8))
    dossier = Dossier(answer, AT, "0.1.0")
    assert answer.plan
    assert [one.value for one in answer.plan.constraints] == ["2024-03-07"]
    assert '<p class="understood">Narrowed to: <bdi lang="en">yesterday: 2024-03-07</bdi></p>' in html_view(dossier)
    assert "Narrowed to: \u2068yesterday: 2024-03-07\u2069" in markdown_view(dossier)
