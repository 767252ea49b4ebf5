"""The language model: any OpenAI-compatible chat server, and everything that can go wrong on the way to it.

This is the one place with retries and time limits. A model is used only where it was chosen by name; a key lying in the
environment sends nothing anywhere. The only importer of openai here, which takes a second to import.
"""

import os
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypedDict

from shawahid.ingest.errors import ShawahidError
from shawahid.ingest.network import demand_network, server_host

Cause = Literal[
    "unreachable",
    "refused_key",
    "rate_limited",
    "server_error",
    "cut",
    "silent",
    "unknown_model",
    "rejected",
    "too_long",
    "empty",
    "declined",
    "garbled",
    "language",
]
"""Why a model gave no answer that can be shown. Each is said by a phrase of prompts/phrases.*.toml, "model_CAUSE"."""

_ATTEMPTS: Final = 2
_LONGEST_WAIT: Final = 5.0  # seconds; a server that asks for more has refused
_CONNECT: Final = 5.0  # seconds to reach the server
ANSWER_TOKENS: Final = 700
_TOO_LONG: Final = re.compile(r"context|too long|too many tokens|exceed", re.IGNORECASE)


class Message(TypedDict):
    role: Literal["system", "user"]
    content: str


class ModelFailed(ShawahidError):
    """The model gave no answer; `cause` tells why."""

    code = "model_failed"
    template = "The model {model} at {host} did not answer: {problem}."

    def __init__(self, cause: Cause, **details: object) -> None:
        super().__init__(**details)
        self.cause = cause


class SchemaRejected(Exception):
    """The server does not offer structured output."""


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """Which model to use: its `name` at the server `base_url` (None: OPENAI_BASE_URL, else OpenAI's own).

    `timeout` is the longest silence in seconds, before the first word or between two; `window` how many tokens prompt
    and answer may take together. With `local` nothing is sent, as with SHAWAHID_LOCAL: LocalOnly is raised.
    """

    name: str
    timeout: float = 60.0
    window: int = 8_192
    base_url: str | None = None
    local: bool = False


class ChatModel:
    """A chosen model. Threads may share one."""

    def __init__(self, choice: ModelChoice) -> None:
        from httpx import Timeout
        from openai import OpenAI

        self.name = choice.name
        self.window = choice.window
        self._local = choice.local
        self._structured = True
        self._options: dict[str, Any] = {"temperature": 0, "max_tokens": ANSWER_TOKENS}
        self._client = OpenAI(
            # A server that needs no key still wants the header.
            api_key=os.environ.get("OPENAI_API_KEY") or "none",
            base_url=choice.base_url,
            timeout=Timeout(choice.timeout, connect=min(_CONNECT, choice.timeout)),
            max_retries=0,
        )
        self._demand_network()

    @property
    def host(self) -> str:
        """Where text goes: the server's name, with its port where it is not the usual one."""
        return server_host(str(self._client.base_url))

    @property
    def structured(self) -> bool:
        """Whether structured output is asked for: until the server says that it does not offer it."""
        return self._structured

    def stream(self, messages: Sequence[Message], schema: dict[str, Any] | None = None) -> Iterator[str]:
        """The answer, piece by piece. Closing the iterator stops the model.

        Raises ModelFailed, and SchemaRejected where a schema was given that the server will not have.
        """
        self._demand_network()
        attempts = _ATTEMPTS
        while True:
            begun = False
            try:
                for piece in self._pieces(messages, schema):
                    begun = True
                    yield piece
                return
            except Exception as error:
                if not begun and self._adapt(error):
                    continue
                failed, wait = self._explain(error, begun, schema is not None)
                attempts -= 1
                if wait is None or begun or not attempts:
                    raise failed from error
                time.sleep(wait)

    def complete(self, messages: Sequence[Message]) -> str:
        """The whole answer. Raises ModelFailed."""
        return "".join(self.stream(messages))

    def _demand_network(self) -> None:
        demand_network(f"the model {self.name}", self.host, local=self._local)

    def _pieces(self, messages: Sequence[Message], schema: dict[str, Any] | None) -> Iterator[str]:
        options: dict[str, Any] = {}
        if schema is not None:
            described = {"name": "answer", "strict": True, "schema": schema}
            options["response_format"] = {"type": "json_schema", "json_schema": described}
        create: Any = self._client.chat.completions.create
        finished = False
        with create(
            model=self.name,
            messages=list(messages),
            stream=True,
            **self._options,
            **options,
        ) as answer:
            for chunk in answer:
                for choice in chunk.choices:
                    if choice.delta.content:
                        yield choice.delta.content
                    finished = finished or choice.finish_reason is not None
        if not finished:
            raise ConnectionResetError("the answer broke off")

    def _adapt(self, error: Exception) -> bool:
        """Leave out or rename an option that this model is said not to know; whether there was one."""
        if getattr(error, "status_code", None) not in (400, 422):
            return False
        told = str(error)
        if "max_tokens" in told and "max_tokens" in self._options:
            self._options["max_completion_tokens"] = self._options.pop("max_tokens")
            return True
        return "temperature" in told and self._options.pop("temperature", None) is not None

    def _explain(self, error: Exception, begun: bool, schema: bool) -> tuple[Exception, float | None]:
        """What an error is to us, and after how many seconds another attempt is worth it (None: it is not)."""
        import httpx
        import openai

        def failed(cause: Cause) -> ModelFailed:
            problem = str(getattr(error, "message", None) or error or type(error).__name__)
            return ModelFailed(cause, model=self.name, host=self.host, problem=" ".join(problem.split())[:300])

        if isinstance(error, (openai.APITimeoutError, httpx.TimeoutException)):
            return failed("silent"), None
        if isinstance(error, openai.APIStatusError):
            return self._explain_status(error, failed, schema)
        if begun or isinstance(error, ConnectionResetError):
            return failed("cut"), None
        if isinstance(error, (openai.APIConnectionError, httpx.TransportError)):
            return failed("unreachable"), 0.2
        return failed("server_error"), None

    def _explain_status(self, error: Any, failed: Any, schema: bool) -> tuple[Exception, float | None]:
        status = error.status_code
        if status in (401, 403):
            return failed("refused_key"), None
        if status == 404:
            return failed("unknown_model"), None
        if status == 429:
            wait = _retry_after(error.response.headers.get("retry-after"))
            return failed("rate_limited"), wait if wait <= _LONGEST_WAIT else None
        if status in (400, 413, 422) and _TOO_LONG.search(str(error)):
            return failed("too_long"), None
        if status in (400, 422) and schema:
            self._structured = False
            return SchemaRejected(), None
        if status < 500:
            return failed("rejected"), None
        return failed("server_error"), 0.5


def _retry_after(header: str | None) -> float:
    try:
        return max(0.0, float(header or 1.0))
    except ValueError:
        return _LONGEST_WAIT + 1  # a date: not worth reading for one question
