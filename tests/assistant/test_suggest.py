"""Suggested questions: made from the articles, answered by them, in the right language, each of something else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.suggest.suggest import suggest_questions
from shawahid.assistant.types import Language
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest
from shawahid.ingest.text.words import script

from ..conftest import Write, needs_seeds

LANGUAGES: tuple[Language, ...] = ("ar", "en")


@pytest.fixture
def seeds(seeds_folder: Path) -> Iterator[Assistant]:
    with Assistant.open(seeds_folder) as assistant:
        yield assistant


def scripts(questions: tuple[str, ...]) -> set[str]:
    return {script(word) for question in questions for word in question.split()} - {"other"}


def assert_answered(assistant: Assistant, questions: tuple[str, ...]) -> None:
    assert len(set(questions)) == len(questions) >= 3
    answers = [assistant.ask(question) for question in questions]
    assert all(answer.status == "answered" for answer in answers)
    assert len({answer.citations[0].article for answer in answers}) == len(questions)


@pytest.mark.parametrize(("language", "letters"), [("ar", "arabic"), ("en", "latin")])
def test_they_are_answered_and_in_the_language_of_the_page(demo: Assistant, language: Language, letters: str) -> None:
    questions = suggest_questions(demo, language)
    assert_answered(demo, questions)
    assert scripts(questions) == {letters}
    assert all(question.endswith("؟" if language == "ar" else "?") for question in questions)


def test_the_first_shows_several_accounts_where_several_outlets_tell_of_one_thing(demo: Assistant) -> None:
    assert len(demo.ask(suggest_questions(demo, "ar")[0]).accounts) > 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_library_gives_the_same_and_no_more_than_asked_for(demo: Assistant, language: Language) -> None:
    questions = suggest_questions(demo, language)
    assert suggest_questions(demo, language) == questions
    assert len(suggest_questions(demo, language, count=1)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_library_suggests_nothing(library: Library, language: Language) -> None:
    assert suggest_questions(Assistant(library), language) == ()


@needs_seeds
@pytest.mark.parametrize("language", LANGUAGES)
def test_without_articles_in_the_language_of_the_page_they_are_in_that_of_the_articles(
    seeds: Assistant, language: Language
) -> None:
    questions = suggest_questions(seeds, language)
    assert_answered(seeds, questions)
    assert scripts(questions) == {"arabic"}
    assert any(len(seeds.ask(question).accounts) > 1 for question in questions)


# A sentence, and what may be asked of it; None where no question would stand by itself.
SENTENCES = [
    ("وقالت مديرة المدرسة ليلى المنصوري إن الدراسة ستبدأ باكرا هذه السنة.", "ماذا قالت مديرة المدرسة ليلى المنصوري؟"),
    ("وأوضح الدكتور سالم الهاشمي، لوكالة الواحة، أن اللقاح متوفر في المراكز.", "ماذا قال الدكتور سالم الهاشمي؟"),
    ("شارك أكثر من 400 متطوع، صباح السبت، في تنظيف شاطئ الياسمين.", "كم متطوعا شارك في تنظيف شاطئ الياسمين؟"),
    ("قتل 15 شخصا في انهيار الجسر المعدني القديم.", "كم شخصا قتل في انهيار الجسر المعدني القديم؟"),
    ("وبلغ عدد زوار المتحف البحري نحو 3000 في أسبوعه الأول.", "كم بلغ عدد زوار المتحف البحري؟"),
    ("وأغلقت البلدية الأسبوع الماضي جسر الواحة القديم بسبب تشقق أعمدته.", "لماذا أغلقت البلدية جسر الواحة القديم؟"),
    ("تبدأ أعمال ترميم القلعة القديمة في أغسطس.", "متى تبدأ أعمال ترميم القلعة القديمة؟"),
    ("وقال مصدر مطلع إن الاجتماع تأجل إلى موعد آخر.", None),
    ("وبلغ عددهم في نهاية الأسبوع نحو 300 من العمال.", None),
    ("Work on the old lighthouse has stopped, engineer Dana Whitlock said.", "What did Dana Whitlock say?"),
    ("About 300 volunteers cleaned the beach at Jasmine Bay.", "How many volunteers cleaned the beach at Jasmine Bay?"),
    ("The coastal museum will open again on 4 June.", "When will the coastal museum open again?"),
    (
        "The bridge at Jasmine Bay was closed because two columns had cracked.",
        "Why was the bridge at Jasmine Bay closed?",
    ),
    ("The new lighthouse will cost 3 million dollars.", "How much will the new lighthouse cost?"),
    ("It will open its doors on 4 June, the owners said.", None),
]


@pytest.mark.parametrize(("sentence", "question"), SENTENCES)
def test_what_is_made_of_a_sentence(library: Library, write: Write, sentence: str, question: str | None) -> None:
    ingest(library, [write("article.txt", sentence)])
    language: Language = "ar" if script(sentence) == "arabic" else "en"
    assert suggest_questions(Assistant(library), language) == ((question,) if question else ())


def test_a_copy_is_suggested_from_as_its_original_is_cited(library: Library, write: Write) -> None:
    text = "The coastal museum will open again on 4 June."
    ingest(library, [write("first.txt", text)])
    ingest(library, [write("second.md", f"---\ndate: 2024-05-01\n---\n{text}")])
    assert suggest_questions(Assistant(library), "en") == ("When will the coastal museum open again?",)
