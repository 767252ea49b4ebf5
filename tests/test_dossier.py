"""Dossiers: made in every format, read back, held against the library and the files; whatever is changed is noticed."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime
from html import unescape
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from assistant import types
from assistant.assistant import Assistant
from assistant.dossier import Dossier, DossierInvalid, digest, quotes, shown_quotes
from assistant.dossier_file import HIDDEN, open_dossier, read_dossier, seal, seen_quotes
from assistant.types import (
    Answer,
    Citation,
    ClaimCheck,
    Comparison,
    Correction,
    Coverage,
    Filters,
    Relation,
    Speaker,
)
from ingest.library import Library
from prompts import say
from ui.dossier import FORMATS, write_dossier
from ui.dossier_html import html_view
from ui.dossier_markdown import markdown_view

from .conftest import DEMO, Run, Write

ARABIC = "كم عدد الذين خرجوا إلى ساحة البلدية رفضا لنقل سوق السمك؟"
ENGLISH = "How many passengers can the ferry carry?"
UNANSWERED = "من فاز بكأس العالم عام 2022؟"
AT = datetime(2024, 5, 2, 9, 30, 11, tzinfo=UTC)
SCHEMA = json.loads(files("assistant").joinpath("dossier.schema.json").read_text(encoding="utf-8"))
READABLE = (".md", ".html")

Edit = Callable[[str], str]


@pytest.fixture(scope="module")
def full(demo: Assistant) -> Dossier:
    """A dossier with every part that there can be."""
    answer = demo.ask(ARABIC)
    correction = demo.library.find("07-correction.md")
    end = correction.text.index(". ")
    corrected = Correction(
        "correction",
        correction.id,
        correction.metadata.title,
        correction.metadata.outlet,
        correction.metadata.date,
        correction.text[:end],
        0,
        end,
        correction.sha256,
    )
    first, second, *_ = answer.citations
    written = replace(answer.sentences[0], text="تجمّع أكثر من 1200 صياد.", origin="model", verdict="partly")
    return Dossier(
        replace(
            answer,
            mode="composed",
            sentences=(written, *answer.sentences[1:]),
            citations=(
                replace(first, speaker=Speaker("named", "نقيب الصيادين")),
                replace(second, speaker=Speaker("unnamed", "مصدر في البلدية"), corrections=(corrected,)),
            ),
            comparisons=(Comparison("number", (1, 2), ("أكثر من 1200", "نحو 300 شخص")),),
            claim=ClaimCheck("mixed", (1,), (2,)),
            coverage=replace(answer.coverage, silent=("The Harbour Post (invented)",)),
            understood="كم عددهم يوم الجمعة؟",
            notices=("تنبيه أول",),
            model="llama3.2@127.0.0.1:11434",
            prompt="ab12cd34ef56",
            left_out=3,
            as_of="2024-03-15",
            also_named=("سلمى الأخرى",),
        ),
        AT,
        "0.1.0",
        Filters(since="2024-01"),
    )


def written(dossier: Dossier, path: Path, edit: Edit = str) -> Path:
    """A dossier's file, its content edited."""
    write_dossier(dossier, path)
    changed = edit(path.read_text(encoding="utf-8"))
    path.write_text(changed, encoding="utf-8")
    return path


def seen(text: str) -> str:
    """What a reader sees of a dossier's file: what comes before its data."""
    return re.split('<!-- shawahid-dossier|<script type="application/json"', text)[0]


# Made, read, verified


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("question", [ARABIC, ENGLISH, UNANSWERED])
def test_a_dossier_is_made_and_holds(
    shawahid: Run, demo_folder: Path, demo: Assistant, tmp_path: Path, question: str, ending: str
) -> None:
    library, path = ["--library", str(demo_folder)], tmp_path / f"dossier{ending}"
    before = datetime.now(UTC).replace(microsecond=0)
    assert str(path) in shawahid(*library, "dossier", question, "-o", str(path)).stdout
    dossier = read_dossier(path)
    assert dossier.answer == demo.ask(question)
    assert before <= dossier.asked_at <= datetime.now(UTC)
    held = list(quotes(dossier.answer))
    assert held
    shown = shawahid(*library, "verify", str(path)).stdout.splitlines()
    assert [line.split()[0] for line in shown[:-1]] == ["holds"] * len(held)
    assert shown[-1].startswith(f"{len(held)} of {len(held)} quotes hold against the library")


