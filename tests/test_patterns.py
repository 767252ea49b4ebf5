"""Patterns that run over text from outside take time in proportion to it: no short upload holds the process."""

import time
from collections.abc import Callable

import pytest

from shawahid.ingest.files.furniture import find_furniture
from shawahid.ingest.text.sentences import clause_starts, sentence_spans

LENGTH = 2_000  # characters; over four times as many, a search that is quadratic takes seconds
MOST = 8.0  # times as long for four times the text; quadratic would be 16


def seconds(read: Callable[[str], object], text: str) -> float:
    """The least processor time of three runs."""
    taken = []
    for _ in range(3):
        began = time.process_time()
        read(text)
        taken.append(time.process_time() - began)
    return min(taken)


@pytest.mark.parametrize("read", [sentence_spans, clause_starts])
@pytest.mark.parametrize("piece", [".", "!؟…", '"a". ', " ", "\u00a0", "a. \t", "، ", "“a. "])
def test_sentences_are_found_in_linear_time(read: Callable[[str], object], piece: str) -> None:
    short, long = (piece * (length // len(piece)) + "x" for length in (LENGTH, 4 * LENGTH))
    assert seconds(read, long) <= MOST * max(seconds(read, short), 0.005)


@pytest.mark.parametrize(
    "line", ["home" + " > a" * 38 + "!x", "الرئيسية" + " / ب" * 60 + "؟x", "home" + " >" * 140 + "!"]
)
def test_a_line_of_breadcrumbs_is_read_at_once(line: str) -> None:
    assert find_furniture(line) == ()
    assert seconds(find_furniture, line) < 0.5  # where each crumb could be taken two ways, minutes


@pytest.mark.parametrize("line", ["home > World > Africa", "الرئيسية » أخبار » محليات"])
def test_breadcrumbs_are_furniture(line: str) -> None:
    assert [line[span.start : span.end] for span in find_furniture(line)] == [line]
