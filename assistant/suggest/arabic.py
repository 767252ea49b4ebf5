"""What can be asked of an Arabic sentence, in words that stay grammatical where they are put.

An Arabic clause that begins with its verb becomes a question by a word before it, a phrase behind a preposition stands
in the genitive and fits behind another, and what follows 11 to 99 is in the very case that "how many" wants.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from shawahid.assistant.language.lexicon import concepts, forms, listed, word_list
from shawahid.assistant.language.names import is_given_name, names
from shawahid.assistant.language.times.moments import DIRECTIONS, is_time_word
from shawahid.assistant.language.tokens import Token
from shawahid.assistant.language.units import unit_of
from shawahid.assistant.search.answer_kind import AnswerKind
from shawahid.ingest.text.words import STOP_WORDS

from .askable import Askable, Form, words_of

_HE_SAID: Final = frozenset("قال اكد اوضح اضاف ذكر صرح اعلن كشف افاد".split())
_SHE_SAID: Final = frozenset(f"{verb}ت" for verb in _HE_SAID)
_THAT: Final = frozenset("ان انه انها انهم بان بانه بانها".split())
_MAKES_KNOWN: Final = frozenset("اعلن اعلنت كشف كشفت".split())  # … that, or "of" (عن)
_TOLD_TO: Final = frozenset("لوكاله لصحيفه لجريده لقناه لاذاعه لموقع لبرنامج".split())
_PREPOSITIONS: Final = frozenset("عن علي من في الي حول بشان ضد مع".split())
# A noun of action, by its form: توحيد, اجتماع, مكافحة.
_ACTION: Final = re.compile("ت..ي.|ا(?!ل).{2,4}ا.|م.ا..ه")
_TIED: Final = "بلوفك"  # what is written to the word behind it
_HERE: Final = frozenset(
    "البلاد المذكور المذكوره المنطقه المدينه المحافظه الحالي الحاليه".split()
)  # where the article is
_DAY_PARTS: Final = frozenset("يوم صباح مساء فجر ظهر ليله في منذ عصر من يومي امس اول شهر عام سنه".split())
_PERIODS: Final = frozenset("الاسبوع الشهر العام السنه".split())
_WITH_PRONOUNS: Final = frozenset("له لها لهم به بها بهم فيه فيها منه منها عنه عنها حاليا موخرا ايضا".split())
_INNER: Final = frozenset("بين عند لدي امام خلف خلال نحو تحت فوق قرب وسط ضد عبر حول غير".split())
_COMES_TO: Final = frozenset("بلغ بلغت يبلغ تبلغ".split())
_ROUNDING: Final = frozenset("نحو حوالي قرابه زهاء اكثر من ما يقارب يقرب لا يقل عن اقل تقريبا قدره".split())
_LONGEST: Final = 14  # words of a question
_SHORTEST: Final = 3
_SPEAKER: Final = (2, 8)  # words
_TOPIC: Final = 3  # words


def topics(sentence: str, tokens: Sequence[Token]) -> Iterator[str]:
    """The definite phrases that stand in the genitive: behind a preposition of their own, or one written to them where
    what follows it is plainly a noun."""
    for place, token in enumerate(tokens):
        tied = token.word[0] in "لب" and _is_action(token.word[1:])
        behind = place > 0 and not token.stopped and tokens[place - 1].word in _PREPOSITIONS
        if not tied and not behind:
            continue
        first = place + 1 if tied or _bare_noun(token, True) else place
        if place < first < len(tokens) and _bare_noun(tokens[first], False):
            first += 1
        end = first
        while end < len(tokens) and _definite(tokens[end]) and not tokens[end].stopped:
            end += 1
        phrase = tokens[place:end]
        shortest = 2 if tied or _is_action(token.word) else _TOPIC
        if first > place and shortest <= len(phrase) and 0 < end - first <= 3 and _plain(phrase):
            yield words_of(sentence, phrase)[1 if tied else 0 :]


def _is_action(word: str) -> bool:
    return bool(_ACTION.fullmatch(word)) and word not in word_list("hollow")


def _bare_noun(token: Token, first: bool) -> bool:
    return (
        not _definite(token)
        and (first or not token.stopped)
        and len(token.word) > 2
        and token.word not in STOP_WORDS | word_list("hollow") | word_list("little")
        and token.word[0] not in "0123456789"
        and not _says(token.word)
        and (not token.word.startswith("ي") if first else token.word[0] not in _TIED)
    )


def _definite(token: Token) -> bool:
    return token.word.startswith("ال") and len(token.word) > 4 and token.word not in STOP_WORDS


def _plain(tokens: Sequence[Token]) -> bool:
    """Whether words mean the same without those around them: no times, no pronouns, no figures, no other alphabet."""
    return not any(
        token.latin
        or token.word[0].isdigit()
        or is_time_word(token.word)
        or token.word in DIRECTIONS
        or token.word in _HERE
        or _points_back(token)
        for token in tokens
    )


def _points_back(token: Token) -> bool:
    if token.word == "الله" or token.text.endswith("ة") or token.word in ("مياه", "المياه", "اتجاه", "الاتجاه"):
        return False
    ends = len(token.word) > 3 and token.word.endswith(("ه", "ها", "هم", "هما"))
    return ends or token.word in _WITH_PRONOUNS or token.word in word_list("pointing")


def _says(word: str) -> bool:
    return word in word_list("saying") or word[1:] in word_list("saying")


def facts(sentence: str, tokens: Sequence[Token]) -> Iterator[Askable]:
    """What a sentence tells that can be asked for."""
    tokens = _without_asides(tokens)
    if len(tokens) > _SHORTEST:
        yield from _speaker(sentence, tokens)
        yield from _amount(sentence, tokens)
        if (verb := _verb(tokens[0])) and not _says(verb):
            yield from _count(sentence, tokens, verb)
            yield from _reason(sentence, tokens, verb)
            yield from _time(sentence, tokens, verb)


def _without_asides(tokens: Sequence[Token]) -> list[Token]:
    """A sentence without the time that papers put between commas: …، مساء الاثنين، …"""
    tokens = [token for place, token in enumerate(tokens) if not _passing(tokens, place)]
    stops = [place for place, token in enumerate(tokens) if token.stopped]
    for start, end in pairwise(stops):
        aside = tokens[start:end]
        if len(aside) < 5 and all(is_time_word(token.word) or token.word in _DAY_PARTS for token in aside):
            return [*tokens[:start], _joined(tokens[end]), *tokens[end + 1 :]]
    return list(tokens)


def _passing(tokens: Sequence[Token], place: int) -> bool:
    """Whether a word is of a time by the way, between a verb and its object: الأسبوع الماضي."""
    first = place - (tokens[place].word in DIRECTIONS)
    return (
        0 < first < len(tokens) - 1
        and tokens[first + 1].word in DIRECTIONS
        and tokens[first].word in _PERIODS
        and not tokens[first].stopped
        and tokens[first - 1].word not in STOP_WORDS | word_list("little") | word_list("hollow")
    )


def _joined(token: Token) -> Token:
    return Token(token.text, token.word, token.stem, token.start, token.end, False, token.quoted, False, False)


def _verb(token: Token) -> str | None:
    for word in (token.word, token.word.removeprefix("و")):
        if word in word_list("happening"):
            return word
    return None


def _without_and(token: Token, verb: str) -> str:
    return token.text[1:] if token.word != verb else token.text


def _speaker(sentence: str, tokens: Sequence[Token]) -> Iterator[Askable]:
    for place, token in enumerate(tokens):
        verb = token.word.removeprefix("و")
        begins = not place or token.stopped or token.word != verb
        if verb in _HE_SAID | _SHE_SAID and begins and _names_speaker(who := _until_that(tokens, place + 1, verb)):
            form: Form = "he_said" if verb in _HE_SAID else "she_said"
            yield Askable(form, words_of(sentence, who))
            return


def _until_that(tokens: Sequence[Token], start: int, verb: str) -> Sequence[Token]:
    """The words between a verb of saying and what is said, without whom it was said to and without what is added to a
    person's name."""
    ends = _THAT | {"عن"} if verb in _MAKES_KNOWN else _THAT
    end = next((at for at in range(start, len(tokens)) if tokens[at].word in ends or tokens[at].led), start)
    end = next((at for at in range(start, end) if tokens[at].word in _TOLD_TO), end)
    who = tokens[start:end]
    comma = next((place for place, token in enumerate(who) if place > 1 and token.stopped), len(who))
    return who[:comma] if any(is_given_name(token) for token in who[:comma]) else who


