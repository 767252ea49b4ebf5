"""`shawahid eval` over natural questions, claims and sentences: figures that can be worked out by hand, the project's
own questions, and the same figures as the scorer that stands beside this repository."""

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.evaluation.natural import NaturalEvaluation, evaluate_natural
from shawahid.assistant.evaluation.natural_files import NaturalFile, read_natural
from shawahid.assistant.evaluation.questions import NaturalResult
from shawahid.ingest.errors import GoldFileInvalid

from ..conftest import GOLD, SHARED, Run, needs_seeds

HERE = Path(__file__).parent
TUNED, APART, FRESH = (HERE / f"{name}.jsonl" for name in ("questions", "questions-apart", "questions-fresh"))
NEWSPAPERS = SHARED / "bench" / "saudinews"
NATURAL = GOLD / "natural"
ANSWERED = "fact said summary list comparison cause when number crosslingual confusable person yesno followup".split()
DECLINED = ("nearmiss", "far")

FERRY = {"source": "09-ferry.txt", "quote": "can carry 220 passengers and 30 cars"}
FARE = {"source": "09-ferry.txt", "quote": "A single ticket will cost 15 dirhams."}
MARFA = {"source": "02-protest-marfa.md", "quote": "شارك نحو 300 شخص، صباح الجمعة"}
SAYYAD = {"source": "03-protest-sayyad.txt", "quote": "خرج أكثر من 1200 من الصيادين"}


def question(text: str, *vital: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": text,
        "corpus": "demo",
        "kind": "fact",
        "question": text,
        "history": [],
        "answerable": bool(vital),
        "nuggets": [{"vital": True, "what": "", "quotes": [one]} for one in vital],
        "wrong": [],
        **more,
    }


def ask(
    assistant: Assistant, folder: Path, rows: Iterable[dict[str, Any]], corpus: str | None = None
) -> NaturalEvaluation:
    return evaluate_natural(assistant, written(folder, rows), corpus=corpus)


def written(folder: Path, rows: Iterable[dict[str, Any]]) -> NaturalFile:
    path = folder / "rows.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    found = read_natural(path)
    assert found
    return found


def by_id(evaluation: NaturalEvaluation) -> dict[str, NaturalResult]:
    return {row.id: row for row in evaluation.rows if isinstance(row, NaturalResult)}


CARRIES = "How many passengers can the ferry carry?"


def test_questions(demo: Assistant, tmp_path: Path) -> None:
    rows = [
        question(CARRIES, FERRY, kind="number"),
        question("How many passengers and cars can the ferry carry?", FERRY, FARE, kind="number", wrong=[FERRY, FARE]),
        question("Can the ferry carry passengers, and how many?", FARE, wrong=[FERRY]),
        question("من فاز بكأس العالم عام 2022؟"),
    ]
    evaluation = ask(demo, tmp_path, rows)
    first, second, third, declined = by_id(evaluation).values()
    assert (first.vital, first.first, first.touching, first.wrong) == ((True,), True, 1, 0)
    assert (second.vital, second.nuggets, second.wrong) == ((True, False), (True, False), 0)
    assert (third.vital, third.wrong) == ((False,), 1)
    assert (declined.status, declined.shown) == ("abstained", 0)
    assert list(evaluation.figures) == ["number", "fact", "ALL"]
    number, every = evaluation.figures["number"], evaluation.figures["ALL"]
    assert (number["vital"], number["full"], number["first"]) == (0.75, 0.5, 1.0)
    assert (every["asked"], every["unanswerable"], every["declined"]) == (4, 1, 1.0)
    assert every["wrong"] == pytest.approx(1 / 3)


def test_words_from_an_article_that_is_not_listed_count_apart(demo: Assistant, tmp_path: Path) -> None:
    told = {"source": "no-such.txt", "quote": FERRY["quote"]}
    evaluation = ask(demo, tmp_path, [question(CARRIES, told, wrong=[FARE])])
    (row,) = by_id(evaluation).values()
    assert (row.vital, row.vital_any_source, evaluation.unlisted) == ((False,), (True,), 1)


def test_what_came_closest_to_a_declined_question(demo: Assistant, tmp_path: Path) -> None:
    asked = question("من فاز بكأس العالم عام 2022؟", FERRY)
    (row,) = by_id(ask(demo, tmp_path, [asked])).values()
    (closest, *_) = demo.ask(asked["question"]).coverage.closest
    asked["nuggets"][0]["quotes"] = [{"source": closest.source, "quote": closest.quote}]
    (found,) = by_id(ask(demo, tmp_path, [asked])).values()
    assert (row.closest, found.closest) == (False, True)


