"""Corrections: which article corrects which, in whichever order they come, and what an answer says of it."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import pytest

from ingest.check import check
from ingest.library import Library
from ingest.pipeline import ingest

from .correction_cases import LOOK_ALIKES, OTHERS, TRUE_LINKS, Piece

ARTICLES: dict[str, Piece] = {
    f"{name}.{place}": piece
    for name, case in {**TRUE_LINKS, **LOOK_ALIKES}.items()
    for place, piece in (("older", case.older), ("newer", case.newer))
} | OTHERS
# One column corrects two articles.
LINKS = {
    **{f"{name}.older": (f"{name}.newer", case.kind, case.says) for name, case in TRUE_LINKS.items() if case.kind},
    "en_column_second_item.older": ("en_column_of_corrections.newer", "correction", "it was 30"),
}


def write_articles(folder: Path, names: Iterable[str]) -> list[Path]:
    """One file an article, as their outlets' archives would hold them."""
    folder.mkdir(exist_ok=True)
    paths = []
    for name in names:
        piece = {field: value for field, value in asdict(ARTICLES[name]).items() if value is not None}
        path = folder / f"{name}.json"
        path.write_text(json.dumps(piece, ensure_ascii=False), encoding="utf-8")
        paths.append(path)
    return paths


def links_of(library: Library) -> dict[str, list[tuple[str, str, str]]]:
    """Each corrected article with what corrects it, how, and in which words."""
    names = {row.id: row.name.removesuffix(".json") for row in library.articles()}
    return {
        names[id_]: [(names[c.article.id], c.kind, c.article.text[c.span.start : c.span.end]) for c in corrections]
        for id_, corrections in library.corrections_of(list(names)).items()
    }


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list[tuple[str, str, str]]]]:
    """What was linked in each order of ingest."""
    found = {}
    names = list(ARTICLES)
    orders = {
        "older first": [
            [name for name in names if not name.endswith(".newer")],
            [n for n in names if n.endswith(".newer")],
        ],
        "newer first": [
            [name for name in names if name.endswith(".newer")],
            [n for n in names if not n.endswith(".newer")],
        ],
        "one by one": [[name] for name in reversed(names)],
    }
    for order, batches in orders.items():
        folder = tmp_path_factory.mktemp("ordered")
        with Library.open(folder / "library", create=True) as library:
            for batch in batches:
                report = ingest(library, write_articles(folder / "articles", batch))
                assert len(report.added) == len(batch)
            found[order] = links_of(library)
            assert check(library) == []
    return found


ORDERS = ["older first", "newer first", "one by one"]


def test_there_is_enough_of_each() -> None:
    assert sum(case.kind is not None for case in TRUE_LINKS.values()) >= 12
    assert len(LOOK_ALIKES) >= 12


@pytest.mark.parametrize("name", LINKS)
def test_what_corrects_an_article_is_linked_with_its_words(
    linked: dict[str, dict[str, list[tuple[str, str, str]]]], name: str
) -> None:
    by, kind, says = LINKS[name]
    for order in ORDERS:
        ((found, how, words),) = linked[order].get(name, [("nothing", "", "")])
        assert (found, how) == (by, kind), order
        assert says in words


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_what_only_sounds_like_a_correction_is_none(
    linked: dict[str, dict[str, list[tuple[str, str, str]]]], name: str
) -> None:
    for order in ORDERS:
        assert f"{name}.older" not in linked[order], order
        assert not [found for by in linked[order].values() for found in by if found[0] == f"{name}.newer"], order


@pytest.mark.parametrize("order", ORDERS)
def test_nothing_else_is_linked(linked: dict[str, dict[str, list[tuple[str, str, str]]]], order: str) -> None:
    assert set(linked[order]) == set(LINKS)
