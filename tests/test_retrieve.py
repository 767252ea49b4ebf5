"""Fusion, evidence and confidence: pure functions by table."""

import dataclasses

import pytest

from assistant.evidence import (
    LONGEST_QUOTE,
    Evidence,
    Margins,
    Signals,
    TermWeights,
    confidence,
    distinct,
    quotable_parts,
    threshold,
)
from assistant.question import asks_for, offers, read_question
from assistant.retrieve import Found, fuse
from ingest.types import Passage, Span


@pytest.mark.parametrize(
    ("words", "meaning", "foreign", "order"),
    [
        # both lists agree
        ({1: 9.0, 2: 5.0, 3: 1.0}, {1: 0.9, 2: 0.8, 3: 0.7}, (), [1, 2, 3]),
        # words found, meaning undecided
        ({1: 9.0}, {1: 0.8, 2: 0.8, 3: 0.8}, (), [1]),
        # no word in common with anything: meaning alone decides
        ({}, {1: 0.7, 2: 0.9, 3: 0.8}, (), [2, 3, 1]),
        # not yet embedded: words stand in
        ({1: 9.0, 2: 1.0, 3: 1.0}, {2: 0.8, 3: 0.7}, (), [1, 2, 3]),
        # across languages a chance hit of words earns nothing
        ({3: 9.0}, {1: 0.9, 2: 0.8, 3: 0.7}, (1, 2, 3), [1, 2, 3]),
        # a foreign passage is not pushed back by having no words
        ({2: 5.0, 3: 5.0}, {1: 0.95, 2: 0.80, 3: 0.79}, (1,), [1, 2, 3]),
        ({}, {}, (), []),
    ],
)
def test_fuse(words: dict[int, float], meaning: dict[int, float], foreign: tuple[int, ...], order: list[int]) -> None:
    scores = fuse(words, meaning, foreign)
    assert set(scores) == {*words, *meaning}
    assert sorted(scores, key=lambda id_: -scores[id_])[: len(order)] == order


def test_zero_score_hits_earn_nothing() -> None:
    scores = fuse({1: 5.0}, {1: 0.8, 2: 0.8, 3: 0.8}, ())
    assert scores[2] == scores[3] < scores[1]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("كم جنديا قتل؟", "number"),
        ("وكم عدد المحلات؟", "number"),
        ("How many stalls are there?", "number"),
        ("متى بدأ الهجوم؟", "time"),
        ("في أي عام شيد المبنى؟", "time"),
        ("When did the service stop?", "time"),
        ("أين يقع السوق؟", "place"),
        ("من أين جاء الوفد؟", "place"),
        ("من التقى حفتر في القاهرة؟", "person"),
        ("ومن رفضه؟", "person"),
        ("Who heads the union?", "person"),
        ("صف اللقاء", ""),
        ("كمال من هو؟", ""),
    ],
)
def test_asks_for(question: str, kind: str) -> None:
    assert asks_for(question) == kind


@pytest.mark.parametrize(
    ("kind", "sentence", "held"),
    [
        ("number", "شارك ٣٠٠ شخص", True),
        ("number", "بأغلبية تسعة أصوات", True),
        ("number", "at least a dozen", True),
        ("number", "three in the morning", True),
        ("number", "شارك كثيرون", False),
        ("time", "في 4 أبريل", True),
        ("time", "مساء الاثنين", True),
        ("time", "قرب الميناء", False),
        ("person", "قرب الميناء", True),
    ],
)
def test_offers(kind: str, sentence: str, held: bool) -> None:
    assert offers(kind, sentence) is held


def test_a_follow_up_is_asked_with_what_it_leans_on() -> None:
    history = ["ماذا جرى في لقاء سرت؟"]
    assert read_question("ومن رفضه؟", history).search == "ماذا جرى في لقاء سرت؟ ومن رفضه؟"
    alone = "ما المدن الأربع التي دخلتها قوات الجيش حول طرابلس؟"
    assert read_question(alone, history).search == alone
    assert read_question("ومن رفضه؟").search == "ومن رفضه؟"


LONG = "قال الوزير إن الخطة ماضية، " * 20 + "وانتهى."


@pytest.mark.parametrize("text", [LONG, "كلمة " * 120 + "أخيرة", "قصيرة.", "a, b " * 80])
def test_quotable_parts_fit_and_cover(text: str) -> None:
    parts = quotable_parts(text, Span(0, len(text)))
    assert all(0 < len(text[part.start : part.end].split()) <= LONGEST_QUOTE for part in parts)
    covered = {offset for part in parts for offset in range(part.start, part.end)}
    assert all(text[offset].isspace() for offset in set(range(len(text))) - covered)
    assert all(text[part.start : part.end] == text[part.start : part.end].strip() for part in parts)


def made(text: str, text_id: int, score: float, start: int = 0, meaning: float = 0.8) -> Evidence:
    span = Span(start, start + len(text))
    passage = Passage(text_id, text_id, 0, 1_000)
    return Evidence(Found(passage, text, 0.0, 0.0, meaning, False), span, span, text, 0.0, meaning, score)


MARGINS = Margins(meaning=0.03, score=1.0)


def test_a_second_article_is_heard_before_the_first_is_heard_twice() -> None:
    items = [
        made("الأول يقول هذا الكلام", 1, 9.0),
        made("ثم يضيف شيئا آخر", 1, 8.9, start=100),
        made("وثالثا رأي مختلف", 1, 8.8, start=200),
        made("والثاني ينفي ذلك كله", 2, 7.0),
    ]
    assert [item.found.passage.text_id for item in distinct(items, 3, MARGINS)] == [1, 1, 2]


def test_what_repeats_or_overlaps_is_told_once() -> None:
    items = [
        made("قرر المجلس نقل السوق القديم", 1, 9.0),
        made("قرر المجلس نقل السوق القديم أمس", 1, 8.9, start=100),
        made("نقل السوق القديم وأكثر من ذلك", 1, 8.8, start=10),
    ]
    assert len(distinct(items, 3, MARGINS)) == 1


def test_what_stands_far_below_the_best_is_left_out() -> None:
    items = [made("الجواب الصحيح هنا تماما", 1, 9.0), made("كلام بعيد عن السؤال", 2, 5.0, meaning=0.7)]
    assert len(distinct(items, 3, MARGINS)) == 1
    assert distinct([], 3, MARGINS) == []


def test_share_weighs_rare_terms_more() -> None:
    weights = TermWeights({"اجتم": 1.0, "سرت": 5.0})
    assert weights.share("اجتماع") == pytest.approx(1 / 6)
    assert weights.share("مدينة سرت") == pytest.approx(5 / 6)
    assert TermWeights({}).share("سرت") == 0.0


def test_confidence_rises_with_every_signal() -> None:
    low = Signals(0.78, 0.1, 0.78, 0.1, foreign=False)
    high = Signals(0.90, 0.9, 0.89, 0.9, foreign=False)
    assert confidence(low) < 0.05 < threshold() < 0.95 < confidence(high)
    assert confidence(Signals(0.70, 0.0, 0.70, 0.0, foreign=True)) < threshold()
    assert confidence(Signals(0.85, 0.0, 0.85, 0.0, foreign=True)) > threshold()


def test_a_number_asked_for_and_not_offered_is_no_answer() -> None:
    offered = Signals(0.90, 0.9, 0.89, 0.9, foreign=False, offered=True)
    assert confidence(dataclasses.replace(offered, offered=False)) < threshold() < confidence(offered)
