"""Near copies: what another outlet made of the same text is found at ingest and is one group with it."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from shawahid.ingest.check import check
from shawahid.ingest.kin.near_copies import alike, profile
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest, rebuild, remove
from shawahid.ingest.text.sentences import sentence_spans
from shawahid.ingest.types import LIBRARY_FILE

from ..benchmarks.copies import KINDS, NEWS, find_planted
from ..conftest import REPOSITORY, TO_FORMAT_2, Run, Write

MARKET = """\
أعلنت بلدية النورس أمس أنها ستنقل سوق السمك القديم إلى منطقة الورش قبل نهاية الصيف.
وقال رئيس المجلس البلدي كمال الرفاعي إن السوق الجديد يتسع لمئتي بائع ويضم مخزنا مبردا ومصنعا صغيرا للثلج.
وأضاف أن المبنى القديم لا يحتمل الترميم، وأن المهندسين وجدوا شقوقا عميقة في أعمدته الشرقية.
ورفضت نقابة الصيادين القرار، ورأت أن النقل يبعد البائعين عن الميناء مسافة ثلاثة كيلومترات.
وطالب أمين النقابة حسام البحري بأن تعرض البلدية تقرير المهندسين على الناس قبل أن يبدأ الهدم.
وذكرت مصادر في المجلس أن كلفة المشروع تبلغ نحو تسعة ملايين درهم تدفعها هيئة تنمية السواحل.
ومن المقرر أن تستمر المشاورات مع البائعين أسبوعين آخرين في قاعة المكتبة العامة.
وقالت بائعة تعمل في السوق منذ عشرين عاما إنها لا تمانع في الانتقال إذا بقيت الإيجارات على حالها.
وتعهدت البلدية بألا ترفع الرسوم في السنة الأولى، وبأن تسير حافلة مجانية بين الميناء والسوق الجديد.
"""
FERRY = """\
The ferry to Coral Island will sail again from the first week of May, the harbour office said on Tuesday.
It has been laid up since November, when a winter storm tore away part of the landing stage.
Repairs cost more than expected because the steel piles had to be brought by sea from the north.
The office said that the boat will leave four times a day and carry up to three hundred passengers.
Islanders welcomed the news but asked for a later evening crossing so that pupils can stay for sports.
The owner of the only hotel on the island said that half of her rooms are already booked for June.
"""
LANTERN = """\
فازت فرقة مسرح الشراع بالجائزة الأولى في مهرجان المدينة القديمة عن عرضها الجديد حارس الفنار.
وأشادت لجنة التحكيم ببساطة الديكور وبالموسيقى التي عزفها الممثلون أنفسهم على الخشبة.
وقال مخرج العرض نادر السقا إن الفكرة ولدت من رسالة قديمة وجدها في بيت جده.
ويعرض العمل ثلاث ليال أخرى قبل أن تسافر الفرقة به إلى خمس مدن على الساحل.
"""


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentence_spans(text)]


def reworded(text: str, share: float = 0.1) -> str:
    """The text with a share of its words exchanged for others."""
    draw, words = random.Random(7), text.split()
    for place in draw.sample(range(len(words)), round(share * len(words))):
        words[place] = draw.choice(("زرقاء", "صباحا", "كذلك", "واسعة", "قريبا", "هناك"))
    return " ".join(words)


def groups(library: Library) -> list[set[str]]:
    """The names of the articles of each group, in order."""
    rows = library.articles()
    of_text = library.group_of([row.text_id for row in rows])
    found: dict[int, set[str]] = {}
    for row in rows:
        found.setdefault(of_text[row.text_id], set()).add(row.name)
    return list(found.values())


@pytest.mark.parametrize(
    "copy",
    {
        "wording changed": reworded(MARKET),
        "cut": "\n".join(sentences(MARKET)[:6]),
        "reordered": "\n".join(reversed(sentences(MARKET))),
        "headline": f"سوق النورس إلى الورش\n{MARKET}",
        "headline and cut": "سوق النورس إلى الورش\n" + "\n".join(sentences(MARKET)[1:7]),
        "spelled and pointed otherwise": MARKET.replace("أ", "ا").replace("ة", "ه").replace("،", " -"),
        "furniture": f"مشاركة عبر فيسبوك\n{MARKET}\nاقرأ أيضا: أسعار السردين ترتفع في أسواق الساحل\nتعليقات (12)",
    }.items(),
    ids=lambda item: str(item[0]),
)
def test_what_was_made_of_a_text_is_one_group_with_it(library: Library, write: Write, copy: tuple[str, str]) -> None:
    folder = write("a.txt", MARKET).parent
    write("b.txt", copy[1])
    write("c.txt", FERRY)
    ingest(library, [folder])
    assert groups(library) == [{"a.txt", "b.txt"}, {"c.txt"}]
    first = library.find("a.txt").text_id
    assert library.group_of([first, library.find("b.txt").text_id, 999]) == {first: first, first + 1: first}
    assert check(library) == []


PRAYERS = "مواقيت الصلاة في النورس اليوم: الفجر {} والشروق {} والظهر {} والعصر {} والمغرب {} والعشاء {}."
PRICES = "\n".join(
    f"{name} {{}} درهما للصندوق بتغير {{}} في المئة" for name in "السردين التونة الهامور الروبيان".split()
)
CABLE = (
    "بعث رئيس مجلس النورس برقية تهنئة إلى {0} بمناسبة {1}. وأعرب رئيس المجلس باسمه وباسم أهالي النورس عن أصدق"
    " التهاني وأطيب التمنيات بالصحة والسعادة لمعاليه، ولأهالي {2} الكرام اطراد التقدم والازدهار. وأكد عمق الصلات بين"
    " المدينتين، متمنيا ل{0} دوام التوفيق في {1}."
)
ALIKE_BUT_OTHER = {
    "times": [PRAYERS.format(*day) for day in ((412, 537, 1204, 1531, 1829, 1958), (415, 540, 1207, 1534, 1827, 1956))],
    "prices": [PRICES.format(*range(first, first + 8)) for first in (40, 60)],
    "notices": [f"أعلنت بلدية النورس أن الرصيف {number} يغلق أسبوعا كاملا للصيانة." for number in (3, 8)],
    "cables": [
        CABLE.format("عمدة المرجان سالم الحداد", "افتتاح الميناء الجديد", "المرجان"),
        CABLE.format("رئيسة بلدية الصدف هدى القاسم", "العيد المئوي للمدينة", "الصدف وما حولها"),
    ],
    "other news": [LANTERN, MARKET],
    "no words": ["؟", "!!"],
}


@pytest.mark.parametrize("texts", ALIKE_BUT_OTHER.values(), ids=ALIKE_BUT_OTHER.keys())
def test_the_same_form_with_other_contents_is_no_copy(library: Library, write: Write, texts: list[str]) -> None:
    folder = write("a.txt", texts[0]).parent
    write("b.txt", texts[1])
    ingest(library, [folder])
    assert groups(library) == [{"a.txt"}, {"b.txt"}]
    assert check(library) == []


def test_being_alike_is_the_same_from_both_sides() -> None:
    """Two texts of 10 words: one repeats what they share, the other has it once."""
    repeated, once = "a b c d a b c d a b", "a b c d e f g h i j"
    first, second = profile([repeated]), profile([once])
    assert first.words == second.words
    assert alike(first, second) == alike(second, first)
    draw = random.Random(1)
    for _ in range(2_000):
        texts = [" ".join(draw.choice("abcd") for _ in range(12)) for _ in range(2)]
        first, second = (profile([text]) for text in texts)
        assert alike(first, second) == alike(second, first), texts


def test_a_roundup_does_not_join_the_news_in_it(library: Library, write: Write) -> None:
    folder = write("a.txt", MARKET).parent
    write("b.txt", FERRY)
    write("c.txt", f"{MARKET}\n{FERRY}\n{LANTERN}")
    ingest(library, [folder])
    assert not any({"a.txt", "b.txt"} <= group for group in groups(library))


def test_groups_grow_with_each_ingest_and_go_by_their_first_text(library: Library, write: Write) -> None:
    parts = sentences(MARKET)
    ingest(library, [write("a.txt", "\n".join(parts[:5])), write("b.txt", "\n".join(parts[4:]))])
    assert groups(library) == [{"a.txt"}, {"b.txt"}]
    ingest(library, [write("c.txt", MARKET)])
    assert groups(library) == [{"a.txt", "b.txt", "c.txt"}]
    assert library.status().independent == 1
    # What was joined only through a text that is gone is apart again.
    remove(library, [library.find("c.txt").id])
    assert groups(library) == [{"a.txt"}, {"b.txt"}]
    assert check(library) == []


def test_a_group_without_its_first_text_goes_by_the_next(library: Library, write: Write) -> None:
    folder = write("a.txt", MARKET).parent
    write("b.txt", reworded(MARKET))
    write("c.txt", "\n".join(sentences(MARKET)[:7]))
    ingest(library, [folder])
    (folder / "a.txt").unlink()
    ingest(library, [folder], sync=True)
    second = library.find("b.txt").text_id
    assert library.group_of([second, library.find("c.txt").text_id]) == {second: second, second + 1: second}
    remove(library, [library.find("b.txt").id, library.find("c.txt").id])
    with library.view.database.reading() as db:
        assert db.execute("SELECT count(*) FROM bands").fetchone() == (0,)


def test_a_changed_text_leaves_its_group(library: Library, write: Write) -> None:
    folder = write("a.txt", MARKET).parent
    write("b.txt", reworded(MARKET))
    ingest(library, [folder])
    write("b.txt", FERRY)
    ingest(library, [folder])
    assert groups(library) == [{"a.txt"}, {"b.txt"}]
    assert check(library) == []


def test_more_copies_than_one_entry_holds(library: Library, write: Write) -> None:
    for number in range(70):
        folder = write(f"{number:02}.txt", f"{MARKET}\nنشره الموقع رقم {number}").parent
    ingest(library, [folder])
    assert library.status().independent == 1
    with library.view.database.reading() as db:
        assert db.execute("SELECT max(held) FROM (SELECT count(*) AS held FROM bands GROUP BY band)").fetchone() == (
            50,
        )
    assert check(library) == []


_KILLED = """
import os, signal, sys
from shawahid.ingest.store import catalogue
from shawahid.ingest.library import Library
from shawahid.ingest.types import Extracted, Metadata
from shawahid.ingest.writer import writing

