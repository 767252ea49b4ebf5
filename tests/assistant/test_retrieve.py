"""Fusion, evidence and confidence: pure functions by table."""

import dataclasses

import pytest

from shawahid.assistant.excerpt import Excerpt
from shawahid.assistant.search.answer_kind import AnswerKind, asks_for, offers
from shawahid.assistant.search.choose import Margins, distinct
from shawahid.assistant.search.confidence import Signals, confidence, threshold
from shawahid.assistant.search.evidence import Evidence
from shawahid.assistant.search.question import read_question
from shawahid.assistant.search.retrieve import Hit, TermWeights, lift, score
from shawahid.ingest.types import Article, Metadata, Passage, Span


@pytest.mark.parametrize(
    ("words", "meaning", "order"),
    [
        # both lists agree
        ({1: 0.9, 2: 0.5, 3: 0.1}, {1: 0.9, 2: 0.8, 3: 0.7}, [1, 2, 3]),
        # words decide where meaning is undecided
        ({1: 0.9, 2: 0.0, 3: 0.0}, {1: 0.8, 2: 0.8, 3: 0.8}, [1]),
        # no word in common with anything: meaning alone decides
        ({1: 0.0, 2: 0.0, 3: 0.0}, {1: 0.7, 2: 0.9, 3: 0.8}, [2, 3, 1]),
        # a chance hit of one word does not outweigh meaning
        ({1: 0.0, 2: 0.0, 3: 0.1}, {1: 0.9, 2: 0.8, 3: 0.7}, [1, 2, 3]),
        # a name that is shared does, where meanings are near
        ({1: 0.0, 2: 0.5}, {1: 0.82, 2: 0.80}, [2, 1]),
        # not yet embedded: words stand in
        ({1: 0.9, 2: 0.1, 3: 0.1}, {2: 0.8, 3: 0.7}, [1, 2, 3]),
        ({1: 0.2, 2: 0.9}, {}, [2, 1]),
        ({}, {}, []),
    ],
)
def test_score(words: dict[int, float], meaning: dict[int, float], order: list[int]) -> None:
    scores = score(words, meaning)
    assert set(scores) == set(words)
    assert sorted(scores, key=lambda id_: -scores[id_])[: len(order)] == order


def test_zero_score_hits_earn_nothing() -> None:
    scores = score({1: 0.5, 2: 0.0, 3: 0.0}, {1: 0.8, 2: 0.8, 3: 0.8})
    assert scores[2] == scores[3] == 0.8 < scores[1]


@pytest.mark.parametrize(
    ("own", "foreign", "lifted"),
    [
        ([0.9, 0.8, 0.7], [0.8, 0.7, 0.6], 0.1),
        ([0.9, 0.8, 0.7, 0.1], [0.8, 0.7, 0.6], 0.1),  # as many of each are compared
        ([0.8, 0.7, 0.6], [0.9, 0.8, 0.7], 0.0),  # better already
        ([0.9, 0.8], [0.5, 0.4, 0.3], 0.0),  # too few to tell
        ([], [0.5, 0.4, 0.3], 0.0),
        ([0.9, 0.8, 0.7], [], 0.0),
    ],
)
def test_foreign_passages_are_raised_to_the_level_of_the_others(
    own: list[float], foreign: list[float], lifted: float
) -> None:
    scores = dict(enumerate([*own, *foreign]))
    assert lift(scores, set(range(len(own), len(scores)))) == pytest.approx(lifted)


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
def test_offers(kind: AnswerKind, sentence: str, held: bool) -> None:
    assert offers(kind, sentence) is held


def test_a_follow_up_is_asked_with_what_it_leans_on() -> None:
    history = ["ماذا جرى في لقاء سرت؟"]
    assert read_question("ومن رفضه؟", history).search == "ماذا جرى في لقاء سرت؟ ومن رفضه؟"
    alone = "ما المدن الأربع التي دخلتها قوات الجيش حول طرابلس؟"
    assert read_question(alone, history).search == alone
    assert read_question("ومن رفضه؟").search == "ومن رفضه؟"


def made(text: str, text_id: int, value: float, start: int = 0, meaning: float = 0.8) -> Evidence:
    passage = Passage(text_id, text_id, 0, 1_000, "arabic")
    whole = " " * start + text
    article = Article(text_id, text_id, "", "", whole, "", Metadata(), (), (), None, "", "")
    excerpt = Excerpt(article, Span(start, len(whole)))
    return Evidence(Hit(passage, 0.0, 0.0, meaning, meaning, False), excerpt, 0.0, meaning, value)


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


def signals(meaning: float, words: float, *, passages: float = 4.0, foreign: bool = False) -> Signals:
    return Signals(meaning, meaning, words, passages, foreign)


@pytest.mark.parametrize("foreign", [False, True])
def test_confidence_rises_with_meaning_and_words_and_falls_with_how_many_were_searched(foreign: bool) -> None:
    middling = confidence(signals(0.84, 2.0, foreign=foreign))
    assert confidence(signals(0.82, 2.0, foreign=foreign)) < middling < confidence(signals(0.86, 2.0, foreign=foreign))
    assert confidence(signals(0.84, 1.0, foreign=foreign)) < middling < confidence(signals(0.84, 3.0, foreign=foreign))
    assert middling > confidence(signals(0.84, 2.0, passages=9.0, foreign=foreign))


def test_confidence_of_plain_cases() -> None:
    assert confidence(signals(0.78, 0.5)) < 0.05 < threshold() < 0.95 < confidence(signals(0.90, 5.0))
    assert confidence(signals(0.72, 0.0, foreign=True)) < threshold() < confidence(signals(0.85, 0.0, foreign=True))


def test_a_number_asked_for_and_not_offered_is_no_answer() -> None:
    offered = signals(0.90, 4.0)
    assert confidence(dataclasses.replace(offered, offered=False)) < threshold() < confidence(offered)
