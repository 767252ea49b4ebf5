"""Who is said to have said it, against the ground of a sentence."""

import re
from collections.abc import Sequence

import numpy as np

from shawahid.assistant.language.lexicon import concepts
from shawahid.assistant.language.names import Words, names
from shawahid.assistant.language.speech import Speech, parts
from shawahid.assistant.language.tokens import Token, tokenize
from shawahid.ingest.text.words import STOP_WORDS

from .ground import Embed, Finding, Ground, Text

_PRONOUN_END = re.compile(r"(?<![\u0621-\u064a])[\u0621-\u064a]{3,}(?:هم|ها|ه)$")
_SAME_WORDS = 0.34  # of a speaker's words, where no name tells who is meant


def check_attribution(said: Text, ground: Ground, embed: Embed) -> Finding | None:
    for speech in said.speeches:
        if not speech.speaker:
            continue
        given = _nearest(speech, ground.quote.speeches, embed)
        if given is not None and not given.speaker:
            place = ground.quote.speeches.index(given)
            earlier = [*ground.before.speeches, *ground.quote.speeches[:place]]
            given = next((other for other in reversed(earlier) if other.speaker), given)
        if given is None or not given.speaker:
            if _same_speaker(speech, ground.quote.tokens) or _same_speaker(speech, ground.before.tokens[-60:]):
                continue
            if _is_outlet(speech, ground):
                continue
            return Finding("not_found", "speaker_unknown", _written(speech))
        if not _same_speaker(speech, given.speaker):
            return Finding("contradicted", "speaker", _written(given))
    return None


def check_flattened(said: Text, ground: Ground, embed: Embed) -> Finding | None:
    """A claim that the article gives as somebody's words, told as if the article said it itself."""
    given = ground.quote.speeches
    if said.speeches or len(given) != len(parts(ground.quote.tokens)):
        return None  # it names a speaker, or rests on something that the article says itself
    nearest = _nearest(Speech((), tuple(said.tokens)), given, embed)
    if nearest is None or not nearest.speaker or any(said.words.has(token) for token in nearest.speaker):
        return None
    return Finding("partly", "said_by", _written(nearest))


def _nearest(speech: Speech, given: Sequence[Speech], embed: Embed) -> Speech | None:
    """The saying in the evidence whose content is nearest."""
    if len(given) <= 1:
        return given[0] if given else None
    texts = [" ".join(token.text for token in one.content) for one in (speech, *given)]
    vectors = embed(texts)
    return given[int(np.argmax(vectors[1:] @ vectors[0]))]


def _same_speaker(speech: Speech, given: Sequence[Token]) -> bool:
    words = Words(given)
    if all(_PRONOUN_END.search(token.word) for token in speech.speaker):
        return True  # "by their own account"
    if any(words.heard(token) for token in speech.speaker if not concepts(token.word)):
        return True
    plain = [token for token in speech.speaker if not concepts(token.word) and token.word not in STOP_WORDS]
    if any(words.has(token) for token in plain):
        return True
    named = [token for token in names(speech.speaker) if not concepts(token.word)]
    shared = sum(words.has(token) for token in speech.speaker)
    latin = speech.speaker[0].latin
    across = latin != any(token.latin for token in given)
    if named and (latin or not across):
        return any(words.has(token) for token in named)
    if across and len(plain) == len(speech.speaker):
        return True  # in the other language, and no word of it is one that we know: it cannot be told
    if not across:
        return shared > _SAME_WORDS * len(speech.speaker)
    offices = [token for token in speech.speaker if any(c.kind in ("office", "body") for c in concepts(token.word))]
    return any(words.has(token) for token in offices or speech.speaker)


def _is_outlet(speech: Speech, ground: Ground) -> bool:
    outlet = Words(tokenize(ground.about.outlet or ""))
    return any(outlet.has(token) for token in speech.speaker)


def _written(speech: Speech) -> str:
    return " ".join(token.text for token in speech.speaker)
