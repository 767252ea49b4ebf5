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
PAGES = ["README.md", *sorted(str(path.relative_to(REPOSITORY)) for path in (REPOSITORY / "docs").rglob("*.md"))]
DOCUMENTS = [*PAGES, "CONTRIBUTING.md", "CHANGELOG.md"]


def read(page: str) -> str:
    return (REPOSITORY / page).read_text(encoding="utf-8")


def blocks(page: str, language: str) -> list[str]:
    """The fenced blocks of a page in a language."""
    return re.findall(rf"```{language}\n(.*?)```", read(page), re.DOTALL)


SHELL = [page for page in PAGES if blocks(page, "sh")]
# Their commands are run; those of the other pages need a server or what a program made before.
RUN = ["README.md", "docs/articles.md", "docs/users.md", "docs/scaling.md"]


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


def test_every_command_is_in_the_documents_and_every_one_in_them_exists(capsys: pytest.CaptureFixture[str]) -> None:
    exist = commands(capsys)
    assert set(re.findall(r"(?<!from )shawahid (\w+)", README + read("docs/commands.md"))) == exist


def test_every_option_in_the_documents_exists(capsys: pytest.CaptureFixture[str]) -> None:
    every = [[name] for name in commands(capsys)] + [["user", action] for action in ("add", "token", "remove")]
    exist = {option for command in every for option in re.findall(r"--[a-z-]+", help_text(capsys, *command))}
    for page in PAGES:
        ours = re.sub(r"^chroma run .*$", "", read(page), flags=re.MULTILINE)
        assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", ours)) <= exist, page


def make_targets() -> set[str]:
    return set(re.findall(r"^([\w-]+):", read("Makefile"), re.MULTILINE))


def test_every_make_target_in_the_documents_exists() -> None:
    for name in DOCUMENTS:
        for code in re.findall(r"```.*?```|`[^`\n]+`", read(name), re.DOTALL):
            assert set(re.findall(r"^`?(?:\w+=\S+ )*make ([\w-]+)", code, re.MULTILINE)) <= make_targets()


def test_every_file_that_is_named_exists() -> None:
    for name in DOCUMENTS:
        for path in re.findall(r"`((?:ingest|assistant|prompts|ui|tests|docs)/[\w./-]+\.\w+)`", read(name)):
            assert (REPOSITORY / path).exists(), path


def headings(text: str) -> set[str]:
    """What a link can name after its #: each heading in lower case, without punctuation, with hyphens for spaces."""
    found = re.findall(r"^#+ (.*)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in found}


def links(page: str) -> list[tuple[Path, str]]:
    """What a page links to in the repository: each file, and the heading in it."""
    told = re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)", read(page))
    return [((REPOSITORY / page).parent / path if path else REPOSITORY / page, heading) for path, heading in told]


@pytest.mark.parametrize("page", DOCUMENTS)
def test_every_link_leads_somewhere(page: str) -> None:
    for path, heading in links(page):
        assert path.exists(), path
        assert not heading or heading in headings(path.read_text(encoding="utf-8")), heading


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached: set[str] = set()
    found = {"README.md"}
    while found - reached:
        page = (found - reached).pop()
        reached.add(page)
        found |= {str(path.resolve().relative_to(REPOSITORY)) for path, _ in links(page) if path.suffix == ".md"}
    assert reached == set(DOCUMENTS)


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= 200


def test_the_console_example_is_what_it_prints(shawahid: Run) -> None:
    (block,) = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    for part in filter(None, block.split("$ ")):
        line, _, expected = part.partition("\n")
        printed = shawahid(*shlex.split(line)[1:]).stdout
        assert printed.startswith(expected.rstrip("\n"))


@pytest.mark.parametrize("page", RUN)
def test_the_commands_in_the_documents_run(shawahid: Run, demo_copy: Path, tmp_path: Path, page: str) -> None:
    places = {"~/articles": str(DEMO), "ferry.html": str(tmp_path / "ferry.html")}
    places |= {"~/published": str(tmp_path / "published"), "users": str(tmp_path / "users")}
    lines = re.findall(r"^shawahid .*$", read(page), re.MULTILINE)
    assert lines
    for line in lines:
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


def test_the_pages_that_show_commands_are_these() -> None:
    assert set(SHELL) == {*RUN, *(f"docs/{name}.md" for name in ("deploying", "http", "mcp", "python"))}


@pytest.mark.parametrize("page", SHELL)
def test_every_command_in_a_shell_example_exists(page: str) -> None:
    lines = [line for block in blocks(page, "sh") for line in block.splitlines()]
    assert lines
    for line in lines:
        command, *arguments = shlex.split(line, comments=True)
        if command == "shawahid":
            make_parser().parse_args(arguments)  # which ends the test where an argument is none
        elif command == "make":
            assert set(arguments) <= make_targets()
        else:
            assert command in {"pip", "pipx", "export", "chroma", "podman"}


def test_the_table_of_settings_is_that_of_the_code() -> None:
    page = read("docs/settings.md")
    assert [row.name for row in SETTINGS] == re.findall(r"^\| `(\w+)` \| `\w+` \| `--", page, re.MULTILINE)
    for row in SETTINGS:
        default = "" if row.name == "library" else row.default()
        told = "" if default is None else str(default).lower()
        flag = f"`{row.flag} {row.metavar or ''}".rstrip()
        assert f"| `{row.name}` | `{row.variable}` | {flag}` | {f'{told} ' if told else ''}| {row.help} |\n" in page


def test_the_settings_file_in_the_documents_is_one(tmp_path: Path) -> None:
    (block,) = blocks("docs/settings.md", "toml")
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
