"""The question that `ask` and `dossier` take, and its filters."""

import argparse
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shawahid.assistant.assistant import Assistant
    from shawahid.ui.questions.wish import Wish


def add_question(sub: argparse.ArgumentParser) -> None:
    """A question, what it follows, and the filters."""
    sub.add_argument("question")
    sub.add_argument(
        "--after", action="append", default=[], metavar="QUESTION", help="an earlier question of the conversation"
    )
    sub.add_argument("--outlet", action="append", default=[], help="only articles of this outlet (may be repeated)")
    sub.add_argument(
        "--since", metavar="DATE", help="only articles dated on or after this day (2019-04-14, 2019-04 or 2019)"
    )
    sub.add_argument("--until", metavar="DATE", help="only articles dated on or before this day")
    sub.add_argument(
        "--article", action="append", default=[], help="only this article: its number, source or file name"
    )
    add_today(sub)
    sub.add_argument(
        "--wide",
        action="append",
        default=[],
        choices=("time", "outlet", "author", "article"),
        help="what the question names of this kind narrows nothing (may be repeated)",
    )
    taken = sub.add_mutually_exclusive_group()
    taken.add_argument(
        "--joined", action="store_true", default=None, help="take it together with the question that --after names"
    )
    taken.add_argument(
        "--alone", dest="joined", action="store_false", default=None, help="take it by itself, whatever --after names"
    )


def add_today(sub: argparse.ArgumentParser) -> None:
    """The day that times are counted from."""
    sub.add_argument("--today", type=_day, metavar="DAY", help='the day that "yesterday" is counted from (2026-11-27)')


def _day(given: str) -> date:
    """A day by its date; argparse tells what is wrong with another."""
    return date.fromisoformat(given)


def wish_of(arguments: argparse.Namespace, assistant: "Assistant") -> "Wish":
    """What is asked for. Raises what `Assistant.filters` does."""
    from shawahid.ui.questions.wish import read_wish

    return read_wish(
        assistant,
        arguments.question,
        arguments.after,
        outlets=arguments.outlet,
        since=arguments.since,
        until=arguments.until,
        articles=arguments.article,
        today=arguments.today,
        unconstrained=arguments.wide,
        joined=arguments.joined,
    )
