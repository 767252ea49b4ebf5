"""The spine over the demo articles: citations that hold, filters, accounts, the honest lack of an answer."""

import dataclasses
import hashlib
import json
from pathlib import Path

import pytest

import shawahid
from shawahid.assistant.assistant import Assistant, OutletUnknown
from shawahid.assistant.attempt import attempt
from shawahid.assistant.types import Answer, Citation, Filters
from shawahid.ingest.errors import ArticleUnknown, LibraryDamaged, MetadataInvalid
from shawahid.ingest.indexes.view import words_folder
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest, remove
from shawahid.prompts import say

QUESTIONS = [
    "كم عدد الذين خرجوا إلى ساحة البلدية رفضا لنقل سوق السمك؟",
    "How much does a box of sardines cost?",
    "How many passengers can the ferry carry?",
    "ماذا قال صندوق تنمية السواحل عن الفندق؟",
    "متى تنظر المحكمة في دعوى نقابة الصيادين؟",
    "من فاز بكأس العالم عام 2022؟",
]


def hold(library: Library, citations: tuple[Citation, ...]) -> None:
    """Every citation is of the very words, in the text with the very hash, and of no furniture."""
    for citation in citations:
        article = library.article(citation.article)
        assert article.text[citation.start : citation.end] == citation.quote
        assert hashlib.sha256(article.text.encode()).hexdigest() == citation.sha256
        assert len(citation.quote.split()) <= 45
        assert not any(citation.start < span.end and span.start < citation.end for span in article.furniture)
        assert citation.source == article.name


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_answer_is_whole(demo: Assistant, question: str) -> None:
    answer = demo.ask(question)
    hold(demo.library, answer.citations)
    hold(demo.library, answer.coverage.closest)
    assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert len(answer.sentences) <= 4
    for sentence in answer.sentences:
        assert sentence.verdict == "supported"
        assert all(answer.citation(number).quote in sentence.text for number in sentence.citations)
    if answer.status == "answered":
        assert answer.sentences
        assert not answer.coverage.closest
        cited = sorted(number for account in answer.accounts for number in account.citations)
        assert cited == [citation.number for citation in answer.citations]
    else:
        assert [*answer.sentences, *answer.citations, *answer.accounts] == []
        assert answer.coverage.closest
    assert (answer.model, answer.prompt, answer.mode) == (None, None, "extractive")


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("كم عدد الذين خرجوا إلى ساحة البلدية رفضا لنقل سوق السمك؟", "1200"),
        ("How many passengers can the ferry carry?", "220 passengers"),
        ("ماذا قال صندوق تنمية السواحل عن الفندق؟", "نفى صندوق تنمية السواحل"),
        ("How much does a box of sardines cost?", "45 درهما"),
        ("متى تنظر المحكمة في دعوى نقابة الصيادين؟", "20 مايو"),
    ],
)
def test_the_demo_questions_are_answered(demo: Assistant, question: str, words: str) -> None:
    answer = demo.ask(question)
    assert answer.status == "answered"
    assert any(words in citation.quote for citation in answer.citations)


def test_a_number_that_no_article_gives_is_not_answered_by_the_topic(demo: Assistant) -> None:
    answer = demo.ask("How many people were hurt when the wind blew the roof off the town hall?")
    assert answer.status == "abstained"


@pytest.mark.parametrize(
    "question", ["من فاز بكأس العالم عام 2022؟", "What is the capital of Mongolia?", "ما سعر الذهب اليوم؟"]
)
def test_what_the_articles_do_not_say(demo: Assistant, question: str) -> None:
    answer = demo.ask(question)
    assert answer.status == "abstained"
    assert answer.frame == say("abstained", answer.language)
    assert answer.confidence < 0.4


def test_the_frame_is_in_the_question_s_language(demo: Assistant) -> None:
    assert demo.ask("متى شيد مبنى السوق القديم؟").language == "ar"
    english = demo.ask("When was the old market built?")
    assert english.language == "en"
    assert english.frame.isascii()


