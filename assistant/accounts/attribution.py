"""Who says what a quote says: the outlet, somebody named, or a source without a name."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from shawahid.assistant.language.lexicon import concepts, forms, listed
from shawahid.assistant.language.names import is_given_name, names
from shawahid.assistant.language.tokens import Token, tokenize
from shawahid.assistant.types import Speaker
from shawahid.ingest.text.sentences import sentence_spans
from shawahid.ingest.text.words import fold
from shawahid.ingest.types import Span

from . import told_arabic, told_english
from .told import SaidBy

_BACK: Final = 12  # sentences ahead of a quote in which "he added" may find its speaker
_MARK: Final = re.compile("[«»“”]")
_COMMON: Final = frozenset({"office", "body", "place"})
_OUTLET: Final = Speaker()


def speaker_of(text: str, span: Span) -> Speaker:
    """Whose words `span` of an article's text are, where each of its sentences is the same speaker's, named whole."""
    spans = list(sentence_spans(text))
    said = [place for place, sentence in enumerate(spans) if sentence.overlaps(span)]
    if said:  # what follows the quote in its sentence may be another's
        start, end = spans[said[-1]].start, min(spans[said[-1]].end, span.end)
        if any(listed(token.word, "telling") for token in tokenize(text[start:end])):
            spans[said[-1]] = Span(start, end)
    article = _Article(text, spans)
    found = {article.speaker(place) for place in said}
    return found.pop() or _OUTLET if len(found) == 1 else _OUTLET


class _Article:
    """The sentences of an article, each read once."""

    def __init__(self, text: str, spans: Sequence[Span]) -> None:
        self._text = text
        self._spans = spans
        self._read: dict[int, SaidBy | None] = {}

    def speaker(self, place: int) -> Speaker | None:
        named = self._named(place, None, max(0, place - _BACK))
        if named is None:
            return None
        said = self._said(named)
        if said is None or said.place is None:
            return None
        start = self._spans[named].start
        words = " ".join(self._text[start + said.place.start : start + said.place.end].split())
        return Speaker("unnamed" if _nameless(said.words) else "named", words)

    def _said(self, place: int) -> SaidBy | None:
        if place not in self._read:
            sentence = self._text[self._spans[place].start : self._spans[place].end]
            self._read[place] = _said_by(sentence)
        return self._read[place]

    def _named(self, place: int, feminine: bool | None, first: int) -> int | None:
        """The sentence that names whoever says the one at `place`: that one, or one before it."""
        if place < first:
            return None
        said = self._said(place)
        if said is None:
            return self._quoting(place, feminine, first)
        if None not in (feminine, said.feminine) and feminine != said.feminine:
            return None
        if said.place is None:
            return self._named(place - 1, said.feminine, first)
        return place if said.tells_which else self._fuller(place, said, first)

    def _quoting(self, place: int, feminine: bool | None, first: int) -> int | None:
        """The sentence that names whoever says one that stands within a quotation begun before it."""
        start, end = self._spans[place].start, self._spans[place].end
        closing = _MARK.search(self._text, start)
        if closing is None or closing[0] not in "»”":
            return None
        if any(listed(token.word, "telling") for token in tokenize(self._text[start:end])):
            return None
        for other in range(place - 1, first - 1, -1):
            ahead = self._text[self._spans[other].start : start]
            if sum(map(ahead.count, "«“")) > sum(map(ahead.count, "»”")):
                said = self._said(other)
                return self._named(other, feminine, first) if said and said.quoting else None
        return None

    def _fuller(self, place: int, said: SaidBy, first: int) -> int | None:
        """The sentence before that names the speaker in full whom this one names by one word: الوزير, الهيئة."""
        wanted = set(forms(said.words[0].word))
        for other in range(place - 1, first - 1, -1):
            sentence = self._spans[other]
            if any(form in fold(self._text[sentence.start : sentence.end]) for form in wanted):  # it is cheaper to look
                earlier = self._said(other)
                if earlier and len(earlier.words) > 1 and wanted & set(forms(earlier.words[0].word)):
                    return other
        return None


@lru_cache(maxsize=1_024)
def _said_by(sentence: str) -> SaidBy | None:
    """Who says a sentence; remembered, for several quotes of one article look at the same sentences."""
    tokens = tokenize(sentence)
    read = told_english.said_by if tokens and tokens[0].latin else told_arabic.said_by
    return read(sentence, tokens) if tokens else None


def _nameless(speaker: Sequence[Token]) -> bool:
    """Whether nobody can be held to it: sources, observers, witnesses, without a name."""
    hidden = any(listed(token.word, "nameless") for token in (speaker if speaker[0].latin else speaker[:1]))
    known = names(speaker) if speaker[0].latin else filter(is_given_name, speaker)
    own = [token for token in known if not any(concept.kind in _COMMON for concept in concepts(token.word))]
    return hidden and not own
