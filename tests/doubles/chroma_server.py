"""A real Chroma server, `chroma run`, on this machine only and with a folder of its own; it can be killed."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from .waiting import eventually

_CHROMA = Path(sys.executable).with_name("chroma")


class ChromaProcess:
    """A server at `address`, which stays the same when it is killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [str(_CHROMA), "run", "--path", str(self.folder), "--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        eventually(self._answers, "chroma run did not start", timeout=60)

    def _answers(self) -> bool:
        try:
            httpx.get(f"{self.address}/api/v2/heartbeat", timeout=1.0).raise_for_status()
        except httpx.HTTPError:
            assert self.process is None or self.process.poll() is None, "chroma run ended"
            return False
        return True

    def kill(self) -> None:
        """SIGKILL: nothing is put in order."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def chroma_server(folder: Path) -> Iterator[ChromaProcess]:
    """A running server, ended at the end."""
    server = ChromaProcess(folder)
    try:
        server.start()
        yield server
    finally:
        server.kill()
