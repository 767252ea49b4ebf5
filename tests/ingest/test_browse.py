"""Looking through the library: what a search finds, in what order, and how soon it sees what others change."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest, remove
from shawahid.ingest.store import catalogue
from shawahid.ingest.types import Extracted, ListedArticles, Metadata, Sorting
from shawahid.ingest.writer import Writer, writing

from ..conftest import Write

RECORDS: tuple[dict[str, str | None], ...] = (
    {"title": "إِغلاق مرفأ النَّورس", "outlet": "صحيفة الساحل", "author": "سلمى إبراهيم", "date": "2019-04-14"},
    {"title": "The Harbour Opens", "outlet": "The Harbour Post (invented)", "date": "2019"},
    {"title": "a ferry at last", "outlet": "The Harbour Post (invented)", "date": "2020-01-02"},
    {"title": None, "outlet": None, "date": None},
)


@pytest.fixture
def browsed(library: Library, write: Write) -> Library:
    lines = [
        json.dumps({**record, "text": f"Article {number} tells of a pier. " * number}, ensure_ascii=False)
        for number, record in enumerate(RECORDS, 1)
    ]
    ingest(library, [write("press.jsonl", "\n".join(lines))], embed=False)
    return library


def ids(page: ListedArticles) -> list[int]:
    return [row.id for row in page.rows]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", [1, 2, 3, 4]),
        ("مرفا نورس", [1]),  # hamza, diacritics, a part of a word
        ("سلمي ابراهيم", [1]),
        ("٢٠١٩", [1, 2]),
        ("harbour POST", [2, 3]),
        ("«ferry»,", [3]),
        ("ferry 2019", []),
        ("press.jsonl#4", [4]),
        ("2019-04", [1]),
        ("postthe", []),
        ("ً", [1, 2, 3, 4]),
    ],
)
def test_every_word_is_looked_for_as_it_is_meant(browsed: Library, search: str, found: list[int]) -> None:
    page = browsed.browse(search)
    assert (ids(page), page.total) == (found, len(found))


@pytest.mark.parametrize(
    ("sort", "rising", "falling"),
    [
        ("added", [1, 2, 3, 4], [4, 3, 2, 1]),
        ("title", [3, 4, 2, 1], [1, 2, 4, 3]),  # the fourth goes by its file's name
        ("outlet", [2, 3, 1, 4], [1, 2, 3, 4]),
        ("date", [2, 1, 3, 4], [3, 1, 2, 4]),
        ("length", [1, 2, 3, 4], [4, 3, 2, 1]),
    ],
)
def test_what_has_no_date_or_outlet_is_last_either_way(
    browsed: Library, sort: Sorting, rising: list[int], falling: list[int]
) -> None:
    assert ids(browsed.browse(sort=sort)) == rising
    assert ids(browsed.browse(sort=sort, descending=True)) == falling


def test_pages_and_filters(browsed: Library) -> None:
    page = browsed.browse(sort="date", limit=2, offset=1)
    assert (ids(page), page.total) == ([1, 3], 4)
    assert browsed.browse(offset=9) == ListedArticles((), 4)
    assert ids(browsed.browse(outlet="The Harbour Post (invented)")) == [2, 3]
    assert ids(browsed.browse(outlet="")) == [4]
    assert ids(browsed.browse(unembedded=True)) == [1, 2, 3, 4]
    with writing(browsed) as writer:
        writer.embed_pending()
    assert browsed.browse(unembedded=True) == ListedArticles((), 0)
    assert browsed.outlet_counts() == [("The Harbour Post (invented)", 2), ("صحيفة الساحل", 1)]


def test_an_edit_and_a_removal_are_seen_at_once(browsed: Library) -> None:
    """Whether by this library or by another that is opened on the same folder, as another process would."""
    assert browsed.browse("نوارس").total == 0
    with writing(browsed) as writer:
        writer.edit(4, {"title": "مرفأ النوارس", "date": "2021"})
    assert ids(browsed.browse("نوارس")) == [4]
    with Library.open(browsed.folder) as other:
        with writing(other) as writer:
            writer.edit(4, {"title": "Gulls"})
        assert (browsed.browse("نوارس").total, ids(browsed.browse("gulls 2021"))) == (0, [4])
        remove(other, [4])
    assert browsed.browse("gulls").total == 0


def test_copies_are_counted(library: Library, write: Write) -> None:
    text = (
        "The council of the harbour met on Sunday and decided to close the old pier for repairs until the spring. " * 3
    )
    write("one.txt", text)
    write("two.txt", text)
    write("three.txt", text + "The ferry goes from the new pier meanwhile.")
    write("other.txt", "Nothing of that is told here.")
    ingest(library, [write("five.txt", "Something else again, of a lighthouse.").parent], embed=False)
    assert {row.name: row.copies for row in library.browse().rows} == {
        "one.txt": 2,
        "two.txt": 2,
        "three.txt": 2,
        "other.txt": 0,
        "five.txt": 0,
    }


MANY = 10_000


def put_many(writer: Writer, folder: Path) -> None:
    """Articles with titles of their own and little text, put past the extraction, which is not what is looked at."""
    metadata = Metadata(outlet="صحيفة الساحل", author="سلمى إبراهيم")
    with writer.database.writing() as db:
        file = catalogue.put_file(db, str(folder / "many.jsonl"), "0", "", True)
        for number in range(MANY):
            known = replace(metadata, title=f"خبرٌ رقم {number} عن المرفأ", date=f"20{number % 24:02}")
            text = f"{number:05}"
            text_id = catalogue.put_text(db, text, str(number), (), ())
            item = Extracted(f"{folder}/many.jsonl#{number}", f"many.jsonl#{number}", text, known, "made")
            catalogue.put_article(db, item, text_id, file)


def test_ten_thousand_articles_are_looked_through_in_no_time(library: Library, tmp_path: Path) -> None:
    with writing(library) as writer:
        put_many(writer, tmp_path)
    first = timed("first", lambda: library.browse("مرفا"))
    assert (first.total, len(first.rows)) == (MANY, 100)
    sorts: tuple[Sorting, ...] = ("added", "title", "outlet", "date", "length")
    for sort in sorts:
        page = timed(sort, partial(library.browse, "خبر 2017", sort, descending=True, offset=100))
        # Those of that year, and those with the number in their titles.
        assert page.total == sum("2017" in f"{n} 20{n % 24:02} many.jsonl#{n}" for n in range(MANY))
        assert len(page.rows) == 100


def timed(what: str, ask: Callable[[], ListedArticles]) -> ListedArticles:
    start = time.perf_counter()
    page = ask()
    seconds = time.perf_counter() - start
    print(f"{what}: {1000 * seconds:.0f} ms")
    assert seconds < 5  # a tenth of a second and less; this is for a machine that does much else
    return page
