"""Which clause of a quote is marked as the one that answers, and where none is."""

import pytest

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.search.clause import answering_clauses
from shawahid.assistant.search.question import read_question

REGATTA = "The regatta of Lagoon drew great crowds, and 38 boats took part in it, the first of them before dawn."


def marked(question: str, *quotes: str, disputing: tuple[int, ...] = ()) -> list[str]:
    """The clauses that are marked, "" where none is."""
    spans = answering_clauses(read_question(question), quotes, disputing)
    return [quote[span.start : span.end] if span else "" for quote, span in zip(quotes, spans, strict=True)]


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
