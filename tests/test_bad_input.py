"""Whatever is thrown at it: a clear error that names the thing, and nothing else lost."""

import json
import os
import shutil
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

import pytest

from shawahid.assistant.assistant import Assistant
from shawahid.ingest.check import check
from shawahid.ingest.errors import PathMissing, QuestionEmpty, QuestionTooLong
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest
from shawahid.ingest.writer import writing

from .conftest import REPOSITORY, Run, Write

GOOD = "قرر المجلس البلدي في النورس نقل سوق السمك القديم إلى منطقة الورش."


def reason(library: Library, path: Path) -> str:
    """Ingest the folder of a bad file with a good one beside it; the good one is in, the bad one has its reason."""
    good = path.with_name("good.txt")
    good.write_text(GOOD, encoding="utf-8")
    report = ingest(library, [path.parent])
    assert [Path(source).name for source in report.added] == ["good.txt"]
    (failure,) = report.failed
    assert path.name in failure.source
    assert check(library) == []
    return failure.reason


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\t\n", "empty"),
        ("empty.pdf", b"", "empty"),
        ("program.txt", b"\x7fELF\x02\x01\x01" + bytes(range(32)) * 100, "not a text file"),
        ("broken.pdf", b"%PDF-1.7\nnothing of the kind", "not a PDF"),
        ("broken.docx", b"PK\x03\x04 nothing", "not a Word file"),
        ("broken.json", b'{"content": ', "not valid JSON"),
        ("list.json", b"[1, 2", "not valid JSON"),
        ("number.json", b"12", "neither a record nor a list"),
        ("deep.json", b"[" * 100_000, "nested too deeply"),
        ("header.csv", b"title,content\n", "no rows"),
        ("half.txt", b"\xff\xfe" + "نص".encode("utf-16-le") + b"\x00\xd8\x41", "utf-16"),
        ("surrogate.jsonl", rb'{"content": "\ud83d half"}', "surrogate"),
        ("old.doc", b"\xd0\xcf\x11\xe0", "cannot be read: use"),
        ("page.html", b"<html><body><script>render()</script></body></html>", "no article text"),
    ],
)
def test_bad_files(library: Library, write: Write, name: str, data: bytes, expected: str) -> None:
    assert expected in reason(library, write(name, data))


def test_bad_front_matter(library: Library, write: Write) -> None:
    assert "front matter" in reason(library, write("a.md", f"---\ntitle: [broken\n---\n{GOOD}"))


def test_bad_sidecar(library: Library, write: Write) -> None:
    write("a.txt.meta.yaml", "just words")
    assert "metadata" in reason(library, write("a.txt", GOOD))


def test_a_truncated_zip(library: Library, write: Write, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "whole.zip", "w") as archive:
        archive.writestr("a.txt", GOOD * 100)
    path = write("cut.zip", (tmp_path / "whole.zip").read_bytes()[:300])
    assert "damaged or cut short" in reason(library, path)


