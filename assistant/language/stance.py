"""On which side of a pair of opposites a clause stands: welcome or protest, calm or clashes, open or closed."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from shawahid.ingest.text.words import stem

from .lexicon import forms
from .polarity import clauses, is_not
from .tokens import Token

_REACH = 3  # words after a denial that it may deny


@dataclass(frozen=True, slots=True)
class Pole:
    """A side that a word takes in a pair of opposites: +1 or -1, and the word with its place among the tokens."""

    dimension: str
    side: int
    token: Token
    clause: tuple[Token, ...]


def poles(tokens: Sequence[Token]) -> Iterator[Pole]:
    """The sides that the clauses of a text take."""
    for clause in clauses(tokens):
        for place, token in enumerate(clause):
            for dimension, side in _sides(clause, place):
                denied = any(is_not(other.word) for other in clause[max(0, place - _REACH) : place])
                yield Pole(dimension, -side if denied else side, token, tuple(clause))


def _sides(clause: Sequence[Token], place: int) -> set[tuple[str, int]]:
    token = clause[place]
    table = _table()
    found = set().union(*(table.get(form, set()) for form in (*forms(token.word), token.stem)))
    if place + 1 < len(clause):
        found |= table.get(f"{token.word} {clause[place + 1].word}", set())
    return found


@cache
def _table() -> dict[str, set[tuple[str, int]]]:
    """What each word, in its forms, says of which pair."""
    given = tomllib.loads(files(__package__).joinpath("opposites.toml").read_text(encoding="utf-8"))
    found: dict[str, set[tuple[str, int]]] = {}
    for dimension, sides in given.items():
        for side, listed in ((1, sides["plus"]), (-1, sides["minus"])):
            for phrase in _phrases(listed):
                found.setdefault(phrase, set()).add((dimension, side))
                if " " not in phrase and not phrase.isascii() and len(stem(phrase)) > 2:
                    found.setdefault(stem(phrase), set()).add((dimension, side))
    return found


def _phrases(listed: str) -> Iterator[str]:
    """Words, and between quotation marks phrases."""
    for number, part in enumerate(listed.split('"')):
        yield from ([part] if number % 2 else part.split())
