"""Whether a question leans on the ones before it: it goes on from them, or points to something that it does not name.

A pronoun points to something outside its own clause. So one before which no clause has ended ("what did the lawyer say
about it?") points to an earlier question, and one after ("who is Salma Daoudi and why did she resign?") may not. "Its"
and the Arabic endings may point into the clause as well ("the ferry and its crew").
"""

import re
from typing import Final

from shawahid.ingest.text.words import STOP_WORDS, fold, words

_FEW_WORDS: Final = 3  # of the topic; a question with fewer leaves to an earlier one what it asks about

_GOES_ON: Final = frozenset("and then so but also or طيب طب بس كمان وبعدين كذلك ايضا اوكي ok okay".split())
_ASKING: Final = frozenset(
    "ما ماذا متي امتي ايمتي اين وين فين كيف كم كام لماذا ليش ليه لمن بماذا اي ايه ايش وش شو شنو شسم هل مين من"
    " who whom whose what when where why which how did does do is are was were has have will".split()
)
_PERSON: Final = frozenset("من مين منو who".split())
_ABOUT: Final = frozenset("عن في من مع ل ب علي الي بعد قبل غير سوي ماذا about for in with".split())
_CLAUSE_ENDS: Final = frozenset("and that who which when after before because لما عندما حين لان ان".split())
_POINTING: Final = frozenset(
    "he she it they him them hers there he's she's it's they're"
    " فيه فيها فيهم منه منها منهم عنه عنها عنهم له لها لهم به بها بهم معه معها معهم معاه معاها معاهم عليه عليها عليهم"
    " اليه اليها بعده بعدها قبله قبلها ضده ضدها ضدهم بينهم عنده عندها عندهم كلهم كلها حقه حقها كذا كده هيك هناك".split()
)
_POSSESSIVE: Final = frozenset("his her its their".split())
_RELATIVE: Final = frozenset("اللي يلي الذي التي الذين".split())
_THERE: Final = frozenset("فيه هناك there".split())
_THERE_IS: Final = frozenset("هل وش ايش شو شنو ما ايه كان is are was were".split())  # _THERE after these: there is
_SUFFIX: Final = re.compile(r"^\w{3,}(?:ها|هم|هن)$")
_NO_SUFFIX: Final = frozenset(
    "مهم اهم سهم فهم ابها تفاهم مساهم مساهمه درهم تهم متهم المتهم المهم الاهم اسهم الاسهم".split()
)
_OTHER_ONE: Final = re.compile(r"\b(?:the other|this one|that one)\b")
_AND: Final = re.compile(r"^و(?:ال\w{2,}|ب[يت]\w+)$")


def leans(text: str) -> bool:
    """Whether a question leans on what was asked before it.

    >>> leans("What did the union's lawyer say about it?"), leans("وليش غايب؟"), leans("سعر الذهب")
    (True, True, False)
    """
    said = words(text)
    if not said:
        return False
    return _goes_on(said) or _points_back(text, said) or _names_too_little(said)


def _goes_on(said: list[str]) -> bool:
    first = said[0]
    rest = first[1:] if first[0] in "وف" else ""
    joined = len(rest) > 1 and (rest in _ASKING or rest in STOP_WORDS or rest in _ABOUT or rest in _POINTING)
    own_word = first in _ASKING or first in STOP_WORDS  # "where" begins with the letter of "and"
    return (
        first in _GOES_ON
        or (joined and not own_word)
        or bool(_AND.match(first))
        or said[:2] in (["what", "about"], ["how", "about"])
    )


def _points_back(text: str, said: list[str]) -> bool:
    if _OTHER_ONE.search(fold(text)):
        return True
    named = False
    for place, word in enumerate(said):
        there_is = word in _THERE and (place == 0 or said[place - 1] in _THERE_IS)
        if (word in _POINTING and not there_is) or (_may_point_inside(word) and not named):
            return True
        if word in _RELATIVE:
            return False
        ends = word in _CLAUSE_ENDS or (word in _ASKING and place > 0) or (word[0] == "و" and word[1:] in STOP_WORDS)
        if ends and named:
            return False
        named = named or word not in STOP_WORDS | _ASKING
    return False


def _may_point_inside(word: str) -> bool:
    return word in _POSSESSIVE or (bool(_SUFFIX.match(word)) and word not in _NO_SUFFIX)


def _names_too_little(said: list[str]) -> bool:
    topical = [word for word in said if word not in STOP_WORDS and word not in _ASKING]
    if not topical:
        return True
    asks = said[0] in _ASKING or said[0] in STOP_WORDS
    return asks and len(topical) < _FEW_WORDS and said[0] not in _PERSON and said[-1] not in _PERSON