def test_history_and_today_are_passed_on(demo: Assistant, tmp_path: Path) -> None:
    follow = question("And how many cars?", FERRY, history=[CARRIES])
    alone = question("And how many trucks?", FERRY)
    decision = {"source": "01-council-decision.md", "quote": "نقل سوق السمك القديم من رصيف الميناء"}
    yesterday = question("What happened yesterday?", decision)
    file = written(tmp_path, [follow, alone, yesterday])
    rows = by_id(evaluate_natural(demo, file, today=date(2024, 3, 6)))
    assert [row.vital for row in rows.values()] == [(True,), (False,), (True,)]
    assert by_id(evaluate_natural(demo, file))["What happened yesterday?"].vital == (False,)


def placed(assistant: Assistant, words: dict[str, str]) -> dict[str, Any]:
    """The same words, named by where they stand."""
    article = assistant.library.find(words["source"])
    start = article.text.index(words["quote"])
    return {
        "source": words["source"],
        "start": start,
        "end": start + len(words["quote"]),
        "sha256": hashlib.sha256(article.text.encode()).hexdigest(),
    }


def test_words_named_by_where_they_stand(demo: Assistant, tmp_path: Path) -> None:
    rows = [question(CARRIES, FERRY), question("How many people protested?", MARFA, SAYYAD, wrong=[FARE])]
    moved = [question(CARRIES, placed(demo, FERRY))]
    moved += [
        question("How many people protested?", placed(demo, MARFA), placed(demo, SAYYAD), wrong=[placed(demo, FARE)])
    ]
    assert ask(demo, tmp_path, rows) == ask(demo, tmp_path, moved)


def test_an_article_of_another_text_is_named(demo: Assistant, tmp_path: Path) -> None:
    other = {**placed(demo, FERRY), "sha256": hashlib.sha256(b"another text").hexdigest()}
    for words in (other, {**FERRY, "quote": "can carry 2,000 passengers"}):
        with pytest.raises(GoldFileInvalid, match=r"09-ferry\.txt .* another text"):
            ask(demo, tmp_path, [question(CARRIES, words), question("What does a ticket cost?", FARE)])


def test_records_counted_from_0_or_from_1(demo: Assistant, tmp_path: Path) -> None:
    suit = {"source": "11-archive.jsonl#0", "quote": "The fishermen's union of Nawras filed suit on Monday"}
    court = {"source": "11-archive.jsonl#1", "quote": "أمرت المحكمة الإدارية في النورس بوقف نقل سوق السمك"}
    rows = [
        question("Who filed suit over the fish market of Nawras?", suit),
        question("بماذا أمرت المحكمة الإدارية؟", court),
    ]
    from_0 = ask(demo, tmp_path, rows)
    suit["source"], court["source"] = "11-archive.jsonl#1", "11-archive.jsonl#2"
    assert ask(demo, tmp_path, rows) == from_0
    assert [row.vital for row in by_id(from_0).values()] == [(True,), (True,)]
    court["source"] = "11-archive.jsonl#1"  # counted in both ways at once
    with pytest.raises(GoldFileInvalid, match=r"11-archive\.jsonl#"):
        ask(demo, tmp_path, rows)


def test_only_what_the_source_ends_with_must_agree(demo: Assistant, tmp_path: Path) -> None:
    words = {**FERRY, "source": "demo/09-ferry.txt"}
    assert by_id(ask(demo, tmp_path, [question(CARRIES, words)]))[CARRIES].vital == (True,)
    words["source"] = "9-ferry.txt"
    with pytest.raises(GoldFileInvalid, match="the library has no article of the corpus demo"):
        ask(demo, tmp_path, [question(CARRIES, words)])


def test_rows_of_another_corpus_are_left_out_and_counted(demo: Assistant, tmp_path: Path) -> None:
    elsewhere = {"source": "elsewhere.json#3", "quote": "words"}
    rows = [question(CARRIES, FERRY), question("What of elsewhere?", elsewhere, corpus="elsewhere")]
    assert ask(demo, tmp_path, rows).left_out == {"the library has no article of the corpus elsewhere": 1}
    assert ask(demo, tmp_path, rows, corpus="demo").left_out == {"of the corpus elsewhere": 1}
    with pytest.raises(GoldFileInvalid, match="no row is left"):
        ask(demo, tmp_path, rows, corpus="none")