def _names_speaker(who: Sequence[Token]) -> bool:
    return (
        _SPEAKER[0] <= len(who) <= _SPEAKER[1]
        and _plain(who)
        and not any(len(token.word) == 1 or token.word.startswith("لل") for token in who)
        and not any(token.quoted or _says(token.word) or listed(token.word, "nameless") for token in who)
        and not any(token.word in STOP_WORDS | (word_list("little") - {"باسم"}) for token in who)
        and not _tied(who[0])
        and _named(who)
    )


def _tied(token: Token) -> bool:
    """Whether a word has a preposition written to it, that the verb of saying came with: قال لوكالة …"""
    tied = token.word[0] in _TIED and any(concepts(form) for form in forms(token.word)[1:])
    return token.word.startswith("لل") or (tied and not is_given_name(token))


def _named(tokens: Sequence[Token]) -> bool:
    """Whether a speaker is a person with a name, or a body with the words that tell which."""
    kinds = [{concept.kind for concept in concepts(token.word)} for token in tokens]
    if any("given" in kind for kind in kinds[:-1]):
        return True
    known = bool(names(tokens)) and "office" in kinds[0] and not any(kinds[-2:])
    return (known or "body" in kinds[0]) and len(tokens) > 2 and not _definite(tokens[0])


def _amount(sentence: str, tokens: Sequence[Token]) -> Iterator[Askable]:
    for place, token in enumerate(tokens):
        verb = token.word.removeprefix("و")
        if verb not in _COMES_TO:
            continue
        end = place + 1
        while end < len(tokens) and not tokens[end].stopped and not _counts(tokens, end):
            end += 1
        if end == len(tokens) or tokens[end].stopped:
            return
        what = tokens[place + 1 : end]
        if (
            3 <= len(what) <= 8
            and listed(what[0].word, "measures")
            and _plain(what)
            and _stands(what)
            and _ends_definite(what)
        ):
            clause = f"{_without_and(token, verb)} {words_of(sentence, what)}"
            yield Askable("how_much", clause, "number")
        return


