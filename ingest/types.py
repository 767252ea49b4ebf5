"""The shapes that pass between the steps of an ingest and out of a library. Read this first.

All offsets are half-open and count Unicode code points of an article's stored text.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Final, Literal, NamedTuple, Protocol

from .errors import LIMITS, ShawahidError

CorrectionKind = Literal["correction", "retraction", "update"]
Leaving = Literal["changed", "removed"]
Sorting = Literal["added", "title", "outlet", "date", "length"]

LIBRARY_FILE: Final = "library.sqlite"
"""The file that makes a folder a library."""

LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")
"""Half a character, which no text that can be stored as UTF-8 holds."""


class Span(NamedTuple):
    """Characters `start` to `end` (exclusive) of a text, in code points."""

    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        """Whether the two have a character in common.

        >>> Span(0, 3).overlaps(Span(2, 5)), Span(0, 3).overlaps(Span(3, 5))
        (True, False)
        """
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about an article apart from its text. `None` is "not known", never a guess.

    `date` is ISO 8601, as exact as it is known: "2019", "2019-04" or "2019-04-04".
    `captured` is when the article was collected, which says nothing of when it was published.
    """

    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    date: str | None = None
    captured: str | None = None
    url: str | None = None
    language: str | None = None

    def over(self, other: "Metadata") -> "Metadata":
        """These values, and where one is unknown, the other's."""
        known = {name: value for name, value in asdict(self).items() if value is not None}
        return replace(other, **known)


METADATA_FIELDS = tuple(field.name for field in fields(Metadata))


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read: on disk, or a member of a zip archive.

    `source` is its identity in the library, `name` what a reader is shown, `sidecar` the bytes of the metadata
    file beside it, if there is one.
    """

    source: str
    name: str
    suffix: str
    read: Callable[[], bytes]
    sidecar: bytes | None = None


class GivenDocument(Protocol):
    """An article that is not in a file, such as LlamaIndex's `Document`; `doc_id` tells it from all others."""

    @property
    def doc_id(self) -> str: ...

    @property
    def text(self) -> str: ...

    @property
    def metadata(self) -> Mapping[str, object]: ...


@dataclass(frozen=True, slots=True)
class Body:
    """The text of one article in a file; `record` is its place (from 1) where the file holds several."""

    text: str
    metadata: Metadata
    extractor: str
    pages: tuple[int, ...] = ()
    record: int | None = None


@dataclass(frozen=True, slots=True)
class Extracted:
    """One article as it came out of a file, before it is stored. `pages` are where a PDF's pages start in `text`."""

    source: str
    name: str
    text: str
    metadata: Metadata
    extractor: str
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """One source that could not be taken in, and why; `code` and `details` say that in every language, where they do
    (see errors.LIMITS)."""

    source: str
    reason: str
    code: str | None = None
    details: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, source: str, error: ShawahidError) -> "Failure":
        """The failure of a source by an error of ours."""
        known = (error.code, error.details) if error.code in LIMITS else (None, {})
        return cls(source, str(error), *known)

    @property
    def problem(self) -> ShawahidError | None:
        return LIMITS[self.code](**self.details) if self.code else None


@dataclass(frozen=True, slots=True)
class Article:
    """One stored article. `sha256` is of `text` in UTF-8; `furniture` are the spans that are not its own words.

    `copy_of` is the number of the first article with the very same text, or None where this is it. `file_sha256`
    and `extractor` say which bytes the text came from, and by what.
    """

    id: int
    text_id: int
    source: str
    name: str
    text: str
    sha256: str
    metadata: Metadata
    furniture: tuple[Span, ...]
    pages: tuple[int, ...]
    copy_of: int | None
    file_sha256: str
    extractor: str

    def page_of(self, offset: int) -> int | None:
        """The page (from 1) on which a character stands; None where the source has no pages."""
        return sum(start <= offset for start in self.pages) or None


@dataclass(frozen=True, slots=True)
class PastText:
    """A text that the library no longer has in any article, with what was known of the last article that had it.

    `left_at` (ISO 8601, UTC) is when that article got another text or was removed, which `why` tells.
    """

    sha256: str
    source: str
    name: str
    metadata: Metadata
    left_at: str
    why: Leaving
    text: str


class Forgotten(NamedTuple):
    """How many older texts were forgotten, and how many bytes they had in UTF-8."""

    texts: int
    size: int


@dataclass(frozen=True, slots=True)
class StoredCorrection:
    """An article that corrects, retracts or updates another, and where in its text it says so."""

    kind: CorrectionKind
    article: Article
    span: Span


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """One line of a listing: an article without its text.

    `copies` counts the other articles with the same text or a near copy of it.
    """

    id: int
    text_id: int
    source: str
    name: str
    metadata: Metadata
    characters: int
    passages: int
    embedded: int
    copy_of: int | None
    copies: int


@dataclass(frozen=True, slots=True)
class ListedArticles:
    """Some of the articles that were looked for, in order; `total` counts all of them."""

    rows: tuple[ArticleRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one text, sized to the embedder. `script` is that of most of its letters."""

    id: int
    text_id: int
    start: int
    end: int
    script: str


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may be searched. Empty means all. Made from what a user typed by `Assistant.filters`.

    `outlets` are names exactly as the library has them. `since` and `until` are ISO dates, inclusive; an undated
    article passes neither. `articles` and `without` are article numbers.
    """

    outlets: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    articles: tuple[int, ...] = ()
    without: tuple[int, ...] = ()

    @property
    def any(self) -> bool:
        """Whether anything is filtered at all."""
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Scope:
    """The articles that pass some filters: how many, and their text ids where they are few enough to be listed."""

    filters: Filters
    articles: int
    texts: frozenset[int] | None


@dataclass(frozen=True, slots=True)
class SearchedTotals:
    """How much a search went through."""

    articles: int
    passages: int
    embedded: int
    outlets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LibraryOverview:
    """What a library is about: how many articles, of which outlets, the first and last date (ISO 8601) of those that
    have one, how many have none, and some titles."""

    articles: int
    outlets: tuple[str, ...]
    first: str | None
    last: str | None
    undated: int
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    """How much a library holds.

    `texts` are the different ones, `independent` those and their near copies counted once. `embedded` counts passages
    with a vector, `indexed` those in the Chroma index, `past` the older texts that are kept for old citations.
    `chroma` is the address of the server that has that index, None where it lies with the library; `published` the
    version of a snapshot, None where the library can be written.
    """

    path: str
    format: int
    articles: int
    texts: int
    independent: int
    passages: int
    embedded: int
    indexed: int
    outlets: tuple[str, ...]
    embedder: str
    past: int
    chroma: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What one ingest did, by source."""

    added: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()

    def to_json(self) -> dict[str, object]:
        return {**asdict(self), "failed": [{"source": one.source, "reason": one.reason} for one in self.failed]}
