"""What of a passage can be quoted: runs of whole sentences, short enough to be read at a glance."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from shawahid.ingest.types import Span

from .sentences import clause_starts, sentence_spans, trim, word_starts

LONGEST_QUOTE: Final = 45  # words
_SHORTEST: Final = 4  # words; less is a name or a label


def quotable_spans(text: str, start: int, end: int) -> list[Span]:
    """The parts of `text[start:end]` that can be quoted, each of at most `LONGEST_QUOTE` words.

    From each sentence the longest run of whole sentences of its line that fits, unless an earlier run holds it all.
    They overlap, so that what belongs together stands together in one of them. A sentence that is too long by itself is
    cut into such runs of clauses, a clause that is too long, of words.
    """
    spans = [
        span
        for line in _lines(text, sentence_spans(text, start, end))
        for span in _runs(text, [piece for sentence in line for piece in _pieces(text, sentence)])
    ]
    return [span for span in spans if _words(text, span) >= _SHORTEST] or spans


def _lines(text: str, sentences: list[Span]) -> Iterator[list[Span]]:
    """The sentences, by the lines they stand on. A sentence too long to be quoted whole is a line of its own."""
    line: list[Span] = []
    for sentence in sentences:
        long = _words(text, sentence) > LONGEST_QUOTE
        if line and (long or "\n" in text[line[-1].end : sentence.start]):
            yield line
            line = []
        line.append(sentence)
        if long:
            yield line
            line = []
    if line:
        yield line


def _runs(text: str, pieces: list[Span]) -> Iterator[Span]:
    lengths = [_words(text, piece) for piece in pieces]
    furthest = -1
    for first, piece in enumerate(pieces):
        last, size = first, lengths[first]
        while last + 1 < len(pieces) and size + lengths[last + 1] <= LONGEST_QUOTE:
            last += 1
            size += lengths[last]
        if last > furthest:
            furthest = last
            yield Span(piece.start, pieces[last].end)


def _pieces(text: str, sentence: Span) -> Iterator[Span]:
    """A sentence that fits; else its clauses, and of a clause that is too long by itself, runs of words."""
    if _words(text, sentence) <= LONGEST_QUOTE:
        yield sentence
        return
    body = text[sentence.start : sentence.end]
    for start, end in pairwise([0, *clause_starts(body), len(body)]):
        starts = [start, *(start + offset for offset in word_starts(body[start:end])), end]
        for first in range(0, len(starts) - 1, LONGEST_QUOTE):
            last = min(first + LONGEST_QUOTE, len(starts) - 1)
            if piece := trim(text, Span(sentence.start + starts[first], sentence.start + starts[last])):
                yield piece


def _words(text: str, span: Span) -> int:
    return len(text[span.start : span.end].split())
