"""The HTML of the library's room: its list, its uploads, an article's metadata. Pure functions."""

from typing import get_args

from shawahid.assistant.types import Language
from shawahid.ingest.types import Article, ListedArticles, Sorting
from shawahid.ui.html import render
from shawahid.ui.jobs import FileStatus, JobStatus
from shawahid.ui.told import told_problem, without_folders

from .article import captured_on

PAGE_ROWS = 100


def render_library_frame(language: Language, *, curates: bool) -> str:
    """What stands around the list: search, sorting and, for those who may add articles (`curates`), uploads."""
    return render("page/library_frame.html", language, curates=curates, sortings=get_args(Sorting))


def render_rows(page: ListedArticles, offset: int, language: Language) -> str:
    """A page of the list, with how many articles there are, and the way to the other pages, if any."""
    return render(
        "page/rows.html",
        language,
        articles=page.rows,
        captured_on=captured_on,
        total=page.total,
        now=offset // PAGE_ROWS + 1,
        last=(page.total - 1) // PAGE_ROWS + 1,
    )


def render_particulars(article: Article, language: Language, *, curates: bool) -> str:
    """The way to ask of one article alone; for those who may (`curates`), to edit its metadata and to remove it."""
    return render("page/particulars.html", language, article=article, curates=curates)


def render_job(job: JobStatus, language: Language) -> str:
    """How far an upload is, and what became of each file."""
    problem = told_problem(job.problem, language, folders=False) if job.problem else None
    files = [(file, _reason(file, language)) for file in job.files]
    return render("page/job.html", language, job=job, problem=problem, files=files)


def _reason(file: FileStatus, language: Language) -> str | None:
    if file.problem:
        return told_problem(file.problem, language, folders=False)
    return without_folders(file.reason) if file.reason else None
