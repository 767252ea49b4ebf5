"""What a question asks for in so many words is what is shown: a phrase, a unit, an answer to an interviewer, a figure
that one copy has otherwise; and the clause with it is marked."""

from collections.abc import Iterator

import pytest

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.search.answer_kind import asked_unit, offers
from shawahid.assistant.search.clause import answering_clauses
from shawahid.assistant.search.question import read_question

from ..conftest import archive_of

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
    rows = [{"title": title, "outlet": outlet, "text": text} for title, outlet, text in ARTICLES]
    with archive_of(tmp_path_factory.mktemp("understood"), rows) as opened:
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


# the clause that answers

REGATTA = "The regatta of Lagoon drew great crowds, and 38 boats took part in it, the first of them before dawn."


def marked(question: str, *quotes: str, disputing: tuple[int, ...] = ()) -> list[str]:
    """The clauses that are marked, "" where none is."""
    spans = answering_clauses(read_question(question), quotes, disputing)
    return [quote[span.start : span.end] if span else "" for quote, span in zip(quotes, spans, strict=True)]


def test_what_leans_on_an_earlier_question_marks_nothing() -> None:
    asked = "How many boats took part in the regatta?"
    follow_up = read_question("How many were they?", ["Who took part in the regatta of Lagoon?"])
    assert answering_clauses(read_question(asked), [REGATTA]) != [None]
    assert answering_clauses(follow_up, [REGATTA]) == [None]


@pytest.mark.parametrize(
    ("question", "quote", "clause"),
    [
        ("How many boats took part in the regatta?", REGATTA, "and 38 boats took part in it,"),
        (
            "كم قاربا شارك في سباق المرسى؟",
            "شارك 38 قاربا في سباق المرسى صباح الأحد، في أكبر سباق تشهده البلدة منذ عشر سنوات.",
            "شارك 38 قاربا في سباق المرسى صباح الأحد،",
        ),
        (
            "متى تفتح مكتبة المرسى أبوابها؟",
            "قالت أمينة مكتبة المرسى نهى سليم، إن المكتبة تفتح أبوابها في 12 نيسان المقبل، وإن الدخول إليها بلا مقابل.",
            "إن المكتبة تفتح أبوابها في 12 نيسان المقبل،",
        ),
    ],
)
def test_the_clause_with_what_is_asked_for_is_marked(question: str, quote: str, clause: str) -> None:
    assert marked(question, quote) == [clause]


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("Who won the regatta of Lagoon?", REGATTA),
        ("What does the museum of Lagoon cost, and when was it opened?", REGATTA),
        ("How many boats took part in the regatta, and when did it begin?", REGATTA),
        ("How many boats took part in the regatta?", "In the regatta 38 boats took part."),
        (
            "How many boats took part in the regatta?",
            "Of the 50 boats at the regatta, all but 12 took part in the race.",
        ),
        ("How many people live on Coral Island?", REGATTA),
        (
            "How many boats took part in the regatta?",
            "Hundreds of boats took part, the regatta's keeper said with pride.",
        ),
    ],
)
def test_nothing_is_marked_where_it_is_not_sure(question: str, quote: str) -> None:
    assert marked(question, quote) == [""]


def test_later_quotes_are_marked_where_they_say_or_dispute_the_same() -> None:
    question = "How many boats took part in the regatta?"
    others = (
        "By noon 38 boats of the regatta had taken part, the harbour master said.",
        "Some 41 boats took part in the regatta, the keeper of the pier said.",
    )
    assert marked(question, REGATTA, *others)[1:] == ["By noon 38 boats of the regatta had taken part,", ""]
    assert marked(question, REGATTA, *others, disputing=(0, 2))[2] == "Some 41 boats took part in the regatta,"
    assert marked(question, "Boats took part in the regatta.", *others) == ["", "", ""]


def test_an_answer_has_its_clause_marked(demo: Assistant) -> None:
    answer = demo.ask("كم عدد الذين خرجوا إلى ساحة البلدية رفضا لنقل سوق السمك؟")
    first, second = answer.citations[:2]
    for citation, number in ((first, "1200"), (second, "300")):
        assert citation.marked_start is not None
        assert citation.marked_end is not None
        clause = citation.quote[citation.marked_start - citation.start : citation.marked_end - citation.start]
        assert number in clause
        assert len(clause) < len(citation.quote) / 2
