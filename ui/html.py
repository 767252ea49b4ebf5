"""HTML from templates: the one environment that loads them, and where an answer stands on the page.

A template escapes whatever it is given, and fails on a name that it is not given. Layout is in the templates, logic in
the Python beside them.
"""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from shawahid.assistant.types import Language
from shawahid.prompts import say
from shawahid.ui.told import at_clause, language_of_text, quoted

_ROOMS = ("dossiers", "gate", "page")
_DATE = re.compile(r"\d{4}(-\d\d){0,2}")
_BREAK = re.compile(r" *\n[ \n]*")
_BREAK_BESIDE_TAG = re.compile(rf"(?:^|(?<=>)){_BREAK.pattern}|{_BREAK.pattern}(?:$|(?=<))")


class Place(NamedTuple):
    """Where an answer stands: its conversation, and its turn there (from 1)."""

    conversation: str
    turn: int

    @property
    def anchor(self) -> str:
        """The part of an address that opens this answer again."""
        return f"c/{self.conversation}/{self.turn}"

    @property
    def id(self) -> str:
        """The prefix of its elements' ids; the page shows one conversation at a time."""
        return f"t{self.turn}"


def render(template: str, language: Language, **data: object) -> str:
    """The HTML that a template makes of `data`; `template` is "page/rows.html" for ui/page/templates/rows.html.

    Every template also has `say(name, **values)`, a phrase in `language`; `language`; and `direction`, "rtl" or "ltr".
    """
    phrase = partial(say, language=language)
    return _ENVIRONMENT.get_template(template).render(
        data, say=phrase, language=language, direction=direction(language)
    )


def direction(language: Language) -> str:
    return "rtl" if language == "ar" else "ltr"


class _OwnLayout(Extension):
    """A line break in a template, with its indentation, is no space on the page: beside a tag it is dropped, between
    words or attributes it is one space (the rule of JSX). A space that a reader is to see stands within a line."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        for token in stream:
            if token.type == "data":
                text = _BREAK.sub(" ", _BREAK_BESIDE_TAG.sub("", token.value))
                yield Token(token.lineno, "data", text)
            else:
                yield token


def _is_date(fact: str) -> bool:
    return _DATE.fullmatch(fact) is not None


_ENVIRONMENT = Environment(
    loader=PrefixLoader({room: FileSystemLoader(Path(__file__).parent / room / "templates") for room in _ROOMS}),
    autoescape=True,
    undefined=StrictUndefined,
    extensions=[_OwnLayout],
    auto_reload=False,
)
_ENVIRONMENT.tests["date"] = _is_date
_ENVIRONMENT.filters |= {
    "at_clause": at_clause,
    "direction": direction,
    "quoted": quoted,
    "reads": language_of_text,
}
