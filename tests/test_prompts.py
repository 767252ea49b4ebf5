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
from shawahid.assistant.compose.model import Cause
from shawahid.assistant.settings import Strictness
from shawahid.assistant.suggest.askable import Form
from shawahid.assistant.types import Outcome, Relation, Verdict
from shawahid.assistant.verify.ground import Reason
from shawahid.assistant.wording import Copied, Frame, Notice
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


# The phrases that are chosen by their kind: what stands before the kind in their names, and the kinds.
BY_KIND = {
    "": (*get_args(Frame), *get_args(Notice), *get_args(Copied)),
    "finding_": get_args(Reason),
    "model_": get_args(Cause),
    "suggest_": get_args(Form),
    "verdict_": get_args(Verdict),
    "relation_": get_args(Relation),
    "outcome_": (*get_args(Outcome), *get_args(jobs.Outcome)),
    "job_": get_args(jobs.State),
    "sort_": get_args(Sorting),
    "field_": ("title", "outlet", "author", "date", "url"),
    "strictness_": get_args(Strictness),
}


@pytest.mark.parametrize(("prefix", "kinds"), BY_KIND.items())
def test_every_kind_has_its_phrase(prefix: str, kinds: tuple[str, ...]) -> None:
    assert {prefix + kind for kind in kinds} <= set(phrases("en"))


def test_every_phrase_is_of_a_kind_or_named_in_the_source() -> None:
    files = [
        path for name in ("assistant", "ui") for kind in ("*.py", "*.html") for path in (REPOSITORY / name).rglob(kind)
    ]
    source = "".join(path.read_text("utf-8") for path in files)
    by_kind = {prefix + kind for prefix, kinds in BY_KIND.items() for kind in kinds}
    left = set(phrases("en")) - by_kind
    assert [name for name in left if f'"{name}"' not in source and f"'{name}'" not in source] == []
