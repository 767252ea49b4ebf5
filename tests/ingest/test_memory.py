"""Older texts: kept for whoever holds an old citation, found by no question, forgotten when that is asked for."""

import hashlib
import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shawahid.assistant.assistant import Assistant
from shawahid.ingest.check import check
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest, prune, remove
from shawahid.ingest.store import catalogue
from shawahid.ingest.store.schema import FORMAT
from shawahid.ingest.types import LIBRARY_FILE, Extracted, Forgotten, Metadata, PastText
from shawahid.ingest.writer import writing

from ..conftest import TO_FORMAT_2, Run, Write

OLD = "افتتحت بلدية الزهراء حديقة النهر يوم السبت، ومساحتها تسعة آلاف متر مربع."
NEW = "افتتحت بلدية الزهراء حديقة النهر يوم الأحد، ومساحتها سبعة آلاف متر مربع."
OTHER = "The lighthouse keeper of Senn retired after forty-one winters on the rock."


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def kept(library: Library, text: str) -> PastText:
    past = library.past(digest(text))
    assert past is not None
    return past


def found_by_anything(library: Library) -> set[str]:
    """All texts that a search by words or by meaning comes upon."""
    question = "متى افتتحت بلدية الزهراء حديقة النهر؟"
    hits = {*library.search_words(question, 50), *library.search_meaning(library.embedder.embed_question(question), 50)}
    return {library.text(passage.text_id) for passage in library.passages(hits).values()}


def test_what_a_changed_article_said_stays_and_is_not_found(library: Library, write: Write) -> None:
    path = write("a.md", f"---\noutlet: صحيفة\ndate: 2024-03-05\n---\n{OLD}")
    ingest(library, [path])
    with writing(library) as writer:
        writer.edit(1, {"outlet": "المصححة"})
    write("a.md", f"---\noutlet: صحيفة\n---\n{NEW}")
    ingest(library, [path])
    past = kept(library, OLD)
    assert (past.text, past.source, past.name, past.why) == (OLD, str(path), "a.md", "changed")
    assert past.metadata == Metadata(outlet="المصححة", date="2024-03-05")
    assert datetime.fromisoformat(past.left_at) <= datetime.now(UTC)
    assert library.past(digest(NEW)) is None
    assert [library.text_of_hash(digest(text)) for text in (OLD, NEW, OTHER)] == [OLD, NEW, None]
    assert found_by_anything(library) == {NEW}
    status = library.status()
    assert (status.texts, status.passages, status.embedded, status.past) == (1, 1, 1, 1)
    assert check(library) == []


def test_an_old_citation_can_be_checked_after_its_article_changed(library: Library, write: Write) -> None:
    path = write("a.txt", f"{OLD}\n{OTHER}")
    ingest(library, [path])
    (citation, *_) = Assistant(library).ask("ما مساحة حديقة النهر؟").citations
    write("a.txt", f"{NEW}\n{OTHER}")
    ingest(library, [path])
    text = library.text_of_hash(citation.sha256)
    assert text is not None
    assert text[citation.start : citation.end] == citation.quote
    assert "تسعة" in citation.quote
    answer = Assistant(library).ask("ما مساحة حديقة النهر؟")
    assert all("تسعة" not in cited.quote for cited in (*answer.citations, *answer.coverage.closest))


def test_what_was_removed_stays_too(library: Library, write: Write) -> None:
    folder = write("a.txt", OLD).parent
    write("b.txt", OTHER)
    ingest(library, [folder])
    remove(library, [library.find("a.txt").id])
    (folder / "b.txt").unlink()
    (folder / "a.txt").unlink()
    ingest(library, [folder], sync=True)
    assert [(kept(library, text).name, kept(library, text).why) for text in (OLD, OTHER)] == [
        ("a.txt", "removed"),
        ("b.txt", "removed"),
    ]
    assert found_by_anything(library) == set()
    assert (library.status().texts, library.status().past) == (0, 2)
    assert check(library) == []


def test_a_text_that_another_article_still_has_is_not_past(library: Library, write: Write) -> None:
    ingest(library, [write("a.txt", OLD), write("b.txt", OLD)])
    remove(library, [library.find("a.txt").id])
    assert library.past(digest(OLD)) is None
    assert library.text_of_hash(digest(OLD)) == OLD
    ingest(library, [write("b.txt", NEW)])
    assert (kept(library, OLD).name, kept(library, OLD).why) == ("b.txt", "changed")


def test_a_text_that_comes_back_is_present_again(library: Library, write: Write) -> None:
    for text in (OLD, NEW, OLD):
        ingest(library, [write("a.txt", text)])
    assert library.past(digest(OLD)) is None
    assert kept(library, NEW).text == NEW
    assert found_by_anything(library) == {OLD}
    assert library.status().past == 1
    assert check(library) == []