def test_claims(demo: Assistant, tmp_path: Path) -> None:
    def claim(text: str, outcome: str, *evidence: tuple[dict[str, str], int]) -> dict[str, Any]:
        sided = [{**words, "side": side} for words, side in evidence]
        return {"id": text, "corpus": "demo", "claim": text, "outcome": outcome, "evidence": sided}

    rows = [
        claim("The ferry can carry 220 passengers", "supported", (FERRY, 1)),
        claim("The ferry can carry 500 passengers and 30 cars", "contradicted", (FERRY, -1)),
        claim("أكثر من 1200 من الصيادين خرجوا احتجاجا على نقل سوق السمك", "mixed", (SAYYAD, 1), (FARE, -1)),
        claim("The moon is made of cheese", "silent"),
        claim("The Zahra can carry 220 passengers and 30 cars.", "silent"),
    ]
    evaluation = ask(demo, tmp_path, rows)
    figures = evaluation.figures["ALL"]
    assert (figures["asked"], figures["right"], figures["falsely_supported"]) == (5, 0.8, 1)
    assert [figures[outcome] for outcome in ("supported", "contradicted", "mixed", "silent")] == [2, 1, 1, 1]
    assert figures["evidence"] == pytest.approx(2 / 3)  # the fare says nothing against the number of protesters
    assert evaluation.figures["silent"]["supported"] == 1


def test_sentences(demo: Assistant, tmp_path: Path) -> None:
    def sentence(text: str, holds: bool, *cited: str, kind: str = "near") -> dict[str, Any]:
        row = {"id": text, "corpus": "demo", "question": CARRIES, "sentence": text, "cited": cited}
        return {**row, "holds": holds, "kind": kind}

    rows = [
        # Not "supported": the director says so, and the sentence does not tell.
        sentence("The rebuilt ferry Zahra can carry 220 passengers.", True, FERRY["quote"]),
        sentence(
            "The Zahra can carry 220 passengers, and a single ticket will cost 15 dirhams.",
            True,
            FERRY["quote"],
            FARE["quote"],
        ),
        sentence("The rebuilt ferry Zahra can carry 500 passengers.", False, FERRY["quote"], kind="number"),
        sentence("Nobody has said so.", False, "words that no article has", kind="number"),
    ]
    evaluation = ask(demo, tmp_path, rows)
    assert evaluation.left_out == {"no article holds what is cited, of the corpus demo": 1}
    assert evaluation.figures["near"] == {
        "asked": 2, "right": 0.5, "true": 2, "true_supported": 1, "untrue": 0, "untrue_supported": 0,
    }  # fmt: skip
    assert evaluation.figures["number"]["right"] == 1.0
    assert evaluation.figures["ALL"]["asked"] == 3


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([{"id": "d", "draft": "A draft.", "sentences": []}], "drafts, which are not read yet"),
        ([question(CARRIES, FERRY), {"id": "x"}], "line 2 is not a question"),
        ([question(CARRIES, FERRY), question(CARRIES, answerable=True)], "line 2 .* vital"),
        (
            [{"id": "c", "corpus": "demo", "claim": "c", "outcome": "perhaps", "evidence": []}],
            "line 1 is not a claim, .*outcome",
        ),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, rows: list[dict[str, Any]], problem: str) -> None:
    with pytest.raises(GoldFileInvalid, match=problem):
        written(tmp_path, rows)


def test_the_command(shawahid: Run, demo_folder: Path, tmp_path: Path) -> None:
    elsewhere = {"source": "elsewhere.json#3", "quote": "words"}
    file = written(tmp_path, [question(CARRIES, FERRY), question("What?", elsewhere, corpus="elsewhere")]).path
    table = shawahid("--library", str(demo_folder), "eval", str(file), "--corpus", "demo").stdout
    assert "left out: 1 rows, of the corpus elsewhere" in table
    head, fact, every = [line.split() for line in table.splitlines()[1:]]
    assert dict(zip(head, every, strict=True)) | {"kind": "fact"} == dict(zip(head, fact, strict=True))
    assert dict(zip(head, every, strict=True))["vital"] == "1.00"
    given = json.loads(
        shawahid("--library", str(demo_folder), "eval", str(file), "--json", "--today", "2024-03-06").stdout
    )
    assert set(given) == {"figures", "left_out", "unlisted", "rows"}
    assert given["rows"][0]["vital"] == [True]


