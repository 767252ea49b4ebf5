"""The shapes of the HTTP interface, which MCP's tools share; an answer is `assistant.types.Answer` itself.

A library's own paths are left out: they are nobody's business who only talks to it.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.dossier.recheck import State as QuoteState
from shawahid.assistant.settings import Strictness
from shawahid.assistant.types import ConstraintKind
from shawahid.ingest.types import Article, ArticleRow, Metadata, Span
from shawahid.ui.gate.problems import Problem, problem_of
from shawahid.ui.jobs import FileStatus, JobStatus, Outcome
from shawahid.ui.jobs import State as JobState
from shawahid.ui.questions.wish import Wish, read_wish
from shawahid.ui.told import without_folders

LONGEST_TEXT = 20_000  # of a question or a quote, in code points; what is really asked may have fewer
MOST_ARTICLES = 500  # of a listing at once
MOST_PASSAGES = 50
_MOST_NAMED = 10  # in an address, which must not grow too long

Name = Annotated[str, Field(max_length=150)]
Text = Annotated[str, Field(max_length=LONGEST_TEXT)]
Wanted = Annotated[int | str, Field(description="an article's number, its source or its file's name")]
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="an article's number")]
Offset = Annotated[int, Field(ge=0, description="in Unicode code points of the article's text")]
Outlets = Annotated[list[Text], Field(max_length=100, description="only articles of these outlets; empty: of all")]
Since = Annotated[Text | None, Field(description="only articles dated then or later: 2019, 2019-04 or 2019-04-14")]
Until = Annotated[Text | None, Field(description="only articles dated then or earlier: 2019, 2019-04 or 2019-04-14")]
Articles = Annotated[list[Wanted], Field(max_length=1000, description="only these articles; empty: all")]


class Given(BaseModel):
    """What a client sends; a name that is not known is refused, for it is a slip."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Narrowed(Given):
    """Which articles may be used."""

    outlets: Outlets = []
    since: Since = None
    until: Until = None
    articles: Articles = []


class _Asked(Given):
    """A question, and those before it."""

    question: Annotated[
        Text, Field(description="in Arabic or English", examples=["How many passengers can the ferry carry?"])
    ]
    history: Annotated[
        list[Text], Field(max_length=100, description="the conversation's earlier questions, the oldest first")
    ] = []


class AskBody(Narrowed, _Asked):  # the fields of the last one come first
    """A question, and what it may be answered from."""

    strictness: Annotated[
        Strictness | None,
        Field(description="what is shown of a model's sentences that are not fully supported; null: as is set"),
    ] = None

    unconstrained: Annotated[
        list[ConstraintKind],
        Field(max_length=10, description="kinds of what the question names that are to narrow nothing"),
    ] = []

    joined: Annotated[
        bool | None,
        Field(description="whether it is taken together with an earlier question; null: where it leans on one"),
    ] = None

    def wish(self, assistant: Assistant) -> Wish:
        """What is asked for. Raises what `Assistant.filters` does."""
        return read_wish(assistant, **dict(self))


class MetadataChanges(Given):
    """Metadata to be set by hand; null or "" takes back what was set so, what is not named stays."""

    title: Text | None = None
    outlet: Text | None = None
    author: Text | None = None
    date: Text | None = None
    captured: Text | None = None
    url: Text | None = None
    language: Text | None = None

    def given(self) -> dict[str, str]:
        return {name: value or "" for name, value in self.model_dump(exclude_unset=True).items()}


class QuoteBody(Given):
    """A quote to be held against the library: its words, and where they are said to stand. At least `sha256` or
    `article` must be given; without `start`, any place will do."""

    quote: Annotated[Text, Field(min_length=1, description="the words, letter by letter")]
    article: Wanted | None = None
    sha256: Annotated[str, Field(pattern="^[0-9a-fA-F]{64}$", description="of the article's text")] | None = None
    start: Offset | None = None
    end: Offset | None = None


class _Sought(Given):
    """What passages are looked for by."""

    query: Annotated[Text, Field(description="words or a question, in Arabic or English")]
    limit: Annotated[int, Field(ge=1, le=MOST_PASSAGES, description="how many passages at most")] = 5


class SearchBody(Narrowed, _Sought):
    """What passages are looked for by, and in which articles."""


class PageBody(Given):
    """A page of an article."""

    article: Wanted
    start: Offset = 0
    limit: Annotated[int, Field(ge=1, le=20_000, description="how many code points at most")] = 8_000


class SearchQuery(BaseModel):
    """What passages are looked for by, and in which articles."""

    query: Annotated[str, Field(max_length=1_000)]
    outlets: Annotated[list[Name], Field(max_length=_MOST_NAMED)] = []
    since: Name | None = None
    until: Name | None = None
    articles: Annotated[list[Name], Field(max_length=_MOST_NAMED)] = []
    limit: Annotated[int, Field(ge=1, le=MOST_PASSAGES)] = 10


