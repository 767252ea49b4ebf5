"""What the documents say is so: every command runs, every command is named, every example works."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from shawahid.assistant.settings import SETTINGS, load_settings
from shawahid.ui.commands.main import main, make_parser

from .benchmarks.__main__ import main as run_benchmarks
from .conftest import DEMO, REPOSITORY, Run

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
PAGES = ["README.md", *sorted(str(path.relative_to(REPOSITORY)) for path in (REPOSITORY / "docs").glob("*.md"))]
DOCUMENTS = [*PAGES, "CONTRIBUTING.md", "CHANGELOG.md"]


def blocks(page: str, language: str) -> list[str]:
    """The fenced blocks of a page in a language."""
    text = (REPOSITORY / page).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


EXAMPLES = [
    pytest.param(page, block, id=f"{page}-{number}")
    for page in PAGES
    for number, block in enumerate(blocks(page, "python"), start=1)
]


def help_text(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    with pytest.raises(SystemExit):
        main([*command, "--help"])
    return capsys.readouterr().out


def commands(capsys: pytest.CaptureFixture[str]) -> set[str]:
    return set(re.findall(r"^    (\w+) ", help_text(capsys), re.MULTILINE))


def test_every_command_is_in_the_readme_and_every_one_in_it_exists(capsys: pytest.CaptureFixture[str]) -> None:
    exist = commands(capsys)
    assert set(re.findall(r"(?<!from )shawahid (\w+)", README)) == exist


def test_every_option_in_the_documents_exists(capsys: pytest.CaptureFixture[str]) -> None:
    every = [[name] for name in commands(capsys)] + [["user", action] for action in ("add", "token", "remove")]
    exist = {option for command in every for option in re.findall(r"--[a-z-]+", help_text(capsys, *command))}
    for page in PAGES:
        text = (REPOSITORY / page).read_text(encoding="utf-8")
        ours = re.sub(r"^chroma run .*$", "", text, flags=re.MULTILINE)
        assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", ours)) <= exist, page


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
    places |= {"~/published": str(tmp_path / "published"), "users": str(tmp_path / "users")}
    for line in re.findall(r"^shawahid .*$", README, re.MULTILINE):
        arguments = shlex.split(line, comments=True)[1:]
        if arguments[0] in {"ui", "serve"}:  # which have tests of their own, and serve until they are stopped
            continue
        arguments = [places.get(argument, argument) for argument in arguments]
        shawahid(
            "--library", str(demo_copy), *arguments, stdin="a long password", OPENAI_BASE_URL="http://127.0.0.1:9/v1"
        )


@pytest.mark.parametrize(("page", "block"), EXAMPLES)
def test_every_python_example_runs(
    page: str,
    block: str,
    demo_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copytree(demo_folder, tmp_path / "my-library")
    shutil.copytree(DEMO, tmp_path / "articles")
    monkeypatch.chdir(tmp_path)
    exec(compile(block, page, "exec"), {})
    assert bool(capsys.readouterr().out) == ("print(" in block)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_in_a_shell_example_exists(page: str) -> None:
    targets = set(re.findall(r"^(\w+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    lines = [line for block in blocks(page, "sh") for line in block.splitlines()]
    assert lines
    for line in lines:
        command, *arguments = shlex.split(line, comments=True)
        if command == "shawahid":
            make_parser().parse_args(arguments)  # which ends the test where an argument is none
        elif command == "make":
            assert set(arguments) <= targets
        else:
            assert command in {"pip", "pipx", "export", "chroma", "podman"}


def test_the_table_of_settings_is_that_of_the_code() -> None:
    page = (REPOSITORY / "docs" / "python.md").read_text(encoding="utf-8")
    assert [row.name for row in SETTINGS] == re.findall(r"^\| `(\w+)` \| `\w+` \| `--", page, re.MULTILINE)
    for row in SETTINGS:
        default = "" if row.name == "library" else row.default()
        told = "" if default is None else str(default).lower()
        flag = f"`{row.flag} {row.metavar or ''}".rstrip()
        assert f"| `{row.name}` | `{row.variable}` | {flag}` | {f'{told} ' if told else ''}| {row.help} |\n" in page


def test_the_settings_file_in_the_documents_is_one(tmp_path: Path) -> None:
    (block,) = blocks("docs/python.md", "toml")
    (tmp_path / "config.toml").write_text(block, encoding="utf-8")
    assert load_settings(tmp_path / "config.toml").model_timeout == 120


@pytest.mark.skipif(not (REPOSITORY / ".venv" / "installed").exists(), reason="not set up by make")
def test_make_demo(tmp_path: Path) -> None:
    settings = ["SERVE=0", f"DEMO_LIBRARY={tmp_path / 'library'}"]
    result = subprocess.run(["make", "demo", *settings], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    for expected in ("14 added", "1200", "45 درهما", "المقالات لا تذكر ذلك."):
        assert expected in result.stdout


def test_make_bench(capsys: pytest.CaptureFixture[str]) -> None:
    run_benchmarks(runs=1)
    table = capsys.readouterr().out
    for name in ("python -c pass", "import shawahid", "shawahid --help", "shawahid ask"):
        assert re.search(rf"^{re.escape(name)}\s+[\d.]+\s+[\d.]+$", table, re.MULTILINE)
