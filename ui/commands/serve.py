"""The subcommands `serve` and `ui`: the same server, the second with a browser; and `mcp`, without either."""

import argparse
from collections.abc import Callable

from shawahid.assistant.settings import Settings

Command = Callable[[argparse.Namespace, Settings], int]


def add_serving(add: Callable[[str, Command, str], argparse.ArgumentParser]) -> None:
    """What they take."""
    served = add("serve", _serve, "serve the page, the HTTP interface, MCP and OpenAI's chat protocol")
    served.add_argument(
        "--host",
        default="127.0.0.1",
        help="where to serve (127.0.0.1: this machine only; elsewhere needs --users)",
    )
    _add_common(served)
    page = add("ui", _ui, "serve on this machine, and open the page in a browser")
    page.add_argument("--no-browser", action="store_true", help="serve it, but open no browser")
    _add_common(page)
    add("mcp", _mcp, "serve an agent that starts this command, over stdin and stdout")


def _add_common(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--port", type=int, default=7860)
    sub.add_argument("--log-questions", action="store_true", help="have questions stand in the log")
    sub.add_argument(
        "--open-to-all",
        action="store_true",
        help="with --public-url and without --users: whoever reaches the proxy may read and change the library",
    )


def _serve(arguments: argparse.Namespace, settings: Settings) -> int:
    from shawahid.ui.server import Serving, serve

    serving = Serving(
        arguments.host, arguments.port, log_questions=arguments.log_questions, open_to_all=arguments.open_to_all
    )
    serve(settings, serving)
    return 0


def _ui(arguments: argparse.Namespace, settings: Settings) -> int:
    from shawahid.ui.server import Serving, serve

    browser = not arguments.no_browser
    serving = Serving(
        port=arguments.port,
        browser=browser,
        log_questions=arguments.log_questions,
        open_to_all=arguments.open_to_all,
    )
    serve(settings, serving)
    return 0


def _mcp(arguments: argparse.Namespace, settings: Settings) -> int:
    from shawahid.ui.api.mcp.server import serve_stdio

    serve_stdio(settings)
    return 0
