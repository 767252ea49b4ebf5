"""`shawahid eval`: questions with known answers, asked through the whole engine, and what came of them.

Two kinds of file: gold questions over a library of your own (JSON Lines), and SQuAD JSON, which brings its paragraphs.
"""

import math
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from shawahid.assistant.assistant import Assistant, Investigation
from shawahid.assistant.types import Citation, Filters
from shawahid.ingest.errors import GoldFileInvalid
from shawahid.ingest.library import Library
from shawahid.ingest.text.words import words
from shawahid.ingest.types import Extracted, Metadata
from shawahid.ingest.writer import EmbeddingProgress, writing

from .figures import Figures, mean
from .gold_files import GoldQuestion, HoldOut, Squad, read_gold, read_squad, squad_questions

Progress = Callable[[int, int], None]
_BINS: Final = 10


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What became of one question. `rank` is that of the best gold article, None where it was not found.

    `first` and `shown`: whether the first quote of the answer, or any, holds what was asked for; `first_presented` and
    `presented` count what is presented as the closest too, where the question was declined. Of a model's sentences,
    `kept` are shown, `repaired` replaced by their evidence and `left_out` not shown.
    """

    id: str
    question: str
    answerable: bool
    status: str
    confidence: float
    right: bool
    first: bool
    shown: bool
    first_presented: bool
    presented: bool
    rank: int | None
    citations: int
    citations_in_gold: int
    kept: int = 0
    repaired: int = 0
    left_out: int = 0
    signals: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures, as shares between 0 and 1 but for `sentences`; None where a figure does not apply.

    `composition` is empty where no model wrote; its `written` and `questions` are counts.
    """

    retrieval: Figures
    citation: Figures
    abstention: Figures
    composition: Figures
    questions: tuple[QuestionResult, ...]

    def to_json(self) -> dict[str, Any]:
        rows = [{name: getattr(row, name) for name in QuestionResult.__slots__} for row in self.questions]
        return {
            "retrieval": self.retrieval,
            "citation": self.citation,
            "abstention": self.abstention,
            "composition": self.composition,
            "questions": rows,
        }


# Asking


def evaluate_gold(
    assistant: Assistant, path: Path, progress: Progress | None = None, *, today: date | None = None
) -> Evaluation:
    """Ask the gold questions in `path` of an open library. `today` is that of `Assistant.ask`."""
    questions = read_gold(path)
    names = {row.name: row.id for row in assistant.library.articles()}
    missing = {gold.article for question in questions for gold in question.gold} - set(names)
    if missing:
        raise GoldFileInvalid(path=path, problem=f"the library lacks the articles {', '.join(sorted(missing))}")
    return _ask_all(assistant, questions, names, progress, today)


def evaluate_squad(
    path: Path,
    *,
    embedder: str | None = None,
    base_url: str | None = None,
    questions: Path | None = None,
    pool: Path | None = None,
    hold_out: HoldOut | None = None,
    progress: Progress | None = None,
    report_embedding: Callable[[EmbeddingProgress], None] | None = None,
) -> Evaluation:
    """Ask the questions of a SQuAD file of its own paragraphs, in a fresh library that is thrown away.

    `embedder` and `base_url` are those of Library.open. `questions`: another file whose questions are asked instead,
    joined on id. `pool`: another file whose paragraphs are searched too; a paragraph there with the same question
    counts as gold. `hold_out`: "titles" leaves out every second title; "own" asks every question a second time without
    its own paragraph.
    """
    squad = read_squad(path)
    extra = read_squad(pool) if pool else Squad([], {})
    asked = squad_questions(squad, extra, read_squad(questions) if questions else squad, hold_out)
    kept = [item for item in squad.paragraphs if hold_out != "titles" or item.kept] + extra.paragraphs
    with (
        tempfile.TemporaryDirectory(prefix="shawahid-eval-") as folder,
        Library.open(folder, embedder=embedder, create=True, base_url=base_url) as library,
    ):
        names = fill(library, [(item.name, item.text) for item in kept], report_embedding)
        return _ask_all(Assistant(library), asked, names, progress)


