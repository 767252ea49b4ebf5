"""Stories in answers: the timeline of one event, and the news with each event once."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.plan.facts import Facts
from shawahid.assistant.plan.read import read_plan
from shawahid.assistant.search.question import read_question
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest

TODAY = date(2030, 5, 20)
ARTICLES = {  # title, date, text
    "strike-1": (
        "إضراب عمال مناجم الزلعة",
        "2030-05-02",
        "بدأ عمال مناجم الزلعة إضرابا عن العمل اليوم بعد وفاة العامل حمدان الشيخ في نفق الملح. "
        "وقال أمين نقابة المناجم رشاد الكيال إن المضربين ألف وثلاثمئة عامل.",
    ),
    "strike-2": (
        "نقابة المناجم في الزلعة توقع اتفاقا",
        "2030-05-11",
        "وقع أمين نقابة المناجم رشاد الكيال مع شركة ملح الزلعة اتفاقا ينهي إضراب عمال المناجم. "
        "وكان الإضراب قد بدأ يوم 2 مايو 2030 بعد وفاة العامل حمدان الشيخ في نفق الملح. "
        "وتدفع الشركة تعويضا لأسرة حمدان الشيخ في 20 مايو 2030.",
    ),
    "strike-old": (
        "إضراب قديم في مناجم الزلعة",
        "2024-01-09",
        "أضرب سائقو القطارات في محطة الزلعة يوما واحدا طلبا لمعاطف الشتاء. "
        "وعاد السائقون إلى عملهم حين وصلت المعاطف من العاصمة.",
    ),
    "flood-1": (
        "Dam at Quellan overflows",
        "2030-05-19",
        "The Quellan dam overflowed on Sunday and water covered the lower town of Ormby. "
        "Mayor Tilda Ross said two hundred families left their homes.",
    ),
    "flood-2": (
        "Families leave Ormby",
        "2030-05-19",
        "Two hundred families fled the lower town of Ormby when the Quellan dam overflowed, mayor Tilda Ross said. "
        "Boats of the Quellan water board brought the old people of Ormby out first.",
    ),
    "fair": (
        "Book fair opens",
        "2030-05-19",
        "A book fair opened in the old station of Serin with forty publishers from the islands.",
    ),
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("told")
    for name, (title, day, text) in ARTICLES.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        meta = f'{{"title": "{title}", "date": "{day}", "outlet": "{name}"}}'
        Path(folder / f"{name}.txt.meta.json").write_text(meta, encoding="utf-8")
    with Library.open(folder / "library", create=True) as library:
        ingest(library, [folder])
        with Assistant(library) as assistant:
            yield assistant


@pytest.mark.parametrize(
    "text",
    [
        "تسلسل أحداث إضراب المناجم في الزلعة",
        "اعطني التسلسل الزمني لإضراب مناجم الزلعة",
        "متى بدأ إضراب عمال المناجم وماذا حدث بعدها؟",
        "Timeline of the miners' strike at Zalaa",
        "What is the sequence of events of the strike?",
        "When did the strike begin and what happened next?",
    ],
)
def test_a_timeline_is_recognised(archive: Assistant, text: str) -> None:
    read = read_plan(read_question(text), Facts(archive.library), TODAY)
    assert (read.way, read.plan.wanted) == ("timeline", "timeline")


@pytest.mark.parametrize(
    "text", ["متى بدأ إضراب عمال المناجم؟", "When did the strike begin?", "ماذا حدث أمس؟", "timeline"]
)
def test_another_question_is_no_timeline(archive: Assistant, text: str) -> None:
    assert read_plan(read_question(text), Facts(archive.library), TODAY).plan.wanted != "timeline"


def test_a_timeline_is_of_one_event_in_order(archive: Assistant) -> None:
    answer = archive.ask("التسلسل الزمني لإضراب عمال مناجم الزلعة", today=TODAY)
    assert answer.status == "answered"
    assert answer.plan is not None
    assert answer.plan.wanted == "timeline"
    assert {citation.outlet for citation in answer.citations} == {"strike-1", "strike-2"}
    quotes = [citation.quote for citation in answer.citations]
    assert quotes[0].startswith("بدأ عمال مناجم الزلعة")
    assert quotes.index(next(quote for quote in quotes if quote.startswith("وقع"))) < len(quotes) - 1
    assert quotes[-1].startswith("وتدفع الشركة")


def test_a_timeline_of_what_no_article_tells_is_declined(archive: Assistant) -> None:
    assert archive.ask("Timeline of the coronation of the queen of Denmark", today=TODAY).status == "abstained"


def test_a_summary_keeps_to_one_event_and_names_the_other(archive: Assistant) -> None:
    answer = archive.ask("لخص لي ما حدث في إضراب الزلعة", today=TODAY)
    cited = {citation.outlet for citation in answer.citations}
    assert cited >= {"strike-1", "strike-2"}
    assert "strike-old" not in cited
    assert any("إضراب قديم في مناجم الزلعة" in one and "2024-01-09" in one for one in answer.notices)


def test_the_news_begin_with_what_most_tell_of_and_tell_it_together(archive: Assistant) -> None:
    answer = archive.ask("What happened yesterday?", today=TODAY)
    assert [citation.outlet for citation in answer.citations] == ["flood-1", "flood-2", "fair"]
