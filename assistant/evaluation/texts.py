"""The articles of a library as the rows of an evaluation name them, and where words stand in them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

from shawahid.assistant.types import Citation
from shawahid.ingest.errors import GoldFileInvalid
from shawahid.ingest.library import Library
from shawahid.ingest.text.words import words
from shawahid.ingest.types import Article

from .natural_files import Words

Place = tuple[int, int, int]
"""An article's number, and the first and the last (exclusive) of its letters and digits, folded."""

_RECORD: Final = re.compile(r"(.+)#(\d+)")


def letters(text: str) -> str:
    """The folded letters and digits of a text, without what stands between them."""
    return "".join(words(text))


class Texts:
    """The articles that a file names: by the end of their source, where several may end alike, and by the text itself.

    Records of an archive are counted from 1 here. A file may count them from 0: its quotes tell which.
    """

    def __init__(self, library: Library, path: Path, named: Iterable[Words]) -> None:
        """Find the articles of all words `named` in the file `path`. Raises GoldFileInvalid where an article is there
        and its text is another."""
        self._library = library
        self._path = path
        self._articles: dict[int, Article] = {}
        self._letters: dict[int, str] = {}
        self._found: dict[Words, tuple[int, ...]] = {}
        by_file = defaultdict(list)
        for one in dict.fromkeys(named):
            by_file[_parts(one.source)[0]].append(one)
        for file, of_file in by_file.items():
            self._find(file, of_file)

    def has(self, one: Words) -> bool:
        """Whether the library has the article that the words stand in."""
        return bool(self._found.get(one))

    def quote(self, one: Words) -> str | None:
        """The words themselves; None where the library lacks the article that alone tells them."""
        if one.quote is not None or not self._found[one]:
            return one.quote
        return self._article(self._found[one][0]).text[one.start : one.end]

    def places(self, one: Words) -> list[Place]:
        """Where the words stand, in each article that has them; none where the library lacks it."""
        quote = self.quote(one)
        return [place for article in self._found[one] for place in self._stands(article, letters(quote or ""))]

    def places_of(self, citation: Citation) -> list[Place]:
        """Every place where a citation's words stand in its article."""
        return self._stands(citation.article, letters(citation.quote))

    def holding(self, quotes: Sequence[str]) -> list[tuple[Article, int, int]]:
        """The articles that hold quotes without a source, with the offsets, each quote once: in an article that holds
        as many of them as any. Empty where one is nowhere."""
        left, found = dict.fromkeys(quotes), list[tuple[Article, int, int]]()
        while left:
            article, held = max(
                ((one, [quote for quote in left if quote in one.text]) for one in self._all),
                key=lambda pair: len(pair[1]),
            )
            if not held:
                return []
            found += [(article, article.text.index(quote), article.text.index(quote) + len(quote)) for quote in held]
            left = {quote: None for quote in left if quote not in held}
        return found

    def _find(self, file: str, named: Sequence[Words]) -> None:
        """The articles of words in one file of several records, all counted alike, or of one."""
        named_alike = self._by_file.get(file.rpartition("/")[2], ())
        candidates = {shift: {one: self._candidates(one, named_alike, shift) for one in named} for shift in (0, 1)}
        fitting = {
            shift: {one: tuple(id_ for id_ in ids if self._fits(one, id_)) for one, ids in of_shift.items()}
            for shift, of_shift in candidates.items()
        }
        shift = max((0, 1), key=lambda shift: Counter(map(bool, fitting[shift].values()))[True])
        for one in named:
            if candidates[shift][one] and not fitting[shift][one]:
                problem = f"the library's article {one.source} does not hold what the file takes from it: another text"
                raise GoldFileInvalid(path=self._path, problem=problem)
        self._found |= fitting[shift]

    def _candidates(self, one: Words, named_alike: Sequence[tuple[str, int | None, int]], shift: int) -> list[int]:
        file, record = _parts(one.source)
        wanted = None if record is None else record + shift
        return [id_ for source, number, id_ in named_alike if number == wanted and f"/{source}".endswith(f"/{file}")]

    def _fits(self, one: Words, id_: int) -> bool:
        article = self._article(id_)
        if one.quote is None:
            return article.sha256 == one.sha256
        return one.quote in article.text or letters(one.quote) in self._letters_of(id_)

    def _stands(self, id_: int, wanted: str) -> list[Place]:
        text, found = self._letters_of(id_), list[Place]()
        at = text.find(wanted) if wanted else -1
        while at >= 0:
            found.append((id_, at, at + len(wanted)))
            at = text.find(wanted, at + 1)
        return found

    def _article(self, id_: int) -> Article:
        if id_ not in self._articles:
            self._articles[id_] = self._library.article(id_)
        return self._articles[id_]

    def _letters_of(self, id_: int) -> str:
        if id_ not in self._letters:
            self._letters[id_] = letters(self._article(id_).text)
        return self._letters[id_]

    @cached_property
    def _by_file(self) -> dict[str, list[tuple[str, int | None, int]]]:
        """By a file's last name: (its source, the record, the article's number) of all that stands in it."""
        found = defaultdict(list)
        for row in self._library.articles():
            file, record = _parts(row.source.replace("\\", "/"))
            found[file.rpartition("/")[2]].append((file, record, row.id))
        return found

    @cached_property
    def _all(self) -> list[Article]:
        return [self._article(row.id) for row in self._library.articles()]


def _parts(source: str) -> tuple[str, int | None]:
    """A source's file, and the record in it."""
    found = _RECORD.fullmatch(source)
    return (found[1], int(found[2])) if found else (source, None)
