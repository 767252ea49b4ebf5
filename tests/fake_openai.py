"""The one fake: a paid service's boundary. It speaks OpenAI's embeddings protocol over real HTTP."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

DIMENSIONS = 32


class FakeOpenAI(ThreadingHTTPServer):
    """Answers on a free port of this machine. `fail_with` makes it refuse; `texts` are all it was sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.fail_with: int | None = None
        self.texts: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: FakeOpenAI

    def do_POST(self) -> None:  # the name that http.server calls
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.server.fail_with:
            self._reply(self.server.fail_with, {"error": {"message": "refused", "type": "test", "code": None}})
            return
        self.server.texts += request["input"]
        data = [
            {"object": "embedding", "index": index, "embedding": _vector(text)}
            for index, text in enumerate(request["input"])
        ]
        # Out of order, as the protocol allows.
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        self._reply(200, {"object": "list", "data": data[::-1], "model": request["model"], "usage": usage})

    def _reply(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _vector(text: str) -> list[float]:
    """Words to places, so that texts with the same words are near."""
    vector = [0.01] * DIMENSIONS
    for word in text.split():
        vector[sha256(word.encode()).digest()[0] % DIMENSIONS] += 1.0
    return vector


@contextmanager
def fake_openai() -> Iterator[FakeOpenAI]:
    server = FakeOpenAI()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
