"""What the assistant says in its own voice, and what it tells a language model, as text files that anyone can change.

`phrases.ar.toml` and `phrases.en.toml` hold the same names; `say` is the one way to them. The other files are prompts;
`render` is the one way to those. Braces that are meant as such are doubled.
"""

import string
import tomllib
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

LANGUAGES: Final = ("ar", "en")
_HASH: Final = 12


class PhraseError(Exception):
    """A phrase or a prompt that is not there, or whose holes are not exactly those that were filled."""


def say(name: str, language: str, **values: object) -> str:
    """The phrase `name` in `language`, its {holes} filled.

    Raises PhraseError where the phrase is missing, or a hole or a value is left over.
    """
    try:
        phrase = phrases(language)[name]
    except KeyError as error:
        raise PhraseError(f"there is no phrase {name!r} in {language}") from error
    return _fill(f"the phrase {name!r} in {language}", phrase, values)


@cache
def phrases(language: str) -> dict[str, str]:
    """All phrases of a language, by name."""
    if language not in LANGUAGES:
        raise PhraseError(f"there are no phrases in {language!r}")
    return tomllib.loads(files(__package__).joinpath(f"phrases.{language}.toml").read_text(encoding="utf-8"))


def render(name: str, **values: object) -> str:
    """The prompt in `name`.txt, its {holes} filled.

    Raises PhraseError where the prompt is missing, or a hole or a value is left over.
    """
    return _fill(f"the prompt {name!r}", _prompt(name), values).strip()


def prompt_version(*names: str) -> str:
    """A hash over prompts, as they stand in their files: it changes whenever one of them does."""
    return sha256("\0".join(_prompt(name) for name in names).encode()).hexdigest()[:_HASH]


@cache
def _prompt(name: str) -> str:
    file = files(__package__).joinpath(f"{name}.txt")
    if not file.is_file():
        raise PhraseError(f"there is no prompt {name!r}")
    return file.read_text(encoding="utf-8")


def _fill(what: str, text: str, values: Mapping[str, object]) -> str:
    holes = {hole for _, hole, _, _ in string.Formatter().parse(text) if hole is not None}
    if holes != set(values):
        raise PhraseError(f"{what} has the holes {sorted(holes)}, got {sorted(values)}")
    return text.format(**values)
