"""The constraints of a plan as filters of a search, beside those that the user set."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from shawahid.assistant.types import Constraint, Filters
from shawahid.ingest import listing
from shawahid.ingest.library import Library

_Item = TypeVar("_Item", int, str)

_NO_ARTICLE = (0,)  # numbers begin at 1


def narrow(library: Library, constraints: Iterable[Constraint], filters: Filters) -> Filters:
    """Filters that pass what `filters` passes and every applied constraint allows."""
    for kind in ("time", "outlet", "author", "article"):
        values = tuple(one.value for one in constraints if one.applied and one.kind == kind)
        if not values:
            continue
        if kind == "time":
            filters = _in_time(filters, values)
        elif kind == "outlet":
            kept = _both(filters.outlets, values)
            filters = replace(filters, outlets=kept) if kept else replace(filters, articles=_NO_ARTICLE)
        else:
            ids = listing.ids_by_authors(library, values) if kind == "author" else [int(value) for value in values]
            filters = replace(filters, articles=_both(filters.articles, ids) or _NO_ARTICLE)
    return filters


def _both(chosen: tuple[_Item, ...], allowed: Iterable[_Item]) -> tuple[_Item, ...]:
    """What is allowed, and was chosen, where anything was."""
    return tuple(item for item in allowed if not chosen or item in set(chosen))


def _in_time(filters: Filters, values: Iterable[str]) -> Filters:
    """Several times are taken as one stretch, from the first to the last."""
    days = [day for value in values for day in value.split("/")]
    since = max(filter(None, (filters.since, min(days))))
    until = min(filter(None, (filters.until, max(days))), key=_last_day)
    return replace(filters, since=since, until=until)


def _last_day(date: str) -> str:
    return date + {4: "-12-31", 7: "-31"}.get(len(date), "")