def test_records_that_only_change_places_leave_nothing_behind(library: Library, write: Write) -> None:
    lines = [json.dumps({"content": text}) for text in (OLD, OTHER)]
    path = write("a.jsonl", "\n".join(lines))
    ingest(library, [path])
    write("a.jsonl", "\n".join([json.dumps({"content": NEW}), *lines]))
    ingest(library, [path])
    assert library.status().past == 0
    write("a.jsonl", lines[1])
    ingest(library, [path], sync=True)
    assert sorted(kept(library, text).name for text in (OLD, NEW)) == ["a.jsonl#1", "a.jsonl#2"]
    assert check(library) == []


def test_new_metadata_leaves_no_older_text(library: Library, write: Write) -> None:
    for outlet in ("صحيفة", "أخرى"):
        ingest(library, [write("a.md", f"---\noutlet: {outlet}\n---\n{OLD}")])
    assert library.status().past == 0


def test_prune_forgets_all_or_what_was_left_before_a_day(library: Library, write: Write) -> None:
    for text in (OLD, NEW, OTHER):
        ingest(library, [write("a.txt", text)])
    with library.view.database.writing() as db:
        db.execute("UPDATE past SET left_at = '2020-05-31T22:00:00+00:00' WHERE sha256 = ?", (digest(OLD),))
    assert prune(library, "2020-05") == Forgotten(0, 0)
    assert prune(library, "2020-06-01") == Forgotten(1, len(OLD.encode()))
    assert library.past(digest(OLD)) is None
    assert library.text_of_hash(digest(OLD)) is None
    assert prune(library) == Forgotten(1, len(NEW.encode()))
    assert prune(library) == Forgotten(0, 0)
    assert library.text_of_hash(digest(OTHER)) == OTHER
    assert check(library) == []


def test_check_finds_an_older_text_that_was_tampered_with(library: Library, write: Write) -> None:
    for text in (OLD, NEW):
        ingest(library, [write("a.txt", text)])
    with library.view.database.writing() as db:
        db.execute("UPDATE past SET text = replace(text, 'تسعة', 'ثمانية')")
    (problem,) = check(library)
    assert "older text" in problem
    assert "prune" in problem
    with library.view.database.writing() as db:
        db.execute("UPDATE past SET text = ?, sha256 = ?", (NEW, digest(NEW)))
    assert any("both present and past" in problem for problem in check(library))


def test_a_writer_killed_between_the_change_and_the_memory_is_healed(library: Library, write: Write) -> None:
    path = write("a.txt", OLD)
    ingest(library, [path])
    with writing(library) as writer, library.view.database.writing() as db:
        file_id = catalogue.put_file(db, str(path), "0", "", False)
        assert writer.put(Extracted(str(path), "a.txt", NEW, Metadata(), "text"), file_id) == "changed"
    assert library.past(digest(OLD)) is None  # it is still among the texts
    assert library.text_of_hash(digest(OLD)) == OLD
    with writing(library):
        pass
    assert kept(library, OLD).why == "changed"
    assert check(library) == []


def test_the_command_says_what_is_kept_shows_it_and_forgets_it(shawahid: Run, write: Write) -> None:
    path = write("a.txt", OLD)
    shawahid("ingest", str(path))
    assert "older      none" in shawahid("status").stdout
    write("a.txt", NEW)
    shawahid("ingest", str(path))
    assert "older      1 texts kept" in shawahid("status").stdout
    assert json.loads(shawahid("status", "--json").stdout)["past"] == 1
    shown = shawahid("show", digest(OLD)).stdout
    assert OLD in shown
    assert "(changed)" in shown
    assert json.loads(shawahid("show", digest(OLD), "--json").stdout)["text"] == OLD
    assert "write it as" in shawahid("prune", "--before", "long ago", check=1).stderr
    assert shawahid("prune", "--before", "2000").stdout == "forgotten: 0 older texts, 0 bytes\n"
    assert shawahid("prune").stdout == f"forgotten: 1 older texts, {len(OLD.encode())} bytes\n"
    assert "has no article" in shawahid("show", digest(OLD), check=1).stderr


@pytest.mark.parametrize("format_", [1, 2])
def test_a_library_of_an_older_format_remembers_from_then_on(demo_copy: Path, write: Write, format_: int) -> None:
    with sqlite3.connect(demo_copy / LIBRARY_FILE) as db:
        db.executescript(TO_FORMAT_2)
        if format_ == 1:
            db.executescript(
                "DROP INDEX articles_outlet; DROP TABLE quotes; ALTER TABLE passages DROP COLUMN script;"
                " DELETE FROM meta WHERE key = 'analysis'"
            )
        db.execute("UPDATE meta SET value = ? WHERE key = 'format'", (str(format_),))
    db.close()
    with Library.open(demo_copy) as library:
        status = library.status()
        assert (status.format, status.articles, status.past) == (FORMAT, 14, 0)
        ferry = library.find("09-ferry.txt")
        assert library.corrections_of([1]) == {}
        remove(library, [ferry.id])
        assert kept(library, ferry.text).name == "09-ferry.txt"
        assert [stored.article.name for stored in library.corrections_of([1])[1]] == ["07-correction.md"]