# The project's own questions


def own() -> dict[Path, list[dict[str, Any]]]:
    return {
        path: list(map(json.loads, path.read_text(encoding="utf-8").splitlines())) for path in (TUNED, APART, FRESH)
    }


def words_of(row: dict[str, Any]) -> list[dict[str, Any]]:
    return [*(words for nugget in row["nuggets"] for words in nugget["quotes"]), *row["wrong"]]


def test_our_rows_are_in_the_format(demo: Assistant) -> None:
    rows = [row for of_file in own().values() for row in of_file]
    assert len({row["id"] for row in rows}) == len(rows) == 206
    for row in rows:
        assert row["kind"] in (*ANSWERED, *DECLINED)
        assert row["corpus"] in ("demo", "saudinews")
        assert row["language"] in ("ar", "en")
        assert row["answerable"] == (row["kind"] in ANSWERED) == bool(row["nuggets"])
        assert bool(row["history"]) == (row["kind"] == "followup"), row["id"]
        for words in words_of(row):  # the newspapers' words stay with the newspapers
            named = {"quote"} if row["corpus"] == "demo" else {"start", "end", "sha256"}
            assert words.keys() - {"why"} == {"source", *named}, row["id"]


def test_whole_events_are_kept_apart() -> None:
    tuned = {row["event"] for row in own()[TUNED]}
    for path, rows in own().items():
        for row in rows:
            if path == FRESH:
                assert row["event"] not in tuned, row["id"]
                continue
            apart = int(hashlib.sha256(row["event"].encode()).hexdigest(), 16) % 3 == 2
            assert apart == (path == APART), row["id"]


def test_our_questions_over_the_demo(demo: Assistant) -> None:
    found = []
    for path in (TUNED, APART):
        file = read_natural(path)
        assert file
        evaluation = evaluate_natural(demo, file, corpus="demo")
        assert evaluation.unlisted == 0
        found.append(evaluation.figures["ALL"])
    asked = [figures["asked"] or 0 for figures in found]
    assert asked == [30, 14]
    vital = sum(count * (figures["vital"] or 0) for count, figures in zip(asked, found, strict=True)) / sum(asked)
    assert vital >= 0.6  # .67 when this was written
    assert all((figures["wrong"] or 0) <= 0.1 for figures in found)


@pytest.mark.skipif(not NEWSPAPERS.is_dir(), reason="the newspapers are not beside this repository")
def test_our_offsets_stand_in_the_newspapers() -> None:
    texts = {}
    for path in NEWSPAPERS.glob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                for number, record in enumerate(json.loads(archive.read(member).decode("utf-8-sig"))):
                    texts[f"{member}#{number}"] = record["content"]
    rows = [row for of_file in own().values() for row in of_file if row["corpus"] == "saudinews"]
    words = [one for row in rows for one in words_of(row)]
    assert len(words) > 800
    for one in words:
        text = texts[one["source"]]
        assert hashlib.sha256(text.encode()).hexdigest() == one["sha256"]
        assert 0 <= one["start"] < one["end"] <= len(text)


@needs_seeds
@pytest.mark.skipif(not NATURAL.is_dir(), reason="the natural questions are not beside this repository")
def test_the_same_figures_as_the_scorer(seeds_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "scored.json"
    subprocess.run(
        [sys.executable, NATURAL / "score.py", seeds_folder, NATURAL / "questions-public.jsonl", "--out", out],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=True,
        capture_output=True,
    )
    theirs = json.loads(out.read_text(encoding="utf-8"))
    file = read_natural(NATURAL / "questions-public.jsonl")
    assert file
    with Assistant.open(seeds_folder) as assistant:
        ours = evaluate_natural(assistant, file)
    assert ours.figures.keys() == theirs["table"].keys()
    called = {"vital_recall": "vital", "vital_recall_any_source": "any_source", "nugget_recall": "all"}
    called["wrong_cited"] = "wrong"
    for kind, figures in theirs["table"].items():
        for name, value in figures.items():
            mine = ours.figures[kind][called.get(name, name)]
            assert mine == pytest.approx(value) or (mine is None and value != value), f"{kind} {name}"
    rows = by_id(ours)
    for row in theirs["questions"]:
        assert (rows[row["id"]].status, rows[row["id"]].wrong) == (row["status"], row["wrong"]), row["id"]