READINGS = (
    "shawahid.assistant.citations.speaker_of",
    "shawahid.assistant.citations.find_times",
    "shawahid.assistant.finish.namesakes",
    "shawahid.assistant.accounts.accounts.poles",
    "shawahid.assistant.accounts.claims._side",
    "shawahid.assistant.accounts.compare._counted",
    "shawahid.assistant.accounts.compare._same_statement",
)


@pytest.mark.parametrize("reading", READINGS)
def test_a_reading_that_crashes_costs_itself_and_not_the_answer(
    demo: Assistant, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, reading: str
) -> None:
    stated = "خرج نحو 1200 شخص إلى ساحة البلدية رفضا لنقل سوق السمك."  # only what is stated is weighed
    question = stated if reading.endswith("_side") else "هل احتج 1200 شخص على نقل سوق السمك؟"
    whole = demo.ask(question)

    def crash(*_: object) -> None:
        raise IndexError("an odd text")

    monkeypatch.setattr(reading, crash)
    answer = demo.ask(question)
    hold(demo.library, answer.citations)
    assert answer.status == whole.status == "answered"
    assert answer.citations[0].quote in {citation.quote for citation in whole.citations}
    assert "an answer goes without" in caplog.text
    assert "an odd text" in caplog.text


def test_a_damaged_library_is_never_passed_over() -> None:
    def damaged() -> None:
        raise LibraryDamaged(path="library", problem="a text has changed", remedy="-")

    with pytest.raises(LibraryDamaged):
        attempt("a text", damaged, None)


def test_a_filter_makes_no_answer_surer(demo: Assistant) -> None:
    question = "How many passengers can the ferry carry?"
    whole = demo.ask(question)
    chosen = demo.ask(question, filters=Filters(articles=(whole.citations[0].article,)))
    assert chosen.citations[0].quote == whole.citations[0].quote
    assert chosen.confidence <= whole.confidence


def test_filters(demo: Assistant) -> None:
    question = "كم شخصا احتج على نقل سوق السمك؟"
    agency = demo.ask(question, filters=demo.filters(outlets=["وكاله انباء الساحل (متخيله)"]))
    assert agency.coverage.outlets == ("وكالة أنباء الساحل (متخيَّلة)",)
    shown = {citation.outlet for citation in (*agency.citations, *agency.coverage.closest)}
    assert shown == {"وكالة أنباء الساحل (متخيَّلة)"}
    march = demo.ask(question, filters=demo.filters(since="2024-03", until="2024-03"))
    assert {c.date[:7] for c in (*march.citations, *march.coverage.closest) if c.date} == {"2024-03"}
    assert march.coverage.articles == 6
    one = demo.ask(question, filters=demo.filters(articles=["03-protest-sayyad.txt"]))
    assert one.coverage.articles == 1
    assert {c.source for c in one.citations} <= {"03-protest-sayyad.txt"}
    nothing = demo.ask(question, filters=demo.filters(since="2030"))
    assert (nothing.status, nothing.coverage.articles) == ("abstained", 0)
    assert nothing.notices == (say("nothing_to_search", "ar"),)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"outlets": ["No Such Paper"]}, OutletUnknown),
        ({"since": "last week"}, MetadataInvalid),
        ({"articles": ["no-such.txt"]}, ArticleUnknown),
    ],
)
def test_a_filter_that_cannot_be_taken(demo: Assistant, given: dict[str, list[str]], error: type[Exception]) -> None:
    with pytest.raises(error):
        demo.filters(**given)  # type: ignore[arg-type]


def test_accounts_side_by_side(demo: Assistant) -> None:
    answer = demo.ask("كم شخصا شارك في الاحتجاج على نقل سوق السمك؟")
    outlets = [account.outlet for account in answer.accounts]
    assert "صحيفة المرفأ (متخيَّلة)" in outlets
    assert None in outlets  # the fishermen's text names no outlet in its metadata: an account of its own
    quotes = " ".join(citation.quote for citation in answer.citations)
    assert "300" in quotes
    assert "1200" in quotes
    assert answer.frame == say("answered_accounts", "ar")


