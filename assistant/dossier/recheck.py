"""Each quote of a dossier held against what there is now: a library, or the articles' own files."""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final, Literal, Protocol

from shawahid.assistant.types import Citation, Correction
from shawahid.ingest.errors import ArticleUnknown
from shawahid.ingest.files.apart import read_apart
from shawahid.ingest.files.sources import walk
from shawahid.ingest.library import Library
from shawahid.ingest.text.sentences import sentence_spans
from shawahid.ingest.text.words import words
from shawahid.ingest.types import Article, Extracted, Failure, SourceFile, Span

from .dossier import Dossier, Quoted, quotes

State = Literal["holds", "moved", "changed", "missing"]
_ALIKE: Final = 0.6  # of a quote's words, for others to be named as what stands there now


@dataclass(frozen=True, slots=True)
class Rechecked:
    """What became of a quote.

    holds: the text with its hash is there, and has these words in this place. moved: its article has another text now,
    which has the same words, at `found`. changed: it has them no more; `nearest` is what it says instead, where that
    is plain. missing: neither text nor article is there. `note` may say why, or that an older version has the words.
    """

    quoted: Quoted
    state: State
    found: Span | None = None
    nearest: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """A quote, and where it is said to stand: characters `start` to `end` of the text with this SHA-256."""

    quote: str
    start: int
    end: int
    sha256: str

    def stand_in(self, text: str) -> bool:
        """Whether a text has them in their place."""
        return text[self.start : self.end] == self.quote


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of words; see Rechecked."""

    state: State
    found: Span | None = None
    nearest: str | None = None


class Texts(Protocol):
    """Where articles' texts are looked for."""

    def with_hash(self, sha256: str) -> str | None:
        """The text that this is the SHA-256 of."""

    def now(self, quoted: Quoted) -> list[str]:
        """The present texts of the article that was quoted, or of those that may be it."""

    def failure(self, quoted: Quoted) -> str | None:
        """Why the quoted article could not be read, where it is there."""

    def kept(self, quoted: Quoted) -> str | None:
        """That an older version of the article is kept which has the words in their place."""


def recheck(dossier: Dossier, texts: Texts) -> list[Rechecked]:
    """Each quote of a dossier, in its order."""
    return [recheck_quote(quoted, texts) for quoted in quotes(dossier.answer)]


def recheck_quote(quoted: Quoted, texts: Texts) -> Rechecked:
    """One quote."""
    of = _words(quoted)
    fate = fate_of(of, texts.with_hash(of.sha256), lambda: texts.now(quoted))
    note = texts.failure(quoted) if fate.state == "missing" else None
    if fate.state != "holds":
        note = note or texts.kept(quoted)
    return Rechecked(quoted, fate.state, fate.found, fate.nearest, note)


def fate_of(quoted: Words, text: str | None, now: Callable[[], Sequence[str]]) -> Fate:
    """What became of words of `text` (None: it is not there); `now` gives the present texts of the article that had
    it, or of those that may be it."""
    if text is not None and quoted.stand_in(text):
        return Fate("holds")
    present = [text] if text is not None else now()
    if not present:
        return Fate("missing")
    if places := [place for text in present for place in _places(quoted.quote, text)]:
        start = min(places, key=lambda place: abs(place - quoted.start))
        return Fate("moved", found=Span(start, start + len(quoted.quote)))
    return Fate("changed", nearest=next(filter(None, (_nearest(quoted.quote, text) for text in present)), None))


def kept_version(library: Library, quoted: Words) -> str | None:
    """That a library keeps an older version of an article which has the words in their place."""
    past = library.past(quoted.sha256)
    if past is None or not quoted.stand_in(past.text):
        return None
    return f"The library keeps an older version, {past.why} on {past.left_at[:10]}, that has these words there."


def _words(quoted: Quoted) -> Words:
    of = quoted.of
    return Words(of.quote, of.start, of.end, of.sha256)


def _places(quote: str, text: str) -> Iterator[int]:
    place = text.find(quote)
    while place >= 0:
        yield place
        place = text.find(quote, place + 1)


