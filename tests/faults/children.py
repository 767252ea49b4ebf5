"""The command in a forked child: nothing is imported again, so that a strike costs what the command costs."""

import importlib
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

_LOADED: Final = (
    *("chromadb", "onnxruntime", "tantivy"),
    *(
        "shawahid.assistant.assistant",
        "shawahid.ingest.pipeline",
        "shawahid.ingest.publish",
        "shawahid.ui.commands.main",
    ),
)
CRASHED: Final = 70  # by an exception that the command has no words for


def load() -> None:
    """Import what the commands import, once for all children; no session or client is opened."""
    for name in _LOADED:
        importlib.import_module(name)


def start(work: Callable[[], int], said: Path, *, file_size: int | None = None) -> int:
    """Run `work` in a child, which writes what it says to a file; returns its process id.

    With `file_size`, in bytes, a write beyond it fails as on a disk that has a fault (EFBIG).
    """
    sys.stdout.flush()
    process = os.fork()
    if process:
        return process
    code = CRASHED
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(out, 1)
        os.dup2(out, 2)
        if file_size is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, resource.RLIM_INFINITY))
        code = work()
    except BaseException:  # the child ends here, whatever it was
        traceback.print_exc()
    finally:
        with suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def command(library: Path, arguments: Sequence[str]) -> Callable[[], int]:
    """A `shawahid` command over a library."""

    def run() -> int:
        from shawahid.ui.commands.main import main

        return main(["--library", str(library), *arguments])

    return run


def wait(process: int, *, kill_after: float | None = None) -> int:
    """How a child ended: its exit code, or the signal below 0. It is killed after so many seconds, if it still runs."""
    end = None if kill_after is None else time.monotonic() + kill_after
    while end is not None:
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() >= end:
            os.kill(process, signal.SIGKILL)
            break
        time.sleep(0.002)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
