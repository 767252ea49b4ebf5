"""The words of a text for verification: as they stand, folded, and where."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Final

from shawahid.ingest.text.sentences import sentence_spans
from shawahid.ingest.text.words import fold, stem

QUOTATION_MARKS: Final = '«»“”"'
_POWERS: Final = "¹²³⁰⁴-⁹"
_RAISED: Final = re.compile(f"[{_POWERS}]+")
_TOKEN: Final = re.compile(
    rf"[0-9٠-٩۰-۹]+(?:[.,٬٫:][0-9٠-٩۰-۹]+)*[{_POWERS}]*"
    r"|(?:[A-Z]\.){2,}"
    r"|[^\W\d_][^\W\d_\u0640\u064b-\u065f\u0670]*(?:[\u0640\u064b-\u065f\u0670][^\W\d_]*)*(?:['’](?:s|t|re|ll|ve|d)\b)?"
)
_STOP: Final = re.compile(rf"[,،;؛:.!?؟()\[\]{QUOTATION_MARKS}\n]")
_UNACCENTED: Final = {  # in names, papers leave accents out as they like; ç is heard otherwise than c
    code: unicodedata.normalize("NFD", chr(code))[0]
    for code in range(0xE0, 0x180)
    if unicodedata.decomposition(chr(code)) and chr(code) != "ç"
}
_QUOTE: Final = re.compile(f"[{QUOTATION_MARKS}]")
_COLON: Final = re.compile(":")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a figure: `text` as written, `word` folded, `stem` light, `start` and `end` in the text.

    What stands before it: `stopped`, punctuation; `quoted`, quotation marks; `led`, a colon; `begins`, nothing of its
    sentence; `attached`, a hyphen that ties a figure to a name (Suhail-2).
    """

    text: str
    word: str
    stem: str
    start: int
    end: int
    stopped: bool
    quoted: bool
    led: bool
    begins: bool
    attached: bool = False

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def latin(self) -> bool:
        return not "\u0600" <= self.word[0] <= "\u06ff"


def tokenize(text: str) -> list[Token]:
    """The words and figures of a text, in order.

    >>> [token.word for token in tokenize("وقال: 1,200 شخص في al-Bayda'")]
    ['وقال', '1,200', 'شخص', 'في', 'al', 'bayda']
    """
    found: list[Token] = []
    begins = [span.start for span in sentence_spans(text)]
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        word = (
            "".join(fold(_without_powers(match[0])).translate(_UNACCENTED).split())
            .replace("’", "'")
            .removesuffix("'s")
            .rstrip(".")
            .replace(".", "" if match[0][:1].isalpha() else ".")
        )
        if word:
            between = text[found[-1].end if found else 0 : start]
            first = not found or bisect_left(begins, found[-1].end) < bisect_right(begins, start)
            stops, quotes, leads = (bool(pattern.search(between)) for pattern in (_STOP, _QUOTE, _COLON))
            tied = bool(found) and match[0][0].isdigit() and between in ("-", "‑") and found[-1].word[0].isalpha()
            root = word if word[0].isdigit() else stem(word)
            found.append(Token(match[0], word, root, start, end, stops, quotes, leads, first, tied))
    return found


def _without_powers(text: str) -> str:
    """m² is m; a figure with a power (10⁶) keeps a sign that makes it no figure, for folding would make 106 of it."""
    return _RAISED.sub("^" if text[0].isdigit() else "", text)


def sentences_of(tokens: list[Token]) -> list[list[Token]]:
    """Tokens by sentences."""
    found: list[list[Token]] = []
    for token in tokens:
        if token.begins or not found:
            found.append([])
        found[-1].append(token)
    return found
