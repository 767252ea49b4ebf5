"""What a sentence can be asked for: the shape that passes between the languages and the suggestions."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from shawahid.assistant.language.tokens import Token
from shawahid.assistant.search.answer_kind import AnswerKind

Form = Literal["reported", "he_said", "she_said", "how_many", "how_much", "when", "why"]
"""How a question is put. Each has a phrase in prompts/phrases.*.toml, "suggest_" and the form."""


@dataclass(frozen=True, slots=True)
class Askable:
    """A question in the making: its form, and what fills its phrase.

    `kind` is the kind of thing asked for, as `asks_for` names it.
    """

    form: Form
    what: str
    kind: AnswerKind = ""


def words_of(sentence: str, tokens: Sequence[Token]) -> str:
    """The words from the first to the last of some tokens, as the sentence has them."""
    pieces = [sentence[tokens[0].start : tokens[0].end]]
    for before, token in pairwise(tokens):
        between = sentence[before.end : token.start]
        between = between if token.stopped or len(between) < 3 else " "  # something in between was left out
        pieces += [between, sentence[token.start : token.end]]
    return "".join(pieces).replace("ـ", "")
