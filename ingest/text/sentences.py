"""Where sentences begin and end in Arabic and English text, and where a long one may be cut."""

import re
from bisect import bisect_left

from shawahid.ingest.types import Span

LINE = re.compile(r"[^\n\r\v\f\u2028\u2029]+")
# A stop, then whatever closes with it, then a space or the end; or a stop between two Arabic words without a space.
# Here and below, "+" after a repeat and a look behind keep the time linear: no run is entered twice.
_STOP = re.compile(
    r"(?<![.!?؟۔…])(?P<mark>\.{3,}|[.!?؟۔…]+)[\"'”’»)\]]*+(?=\s|$)|(?<=[\u0621-\u064a]{3})(?P<tight>[.!؟])(?=[\u0621-\u064a]{3})"
)
# Always short for something; only before a number; only where no new sentence plainly begins.
_TITLE = re.compile(
    r"(?:(?<![^\W\d_])[^\W\d_]|\b(?:Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|Gen|Col|Lt|Capt|Sgt|Maj|Brig|Adm|Sen|Rep|Gov|Rev|Hon|vs"
    r"|e\.g|i\.e)|(?<![\u0621-\u064a])[وف]?(?:أ\.د|م|د|أ))$"
)
_BEFORE_NUMBER = re.compile(r"\b(?:No|Nos|pp?|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)$")
_MAY_END = re.compile(r"\b(?:etc|Inc|Ltd|Co|Corp|a\.m|p\.m)$")
_LIST_NUMBER = re.compile(r"^\s*\d{1,2}$")
_QUOTATION = re.compile(r"“[^”]{1,300}”|«[^»]{1,300}»|(?<![^\s(\[،:])\"[^\"]{1,300}\"(?![^\W_])")
_STOPS_HERE = re.compile(r"[.!?؟۔…][\"'”’»)\]]*\s*$")
_CLAUSE = re.compile(r"(?<=[،؛,;:–—])\s+|(?<!\s)\s++(?=[–—(])|(?<=[)”»])\s+")
_SPACE = re.compile(r"\s+")
_SPACES = re.compile(r"\s*")


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The sentences of `text[start:end]`, without the white space around them.

    A line break always ends a sentence. A stop inside a quotation does not, so that quoted words stay with the words
    that say whose they are; nor does one after an abbreviation, or two dots, which Arabic headlines use as a dash.
    """
    spans: list[Span] = []
    for line in LINE.finditer(text, start, len(text) if end is None else end):
        begin = line.start()
        for stop in _stops(line[0]):
            spans.append(Span(begin, line.start() + stop))
            begin = line.start() + stop
        spans.append(Span(begin, line.end()))
    return [trimmed for span in spans if (trimmed := trim(text, span))]


def _stops(line: str) -> list[int]:
    candidates = [match for match in _STOP.finditer(line) if _ends_sentence(line, match)]
    if not candidates:
        return []
    quotations = [match.span() for match in _QUOTATION.finditer(line)]
    starts = [start for start, _ in quotations]

    def quoted(stop: int) -> bool:
        last = bisect_left(starts, stop) - 1  # quotations do not overlap
        return last >= 0 and stop < quotations[last][1]

    return [stop for stop in map(re.Match.end, candidates) if not quoted(stop)]


def _ends_sentence(line: str, match: re.Match[str]) -> bool:
    if match["tight"]:
        return True
    begin = _SPACES.match(line, match.end()).end()  # type: ignore[union-attr]  # it matches nothing, too
    mark, following = match["mark"], line[begin : begin + 1]
    if mark == ".":
        return not following.islower() and not _is_abbreviation(
            line[max(0, match.start() - 12) : match.start()], following
        )
    if mark[0] in ".…":  # dots of omission end a sentence only where a new one plainly begins
        return mark != ".." and following.isupper()
    return not following.islower()


def _is_abbreviation(before: str, following: str) -> bool:
    if before.endswith(("a.m", "p.m")):
        return not following.isupper()
    if _TITLE.search(before) or _LIST_NUMBER.search(before):
        return True
    if _BEFORE_NUMBER.search(before):
        return following.isdigit()
    return bool(_MAY_END.search(before)) and not following.isupper()


def goes_on_before(text: str, start: int) -> bool:
    """Whether the sentence at `start` began earlier on its line."""
    before = text[max(0, start - 200) : start].rpartition("\n")[2].rstrip()
    return bool(before) and not _STOPS_HERE.search(before)


def goes_on_after(text: str, end: int) -> bool:
    """Whether the sentence that `end` is in goes on beyond it on its line."""
    after = text[end : end + 200].partition("\n")[0].strip()
    return bool(after) and not _STOPS_HERE.search(text[max(0, end - 200) : end])


def clause_starts(sentence: str) -> list[int]:
    """Offsets in a sentence at which it may be cut: after commas, semicolons, colons, brackets and closing quotes."""
    return [match.end() for match in _CLAUSE.finditer(sentence) if match.end() < len(sentence)]


def word_starts(sentence: str) -> list[int]:
    """Offsets in a sentence at which a word begins, but for the first."""
    return [match.end() for match in _SPACE.finditer(sentence) if match.end() < len(sentence)]


def trim(text: str, span: Span) -> Span | None:
    """`span` without white space at its ends; None where nothing else is in it."""
    piece = text[span.start : span.end]
    stripped = piece.strip()
    if not stripped:
        return None
    start = span.start + len(piece) - len(piece.lstrip())
    return Span(start, start + len(stripped))
