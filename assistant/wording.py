"""What an answer says in its own voice: phrases by their kind, put into words only where the answer is made.

Each kind is the name of a phrase in prompts/phrases.*.toml; tests/test_prompts.py holds one against the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from shawahid.assistant.types import Language
from shawahid.prompts import say

Frame = Literal[
    "abstained",
    "answered",
    "answered_accounts",
    "composed",
    "claim_supported",
    "claim_supported_quoted",
    "claim_contradicted",
    "claim_contradicted_quoted",
    "claim_mixed",
]
"""What introduces the sentences of an answer."""

Notice = Literal[
    "no_articles",
    "nothing_to_search",
    "embedding",
    "nothing_dated",
    "as_of",
    "some_undated",
    "model_notice",
    "model_none_held",
    "model_left_out",
    "model_repaired",
    "first_of",
    "undated_left_out",
    "counted_by_words",
    "items_by_words",
    "items_cut",
    "list_incomplete",
    "timeline_undated",
    "other_event",
    "no_rules_question",
    "no_rules_quotes",
    "compared_alone",
    "compared_nothing",
]
"""What limits an answer."""

Copied = Literal["verbatim", "verbatim_cut", "repaired"]
"""Why a sentence that is an article's own words stands."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that is still to be said: its `name`, and what fills its holes, which may be a phrase too."""

    name: str
    holes: Mapping[str, object] = field(default_factory=dict)

    def said(self, language: Language) -> str:
        filled = {
            hole: value.said(language) if isinstance(value, Phrase) else value for hole, value in self.holes.items()
        }
        return say(self.name, language, **filled)


def notice(kind: Notice, **holes: object) -> Phrase:
    return Phrase(kind, holes)