with Library.open(sys.argv[1], create=True) as library, writing(library) as writer:
    with writer.database.writing() as db:
        for path in sys.argv[2:]:
            file = catalogue.put_file(db, path, "", "", True)
            writer.put(Extracted(path, path, open(path, encoding="utf-8").read(), Metadata(), "text"), file)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_killed_before_groups_were_found_it_finds_them_next_time(tmp_path: Path, write: Write) -> None:
    paths = [write("a.txt", MARKET), write("b.txt", reworded(MARKET)), write("c.txt", FERRY)]
    command = [sys.executable, "-c", _KILLED, str(tmp_path / "library"), *map(str, paths)]
    killed = subprocess.run(command, cwd=REPOSITORY, env={**os.environ, "PYTHONPATH": str(REPOSITORY / "src")})
    assert killed.returncode == -signal.SIGKILL
    with Library.open(tmp_path / "library") as library:
        assert library.status().independent == library.status().texts == 3
        ingest(library, paths)
        assert groups(library) == [{"a.txt", "b.txt"}, {"c.txt"}]
        assert check(library) == []


def test_a_library_of_the_older_format_gets_its_groups_when_it_is_written_to(tmp_path: Path, write: Write) -> None:
    folder = write("a.txt", MARKET).parent
    write("b.txt", reworded(MARKET))
    with Library.open(tmp_path / "library", create=True) as library:
        ingest(library, [folder])
    with closing(sqlite3.connect(tmp_path / "library" / LIBRARY_FILE)) as db:
        db.executescript(f"{TO_FORMAT_2} UPDATE meta SET value = '2' WHERE key = 'format'")
    with Library.open(tmp_path / "library") as library:
        assert groups(library) == [{"a.txt"}, {"b.txt"}]
        assert check(library) == []
        ingest(library, [write("c.txt", FERRY)])
        assert groups(library) == [{"a.txt", "b.txt"}, {"c.txt"}]
        assert check(library) == []


