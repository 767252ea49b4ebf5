"""Each kind of question is answered its own way: a comparison of outlets, who said it, whose language has no rules."""

from collections.abc import Iterator
from datetime import date

import pytest

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.plan.saying import said_asked
from shawahid.assistant.types import Answer
from shawahid.ui.told import account_name

from ..conftest import archive_of

TODAY = date(2031, 3, 14)
_FIRE = (
    "أتى حريق على {} متجرا في سوق القطن بمدينة المرسى ليل الأربعاء. وقال قائد الإطفاء نادر الجمل إن ماسا كهربائيا"
    " أشعل الحريق، وإن رجاله سيطروا عليه في ثلاث ساعات. ولم يصب أحد، ووعدت البلدية أصحاب المتاجر بتعويض قبل العيد."
)
_DAM = (
    "يحتاج سد النخيل إلى ترميم عاجل قبل الشتاء، فقد اتسعت تشققات سد النخيل هذا العام، ويخاف أهل القرى الأربع التي تقع"
    " أسفل سد النخيل من سيل، ويلومون غسان مراد ورباب شاهين على ما قالا عن سد النخيل: غسان مراد أفزعهم ورباب شاهين هونت."
    "\n\nوقالت المهندسة رباب شاهين إن السد آمن ولا خوف منه، وإن ما يرى الناس من تشققات لا يتجاوز طبقة الإسمنت الخارجية"
    " التي صبت قبل خمس سنوات، وإن فريقها يقيس ضغط الماء وميل الجدار كل صباح ولم يجد فيهما ما يدعو إلى القلق حتى الآن."
    "\n\nوقال النائب غسان مراد إن السد قد ينهار في أول سيل، وإن الحكومة وعدت بترميمه ثلاث مرات ولم ترسل عاملا واحدا،"
    " وإن على أهل القرى أن يغادروا بيوتهم قبل الشتاء ما لم تبدأ الأعمال في الأسبوعين القادمين تحت إشراف جهة مستقلة."
)
_DAM_EN = (
    "The dam at Nakhil worries its neighbours, and nobody has repaired the dam at Nakhil since it was built:"
    " four villages lie below the dam at Nakhil, and twenty years ago a flood carried off houses and orchards"
    " and cut the only road to the city for two whole weeks."
    "\n\nEngineer Rabab Shaheen said that the dam was safe and gave no cause for fear, that the cracks people see"
    " are in the outer layer of cement laid five years ago, and that her team measures the pressure and the slope of"
    " the wall every morning and has found nothing to worry about so far."
    "\n\nLawmaker Ghassan Murad said that the dam could give way in the first flood, that the government had promised"
    " repairs three times and sent not one workman, and that the villagers should leave before winter unless"
    " work begins within two weeks under somebody independent of the ministry."
)
ARTICLES = [  # title, outlet, text
    ("حريق في سوق القطن", "وكالة الضفة", _FIRE.format("أربعين")),
    ("حريق سوق القطن بالمرسى", "صوت الضفة", _FIRE.format("أربعين")),
    (
        "نار في السوق القديم",
        "صحيفة المرسى",
        "احترق خمسة وخمسون متجرا في سوق القطن بالمرسى ليل الأربعاء، بحسب التجار. وطالب التجار بتحقيق في سبب الحريق.",
    ),
    (
        "Fire guts cotton market",
        "The Lagoon Times",
        "A fire destroyed about forty shops in the cotton market of Marsa on Wednesday night. "
        "Traders said the fire brigade came an hour late.",
    ),
    (
        "سد النخيل",
        "راديو البحيرة",
        _DAM,
    ),
    (
        "The dam at Nakhil",
        "Harbour Weekly",
        _DAM_EN,
    ),
    (
        "مهرجان الفخار ينطلق",
        "راديو البحيرة",
        "انطلق مهرجان الفخار في ساحة البحيرة بمشاركة أربعين حرفيا. ويستمر المهرجان عشرة أيام.",
    ),
    (
        "Pottery fair opens",
        "Harbour Weekly",
        "The pottery fair opened by the lake with forty potters. It runs for ten days and entry is free.",
    ),
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    rows = [{"title": title, "outlet": outlet, "text": text} for title, outlet, text in ARTICLES]
    with archive_of(tmp_path_factory.mktemp("kinds"), rows) as opened:
        yield opened


def wanted(answer: Answer) -> str:
    assert answer.plan
    return answer.plan.wanted


@pytest.mark.parametrize(
    "question",
    [
        "Compare what the newspapers say about the fire",
        "What do the papers say about the cotton market?",
        "How did the press cover the fire?",
        "Do the outlets agree on how many shops burnt?",
        "what does each newspaper report about the fire",
        "كيف تناولت الصحف حريق سوق القطن؟",
        "ماذا قالت كل صحيفة عن الحريق؟",
        "كم متجرا احترق حسب كل جريدة؟",
        "قارن بين روايات الصحف عن الحريق",
        "هل اختلفت الجرائد في عدد المتاجر؟",
        "Compare The Lagoon Times and Harbour Weekly on the fire",
    ],
)
def test_a_question_that_compares_outlets_is_told_by_its_words(archive: Assistant, question: str) -> None:
    assert wanted(archive.ask(question, today=TODAY)) == "comparison"


@pytest.mark.parametrize(
    "question",
    [
        "What do the articles say about the fire?",
        "How do the two markets compare?",
        "قارن بين سوق القطن وسوق الفخار",
        "ماذا قال قائد الإطفاء عن الحريق؟",
        "Which newspaper is printed in Marsa?",
        "ما الفرق بين المهرجانين؟",
    ],
)
def test_other_questions_compare_no_outlets(archive: Assistant, question: str) -> None:
    assert wanted(archive.ask(question, today=TODAY)) != "comparison"


def test_a_comparison_has_one_quote_an_outlet_and_counts_copies(archive: Assistant) -> None:
    answer = archive.ask("كيف تناولت الصحف حريق سوق القطن؟", today=TODAY)
    cited = [citation.outlet for citation in answer.citations]
    assert len(set(cited)) == len(cited) == 3
    assert {"صحيفة المرسى", "The Lagoon Times"} < set(cited)
    copied = next(account for account in answer.accounts if len(account.outlets) == 2)
    assert set(copied.outlets) == {"وكالة الضفة", "صوت الضفة"}
    assert set(answer.coverage.silent) == {"راديو البحيرة", "Harbour Weekly"}
    assert account_name(copied, answer) == f"{copied.outlets[0]} (والنص نفسه في {copied.outlets[1]})"


def test_named_outlets_come_first_and_one_without_a_word_on_it_is_named(archive: Assistant) -> None:
    answer = archive.ask("Compare Harbour Weekly and The Lagoon Times on the cotton market fire", today=TODAY)
    assert answer.citations[0].outlet == "The Lagoon Times"
    assert answer.notices == (
        "I found nothing on this by: Harbour Weekly.",
        "I found only one account of it, so there is nothing to compare.",
    )
    assert answer.plan
    assert {one.value for one in answer.plan.constraints} == {"Harbour Weekly", "The Lagoon Times"}


def test_of_one_outlet_that_is_named_the_others_are_heard_after_it(archive: Assistant) -> None:
    answer = archive.ask("قارن ما كتبته صحيفة المرسى عن حريق سوق القطن بما كتبته الصحف", today=TODAY)
    assert wanted(answer) == "comparison"
    assert answer.citations[0].outlet == "صحيفة المرسى"
    assert len({citation.outlet for citation in answer.citations}) > 1


@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("ماذا قالت رباب شاهين عن سد النخيل؟", "رباب شاهين"),
        ("غسان مراد وش قال عن سد النخيل؟", "غسان مراد"),
        ("ايش رأي النائب غسان مراد في سد النخيل؟", "غسان مراد"),
        ("What did Rabab Shaheen say about the dam at Nakhil?", "Rabab Shaheen"),
        ("What does Ghassan Murad say about the dam at Nakhil?", "Ghassan Murad"),
    ],
)
def test_what_the_asked_speaker_says_comes_first(archive: Assistant, question: str, speaker: str) -> None:
    answer = archive.ask(question, today=TODAY)
    assert wanted(answer) == "said"
    assert speaker in (answer.citations[0].speaker.words or "")


