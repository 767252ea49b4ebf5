"""The routes that the page's library is kept by: the list, articles, uploads, edits and removals."""

import threading
from typing import Annotated

from fastapi import APIRouter, Body, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.suggest.suggest import suggest_questions
from shawahid.assistant.types import Language
from shawahid.ingest.indexes.vectors import ChromaServer
from shawahid.ingest.library import Library
from shawahid.ingest.network import chosen_host
from shawahid.ingest.types import LibraryStatus, ListedArticles, Sorting, Span
from shawahid.ui.api.receiving import receive
from shawahid.ui.desk import Desk
from shawahid.ui.gate.requests import MayCurate, Wanted
from shawahid.ui.told import told_network

from .article import render_article
from .frame import render_first, render_holdings, render_outlets, render_suggestions
from .library import PAGE_ROWS, render_job, render_particulars, render_rows
from .routes import open_article

_MOST_PAGES = 10**9
_NEWEST = 4  # articles on the first screen


class _Suggestions:
    """Questions that the library can answer, made once for each state of it."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._guard = threading.Lock()
        self._made: dict[Language, tuple[tuple[int, int], tuple[str, ...]]] = {}

    def of(self, language: Language) -> tuple[str, ...]:
        status = self._assistant.library.status()
        state = (status.articles, status.texts)
        with self._guard:
            if language not in self._made or self._made[language][0] != state:
                self._made[language] = (state, suggest_questions(self._assistant, language))
            return self._made[language][1]


def first_routes(assistant: Assistant) -> APIRouter:
    """What stands on the page before anything is asked."""
    library: Library = assistant.library
    suggestions = _Suggestions(assistant)
    router = APIRouter()

    @router.get("/first", response_class=HTMLResponse)
    def first(wanted: Wanted, curates: MayCurate) -> str:
        status = library.status()
        newest = library.browse(sort="date", descending=True, limit=_NEWEST).rows
        return render_first(status, newest, _network(assistant, status, wanted), wanted, curates=curates)

    @router.get("/suggestions", response_class=HTMLResponse)
    def suggested(wanted: Wanted) -> str:
        return render_suggestions(suggestions.of(wanted), wanted)

    @router.get("/outlets", response_class=HTMLResponse)
    def outlets(wanted: Wanted) -> str:
        return render_outlets(library.outlet_counts(), wanted)

    @router.get("/holdings", response_class=HTMLResponse)
    def holdings(wanted: Wanted) -> str:
        return render_holdings(library.status(), wanted)

    return router


def _network(assistant: Assistant, status: LibraryStatus, language: Language) -> list[str]:
    """What is sent where."""
    composer, library = assistant.composer, assistant.library
    embedder = chosen_host(library.base_url) if status.embedder.startswith("openai:") else None
    index = ChromaServer.at(status.chroma).host if status.chroma else None
    return told_network(composer.model.host if composer else None, embedder, index, language)


def library_routes(library: Library, desk: Desk) -> APIRouter:
    """What the library holds, to see and to change."""
    router = APIRouter()

    @router.get("/library", response_class=HTMLResponse)
    def rows(
        wanted: Wanted,
        search: str = "",
        sort: Sorting = "added",
        descending: bool = False,
        unembedded: bool = False,
        page: Annotated[int, Query(ge=1, le=_MOST_PAGES)] = 1,
    ) -> str:
        """A page of the list; the last one where there are not so many any more."""

        def read(offset: int) -> ListedArticles:
            return library.browse(search, sort, descending, PAGE_ROWS, offset, unembedded=unembedded)

        offset = (page - 1) * PAGE_ROWS
        found = read(offset)
        if found.total and not found.rows:
            offset = (found.total - 1) // PAGE_ROWS * PAGE_ROWS
            found = read(offset)
        return render_rows(found, offset, wanted)

    @router.get("/articles/{number}", response_class=HTMLResponse)
    def article(number: int, wanted: Wanted, curates: MayCurate, start: int = 0, end: int = 0) -> str:
        found = library.article(number)
        highlight = Span(start, end) if 0 <= start < end <= len(found.text) else None
        shown = render_article(open_article(library, found), highlight, wanted)
        return render_particulars(found, wanted, curates=curates) + shown

    @router.put("/articles/{number}")
    def edit(number: int, changes: Annotated[dict[str, str], Body()]) -> None:
        desk.edit(number, changes)

    @router.delete("/articles/{number}")
    def remove(number: int) -> None:
        desk.remove([number])

    return router


def upload_routes(desk: Desk) -> APIRouter:
    """Files taken in, and what becomes of them."""
    router = APIRouter()

    @router.post("/uploads")
    async def upload(request: Request) -> JSONResponse:
        """Take files in; what becomes of them is told under the job's id."""
        return JSONResponse({"job": await receive(request, desk)})

    @router.post("/uploads/demo")
    def demo() -> JSONResponse:
        return JSONResponse({"job": desk.ingest_demo()})

    @router.get("/uploads/{job}", response_class=HTMLResponse)
    def progress(job: str, wanted: Wanted) -> str:
        status = desk.job(job)
        if status is None:
            raise HTTPException(404)
        return render_job(status, wanted)

    return router
