"""Real parts for every test: a real library in a temporary folder, the bundled embedder, files as users have them."""

import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.dossier.dossier import Dossier
from shawahid.assistant.types import ClaimCheck, Comparison, Correction, Filters, Speaker
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest

from .doubles.browser import browser as browser
from .doubles.browser import demo_server as demo_server
from .doubles.command import Ran, run_apart, run_here

REPOSITORY = Path(__file__).parent.parent
DEMO = REPOSITORY / "ui" / "demo"
SHARED = REPOSITORY.parent / "shared"
SEEDS = SHARED / "seeds"
GOLD = SHARED / "gold"

needs_seeds = pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed articles are not beside this repository")

# What the tests of these files take together, longest first.
LONGEST = ("ui/test_page", "ui/test_", "ingest/test_", "test_verify")

Run = Callable[..., Ran]
Write = Callable[[str, str | bytes], Path]


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test reads or writes the user's own library, or a model that the user's environment names."""
    chosen = [name for name in os.environ if name.startswith("SHAWAHID_") and name != "SHAWAHID_CACHE"]
    for name in (*chosen, "OPENAI_API_KEY", "OPENAI_BASE_URL", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SHAWAHID_LIBRARY", str(tmp_path / "default-library"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty library."""
    with Library.open(tmp_path / "library", create=True) as opened:
        yield opened


# Takes out of a database what formats after the second brought.
TO_FORMAT_2 = """
DROP TABLE seals;
DROP TABLE past; DROP TABLE corrections; DROP TABLE handles; DROP TABLE unlinked;
DROP INDEX texts_copies; DROP TABLE bands; ALTER TABLE texts DROP COLUMN copy_group;
DELETE FROM meta WHERE key IN ('copies', 'stories'); DROP TABLE jobs; DROP TABLE stories;
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file under a folder `articles`, and return its path."""

    def write_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / "articles" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


@contextmanager
def archive_of(folder: Path, rows: Iterable[dict[str, str]]) -> Iterator[Assistant]:
    """An assistant over articles that are the lines of one file, in a library that is made in `folder`."""
    path = folder / "archive.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    with Library.open(folder / "library", create=True) as opened:
        ingest(opened, [path])
        yield Assistant(opened)


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of the demo articles. Tests that change it must copy it first."""
    folder = tmp_path_factory.mktemp("demo") / "library"
    with Library.open(folder, create=True) as opened:
        ingest(opened, [DEMO])
    return folder


@pytest.fixture(scope="session")
def demo(demo_folder: Path) -> Iterator[Assistant]:
    with Assistant.open(demo_folder) as assistant:
        yield assistant


@pytest.fixture(scope="session")
def full(demo: Assistant) -> Dossier:
    """A dossier with every part that there can be."""
    answer = demo.ask("كم عدد الذين خرجوا إلى ساحة البلدية رفضا لنقل سوق السمك؟")
    correction = demo.library.find("07-correction.md")
    end = correction.text.index(". ")
    corrected = Correction(
        "correction",
        correction.id,
        correction.metadata.title,
        correction.metadata.outlet,
        correction.metadata.date,
        correction.text[:end],
        0,
        end,
        correction.sha256,
    )
    first, second, *_ = answer.citations
    written = replace(answer.sentences[0], text="تجمّع أكثر من 1200 صياد.", origin="model", verdict="partly")
    return Dossier(
        replace(
            answer,
            mode="composed",
            sentences=(written, *answer.sentences[1:]),
            citations=(
                replace(first, speaker=Speaker("named", "نقيب الصيادين")),
                replace(second, speaker=Speaker("unnamed", "مصدر في البلدية"), corrections=(corrected,)),
            ),
            comparisons=(Comparison("number", (1, 2), ("أكثر من 1200", "نحو 300 شخص")),),
            claim=ClaimCheck("mixed", (1,), (2,)),
            coverage=replace(answer.coverage, silent=("The Harbour Post (invented)",)),
            understood="كم عددهم يوم الجمعة؟",
            notices=("تنبيه أول",),
            model="llama3.2@127.0.0.1:11434",
            prompt="ab12cd34ef56",
            left_out=3,
            as_of="2024-03-15",
            also_named=("سلمى الأخرى",),
        ),
        datetime(2024, 5, 2, 9, 30, 11, tzinfo=UTC),
        "0.1.0",
        Filters(since="2024-01"),
    )


@pytest.fixture
def demo_copy(demo_folder: Path, tmp_path: Path) -> Path:
    """A demo library to change."""
    return Path(shutil.copytree(demo_folder, tmp_path / "demo"))


@pytest.fixture(scope="session")
def seeds_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeds") / "library"
    with Library.open(folder, create=True) as opened:
        ingest(opened, [SEEDS])
    return folder


@pytest.fixture
def shawahid() -> Run:
    """Run the command in this process."""
    return partial(_checked, run_here)


@pytest.fixture
def shawahid_apart() -> Run:
    """Run the command in a process of its own: where it serves, or its start or its terminal is what is tested."""
    return partial(_checked, run_apart)


def _checked(
    run: Callable[[Sequence[str], str, dict[str, str]], Ran],
    *arguments: str,
    check: int | None = 0,
    stdin: str = "",
    **environment: str,
) -> Ran:
    """What a run of the command came to, which must end with the exit code `check`; None: any."""
    result = run(arguments, stdin, environment)
    assert check is None or result.returncode == check, result.stderr + result.stdout
    return result


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first: a worker takes a file at a time, and must not begin a long one when the others end."""
    items.sort(key=lambda item: next((at for at, name in enumerate(LONGEST) if name in item.nodeid), len(LONGEST)))


@pytest.hookimpl(tryfirst=True, wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """The last line of a run says which tests were left out for want of a tool: among the dots they are missed."""
    yield
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return
    reasons = [re.search(r"\w+ is not installed", str(one.longrepr)) for one in reporter.stats.get("skipped", [])]
    if missing := Counter(reason[0] for reason in reasons if reason):
        told = ", ".join(f"{count} tests were skipped, because {reason}" for reason, count in missing.items())
        reporter.write_line(f"NOT TESTED: {told}.")
