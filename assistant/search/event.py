"""Which event evidence tells of: what is surely of another is told apart."""

from collections.abc import Sequence
from typing import Final

from shawahid.ingest.kin.stories import day_of
from shawahid.ingest.library import Library
from shawahid.ingest.stories import stories_of
from shawahid.ingest.types import Article

from .evidence import Evidence

_FAR_APART: Final = 14  # days


def of_one_event(library: Library, chosen: Sequence[Evidence]) -> tuple[tuple[Evidence, ...], tuple[Article, ...]]:
    """What tells of the event of the best evidence, and an article of each other event that was found."""
    if not chosen:
        return (), ()
    best = chosen[0].article
    story_of = stories_of(library, {item.article.text_id for item in chosen})
    kept, others = list[Evidence](), dict[int, Article]()
    for item in chosen:
        story = story_of.get(item.article.text_id)
        if story is not None and story != story_of.get(best.text_id) and far_apart(item.article, best):
            others.setdefault(story, item.article)
        else:
            kept.append(item)
    return tuple(kept), tuple(others.values())


def far_apart(one: Article, other: Article) -> bool:
    """Whether two articles are of different times, as far as is known.

    That they are in different stories alone says little: half of the accounts of one event are not joined.
    """
    first, second = day_of(one.metadata.date), day_of(other.metadata.date)
    return first is not None and second is not None and abs((first - second).days) > _FAR_APART