def test_what_was_left_out_of_the_search_is_told(shawahid: Run, demo_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    options = ["--outlet", "The Harbour Post (invented)", "--since", "2024-03", "--until", "2024-04", "--article", "6"]
    after = ["--after", "Who heads the fishermen's union?"]
    question = "And what does he say?"
    shawahid("--library", str(demo_folder), "dossier", question, "-o", str(path), *options, *after)
    dossier = read_dossier(path)
    assert dossier.filters == Filters(("The Harbour Post (invented)",), "2024-03", "2024-04", (6,))
    assert dossier.answer.understood
    text = seen(path.read_text(encoding="utf-8"))
    for told in (
        "Only these outlets: \u2068The Harbour Post",
        "Not before: \u20682024-03",
        "Only these articles: \u20686",
    ):
        assert told in text


def test_only_formats_that_are_known_and_places_that_can_be_written(
    shawahid: Run, demo_folder: Path, tmp_path: Path
) -> None:
    library = ["--library", str(demo_folder)]
    refused = shawahid(*library, "dossier", ENGLISH, "-o", str(tmp_path / "a.docx"), check=1)
    assert ".md, .html, .json" in refused.stderr
    nowhere = shawahid(*library, "dossier", ENGLISH, "-o", str(tmp_path / "no" / "a.md"), check=1, LANG="ar_EG.UTF-8")
    assert "تعذّرت كتابة ملف الشواهد" in nowhere.stderr


@pytest.mark.parametrize("ending", FORMATS)
def test_every_part_is_there_and_comes_back(full: Dossier, tmp_path: Path, ending: str) -> None:
    path = written(full, tmp_path / f"a{ending}")
    opened = open_dossier(path)
    assert opened.dossier == full
    assert opened.altered == ()
    if ending == ".json":
        return
    text = unescape(re.sub(r"[\u2068\u2069\\]|<[^>]*>", "", seen(path.read_text(encoding="utf-8"))))
    answer = full.answer
    for expected in (
        answer.question,
        "2024-05-02 09:30:11 UTC",
        answer.frame,
        *(f"{sentence.text}\u00a0[{number}]" for number, sentence in enumerate(answer.sentences, start=1)),
        *(sentence.reason for sentence in answer.sentences),
        say("verdict_partly", "ar"),
        say("by_model", "ar"),
        say("outcome_mixed", "ar"),
        say("relation_number", "ar"),
        "«أكثر من 1200»",
        *(citation.quote for citation in answer.citations),
        *(citation.source for citation in answer.citations),
        *(citation.sha256 for citation in answer.citations),
        *(f"{citation.start}–{citation.end}" for citation in answer.citations),
        "نقيب الصيادين",
        "مصدر في البلدية",
        say("corrected_by", "ar"),
        answer.citations[1].corrections[0].quote,
        *answer.coverage.outlets,
        *answer.notices,
        *("كم عددهم يوم الجمعة؟", "llama3.2@127.0.0.1:11434", "ab12cd34ef56", "2024-03-15", "سلمى الأخرى"),
        "shawahid 0.1.0",
    ):
        assert expected in text, expected


@pytest.mark.parametrize("ending", READABLE)
def test_what_there_is_not_leaves_no_empty_section(demo: Assistant, tmp_path: Path, ending: str) -> None:
    path = written(Dossier(demo.ask(UNANSWERED), AT, "0.1.0"), tmp_path / f"a{ending}")
    text = seen(path.read_text(encoding="utf-8"))
    assert say("closest", "ar").rstrip(":") in text
    for absent in ("dossier_claim", "dossier_comparisons", "dossier_evidence", "row_silent", "row_prompt", "row_as_of"):
        assert say(absent, "ar") not in text
    assert text.index(say("abstained", "ar")) < text.index(say("closest", "ar").rstrip(":"))


def test_the_schema_describes_real_dossiers(demo: Assistant, full: Dossier, tmp_path: Path) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    validator = Draft202012Validator(SCHEMA)
    made = [Dossier(demo.ask(question), AT, "0.1.0") for question in (ARABIC, ENGLISH, UNANSWERED, "Hello")]
    for dossier in (*made, full):
        held = json.loads(written(dossier, tmp_path / "a.json").read_text(encoding="utf-8"))
        validator.validate(held)
        held["answer"]["confidence"] = "high"
        assert not validator.is_valid(held)


def test_the_schema_names_every_field() -> None:
    kinds = {"filters": Filters, "answer": Answer, "claim": ClaimCheck}
    named = {name.lower(): getattr(types, name) for name in types.__all__}
    for name, described in SCHEMA["$defs"].items():
        if described.get("type") == "object":
            expected = [field.name for field in fields(kinds.get(name) or named[name])]
            assert (described["required"], [*described["properties"]]) == (expected, expected), name


# What became of the articles


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """Some of the demo articles, to change."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in ("01-council-decision.md", "02-protest-marfa.md", "03-protest-sayyad.txt"):
        shutil.copy(DEMO / name, folder)
    return folder


@pytest.fixture
def made(shawahid: Run, articles: Path, tmp_path: Path) -> Path:
    """A dossier of two quotes over a library of those articles, which is this test's own."""
    shawahid("ingest", str(articles))
    path = tmp_path / "dossier.md"
    shawahid("dossier", ARABIC, "-o", str(path))
    assert {quoted.of.quote.split()[0] for quoted in quotes(read_dossier(path).answer)} == {"خرج", "شارك"}
    return path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def states(shawahid: Run, *arguments: str, check: int) -> dict[str, dict[str, Any]]:
    """What became of the quotes, by their file."""
    report = json.loads(shawahid("verify", *arguments, "--json", check=check).stdout)
    assert report["holds"] == (check == 0)
    return {quote["source"]: quote for quote in report["quotes"]}


def test_a_changed_article(shawahid: Run, articles: Path, made: Path) -> None:
    edit(articles / "03-protest-sayyad.txt", "خرج أكثر من 1200 من", "خرج أكثر من 1300 من")
    edit(articles / "02-protest-marfa.md", "شارك نحو", "عاجل. شارك نحو")
    shawahid("ingest", str(articles))
    found = states(shawahid, str(made), check=1)
    changed, moved = found["03-protest-sayyad.txt"], found["02-protest-marfa.md"]
    assert changed["state"] == "changed"
    assert changed["nearest"] == changed["quote"].replace("1200", "1300")
    assert moved["state"] == "moved"
    assert moved["found"]["start"] == moved["start"] + len("عاجل. ")
    assert states(shawahid, str(made), "--files", str(articles), check=1) == found
    printed = shawahid("verify", str(made), check=1).stdout
    assert re.search(r"^changed  \[1\] 03-protest-sayyad.txt .*\n +now: خرج أكثر من 1300", printed, re.MULTILINE)
    assert "0 of 2 quotes hold" in printed


def test_an_article_that_went_on_elsewhere(shawahid: Run, articles: Path, made: Path) -> None:
    with (articles / "02-protest-marfa.md").open("a", encoding="utf-8") as file:
        file.write("\nوهذه تتمة.\n")
    shawahid("ingest", str(articles))
    found = states(shawahid, str(made), check=1)["02-protest-marfa.md"]
    assert (found["state"], found["found"]["start"]) == ("moved", found["start"])


def test_a_removed_article(shawahid: Run, articles: Path, made: Path) -> None:
    shawahid("remove", "03-protest-sayyad.txt")
    found = states(shawahid, str(made), check=1)
    assert {source: quote["state"] for source, quote in found.items()} == {
        "03-protest-sayyad.txt": "missing",
        "02-protest-marfa.md": "holds",
    }
    assert "1 of 2 quotes hold" in shawahid("verify", str(made), check=1).stdout
    states(shawahid, str(made), "--files", str(articles), check=0)
    (articles / "03-protest-sayyad.txt").unlink()
    assert states(shawahid, str(made), "--files", str(articles), check=1)["03-protest-sayyad.txt"]["state"] == "missing"


def test_another_article_under_the_same_number_is_not_taken_for_it(
    shawahid: Run, made: Path, write: Write, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    for number in range(3):
        shawahid("--library", str(other), "ingest", str(write(f"other-{number}.txt", f"خرج أكثر من {number} أمس.")))
    found = states(shawahid, "--library", str(other), str(made), check=1)
    assert {quote["state"] for quote in found.values()} == {"missing"}


def test_the_library_is_gone(shawahid: Run, articles: Path, made: Path, tmp_path: Path) -> None:
    gone = ["--library", str(tmp_path / "gone")]
    held = shawahid(*gone, "verify", str(made), "--files", str(articles)).stdout
    assert f"2 of 2 quotes hold against the files in {articles}" in held
    beside = shawahid(*gone, "verify", str(made))  # the articles are under the dossier's own folder
    assert "There is no library" in beside.stderr
    assert f"2 of 2 quotes hold against the files in {tmp_path}" in beside.stdout
    (articles / "03-protest-sayyad.txt").rename(articles / "renamed.txt")
    shawahid(*gone, "verify", str(made), "--files", str(articles))
    assert "There is nothing at" in shawahid("verify", str(made), "--files", str(tmp_path / "no"), check=1).stderr


def test_a_file_that_cannot_be_read_any_more(shawahid: Run, articles: Path, made: Path) -> None:
    (articles / "03-protest-sayyad.txt").write_bytes(b"")
    found = states(shawahid, str(made), "--files", str(articles), check=1)["03-protest-sayyad.txt"]
    assert (found["state"], found["note"]) == ("missing", "the file is empty: there is nothing to ask about")


def test_records_are_read_with_the_names_that_their_ingest_was_given(
    shawahid: Run, write: Write, tmp_path: Path
) -> None:
    record = {"words": "افتتحت الجامعة المرصد الفلكي الجديد على تلة القمر يوم الأحد.", "paper": "المنارة"}
    source, path = write("a.jsonl", json.dumps(record)), tmp_path / "a.json"
    mapping = ["--map", "content=words", "--map", "outlet=paper"]
    shawahid("ingest", str(source), *mapping)
    shawahid("dossier", "متى افتتحت الجامعة المرصد الفلكي؟", "-o", str(path))
    assert read_dossier(path).answer.citations[0].outlet == "المنارة"
    assert states(shawahid, str(path), "--files", str(source.parent), *mapping, check=0)["a.jsonl#1"]
    assert states(shawahid, str(path), "--files", str(source.parent), check=1)["a.jsonl#1"]["state"] == "missing"


def test_the_text_of_a_hash_must_have_that_hash(demo_copy: Path, shawahid: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    shawahid("--library", str(demo_copy), "dossier", ENGLISH, "-o", str(path))
    with Library.open(demo_copy) as library, library.database.writing() as db:
        db.execute("UPDATE texts SET text = replace(text, '15 dirhams', '25 dirhams')")
    report = json.loads(shawahid("--library", str(demo_copy), "verify", str(path), "--json", check=1).stdout)
    assert [quote["state"] for quote in report["quotes"]] == ["moved"]


# What became of the dossier


@pytest.mark.parametrize("ending", READABLE)
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("أكثر من 1200 من الصيادين", "أكثر من 1300 من الصيادين", r"\[1\]: .*1300"),
        ("نحو 300 شخص، صباح الجمعة", "نحو 200 شخص، صباح الجمعة", r"sentence 2, \[2\]|sentence 2: .*200"),
        ("أن السوق الجديد سيضم 140", "أن السوق الجديد سيضم 150", r"correction of \[2\]: .*"),
        ("تجمّع أكثر من 1200 صياد", "تجمّع أكثر من 1300 صياد", "around the quotes was changed"),
        ("بعضه", "كله", "around the quotes was changed"),
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
    view = {".md": markdown_view, ".html": html_view}[ending](full)
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
            assert say(f"outcome_{outcome}", "en") in text.replace("&#x27;", "'")
            assert all(say(f"relation_{relation}", "en") in text for relation in relations)
            assert say("dossier_other_evidence", "en") in text
