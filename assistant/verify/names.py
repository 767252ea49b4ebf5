"""Names of a sentence against its ground, words of which only one can be meant, and what changed places."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from shawahid.assistant.language.lexicon import Concept, concepts
from shawahid.assistant.language.names import Words, is_given_name
from shawahid.assistant.language.tokens import Token

from .exchange import exchanged_in_clauses, exchanged_names, exchanged_numbers, exchanged_objects
from .ground import Embed, Finding, Ground, Text

_PARTICLES = frozenset("al el bin ben ibn abu abd van von de di da del la le mac saint st ابن بن ابو عبد ال".split())


def check_names(said: Text, ground: Ground) -> Finding | None:
    strange = [token for token in said.tokens if token.latin != said.latin and not token.word[0].isdigit()]
    missing = [token for token in (*said.names, *strange) if not ground.quote.words.has(token)]
    likely = [token for token in said.likely_names if token not in said.names and not ground.quote.words.has(token)]
    if likely and _has_strangers(said, ground):
        missing += likely
    across = said.latin != ground.quote.latin
    for token in missing:
        if _partly_known(token, said, ground, across):
            continue
        if across and token not in said.listed_names and ground.quote.words.sounds_like(token):
            continue
        if (ground.title.has(token) or ground.before.words.has(token)) and not _has_strangers(said, ground):
            continue
        return Finding("not_found", "name", token.text)
    return None


def check_kin(said: Text, ground: Ground) -> Finding | None:
    """A person of the same family name: the given name before it is another one than the quote has."""
    for first, last in _names_in_two(said.tokens):
        if last not in said.names or first not in said.names or not _full_name(first, last):
            continue
        same = Words([last])
        there = [(a, b) for a, b in _names_in_two(ground.quote.tokens) if same.has(b) and _full_name(a, b)]
        others = [given for given, _ in there if given in ground.quote.names or is_given_name(given)]
        if others and len(others) == len(there) and not ground.quote.words.has(first):
            return Finding("contradicted", "name", f"{first.text} {last.text}")
    return None


def _names_in_two(tokens: Sequence[Token]) -> Iterable[tuple[Token, Token]]:
    """The words two by two, without the particles of names: Basel al-Hammoud."""
    return pairwise(token for token in tokens if token.word not in ("al", "el"))


def _full_name(first: Token, last: Token) -> bool:
    """Whether two words that follow each other are a given name and a family's."""
    kinds = {concept.kind for concept in concepts(first.word)}
    if last.stopped or first.word in _PARTICLES or first.word[0].isdigit() or not kinds <= {"given"}:
        return False
    return not last.begins and (first.capital if first.latin else is_given_name(first))


def _partly_known(token: Token, said: Text, ground: Ground, across: bool) -> bool:
    """Whether the name that a word is part of is otherwise known, or the word is a common one with a capital."""
    meant = concepts(token.word)
    if not across or token.quoted or any(concept.kind == "place" for concept in meant):
        return False
    together = [other for other in said.listed_names if _beside(said.tokens, token, other)]
    if any(ground.quote.words.has(other) and not other.text.isupper() for other in together):
        return True
    return token.latin and bool(meant)


def _beside(tokens: Sequence[Token], one: Token, other: Token) -> bool:
    """Whether two words belong to one name: nothing but names between them."""
    first, last = sorted((tokens.index(one), tokens.index(other)))
    return first != last and last - first <= 3 and all(_in_name(token) for token in tokens[first : last + 1])


def _in_name(token: Token) -> bool:
    return token.capital or not token.latin or token.word in {"of", "al", "el", "the", "for", "bin", "de"}


def _has_strangers(said: Text, ground: Ground) -> bool:
    """Whether the quote has a name that the sentence leaves out: what the sentence has may stand in its place."""
    given = ground.quote
    known = [other for other in given.names if said.words.has(other)]
    return any(
        not said.words.has(other) and not any(_beside(given.tokens, other, one) for one in known)
        for other in given.likely_names
    )


def check_exclusive(said: Text, ground: Ground) -> Finding | None:
    """Of a kind of which only one can be meant (ministries, points of the compass, up and down): another one."""
    theirs = ground.quote.tokens
    given = {concept for place in range(len(theirs)) for concept in _telling(theirs, place)}
    for place, token in enumerate(said.tokens):
        mine = _telling(said.tokens, place)
        if not mine or mine & given:
            continue
        others = {concept for concept in given if concept.kind in {one.kind for one in mine}}
        mine_all = {concept for other in said.tokens for concept in concepts(other.word)}
        if others and not others & mine_all and len({c.kind for c in mine}) == 1:
            return Finding("contradicted", "word", token.text)
    return None


def _telling(tokens: Sequence[Token], place: int) -> set[Concept]:
    """The exclusive concepts that a word means where it stands: a field is a ministry's only beside the word."""
    near = {concept.name for token in tokens[max(0, place - 2) : place + 3] for concept in concepts(token.word)}
    office = bool(near & {"minister", "ministry"})
    return {c for c in concepts(tokens[place].word) if c.exclusive and (c.kind != "portfolio" or office)}


def check_places(said: Text, ground: Ground, embed: Embed) -> Finding | None:
    """Two names or two numbers that changed places."""
    given = ground.quote
    if text := exchanged_numbers(said.tokens, said.amounts, given.tokens, given.amounts, embed):
        return Finding("contradicted", "exchanged", text)
    if text := exchanged_names(said.tokens, said.names, given.tokens, given.names):
        return Finding("contradicted", "exchanged", text)
    if text := exchanged_in_clauses(said.tokens, said.names, given.tokens, embed):
        return Finding("contradicted", "exchanged", text)
    if text := exchanged_objects(said.tokens, given.tokens):
        return Finding("contradicted", "exchanged", text)
    return None
