"""Passages: runs of whole sentences, sized to the embedder's own tokens, that never touch page furniture."""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Final

from shawahid.ingest.types import Span

from .sentences import clause_starts, sentence_spans, trim, word_starts

TARGET_TOKENS: Final = 480
"""How long a passage may grow: as much as fits into a window of 512 with what the model adds.

Shorter ones rank no better (docs/measurements.md has the figures), and there are more of them.
"""

_LONGEST_PIECE: Final = 1_000  # code points, where not even a space offers a place to cut

CountTokens = Callable[[str], int]


def split_passages(text: str, furniture: Iterable[Span], count_tokens: CountTokens) -> list[Span]:
    """The passages of `text`: whole sentences up to `TARGET_TOKENS` tokens together.

    A sentence that is longer by itself is cut at clauses, then at spaces. Everything but white space and furniture is
    in exactly one passage.
    """
    passages: list[Span] = []
    for segment in own_segments(text, furniture):
        start, end, size = -1, -1, 0
        for piece, tokens in _pieces(text, segment, count_tokens):
            if start >= 0 and size + tokens > TARGET_TOKENS:
                passages.append(Span(start, end))
                start, size = -1, 0
            start = piece.start if start < 0 else start
            end, size = piece.end, size + tokens
        if start >= 0:
            passages.append(Span(start, end))
    return passages


def own_segments(text: str, furniture: Iterable[Span]) -> Iterator[Span]:
    """What lies between the furniture: the article's own words."""
    begin = 0
    for span in furniture:
        if segment := trim(text, Span(begin, span.start)):
            yield segment
        begin = span.end
    if segment := trim(text, Span(begin, len(text))):
        yield segment


def _pieces(text: str, segment: Span, count_tokens: CountTokens) -> Iterator[tuple[Span, int]]:
    for sentence in sentence_spans(text, *segment):
        tokens = count_tokens(text[sentence.start : sentence.end])
        if tokens <= TARGET_TOKENS:
            yield sentence, tokens
        else:
            yield from _cut(text, sentence, count_tokens)


def _cut(text: str, sentence: Span, count_tokens: CountTokens) -> Iterator[tuple[Span, int]]:
    """Parts of an overlong sentence, each of at most `TARGET_TOKENS` tokens, cut as gently as can be."""
    body = text[sentence.start : sentence.end]
    begin, size = 0, 0
    for part, tokens in _atoms(body, count_tokens):
        if size and size + tokens > TARGET_TOKENS:
            if span := trim(text, Span(sentence.start + begin, sentence.start + part.start)):
                yield span, size
            begin, size = part.start, 0
        size += tokens
    if span := trim(text, Span(sentence.start + begin, sentence.end)):
        yield span, size


def _atoms(body: str, count_tokens: CountTokens) -> Iterator[tuple[Span, int]]:
    """The clauses of a sentence, an overlong clause as its words, an overlong word in pieces."""
    for clause in _between(Span(0, len(body)), clause_starts(body)):
        tokens = count_tokens(body[clause.start : clause.end])
        if tokens <= TARGET_TOKENS:
            yield clause, tokens
            continue
        starts = [clause.start + offset for offset in word_starts(body[clause.start : clause.end])]
        for word in _between(clause, starts):
            for start in range(word.start, word.end, _LONGEST_PIECE):
                piece = Span(start, min(start + _LONGEST_PIECE, word.end))
                yield piece, count_tokens(body[piece.start : piece.end])


def _between(whole: Span, starts: list[int]) -> Iterator[Span]:
    edges = [whole.start, *starts, whole.end]
    return (Span(start, end) for start, end in pairwise(edges))
