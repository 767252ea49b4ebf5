"""Whom else a name in a question may mean: others of the same family name in what was found."""

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from shawahid.assistant.language.names import Words, is_given_name
from shawahid.assistant.language.tokens import Token, tokenize
from shawahid.ingest.text.words import STOP_WORDS


def namesakes(question: str, told: Iterable[str], found: Iterable[str]) -> tuple[str, ...]:
    """Full names in `found` that a bare family name of the question may mean, the ones in `told` left out.

    `told` are the quotes of the answer, `found` all that was looked at. A name that the question gives in full means
    nobody else.
    """
    asked = tokenize(question)
    bare = [
        token
        for before, token in zip([None, *asked], asked, strict=False)
        if token.word not in STOP_WORDS and not (before and is_given_name(before)) and not is_given_name(token)
    ]
    heard = Counter(name for text in told for name in _full_names(text, bare))
    others = Counter(name for text in found for name in _full_names(text, bare))
    if not heard or len(others) < 2:
        return ()
    meant = heard.most_common(1)[0][0]
    return tuple(name for name, _ in others.most_common() if name != meant)


def _full_names(text: str, bare: list[Token]) -> Iterable[str]:
    """Given names followed by one of the bare names: "given family", as the text has them."""
    for first, last in pairwise(tokenize(text)):
        if is_given_name(first) and not last.stopped and any(Words([last]).has(token) for token in bare):
            yield f"{first.text} {last.text}"
