"""The library's room as safe HTML: its list, its uploads, an article's particulars. Pure functions."""

from html import escape

from shawahid.assistant.types import Language
from shawahid.ingest.types import Article, ArticleRow, ListedArticles
from shawahid.prompts import say
from shawahid.ui.html import facts, tell
from shawahid.ui.jobs import FileStatus, JobStatus
from shawahid.ui.told import told_problem

from .frame import render_drop

PAGE_ROWS = 100
_SORTS = (
    ("added", "sort_added"),
    ("title", "sort_title"),
    ("outlet", "sort_outlet"),
    ("date", "sort_date"),
    ("length", "sort_length"),
)
_OUTCOMES = {
    "added": "outcome_added",
    "changed": "outcome_changed",
    "unchanged": "outcome_unchanged",
    "failed": "outcome_failed",
}
_STATES = {
    "waiting": "job_waiting",
    "reading": "job_reading",
    "embedding": "job_embedding",
    "done": "job_done",
    "failed": "job_failed",
}
_FIELDS = (
    ("title", "field_title"),
    ("outlet", "field_outlet"),
    ("author", "field_author"),
    ("date", "field_date"),
    ("url", "field_url"),
)


def render_library_frame(language: Language, *, curates: bool) -> str:
    """What stands around the list: uploads, for whom they are; search, sorting."""
    drop = render_drop("files", language) if curates else ""
    options = "".join(f'<option value="{value}">{tell(name, language)}</option>' for value, name in _SORTS)
    search = tell("search_articles", language)
    return (
        f'<section class="library" aria-labelledby="library-title"><h2 id="library-title">'
        f"{tell('room_library', language)}</h2>"
        f'{drop}<div class="jobs" id="jobs" role="status"></div>'
        f'<form class="browse" role="search"><input type="search" name="search" dir="auto" aria-label="{search}"'
        f' placeholder="{search}">'
        f'<label>{tell("sort_by", language)} <select name="sort">{options}</select></label>'
        f'<label><input type="checkbox" name="descending"> {tell("sort_descending", language)}</label>'
        f'<label><input type="checkbox" name="unembedded"> {tell("only_unembedded", language)}</label></form>'
        f'<div class="rows" id="rows"></div></section>'
    )


def render_rows(page: ListedArticles, offset: int, language: Language) -> str:
    """A page of the list, with how many articles there are, and the way to the other pages."""
    if not page.total:
        return f'<p class="none" role="status">{tell("no_rows", language)}</p>'
    count = tell("rows_found", language, count=page.total)
    items = "".join(_row(row, language) for row in page.rows)
    return (
        f'<p class="count" role="status">{count}</p><ul class="articles">{items}</ul>{_pages(page, offset, language)}'
    )


def _pages(page: ListedArticles, offset: int, language: Language) -> str:
    """Turns to the page before, the one after, or any by its number; nothing where there is but one."""
    last = (page.total - 1) // PAGE_ROWS + 1
    if last == 1:
        return ""
    now = offset // PAGE_ROWS + 1
    return (
        f'<nav class="pages" aria-label="{tell("list_pages", language)}" data-page="{now}">'
        f"{_turning('before', 'list_page_before', now - 1, now > 1, language)}"
        f"<label>{tell('list_page', language)} "
        f'<input type="number" class="page" min="1" max="{last}" value="{now}"></label> '
        f"<span>{tell('list_page_of', language, count=last)}</span>"
        f"{_turning('after', 'list_page_after', now + 1, now < last, language)}</nav>"
    )


def _turning(kind: str, name: str, to: int, there: bool, language: Language) -> str:
    disabled = "" if there else " disabled"
    return f'<button type="button" class="turn-page {kind}" data-page="{to}"{disabled}>{tell(name, language)}</button>'


def _row(row: ArticleRow, language: Language) -> str:
    known = row.metadata
    line = facts(known.outlet or say("no_outlet", language), known.date or say("undated", language), row.name)
    notes = []
    if row.copies:
        notes.append(say("row_copies", language, count=row.copies))
    if row.embedded < row.passages:
        notes.append(say("row_unembedded", language))
    told = "".join(f' <span class="badge">{escape(note)}</span>' for note in notes)
    # A title gives its row its direction; the name of a file, which has no language, gives none.
    direction, title = (' dir="auto"', escape(known.title)) if known.title else ("", f"<bdi>{escape(row.name)}</bdi>")
    return (
        f'<li><a class="article" href="#a/{row.id}" data-article="{row.id}"{direction}><span class="title">'
        f'{title}</span><span class="facts">{line}{told}</span></a></li>'
    )


def render_particulars(article: Article, language: Language, *, curates: bool) -> str:
    """The way to ask of an article alone; where the reader may, what is known of it, to be mended, and the way to take
    it out."""
    mending = _mending(article, language) if curates else ""
    return (
        f'<div class="particulars" data-article="{article.id}">'
        f'<button type="button" class="only" data-article="{article.id}" data-title="{_title(article)}">'
        f"{tell('ask_only_this', language)}</button>{mending}</div>"
    )


def _title(article: Article) -> str:
    return escape(article.metadata.title or article.name)


def _mending(article: Article, language: Language) -> str:
    known = article.metadata
    inputs = "".join(
        f'<label>{tell(name, language)}<input name="{field}" dir="auto"'
        f' value="{escape(getattr(known, field) or "")}"></label>'
        for field, name in _FIELDS
    )
    return (
        f'<details class="mend"><summary>{tell("edit_particulars", language)}</summary>'
        f'<form class="edit" data-article="{article.id}">{inputs}<p class="problem" role="alert"></p>'
        f'<button type="submit">{tell("save", language)}</button></form></details>'
        f'<button type="button" class="remove" data-article="{article.id}" data-title="{_title(article)}">'
        f"{tell('remove_article', language)}</button>"
    )


def render_job(job: JobStatus, language: Language) -> str:
    """How far an upload is, and what became of each file."""
    state = tell(_STATES[job.state], language)
    if job.state == "embedding" and job.to_embed:
        state = tell("job_embedding_share", language, share=int(100 * job.embedded / job.to_embed))
    files = "".join(_file(file, language) for file in job.files)
    told = escape(told_problem(job.problem, language)) if job.problem else ""
    problem = f'<p class="problem" role="alert" dir="auto">{told}</p>' if told else ""
    return (
        f'<div class="job {job.state}" data-job="{escape(job.id)}" data-state="{job.state}">'
        f'<p class="state">{state}</p>{problem}<ul class="report">{files}</ul></div>'
    )


def _file(file: FileStatus, language: Language) -> str:
    outcome = tell(_OUTCOMES[file.outcome], language) if file.outcome else tell("job_waiting", language)
    reason = told_problem(file.problem, language) if file.problem else file.reason
    told = f'<span class="reason" dir="auto">{escape(reason)}</span>' if reason else ""
    return (
        f'<li class="{file.outcome or "waiting"}"><bdi class="name">{escape(file.name)}</bdi> '
        f'<span class="outcome">{outcome}</span>{told}</li>'
    )