def test_check_tells_wrong_groups_and_rebuild_mends_them(library: Library, write: Write) -> None:
    folder = write("a.txt", MARKET).parent
    write("b.txt", reworded(MARKET))
    write("c.txt", FERRY)
    ingest(library, [folder])
    first, second, other = (library.find(name).text_id for name in ("a.txt", "b.txt", "c.txt"))
    with library.view.database.writing() as db:
        db.execute("UPDATE texts SET copy_group = ? WHERE id = ?", (first, other))
        db.execute("INSERT INTO bands VALUES (1, ?)", (second,))
    problems = check(library)
    assert len(problems) == 2
    assert f"1 texts of group {first} are no near copies" in problems[0]
    assert "1 of the entries" in problems[1]
    with library.view.database.writing() as db:
        db.execute("UPDATE texts SET copy_group = ? WHERE copy_group = ?", (other, first))
    assert f"group {other} of near copies does not go by its first text, {first}" in check(library)[0]
    rebuild(library)
    assert groups(library) == [{"a.txt", "b.txt"}, {"c.txt"}]
    assert check(library) == []


def test_status_says_how_many_texts_are_independent(shawahid: Run, write: Write) -> None:
    folder = write("a.txt", MARKET).parent
    write("b.txt", MARKET)
    write("c.txt", reworded(MARKET))
    write("d.txt", FERRY)
    shawahid("ingest", str(folder))
    assert "articles   4 (3 different texts, 2 independent)" in shawahid("status").stdout
    status = json.loads(shawahid("status", "--json").stdout)
    assert (status["articles"], status["texts"], status["independent"]) == (4, 3, 2)


@pytest.mark.skipif(not NEWS.is_dir(), reason="the newspapers are not beside this repository")
def test_copies_planted_among_real_news_are_found_and_only_they() -> None:
    found = find_planted()
    assert set(found.kinds) == set(KINDS)
    assert found.recall >= 0.95, found
    assert found.precision >= 0.99, found
