"""What a sentence can be asked for: the shape that passes between the languages and the suggestions."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from shawahid.assistant.language.tokens import Token


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in the making: the `phrase` (a name in prompts/phrases.*.toml) and what fills it.

    `kind` is the kind of thing asked for, as `question.asks_for` names it.
    """

    phrase: str
    what: str
    kind: str = ""


def words_of(sentence: str, tokens: Sequence[Token]) -> str:
    """The words from the first to the last of some tokens, as the sentence has them."""
    pieces = [sentence[tokens[0].start : tokens[0].end]]
    for before, token in pairwise(tokens):
        between = sentence[before.end : token.start]
        between = between if token.stopped or len(between) < 3 else " "  # something in between was left out
        pieces += [between, sentence[token.start : token.end]]
    return "".join(pieces).replace("ـ", "")
