"""How a question is understood, and what the library's own data answer: lists, counts, the news of a time."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.dossier.dossier import Dossier
from shawahid.assistant.dossier.file import read_dossier
from shawahid.assistant.plan.facts import Facts
from shawahid.assistant.plan.read import Read, read_plan
from shawahid.assistant.plan.said import Said
from shawahid.assistant.plan.when import times_of
from shawahid.assistant.search.question import read_question
from shawahid.assistant.types import Answer, Filters, Plan
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest
from shawahid.ui.told import told_constraints
from tests.conftest import SHARED

from ..conftest import archive_of

TODAY = date(2031, 3, 14)  # a Friday
CASES = SHARED / "cases"

ARTICLES = [  # title, outlet, author, date, text
    (
        "جسر المرسى يُغلق شهرين",
        "صحيفة المرسى",
        "وفاء العلي",
        "2031-03-13",
        "أعلنت بلدية المرسى إغلاق الجسر القديم شهرين للترميم. "
        "وقال وزير النقل عادل الحمصي إن الكلفة ستة ملايين. "
        "وستعمل عبّارة مجانية بدلا منه.",
    ),
    (
        "Bridge closes for two months",
        "The Lagoon Times",
        "Helen Ward",
        "2031-03-13",
        "The old bridge of Marsa will close for two months of repairs. "
        "Transport minister Adel Homsi put the cost at six million. "
        "A free ferry will run instead.",
    ),
    (
        "سرب جراد في الجنوب",
        "صحيفة المرسى",
        "رائد قباني",
        "2031-03-04",
        "رصد مزارعون سرب جراد قرب قرية التين. وقالت وزيرة الزراعة منال دياب إن الرش يبدأ الأحد.",
    ),
    (
        "Locusts seen near Tin",
        "The Lagoon Times",
        "Helen Ward",
        "2031-03-05",
        "Farmers near Tin village reported locusts on Tuesday. "
        "Spraying begins on Sunday, the agriculture minister said.",
    ),
    (
        "مهرجان الفخار ينطلق",
        "راديو البحيرة",
        "وفاء العلي",
        "2031-02-20",
        "انطلق مهرجان الفخار في سوق البحيرة بمشاركة أربعين حرفيا. ويستمر المهرجان عشرة أيام.",
    ),
    (
        "متحف الفخار يفتح أبوابه",
        "صحيفة المرسى",
        "وفاء العلي",
        "2029-06-01",
        "افتتح وزير الثقافة سليم حداد متحف الفخار في البحيرة. ويضم المتحف ثلاثمئة قطعة.",
    ),
    (
        "Port strike ends",
        "The Lagoon Times",
        "Tom Baker",
        "2031-01-19",
        "Dockers at the port of Marsa ended a nine-day strike on Sunday. The union won a pay rise of four per cent.",
    ),
    (
        "إضراب الميناء ينتهي",
        "راديو البحيرة",
        None,
        "2031-01-20",
        "أنهى عمال ميناء المرسى إضرابا دام تسعة أيام. وحصلت النقابة على زيادة أربعة في المئة. "
        "وناقش مجلس الوزراء الإضراب.",
    ),
    (
        "Old maps found",
        "The Lagoon Times",
        "Tom Baker",
        None,
        "Two maps of the lagoon from the eighteenth century were found in an attic in Marsa. "
        "They go on show at the library.",
    ),
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    names = ("title", "outlet", "author", "date", "content")
    rows = ({name: value for name, value in zip(names, row, strict=True) if value} for row in ARTICLES)
    with archive_of(tmp_path_factory.mktemp("archive"), rows) as opened:
        yield opened


def understand(assistant: Assistant, text: str) -> Read:
    with assistant.library.reading():
        return read_plan(read_question(text), Facts(assistant.library), TODAY)


def plan_of(answer: Answer) -> Plan:
    assert answer.plan is not None
    return answer.plan


def applied(read: Read) -> set[str]:
    return {f"{one.kind}={one.value}" for one in read.plan.constraints if one.applied}


# How it is worded, the way it is answered, and the one constraint that is applied ("" for none).
WORDINGS = [
    ("What's been happening since Monday?", "news", "time=2031-03-10/2031-03-14"),
    ("Tell me what happened on 4 March", "news", "time=2031-03-04"),
    ("whats the news today", "news", "time=2031-03-14"),
    ("news from last month please", "news", "time=2031-02-01/2031-02-28"),
    ("Top stories of 2029", "news", "time=2029-01-01/2029-12-31"),
    ("any developments in the last 3 days?", "news", "time=2031-03-11/2031-03-14"),
    ("ماذا جرى يوم الخميس؟", "news", "time=2031-03-13"),
    ("أبرز ما جاء في الصحف أمس", "news", "time=2031-03-13"),
    ("ماذا فاتني في الأسبوع الفائت؟", "news", "time=2031-03-03/2031-03-09"),
    ("احك لي شو صار الأسبوع اللي فات", "news", "time=2031-03-03/2031-03-09"),
    ("ما أخبار اليوم؟", "news", "time=2031-03-14"),
    ("اعطني احداث شهر يناير", "news", "time=2031-01-01/2031-01-31"),
    ("كل أخبار عام ٢٠٢٩", "news", "time=2029-01-01/2029-12-31"),
    ("Why did the bridge close yesterday?", "passages", ""),
    ("Who opened the museum in 2029?", "passages", ""),
    ("متى ينتهي إغلاق الجسر؟", "passages", ""),
    ("من افتتح متحف الفخار عام 2029؟", "passages", ""),
    ("ماذا أعلنت البلدية أمس؟", "passages", ""),
    ("What did the union win last month?", "passages", ""),
    ("locust news this month", "passages", "time=2031-03-01/2031-03-31"),
    ("I'd like to read Helen Ward's pieces", "articles", "author=Helen Ward"),
    ("what else has Tom Baker written?", "articles", "author=Tom Baker"),
    ("مقالات وفاء العلي عن الفخار", "passages", "author=وفاء العلي"),
    ("ما المقالات التي كتبتها وفاء العلي؟", "articles", "author=وفاء العلي"),
    ("وش كتب رائد قباني؟", "articles", "author=رائد قباني"),
    ("كم مقالة كتبتها وفاء العلي", "count", "author=وفاء العلي"),
    ("أريد قراءة كتابات رائد قباني", "articles", "author=رائد قباني"),
    ("is there anything written by Alice Munro", "no_author", ""),
    ("هل عندكم مقالات بقلم غسان كنفاني", "no_author", ""),
    ("What did Tom Baker say about the strike?", "passages", ""),
    ("summary of article 3, please", "article", "article=3"),
    ("what is article 2 about?", "article", "article=2"),
    ('Sum up "Port strike ends"', "article", "article=7"),
    ("ما هو موضوع المقال 5", "article", "article=5"),
    ("لخص مقال «سرب جراد في الجنوب» بثلاث جمل", "article", "article=3"),
    ("مين الوزير بحسب المقال رقم 1", "passages", "article=1"),
    ("Article 19 of the charter, what does it protect?", "passages", ""),
    ("how many stories mention locusts", "count", ""),
    ("How many of your articles are about pottery?", "count", ""),
    ("كم مقالا يذكر الجراد", "count", ""),
    ("ما عدد الأخبار المنشورة عن الإضراب؟", "count", ""),
    ("How many days did the strike last?", "passages", ""),
    ("كم عدد الحرفيين المشاركين؟", "passages", ""),
    ("list every minister mentioned", "items", ""),
    ("اسرد أسماء الوزراء", "items", ""),
    ("من الوزراء الذين ورد ذكرهم؟", "items", ""),
    ("list the pieces in the museum", "passages", ""),
    ("what is The Lagoon Times saying about locusts?", "passages", "outlet=The Lagoon Times"),
    ("ماذا قالت صحيفة المرسى عن الجسر", "passages", "outlet=صحيفة المرسى"),
    ("وفق راديو البحيرة، كم دام الإضراب؟", "passages", "outlet=راديو البحيرة"),
    ("show all articles of The Lagoon Times", "articles", "outlet=The Lagoon Times"),
    ("Where is the office of The Lagoon Times?", "passages", ""),
    ("من مدير راديو البحيرة؟", "passages", ""),
]


@pytest.mark.parametrize(("text", "way", "constraint"), WORDINGS)
def test_a_question_is_understood(archive: Assistant, text: str, way: str, constraint: str) -> None:
    read = understand(archive, text)
    assert (read.way, applied(read)) == (way, {constraint} - {""})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yesterday", "2031-03-13"),
        ("أمس", "2031-03-13"),
        ("أول أمس", "2031-03-12"),
        ("امبارح", "2031-03-13"),
        ("last week", "2031-03-03/2031-03-09"),
        ("الأسبوع الماضي", "2031-03-03/2031-03-09"),
        ("this week", "2031-03-10/2031-03-14"),
        ("the last two weeks", "2031-02-28/2031-03-14"),
        ("آخر ثلاثة أيام", "2031-03-11/2031-03-14"),
        ("last month", "2031-02-01/2031-02-28"),
        ("in 2029", "2029-01-01/2029-12-31"),
        ("في عام ٢٠٢٩", "2029-01-01/2029-12-31"),
        ("on 9 November", "2030-11-09"),  # the one that was, not the nearest
        ("last monday", "2031-03-10"),
        ("since 2 March", "2031-03-02/2031-03-14"),
    ],
)
def test_times_are_counted_from_today(text: str, value: str) -> None:
    assert [when.value for when in times_of(Said(text), TODAY)] == [value]


@pytest.mark.parametrize(
    "text", ["tomorrow", "next week", "before 2029", "غدا", 'the song "yesterday"', "on 30 February"]
)
def test_times_that_no_article_can_be_of(text: str) -> None:
    assert times_of(Said(text), TODAY) == []


def test_what_is_only_likely_is_offered_and_narrows_nothing(archive: Assistant) -> None:
    answer = archive.ask("من افتتح متحف الفخار عام 2029؟", today=TODAY)
    assert [(one.kind, one.value, one.applied) for one in plan_of(answer).constraints] == [
        ("time", "2029-01-01/2029-12-31", False)
    ]
    assert answer.coverage.articles == len(ARTICLES)
    assert told_constraints(answer) == ["لم يُحصر البحث في: \u2068عام 2029: \u20682029-01-01 – 2029-12-31\u2069\u2069."]


# the ways of the data


def titles(answer: Answer) -> list[str | None]:
    return [one.title for one in answer.listed]


@pytest.mark.parametrize("text", ["What happened yesterday?", "ما الذي حدث أمس؟", "أخبار أمس"])
def test_the_news_of_a_day_is_the_first_sentence_of_each_article_of_it(archive: Assistant, text: str) -> None:
    answer = archive.ask(text, today=TODAY)
    assert (answer.status, answer.counted) == ("answered", 2)
    assert {citation.date for citation in answer.citations} == {"2031-03-13"}
    assert answer.citation(1).quote == "أعلنت بلدية المرسى إغلاق الجسر القديم شهرين للترميم."
    assert [one.title for one in answer.citations] == titles(answer)


def test_a_day_without_articles_is_told(archive: Assistant) -> None:
    answer = archive.ask("What happened on 1 March?", today=TODAY)
    assert (answer.status, answer.citations, answer.counted) == ("abstained", (), 0)
    assert answer.frame == "There are no articles dated 2031-03-01."
    assert answer.notices == ("Articles without a date cannot be told by time: 1.",)


def test_articles_of_an_author_are_all_there_and_no_others(archive: Assistant) -> None:
    answer = archive.ask("مقالات وفاء العلي", today=TODAY)
    assert titles(answer) == ["جسر المرسى يُغلق شهرين", "مهرجان الفخار ينطلق", "متحف الفخار يفتح أبوابه"]
    assert (answer.counted, answer.confidence, plan_of(answer).wanted) == (3, 1.0, "list")
    assert {one.author for one in answer.listed} == {"وفاء العلي"}


def test_an_author_whom_no_article_has(archive: Assistant) -> None:
    for text, frame in (
        ("articles by Alice Munro", "No article in the library is by Alice Munro."),
        ("مقالات بقلم غسان كنفاني", "لا يوجد في المكتبة مقال بقلم غسان كنفاني."),
    ):
        answer = archive.ask(text, today=TODAY)
        assert (answer.status, answer.frame, answer.citations) == ("abstained", frame, ())


def test_the_undated_come_last(archive: Assistant) -> None:
    assert titles(archive.ask("articles by Tom Baker", today=TODAY)) == ["Port strike ends", "Old maps found"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("How many articles mention locusts?", {4}),
        ("كم مقالا عن الفخار؟", {5, 6}),
        ("how many articles mention ministers", {1, 2, 3, 4, 6, 8}),  # in the other language too, where it is known
        ("كم مقالا في الأرشيف عن الزلزال؟", set()),
    ],
)
def test_articles_are_counted(archive: Assistant, text: str, numbers: set[int]) -> None:
    answer = archive.ask(text, today=TODAY)
    assert answer.counted == len(numbers)
    assert {one.article for one in answer.listed} == numbers == {one.article for one in answer.citations}
    assert answer.status == ("answered" if numbers else "abstained")


def test_an_article_is_told_in_its_own_words_alone(archive: Assistant) -> None:
    for text in ("Summarise article 7", 'Sum up "Port strike ends"', "لخص المقال رقم ٧"):
        answer = archive.ask(text, today=TODAY)
        assert {citation.article for citation in answer.citations} == {7}
        assert answer.citation(1).quote == "Dockers at the port of Marsa ended a nine-day strike on Sunday."
        assert "Port strike ends" in answer.frame
    missing = archive.ask("Summarise article 700", today=TODAY)
    assert (missing.status, missing.citations) == ("abstained", ())


@pytest.mark.parametrize("text", ["list all ministers", "اذكر جميع الوزراء"])
def test_the_items_of_a_list_each_with_its_words(archive: Assistant, text: str) -> None:
    answer = archive.ask(text, today=TODAY)
    quotes = " ".join(citation.quote for citation in answer.citations)
    for one in ("الحمصي|Homsi", "دياب", "حداد"):
        assert any(name in quotes for name in one.split("|"))
    assert all("minister" in one.quote or "وزير" in one.quote for one in answer.citations)
    assert 8 not in {one.article for one in answer.citations}  # مجلس الوزراء names nobody


def test_a_list_that_cannot_be_made_says_so(archive: Assistant) -> None:
    answer = archive.ask("list all the repairs of the bridge", today=TODAY)
    if answer.status == "answered":
        assert answer.notices[0].startswith("I cannot list all")


@pytest.mark.parametrize(
    ("text", "outlet"),
    [
        ("ماذا نشرت صحيفة المرسى عن الجسر؟", "صحيفة المرسى"),
        ("What did The Lagoon Times report about the bridge?", "The Lagoon Times"),
    ],
)
def test_an_outlet_that_is_named_is_searched_alone(archive: Assistant, text: str, outlet: str) -> None:
    answer = archive.ask(text, today=TODAY)
    assert answer.status == "answered"
    assert {citation.outlet for citation in answer.citations} == {outlet} == set(answer.coverage.outlets)


def test_constraints_narrow_what_the_user_chose(archive: Assistant) -> None:
    chosen = Filters(outlets=("The Lagoon Times",))
    answer = archive.ask("What happened yesterday?", filters=chosen, today=TODAY)
    assert [citation.article for citation in answer.citations] == [2]
    answer = archive.ask("ماذا نشرت صحيفة المرسى عن الجسر؟", filters=chosen, today=TODAY)
    assert (answer.status, answer.coverage.articles) == ("abstained", 0)
    answer = archive.ask("What happened this month?", filters=Filters(until="2031-03-05"), today=TODAY)
    assert {citation.article for citation in answer.citations} == {3, 4}


def test_a_constraint_is_taken_off(archive: Assistant) -> None:
    text = "ماذا نشرت صحيفة المرسى عن الجسر؟"
    assert archive.ask(text, today=TODAY).coverage.articles == 3
    wide = archive.ask(text, today=TODAY, unconstrained=["outlet"])
    assert (wide.coverage.articles, plan_of(wide).constraints) == (len(ARTICLES), ())


def test_a_question_without_constraints_has_a_plan_and_today(archive: Assistant) -> None:
    plan = plan_of(archive.ask("How long did the strike last?", today=TODAY))
    assert (plan.wanted, plan.today, plan.constraints) == ("fact", "2031-03-14", ())
    assert plan_of(archive.ask("How long did the strike last?")).today == date.today().isoformat()


def test_a_short_question_that_the_data_answer_does_not_lean_on_the_one_before(archive: Assistant) -> None:
    answer = archive.ask("أخبار أمس", history=["كم كلفة ترميم الجسر؟"], today=TODAY)
    assert (answer.understood, answer.counted) == (None, 2)


def test_an_answer_of_the_data_goes_into_a_dossier_and_out(archive: Assistant, tmp_path: Path) -> None:
    answer = archive.ask("مقالات وفاء العلي", today=TODAY)
    dossier = Dossier(answer, datetime(2031, 3, 14, tzinfo=UTC), "0.2.0")
    path = tmp_path / "list.json"
    path.write_text(json.dumps(dossier.to_json()), encoding="utf-8")
    assert read_dossier(path).answer == answer


# the cases that were reported

CITED = {  # the articles of the archive of the cases that may be cited, by their numbers in it
    "39": {1, 18},
    "40": {5, 6, 7, 8, 14, 19},
    "41": {23},
    "42": {19, 21},
    "43": {2, 6, 16, 26},
    "44": {10},
    "45": {18},
    "47": {5, 6, 20},
}


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    if not CASES.is_dir():
        pytest.skip("the cases are not beside this repository")
    with Library.open(tmp_path_factory.mktemp("cases") / "library", create=True) as library:
        ingest(library, [CASES / "_archive" / "archive.jsonl"])
        yield Assistant(library)


@pytest.mark.parametrize("number", [str(number) for number in range(39, 48)])
def test_the_cases_that_were_reported(cases: Assistant, number: str) -> None:
    (folder,) = CASES.glob(f"{number}-*")
    answer = cases.ask((folder / "question.txt").read_text(encoding="utf-8"), today=date(2026, 11, 27))
    cited = {citation.article for citation in answer.citations}
    assert answer.status == "answered"
    if number == "46":
        quotes = " ".join(citation.quote for citation in answer.citations)
        for one in ("النقل", "الزراعة", "الثقافة", "الأشغال"):
            assert one in quotes
    else:
        assert cited == CITED[number]
    if number in ("42", "43", "47"):
        assert (answer.counted, {one.article for one in answer.listed}) == (len(cited), cited)
