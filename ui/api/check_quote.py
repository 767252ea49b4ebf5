"""One quote, sent by a client, held against the library."""

from shawahid.assistant.dossier.recheck import Fate, LibraryTexts, Words, fate_of, kept_version
from shawahid.ingest.errors import ArticleUnknown
from shawahid.ingest.library import Library
from shawahid.ingest.types import Article
from shawahid.ui.gate.problems import Refused

from .models import QuoteBody, QuoteFound


def check_quote(library: Library, quote: QuoteBody) -> QuoteFound:
    """What became of a quote. Raises Refused, or ArticleAmbiguous."""
    if quote.article is None and quote.sha256 is None:
        raise Refused(422, "quote_placeless", "Say where the quote is from: by its article, or its text's SHA-256.")
    hashed = quote.sha256.lower() if quote.sha256 else None
    article = _article(library, quote, hashed)
    hashed = hashed or (article.sha256 if article else "")
    text = LibraryTexts(library).with_hash(hashed)
    start = quote.start
    if start is None:  # any place will do
        start = max(0, text.find(quote.quote)) if text is not None else 0
    end = start + len(quote.quote) if quote.end is None else quote.end
    words = Words(quote.quote, start, end, hashed)
    fate = fate_of(words, text, lambda: [article.text] if article else [])
    note = None if fate.state == "holds" else kept_version(library, words)
    now_at, now_until, of = _place(fate, words, article)
    return QuoteFound(fate.state, article.id if article else None, now_at, now_until, of, fate.nearest, note)


def _article(library: Library, quote: QuoteBody, hashed: str | None) -> Article | None:
    """The article that is meant: one that has the text with the hash, the one that was named first of all; else the one
    that was named; else the one that had the text."""
    named = _find(library, quote.article)
    if hashed is None or (named and named.sha256 == hashed):
        return named
    if holders := library.articles_with_hash(hashed):
        return holders[0]
    past = library.past(hashed)
    return named or _find(library, past.source if past else None)


def _find(library: Library, wanted: str | int | None) -> Article | None:
    try:
        return None if wanted is None else library.find(wanted)
    except ArticleUnknown:
        return None


def _place(fate: Fate, words: Words, article: Article | None) -> tuple[int | None, int | None, str | None]:
    """Where the words stand now, and the hash of the text in which they do."""
    if fate.state == "holds":
        return words.start, words.end, words.sha256
    if fate.found and article:
        return fate.found.start, fate.found.end, article.sha256
    return None, None, None
