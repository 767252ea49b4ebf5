"""Stories of an open library: which articles tell of the same event."""

from collections.abc import Collection

from .library import Library
from .store import stories

MOST_TEXTS = 200
"""The most texts of one story that are asked for."""


def stories_of(library: Library, text_ids: Collection[int]) -> dict[int, int]:
    """Text ids, each with its story, the smallest text id in it; without those that are not embedded yet."""
    with library.view.database.reading() as db:
        return stories.stories_of(db, text_ids)


def texts_of_stories(library: Library, numbers: Collection[int], most: int = MOST_TEXTS) -> dict[int, list[int]]:
    """Stories, each with its first texts by number, at most so many."""
    with library.view.database.reading() as db:
        return stories.texts_of_stories(db, numbers, most)


def dated_texts(library: Library, article_ids: Collection[int]) -> dict[int, tuple[int, str | None]]:
    """Those of the articles that exist, each with its text and its date."""
    with library.view.database.reading() as db:
        return stories.dated_texts(db, article_ids)