def _ends_definite(tokens: Sequence[Token]) -> bool:
    return len(tokens[-1].word) > 4 and tokens[-1].word.startswith(("ال", "بال", "لل", "وال"))


def _counts(tokens: Sequence[Token], place: int) -> bool:
    while place < len(tokens) and tokens[place].word in _ROUNDING:
        place += 1
    return place < len(tokens) and tokens[place].word[0].isdigit()


def _count(sentence: str, tokens: Sequence[Token], verb: str) -> Iterator[Askable]:
    place = 1
    while place < len(tokens) and tokens[place].word in _ROUNDING:
        place += 1
    if place + 2 >= len(tokens) or not tokens[place].word.isdigit():
        return
    hundred = int(tokens[place].word) % 100
    place += 1
    if tokens[place].word in ("الف", "مليون"):
        place, hundred = place + 1, 0
    counted = _after_how_many(tokens[place], hundred) if place + 1 < len(tokens) else None
    rest = _clause(tokens, place + 1)
    if counted and rest and rest[0].word in _PREPOSITIONS and _plain(rest) and len(rest) + 2 <= _LONGEST:
        clause = f"{counted} {_without_and(tokens[0], verb)} {words_of(sentence, rest)}"
        yield Askable("how_many", clause, "number")


def _after_how_many(token: Token, hundred: int) -> str | None:
    """A counted noun in the singular and the accusative; None where the number has it otherwise."""
    if token.stopped or token.latin or unit_of(token.word) or token.word in STOP_WORDS:
        return None
    if hundred == 0 and not token.text.endswith(("ة", "ا", "ى", "اء")):
        return token.text + "ا"
    return token.text if (hundred == 0 or hundred > 10) and token.text.endswith(("ا", "اً", "ًا", "ة")) else None


def _clause(tokens: Sequence[Token], start: int) -> list[Token]:
    end = start
    while end < len(tokens) and not tokens[end].stopped:
        end += 1
    return list(tokens[start:end])


def _stands(tokens: Sequence[Token]) -> bool:
    """Whether words make one clause, and one that hangs on nothing before it."""
    hanging = (STOP_WORDS | word_list("little")) - _PREPOSITIONS - _INNER
    return tokens[-1].word not in _PREPOSITIONS | word_list("hollow") and not any(
        token.stopped or token.quoted or token.word in hanging or listed(token.word, "pointing") for token in tokens[1:]
    )


def _reason(sentence: str, tokens: Sequence[Token], verb: str) -> Iterator[Askable]:
    cut = next((place for place, token in enumerate(tokens) if token.word in word_list("causing")), 0)
    yield from _before(sentence, tokens, verb, cut, "why", "")


def _time(sentence: str, tokens: Sequence[Token], verb: str) -> Iterator[Askable]:
    cut = next((place for place, token in enumerate(tokens) if is_time_word(token.word)), 0)
    after = cut
    while after < len(tokens) and (is_time_word(tokens[after].word) or tokens[after].word[0].isdigit()):
        after += 1
    while cut > 1 and (tokens[cut - 1].word in _DAY_PARTS | STOP_WORDS or tokens[cut - 1].word[0].isdigit()):
        cut -= 1
    if after == len(tokens):
        yield from _before(sentence, tokens, verb, cut, "when", "time")


def _before(
    sentence: str, tokens: Sequence[Token], verb: str, cut: int, form: Form, kind: AnswerKind
) -> Iterator[Askable]:
    """The clause up to where it tells what is asked for."""
    clause = tokens[:cut]
    if _SHORTEST <= len(clause) <= _LONGEST and _plain(clause[1:]) and _stands(clause):
        rest = words_of(sentence, clause[1:])
        yield Askable(form, f"{_without_and(tokens[0], verb)} {rest}", kind)
