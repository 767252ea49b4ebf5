"""What the documents say is so: every command runs, every command is named, every example works."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from ui.cli import main

from .benchmarks.__main__ import main as run_benchmarks
from .conftest import DEMO, REPOSITORY, Run

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/scaling.md"]


def help_text(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    with pytest.raises(SystemExit):
        main([*command, "--help"])
    return capsys.readouterr().out


def commands(capsys: pytest.CaptureFixture[str]) -> set[str]:
    return set(re.findall(r"^    (\w+) ", help_text(capsys), re.MULTILINE))


def test_every_command_is_in_the_readme_and_every_one_in_it_exists(capsys: pytest.CaptureFixture[str]) -> None:
    exist = commands(capsys)
    assert set(re.findall(r"shawahid (\w+)", README)) == exist


def test_every_option_in_the_readme_exists(capsys: pytest.CaptureFixture[str]) -> None:
    exist = {option for name in commands(capsys) for option in re.findall(r"--[a-z-]+", help_text(capsys, name))}
    ours = re.sub(r"^chroma run .*$", "", README, flags=re.MULTILINE)
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", ours)) <= exist


def test_every_make_target_in_the_documents_exists() -> None:
    targets = set(re.findall(r"^(\w+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for name in DOCUMENTS:
        assert set(re.findall(r"`?\bmake (\w+)`?", (REPOSITORY / name).read_text(encoding="utf-8"))) <= targets | {
            "the"
        }


def test_every_file_that_is_named_exists() -> None:
    for name in DOCUMENTS:
        for path in re.findall(
            r"`((?:ingest|assistant|prompts|ui|tests|docs)/[\w./-]+\.\w+)`", (REPOSITORY / name).read_text("utf-8")
        ):
            assert (REPOSITORY / path).exists(), path


def test_the_console_example_is_what_it_prints(shawahid: Run) -> None:
    (block,) = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    for part in filter(None, block.split("$ ")):
        line, _, expected = part.partition("\n")
        printed = shawahid(*shlex.split(line)[1:]).stdout
        assert printed.startswith(expected.rstrip("\n"))


def test_the_readme_s_commands_run(shawahid: Run, demo_copy: Path, tmp_path: Path) -> None:
    places = {"~/articles": str(DEMO), "ferry.html": str(tmp_path / "ferry.html")}
    places["~/published"] = str(tmp_path / "published")
    for line in re.findall(r"^shawahid .*$", README, re.MULTILINE):
        arguments = shlex.split(line)[1:]
        if arguments[0] in {"ui"}:  # the page has tests of its own
            continue
        arguments = [places.get(argument, argument) for argument in arguments]
        shawahid("--library", str(demo_copy), *arguments, OPENAI_BASE_URL="http://127.0.0.1:9/v1")


def test_the_readme_s_python_runs(demo_copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block.replace('"my-library"', repr(str(demo_copy))), "README.md", "exec"), {})
    assert "09-ferry.txt" in capsys.readouterr().out


@pytest.mark.skipif(not (REPOSITORY / ".venv" / "installed").exists(), reason="not set up by make")
def test_make_demo(tmp_path: Path) -> None:
    settings = ["SERVE=0", f"DEMO_LIBRARY={tmp_path / 'library'}"]
    result = subprocess.run(["make", "demo", *settings], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    for expected in ("14 added", "1200", "45 درهما", "المقالات لا تذكر ذلك."):
        assert expected in result.stdout


def test_make_bench(capsys: pytest.CaptureFixture[str]) -> None:
    run_benchmarks(runs=1)
    table = capsys.readouterr().out
    for name in ("python -c pass", "shawahid --help", "shawahid ask"):
        assert re.search(rf"^{re.escape(name)}\s+[\d.]+\s+[\d.]+$", table, re.MULTILINE)
