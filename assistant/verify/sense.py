"""Whether a sentence denies what its ground affirms, or the other way round, or speaks of something else."""

from collections.abc import Sequence

from shawahid.assistant.language.lexicon import forms, word_list
from shawahid.assistant.language.polarity import clauses, denies, is_not
from shawahid.assistant.language.tokens import Token
from shawahid.ingest.text.words import STOP_WORDS

from .ground import Embed, Finding, Ground, Text

_OPPOSITES = (("accepting", "refusing"), ("convicting", "acquitting"))
_COPIED = 0.8  # of the words
_NEAR_COPY = 0.95  # cosine; below it a denial may be another wording: "will be free", "will not pay"
_FEWEST = 0.2  # of the words; hardly a true sentence of our pairs has fewer, and most unrelated ones do
_FAR = 0.8  # cosine; below it a sentence speaks of something else


def copied(said: Text, ground: Ground) -> bool:
    """Whether a sentence stands in its ground word for word."""
    mine, theirs = ([token.word for token in text.tokens] for text in (said, ground.quote))
    return any(theirs[place : place + len(mine)] == mine for place in range(len(theirs) - len(mine) + 1))


def check_negation(said: Text, ground: Ground, embed: Embed) -> Finding | None:
    """A sentence that denies where its evidence affirms throughout, or affirms what a clause of it denies."""
    mine, theirs = clauses(_unspoken(said)), clauses(_unspoken(ground.quote))
    own, other = [denies(clause) for clause in mine], [denies(clause) for clause in theirs]
    if _owned_up(said, ground.quote) or _opposed(said, ground.quote):
        return Finding("contradicted", "negation", said.text)
    if True in own and not any(verdict is not False for verdict in other):
        if _near_copy(said, ground.quote, embed):
            return Finding("contradicted", "negation", _text(mine[own.index(True)]))
        return None
    if any(verdict is not False for verdict in own) or True not in other:
        return None
    vectors = embed([_text(clause) for clause in (*mine, *theirs)])
    near = (vectors[: len(mine)] @ vectors[len(mine) :].T).argmax(axis=1)
    for clause, nearest in zip(mine, near, strict=True):
        if other[int(nearest)]:
            return Finding("contradicted", "negation", _text(clause))
    return None


def _owned_up(said: Text, given: Text) -> bool:
    """Whether a denial is told as a confession."""
    mine, theirs = ({form for token in text.tokens for form in forms(token.word)} for text in (said, given))
    confirms, denying = word_list("confirming"), word_list("denying")
    return bool(mine & confirms and theirs & denying and not theirs & confirms and not mine & denying)


def _opposed(said: Text, given: Text) -> bool:
    """Whether one accepts what the other refuses, or acquits whom the other convicts, and neither says "not"."""
    mine, theirs = ({form for token in text.tokens for form in forms(token.word)} for text in (said, given))
    if (mine | theirs) & word_list("not"):
        return False
    sides = [(word_list(one), word_list(other)) for one, other in _OPPOSITES]
    return any(
        (mine & one and theirs & other and not mine & other and not theirs & one)
        or (mine & other and theirs & one and not mine & one and not theirs & other)
        for one, other in sides
    )


def _near_copy(said: Text, given: Text, embed: Embed) -> bool:
    """Whether a sentence has hardly a word of its own; across languages, whether it means just the same otherwise."""
    if said.latin == given.latin:
        return shared_words(said, given) >= _COPIED
    one, other = embed([said.text, given.text])
    return float(one @ other) >= _NEAR_COPY


def _text(tokens: Sequence[Token]) -> str:
    return " ".join(token.text for token in tokens)


def _unspoken(text: Text) -> list[Token]:
    """A text without the words that name who speaks."""
    speakers = {token.start for speech in text.speeches for token in speech.speaker}
    return [token for token in text.tokens if token.start not in speakers or is_not(token.word)]


def check_meaning(said: Text, ground: Ground, embed: Embed) -> Finding | None:
    """A sentence that is far from its ground: hardly a word in common within one language, or another sense."""
    strange = said.latin == ground.quote.latin and shared_words(said, ground.quote) < _FEWEST
    one, other = embed([said.text, ground.quote.text])
    if strange or float(one @ other) < _FAR:
        return Finding("not_found", "meaning")
    return None


def shared_words(said: Text, given: Text) -> float:
    """The share of a sentence's telling words that another text has."""
    telling = [token for token in said.tokens if token.word not in STOP_WORDS]
    return sum(given.words.has(token) for token in telling) / max(1, len(telling))
