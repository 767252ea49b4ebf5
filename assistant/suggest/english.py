"""What can be asked of an English sentence, in words that stay grammatical where they are put.

A sentence with an auxiliary becomes a question by moving it, and one that begins with a number by asking how many
instead of it. What would need another form of its verb is not asked.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from shawahid.assistant.language.lexicon import concepts, word_list
from shawahid.assistant.language.times.moments import is_time_word
from shawahid.assistant.language.tokens import Token
from shawahid.assistant.language.units import unit_of
from shawahid.ingest.text.words import STOP_WORDS

from .askable import Askable, words_of

_AUXILIARIES: Final = frozenset("will would is are was were has have had can could must should".split())
_BEFORE_TIMES: Final = frozenset("on in at by from until before".split())
_SUBJECT_JOINTS: Final = frozenset("of the a an and between for at in on near to from".split())
_ROUNDING: Final = frozenset("about around nearly almost some more than at least over roughly".split())
_NOT_WHOLE: Final = frozenset("that which who whom whose where when while if not".split())
_AROUND_TIMES: Final = frozenset("early late last next this week weekend month year season the first end of".split())
_PARTICLES: Final = frozenset("al el bin ibn abu".split())
_PARTICLES_OF_VERBS: Final = frozenset(
    "up down out off away back over across within along around through under above below inside outside near".split()
)
_LONGEST: Final = 14  # words of a question
_TOPIC: Final = (2, 4)  # words behind "the"
_SUBJECT: Final = 8  # words


def topics(sentence: str, tokens: Sequence[Token]) -> Iterator[str]:
    """The phrases that "the" opens and a little word or a stop ends."""
    for place, token in enumerate(tokens):
        if token.word != "the":
            continue
        end = place + 1
        while end < len(tokens) and not tokens[end].stopped and _names_something(tokens[end]):
            end += 1
        phrase = tokens[place + 1 : end]
        if not _TOPIC[0] <= len(phrase) <= _TOPIC[1] or not _ends(tokens, end):
            continue
        for start in range(len(phrase) - 1):  # the old fish market, the fish market
            if not start or not (phrase[start - 1].capital and phrase[start].capital):
                yield "the " + words_of(sentence, phrase[start:])


def _ends(tokens: Sequence[Token], end: int) -> bool:
    """Whether a phrase ends before a word; of "the old and new", it would be the half."""
    last = tokens[end - 1].word
    if last.endswith(("ed", "ing", "ly")) or last in _PARTICLES_OF_VERBS or last in word_list("hollow"):
        return False
    return end == len(tokens) or tokens[end].stopped or tokens[end].word in STOP_WORDS - {"and", "or"}


def _names_something(token: Token) -> bool:
    return (
        token.word not in STOP_WORDS | word_list("saying") | word_list("openers") | _AUXILIARIES
        and token.latin
        and not token.word[0].isdigit()
        and not is_time_word(token.word)
    )


def facts(sentence: str, tokens: Sequence[Token]) -> Iterator[Askable]:
    """What a sentence tells that can be asked for."""
    yield from _speaker(sentence, tokens)
    yield from _count(sentence, tokens)
    place = next((at for at, token in enumerate(tokens) if token.word in _AUXILIARIES), 0)
    subject, rest = tokens[:place], tokens[place + 1 :]
    if rest and _is_subject(subject):
        inverted = f"{tokens[place].word} {_lowered(sentence, subject)}"
        yield from _price(inverted, tokens[place], rest)
        yield from _time(sentence, inverted, rest)
        yield from _reason(sentence, inverted, rest)


def _is_subject(tokens: Sequence[Token]) -> bool:
    """Whether the first words of a sentence name something that stands by itself."""
    if not 2 <= len(tokens) <= _SUBJECT or any(token.stopped for token in tokens[1:]):
        return False
    opened = tokens[0].word == "the" or (tokens[0].capital and tokens[1].capital)
    inner = tokens[1:]
    return opened and all(
        token.word in _SUBJECT_JOINTS or (_names_something(token) and not _verbal(token)) for token in inner
    )


def _verbal(token: Token) -> bool:
    return not token.capital and token.word.endswith(("ed", "ing"))


def _lowered(sentence: str, subject: Sequence[Token]) -> str:
    """A subject as it stands within a sentence."""
    words = words_of(sentence, subject)
    return words[0].lower() + words[1:] if subject[0].word == "the" else words


def _clause(tokens: Sequence[Token]) -> list[Token]:
    end = 0
    while end < len(tokens) and not (end and tokens[end].stopped):
        end += 1
    return list(tokens[:end])


def _whole(tokens: Sequence[Token]) -> bool:
    return (
        bool(tokens)
        and len(tokens) <= _LONGEST
        and not tokens[0].stopped
        and not any(token.quoted or token.word in _NOT_WHOLE | word_list("pointing") for token in tokens)
    )


def _price(inverted: str, auxiliary: Token, rest: Sequence[Token]) -> Iterator[Askable]:
    clause = _clause(rest)
    if len(clause) < 2 or auxiliary.word not in ("will", "would", "could") or clause[0].word != "cost":
        return
    if any((unit_of(token.word) or ("",))[0] == "money" for token in clause):
        yield Askable("how_much", f"{inverted} cost", "number")


def _time(sentence: str, inverted: str, rest: Sequence[Token]) -> Iterator[Askable]:
    clause = _clause(rest)
    when = next((place for place, token in enumerate(clause) if is_time_word(token.word) and token.capital), 0)
    cut = when
    while cut > 0 and (clause[cut - 1].word in _BEFORE_TIMES | _AROUND_TIMES or clause[cut - 1].word[0].isdigit()):
        cut -= 1
    after = clause[when + 1 :]
    if cut < 1 or any(not token.word[0].isdigit() and not is_time_word(token.word) for token in after):
        return
    if clause[cut].word in _BEFORE_TIMES and _whole(clause[:cut]):
        yield Askable("when", f"{inverted} {words_of(sentence, clause[:cut])}", "time")


def _reason(sentence: str, inverted: str, rest: Sequence[Token]) -> Iterator[Askable]:
    cut = next((place for place, token in enumerate(rest) if token.word in word_list("causing")), 0)
    clause = rest[:cut]
    if clause and _whole(clause) and not any(token.stopped for token in clause):
        yield Askable("why", f"{inverted} {words_of(sentence, clause)}")


def _count(sentence: str, tokens: Sequence[Token]) -> Iterator[Askable]:
    place = 0
    while place < len(tokens) and tokens[place].word in _ROUNDING:
        place += 1
    if place + 3 >= len(tokens) or not tokens[place].word[0].isdigit() or tokens[place].word in ("1", "one"):
        return
    counted = _clause(tokens[place + 1 :])
    plural = (counted[0].word.endswith("s") and _names_something(counted[0])) or counted[0].word in word_list("people")
    if 3 <= len(counted) <= _LONGEST and plural and _whole(counted) and not unit_of(counted[0].word):
        yield Askable("how_many", words_of(sentence, counted), "number")


def _speaker(sentence: str, tokens: Sequence[Token]) -> Iterator[Askable]:
    for place, token in enumerate(tokens):
        if token.word not in ("said", "says"):
            continue
        for name in (_name_before(tokens, place), _name_after(tokens, place)):
            if len([one for one in name if one.word not in _PARTICLES]) >= 2 and not _office(name[0]):
                yield Askable("he_said", words_of(sentence, name))
                return


def _name_before(tokens: Sequence[Token], place: int) -> list[Token]:
    start = place
    while start > 0 and _name(tokens[start - 1]) and not tokens[start].stopped:
        start -= 1
    while start < place and _office(tokens[start]):  # President Jane Roe
        start += 1
    return list(tokens[start:place])


def _name_after(tokens: Sequence[Token], place: int) -> list[Token]:
    end = place + 1
    while end < len(tokens) and _name(tokens[end]) and not (end > place + 1 and tokens[end].stopped):
        end += 1
    return list(tokens[place + 1 : end])


def _name(token: Token) -> bool:
    return token.latin and (token.word in _PARTICLES or (token.capital and token.word not in STOP_WORDS))


def _office(token: Token) -> bool:
    return any(concept.kind in ("office", "body") for concept in concepts(token.word))
