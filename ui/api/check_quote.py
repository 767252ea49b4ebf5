"""One quote, sent by a client, held against the library."""

from shawahid.assistant.dossier.dossier import Quoted
from shawahid.assistant.dossier.recheck import LibraryTexts, Rechecked, recheck_quote
from shawahid.assistant.types import Citation
from shawahid.ingest.errors import ArticleUnknown
from shawahid.ingest.library import Library
from shawahid.ingest.types import Article
from shawahid.ui.gate.problems import Refused

from .models import QuoteBody, QuoteFound


class _Texts(LibraryTexts):
    """The texts of a library, where it is known already which article is meant."""

    def __init__(self, library: Library, article: Article | None) -> None:
        super().__init__(library)
        self._article = article

    def now(self, quoted: Quoted) -> list[str]:
        return [self._article.text] if self._article else []


def check_quote(library: Library, quote: QuoteBody) -> QuoteFound:
    """What became of a quote. Raises Refused, or ArticleAmbiguous."""
    if quote.article is None and quote.sha256 is None:
        raise Refused(422, "quote_placeless", "Say where the quote is from: by its article, or its text's SHA-256.")
    hashed = quote.sha256.lower() if quote.sha256 else None
    article = _article(library, quote, hashed)
    texts = _Texts(library, article)
    hashed = hashed or (article.sha256 if article else "")
    text = texts.with_hash(hashed)
    start = quote.start
    if start is None:  # any place will do
        start = max(0, text.find(quote.quote)) if text is not None else 0
    end = start + len(quote.quote) if quote.end is None else quote.end
    found = recheck_quote(Quoted("citation", 0, _citation(quote.quote, start, end, hashed)), texts)
    place, of = _place(found, article)
    now_at, now_until = place or (None, None)
    number = article.id if article else None
    return QuoteFound(found.state, number, now_at, now_until, of, found.nearest, found.note)


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


def _citation(quote: str, start: int, end: int, hashed: str) -> Citation:
    return Citation(0, 0, "", None, None, None, None, quote, start, end, hashed)


def _place(found: Rechecked, article: Article | None) -> tuple[tuple[int, int] | None, str | None]:
    """Where the words stand now, and the hash of the text in which they do."""
    of = found.quoted.of
    if found.state == "holds":
        return (of.start, of.end), of.sha256
    if found.state == "moved" and found.found and article:
        return (found.found.start, found.found.end), article.sha256
    return None, None