def test_the_first_ingested_of_equal_texts_is_cited_and_the_others_belong_to_its_account(tmp_path: Path) -> None:
    text = "افتتحت الجامعة المرصد الفلكي الجديد على تلة القمر يوم الأحد."
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    with Library.open(tmp_path / "library", create=True) as library:
        ingest(library, [tmp_path / "b.txt"])
        ingest(library, [tmp_path / "a.txt"])
        answer = Assistant(library).ask("متى افتتحت الجامعة المرصد الفلكي؟")
    (citation,) = answer.citations
    assert citation.source == "b.txt"
    (account,) = answer.accounts
    assert account.articles == (1, 2)


def test_a_question_while_vectors_are_missing_says_so(demo_copy: Path) -> None:
    with Assistant.open(demo_copy) as opened:
        with opened.library.view.database.writing() as db:
            db.execute("DELETE FROM embeddings WHERE passage_id > 5")
        answer = opened.ask("How many passengers can the ferry carry?")
        assert answer.coverage.embedded == 5
        assert answer.notices == (say("embedding", "en", embedded=5, passages=answer.coverage.passages),)
        hold(opened.library, (*answer.citations, *answer.coverage.closest))


def test_an_empty_library(demo_copy: Path) -> None:
    with Assistant.open(demo_copy) as opened:
        remove(opened.library, [row.id for row in opened.library.articles()])
        answer = opened.ask("سوق السمك؟")
        assert (answer.status, answer.coverage.articles, answer.coverage.closest) == ("abstained", 0, ())
        assert answer.notices == (say("no_articles", "ar"),)


def test_a_library_never_ingested_into(library: Library) -> None:
    answer = Assistant(library).ask("anything?")
    assert answer.notices == (say("no_articles", "en"),)


def test_a_failure_is_never_shown_as_nothing_found(demo_copy: Path) -> None:
    for path in words_folder(demo_copy, 1).iterdir():
        path.unlink()
    with Assistant.open(demo_copy) as opened, pytest.raises(LibraryDamaged):
        opened.ask("How many passengers can the ferry carry?")


def test_answers_are_the_same_from_run_to_run(demo: Assistant, demo_folder: Path) -> None:
    with Assistant.open(demo_folder) as other:
        for question in QUESTIONS:
            assert other.ask(question) == demo.ask(question)


FIELDS = {
    "answer": "question language status mode confidence frame sentences citations coverage accounts notices understood"
    " model prompt left_out comparisons claim as_of also_named plan more listed counted rounds cost schema_version",
    "sentence": "text verdict reason citations origin judge correction",
    "citation": "number article source title outlet date page quote start end sha256 url speaker corrections times"
    " marked_start marked_end",
    "coverage": "articles passages embedded outlets closest silent",
    "account": "outlet articles citations outlets",
}


def test_the_json_has_the_promised_names(demo: Assistant) -> None:
    answer = json.loads(json.dumps(demo.ask(QUESTIONS[0]).to_json()))
    assert set(answer) == set(FIELDS["answer"].split())
    assert set(answer["sentences"][0]) == set(FIELDS["sentence"].split())
    assert set(answer["citations"][0]) == set(FIELDS["citation"].split())
    assert set(answer["coverage"]) == set(FIELDS["coverage"].split())
    assert set(answer["accounts"][0]) == set(FIELDS["account"].split())


def test_answers_are_frozen(demo: Assistant) -> None:
    answer = demo.ask(QUESTIONS[0])
    with pytest.raises(dataclasses.FrozenInstanceError):
        answer.status = "abstained"  # type: ignore[misc]
    with pytest.raises(KeyError):
        answer.citation(99)


def test_the_public_names() -> None:
    assert shawahid.Assistant is Assistant
    assert shawahid.Answer is Answer
    with pytest.raises(AttributeError):
        _ = shawahid.nothing_of_the_kind
