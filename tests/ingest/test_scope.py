"""Filters over few and many articles, and libraries made by an older program."""

import sqlite3
from pathlib import Path

import pytest

from shawahid.assistant.assistant import Assistant
from shawahid.ingest.check import check
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest
from shawahid.ingest.store import catalogue
from shawahid.ingest.types import Filters

from ..conftest import DEMO, TO_FORMAT_2


def test_a_library_of_the_first_format_is_brought_up_to_date(demo_copy: Path) -> None:
    with sqlite3.connect(demo_copy / "library.sqlite") as db:
        db.executescript(
            f"{TO_FORMAT_2} DROP INDEX articles_outlet; DROP TABLE quotes;"
            " ALTER TABLE passages DROP COLUMN script; DELETE FROM meta WHERE key = 'analysis';"
            " UPDATE meta SET value = '1' WHERE key = 'format'"
        )
    db.close()
    with Assistant.open(demo_copy) as assistant:
        before = assistant.ask("How many passengers can the ferry carry?")
        assert before.coverage.embedded == 0
        assert before.notices
        report = ingest(assistant.library, [DEMO])
        assert len(report.unchanged) == before.coverage.articles
        after = assistant.ask("How many passengers can the ferry carry?")
        assert after.coverage.embedded == after.coverage.passages > 0
        assert "220 passengers" in after.citations[0].quote
        assert check(assistant.library) == []


@pytest.mark.parametrize("few", [0, 2_000])
def test_filters_restrict_both_lists_however_many_articles_pass(
    demo_copy: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(catalogue, "FEW", few)
    with Library.open(demo_copy) as opened:
        allowed = tuple(row.id for row in opened.articles())[::2]
        scope = opened.scope(Filters(articles=allowed))
        assert scope is not None
        assert (scope.texts is None) == (few == 0)
        texts = set(opened.articles_of_texts(range(100), Filters(articles=allowed)))
        question = "سوق السمك في النورس"
        every = {id_ for id_, p in opened.passages(range(200)).items() if p.text_id in texts}
        for depth in (2, 6, 200):
            by_words = opened.search_words(question, depth, scope)
            by_meaning = opened.search_meaning(opened.embedder.embed_question(question), depth, scope)
            assert set(by_words) <= every
            assert set(by_meaning) <= every
            assert len(by_meaning) == min(depth // (1 if few else 2), len(every))
        unfiltered = opened.search_words(question, 200)
        assert by_words == pytest.approx({id_: score for id_, score in unfiltered.items() if id_ in every}, rel=1e-3)
