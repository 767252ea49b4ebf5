"""The one article that a question names: by number, title or file's name."""

import re
from dataclasses import dataclass

from shawahid.ingest import listing
from shawahid.ingest.types import ArticleRow

from .facts import Facts
from .said import Found, Said
from .wordings import ARTICLE_WORDS, LEGAL, SUMMARY, bare

_NUMBERED = re.compile(
    r"\b(?:articles?|(?:و?ب?ال|لل|ل|ب)?(?:مقال|مقاله))(?: (?:number|no|nr|num|رقم))?"
    r" (?P<number>\d{1,9})\b(?! (?:of|من))"
)
_FILE = re.compile(r"[^\s\"'«»“”]+\.(?:txt|md|html?|pdf|docx|jsonl?|csv)(?:#\d+)?(?![\w.])", re.IGNORECASE)
_BEFORE = frozenset("in from per to does did of what في من حسب بحسب وفق وفقا ماذا".split())


@dataclass(frozen=True, slots=True)
class ArticleMeant:
    """The article that `words` name: its `row`, or None where the library has none with this number.

    `told_of`: something is asked of what it says. `legal`: the words may mean an article of a law.
    """

    found: Found
    words: str
    row: ArticleRow | None
    told_of: bool
    legal: bool


def article_meant(said: Said, facts: Facts) -> ArticleMeant | None:
    """The article that is named, if one surely is."""
    for match, found in said.finditer(_NUMBERED):
        number = int(match["number"])
        row = next(iter(listing.rows_of(facts.library, [number])), None)
        return ArticleMeant(found, said.typed(found), row, _told_of(said, found), _legal(said, found))
    for file in _FILE.finditer(said.text):
        rows = [
            one
            for article in facts.library.articles_named(file[0])
            for one in listing.rows_of(facts.library, [article.id])
        ]
        if len(rows) == 1:
            found = said.covering(file.start(), file.end())
            return ArticleMeant(found, file[0], rows[0], _told_of(said, found), False)
    asks = any(bare(word, SUMMARY | ARTICLE_WORDS) for word in said.words)
    for span in said.quotations if asks else ():
        called = facts.articles_called(said.text[span.start : span.end])
        if len(called) == 1:
            found = said.covering(span.start, span.end)
            return ArticleMeant(found, said.text[span.start : span.end], called[0], _told_of(said, found), False)
    return None


def _told_of(said: Said, found: Found) -> bool:
    near = said.words[max(0, found.first - 2) : found.first]
    return any(bare(word, _BEFORE | ARTICLE_WORDS) for word in near)


def _legal(said: Said, found: Found) -> bool:
    """Whether the words may mean an article of a law: Article 50."""
    capital = found.first > 0 and said.typed(found)[0].isupper()
    summed = any(bare(word, SUMMARY) for word in said.words)
    return bool(LEGAL.search(said.line)) or (capital and not summed)
