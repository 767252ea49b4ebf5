"""The command `shawahid`, in this process or in one of its own."""

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from shawahid.ui.commands.main import main

REPOSITORY = Path(__file__).parents[2]

Ran = subprocess.CompletedProcess[str]


def run_here(arguments: Sequence[str], stdin: str, environment: dict[str, str]) -> Ran:
    """Call `main`, which spares a second or two of imports. An exception that it lets out fails the test."""
    typed = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
    printed, told = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.chdir(REPOSITORY),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(told),
    ):
        patch.setattr(sys, "stdin", typed)
        for name, value in environment.items():
            patch.setenv(name, value)
        try:
            code = main(arguments)
        except SystemExit as ended:  # argparse: a wrong usage, or help
            code = int(ended.code or 0)
    return Ran(["shawahid", *arguments], code, _text(printed), _text(told))


def _text(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


def run_apart(arguments: Sequence[str], stdin: str, environment: dict[str, str]) -> Ran:
    """Start the command as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "shawahid", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env={**os.environ, **environment},
        timeout=300,
    )
