"""Words that mean the same in Arabic and English: offices, bodies, places. From lexicon.txt, and Unicode's CLDR."""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from shawahid.ingest.text.words import stem, words

_SHORTEST: Final = 2
_SHORTEST_CITY: Final = 3  # letters; shorter names are words as well
NAME_KINDS: Final = frozenset({"given", "title"})


@dataclass(frozen=True, slots=True)
class Concept:
    """What a word may mean. Of an `exclusive` kind only one can be meant at a time."""

    name: str
    kind: str
    exclusive: bool = False


def concepts(word: str) -> frozenset[Concept]:
    """What a folded word may mean, with و, ب, ل, ك or ال before it or without."""
    table = _table()
    found: set[Concept] = set()
    for form in forms(word):
        found |= table.get(form, set())
    if not found and word.isascii() and word.endswith("s"):
        found |= table.get(word[:-1], set())
    return frozenset(found)


@cache
def forms(word: str) -> tuple[str, ...]:
    """A folded word as it is and without what Arabic writes together with it."""
    if word.isascii():
        return (word,)
    found = [word]
    if len(word) > 3 and word[0] in "وبلفك":
        found.append(word[1:])
    if word.startswith("لل"):
        found.append("ال" + word[2:])
    found += [form[2:] for form in found if form.startswith("ال") and len(form) > 4]
    return tuple(dict.fromkeys([word, *(form for form in found if len(form) >= _SHORTEST)]))


def place_names() -> Iterator[tuple[Concept, list[str]]]:
    """The places, each with its names in both languages."""
    return ((concept, names) for concept, names in _entries() if concept.kind == "place")


def names_of(meant: Collection[Concept]) -> frozenset[str]:
    """What these are called in both languages, folded; nothing for the names of people."""
    return frozenset(
        name for concept, names in _entries() if concept in meant and concept.kind not in NAME_KINDS for name in names
    )


def word_list(name: str) -> frozenset[str]:
    """A list of folded words from wordlists.toml."""
    return _word_lists()[name]


def listed(word: str, name: str) -> bool:
    """Whether a folded word, with what Arabic writes together with it or without, is in a list of wordlists.toml."""
    return not word_list(name).isdisjoint(forms(word))


def word_table(name: str) -> dict[str, str]:
    """A table of number words from wordlists.toml: folded words, each with what it stands for, as it is written there.

    >>> word_table("fractions")["half"]
    '1/2'
    """
    return {word: value for value, listed in _tables()["numbers"][name].items() for word in listed.split()}


@cache
def _word_lists() -> Mapping[str, frozenset[str]]:
    return {name: frozenset(listed.split()) for name, listed in _tables().items() if isinstance(listed, str)}


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("wordlists.toml").read_text(encoding="utf-8"))


@cache
def _table() -> Mapping[str, set[Concept]]:
    table: dict[str, set[Concept]] = {}
    for concept, names in _entries():
        for name in names:
            for form in (name,) if concept.kind in NAME_KINDS else forms(name):
                table.setdefault(form, set()).add(concept)
                if concept.kind not in NAME_KINDS and concept.kind != "place":
                    table.setdefault(stem(form), set()).add(concept)
    return table


@cache
def _entries() -> tuple[tuple[Concept, list[str]], ...]:
    return (*_written(), *_of_cldr())


def _written() -> Iterator[tuple[Concept, list[str]]]:
    for line in files(__package__).joinpath("lexicon.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            kind, english, arabic = (part.strip() for part in line.split("|"))
            if english:
                concept = Concept(english.split()[0].casefold(), kind.rstrip("!"), kind.endswith("!"))
                yield concept, [*english.casefold().split(), *arabic.split()]
            else:  # names and titles: each is a word of its own
                for word in arabic.split():
                    yield Concept(word, kind), [word]


def _of_cldr() -> Iterator[tuple[Concept, list[str]]]:
    """Countries, and the cities that time zones are named for, where both languages have one word for them."""
    from babel import Locale

    arabic, english = Locale("ar"), Locale("en")
    pairs = [(english.territories[code], arabic.territories.get(code, "")) for code in english.territories]
    for zone, known in arabic.time_zones.items():
        city = english.time_zones.get(zone, {}).get("city") or zone.rpartition("/")[2].replace("_", " ")
        pairs.append((city, known.get("city", "")))
    for first, second in pairs:
        one, other = words(first), words(second)
        if len(one) == len(other) == 1 and len(other[0]) > _SHORTEST_CITY:
            yield Concept(one[0], "place"), [one[0], other[0]]
