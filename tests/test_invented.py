"""The invented articles for a reader to come: each row is as its README says."""

import gzip
import json
from typing import Any

from .conftest import REPOSITORY

FILE = REPOSITORY / "tests" / "reader" / "invented.jsonl.gz"


def rows() -> list[dict[str, Any]]:
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def test_every_answer_stands_in_its_article() -> None:
    for row in rows():
        for question in row["questions"]:
            assert all(answer in row["text"] for answer in question["a"]), (row["id"], question["q"])
            assert bool(question["a"]) != bool(question.get("near")), (row["id"], question["q"])


def test_every_claim_has_one_of_three_labels() -> None:
    for row in rows():
        for claim in row["claims"]:
            assert claim["label"] in {"supports", "denies", "open"}, (row["id"], claim["claim"])
            assert bool(claim["error"]) == (claim["label"] == "denies"), (row["id"], claim["claim"])


def test_the_readme_counts_them() -> None:
    told = (FILE.parent / "README.md").read_text(encoding="utf-8")
    articles = rows()
    questions = [question for row in articles for question in row["questions"]]
    claims = [claim for row in articles for claim in row["claims"]]
    assert len({row["id"] for row in articles}) == len(articles)
    counts = (len(articles), "invented articles"), (len(questions), "questions"), (len(claims), "claims")
    for count, what in counts:
        assert f"{count:,} {what}" in told
