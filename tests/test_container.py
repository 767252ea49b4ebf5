"""The container file: no engine runs here, so a linter reads it, and what its steps run is run without a container."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from shawahid.assistant.settings import Settings
from shawahid.ui.commands.main import make_parser

from .conftest import REPOSITORY
from .doubles.http_serving import serving
from .test_house import build_wheel, files_of_the_packages

FILE = REPOSITORY / "Containerfile"
STEPS = re.sub(r"\s*\\\n\s*", " ", FILE.read_text(encoding="utf-8"))


def listed(instruction: str) -> list[str]:
    """The words of an instruction that is given as a list."""
    (words,) = re.findall(rf"^{instruction} (\[.*\])$", STEPS, re.MULTILINE)
    read: list[str] = json.loads(words)
    return read


def test_the_linter_has_nothing_to_say() -> None:
    linter = Path(sys.executable).with_name("hadolint")
    run = subprocess.run([linter, "--no-color", FILE], capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (0, "")


def test_what_is_copied_into_it_makes_the_whole_wheel(tmp_path: Path) -> None:
    _comment, everything, *lines = (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert everything == "*"
    names = [line.removeprefix("!") for line in lines if line.startswith("!")]
    (tmp_path / "source").mkdir()
    for name in names:
        here, there = REPOSITORY / name, tmp_path / "source" / name
        if here.is_dir():
            shutil.copytree(here, there, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(here, there)
    wheel = build_wheel(tmp_path / "source", tmp_path)
    carried = set(ZipFile(wheel).namelist())
    assert {f"shawahid/{name}" for name in files_of_the_packages()} <= carried


def test_the_bundled_model_is_converted_while_it_is_built(tmp_path: Path) -> None:
    (step,) = re.findall(r"^RUN /shawahid/bin/python (-c .*)$", STEPS, re.MULTILINE)
    environment = {"SHAWAHID_CACHE": str(tmp_path / "cache"), "PATH": "/usr/bin:/bin"}
    subprocess.run([sys.executable, *shlex.split(step)], cwd=REPOSITORY, env=environment, check=True)
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_it_starts_with_a_command_that_exists() -> None:
    assert listed("ENTRYPOINT") == ["shawahid"]
    assert make_parser().parse_args(listed("CMD")).host == "0.0.0.0"


@pytest.mark.parametrize("alive", [True, False])
def test_its_health_is_asked(demo_copy: Path, alive: bool) -> None:
    _python, *arguments = listed("HEALTHCHECK --start-period=30s CMD")
    with serving(Settings(demo_copy)) as served:
        address = served.address if alive else "http://127.0.0.1:9"
        asked = [argument.replace("http://127.0.0.1:7860", address) for argument in arguments]
        assert (subprocess.run([sys.executable, *asked], capture_output=True).returncode == 0) == alive


def test_nobody_is_root_and_nothing_is_secret() -> None:
    assert re.search(r"^USER 10001$", STEPS, re.MULTILINE)
    assert not re.search("KEY|TOKEN|SECRET|PASSWORD|ARG ", STEPS)
