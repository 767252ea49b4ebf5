"""The author whose articles a question asks for."""

from collections.abc import Iterable
from dataclasses import dataclass

from shawahid.assistant.language.lexicon import concepts

from .facts import Facts
from .said import Found, Said
from .wordings import ALL_BY_NAME, ASKING, AUTHORED, POSSESSED, STOPS_A_NAME, WRITER_NOUNS, bare


@dataclass(frozen=True, slots=True)
class AuthorMeant:
    """The author `found` in a question, in every spelling that the articles have; none where no article is by the
    `name`. `place` is the name with the words that ask for what it wrote, `sure` whether they ask for that."""

    found: Found
    place: Found
    name: str
    spellings: tuple[str, ...]
    sure: bool


def author_meant(said: Said, facts: Facts, taken: Iterable[Found]) -> AuthorMeant | None:
    """Whose articles are asked for; None where the words ask for nobody's, or may mean something else."""
    covered = {place for found in taken for place in range(found.first, found.last)}
    for number, pattern in enumerate((*AUTHORED, POSSESSED)):
        for match, place in said.finditer(pattern):
            found = _name(said, said.place(match.start("name"), match.end("name")), covered)
            if found is None:
                continue
            name = said.words[found.first : found.last]
            spellings = facts.authors_named(name)
            partly = name not in facts.authors
            end = place.last if said.line[match.end("name") :].strip() and place.last > found.last else found.last
            around = Found(place.first, max(found.last, end if match.end() > match.end("name") else found.last))
            if spellings:
                sure = not (partly and len(name) == 1 and pattern is POSSESSED)
                return AuthorMeant(found, around, said.typed(found), spellings, sure)
            if _names_nobody(said, found, facts, number, pattern is POSSESSED):
                return AuthorMeant(found, around, said.typed(found), (), True)
    return None


def _name(said: Said, found: Found, covered: set[int]) -> Found | None:
    """The words of a name, up to what goes on about something else."""
    first = found.first
    while first < found.last and (bare(said.words[first], WRITER_NOUNS) or said.words[first] in ASKING):
        first += 1
    last = first
    while last < min(found.last, first + ALL_BY_NAME) and last not in covered and said.words[last] not in STOPS_A_NAME:
        last += 1
    return Found(first, last) if last > first else None


def _names_nobody(said: Said, found: Found, facts: Facts, number: int, possessed: bool) -> bool:
    """Whether a name that no article has as its author is surely one all the same."""
    name = said.words[found.first : found.last]
    if any(word in ASKING or word.isdecimal() for word in name):
        return False
    given = any(concept.kind == "given" for concept in concepts(name[0])) and len(name) > 1
    if possessed:
        return given
    if "بقلم" in said.words or number <= 1:  # by …
        capital = said.typed(found)[:1].isupper()
        return given or len(name) > 1 or capital or not name[0].isascii()
    return given and not facts.has_words(name)
