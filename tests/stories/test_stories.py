"""Stories: articles that tell of the same event are one story, and those that tell of another are not."""

import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

import pytest

from shawahid.ingest.check import check
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest, rebuild, remove
from shawahid.ingest.repair import repair
from shawahid.ingest.stories import stories_of, texts_of_stories
from shawahid.ingest.types import LIBRARY_FILE
from shawahid.ingest.writer import writing

from ..conftest import Write

COLLAPSE = """\
انهار جسر الوادي الأحمر في مدينة رملان صباح الاثنين وسقطت شاحنتان في مجرى النهر.
وقال قائد الدفاع المدني سالم الغريب إن سبعة أشخاص أصيبوا وإن سائق إحدى الشاحنتين ما زال مفقودا.
وأضاف أن الجسر أغلق وأن المهندس نادر الحسيني يقود لجنة تفحص الأعمدة.
"""
COLLAPSE_TOLD_OTHERWISE = """\
سبعة جرحى ومفقود في رملان بعد سقوط جسر الوادي الأحمر.
روى صياد رأى الحادث أن الشاحنتين كانتا تعبران معا حين مال جسر الوادي الأحمر وهوى في النهر.
وتبحث فرق الغوص عن السائق المفقود، وتقول لجنة نادر الحسيني إنها ستعلن سبب الانهيار خلال أسبوع.
"""
OTHER_COLLAPSE = """\
انهار سقف سوق السمك في مدينة رملان ليل الخميس بعد أمطار غزيرة ولم يصب أحد.
وقال تجار السوق إنهم شكوا من شقوق السقف منذ العام الماضي وإن البلدية لم ترسل أحدا.
وتعهد رئيس البلدية عماد الطاهر بأن يبنى سقف جديد من الحديد قبل الشتاء.
"""
ELECTION = """\
فازت رباب الصافي برئاسة نقابة المعلمين في ولاية سهلين بعد جولة ثانية من التصويت.
وقالت إنها ستطلب زيادة رواتب معلمي القرى وبناء عشرين مدرسة.
"""
ELECTION_TOLD_OTHERWISE = """\
رباب الصافي نقيبة لمعلمي سهلين: حصلت في الجولة الثانية على أصوات معلمي القرى.
وكان منافسها جابر العوني قد تصدر الجولة الأولى في انتخابات نقابة المعلمين.
"""
NAMESAKE = """\
فاز مازن الصافي بسباق الدراجات حول بحيرة ألوان للمرة الثالثة.
وقطع المسافة وهي مئة وعشرون كيلومترا في أقل من ثلاث ساعات رغم الريح.
"""
TEXTS = {
    "a1": ("2024-05-06", COLLAPSE),
    "a2": ("2024-05-07", COLLAPSE_TOLD_OTHERWISE),
    "b": ("2024-11-14", OTHER_COLLAPSE),
    "c1": ("2024-03-02", ELECTION),
    "c2": ("2024-03-03", ELECTION_TOLD_OTHERWISE),
    "d": ("2024-03-09", NAMESAKE),
}


def write_all(write: Write, names: Collection[str]) -> list[Path]:
    paths = []
    for name in names:
        day, text = TEXTS[name]
        write(f"{name}.txt.meta.json", f'{{"title": "{name}", "date": "{day}"}}')
        paths.append(write(f"{name}.txt", text))
    return paths


def told(library: Library) -> set[frozenset[str]]:
    """The names of the articles of each story."""
    rows = {row.text_id: row.name.removesuffix(".txt") for row in library.articles()}
    story_of = stories_of(library, rows)
    assert set(story_of) == set(rows)
    texts = texts_of_stories(library, set(story_of.values()))
    assert all(story == min(found) for story, found in texts.items())
    return {frozenset(rows[text_id] for text_id in found) for found in texts.values()}


EXPECTED = {frozenset({"a1", "a2"}), frozenset({"b"}), frozenset({"c1", "c2"}), frozenset({"d"})}


@pytest.mark.parametrize("order", [list(TEXTS), list(TEXTS)[::-1]], ids=["forward", "backward"])
def test_one_event_is_one_story_and_its_like_another(library: Library, write: Write, order: list[str]) -> None:
    """The same in one ingest, in several, and in whatever order."""
    for path in write_all(write, order):
        ingest(library, [path])
    assert told(library) == EXPECTED
    rebuild(library)
    assert told(library) == EXPECTED
    assert check(library) == []


def test_a_story_comes_with_the_vectors_and_goes_with_the_article(library: Library, write: Write) -> None:
    paths = write_all(write, TEXTS)
    ingest(library, [paths[0].parent], embed=False)
    texts = [row.text_id for row in library.articles()]
    assert stories_of(library, texts) == {}
    ingest(library, [paths[0].parent])
    assert told(library) == EXPECTED
    by_name = {row.name: row.id for row in library.articles()}
    remove(library, [by_name["a1.txt"]])
    assert told(library) == {frozenset(names - {"a1"}) for names in EXPECTED}
    ingest(library, paths[:1])
    assert told(library) == EXPECTED
    assert check(library) == []


def test_a_small_library_of_one_topic_is_not_one_event(library: Library, write: Write) -> None:
    """Nothing is known of when the articles are of, and they share the name of a town."""
    for name in ("a1", "b", "c1"):
        path = write(f"{name}.txt", TEXTS[name][1])
    ingest(library, [path.parent])
    assert told(library) == {frozenset({"a1"}), frozenset({"b"}), frozenset({"c1"})}


def test_another_date_is_another_look(library: Library, write: Write) -> None:
    ingest(library, [write_all(write, ["a1", "a2", "b"])[0].parent])
    before = told(library)
    with writing(library) as writer:
        writer.edit(library.find("b.txt").id, {"date": "2024-05-06"})
    assert told(library) == before
    assert check(library) == []


def test_damaged_stories_are_made_anew_without_embedding(library: Library, write: Write) -> None:
    ingest(library, [write_all(write, TEXTS)[0].parent])
    with closing(sqlite3.connect(library.folder / LIBRARY_FILE)) as db, db:
        db.execute("DELETE FROM stories WHERE text_id = 1")
        db.execute("UPDATE stories SET story = 4 WHERE text_id = 6")
    assert check(library)
    assert repair(library) == []
    assert told(library) == EXPECTED


def test_a_library_of_the_format_before_gets_its_stories_from_its_first_writer(tmp_path: Path, write: Write) -> None:
    folder = tmp_path / "library"
    paths = write_all(write, TEXTS)
    with Library.open(folder, create=True) as library:
        ingest(library, [paths[0].parent])
    with closing(sqlite3.connect(folder / LIBRARY_FILE)) as db, db:
        db.executescript(
            "DROP TABLE stories; DELETE FROM seals WHERE kind IN ('stories', 'members') OR key = 'stories';"
            " DELETE FROM meta WHERE key = 'stories'; UPDATE meta SET value = '4' WHERE key = 'format';"
        )
    with Library.open(folder) as library:
        assert stories_of(library, [1, 2]) == {}
        library.view.demand_complete()
        ingest(library, [paths[0].parent])
        assert told(library) == EXPECTED
        assert check(library) == []
