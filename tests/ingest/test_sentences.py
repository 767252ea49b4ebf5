"""Sentences and passages: nothing lost, nothing torn, nothing but the article's own words."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shawahid.ingest.files import furniture
from shawahid.ingest.files.furniture import find_furniture
from shawahid.ingest.text.passages import TARGET_TOKENS, own_segments, split_passages
from shawahid.ingest.text.sentences import sentence_spans
from shawahid.ingest.types import Span

TEXTS = st.text(alphabet=st.sampled_from('اب تجد. ؟!…«»“”"()\n،؛:ABc 12د'), max_size=400)


def count(text: str) -> int:
    return len(text) // 3 + 1


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("جاء الرئيس. ثم ذهب؟ نعم!", ["جاء الرئيس.", "ثم ذهب؟", "نعم!"]),
        ("قال د. محمد إن أ.د. أحمد جاء. ثم ذهب.", ["قال د. محمد إن أ.د. أحمد جاء.", "ثم ذهب."]),
        ("قال: «نحن هنا. لن نرحل.» وعاد.", ["قال: «نحن هنا. لن نرحل.»", "وعاد."]),
        ("He said: “We win. We do.” Then he left.", ["He said: “We win. We do.”", "Then he left."]),
        ("معركة سرت.. ماذا جرى؟", ["معركة سرت.. ماذا جرى؟"]),
        (
            "Dr. Smith paid 3.5 dirhams at 5 p.m. in Nawras. Why?",
            ["Dr. Smith paid 3.5 dirhams at 5 p.m. in Nawras.", "Why?"],
        ),
        ("عنوان بلا نقطة\nوفقرة.", ["عنوان بلا نقطة", "وفقرة."]),
        ("انتهى اللقاء.وعاد الوفد.", ["انتهى اللقاء.", "وعاد الوفد."]),
        (
            "1. البند الأول.\nقال م. خالد ود. سعاد نعم. وعادا.",
            ["1. البند الأول.", "قال م. خالد ود. سعاد نعم.", "وعادا."],
        ),
        (
            "They left at 5 p.m. The door of No. 5 shut in Dec. He said No. Nobody came.",
            ["They left at 5 p.m.", "The door of No. 5 shut in Dec.", "He said No.", "Nobody came."],
        ),
        ("", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(TEXTS)
def test_sentences_hold_everything_but_white_space(text: str) -> None:
    spans = sentence_spans(text)
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
    assert all(first.end <= second.start for first, second in pairwise(spans))


@given(TEXTS, st.integers(0, 300), st.integers(1, 60))
def test_passages_hold_the_own_words_and_no_furniture(text: str, start: int, length: int) -> None:
    furniture = [Span(start, min(start + length, len(text)))] if start < len(text) else []
    passages = split_passages(text, furniture, count)
    own = "".join(text[segment.start : segment.end] for segment in own_segments(text, furniture))
    held = "".join(text[passage.start : passage.end] for passage in passages)
    assert "".join(held.split()) == "".join(own.split())
    assert all(passage.end <= span.start or passage.start >= span.end for passage in passages for span in furniture)


@pytest.mark.parametrize(
    "text", ["كلمة " * 5_000, "ك" * 50_000, "جملة قصيرة هنا. " * 2_000], ids=["words", "one word", "sentences"]
)
def test_passages_fit_the_embedder(text: str) -> None:
    passages = split_passages(text, (), count)
    assert max(count(text[passage.start : passage.end]) for passage in passages) <= TARGET_TOKENS * 2


MARKED = [
    "اقرأ أيضاً: خبر آخر عن المدينة",
    "إقرأ أيضا",
    "Read also: Another story",
    "اعلان",
    "Advertisement",
    "WhatsApp",
    "شارك الخبر عبر واتساب فيسبوك تويتر",
    "12 comments",
    "التعليقات (47)",
    "مقالات ذات صلة",
    "العودة إلى الأعلى",
    "Share this story",
    "جميع الحقوق محفوظة © 2024",
    "// انتهى //",
    "Home > World > Africa",
    "3 min read",
    "تابعونا على فيسبوك",
    "المقال التالي",
    "الرئيسية > أخبار > عالم",
    "تابعوا قناتنا على واتساب",
    "للاشتراك في نشرتنا البريدية",
    "كن أول من يعلق",
    "1.2K shares",
    "Join our WhatsApp channel",
    "Get the latest news delivered to your inbox",
    "ALSO READ | Another story",
]
OWN = [
    "أعلن الرئيس عن اتفاق جديد.",
    "انضم خالد إلى الجيش الوطني عام 2014.",
    "شارك في الوقفة 300 شخص.",
    "مشاركة واسعة في الانتخابات",
    "Share prices fell on Monday.",
    "Home secretary resigns",
    "بحث الوزيران ملف الحدود",
    "انتهى",
    "قال إن الأخبار ذات صلة بالملف كاذبة.",
    "Comments by the minister angered traders.",
    "Search teams found two survivors.",
    "اشترك في الهجوم خمسون مقاتلا",
    "تابعنا الأحداث من ساحة البلدية منذ الصباح وحتى المساء.",
    "شاهدوا أيضا جثثا في الشارع.",
    "انضم إلى قناة الجزيرة عام 2005.",
    "حمل تطبيق القانون الجديد مخاطر عديدة على الصيادين.",
    "كل الحقوق محفوظة لأصحاب الأرض وفق القرار.",
    "Copyright law was amended by parliament on Sunday.",
    "Sign up numbers fell by half in March.",
    "Related: his brother Ahmed was arrested too.",
    "Get out now, residents were told.",
]


@pytest.mark.parametrize("line", MARKED)
def test_furniture_is_marked(line: str) -> None:
    text = f"جملة أولى من المقال.\n{line}\nجملة أخرى من المقال."
    assert [text[span.start : span.end] for span in find_furniture(text)] == [line]


@pytest.mark.parametrize("line", OWN)
def test_the_article_s_own_words_are_not_marked(line: str) -> None:
    assert find_furniture(f"جملة أولى من المقال.\n{line}\nجملة أخرى من المقال.") == ()


def test_headlines_below_a_related_header_are_marked_until_the_article_goes_on() -> None:
    text = (
        "جملة من المقال الطويل. " * 8
        + "\nاقرأ أيضاً\nكيف تختار سمكا\nخمس وصفات من المطبخ\n\nوعاد الوزير إلى مكتبه بعد ساعة."
    )
    (span,) = find_furniture(text)
    assert text[span.start : span.end] == "اقرأ أيضاً\nكيف تختار سمكا\nخمس وصفات من المطبخ"


def test_a_read_also_line_in_the_middle_takes_nothing_with_it() -> None:
    text = "مقدمة الخبر.\nاقرأ أيضا\nعنوان خبر آخر\nقال المدير إن الميناء سيغلق غدا\n" + "وتتمة الخبر هنا.\n" * 9
    assert [text[span.start : span.end] for span in find_furniture(text)] == ["اقرأ أيضا"]


def test_tags_at_the_end_are_marked_but_not_a_sentence_about_traits() -> None:
    (span,) = find_furniture(tagged := "انتهت المباراة بالتعادل. سمات النصر الهلال ديربي")
    assert tagged[span.start :] == "سمات النصر الهلال ديربي"
    assert find_furniture("وقال اللاعب كلمته. سمات اللاعب الناجح كثيرة في نظر المدرب") == ()


def test_the_patterns_are_written_as_folded_text_is() -> None:
    for pattern in furniture._WHOLE_LINES:
        assert not set(pattern) & set("أإآةىئؤ"), pattern
