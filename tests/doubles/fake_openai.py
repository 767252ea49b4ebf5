"""The one fake: a paid service's boundary. It speaks OpenAI's embeddings and chat protocols over real HTTP."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

DIMENSIONS = 32
PIECES = 7  # characters a piece of a stream


@dataclass(frozen=True)
class Reply:
    """What the chat answers: `text`, in pieces where a stream is wanted; or a call of a tool, its name and arguments;
    or an error of `status`; cut after so many pieces; or silent first."""

    text: str = ""
    tool: tuple[str, dict[str, str]] | None = None
    status: int = 200
    message: str = "refused"
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    silence: float = 0.0
    pause: float = 0.0


class FakeOpenAI(ThreadingHTTPServer):
    """Answers on a free port of this machine. `texts` and `chats` are all it was sent, embedded and asked.

    `fail_with` makes embedding refuse. `answer` makes the chat's replies; `stopped` is set when a client went away
    before the end.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.fail_with: int | None = None
        self.texts: list[str] = []
        self.chats: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], Reply] = lambda request: Reply("ready")
        self.stopped = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: FakeOpenAI

    def do_POST(self) -> None:  # the name that http.server calls
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path.endswith("/chat/completions"):
            self.server.chats.append(request)
            self._chat(self.server.answer(request), streamed=bool(request.get("stream")))
        else:
            self._embed(request)

    def _embed(self, request: dict[str, Any]) -> None:
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

    def _chat(self, reply: Reply, *, streamed: bool) -> None:
        time.sleep(reply.silence)
        try:
            if reply.status != 200:
                error = {"error": {"message": reply.message, "type": "test", "code": None}}
                self._reply(reply.status, error, reply.headers)
            elif streamed:
                self._stream(reply)
            else:
                self._complete(reply)
        except OSError:
            self.server.stopped.set()

    def _stream(self, reply: Reply) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        pieces = [reply.text[start : start + PIECES] for start in range(0, len(reply.text), PIECES)]
        for number, piece in enumerate(pieces):
            if reply.cut_after is not None and number >= reply.cut_after:
                return
            self._event({"delta": {"content": piece}, "finish_reason": None})
            time.sleep(reply.pause)
        self._event({"delta": {}, "finish_reason": "stop"})
        self.wfile.write(b"data: [DONE]\n\n")

    def _complete(self, reply: Reply) -> None:
        message: dict[str, Any] = {"role": "assistant", "content": reply.text}
        if reply.tool:
            name, arguments = reply.tool
            function = {"name": name, "arguments": json.dumps(arguments)}
            message["tool_calls"] = [{"id": "call-1", "type": "function", "function": function}]
        choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if reply.tool else "stop"}
        self._reply(200, {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]})

    def _event(self, choice: dict[str, Any]) -> None:
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        data = json.dumps({**chunk, "choices": [{"index": 0, **choice}]})
        self.wfile.write(f"data: {data}\n\n".encode())
        self.wfile.flush()

    def _reply(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
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
