"""Where in an article the words are that a model says it copied."""

from difflib import SequenceMatcher

from shawahid.assistant.language.tokens import QUOTATION_MARKS
from shawahid.ingest.text.quotes import LONGEST_QUOTE
from shawahid.ingest.text.sentences import sentence_spans
from shawahid.ingest.text.words import located_words, stem
from shawahid.ingest.types import Span

_ALIKE = 0.8  # of the words, by their stems and in order
_FEWEST = 3  # words; fewer may stand anywhere
_SLACK = 2  # words more or less than were cited


def find_words(cited: str, text: str, within: Span) -> Span | None:
    """The part of `text[within]` that has the cited words: exactly, else but for what writers vary, else nearly.

    Nearly: of at least three words, four fifths must be there by their stems, in order and together. None where they
    are not: then the words were not copied.
    """
    cited = cited.strip().strip(f"{QUOTATION_MARKS}'… ").strip()
    if not cited:
        return None
    start = text.find(cited, within.start, within.end)
    if start >= 0:
        return Span(start, start + len(cited))
    wanted = [word for word, _ in located_words(cited)]
    there = list(located_words(text[within.start : within.end]))
    found = _same(wanted, [word for word, _ in there]) or _nearly(wanted, [word for word, _ in there])
    if found is None:
        return None
    return Span(within.start + there[found[0]][1].start, within.start + there[found[1] - 1][1].end)


def _same(wanted: list[str], there: list[str]) -> tuple[int, int] | None:
    """The first run of `there` that is `wanted`, as places."""
    if not wanted:
        return None
    for first in range(len(there) - len(wanted) + 1):
        if there[first : first + len(wanted)] == wanted:
            return first, first + len(wanted)
    return None


def _nearly(wanted: list[str], there: list[str]) -> tuple[int, int] | None:
    """The run of `there` that is most like `wanted`, where it is like enough."""
    if len(wanted) < _FEWEST:
        return None
    stems, around = [stem(word) for word in wanted], [stem(word) for word in there]
    best: tuple[float, int, int] | None = None
    for first in range(len(around)):
        if around[first] not in stems:
            continue
        run = around[first : first + len(stems) + _SLACK]
        blocks = SequenceMatcher(None, stems, run, autojunk=False).get_matching_blocks()
        shared, last = sum(block.size for block in blocks), max(block.b + block.size for block in blocks[:-1])
        if shared >= _ALIKE * max(len(stems), last) and (best is None or shared > best[0]):
            best = (shared, first, first + last)
    return best[1:] if best else None


def with_its_sentences(text: str, span: Span, within: Span) -> Span:
    """`span` with the rest of the sentences that it stands in."""
    around = [sentence for sentence in sentence_spans(text, *within) if sentence.overlaps(span)]
    return Span(min(span.start, around[0].start), max(span.end, around[-1].end)) if around else span


def whole_sentences(text: str, span: Span, within: Span) -> Span:
    """`span` with the rest of its sentences, for half a sentence can say the opposite of the whole.

    Where that makes more words than a quote may have, `span` itself, cut to as many.
    """
    whole = with_its_sentences(text, span, within)
    if len(text[whole.start : whole.end].split()) <= LONGEST_QUOTE:
        return whole
    places = [place for _, place in located_words(text[span.start : span.end])][:LONGEST_QUOTE]
    return Span(span.start, span.start + places[-1].end) if places else span
