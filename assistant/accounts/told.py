"""A sentence in which somebody may be said to speak, and what makes a speaker: a name or body standing there whole.

Grammar gives both ends of a speaker: a verb of saying before and "that", a colon or a quotation behind, or, the other
way round, the sentence's beginning and the verb. What lies between is taken only where it begins as a name, an office
or a body does, and holds nothing that those do not hold.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from shawahid.assistant.language.lexicon import concepts, listed, word_list
from shawahid.assistant.language.tokens import QUOTATION_MARKS, Token
from shawahid.ingest.text.words import STOP_WORDS
from shawahid.ingest.types import Span

_WITHIN: Final = frozenset("في من علي باسم of for and the".split())  # function words that names and offices hold
_LONGEST: Final = 14  # words of a speaker, with titles and offices
_NAME_IN_MARKS: Final = 4  # words; a longer quotation is what is said
_LONE: Final = frozenset({"government", "police", "army", "parliament", "opposition", "united"})
_COMMON: Final = frozenset({"office", "body", "title", "word", "portfolio"})


@dataclass(frozen=True, slots=True)
class SaidBy:
    """Who speaks.

    `place` is where the sentence names the speaker, by `words`; None and none where whoever spoke before goes on.
    `feminine` is the verb's form, None where that does not tell. `quoting`: what is said begins with a quotation mark.
    """

    place: Span | None = None
    words: tuple[Token, ...] = ()
    feminine: bool | None = None
    quoting: bool = False

    @property
    def tells_which(self) -> bool:
        """Whether the words need none before them to tell who is meant: البقعاوي and الشرطة, unlike الوزارة."""
        known = concepts(self.words[0].word)
        common = listed(self.words[0].word, "speaking") or any(concept.kind in _COMMON for concept in known)
        return len(self.words) > 1 or not common or any(concept.name in _LONE for concept in known)


@dataclass(frozen=True, slots=True)
class Telling:
    """A sentence's `text` and its `tokens`; `begins` tells whether words begin as a speaker does."""

    text: str
    tokens: list[Token]
    begins: Callable[[Sequence[Token]], bool]

    def between(self, place: int) -> str:
        """What stands before a word, back to the word before it."""
        return self.text[self.tokens[place - 1].end if place else 0 : self.tokens[place].start]

    def parted(self, place: int) -> bool:
        """Whether a comma, a dash, a bracket or the sentence's end stands before a word."""
        if not 0 < place < len(self.tokens):
            return True
        between = self.between(place)
        return any(mark in "،,؛;()[]–—\n" for mark in between) or " -" in between or "- " in between

    def cut(self, place: int) -> bool:
        """Whether a word is parted from the one before it, by a quotation mark too."""
        return self.parted(place) or self.tokens[place].quoted

    def opens(self, place: int) -> bool:
        """Whether what is said begins before a word, after a colon or a quotation mark that sets off no mere name."""
        near = self.tokens[max(0, place - _NAME_IN_MARKS) : place] + self.tokens[place + 1 : place + 1 + _NAME_IN_MARKS]
        return self.tokens[place].led or (self.tokens[place].quoted and not any(token.quoted for token in near))

    def pieces(self, places: range) -> list[range]:
        """`places` between commas, dashes and brackets."""
        cuts = [places.start, *(place for place in places[1:] if self.parted(place)), places.stop]
        return [range(start, end) for start, end in pairwise(cuts) if start < end]

    def speaker(self, places: range, feminine: bool | None = None) -> SaidBy | None:
        """The words at `places`, if they are a speaker and nothing besides."""
        words = self.tokens[places.start : places.stop]
        if not words or not self.whole(words):
            return None
        start, end = words[0].start, words[-1].end
        marks = sum(self.text[start:end].count(mark) for mark in QUOTATION_MARKS)
        return SaidBy(Span(start, end + marks % 2), tuple(words), feminine)

    def whole(self, words: Sequence[Token]) -> bool:
        function_words = STOP_WORDS | word_list("little") | word_list("telling")
        return (
            len(words) <= _LONGEST
            and not {words[0].word, words[-1].word} & _WITHIN - {"علي"}
            and not any(token.word in function_words - _WITHIN or token.word[0].isdigit() for token in words)
            and not any(token.word[0] == "و" and token.word[1:] in STOP_WORDS for token in words)  # وهو
            and self.begins(words)
        )
