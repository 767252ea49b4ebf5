"""The seed articles and their gold questions, where they stand beside this repository."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.evaluation.evaluate import evaluate_gold
from shawahid.assistant.types import Answer
from shawahid.ingest.check import check
from shawahid.ingest.indexes import view
from shawahid.ingest.pipeline import rebuild
from shawahid.ingest.publish import publish

from ..conftest import GOLD, SEEDS, needs_seeds
from ..doubles.chroma_server import chroma_server

pytestmark = needs_seeds


def rows(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (GOLD / name).read_text(encoding="utf-8").splitlines() if line.strip()]


def test_every_citation_of_every_gold_question_holds(seeds_folder: Path) -> None:
    with Assistant.open(seeds_folder) as assistant:
        assert check(assistant.library) == []
        for row in rows("questions.jsonl"):
            answer = assistant.ask(str(row["question"]), history=row["history"])  # type: ignore[arg-type]
            for citation in (*answer.citations, *answer.coverage.closest):
                data = (SEEDS / citation.source).read_bytes().removeprefix(b"\xef\xbb\xbf")
                text = data.decode()
                assert text[citation.start : citation.end] == citation.quote
                assert hashlib.sha256(data).hexdigest() == citation.sha256
                furniture = assistant.library.article(citation.article).furniture
                assert not any(citation.start < span.end and span.start < citation.end for span in furniture)


def test_furniture_is_marked_and_little_else(seeds_folder: Path) -> None:
    with Assistant.open(seeds_folder) as assistant:
        articles = {row.name: assistant.library.article(row.id) for row in assistant.library.articles()}
    extra = own = 0
    for name, article in articles.items():
        certain: set[int] = set()
        for row in rows("furniture.jsonl"):
            if row["article"] == name:
                certain |= set(range(int(str(row["start"])), int(str(row["end"]))))
        marked = {offset for span in article.furniture for offset in range(*span)}
        assert certain <= marked
        extra += len(marked - certain)
        own += len(article.text) - len(certain)
    assert extra <= 0.01 * own


def test_gold_questions_are_answered_the_same_through_a_server_and_from_a_snapshot(
    seeds_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "EXACT_LIMIT", 0)
    monkeypatch.setattr("shawahid.ingest.publish.EXACT_LIMIT", 0)
    with chroma_server(tmp_path / "chroma") as server:
        served = Path(shutil.copytree(seeds_folder, tmp_path / "served"))
        monkeypatch.setenv("SHAWAHID_CHROMA", server.address)
        with Assistant.open(served) as assistant:
            rebuild(assistant.library)
            through_server = answers(assistant)
            assert assistant.library.status().chroma == server.address
            publish(assistant.library, tmp_path / "published")
        monkeypatch.delenv("SHAWAHID_CHROMA")
    with Assistant.open(seeds_folder) as assistant:
        embedded = answers(assistant)
    with Assistant.open(tmp_path / "published") as assistant:
        assert embedded == through_server == answers(assistant)


def answers(assistant: Assistant) -> list[Answer]:
    return [
        assistant.ask(str(row["question"]), history=row["history"])  # type: ignore[arg-type]
        for row in rows("questions.jsonl")
    ]


def test_gold_questions_answered_rightly(seeds_folder: Path) -> None:
    with Assistant.open(seeds_folder) as assistant:
        evaluation = evaluate_gold(assistant, GOLD / "questions.jsonl")
    right = [row for row in evaluation.questions if row.answerable and row.right]
    abstained = [row for row in evaluation.questions if not row.answerable and row.right]
    assert len(right) == 16
    assert len(abstained) == 4
    assert (evaluation.citation["sentences"] or 0) <= 3
