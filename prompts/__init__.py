"""What the assistant says in its own voice, in each language, as text files that anyone can read and change.

`phrases.ar.toml` and `phrases.en.toml` hold the same names. `say` is the one way to them.
"""

import string
import tomllib
from functools import cache
from importlib.resources import files

LANGUAGES = ("ar", "en")


class PhraseError(Exception):
    """A phrase that is not there, or whose holes are not exactly those that were filled."""


def say(name: str, language: str, **values: object) -> str:
    """The phrase `name` in `language`, its {holes} filled.

    Raises PhraseError where the phrase is missing, or a hole or a value is left over.
    """
    try:
        phrase = phrases(language)[name]
    except KeyError as error:
        raise PhraseError(f"there is no phrase {name!r} in {language}") from error
    holes = {hole for _, hole, _, _ in string.Formatter().parse(phrase) if hole is not None}
    if holes != set(values):
        raise PhraseError(f"the phrase {name!r} in {language} has the holes {sorted(holes)}, got {sorted(values)}")
    return phrase.format(**values)


@cache
def phrases(language: str) -> dict[str, str]:
    """All phrases of a language, by name."""
    if language not in LANGUAGES:
        raise PhraseError(f"there are no phrases in {language!r}")
    return tomllib.loads(files(__package__).joinpath(f"phrases.{language}.toml").read_text(encoding="utf-8"))
