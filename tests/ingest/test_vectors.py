"""The Chroma generations against the exact search they stand for."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from shawahid.ingest.embedders.base import Vectors
from shawahid.ingest.indexes import view
from shawahid.ingest.indexes.vectors import (
    Generation,
    build_generation,
    check_generation,
    exact_search,
    generation_hashes,
)
from shawahid.ingest.indexes.view import generation_folder, read_generation
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest, remove
from shawahid.ingest.store import embeddings
from shawahid.ingest.store.embeddings import Ids, pack, unpack

from ..conftest import DEMO


def made(count: int, seed: int = 0) -> tuple[Ids, Vectors]:
    """Made vectors of length 1."""
    values = np.random.default_rng(seed).standard_normal((count, 64)).astype(np.float32)
    return np.arange(1, count + 1), values / np.linalg.norm(values, axis=1, keepdims=True)


def test_exact_search_ranks_by_cosine() -> None:
    ids, values = made(50)
    question = values[7:8]
    found = exact_search(question, ids, values, 5)
    assert next(iter(found)) == 8
    assert list(found.values()) == sorted(found.values(), reverse=True)
    assert len(exact_search(question, ids, values, 500)) == 50
    assert exact_search(question, ids[:0], values[:0], 5) == {}


def test_half_floats_keep_the_cosine() -> None:
    _, values = made(100)
    assert np.abs((unpack([pack(value) for value in values]) * values).sum(axis=1) - 1).max() < 0.001


def test_a_generation_finds_what_the_exact_search_finds(tmp_path: Path) -> None:
    ids, values = made(3_000)
    assert build_generation(tmp_path / "1", [(ids[:2_000], values[:2_000]), (ids[2_000:], values[2_000:])]) == 3_000
    generation = Generation(tmp_path / "1")
    try:
        shared = 0
        for question in made(50, seed=1)[1]:
            exact = exact_search(question[None], ids, values, 10)
            found = generation.search(question[None], 10)
            shared += len(exact.keys() & found.keys())
            assert all(abs(found[id_] - exact[id_]) < 0.001 for id_ in exact.keys() & found.keys())
        assert shared >= 0.9 * 500
        assert sorted(generation.ids()) == ids.tolist()
    finally:
        generation.close()


def test_a_missing_generation_is_not_made_by_looking(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Generation(tmp_path / "none")
    assert not (tmp_path / "none").exists()


@pytest.fixture
def through_chroma(demo_copy: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    """The demo library, searched through its generation as a large one is."""
    monkeypatch.setattr(view, "EXACT_LIMIT", 0)
    with Library.open(demo_copy) as opened:
        yield opened


def nearest(opened: Library, question: str) -> dict[int, float]:
    return opened.search_meaning(opened.embedder.embed_question(question), 5)


def exactly(opened: Library, question: str) -> dict[int, float]:
    with opened.view.database.reading() as db:
        return exact_search(opened.embedder.embed_question(question), *embeddings.embeddings_after(db, 0), 5)


def agree(first: dict[int, float], second: dict[int, float]) -> bool:
    """Whether two lists are the same but for rounding: near ties may stand in either order, or be cut off."""
    tolerance, fifth, last = 0.002, sorted(second.values())[-5], min(second.values())
    same = all(abs(first[id_] - second[id_]) < tolerance for id_ in first.keys() & second.keys())
    ties = all(second[id_] < last + tolerance for id_ in second.keys() - first.keys())
    return same and ties and all(first[id_] > fifth - tolerance for id_ in list(first)[:5])


def test_generation_and_tail_together_are_the_exact_search(through_chroma: Library, tmp_path: Path) -> None:
    question = "متى تستأنف العبارة رحلاتها؟"
    assert agree(nearest(through_chroma, question), exactly(through_chroma, question))
    generation = read_generation(through_chroma.view.database)
    path = tmp_path / "new.txt"
    path.write_text("تستأنف العبارة رحلاتها إلى جزيرة المرجان في مايو.", encoding="utf-8")
    ingest(through_chroma, [path])
    assert read_generation(through_chroma.view.database) == generation  # one vector is not worth a new one
    assert through_chroma.status().embedded == generation.count + 1
    ranked = nearest(through_chroma, question)
    newest = max(ranked)
    assert ranked[newest] == max(ranked.values())


def test_removed_passages_are_passed_over(through_chroma: Library) -> None:
    question = "متى تستأنف العبارة رحلاتها؟"
    best = next(iter(nearest(through_chroma, question)))
    text_id = through_chroma.passages([best])[best].text_id
    remove(through_chroma, [row.id for row in through_chroma.articles() if row.text_id == text_id])
    assert best not in through_chroma.passages(nearest(through_chroma, question))


def test_a_damaged_generation_costs_nothing_but_time(through_chroma: Library) -> None:
    folder = generation_folder(through_chroma.folder, read_generation(through_chroma.view.database).number)
    shutil.rmtree(folder)
    question = "How much does the ferry cost?"
    assert agree(nearest(through_chroma, question), exactly(through_chroma, question))


def test_native_code_loads_no_other_files_than_were_built(tmp_path: Path) -> None:
    """Changed bytes of data_level0.bin crashed the process; without index_metadata.pickle almost nothing was found."""
    built = tmp_path / "1"
    build_generation(built, [made(6_000)])
    hashes = generation_hashes(built)
    for _ in range(2):  # opening changes none of them
        Generation(built, hashes).close()
    names = sorted(hashes)
    assert [Path(name).name for name in names if "/" in name] == [
        "data_level0.bin",
        "header.bin",
        "index_metadata.pickle",
        "length.bin",
        "link_lists.bin",
    ]
    for name in names:
        whole = (built / name).read_bytes()
        middle = len(whole) // 2
        for damaged in (whole[:middle], whole[:middle] + bytes(b ^ 0x5A for b in whole[middle:]), None):
            if damaged is None:
                (built / name).unlink()
            else:
                (built / name).write_bytes(damaged)
            with pytest.raises(ValueError, match=r"not as it was built|is damaged"):
                Generation(built, hashes)
        (built / name).write_bytes(whole)
    Generation(built, hashes).close()


def test_generations_grow_with_the_library_and_leave_one_behind(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library", create=True) as opened:
        numbers = []
        for file in sorted(DEMO.glob("0*.md")):
            ingest(opened, [file])
            numbers.append(read_generation(opened.view.database).number)
        assert numbers == sorted(numbers)
        folders = {int(path.name) for path in (opened.folder / "vectors").iterdir()}
        assert folders == {numbers[-1], numbers[-1] - 1}


def test_a_new_generation_is_held_against_what_was_put_in(tmp_path: Path) -> None:
    ids, values = made(23)
    build_generation(tmp_path / "1", [(ids[:20], values[:20])])
    samples = [(int(id_), values[number : number + 1]) for number, id_ in enumerate(ids)]
    held, foreign = samples[:20], samples[20:]
    check_generation(tmp_path / "1", 20, [*held, *foreign[:1]])  # one out of the graph's reach is no damage
    with pytest.raises(RuntimeError, match="21, 22, 23"):
        check_generation(tmp_path / "1", 20, [*held[:5], *foreign])
    with pytest.raises(RuntimeError, match="20 of 21"):
        check_generation(tmp_path / "1", 21, held)