def _nearest(quote: str, text: str) -> str | None:
    """The sentences of a text that share the most words with a quote, where those are the better part of its own."""
    wanted = Counter(words(quote))
    spans, length = sentence_spans(text), max(1, len(sentence_spans(quote)))
    best, nearest = 0.0, None
    for first in range(len(spans)):
        run = spans[first : first + length]
        told = text[run[0].start : run[-1].end]
        there = Counter(words(told))
        shared = (wanted & there).total()
        likeness = 2 * shared / (wanted.total() + there.total() or 1)
        if shared >= _ALIKE * wanted.total() and likeness > best:
            best, nearest = likeness, told
    return nearest


def _is_of(sha256: str, text: str) -> bool:
    return hashlib.sha256(text.encode()).hexdigest() == sha256


class LibraryTexts:
    """The texts of a library."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def with_hash(self, sha256: str) -> str | None:
        text = self._library.present_text(sha256)
        return text if text is not None and _is_of(sha256, text) else None

    def now(self, quoted: Quoted) -> list[str]:
        of = quoted.of
        try:
            if isinstance(of, Citation):
                articles = self._library.articles_named(of.source)
            else:
                articles = [self._library.article(of.article)]
        except ArticleUnknown:
            return []
        return [article.text for article in articles if _may_be(article, of)]

    def failure(self, quoted: Quoted) -> str | None:
        return None

    def kept(self, quoted: Quoted) -> str | None:
        return kept_version(self._library, _words(quoted))


def _may_be(article: Article, of: Citation | Correction) -> bool:
    """Whether this is the quoted article: numbers mean something only in the library that gave them."""
    if isinstance(of, Citation):
        return article.name == of.source
    return (article.metadata.title, article.metadata.outlet) == (of.title, of.outlet)


class FileTexts:
    """The texts of the files under a folder, extracted again as an ingest does.

    Files that bear the name of a quoted article's are read first, and no more than needed.
    """

    def __init__(self, folder: Path, dossier: Dossier, mapping: Mapping[str, str] | None = None) -> None:
        """`mapping` is that of the ingest (`--map`). The folder, or file, exists."""
        wanted = [quoted.of for quoted in quotes(dossier.answer)]
        self._names = {of.source for of in wanted if isinstance(of, Citation)}
        self._hashes = {of.sha256 for of in wanted}
        self._by_hash: dict[str, str] = {}
        self._by_name: dict[str, list[str]] = {}
        self._failures: dict[str, str] = {}
        files = [file for file in walk(folder) if isinstance(file, SourceFile)]
        for item in chain.from_iterable(_articles(file, mapping or {}) for file in self._likely_first(files)):
            self._note(item)
            if self._hashes <= self._by_hash.keys():
                break

    def _likely_first(self, files: Collection[SourceFile]) -> list[SourceFile]:
        likely = {name for source in self._names for name in (source, source.rpartition("#")[0])}
        return sorted(files, key=lambda file: file.name not in likely)

    def _note(self, item: tuple[str, str] | Failure) -> None:
        if isinstance(item, Failure):
            self._failures[item.source] = item.reason
            return
        name, text = item
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        if sha256 in self._hashes:
            self._by_hash[sha256] = text
        if name in self._names:
            self._by_name.setdefault(name, []).append(text)

    def with_hash(self, sha256: str) -> str | None:
        return self._by_hash.get(sha256)

    def now(self, quoted: Quoted) -> list[str]:
        return self._by_name.get(quoted.of.source, []) if isinstance(quoted.of, Citation) else []

    def kept(self, quoted: Quoted) -> str | None:
        return None

    def failure(self, quoted: Quoted) -> str | None:
        if not isinstance(quoted.of, Citation):
            return None
        ending = f"/{quoted.of.source}"
        return next((reason for source, reason in self._failures.items() if source.endswith(ending)), None)


def _articles(file: SourceFile, mapping: Mapping[str, str]) -> Iterator[tuple[str, str] | Failure]:
    """The name and the text of each article in a file."""
    for item in read_apart(file, mapping):
        yield (item.name, item.text) if isinstance(item, Extracted) else item
