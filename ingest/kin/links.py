"""The links from corrections to what they correct, kept as articles come, change and go, in whichever order.

Each article leaves the keys of what it can be called by, a correction also those of what it calls others; where two
meet, the articles are read and held against each other. So what an ingest costs grows with what came, not with what is
there.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from shawahid.ingest.store import catalogue, correction_links
from shawahid.ingest.store.database import Connection

from .corrections import Known, find_links

_AT_ONCE: Final = 500  # articles in one transaction
_MOST_PER_KEY: Final = 50  # articles, the last ingested; what more are called tells none of them
_MOST_CANDIDATES: Final = 20
_ENOUGH: Final = 2  # pairs of words, where the whole title or the address does not meet


def link_some(db: Connection) -> None:
    """Link the first of what is still to be linked, inside a transaction."""
    ids = correction_links.unlinked_articles(db, _AT_ONCE)
    to_read: dict[int, Known | None] = {}
    for id_ in ids:
        known = _known(db, id_)
        called, calls = known.called(), known.calls()
        to_read |= dict.fromkeys(correction_links.articles_correcting(db, id_))
        to_read |= dict.fromkeys(_meeting(db, called, calling=True))
        if calls or id_ in to_read or correction_links.corrects_any(db, id_):
            to_read[id_] = known
        correction_links.put_handles(db, id_, called, calls)
    for id_, read in to_read.items():
        _link(db, read or _known(db, id_))
    correction_links.mark_linked(db, ids)


def _known(db: Connection, id_: int) -> Known:
    article = catalogue.article(db, id_)
    assert article is not None  # the rows that name it go with it
    return Known(article)


def _link(db: Connection, known: Known) -> None:
    """Link one article anew to all that it corrects."""
    id_ = known.article.id
    candidates = [_known(db, other) for other in _meeting(db, known.calls(), calling=False) if other != id_]
    found = find_links(known, candidates)
    correction_links.put_corrections(db, id_, [(link.corrects, link.kind, link.span) for link in found])


def _meeting(db: Connection, keys: Iterable[int], *, calling: bool) -> list[int]:
    """The articles that have enough of the keys, those with most of them first."""
    found: Counter[int] = Counter()
    for key in keys:
        found.update(correction_links.articles_with_handle(db, key, _MOST_PER_KEY, calling=calling))
    return [id_ for id_, weight in found.most_common(_MOST_CANDIDATES) if weight >= _ENOUGH]
