"""The routes that read the library: articles, their exact words, passages that are found, quotes held against it."""

from importlib.metadata import version
from typing import Annotated

from fastapi import APIRouter, Query

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.search.question import read_question
from shawahid.assistant.search.retrieve import Hit, retrieve
from shawahid.assistant.settings import Settings
from shawahid.ingest.library import Library
from shawahid.ingest.types import Sorting
from shawahid.ui.gate.problems import Refused, declared

from .check_quote import check_quote
from .models import (
    MOST_ARTICLES,
    ArticleList,
    FoundPassage,
    FullArticle,
    ListedArticle,
    Model,
    Name,
    Number,
    Offset,
    Passages,
    Quote,
    QuoteBody,
    QuoteFound,
    SearchBody,
    SearchQuery,
    Status,
)


def article_routes(library: Library) -> APIRouter:
    """Articles: listed, read, quoted from, and quotes of them checked."""
    router = APIRouter(prefix="/api", tags=["read"])

    @router.get("/articles", responses=declared(422))
    def browse(
        search: Annotated[str, Query(max_length=1_000)] = "",
        sort: Sorting = "added",
        descending: bool = False,
        outlet: Name | None = None,
        unembedded: bool = False,
        limit: Annotated[int, Query(ge=0, le=MOST_ARTICLES)] = 100,
        offset: Annotated[int, Query(ge=0)] = 0,
    ) -> ArticleList:
        """The articles with every word of `search` in their title, outlet, author, file name or date."""
        page = library.browse(search, sort, descending, limit, offset, outlet, unembedded)
        return ArticleList([ListedArticle.of(row) for row in page.rows], page.total)

    @router.get("/articles/{number}", responses=declared(404, 422))
    def article(number: Number) -> FullArticle:
        """One article with its text."""
        return FullArticle.of(library.article(number))

    @router.get("/articles/{number}/quote", responses=declared(404, 422))
    def quote(number: Number, start: Offset, end: Offset) -> Quote:
        """The words from `start` to `end` of an article's text, with its hash."""
        found = library.article(number)
        if not start < end <= len(found.text):
            told = f"Article {number} has {len(found.text)} characters, and none from {start} to {end}."
            raise Refused(422, "place_invalid", told, characters=len(found.text))
        return Quote(number, start, end, found.sha256, found.text[start:end])

    @router.post("/quotes/verify", responses=declared(400, 413, 422, 429))
    def verify(quote: QuoteBody) -> QuoteFound:
        """Whether a quote still holds, has moved, was changed or is missing."""
        return check_quote(library, quote)

    return router


def search_routes(assistant: Assistant, settings: Settings) -> APIRouter:
    """What the search finds, before anything is answered, and what there is to search."""
    router = APIRouter(prefix="/api", tags=["read"])
    library = assistant.library

    @router.get("/search", responses=declared(404, 422, 429))
    def search(asked: Annotated[SearchQuery, Query()]) -> Passages:
        """The passages that speak of something, the best first, by words and by meaning."""
        return find_passages(assistant, asked)

    @router.get("/status", responses=declared())
    def status() -> Status:
        """What the library holds, and where text goes."""
        held, composer = library.status(), assistant.composer
        return Status(
            version=version("shawahid"),
            articles=held.articles,
            texts=held.texts,
            independent=held.independent,
            passages=held.passages,
            embedded=held.embedded,
            indexed=held.indexed,
            past=held.past,
            outlets=list(held.outlets),
            embedder=held.embedder,
            model=Model(composer.model.name, composer.model.host) if composer else None,
            strictness=settings.strictness,
            local=settings.local,
        )

    return router


def find_passages(assistant: Assistant, asked: SearchBody | SearchQuery) -> Passages:
    """The best passages, the best one first.

    Raises QuestionEmpty, QuestionTooLong, and what `Assistant.filters` does.
    """
    filters = assistant.filters(asked.outlets, asked.since, asked.until, asked.articles)
    question, library = read_question(asked.query), assistant.library
    with library.reading():
        found = retrieve(library, question, filters)
        best = [(one, found.articles[one.passage.text_id][0]) for one in found.found[: asked.limit]]
        return Passages([_passage(library, one, article) for one, article in best])


def _passage(library: Library, found: Hit, number: Number) -> FoundPassage:
    article, passage = library.article(number), found.passage
    return FoundPassage(
        article=article.id,
        name=article.name,
        title=article.metadata.title,
        outlet=article.metadata.outlet,
        date=article.metadata.date,
        start=passage.start,
        end=passage.end,
        sha256=article.sha256,
        text=article.text[passage.start : passage.end],
        score=found.score,
        words=found.words,
        meaning=found.meaning,
        foreign=found.foreign,
    )
