"""Names and numbers that changed places: each is in the evidence, but not where the sentence has it."""

from collections.abc import Sequence
from itertools import combinations

from shawahid.assistant.language.names import Words
from shawahid.assistant.language.numerals import Number
from shawahid.assistant.language.polarity import clauses
from shawahid.assistant.language.tokens import Token
from shawahid.ingest.files.dates import MONTHS
from shawahid.ingest.text.words import STOP_WORDS

from .ground import Embed

_PERCENT = frozenset("percent per cent الميه المايه بالميه بالمايه".split())
_AGAINST = frozenset("علي ضد امام against over by beat defeated".split())
_PLACE = 3  # points of likeness between two places in a sentence
_AROUND = 3
_LONG = 20  # words on each side
_MARGIN = 0.03  # in cosine, summed over both
_CLAUSE_MARGIN = 0.02


def exchanged_numbers(
    said: Sequence[Token], mine: Sequence[Number], given: Sequence[Token], theirs: Sequence[Number], embed: Embed
) -> str | None:
    """The first of two numbers whose surroundings fit better the other way round."""
    shared = [
        (number, next(other for other in theirs if other.value == number.value))
        for number in mine
        if sum(other.value == number.value for other in theirs) == 1
        and sum(other.value == number.value for other in mine) == 1
    ]
    if len(shared) < 2:
        return None
    texts = [_around(said, number, mine) for number, _ in shared]
    texts += [_around(given, other, theirs) for _, other in shared]
    vectors = embed(texts)
    near = vectors[: len(shared)] @ vectors[len(shared) :].T
    for first, second in combinations(range(len(shared)), 2):
        if shared[first][0].ordinal != shared[second][0].ordinal:
            continue
        if _percents(said, shared[first][0], shared[second][0]) == 1:
            continue
        straight = near[first, first] + near[second, second]
        if near[first, second] + near[second, first] > straight + _MARGIN:
            return shared[first][0].text
    return None


def _percents(tokens: Sequence[Token], *found: Number) -> int:
    """How many of the numbers are percentages: one is never taken for the other."""
    after = [tokens[number.last + 1 : number.last + 3] for number in found]
    return sum(any(token.word in _PERCENT for token in words) for words in after)


def _around(tokens: Sequence[Token], number: Number, others: Sequence[Number]) -> str:
    """The clause that a number stands in, without it; where it has more numbers, only the words around this one."""
    start, end = _clause(tokens, number, _LONG)
    if any(start <= other.first < end for other in others if other != number):
        start, end = _clause(tokens, number, _AROUND)
    hidden = {place for other in others for place in range(other.first, other.last + 1)}
    around = [tokens[place] for place in range(start, end) if place not in hidden]
    return " ".join(_plain(token) for token in around if token.word not in _PERCENT)


def _clause(tokens: Sequence[Token], number: Number, most: int) -> tuple[int, int]:
    """The places around a number to the next stop or "and", at most so many words away."""
    start, end = number.first, number.last + 1
    while start > 0 and number.first - start < most and not tokens[start].stopped:
        start -= 1
        if most == _AROUND and _joins(tokens[start]):
            break
    while end < len(tokens) and end - number.last <= most and not tokens[end].stopped:
        if most == _AROUND and _joins(tokens[end]):
            break
        end += 1
    return start, end


def _joins(token: Token) -> bool:
    return token.word == "and" or (token.word[0] == "و" and len(token.word) > 4)


def _plain(token: Token) -> str:
    """A word; for a month, one name for all that it has."""
    return f"month {MONTHS[token.word]}" if token.word in MONTHS else token.text


def exchanged_names(
    said: Sequence[Token], mine: Sequence[Token], given: Sequence[Token], theirs: Sequence[Token]
) -> str | None:
    """A name that stands, word for word, where the evidence has another one."""
    named = {token.start for token in theirs}
    places: dict[str, list[int]] = {}
    for place, token in enumerate(given):
        places.setdefault(token.stem, []).append(place)
    for token in mine:
        place = said.index(token)
        own = [_neighbours(given, there) for there in places.get(token.stem, [])]
        here = _neighbours(said, place)
        if not own or not any(here):
            continue
        best_own = max(_fit(here, there) for there in own)
        others = [
            _fit(here, _neighbours(given, there))
            for there, other in enumerate(given)
            if other.start in named and other.stem != token.stem
        ]
        if others and max(others) >= _PLACE and best_own <= 1:
            return token.text
    return None