@dataclass(frozen=True, slots=True)
class QuoteFound:
    """What became of a quote.

    holds: the words stand there, in the text with the SHA-256 given, or in the article's present one. moved: the
    article has another text now, or the words another place in it. changed: it has them no more; `nearest` is what it
    says instead, where that is plain. missing: neither text nor article is there. `start`, `end` and `sha256` are where
    the words stand now.
    """

    state: QuoteState
    article: int | None
    start: int | None
    end: int | None
    sha256: str | None
    nearest: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an article, from `start` to `end` of the text with this SHA-256 (in UTF-8)."""

    article: int
    start: int
    end: int
    sha256: str
    quote: str


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """An article without its text. `embedded` of its `passages` can be found by meaning; `copies` counts the other
    articles with the same text or a near copy of it, `copy_of` is the first with the very same."""

    id: int
    name: str
    metadata: Metadata
    characters: int
    passages: int
    embedded: int
    copy_of: int | None
    copies: int

    @classmethod
    def of(cls, row: ArticleRow) -> "ListedArticle":
        return cls(row.id, row.name, row.metadata, row.characters, row.passages, row.embedded, row.copy_of, row.copies)


@dataclass(frozen=True, slots=True)
class ArticleList:
    """Some of the articles that were looked for, in order; `total` counts all of them."""

    articles: list[ListedArticle]
    total: int


@dataclass(frozen=True, slots=True)
class Place:
    """Characters `start` to `end` (exclusive) of a text, in code points."""

    start: int
    end: int

    @classmethod
    def of(cls, span: Span) -> "Place":
        return cls(span.start, span.end)


@dataclass(frozen=True, slots=True)
class FullArticle:
    """An article with its text. `furniture` is what is not its own words, and never cited; `pages` where a PDF's pages
    start."""

    id: int
    name: str
    metadata: Metadata
    text: str
    sha256: str
    furniture: list[Place]
    pages: list[int]
    copy_of: int | None
    file_sha256: str
    extractor: str

    @classmethod
    def of(cls, article: Article) -> "FullArticle":
        return cls(
            article.id,
            article.name,
            article.metadata,
            article.text,
            article.sha256,
            [Place.of(span) for span in article.furniture],
            list(article.pages),
            article.copy_of,
            article.file_sha256,
            article.extractor,
        )


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """Characters `start` to `end` of an article's text, in code points; the whole text has `characters` of them and, in
    UTF-8, the SHA-256 given. `next` is where to go on, null at the end. `furniture` is what of this page is not the
    article's own words."""

    article: int
    name: str
    title: str | None
    outlet: str | None
    author: str | None
    date: str | None
    url: str | None
    text: str
    start: int
    end: int
    next: int | None
    characters: int
    sha256: str
    furniture: list[Place]


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage that a search found. `score` orders them; `words` is BM25 over the question's weight (0 where no word
    is shared), `meaning` a cosine (null while it is not embedded). `foreign`: in another script than the question."""

    article: int
    name: str
    title: str | None
    outlet: str | None
    date: str | None
    start: int
    end: int
    sha256: str
    text: str
    score: float
    words: float
    meaning: float | None
    foreign: bool


@dataclass(frozen=True, slots=True)
class Passages:
    """What a search found, the best first."""

    passages: list[FoundPassage]


@dataclass(frozen=True, slots=True)
class JobFile:
    """What became of one file: `outcome` is null until it was read, `articles` counts those that came from it, `reason`
    says why it, or some of what is in it, could not be taken in."""

    name: str
    outcome: Outcome | None
    articles: int
    reason: str | None

    @classmethod
    def of(cls, file: FileStatus) -> "JobFile":
        reason = without_folders(file.reason) if file.reason else None
        return cls(file.name, file.outcome, file.articles, reason)


@dataclass(frozen=True, slots=True)
class Job:
    """How far files have been taken in. From "embedding" on their articles can be asked about by their words, and as
    `embedded` nears `to_embed` (passages) by their meaning. "failed" is said where nothing could be taken in."""

    id: str
    state: JobState
    files: list[JobFile]
    embedded: int
    to_embed: int
    problem: Problem | None

    @classmethod
    def of(cls, status: JobStatus) -> "Job":
        problem = problem_of(status.problem)[1] if status.problem else None
        files = [JobFile.of(file) for file in status.files]
        return cls(status.id, status.state, files, status.embedded, status.to_embed, problem)


@dataclass(frozen=True, slots=True)
class Jobs:
    """The last jobs, the newest first."""

    jobs: list[Job]


@dataclass(frozen=True, slots=True)
class Model:
    """The language model that writes answers, and the host that questions and excerpts go to."""

    name: str
    host: str


@dataclass(frozen=True, slots=True)
class Status:
    """What the library holds, and where text goes; `model` is null where answers are the articles' own words."""

    version: str
    articles: int
    texts: int
    independent: int
    passages: int
    embedded: int
    indexed: int
    past: int
    outlets: list[str]
    embedder: str
    model: Model | None
    strictness: Strictness
    local: bool


@dataclass(frozen=True, slots=True)
class Health:
    """That the server is alive."""

    status: Literal["alive"] = "alive"


@dataclass(frozen=True, slots=True)
class Readiness:
    """That the library can be read, and how many articles it has."""

    status: Literal["ready"]
    articles: int
