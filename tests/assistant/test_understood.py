"""What a question asks for in so many words is what is shown: a phrase, a unit, an answer to an interviewer, a figure
that one copy has otherwise."""

import json
from collections.abc import Iterator

import pytest

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.search.answer_kind import asked_unit, offers
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest

_TREMOR = (
    "هزت هزة أرضية بقوة {} درجات بلدة وادي السدر ظهر الخميس من غير أضرار، وفق محطة الرصد. وقالت المحطة إن الهزة"
    " وقعت على عمق تسعة كيلومترات غربي البلدة، وإن سكان القرى المجاورة أحسوا بها ثواني قليلة. ونصحت البلدية السكان"
    " بالبعد عن المباني القديمة حتى صباح الجمعة، وفتحت مدرستين لمن يخشى العودة إلى بيته."
)
ARTICLES = [  # title, outlet, text
    (
        "Library hours: a talk with the keeper",
        "The Lagoon Times",
        "When does the reading room close in summer?\n\nWe lock up at nine, except on feast days.\n\n"
        "Who pays for the new shelves?\n\nA donor who wants no name.",
    ),
    (
        "حوار مع صانعة الفخار نهاد عازار",
        "صحيفة المرسى",
        "تروي صانعة الفخار نهاد عازار بداياتها في القرية. وتقول: «خبزتُ طيني في تنور جدتي». "
        "وتعرض اليوم أعمالها في ثلاث مدن.",
    ),
    ("هزة في وادي السدر", "صحيفة المرسى", _TREMOR.format("3.2")),
    ("وادي السدر: هزة خفيفة", "وكالة الضفة", _TREMOR.format("3.2")),
    ("هزة خفيفة", "صوت الضفة", _TREMOR.format("3.9")),
    (
        "سباق القوارب",
        "صحيفة المرسى",
        "فازت نورا الخالدي بسباق القوارب الذي أقيم في خليج المرسى. وشارك في السباق أربعون قاربا، ودام ثلاث ساعات.",
    ),
    (
        "Sports park opens in May",
        "The Lagoon Times",
        "The sports park of Rimal will open on 9 May, mayor Hala Nasser said on Tuesday after a long delay. It has 12"
        " courts and two pools on six hectares. Entry will cost three dinars, and half of that for children. The"
        " outdoor pool will stay shut until the summer.",
    ),
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("understood")
    rows = [{"title": title, "outlet": outlet, "text": text} for title, outlet, text in ARTICLES]
    path = folder / "archive.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    with Library.open(folder / "library", create=True) as library:
        ingest(library, [path])
    with Assistant.open(folder / "library") as opened:
        yield opened


def test_a_quote_does_not_leave_out_the_sentence_that_answers(archive: Assistant) -> None:
    """Two runs of its sentences are short enough to be quoted: one shares more words with the question."""
    answer = archive.ask("Which pool will not open?")
    assert "The outdoor pool will stay shut" in answer.citations[0].quote


def test_words_in_quotation_marks_are_found_word_for_word(archive: Assistant) -> None:
    answer = archive.ask("من قال «خبزت طيني في تنور جدتي»؟")
    assert answer.status == "answered"
    assert "خبزتُ طيني في تنور جدتي" in answer.citations[0].quote


def test_an_interviewers_question_is_answered_by_what_follows(archive: Assistant) -> None:
    answer = archive.ask("When does the reading room close in summer?")
    assert "We lock up at nine" in answer.citations[0].quote
    assert not answer.citations[0].quote.endswith("?")


def test_a_figure_that_one_copy_has_otherwise_is_disputed(archive: Assistant) -> None:
    answer = archive.ask("ما قوة الهزة في وادي السدر؟")
    assert [comparison.words for comparison in answer.comparisons if comparison.relation == "number"] in (
        [("3.2", "3.9")],
        [("3.9", "3.2")],
    )


def test_an_outlet_that_carries_a_copy_is_not_silent(archive: Assistant) -> None:
    answer = archive.ask("ما قوة الهزة في وادي السدر؟")
    assert not {"صحيفة المرسى", "وكالة الضفة", "صوت الضفة"} & set(answer.coverage.silent)
    assert "The Lagoon Times" in answer.coverage.silent


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("كم سعر كيلو البندورة؟", "money"),
        ("How many days did the strike last?", "day"),
        ("كم كان عمرها؟", "year"),
        ("كم طنا من القمح وصل؟", "tonne"),
        ("كم عدد القوارب؟", None),
        ("من فاز بالسباق؟", None),
        ("How old is the keeper?", "year"),
        ("Where did the council move the old market?", None),
    ],
)
def test_the_unit_that_is_asked_for(question: str, unit: str | None) -> None:
    assert asked_unit(question) == unit


@pytest.mark.parametrize(
    ("unit", "sentence", "held"),
    [
        ("money", "بيع القارب بأربعة آلاف دينار.", True),
        ("money", "شارك في السباق أربعون قاربا.", False),
        ("day", "The strike lasted three weeks.", True),
        ("day", "The strike was joined by 300 drivers.", False),
        ("year", "She is 32 years old.", True),
    ],
)
def test_an_amount_is_offered_in_its_unit(unit: str, sentence: str, held: bool) -> None:
    assert offers("number", sentence, unit) is held
