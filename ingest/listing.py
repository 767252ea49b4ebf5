"""True lists of a library's articles: by author, by time, by the words in them; nothing is ranked."""

from collections.abc import Collection, Sequence

from .library import Library
from .store import browse, catalogue, copy_groups, listing
from .types import ArticleRow, Filters


def outlets(library: Library) -> list[str]:
    """Every outlet once, in order."""
    with library.view.database.reading() as db:
        return catalogue.outlets(db)


def outlets_of_groups(library: Library, groups: Collection[int]) -> list[str]:
    """The outlets that carry a text of one of these groups of near copies."""
    with library.view.database.reading() as db:
        return copy_groups.outlets_of_groups(db, groups)


def authors(library: Library) -> list[str]:
    """Every author once, as the articles have it."""
    with library.view.database.reading() as db:
        return listing.authors(db)


def ids_by_authors(library: Library, names: Collection[str]) -> list[int]:
    """The articles whose author is one of these, as the articles have it."""
    with library.view.database.reading() as db:
        return listing.ids_by_authors(db, names)


def newest_ids(library: Library, filters: Filters) -> list[int]:
    """The articles that pass the filters, the newest first, the undated at the end."""
    with library.view.database.reading() as db:
        return listing.newest_ids(db, filters)


def has_any(library: Library, filters: Filters) -> bool:
    """Whether an article passes the filters."""
    with library.view.database.reading() as db:
        return listing.has_any(db, filters)


def ids_with_words(library: Library, words: Sequence[Collection[str]], filters: Filters) -> list[int]:
    """The articles that pass the filters and that have, in text or title, one stem of each of these collections, the
    newest first."""
    each = [_ids_with(library, stems) for stems in words]
    found = set.intersection(*each) if each else set()
    with library.view.database.reading() as db:
        return listing.newest_of(db, found, filters)


def passages_with(library: Library, stems: Collection[str]) -> list[int]:
    """The passages in which a word with one of these stems stands."""
    lexical = library.words()
    return lexical.passages_with(f"={stem}" for stem in stems) if lexical else []


def _ids_with(library: Library, stems: Collection[str]) -> set[int]:
    passages = library.passages(passages_with(library, stems))
    articles = library.articles_of_texts({passage.text_id for passage in passages.values()})
    view = library.view
    with view.database.watching() as (db, version):
        titled = view.browser.titled(db, version, stems)
    return titled.union(*articles.values())


def rows_of(library: Library, ids: Collection[int]) -> list[ArticleRow]:
    """The lines of those of the articles that exist, in the order of `ids`."""
    with library.view.database.reading() as db:
        return browse.rows_of_articles(db, ids)