def _ask_all(
    assistant: Assistant,
    questions: Sequence[GoldQuestion],
    names: dict[str, int],
    progress: Progress | None,
    today: date | None = None,
) -> Evaluation:
    rows = []
    for done, question in enumerate(questions, start=1):
        filters = Filters(without=tuple(names[name] for name in question.without))
        investigation = assistant.investigate(question.question, history=question.history, filters=filters, today=today)
        rows.append(_judge(assistant.library, question, investigation, names))
        if progress:
            progress(done, len(questions))
    return _sum_up(rows)


def _judge(
    library: Library, question: GoldQuestion, investigation: Investigation, names: dict[str, int]
) -> QuestionResult:
    answer = investigation.answer

    def judge(quoted: Sequence[Citation]) -> tuple[bool, bool, bool]:
        if question.gold and question.gold[0].quotes:
            return _judge_quotes(library, question, quoted, names)
        return _judge_squad(question, quoted)

    _, first_presented, presented = judge(answer.citations or answer.coverage.closest)
    right, first, shown = judge(answer.citations)
    if not question.answerable or (question.may_abstain and answer.status == "abstained"):
        right = answer.status == "abstained"
    gold = {names[item.article] for item in question.gold if item.article in names}
    return QuestionResult(
        id=question.id,
        question=question.question,
        answerable=question.answerable,
        status=answer.status,
        confidence=answer.confidence,
        right=right,
        first=first,
        shown=shown,
        first_presented=first_presented,
        presented=presented,
        rank=_rank(investigation, gold),
        citations=len(answer.citations),
        citations_in_gold=sum(citation.article in gold for citation in answer.citations),
        kept=sum(sentence.origin == "model" for sentence in answer.sentences),
        repaired=sum(sentence.origin == "repaired" for sentence in answer.sentences),
        left_out=answer.left_out,
        signals=asdict(investigation.signals) if investigation.signals else {},
    )


def _judge_quotes(
    library: Library, question: GoldQuestion, citations: Sequence[Citation], names: dict[str, int]
) -> tuple[bool, bool, bool]:
    """(right, first, shown) where gold quotes are given.

    Shown: some citation covers at least half of a gold quote. Right: so in every gold article where all must be cited,
    and one of the answer's wordings, if any are given, stands in the quotes. First: the first citation covers one.
    """
    spans = {
        names[gold.article]: [_locate(library, names[gold.article], quote) for quote in gold.quotes]
        for gold in question.gold
    }
    covered = [_covers(citation, spans.get(citation.article, [])) for citation in citations]
    heard = {citation.article for citation, covers in zip(citations, covered, strict=True) if covers}
    needed = set(spans) if question.must_cite_all else heard
    shown_words = " ".join(" ".join(words(citation.quote)) for citation in citations)
    stated = not question.answers or any(" ".join(words(answer)) in shown_words for answer in question.answers)
    return bool(heard) and heard >= needed and stated, bool(covered) and covered[0], any(covered)


def _locate(library: Library, article: int, quote: str) -> tuple[int, int]:
    start = library.article(article).text.find(quote)
    if start < 0:
        raise GoldFileInvalid(path=f"article {article}", problem=f"the gold quote “{quote[:60]}” is not in the article")
    return start, start + len(quote)


