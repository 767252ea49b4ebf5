"""SIGKILL at moments spread over an ingest. `python -m tests.crash 20` runs that many; the tests run fewer."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from shawahid.ingest.check import check
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest
from shawahid.ingest.store import catalogue
from shawahid.ingest.types import LIBRARY_FILE

ARTICLES = 200
REPOSITORY = Path(__file__).parent.parent


@dataclass(frozen=True)
class Moment:
    """How far an ingest was when it was killed: what was committed then, and in which of its parts it died."""

    articles: int
    embedded: int
    part: str
    problems: tuple[str, ...]


def write_articles(folder: Path) -> None:
    folder.mkdir(parents=True)
    for number in range(ARTICLES):
        text = f"أعلنت بلدية النورس أن الرصيف {number} يغلق أسبوعا للصيانة.\nPier {number} of Nawras closes."
        (folder / f"{number:03}.txt").write_text(text, encoding="utf-8")


def _command(library: Path, articles: Path) -> list[str]:
    return [sys.executable, "-m", "shawahid", "--library", str(library), "ingest", str(articles), "--json"]


def time_whole_run(folder: Path, articles: Path) -> tuple[float, float, float]:
    """Seconds from an ingest's start to its first commit, to its first vector, and to its end."""
    library = folder / "whole"
    start = time.monotonic()
    process = subprocess.Popen(
        _command(library, articles), cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    first_commit = first_vector = 0.0
    while process.poll() is None:
        articles_in, embedded = _counts(library)
        first_commit = first_commit or (time.monotonic() - start if articles_in else 0.0)
        first_vector = first_vector or (time.monotonic() - start if embedded else 0.0)
        time.sleep(0.02)
    return first_commit, first_vector, time.monotonic() - start


def _counts(library: Path) -> tuple[int, int]:
    if not (library / LIBRARY_FILE).exists():
        return 0, 0
    try:
        with Library.open(library) as opened, opened.view.database.reading() as db:
            return catalogue.count(db, "articles"), catalogue.count(db, "embeddings")
    except Exception:  # it is just being made
        return 0, 0


def kill_after(folder: Path, articles: Path, seconds: float, number: int) -> Moment:
    """Kill an ingest after so many seconds, look at what it left, let it run again, and look at that."""
    library = folder / f"killed-{number}"
    process = subprocess.Popen(
        _command(library, articles), cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(seconds)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    part = "vector index" if any((library / "vectors").glob("*")) else "vectors" if _counts(library)[1] else "words"
    with Library.open(library, create=True) as opened:
        status = opened.status()
        report = ingest(opened, [articles])
        problems = check(opened)
        after = opened.status()
    if len(report.added) + len(report.unchanged) != ARTICLES or report.changed or report.failed:
        problems.append(f"{len(report.added)} added and {len(report.unchanged)} unchanged of {ARTICLES}")
    if after.articles != ARTICLES or after.embedded != after.passages:
        problems.append(f"{after.articles} articles, {after.embedded} of {after.passages} passages embedded")
    return Moment(status.articles, status.embedded, part, tuple(problems))


def run(times: int) -> list[Moment]:
    """Kill `times` ingests: a tenth before the first vector, seven tenths while vectors are written, the rest after."""
    with tempfile.TemporaryDirectory(prefix="shawahid-crash-") as name:
        folder = Path(name)
        write_articles(folder / "articles")
        commit, vector, end = time_whole_run(folder, folder / "articles")
        early = max(1, times // 10)
        moments = [commit + (vector - commit) * n / early for n in range(early)]
        moments += [vector + (end - vector) * (n + 0.5) / (times - early) for n in range(times - early)]
        return [kill_after(folder, folder / "articles", seconds, n) for n, seconds in enumerate(moments)]


if __name__ == "__main__":
    results = run(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
    for moment in results:
        print(f"killed in {moment.part:12} with {moment.articles:3} articles, {moment.embedded:3} vectors", end="  ")
        print("; ".join(moment.problems) or "whole")
    after = sum(moment.embedded > 0 for moment in results)
    whole = sum(not moment.problems for moment in results)
    print(f"{len(results)} killed, {after} of them after the first vector; {whole} whole after the next run")
    sys.exit(any(moment.problems for moment in results))
