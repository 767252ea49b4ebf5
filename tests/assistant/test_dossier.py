"""Dossiers: made in every format, read back, held against the library and the files; whatever is changed is noticed."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime
from html import unescape
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from shawahid.assistant import types
from shawahid.assistant.assistant import Assistant
from shawahid.assistant.dossier.dossier import Dossier, quotes
from shawahid.assistant.dossier.file import open_dossier, read_dossier
from shawahid.assistant.types import Answer, ClaimCheck, Filters
from shawahid.ingest.library import Library
from shawahid.prompts import say
from shawahid.ui.dossiers.write import FORMATS, write_dossier

from ..conftest import DEMO, Run, Write

ARABIC = "كم عدد الذين خرجوا إلى ساحة البلدية رفضا لنقل سوق السمك؟"
ENGLISH = "How many passengers can the ferry carry?"
UNANSWERED = "من فاز بكأس العالم عام 2022؟"
AT = datetime(2024, 5, 2, 9, 30, 11, tzinfo=UTC)
SCHEMA = json.loads(files("shawahid.assistant.dossier").joinpath("dossier.schema.json").read_text(encoding="utf-8"))
READABLE = (".md", ".html")

Edit = Callable[[str], str]


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
    for quote in found.values():
        assert "older version" in quote.pop("note")
    files = states(shawahid, str(made), "--files", str(articles), check=1)
    assert {name: {**quote, "note": None} for name, quote in found.items()} == files
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
    with Library.open(demo_copy) as library, library.view.database.writing() as db:
        db.execute("UPDATE texts SET text = replace(text, '15 dirhams', '25 dirhams')")
    told = shawahid("--library", str(demo_copy), "verify", str(path), "--json", check=1)
    assert "not as written" in told.stderr  # damage is named, and nothing is held against it
    assert not told.stdout
