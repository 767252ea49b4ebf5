"""What a library has that a question may name: outlets, authors, articles."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from shawahid.assistant.language.lexicon import forms
from shawahid.ingest import listing
from shawahid.ingest.library import Library
from shawahid.ingest.text.words import stem, words
from shawahid.ingest.types import ArticleRow, Filters

from .wordings import OUTLET_NOUNS

_MOST_OF_ONE_TITLE = 50
_BRACKETS = re.compile(r"\([^()]*\)")


@dataclass(frozen=True)
class Facts:
    """The facts of one library, each read when it is first asked for."""

    library: Library

    @cached_property
    def outlets(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        """The outlets by their folded words, and by these without "newspaper" and the like: each with its spellings."""
        return _outlets_by_words(tuple(listing.outlets(self.library)))

    @cached_property
    def authors(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        """The authors by their folded words, each with its spellings."""
        return _by_words(tuple(listing.authors(self.library)))

    def authors_named(self, name: tuple[str, ...]) -> tuple[str, ...]:
        """The author who is called so, in all spellings: by the whole name, or by a part of it that only one has."""
        if exact := self.authors.get(name) or self.authors.get((without_tie(name[0], self.authors), *name[1:])):
            return exact
        wanted = set(name)
        partly = [spellings for key, spellings in self.authors.items() if wanted <= set(key)]
        return partly[0] if len(partly) == 1 else ()

    def has_dated(self, since: date, until: date) -> bool:
        """Whether an article is dated between these days, both inclusive."""
        return listing.has_any(self.library, Filters(since=since.isoformat(), until=until.isoformat()))

    def articles_called(self, name: str) -> list[ArticleRow]:
        """The articles with this title or file's name, in any spelling."""
        said = words(name)
        if not said:
            return []
        near = self.library.browse(" ".join(said), limit=_MOST_OF_ONE_TITLE).rows
        return [row for row in near if said in (words(row.metadata.title or ""), words(row.name))]

    def has_words(self, name: tuple[str, ...]) -> bool:
        """Whether each of these words stands somewhere in the articles."""
        return all(listing.passages_with(self.library, alternatives(word)) for word in name)


@lru_cache(maxsize=4)
def _by_words(names: tuple[str, ...]) -> dict[tuple[str, ...], tuple[str, ...]]:
    found: dict[tuple[str, ...], list[str]] = {}
    for name in names:
        found.setdefault(tuple(words(name)), []).append(name)
    return {key: tuple(spelt) for key, spelt in found.items() if key}


@lru_cache(maxsize=4)
def _outlets_by_words(names: tuple[str, ...]) -> dict[tuple[str, ...], tuple[str, ...]]:
    found = {key: list(spelt) for key, spelt in _by_words(names).items()}
    for said, spelt in _by_words(names).items():
        bare_name = tuple(words(_BRACKETS.sub(" ", spelt[0])))
        for core in {bare_name, tuple(word for word in bare_name if word not in OUTLET_NOUNS)}:
            if core and core != said:
                found.setdefault(core, []).extend(spelt)
    return {key: tuple(spelt) for key, spelt in found.items()}


def without_tie(word: str, authors: dict[tuple[str, ...], tuple[str, ...]]) -> str:
    """A name without ل before it (لكمال), where an author is called so."""
    first = {key[0] for key in authors if key}
    return next((form for form in forms(word) if form in first), word)


def alternatives(word: str) -> tuple[str, ...]:
    """The stems under which a folded word may stand in the index, with what Arabic writes before it."""
    found = [stem(form) for form in forms(word)]
    if not word.isascii():
        found += [tie + one for one in found[:] for tie in "بلفوك"]
    return tuple(dict.fromkeys(found))
