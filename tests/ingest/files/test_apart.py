"""Files that would hang, fill or end whoever reads them cost themselves alone, and are told with the limit they met."""

import json
import time
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest

from shawahid.ingest.errors import LIMITS, DocumentUnreadable
from shawahid.ingest.files import apart, sources
from shawahid.ingest.files.extract import extract
from shawahid.ingest.files.sources import walk
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest
from shawahid.ingest.types import Extracted, Failure, SourceFile
from shawahid.ui.commands.terminal import show_report

from ...conftest import DEMO, Write

TEXT = "The harbour council moved the old fish market from the quay."
_NINE = [f"{after}: &{after} [{', '.join([f'*{before}'] * 9)}]" for before, after in pairwise("abcdefghi")]
BOMB = "\n".join(["a: &a [x]", *_NINE, "title: *i"])


def failure(path: Path) -> Failure:
    """Why nothing comes of a path."""
    found: list[Extracted | Failure] = []
    for file in walk(path):
        try:
            found += [file] if isinstance(file, Failure) else list(apart.extract_apart(file, file.read(), {}))
        except DocumentUnreadable as error:
            found.append(Failure.of("", error))
    (one,) = found
    assert isinstance(one, Failure)
    return one


def given(suffix: str, data: bytes) -> list[Extracted | Failure]:
    return list(apart.extract_apart(SourceFile("a", "a", suffix, lambda: data), data, {}))


def test_what_is_read_apart_is_what_is_read_here() -> None:
    for file in walk(DEMO):
        assert isinstance(file, SourceFile)
        data = file.read()
        assert list(apart._READER.read(file, data, {})) == list(extract(file, data, {}))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("aliases.md", f"---\n{BOMB}\n---\n{TEXT}", "aliases_refused"),
        ("deep.json", "[" * 100_000, "nested_too_deep"),
        ("deep.md", f"---\ntitle: {'[' * 20_000}\n---\n{TEXT}", "nested_too_deep"),
    ],
)
def test_what_expands_or_nests_without_end(write: Write, name: str, content: str, code: str) -> None:
    begun = time.perf_counter()
    assert failure(write(name, content)).code == code
    assert time.perf_counter() - begun < 10


def test_aliases_in_a_file_beside(write: Write) -> None:
    write("a.txt.meta.yaml", BOMB)
    assert failure(write("a.txt", TEXT)).code == "aliases_refused"


def test_an_archive_of_one_large_member(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A CSV of 500 MB in a zip of 5.8 MB, a hundredth of it: refused before it is unpacked."""
    rows = "".join(f"{place},{place * place}\n" for place in range(10_000)).encode()
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", rows * (5_000_000 // len(rows)))
    monkeypatch.setattr(sources, "MAX_UNPACKED", sources.MAX_UNPACKED // 100)
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    assert failure(tmp_path / "a.zip").code == "expands_too_far"


def test_an_archive_that_expands_as_a_whole(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for place in range(40):
            archive.writestr(f"{place}.txt", b" " * 1_000_000)
    assert failure(tmp_path / "a.zip").code == "expands_too_far"


def test_a_word_file_that_expands(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 50_000_000)
    assert failure(tmp_path / "a.docx").code == "expands_too_far"


def test_what_takes_too_long_is_stopped_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    page = (DEMO / "12-desalination.html").read_bytes()
    monkeypatch.setattr(apart, "SECONDS", 0.001 - len(page) / 2**20)
    apart._READER.end()  # so that starting takes longer than that
    (late,) = given(".html", page)
    assert isinstance(late, Failure)
    assert late.code == "takes_too_long"
    monkeypatch.undo()
    assert isinstance(given(".html", page)[0], Extracted)


def test_what_needs_too_much_memory_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("resource")
    monkeypatch.setattr(apart, "_SMALL", 0)
    monkeypatch.setattr(apart, "_MEMORY_A_BYTE", 0)
    monkeypatch.setattr(apart, "MEMORY", 150 * 2**20)
    (large,) = given(".json", b"[" + b"[]," * 8_000_000 + b"[]]")
    assert isinstance(large, Failure)
    assert large.code in {"needs_too_much_memory", "reader_failed"}
    monkeypatch.undo()
    assert isinstance(given(".txt", TEXT.encode())[0], Extracted)


def test_a_reader_that_dies_is_replaced() -> None:
    page = (DEMO / "12-desalination.html").read_bytes()
    given(".html", page)
    process = apart._READER._process
    assert process is not None
    process.kill()
    process.wait()
    assert isinstance(given(".html", page)[0], Extracted)


def test_who_stops_in_the_middle_gets_the_next_file_whole() -> None:
    records = "\n".join(json.dumps({"content": f"{TEXT} {place}"}) for place in range(500)).encode()
    file = SourceFile("a", "a", ".jsonl", lambda: records)
    some = apart._READER.read(file, records, {})
    assert isinstance(next(some), Extracted)
    some.close()  # type: ignore[attr-defined]
    assert len(list(apart._READER.read(file, records, {}))) == 500


def test_a_limit_is_told_in_both_languages(library: Library, write: Write) -> None:
    report = ingest(library, [write("aliases.md", f"---\n{BOMB}\n---\n{TEXT}")])
    assert "YAML aliases" in show_report(report)
    assert "إحالات YAML" in show_report(report, language="ar")
    assert report.to_json()["failed"] == [
        {"source": report.failed[0].source, "reason": LIMITS["aliases_refused"]().args[0]}
    ]