def exchanged_in_clauses(
    said: Sequence[Token], mine: Sequence[Token], given: Sequence[Token], embed: Embed
) -> str | None:
    """The first of two names whose clauses, without the names, fit better the other way round. Across languages too."""
    shared = [(name, there) for name in _together(said, mine) if (there := _found_once(name, given))]
    one, other = ([token for pair in shared for token in pair[side]] for side in (0, 1))
    placed = [(name[-1].text, _rest(said, name, one), _rest(given, there, other)) for name, there in shared]
    placed = [place for place in placed if min(len(place[1].split()), len(place[2].split())) >= _AROUND]
    if len(placed) < 2:
        return None
    vectors = embed([rest for _, rest, _ in placed] + [rest for _, _, rest in placed])
    near = vectors[: len(placed)] @ vectors[len(placed) :].T
    for first, second in combinations(range(len(placed)), 2):
        if placed[first][1] == placed[second][1] or placed[first][2] == placed[second][2]:
            continue  # both in one clause
        straight = near[first, first] + near[second, second]
        if near[first, second] + near[second, first] > straight + _CLAUSE_MARGIN:
            return placed[first][0]
    return None


def _together(tokens: Sequence[Token], named: Sequence[Token]) -> list[list[Token]]:
    """Names of several words as one."""
    found: list[list[Token]] = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token in named:
            if found and found[-1][-1] is before and not token.stopped:
                found[-1].append(token)
            else:
                found.append([token])
    return found


def _found_once(name: Sequence[Token], given: Sequence[Token]) -> list[Token]:
    """Where a name's last word is found in another text, if in one place only."""
    words = Words(name[-1:])
    found = [place for place, token in enumerate(given) if not token.word[0].isdigit() and words.has(token)]
    runs = sum(place - 1 not in found for place in found)
    return [given[place] for place in found] if runs == 1 else []


def _rest(tokens: Sequence[Token], name: Sequence[Token], named: Sequence[Token]) -> str:
    """The clause that a name stands in, without any name."""
    clause = next(clause for clause in clauses(tokens) if name[0] in clause)
    return " ".join(token.text for token in clause if token not in named)


def exchanged_objects(said: Sequence[Token], given: Sequence[Token]) -> str | None:
    """What stands behind "against" or على, where the evidence has something else there and that in another place."""
    for place, token in enumerate(said):
        there = [other for other, one in enumerate(given) if one.word == token.word]
        if token.word not in _AGAINST or len(there) != 1 or sum(one.word == token.word for one in said) != 1:
            continue
        mine, theirs = _object(said, place), _object(given, there[0])
        if not mine or not theirs or any(Words(theirs).has(one) for one in mine[-1:]):
            continue
        if all(Words(given).has(one) for one in mine) and Words(said).has(theirs[-1]):
            return " ".join(one.text for one in mine)
    return None


def _object(tokens: Sequence[Token], place: int) -> list[Token]:
    """The words behind a preposition, to the next stop or little word."""
    found: list[Token] = []
    for token in tokens[place + 1 : place + 4]:
        if token.stopped or token.word in STOP_WORDS or (token.word[0] == "ب" and found):
            break
        found.append(token)
    return found


def _neighbours(tokens: Sequence[Token], place: int) -> tuple[str, ...]:
    return tuple(
        tokens[other].stem if 0 <= other < len(tokens) else "" for other in (place - 2, place - 1, place + 1, place + 2)
    )


def _fit(here: tuple[str, ...], there: tuple[str, ...]) -> int:
    """How many neighbours are the same: the next ones count twice."""
    return sum(
        weight
        for weight, one, other in zip((1, 2, 2, 1), here, there, strict=True)
        if one == other and (one or weight > 1)
    )
