"""`shawahid eval`: figures that can be worked out by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.evaluation.evaluate import area_under_curve, evaluate_gold, evaluate_squad
from shawahid.ingest.errors import GoldFileInvalid

from ..conftest import Run

GOLD: list[dict[str, Any]] = [
    {
        "id": "ferry",
        "question": "How many passengers can the ferry carry?",
        "answerable": True,
        "gold": [{"article": "09-ferry.txt", "quotes": ["can carry 220 passengers and 30 cars"]}],
        "answer_any": ["220"],
    },
    {
        "id": "wrong answer",
        "question": "How many passengers can the ferry carry?",
        "answerable": True,
        "gold": [{"article": "09-ferry.txt", "quotes": ["can carry 220 passengers and 30 cars"]}],
        "answer_any": ["999"],
    },
    {
        "id": "both",
        "question": "كم شخصا شارك في الاحتجاج على نقل سوق السمك؟",
        "answerable": True,
        "must_cite_all": True,
        "gold": [
            {"article": "02-protest-marfa.md", "quotes": ["شارك نحو 300 شخص"]},
            {"article": "03-protest-sayyad.txt", "quotes": ["خرج أكثر من 1200 من الصيادين"]},
        ],
    },
    {"id": "unanswerable", "question": "من فاز بكأس العالم عام 2022؟", "answerable": False},
    {
        "id": "may abstain",
        "question": "من فاز بكأس العالم عام 2022؟",
        "answerable": True,
        "may_abstain": True,
        "gold": [{"article": "09-ferry.txt", "quotes": ["Nobody was hurt."]}],
    },
]


@pytest.fixture
def gold_file(tmp_path: Path) -> Path:
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in GOLD), encoding="utf-8")
    return path


def test_gold_questions(demo: Assistant, gold_file: Path) -> None:
    evaluation = evaluate_gold(demo, gold_file)
    right = {row.id: row.right for row in evaluation.questions}
    assert right == {"ferry": True, "wrong answer": False, "both": True, "unanswerable": True, "may abstain": True}
    assert evaluation.abstention["abstained"] == 1.0
    assert evaluation.abstention["answered_wrongly"] == 0.0
    assert evaluation.citation["right"] == 0.75
    row = evaluation.questions[0]
    assert (row.rank, row.first, row.status) == (1, True, "answered")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "line 1"),
        ('{"id": 1}', "line 1"),
        (json.dumps({**GOLD[0], "gold": [{"article": "no.txt", "quotes": ["x"]}]}), "lacks the articles no.txt"),
        (
            json.dumps({**GOLD[0], "gold": [{"article": "09-ferry.txt", "quotes": ["no such words"]}]}),
            "not in the article",
        ),
    ],
)
def test_gold_files_that_cannot_be_used(demo: Assistant, tmp_path: Path, line: str, problem: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(GoldFileInvalid, match=problem):
        evaluate_gold(demo, path)


def squad(texts: list[tuple[str, str, list[tuple[str, str, str]]]]) -> str:
    """SQuAD JSON of (title, paragraph, [(id, question, answer)])."""
    data = [
        {
            "title": title,
            "paragraphs": [
                {
                    "context": context,
                    "qas": [
                        {"id": id_, "question": q, "answers": [{"text": a, "answer_start": 0}]} for id_, q, a in qas
                    ],
                }
            ],
        }
        for title, context, qas in texts
    ]
    return json.dumps({"version": "1.1", "data": data}, ensure_ascii=False)


ARABIC = [
    (
        "العبارة",
        "تحمل العبارة الزهرة 220 راكبا وثلاثين سيارة إلى جزيرة المرجان.",
        [("a", "كم راكبا تحمل العبارة الزهرة؟", "220")],
    ),
    ("السردين", "بدأ موسم صيد السردين قبل موعده بثلاثة أسابيع.", [("b", "متى بدأ موسم صيد السردين؟", "قبل موعده")]),
    (
        "السوق",
        "شيد مبنى السوق القديم في النورس عام 1961.",
        [("c", "متى شيد مبنى السوق القديم؟", "1961"), ("d", "سؤال", "ليس فيه")],
    ),
]
ENGLISH = [
    (
        "Ferry",
        "The ferry Zahra carries 220 passengers to Coral Island.",
        [("a", "How many passengers does the ferry Zahra carry?", "220")],
    ),
    (
        "Sardines",
        "The sardine season began three weeks early.",
        [("b", "When did the sardine season begin?", "three weeks early")],
    ),
]


@pytest.fixture
def squad_files(tmp_path: Path) -> tuple[Path, Path]:
    arabic, english = tmp_path / "ar.json", tmp_path / "en.json"
    arabic.write_text(squad(ARABIC), encoding="utf-8")
    english.write_text(squad(ENGLISH), encoding="utf-8")
    return arabic, english


def test_squad_over_its_own_paragraphs(squad_files: tuple[Path, Path]) -> None:
    evaluation = evaluate_squad(squad_files[0])
    assert [row.id for row in evaluation.questions] == ["a", "b", "c"]  # the answer to d is not in its paragraph
    assert evaluation.retrieval == {"hit@1": 1.0, "hit@5": 1.0, "mrr@10": 1.0, "ndcg@10": 1.0}
    assert evaluation.abstention["auroc"] is None


def test_squad_with_another_file_s_questions_and_paragraphs(squad_files: tuple[Path, Path]) -> None:
    arabic, english = squad_files
    crossed = evaluate_squad(arabic, questions=english)
    assert [row.question for row in crossed.questions] == [qas[0][1] for _, _, qas in ENGLISH]
    assert crossed.retrieval["hit@1"] == 1.0
    pooled = evaluate_squad(arabic, pool=english)
    assert pooled.retrieval["hit@1"] == 1.0  # the first of the two language versions counts


def test_squad_held_out(squad_files: tuple[Path, Path]) -> None:
    titles = evaluate_squad(squad_files[0], hold_out="titles")
    assert {row.id: row.answerable for row in titles.questions} == {"a": True, "b": False, "c": True}
    own = evaluate_squad(squad_files[0], hold_out="own")
    assert [(row.id, row.answerable) for row in own.questions[:2]] == [("a", True), ("a without", False)]
    assert own.abstention["auroc"] == 1.0
    without = next(row for row in own.questions if row.id == "a without")
    assert without.rank is None


def test_area_under_curve() -> None:
    assert area_under_curve([1.0], [0.0]) == 1.0
    assert area_under_curve([0.5], [0.5]) == 0.5
    assert area_under_curve([], [0.5]) is None


def test_the_command(shawahid: Run, demo_folder: Path, gold_file: Path, squad_files: tuple[Path, Path]) -> None:
    table = shawahid("--library", str(demo_folder), "eval", str(gold_file)).stdout
    assert "answerable   3 of 4 right" in table
    assert "not right: wrong answer" in table
    figures = json.loads(shawahid("eval", str(squad_files[0]), "--json").stdout)
    assert set(figures) == {"retrieval", "citation", "abstention", "composition", "questions"}
    assert set(figures["retrieval"]) == {"hit@1", "hit@5", "mrr@10", "ndcg@10"}
    assert {"right", "first", "shown", "precision", "sentences"} <= set(figures["citation"])
    assert {"auroc", "abstained", "answered_wrongly"} <= set(figures["abstention"])
    assert "cannot be used" in shawahid("eval", "no-such-file.jsonl", check=1).stderr
