"""The Model Context Protocol: tools.py for agents, over HTTP in the one app, and over stdin and stdout."""

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from importlib.metadata import version
from itertools import count
from typing import Any

import anyio
from mcp import MCPError
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ContentBlock,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    ToolAnnotations,
)
from mcp.types import Tool as Described
from pydantic import ValidationError
from starlette.types import Receive, Scope, Send

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.settings import Settings, open_library
from shawahid.ui.api.ask import told_midway
from shawahid.ui.api.models import AskBody
from shawahid.ui.gate.limits import LARGEST_BODY
from shawahid.ui.gate.logs import configure_logs, note_question
from shawahid.ui.gate.problems import whole
from shawahid.ui.questions.answering import Answering

from .tools import INSTRUCTIONS, Tool, make_tools

_Context = ServerRequestContext[Any, Any]


def build_mcp(assistant: Assistant, answering: Answering) -> Server:
    """The server, for any transport."""
    tools = {tool.name: tool for tool in make_tools(assistant, answering)}
    described = [_described(tool) for tool in tools.values()]
    schemas = {tool.name: tool.input_schema for tool in described}

    async def list_tools(_: _Context, __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=described)

    async def call_tool(context: _Context, asked: CallToolRequestParams) -> CallToolResult:
        if asked.name not in tools:
            raise MCPError(INVALID_PARAMS, f"There is no such tool. There are: {', '.join(tools)}")
        return await _call(tools[asked.name], asked.arguments or {}, context)

    return Server(
        "shawahid",
        title="Shawahid",
        version=version("shawahid"),
        instructions=INSTRUCTIONS,
        get_tool_input_schema=schemas.get,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


class OverHttp:
    """The server as an ASGI endpoint; `running` must go on meanwhile.

    It keeps sessions, because a client before the protocol of 2026 cancels in a request of its own. Nothing is ever
    sent unasked, so no stream is kept open for that.
    """

    methods = ("POST", "DELETE")

    def __init__(self, server: Server) -> None:
        self._manager = StreamableHTTPSessionManager(server, max_request_body_size=LARGEST_BODY)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with self._manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._manager.handle_request(scope, receive, send)


def serve_stdio(settings: Settings) -> None:
    """Serve whoever started this process, until its stdin ends. Raises what `open_library` does."""
    configure_logs()
    with open_library(settings) as library:
        assistant = Assistant(library, settings)
        with closing(Answering(assistant)) as answering:
            # Else the thread that waits for stdin would hold on until the next line. Nothing is written meanwhile.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            anyio.run(_serve_stdio, build_mcp(assistant, answering))


async def _serve_stdio(server: Server) -> None:
    async with stdio_server() as (read, write):  # whatever else is printed goes to stderr meanwhile
        await server.run(read, write, server.create_initialization_options())


def _described(tool: Tool) -> Described:
    return Described(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.takes.model_json_schema(),
        output_schema=tool.gives.json_schema(mode="serialization"),
        annotations=ToolAnnotations(
            read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
        ),
    )


async def _call(tool: Tool, given: dict[str, Any], context: _Context) -> CallToolResult:
    """What a tool gives, as data and as text; a failure is told as one, so that the agent can mend what it gave."""
    steps = count(1)

    async def tell(progress: str) -> None:
        await context.session.report_progress(next(steps), message=progress)

    try:
        asked = tool.takes.model_validate(given)
        if isinstance(asked, AskBody) and context.request is not None:
            note_question(context.request, asked.question)
        found = await tool.run(asked, tell)
    except Exception as error:
        return CallToolResult(content=_blocks([_told(error, tool)]), is_error=True)
    return CallToolResult(
        content=_blocks(tool.blocks(found)), structured_content=tool.gives.dump_python(found, mode="json")
    )


def _told(error: Exception, tool: Tool) -> str:
    """A failure and its remedy; one that nobody expected is logged."""
    if isinstance(error, ValidationError):
        listed = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        return f"What was given cannot be taken. {listed}. `{tool.name}` takes: {', '.join(tool.takes.model_fields)}."
    return told_midway(error).message


def _blocks(texts: list[str]) -> list[ContentBlock]:
    return [TextContent(text=whole(text)) for text in texts]
