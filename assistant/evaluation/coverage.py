"""Which of the words that a file names an answer's citations show."""

from collections.abc import Iterable, Sequence
from typing import Final

from shawahid.assistant.types import Citation
from shawahid.ingest.text.words import words

from .natural_files import Words
from .texts import Place, Texts, letters

_TOUCHING: Final = 12  # letters and digits that a citation must share with words to touch them; all, of fewer


class Shown:
    """Citations, and where they stand."""

    def __init__(self, texts: Texts, citations: Sequence[Citation]) -> None:
        self._texts = texts
        self._citations = citations
        self._places = [texts.places_of(citation) for citation in citations]

    def __len__(self) -> int:
        return len(self._citations)

    def covers(self, at: int, wanted: Iterable[Words]) -> bool:
        """Whether the citation at this place, from 0, covers at least half of one of the `wanted` words."""
        return any(2 * self._shared(at, one) >= size for one, size in self._sized(wanted))

    def touches(self, at: int, wanted: Iterable[Words]) -> bool:
        """Whether the citation at this place, from 0, shares some letters with one of the `wanted` words."""
        return any(self._shared(at, one) >= min(_TOUCHING, size) for one, size in self._sized(wanted))

    def any_covers(self, wanted: Sequence[Words]) -> bool:
        return any(self.covers(at, wanted) for at in range(len(self)))

    def any_tells(self, wanted: Sequence[Words]) -> bool:
        """`any_covers`, or a citation of any article at all has a run of half of the words: an unlisted copy."""
        return self.any_covers(wanted) or any(
            _longest_run(words(quote), words(citation.quote)) * 2 >= len(words(quote))
            for quote in filter(None, map(self._texts.quote, wanted))
            for citation in self._citations
        )

    def _sized(self, wanted: Iterable[Words]) -> Iterable[tuple[Words, int]]:
        for one in wanted:
            if quote := self._texts.quote(one):
                yield one, len(letters(quote))

    def _shared(self, at: int, one: Words) -> int:
        """The most letters that the citation and the words have in common, in one place of an article."""
        return max(
            (_common(mine, theirs) for mine in self._places[at] for theirs in self._texts.places(one)), default=0
        )


def _common(one: Place, other: Place) -> int:
    return min(one[2], other[2]) - max(one[1], other[1]) if one[0] == other[0] else 0


def _longest_run(wanted: Sequence[str], given: Sequence[str]) -> int:
    """The most words of `wanted` that stand together in `given`."""
    line, best = f" {' '.join(given)} ", 0
    for start in range(len(wanted)):
        while start + best < len(wanted) and f" {' '.join(wanted[start : start + best + 1])} " in line:
            best += 1
    return best