def test_who_said_it_is_answered_by_a_quote_with_a_speaker(archive: Assistant) -> None:
    answer = archive.ask("من قال إن سد النخيل قد ينهار؟", today=TODAY)
    assert wanted(answer) == "said"
    assert "غسان مراد" in (answer.citations[0].speaker.words or "")


def test_where_the_asked_speaker_says_nothing_the_answer_is_as_of_a_fact(archive: Assistant) -> None:
    asked = archive.ask("ماذا قال هشام الديب عن سد النخيل؟", today=TODAY)
    assert all("الديب" not in (citation.speaker.words or "") for citation in asked.citations)


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("ماذا قال نقيب الصيادين عن السوق؟", ("نقيب", "الصيادين")),
        ("المحافظ وش رد على التجار؟", ("المحافظ",)),
        ("مورينيو قال ايه عن حراسه؟", ("مورينيو",)),
        ("What did the port director say about the ferry?", ("port", "director")),
        ("Who said that the council lied?", ()),
        ("كم متجرا احترق؟", None),
        ("When did the fire start?", None),
        ("من هو قائد الإطفاء؟", None),
    ],
)
def test_whose_words_are_asked_for(text: str, speaker: tuple[str, ...] | None) -> None:
    asked = said_asked(text)
    assert (asked.speaker if asked else None) == speaker


@pytest.mark.parametrize(
    "question",
    [
        "What do you have?",
        "How many articles are there?",
        "Which newspapers do you have?",
        "How many newspapers are there?",
        "List the outlets",
        "What dates do you cover?",
        "What period does the archive cover?",
        "ماذا عندك؟",
        "ما الصحف التي عندك؟",
        "كم صحيفة لديك؟",
        "كم مقالا في المكتبة؟",
        "ايش المواضيع اللي عندك",
        "ما الفترة التي تغطيها المقالات؟",
    ],
)
def test_a_question_about_the_library_is_answered_from_its_data(archive: Assistant, question: str) -> None:
    answer = archive.ask(question, today=TODAY)
    assert (answer.status, wanted(answer), answer.counted) == ("plain", "library", len(ARTICLES))
    assert "The Lagoon Times" in answer.frame


@pytest.mark.parametrize(
    "question",
    ["What do you have on the fire?", "ماذا عندك عن الحريق؟", "What period does the fair last?", "كم متجرا احترق؟"],
)
def test_a_question_to_the_articles_is_not_about_the_library(archive: Assistant, question: str) -> None:
    assert archive.ask(question, today=TODAY).status != "plain"
