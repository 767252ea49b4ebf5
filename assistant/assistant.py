"""The spine: a question in, an `Answer` out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.dates import demand_date
from ingest.errors import InputError
from ingest.library import Library
from ingest.words import fold
from prompts import say

from .answer import choose, choose_closest, cite, group_accounts, verbatim_sentences
from .evidence import Evidence, Signals, confidence, gather_evidence, likelier_side, threshold
from .question import Question, read_question
from .retrieve import Retrieval, retrieve
from .settings import load_settings
from .types import Answer, Coverage, Filters


class OutletUnknown(InputError):
    code = "outlet_unknown"
    template = "The library has no articles of {outlet}. The outlets it knows are: {known}"


@dataclass(frozen=True, slots=True)
class Investigation:
    """An answer with what it was made from, for evaluation."""

    answer: Answer
    retrieval: Retrieval
    signals: Signals | None


class Assistant:
    """Answers questions from one library.

    Open it with `Assistant.open`, and close it or use it in a `with` statement. Threads may share one.
    """

    def __init__(self, library: Library) -> None:
        self.library = library

    @classmethod
    def open(cls, path: str | Path | None = None, *, embedder: str | None = None) -> "Assistant":
        """Open the library at `path`, else at SHAWAHID_LIBRARY, else in the user's data folder.

        Raises LibraryMissing, LibraryTooNew, LibraryDamaged or EmbedderMismatch.
        """
        settings = load_settings(str(path) if path is not None else None, embedder)
        return cls(Library.open(settings.library, embedder=settings.embedder))

    def __enter__(self) -> "Assistant":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        self.library.close()

    def ask(self, question: str, *, history: Sequence[str] = (), filters: Filters | None = None) -> Answer:
        """Answer a question from the articles, or say that they don't answer it.

        `history` are the earlier questions of the conversation, the oldest first. Raises QuestionEmpty,
        QuestionTooLong, or a LibraryError; never answers "nothing found" for a failure.
        """
        return self.investigate(question, history=history, filters=filters).answer

    def investigate(
        self, question: str, *, history: Sequence[str] = (), filters: Filters | None = None
    ) -> "Investigation":
        """`ask`, with the whole ranking and the signals that the answer was made from."""
        asked = read_question(question, history)
        with self.library.reading():
            retrieval = retrieve(self.library, asked, filters or Filters())
            evidence = gather_evidence(self.library, asked, retrieval)
            coverage, notices = self._coverage(retrieval, asked)
            evidence, signals = likelier_side(asked, retrieval, evidence, coverage.passages)
            blank = self._blank(asked, confidence(signals) if signals else 0.0, coverage, notices)
            return Investigation(self._answer(blank, retrieval, evidence), retrieval, signals)

    def filters(
        self,
        outlets: Iterable[str] = (),
        since: str | None = None,
        until: str | None = None,
        articles: Iterable[str | int] = (),
    ) -> Filters:
        """Filters from what a user typed: outlets in any spelling, dates, and articles by number, source or name.

        Raises OutletUnknown, MetadataInvalid, ArticleUnknown or ArticleAmbiguous.
        """
        return Filters(
            outlets=tuple(known for name in outlets for known in self._outlets(name)),
            since=demand_date(since, "since") if since else None,
            until=demand_date(until, "until") if until else None,
            articles=tuple(self.library.find(wanted).id for wanted in articles),
        )

    def _outlets(self, name: str) -> list[str]:
        """The outlet that is meant, in all the spellings that the articles have of it."""
        known = self.library.status().outlets
        meant = [outlet for outlet in known if fold(outlet).split() == fold(name).split()]
        if not meant:
            raise OutletUnknown(outlet=name, known=", ".join(known) or "-")
        return meant

    def _blank(self, question: Question, probability: float, coverage: Coverage, notices: tuple[str, ...]) -> Answer:
        """An answer that says nothing yet."""
        return Answer(
            question=question.text,
            language=question.language,
            status="abstained",
            mode="extractive",
            confidence=round(probability, 4),
            frame=say("abstained", question.language),
            sentences=(),
            citations=(),
            coverage=coverage,
            accounts=(),
            notices=notices,
        )

    def _answer(self, blank: Answer, retrieval: Retrieval, evidence: list[Evidence]) -> Answer:
        answered = bool(evidence) and blank.confidence >= threshold()
        cited = cite(self.library, choose(evidence) if answered else choose_closest(evidence), retrieval.articles)
        citations = tuple(citation for citation, _ in cited)
        if not answered:
            return replace(blank, coverage=replace(blank.coverage, closest=citations))
        accounts = group_accounts(cited, retrieval.articles)
        return replace(
            blank,
            status="answered",
            frame=say("answered_accounts" if len(accounts) > 1 else "answered", blank.language),
            sentences=tuple(verbatim_sentences(cited, blank.language)),
            citations=citations,
            accounts=tuple(accounts),
        )

    def _coverage(self, retrieval: Retrieval, question: Question) -> tuple[Coverage, tuple[str, ...]]:
        """What was searched, and what the reader should know of it."""
        totals = self.library.count_searched(retrieval.filters)
        coverage = Coverage(totals.articles, totals.passages, totals.embedded, totals.outlets)
        if not coverage.articles:
            empty = not self.library.status().articles
            return coverage, (say("no_articles" if empty else "nothing_to_search", question.language),)
        if coverage.embedded < coverage.passages:
            counts = {"embedded": coverage.embedded, "passages": coverage.passages}
            return coverage, (say("embedding", question.language, **counts),)
        return coverage, ()
