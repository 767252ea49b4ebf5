"""What the assistant says: in each language the same, every hole filled, every error translated."""

import string
from typing import get_args

import pytest

import shawahid.assistant.assistant  # so that every error is known
import shawahid.assistant.compose.model
import shawahid.assistant.llamaindex
import shawahid.ingest.embedders.base
import shawahid.ui.commands.feedback
import shawahid.ui.dossiers.write
import shawahid.ui.questions.answering
import shawahid.ui.server
from shawahid.assistant import types
from shawahid.assistant.settings import STRICTNESSES
from shawahid.ingest.errors import ShawahidError
from shawahid.ingest.types import Sorting
from shawahid.prompts import LANGUAGES, PhraseError, phrases, say
from shawahid.ui import jobs

from .conftest import REPOSITORY


def holes(phrase: str) -> set[str]:
    return {hole for _, hole, _, _ in string.Formatter().parse(phrase) if hole}


def errors(kind: type[ShawahidError]) -> list[type[ShawahidError]]:
    return [kind, *(deeper for child in kind.__subclasses__() for deeper in errors(child))]


CODES = {error.code for error in errors(ShawahidError)}


def test_every_phrase_is_in_every_language() -> None:
    arabic, english = (phrases(language) for language in LANGUAGES)
    assert set(arabic) - CODES == set(english) - CODES
    for name in english:
        assert holes(arabic[name]) == holes(english[name]), name


@pytest.mark.parametrize("error", errors(ShawahidError), ids=lambda error: error.__name__)
def test_every_error_is_said_in_arabic(error: type[ShawahidError]) -> None:
    assert holes(phrases("ar")[error.code]) == holes(error.template)


def test_say_is_strict() -> None:
    assert say("page", "en", page=3) == "page 3"
    for given in ({}, {"page": 3, "more": 1}):
        with pytest.raises(PhraseError, match="holes"):
            say("page", "en", **given)
    with pytest.raises(PhraseError, match="no phrase"):
        say("no such phrase", "ar")
    with pytest.raises(PhraseError, match="no phrases in"):
        say("page", "fr")


def test_the_assistant_is_imported_for_its_errors() -> None:
    assert shawahid.assistant.assistant.OutletUnknown.code in CODES


# Phrases whose names are made from a value, by its prefix.
MADE = {
    "field": ("title", "outlet", "author", "date", "url"),
    "job": get_args(jobs.State),
    "outcome": (*get_args(types.Outcome), *get_args(jobs.Outcome)),
    "relation": get_args(types.Relation),
    "sort": get_args(Sorting),
    "strictness": STRICTNESSES,
    "verdict": get_args(types.Verdict),
}


def test_every_phrase_is_said_somewhere() -> None:
    made = {f"{prefix}_{value}" for prefix, values in MADE.items() for value in values}
    assert made <= set(phrases("en"))
    files = [
        path for name in ("assistant", "ui") for kind in ("*.py", "*.html") for path in (REPOSITORY / name).rglob(kind)
    ]
    source = "".join(path.read_text("utf-8") for path in files)
    unsaid = [name for name in phrases("en") if f'"{name}"' not in source and f"'{name}'" not in source]
    assert set(unsaid) <= made
