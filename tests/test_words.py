"""Folding, stems and 4-grams: what makes two spellings one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.words import fold, grams, question_terms, script, stem, terms, words


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("أُسرةُ", "اسره"),
        ("إلى الآن", "الي الان"),
        ("مبنى", "مبني"),
        ("مسـؤول", "مسوول"),
        ("رئيس", "رييس"),
        ("٢٠١٩ و۲۰۲۰", "2019 و2020"),
        ("ﻻ ﷲ", "لا الله"),
        ("Haftar", "haftar"),
        ("ل\u200fـ\u200cـه", "له"),
    ],
)
def test_fold_unifies_what_writers_vary(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("والمدينه", "مدين"),
        ("للقوات", "قوات"),
        ("بالمدن", "مدن"),
        ("مدن", "مدن"),
        ("واجتماعات", "اجتماع"),
        ("soldiers", "soldier"),
    ],
)
def test_stem(word: str, root: str) -> None:
    assert stem(word) == root


@given(st.text(max_size=200))
def test_terms_of_any_text_are_short_and_folded(text: str) -> None:
    for term in terms(text):
        assert 1 <= len(term) <= 4


def test_grams_cover_the_stem() -> None:
    assert grams("اجتماع") == ("اجتم", "جتما", "تماع")
    assert grams("سرت") == ("سرت",)


@pytest.mark.parametrize(
    ("careless", "careful"),
    [("اجتماع سرت الاول", "الاجتماع الأوّل بسرت"), ("القاهره", "القاهرة"), ("ابريل 2019", "أبريل ٢٠١٩")],
)
def test_careless_spelling_shares_terms(careless: str, careful: str) -> None:
    mine, theirs = set(terms(careless)), set(terms(careful))
    assert len(mine & theirs) >= 0.6 * len(mine)


def test_question_words_carry_no_weight() -> None:
    assert question_terms("متى كان اجتماع سرت؟") == terms("اجتماع سرت")
    assert question_terms("what is it?") == terms("what is it")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("قال Haftar إنه", "arabic"), ("He said نعم twice", "latin"), ("2019 …", "other"), ("", "other")],
)
def test_script(text: str, expected: str) -> None:
    assert script(text) == expected


def test_words_keep_order_and_drop_punctuation() -> None:
    assert words("قال: «نعم»، ثم ذهب.") == ["قال", "نعم", "ثم", "ذهب"]