def _covers(citation: Citation, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a citation holds at least half of one of the spans."""
    return any(2 * (min(citation.end, end) - max(citation.start, start)) >= end - start for start, end in spans)


def _judge_squad(question: GoldQuestion, citations: Sequence[Citation]) -> tuple[bool, bool, bool]:
    """(right, first, shown) where only the answer's words are known: which quotes hold them."""
    answers = [" ".join(words(answer)) for answer in question.answers]
    holds = [
        any(
            f" {answer} " in f" {' '.join(words(citation.quote))} " or answer in " ".join(words(citation.quote))
            for answer in answers
        )
        for citation in citations
    ]
    return any(holds), bool(holds) and holds[0], any(holds)


def _rank(investigation: Investigation, gold: set[int]) -> int | None:
    """The rank of the best gold article; an article is as good as its best passage, and ties count against gold."""
    best: dict[int, float] = {}
    if investigation.retrieval is None:
        return None
    for found in investigation.retrieval.found:
        for article in investigation.retrieval.articles[found.passage.text_id]:
            best[article] = max(best.get(article, -math.inf), found.score)
    scores = [best[article] for article in gold if article in best]
    if not scores:
        return None
    return 1 + sum(score >= max(scores) for article, score in best.items() if article not in gold)


# Figures


def _sum_up(rows: Sequence[QuestionResult]) -> Evaluation:
    answerable = [row for row in rows if row.answerable]
    unanswerable = [row for row in rows if not row.answerable]
    cited = sum(row.citations for row in answerable)
    ranks = [row.rank or math.inf for row in answerable]
    return Evaluation(
        retrieval={
            "hit@1": _share(rank <= 1 for rank in ranks),
            "hit@5": _share(rank <= 5 for rank in ranks),
            "mrr@10": mean([1 / rank if rank <= 10 else 0.0 for rank in ranks]),
            "ndcg@10": mean([1 / math.log2(rank + 1) if rank <= 10 else 0.0 for rank in ranks]),
        },
        citation={
            "right": _share(row.right for row in answerable),
            "first": _share(row.first for row in answerable),
            "shown": _share(row.shown for row in answerable),
            "first_presented": _share(row.first_presented for row in answerable),
            "presented": _share(row.presented for row in answerable),
            "precision": sum(row.citations_in_gold for row in answerable) / cited if cited else None,
            "sentences": mean([float(row.citations) for row in rows]),
        },
        abstention={
            "auroc": area_under_curve([r.confidence for r in answerable], [r.confidence for r in unanswerable]),
            "answered": _share(row.status == "answered" for row in answerable),
            "abstained": _share(row.status == "abstained" for row in unanswerable),
            "answered_wrongly": _share(row.status == "answered" for row in unanswerable),
            "calibration_error": _calibration_error(rows) if unanswerable else None,
        },
        composition=_composition(rows),
        questions=tuple(rows),
    )


def _composition(rows: Sequence[QuestionResult]) -> Figures:
    """Of all sentences that a model wrote, the shares kept, repaired and left out, and the questions with one kept."""
    total = sum(row.kept + row.repaired + row.left_out for row in rows)
    if not total:
        return {}
    shares: Figures = {
        name: sum(getattr(row, name) for row in rows) / total for name in ("kept", "repaired", "left_out")
    }
    return {**shares, "written": float(total), "questions": float(sum(row.kept > 0 for row in rows))}


def area_under_curve(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """The chance that a positive scores above a negative, ties counting half (AUROC).

    >>> area_under_curve([0.9, 0.5], [0.5, 0.1])
    0.875
    """
    if not positive or not negative:
        return None
    above = sum((high > low) + 0.5 * (high == low) for high in positive for low in negative)
    return above / (len(positive) * len(negative))


def _calibration_error(rows: Sequence[QuestionResult]) -> float:
    """Expected calibration error: how far confidence and the share of answerable questions lie apart, in ten bins."""
    error = 0.0
    for number in range(_BINS):
        members = [row for row in rows if min(int(row.confidence * _BINS), _BINS - 1) == number]
        if members:
            confidence = sum(row.confidence for row in members) / len(members)
            answerable = sum(row.answerable for row in members) / len(members)
            error += len(members) / len(rows) * abs(confidence - answerable)
    return error


def _share(values: Iterator[bool]) -> float | None:
    return mean([float(value) for value in values])


def fill(
    library: Library,
    paragraphs: Sequence[tuple[str, str]],
    report: Callable[[EmbeddingProgress], None] | None = None,
) -> dict[str, int]:
    """Put paragraphs (name, text) into a library, each as an article. Returns their names with their numbers."""
    with writing(library) as writer:
        writer.put_without_files(Extracted(name, name, text, Metadata(), "squad") for name, text in paragraphs)
        writer.commit_words()
        writer.embed_pending(report)
    return {row.name: row.id for row in library.articles()}
