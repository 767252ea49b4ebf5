"""Patterns over text from outside take time in proportion to its length: `re` holds the interpreter, and with it
everyone who asks.

The table has, for each pattern that once was quadratic or looks as if it could be, the text that is worst for it. What
is only matched at one place, or over a bounded piece, is tried through the function that uses it.
"""

import gc
import time
from collections.abc import Callable
from typing import Any

import pytest

from shawahid.assistant.accounts.claims import _PUT_RIGHT
from shawahid.assistant.compose.drafts import provisional_text, read_drafts
from shawahid.assistant.language.numerals import numbers
from shawahid.assistant.language.times.find import find_times
from shawahid.assistant.language.tokens import tokenize
from shawahid.assistant.verify.sayings import _PRONOUN_END
from shawahid.assistant.verify.values import _DUAL
from shawahid.ingest.files.dates import read_date
from shawahid.ingest.files.documents import _BEFORE_STOP, _LEFT_TO_RIGHT
from shawahid.ingest.files.furniture import find_furniture
from shawahid.ingest.kin.notices import read_notices
from shawahid.ingest.store.browse import _AROUND
from shawahid.ingest.text.quotes import quotable_spans
from shawahid.ingest.text.sentences import clause_starts, sentence_spans, word_starts
from shawahid.ingest.text.words import fold, located_words, words
from shawahid.ingest.types import Article, Metadata

_TIMES_LONGER = 2.6  # at most, for twice the text
_TOO_SHORT_TO_TELL = 0.040  # seconds
_LENGTHS = (4_000, 16_000, 64_000)  # characters, each four times the one before


def _announces(text: str) -> object:
    return read_notices(Article(1, 1, "a", "a", text, "", Metadata(title=text[:300]), (), (), None, "", ""))


_EVERYWHERE: tuple[Callable[[str], object], ...] = (
    sentence_spans,
    clause_starts,
    word_starts,
    lambda text: quotable_spans(text, 0, len(text)),
    find_furniture,
    fold,
    words,
    lambda text: list(located_words(text)),
    tokenize,
    lambda text: numbers(tokenize(text)),
    lambda text: find_times(text, "2019-04-04"),
    lambda text: read_drafts(text, structured=False),
    lambda text: provisional_text(text, structured=False),
    read_date,
    _announces,
)
_TEXTS = (
    ("home" + " > a" * 38 + "!x\n", "breadcrumbs"),
    (".", "stops"),
    ("!", "exclamation"),
    ("؟", "Arabic question marks"),
    ("…", "dots"),
    (" ", "spaces"),
    ("\t", "tabs"),
    ("\u00a0", "no-break spaces"),
    ('"a". ', "quoted letters"),
    ("“", "quotation marks"),
    ("a\u0301\u0316\u0301\u0316", "marks"),
    ("\u0301\u0316", "nothing but marks"),
    ("1", "figures"),
    ("1,", "figures and commas"),
    ("[1 ", "citations"),
    ("منذ ", "since"),
    ("4 april ", "days"),
    ("ورد خبر ", "reports"),
    ("x ", "networks"),
    ("whatsapp - ", "buttons"),
    ("ـ", "tatweel"),
    ("ا", "one long Arabic word"),
    ("ال a. ", "short sentences"),
)
_PATTERNS = (
    (_PUT_RIGHT.match, " "),
    (_PRONOUN_END.search, "ا"),
    (_DUAL.search, "ا"),
    (_BEFORE_STOP.search, " "),
    (_LEFT_TO_RIGHT.findall, "a."),
    (lambda text: _AROUND.sub("", f"a{text}a"), "."),
)


def _seconds(work: Callable[[str], Any], text: str, runs: int = 3) -> float:
    best = float("inf")
    for _ in range(runs):
        begun = time.thread_time()
        work(text)
        best = min(best, time.thread_time() - begun)
        if best < _TOO_SHORT_TO_TELL:
            break
    return best


def _text(piece: str, characters: int) -> str:
    """Followed by a letter, so that what looks for an end finds none."""
    return piece * (characters // len(piece)) + "x"


def _grows_as_its_text(work: Callable[[str], Any], piece: str) -> None:
    """Tried at lengths from short to long, for what is quadratic would else take minutes."""
    gc.disable()  # it visits all that was made before, which is not the pattern's time
    try:
        before = 0.0
        for characters in _LENGTHS:
            took = _seconds(work, _text(piece, characters))
            if took > _TOO_SHORT_TO_TELL and before > _TOO_SHORT_TO_TELL / 16:
                if took > _TIMES_LONGER**2 * before:  # a busy machine slows one of the two: once more
                    took = _seconds(work, _text(piece, characters))
                    before = _seconds(work, _text(piece, characters // 4))
                assert took <= _TIMES_LONGER**2 * before, f"{piece!r}: {before:.3f} s, then {took:.3f} s"
            before = took
    finally:
        gc.enable()


@pytest.mark.parametrize("piece", [piece for piece, _ in _TEXTS], ids=[name for _, name in _TEXTS])
def test_time_grows_as_the_text(piece: str) -> None:
    for work in _EVERYWHERE:
        _grows_as_its_text(work, piece)


@pytest.mark.parametrize(("work", "piece"), _PATTERNS)
def test_patterns_enter_no_run_twice(work: Callable[[str], object], piece: str) -> None:
    _grows_as_its_text(work, piece)


def test_breadcrumbs_take_no_time() -> None:
    line = "home" + " > a" * 38 + "!x"
    begun = time.thread_time()
    find_furniture("\n".join([line] * 4))
    assert time.thread_time() - begun < 1


def test_a_figure_of_any_length_is_read_or_passed_over() -> None:
    assert numbers(tokenize("1" * 10_000)) == []
    assert read_drafts(f"It rained. [{'1' * 10_000}]", structured=False)