def test_a_zip_that_expands_a_thousandfold(library: Library, write: Write, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("a.txt", b"\x20" * 50_000_000)
    assert "would expand" in reason(library, write("bomb.zip", (tmp_path / "bomb.zip").read_bytes()))


def test_a_damaged_member_of_a_zip(library: Library, write: Write, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", GOOD * 50)
    data = bytearray((tmp_path / "a.zip").read_bytes())
    data[200:210] = b"0123456789"
    assert "damaged" in reason(library, write("a.zip", bytes(data)))


def test_a_text_of_50_mb(library: Library, write: Write) -> None:
    assert "one article may have" in reason(library, write("huge.txt", (GOOD + "\n").encode() * (50_000_000 // 120)))


def test_a_line_of_a_million_characters(library: Library, write: Write) -> None:
    """Taken in, findable by its words and cited exactly; only its vectors would take minutes, so they wait."""
    path = write("line.txt", "كلمات كثيرة بلا نهاية " * 45_000 + "وفي آخرها جاء ذكر المرصد الفلكي. " + "خاتمة " * 2_000)
    library.embedder.count_tokens("")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("shawahid.ingest.writer.Writer.embed_pending", lambda *_: 0)
        report = ingest(library, [path])
    assert len(report.added) == 1
    answer = Assistant(library).ask("أين جاء ذكر المرصد الفلكي؟")
    assert answer.notices
    text = library.find(1).text
    assert len(text) > 1_000_000
    for citation in (*answer.citations, *answer.coverage.closest):
        assert text[citation.start : citation.end] == citation.quote
        assert len(citation.quote.split()) <= 45
    assert "المرصد" in " ".join(c.quote for c in (*answer.citations, *answer.coverage.closest))


def test_a_word_of_three_thousand_characters(library: Library, write: Write) -> None:
    ingest(library, [write("word.txt", "ك" * 3_000 + " " + GOOD)])
    assert check(library) == []


@pytest.mark.parametrize("question", ["", "   ", "؟!…", "\u200f"])
def test_an_empty_question(demo: Assistant, question: str) -> None:
    with pytest.raises(QuestionEmpty):
        demo.ask(question)


def test_a_question_of_ten_thousand_characters(demo: Assistant) -> None:
    with pytest.raises(QuestionTooLong, match="9999"):
        demo.ask("سوق " * 2_500)


@pytest.mark.parametrize(
    "question", ["Combien d'étals aura le nouveau marché aux poissons ?", "新しい魚市場はどこですか", "12345"]
)
def test_a_question_in_a_third_language(demo: Assistant, question: str) -> None:
    answer = demo.ask(question)
    assert answer.language == "en"
    assert bool(answer.citations) == (answer.status == "answered")
    for citation in (*answer.citations, *answer.coverage.closest):
        assert demo.library.article(citation.article).text[citation.start : citation.end] == citation.quote


def as_ordinary_user(*command: str) -> subprocess.CompletedProcess[str]:
    """Run the command without root's right to pass over permissions, by which root is refused nothing."""
    weakened = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if os.getuid() == 0 else []
    return subprocess.run(
        [*weakened, sys.executable, "-m", "shawahid", *command],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_no_permission_to_read_one_file(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    locked = tmp_path / "locked.txt"
    locked.write_text(GOOD * 2, encoding="utf-8")
    locked.chmod(0)
    result = as_ordinary_user("--library", str(tmp_path / "library"), "ingest", str(tmp_path))
    assert "1 added" in result.stdout, result.stderr
    assert "locked.txt: you have no permission to read it" in result.stdout


def test_no_permission_to_write_the_library(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(0o555)
    result = as_ordinary_user("--library", str(locked / "library"), "ingest", str(tmp_path / "good.txt"))
    assert result.returncode == 1
    assert "cannot be written" in result.stderr


SMALL_DISK = """
set -e
mount -t tmpfs -o size={size} none "$1"
"$2" -m shawahid --library "$1/library" ingest "$3" --json || echo "exit $?"
"$2" -m shawahid --library "$1/library" check || true
"""


@pytest.mark.skipif(not shutil.which("unshare"), reason="a disk of its own needs unshare")
@pytest.mark.parametrize("size", ["300k", "1200k"])
def test_a_full_disk(tmp_path: Path, write: Write, size: str) -> None:
    for number in range(400):
        write(f"{number}.txt", f"الخبر رقم {number}. {GOOD * 10}")
    small = tmp_path / "small"
    small.mkdir()
    script = SMALL_DISK.format(size=size)
    command = ["sh", "-c", script, "sh", str(small), sys.executable, str(tmp_path / "articles")]
    unshare = ["unshare", "--mount"] if os.getuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]
    result = subprocess.run([*unshare, *command], cwd=REPOSITORY, capture_output=True, text=True, timeout=240)
    if "unshare:" in result.stderr or "mount:" in result.stderr:
        pytest.skip("this machine lends no disk of its own")
    assert "exit 1" in result.stdout, result.stdout + result.stderr
    assert "cannot be written" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_killed_thread_of_writing_leaves_the_lock_free(library: Library, write: Write) -> None:
    with pytest.raises(RuntimeError, match="in the middle"), writing(library):
        raise RuntimeError("in the middle")
    assert len(ingest(library, [write("a.txt", GOOD)]).added) == 1


def test_errors_come_in_the_terminal_s_language(shawahid: Run) -> None:
    assert "There is no library at" in shawahid("status", check=1).stderr
    assert "لا توجد مكتبة" in shawahid("status", check=1, LANG="ar_EG.UTF-8").stderr


def test_utf8_that_was_cut_is_not_taken_for_another_encoding(library: Library, write: Write) -> None:
    data = ("He said hello to everyone at the café in town. " * 5).encode() + b"\xe2\x80"
    assert "damaged or missing bytes" in reason(library, write("cut.txt", data))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("big.json", '{"content": ' + "9" * 5_000 + "}"),
        ("surrogate.json", r'{"content": "text", "title": "\ud800"}'),
        ("date.json", '{"content": " ", "date": "1 Jan 99999999999999999999 00:00:00"}'),
    ],
)
def test_files_that_trip_libraries_up_cost_only_themselves(
    library: Library, write: Write, name: str, data: str | bytes
) -> None:
    assert reason(library, write(name, data))


def test_what_is_not_a_file(library: Library, write: Write) -> None:
    folder = write("good.txt", GOOD).parent
    os.mkfifo(folder / "pipe.txt")
    (folder / "loop.txt").symlink_to("loop.txt")
    (folder / os.fsdecode(b"caf\xe9.txt")).write_text(GOOD, encoding="utf-8")
    report = ingest(library, [folder])
    assert len(report.added) == 1
    assert len(report.failed) == 3
    with pytest.raises(PathMissing):
        ingest(library, [folder / ("x" * 300)])


def test_a_zip_with_two_members_of_one_name(library: Library, write: Write, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("a.txt", GOOD)
        archive.writestr("a.txt", GOOD * 2)
    report = ingest(library, [tmp_path / "a.zip"])
    assert (len(report.added), len(report.failed)) == (1, 1)


def test_terminal_codes_in_an_article_do_not_reach_the_terminal(shawahid: Run, write: Write) -> None:
    path = write("a.jsonl", json.dumps({"content": f"{GOOD} \x1b[2J\x1b]0;pwned\x07", "title": "\x1b[31mred"}))
    shawahid("ingest", str(path))
    for command in (["show", "1"], ["list"], ["ask", "ماذا قرر المجلس البلدي في النورس؟"]):
        assert "\x1b" not in shawahid(*command).stdout


def test_a_terminal_without_arabic(shawahid: Run, shawahid_apart: Run, write: Write) -> None:
    shawahid("ingest", str(write("a.txt", GOOD)))
    assert "?" in shawahid_apart("show", "1", PYTHONIOENCODING="latin-1", PYTHONUTF8="0").stdout


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("deep.html", f'<script type="application/ld+json">{"[" * 50_000}</script><p>{GOOD}</p>'.encode()),
        ("hex.html", f"<meta charset=hex><p>{GOOD}</p>".encode("cp1256")),
    ],
)
def test_a_page_that_describes_itself_badly_is_still_read(
    library: Library, write: Write, name: str, data: bytes
) -> None:
    ingest(library, [write(name, data)])
    assert GOOD in library.find(name).text
