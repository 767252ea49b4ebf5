"""`shawahid check --repair`: what is derived made anew, and what is gone for good named."""

from .check import UNREADABLE, check
from .errors import LibraryDamaged
from .library import Library
from .store import catalogue, correction_links, seals
from .writer import Writer, writing

_MOST_NAMED = 5
_LINKED_FROM = {"articles", "texts", "files"}
_MADE_ANEW = {"groups", "corrections", "stories", "members"}


def repair(library: Library) -> list[str]:
    """Make links, groups, stories and both indexes anew where `check` finds anything, without embedding.

    Returns what is wrong even so, a line each: damage to the truth itself, which only a backup or the sources mend. Of
    rows that are gone it tells once, and has all files read again by the next ingest, so that it finds what is missing.
    Raises LibraryBusy, LibraryReadOnly or LibraryUnwritable.
    """
    if not check(library):
        return []
    told: list[str] = []
    try:
        with writing(library) as writer:
            relink = _may_link_again(writer)
            told += _forget_gone(writer)
            writer.group_again()
            if relink:
                _link_again(writer)
            writer.rebuild_words()
            writer.join_stories()
            writer.build_vectors(always=True)
    except (LibraryDamaged, *UNREADABLE) as error:  # the truth cannot be read through
        told.append(str(error))
    return [*told, *check(library)]


def _may_link_again(writer: Writer) -> bool:
    """Whether links are damaged, and all that they are made from is as it was written."""
    with writer.database.reading() as db:
        altered = {kind for kind, _ in seals.all_altered(db)}
    return "corrections" in altered and not altered & _LINKED_FROM


def _link_again(writer: Writer) -> None:
    with writer.database.writing() as db:
        correction_links.unlink_all(db)
    writer.link_corrections()


def _forget_gone(writer: Writer) -> list[str]:
    """Look no longer for rows that are gone; what is gone for good, a line each."""
    with writer.database.writing() as db:
        gone = dict(seals.forget_gone(db))
        correction_links.drop_dangling(db)
        if gone.keys() & _LINKED_FROM:
            catalogue.mark_all_incomplete(db)
    return [
        f"{len(keys)} rows of {kind} are gone ({', '.join(map(str, keys[:_MOST_NAMED]))}). Restore the library from a"
        " backup, or ingest its articles again"
        for kind, keys in gone.items()
        if kind not in _MADE_ANEW
    ]
