"""Who says what a quote says: the outlet, somebody named, or a source without a name."""

from collections.abc import Sequence
from typing import Final

from shawahid.assistant.language.lexicon import concepts, listed
from shawahid.assistant.language.names import names
from shawahid.assistant.language.speech import Speech
from shawahid.assistant.language.tokens import Token
from shawahid.assistant.types import Speaker
from shawahid.assistant.verify.ground import Text
from shawahid.ingest.text.sentences import sentence_spans
from shawahid.ingest.types import Span

_BACK: Final = 1_500  # code points ahead of a quote in which "he added" may find its speaker
_OUTLET: Final = Speaker()


def speaker_of(text: str, span: Span) -> Speaker:
    """Whose words `span` of an article's text are, by the sentence it stands in and, for a pronoun, those before."""
    spans = [sentence for sentence in sentence_spans(text) if sentence.overlaps(span)]
    if not spans:
        return _OUTLET
    start, end = spans[0].start, spans[-1].end
    found = Text(text[start:end]).speeches
    if not found:
        return _OUTLET
    if found[0].speaker:
        return _speaker(text, start, found[0])
    begin = max(0, start - _BACK)
    earlier = [speech for speech in Text(text[begin:start]).speeches if speech.speaker]
    return _speaker(text, begin, earlier[-1]) if earlier else _OUTLET


def _speaker(text: str, start: int, speech: Speech) -> Speaker:
    first, last = speech.speaker[0], speech.speaker[-1]
    words = " ".join(text[start + first.start : start + last.end].split())
    return Speaker("unnamed" if _nameless(speech.speaker) else "named", words)


def _nameless(speaker: Sequence[Token]) -> bool:
    """Whether nobody can be held to it: sources, observers, witnesses, without a name."""
    hidden = any(listed(token.word, "nameless") for token in speaker)
    own = [
        token
        for token in names(speaker)
        if not any(concept.kind in ("office", "body") for concept in concepts(token.word))
    ]
    return hidden and not own
