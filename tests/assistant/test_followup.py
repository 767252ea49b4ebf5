"""Which questions lean on the ones before, and that an answer to one keeps to their story."""

import pytest

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.search.followup import leans
from shawahid.assistant.search.question import read_question

LEANING = (
    "And when does it open?",
    "What did the harbour master answer them?",
    "How much did its tickets cost?",
    "The other one?",
    "وليش تأجل؟",
    "وكم كانت الخسائر؟",
    "طيب والمصابون؟",
    "مين كان معها وقت الحادث؟",
    "متى؟",
    "هل وافقت النقابة عليه؟",
    "وعن المدرسة شو قالت؟",
    "والتجار؟",
)
STANDING = (
    "Who is Salma Daoudi and why did she leave her post?",
    "floods in the delta",
    "When does the ferry to Coral Island sail?",
    "Did the ministry deny its own figures?",
    "سعر الذهب",
    "من هي سلمى الداوودي",
    "مين سلمى الداوودي",
    "وين لقوا السفينة الغارقة قبالة النورس؟",
    "وش قال وزير الزراعة عن أسعار الطماطم؟",
    "هل فيه عبارات بين النورس وجزيرة المرجان؟",
    "هل هناك خطة لإقامة فندق مكان سوق السمك؟",
    "Are there any plans to build a hotel by the fish market?",
    "هجوم السفارة",
    "وزير النقل الجديد",
)


@pytest.mark.parametrize("question", LEANING)
def test_what_points_to_an_earlier_question_leans_on_it(question: str) -> None:
    assert leans(question)


@pytest.mark.parametrize("question", STANDING)
def test_what_names_its_topic_stands_alone(question: str) -> None:
    assert not leans(question)


def test_a_new_topic_in_one_word_is_asked_alone(demo: Assistant) -> None:
    answer = demo.ask("السردين", history=["من هي سلمى الداوودي؟"])
    assert answer.understood is None
    assert "السردين" in answer.citations[0].quote


STORY = "هل هناك خطة لإقامة فندق مكان سوق السمك؟"


@pytest.mark.parametrize(
    ("question", "history", "joined", "understood"),
    [
        ("ومن نفاه؟", [STORY], None, f"ومن نفاه؟ ({STORY})"),
        ("ومن نفاه؟", [STORY], False, None),
        ("السردين", [STORY], None, None),
        ("السردين", [STORY], True, f"السردين ({STORY})"),
        ("السردين", [STORY, "ومن نفاه؟"], True, f"السردين ({STORY})"),
    ],
)
def test_a_reader_says_what_is_joined(
    question: str, history: list[str], joined: bool | None, understood: str | None
) -> None:
    read = read_question(question, history, joined=joined)
    assert read.understood == understood
    assert read.joined == (understood is not None)


@pytest.mark.parametrize("history", [[], ["السردين"], ["مرحبا", "شكرا"]])
def test_a_question_is_not_joined_to_itself_or_to_a_greeting(history: list[str]) -> None:
    read = read_question("السردين", history, joined=True)
    assert (read.understood, read.joined) == (None, None)


def test_the_plan_keeps_what_the_reader_decided(demo: Assistant) -> None:
    answer = demo.ask("السردين", history=[STORY], joined=True, unconstrained=["time"])
    assert answer.plan
    assert (answer.plan.joined, answer.plan.unconstrained) == (True, ("time",))
    assert answer.understood == f"السردين ({STORY})"
    alone = demo.ask("السردين").plan
    assert alone
    assert (alone.joined, alone.unconstrained) == (None, ())


def test_a_follow_up_keeps_to_the_story(demo: Assistant) -> None:
    answer = demo.ask("وكم راكبا تحمل؟", history=["متى تعود العبارة بين النورس وجزيرة المرجان؟"])
    assert answer.understood
    assert answer.citations[0].source == "09-ferry.txt"
