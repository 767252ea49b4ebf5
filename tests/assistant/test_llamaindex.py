"""The engine as LlamaIndex's own kinds of object: alone, and among LlamaIndex's routers, agents and evaluators."""

import asyncio
import json
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from llama_index.core.agent.workflow import FunctionAgent, ReActAgent
from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_selector import SingleSelection
from llama_index.core.base.response.schema import AsyncStreamingResponse, Response, StreamingResponse
from llama_index.core.callbacks import CallbackManager, CBEventType, EventPayload, LlamaDebugHandler
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.evaluation import FaithfulnessEvaluator, RelevancyEvaluator
from llama_index.core.indices import SummaryIndex, VectorStoreIndex
from llama_index.core.instrumentation import get_dispatcher
from llama_index.core.instrumentation.event_handlers import BaseEventHandler
from llama_index.core.instrumentation.events import BaseEvent
from llama_index.core.instrumentation.span_handlers import SimpleSpanHandler
from llama_index.core.query_engine import RetrieverQueryEngine, RouterQueryEngine, SubQuestionQueryEngine
from llama_index.core.question_gen import LLMQuestionGenerator
from llama_index.core.response_synthesizers import get_response_synthesizer
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import Document, MetadataMode, NodeWithScore, TextNode
from llama_index.core.selectors import LLMMultiSelector, LLMSingleSelector
from llama_index.core.tools import QueryEngineTool
from llama_index.core.vector_stores import FilterCondition, FilterOperator, MetadataFilter, MetadataFilters

from shawahid.assistant.assistant import Assistant, OutletUnknown
from shawahid.assistant.llamaindex import FilterUnsupported, ShawahidEmbedding, as_text, read_filters
from shawahid.assistant.settings import Settings
from shawahid.assistant.types import Filters
from shawahid.ingest.errors import MetadataInvalid, QuestionEmpty
from shawahid.ingest.library import Library

from ..doubles.fake_openai import FakeOpenAI, Reply, fake_openai
from ..doubles.served_llm import ServedLLM

QUESTION = "How many passengers can the ferry carry?"
UNANSWERED = "Who won the football world cup in 2022?"
POST = "The Harbour Post (invented)"


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    with fake_openai() as running:
        yield running


@pytest.fixture
def llm(server: FakeOpenAI) -> ServedLLM:
    return ServedLLM(server.url)


def engine_tool(demo: Assistant, **options: Any) -> QueryEngineTool:
    return QueryEngineTool.from_defaults(
        demo.as_query_engine(**options), name="articles", description="Answers questions about the town of Nawras."
    )


def other_tool(llm: ServedLLM) -> QueryEngineTool:
    """An engine of LlamaIndex's own, over its own index."""
    index = SummaryIndex.from_documents([Document(text="A sardine is a small fish.")])
    return QueryEngineTool.from_defaults(index.as_query_engine(llm=llm), name="fish", description="Knows fish.")


def hold(demo: Assistant, nodes: list[NodeWithScore]) -> None:
    for scored in nodes:
        node = scored.node
        assert isinstance(node, TextNode)
        article = demo.library.article(node.metadata["article"])
        assert article.text[node.start_char_idx : node.end_char_idx] == node.text
        assert (node.metadata["start"], node.metadata["end"]) == (node.start_char_idx, node.end_char_idx)
        assert (node.metadata["sha256"], node.metadata["source"]) == (article.sha256, article.name)
        assert node.metadata["title"] == article.metadata.title
        assert (node.metadata["outlet"], node.metadata["date"]) == (article.metadata.outlet, article.metadata.date)
        assert node.ref_doc_id == article.name


def asked(request: dict[str, Any]) -> str:
    return str(request["messages"][-1]["content"])


# Alone


def test_the_query_engine(demo: Assistant) -> None:
    engine = demo.as_query_engine()
    assert isinstance(engine, BaseQueryEngine)
    response = engine.query(QUESTION)
    assert isinstance(response, Response)
    answer = demo.ask(QUESTION)
    assert response.metadata == {"answer": answer.to_json()}
    assert str(response) == as_text(answer)
    assert "220 passengers" in str(response)
    assert len(response.source_nodes) == len(answer.citations)
    for scored in response.source_nodes:
        assert scored.score == answer.confidence
        assert scored.node.metadata["verdict"] == "supported"
    hold(demo, response.source_nodes)


def test_the_query_engine_abstains(demo: Assistant) -> None:
    response = demo.as_query_engine().query(UNANSWERED)
    assert response.source_nodes == []
    assert str(response) == demo.ask(UNANSWERED).frame


def test_what_is_no_question_gets_an_answer_without_a_search(demo: Assistant) -> None:
    response = demo.as_query_engine().query("hello")
    assert str(response) == demo.ask("hello").frame
    with pytest.raises(QuestionEmpty):
        demo.as_query_engine().query(" ")


def test_a_model_reads_what_is_known_of_the_words_and_no_offsets(demo: Assistant) -> None:
    question = "How did the councillors vote on the fish market?"
    (scored, *_) = demo.as_query_engine(filters=Filters(outlets=(POST,))).query(question).source_nodes
    read = scored.node.get_content(MetadataMode.LLM)
    assert read.startswith("source: ")
    assert f"outlet: {POST}" in read
    for hidden in ("sha256", "start", "verdict", "None"):
        assert hidden not in read


def test_a_citation_has_the_weakest_verdict_of_what_rests_on_it(
    demo_folder: Any, monkeypatch: pytest.MonkeyPatch, server: FakeOpenAI
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    texts = [
        "The rebuilt vessel can carry 220 passengers and 30 cars, Huda Mansour said.",
        "The rebuilt vessel, the Zahra, will sail four times a day, Huda Mansour said.",
    ]
    words = "can carry 220 passengers and 30 cars, and that it will sail four times a day"
    items = [{"text": text, "evidence": [{"passage": 1, "words": words}]} for text in texts]

    def answer(request: dict[str, Any]) -> Reply:
        if "response_format" in request:
            return Reply(json.dumps({"sentences": items}))
        return Reply("no" if texts[1] in asked(request) else "yes")  # a second opinion

    server.answer = answer
    with Library.open(demo_folder) as library:
        settings = Settings(demo_folder, model="test-model", second_opinion=True)
        assistant = Assistant(library, settings)
        response, strict = (
            assistant.as_query_engine(strictness=strictness).query(QUESTION) for strictness in (None, "strict")
        )
    assert response.metadata
    verdicts = {sentence["text"]: sentence["verdict"] for sentence in response.metadata["answer"]["sentences"]}
    assert [verdicts[text] for text in texts] == ["supported", "partly"]
    assert [scored.node.metadata["verdict"] for scored in response.source_nodes][:1] == ["partly"]
    assert {scored.node.metadata["verdict"] for scored in strict.source_nodes} == {"supported"}


def test_the_retriever(demo: Assistant) -> None:
    retriever = demo.as_retriever(similarity_top_k=3)
    assert isinstance(retriever, BaseRetriever)
    nodes = retriever.retrieve(QUESTION)
    assert len(nodes) == 3
    assert nodes[0].node.metadata["source"] == "09-ferry.txt"
    assert len({scored.node.node_id for scored in nodes}) == 3
    scores = [scored.score or 0.0 for scored in nodes]
    assert scores == sorted(scores, reverse=True)
    hold(demo, nodes)
    assert asyncio.run(retriever.aretrieve(QUESTION)) == nodes


def test_the_same_words_have_the_same_id_whatever_is_asked(demo: Assistant) -> None:
    engine = demo.as_query_engine()
    asked_twice = (QUESTION, "How many people fit on the rebuilt ferry, the Zahra?")
    first, again = (
        {scored.node.get_content(): scored.node.node_id for scored in engine.query(question).source_nodes}
        for question in asked_twice
    )
    shared = first.keys() & again.keys()
    assert shared
    assert all(first[words] == again[words] for words in shared)


# Async and streaming


def test_async_gives_the_same_and_leaves_the_loop_free(demo: Assistant) -> None:
    engine = demo.as_query_engine()

    async def ask() -> tuple[list[str], int]:
        beats = 0

        async def beat() -> None:
            nonlocal beats
            while True:
                await asyncio.sleep(0.001)
                beats += 1

        beating = asyncio.create_task(beat())
        answers = await asyncio.gather(*(engine.aquery(QUESTION) for _ in range(3)))
        beating.cancel()
        return [str(answer) for answer in answers], beats

    answers, beats = asyncio.run(ask())
    assert answers == [str(engine.query(QUESTION))] * 3
    assert beats > 5


def test_streaming(demo: Assistant) -> None:
    plain = demo.as_query_engine().query(QUESTION)
    response = demo.as_query_engine(streaming=True).query(QUESTION)
    assert isinstance(response, StreamingResponse)
    hold(demo, response.source_nodes)
    assert {scored.score for scored in response.source_nodes} == {None}
    pieces = list(response.response_gen)
    assert len(pieces) == 1 + len(demo.ask(QUESTION).sentences)
    assert "".join(pieces) == str(plain)
    assert response.source_nodes == plain.source_nodes
    assert response.metadata == plain.metadata


def test_async_streaming(demo: Assistant) -> None:
    engine = demo.as_query_engine(streaming=True)

    async def ask() -> tuple[list[str], Response]:
        response = await engine.aquery(QUESTION)
        assert isinstance(response, AsyncStreamingResponse)
        pieces = [piece async for piece in response.async_response_gen()]
        return pieces, await response.get_response()

    pieces, whole = asyncio.run(ask())
    plain = demo.as_query_engine().query(QUESTION)
    assert len(pieces) > 1
    assert "".join(pieces) == whole.response == str(plain)
    assert whole.source_nodes == plain.source_nodes


def test_a_stream_tells_nothing_that_was_not_checked(
    demo_folder: Any, monkeypatch: pytest.MonkeyPatch, server: FakeOpenAI
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    wrong = {"text": "The ferry can carry 999 passengers.", "evidence": [{"passage": 1, "words": "220 passengers"}]}
    server.answer = lambda request: Reply(json.dumps({"sentences": [wrong]}))
    with Library.open(demo_folder) as library:
        assistant = Assistant(library, Settings(demo_folder, model="test-model"))
        response = assistant.as_query_engine(streaming=True).query(QUESTION)
        assert not server.chats  # the evidence is told before the model is asked
        assert response.source_nodes
        text = str(response)
    assert server.chats
    assert "999" not in text
    assert "220 passengers" in text


# Who listens


class Heard(BaseEventHandler):
    names: list[str] = []  # noqa: RUF012 - pydantic copies it

    def handle(self, event: BaseEvent, **more: Any) -> None:
        self.names.append(event.class_name())


@contextmanager
def listening() -> Iterator[tuple[Heard, SimpleSpanHandler]]:
    root, heard, spans = get_dispatcher(), Heard(), SimpleSpanHandler()
    root.add_event_handler(heard)
    root.add_span_handler(spans)
    try:
        yield heard, spans
    finally:
        root.event_handlers.remove(heard)
        root.span_handlers.remove(spans)


@pytest.mark.parametrize("in_a_loop", [False, True])
def test_callbacks_and_instrumentation_hear_a_query(demo: Assistant, in_a_loop: bool) -> None:
    debug = LlamaDebugHandler(print_trace_on_end=False)
    engine = demo.as_query_engine(callback_manager=CallbackManager([debug]))
    with listening() as (heard, spans):
        response = asyncio.run(engine.aquery(QUESTION)) if in_a_loop else engine.query(QUESTION)
    assert heard.names == [
        "QueryStartEvent",
        "RetrievalStartEvent",
        "RetrievalEndEvent",
        "SynthesizeStartEvent",
        "SynthesizeEndEvent",
        "QueryEndEvent",
    ]
    inner = "_aquery" if in_a_loop else "_query"
    names = {span.id_.partition("-")[0]: span for span in spans.completed_spans}
    assert set(names) == {f"ShawahidQueryEngine.{inner}", f"ShawahidQueryEngine.{inner.strip('_')}"}
    assert names[f"ShawahidQueryEngine.{inner}"].parent_id == names[f"ShawahidQueryEngine.{inner.strip('_')}"].id_
    ((start, end),) = debug.get_event_pairs(CBEventType.QUERY)
    assert start.payload == {EventPayload.QUERY_STR: QUESTION}
    assert end.payload == {EventPayload.RESPONSE: response}
    ((_, found),) = debug.get_event_pairs(CBEventType.RETRIEVE)
    assert found.payload
    assert found.payload[EventPayload.NODES][0].node.text in demo.library.find("09-ferry.txt").text
    ((_, written),) = debug.get_event_pairs(CBEventType.SYNTHESIZE)
    assert written.payload == {EventPayload.RESPONSE: response}


def test_callbacks_and_instrumentation_hear_a_retrieval(demo: Assistant) -> None:
    debug = LlamaDebugHandler(print_trace_on_end=False)
    retriever = demo.as_retriever(callback_manager=CallbackManager([debug]))
    with listening() as (heard, spans):
        nodes = retriever.retrieve(QUESTION)
    assert heard.names == ["RetrievalStartEvent", "RetrievalEndEvent"]
    assert {span.id_.partition("-")[0] for span in spans.completed_spans} == {
        "ShawahidRetriever.retrieve",
        "ShawahidRetriever._retrieve",
    }
    ((_, end),) = debug.get_event_pairs(CBEventType.RETRIEVE)
    assert end.payload == {EventPayload.NODES: nodes}


# Filters


def where(*filters: tuple[str, str, Any], condition: FilterCondition = FilterCondition.AND) -> MetadataFilters:
    single = [MetadataFilter(key=key, operator=FilterOperator(is_), value=value) for key, is_, value in filters]
    return MetadataFilters(filters=[*single], condition=condition)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, Filters()),
        (Filters(since="2024"), Filters(since="2024")),
        (where(), Filters()),
        (where(("outlet", "==", POST)), Filters(outlets=(POST,))),
        (where(("outlet", "in", [POST.upper()])), Filters(outlets=(POST,))),
        (where(("date", ">=", "2024-03"), ("date", "<=", "15/3/2024")), Filters(since="2024-03", until="2024-03-15")),
        (where(("date", "==", 2017)), Filters(since="2017", until="2017")),
        (where(("article", "==", 9)), Filters(articles=(9,))),
        (where(("article", "in", ["09-ferry.txt", "1"])), Filters(articles=(9, 1))),
        (where(("article", "!=", 9), ("date", ">=", "2024")), Filters(since="2024", without=(9,))),
        (where(("article", "nin", [9, 1])), Filters(without=(9, 1))),
        (where(("article", "==", 9), condition=FilterCondition.OR), Filters(articles=(9,))),
        (
            MetadataFilters(filters=[where(("outlet", "==", POST)), where(("date", ">=", "2024"))]),
            Filters(outlets=(POST,), since="2024"),
        ),
    ],
)
def test_metadata_filters_are_ours(demo: Assistant, given: MetadataFilters | Filters | None, expected: Filters) -> None:
    assert read_filters(demo, given) == expected


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (where(("author", "==", "x")), ["author == x", "outlet ==", "date >="]),
        (where(("date", ">", "2024-03-01")), ["date > 2024-03-01", "date >="]),
        (where(("outlet", "contains", "Post")), ["outlet contains Post", "outlet in"]),
        (where(("outlet", "!=", POST)), [f"outlet != {POST}"]),
        (where(("outlet", "is_empty", None)), ["outlet is_empty"]),
        (where(("outlet", "in", [])), ["outlet in []", "a value"]),
        (where(("article", "==", None)), ["article == None", "a value"]),
        (where(("date", ">=", ["2024", "2025"])), ["date >= ['2024', '2025']", "operator in"]),
        (where(("outlet", "==", POST), ("outlet", "==", POST)), [f"outlet == {POST}", "join them"]),
        (where(("date", ">=", "2023"), ("date", "==", "2024")), ["date == 2024", "join them"]),
        (where(("article", "==", 1), ("article", "==", 2), condition=FilterCondition.OR), ["condition or", "in"]),
        (where(("article", "==", 1), condition=FilterCondition.NOT), ["condition not"]),
    ],
)
def test_what_cannot_be_respected_is_refused_by_name(demo: Assistant, given: MetadataFilters, named: list[str]) -> None:
    for offer in (demo.as_query_engine, demo.as_retriever):
        with pytest.raises(FilterUnsupported) as refused:
            offer(filters=given)
        for words in named:
            assert words in str(refused.value)


def test_a_filter_with_a_wrong_value_is_refused(demo: Assistant) -> None:
    with pytest.raises(OutletUnknown, match="Nobody's Paper"):
        demo.as_retriever(filters=where(("outlet", "==", "Nobody's Paper")))
    with pytest.raises(MetadataInvalid, match="someday"):
        demo.as_retriever(filters=where(("date", ">=", "someday")))


def test_filters_are_respected(demo: Assistant) -> None:
    retriever = demo.as_retriever(similarity_top_k=50, filters=where(("outlet", "==", POST)))
    assert {scored.node.metadata["outlet"] for scored in retriever.retrieve("fish market")} == {POST}
    dated = demo.as_retriever(
        similarity_top_k=50, filters=where(("date", ">=", "2024-03-10"), ("date", "<=", "2024-03"))
    )
    dates = {scored.node.metadata["date"] for scored in dated.retrieve("fish market")}
    assert dates == {"2024-03-11", "2024-03-14", "2024-03-15"}
    engine = demo.as_query_engine(filters=where(("article", "!=", "09-ferry.txt")))
    assert "220" not in str(engine.query(QUESTION))


# Among LlamaIndex's own


@pytest.mark.parametrize("streaming", [False, True])
def test_a_router_chooses_us(demo: Assistant, server: FakeOpenAI, llm: ServedLLM, streaming: bool) -> None:
    server.answer = lambda request: Reply('[{"choice": 2, "reason": "it is about the town"}]')
    tools = [other_tool(llm), engine_tool(demo, streaming=streaming)]
    router = RouterQueryEngine.from_defaults(tools, llm=llm, selector=LLMSingleSelector.from_defaults(llm=llm))
    response = router.query(QUESTION)
    assert str(response) == str(demo.as_query_engine().query(QUESTION))
    hold(demo, response.source_nodes)
    assert response.metadata
    assert response.metadata["selector_result"].selections == [SingleSelection(index=1, reason="it is about the town")]
    assert response.metadata["answer"]["status"] == "answered"
    (request,) = server.chats
    assert "Answers questions about the town of Nawras." in asked(request)


@pytest.mark.parametrize("in_a_loop", [False, True])
def test_a_router_joins_us_with_another(demo: Assistant, server: FakeOpenAI, llm: ServedLLM, in_a_loop: bool) -> None:
    def answer(request: dict[str, Any]) -> Reply:
        if "choices" in asked(request):
            return Reply('[{"choice": 1, "reason": "fish"}, {"choice": 2, "reason": "town"}]')
        return Reply("joined" if "220 passengers" in asked(request) else "small")

    server.answer = answer
    tools = [other_tool(llm), engine_tool(demo)]
    router = RouterQueryEngine.from_defaults(tools, llm=llm, selector=LLMMultiSelector.from_defaults(llm=llm))
    response = asyncio.run(router.aquery(QUESTION)) if in_a_loop else router.query(QUESTION)
    assert str(response) == "joined"
    hold(demo, [scored for scored in response.source_nodes if "article" in scored.node.metadata])
    assert any(scored.node.metadata.get("source") == "09-ferry.txt" for scored in response.source_nodes)


def test_sub_questions_are_put_to_us(demo: Assistant, server: FakeOpenAI, llm: ServedLLM) -> None:
    second = "How much does a box of sardines cost?"
    questions = {"items": [{"sub_question": text, "tool_name": "articles"} for text in (QUESTION, second)]}

    def answer(request: dict[str, Any]) -> Reply:
        if "Sub question:" in asked(request):
            return Reply("220, and 45 dirhams")
        return Reply(f"```json\n{json.dumps(questions)}\n```")

    server.answer = answer
    engine = SubQuestionQueryEngine.from_defaults(
        [engine_tool(demo)],
        llm=llm,
        question_gen=LLMQuestionGenerator.from_defaults(llm=llm),
        response_synthesizer=get_response_synthesizer(llm=llm, use_async=True),
        verbose=False,
    )
    response = engine.query("How many passengers, and what do sardines cost?")
    assert str(response) == "220, and 45 dirhams"
    assert "220 passengers" in asked(server.chats[-1])
    assert "45" in asked(server.chats[-1])
    ours = [scored for scored in response.source_nodes if "article" in scored.node.metadata]
    assert len({scored.node.metadata["source"] for scored in ours}) > 1
    hold(demo, ours)


def test_a_function_agent_calls_us(demo: Assistant, server: FakeOpenAI, llm: ServedLLM) -> None:
    def answer(request: dict[str, Any]) -> Reply:
        if request["messages"][-1]["role"] == "tool":
            return Reply("It carries 220." if "220 passengers" in asked(request) else "No idea.")
        return Reply(tool=("articles", {"input": QUESTION}))

    server.answer = answer
    agent = FunctionAgent(tools=[engine_tool(demo)], llm=llm)

    async def run() -> Any:
        return await agent.run("How big is the ferry?")

    output = asyncio.run(run())
    assert str(output) == "It carries 220."
    (call,) = output.tool_calls
    assert call.tool_output.content == str(demo.as_query_engine().query(QUESTION))
    hold(demo, call.tool_output.raw_output.source_nodes)
    (described,) = server.chats[0]["tools"]
    assert described["function"]["name"] == "articles"


def test_a_react_agent_calls_us(demo: Assistant, server: FakeOpenAI, llm: ServedLLM) -> None:
    def answer(request: dict[str, Any]) -> Reply:
        if "Observation:" in asked(request):
            return Reply("Thought: I can answer.\nAnswer: " + ("220" if "220 passengers" in asked(request) else "?"))
        return Reply(f'Thought: I must look it up.\nAction: articles\nAction Input: {{"input": "{QUESTION}"}}')

    server.answer = answer
    agent = ReActAgent(tools=[engine_tool(demo)], llm=llm)

    async def run() -> Any:
        return await agent.run("How big is the ferry?")

    assert str(asyncio.run(run())) == "220"


def test_evaluators_judge_us_by_our_own_nodes(demo: Assistant, server: FakeOpenAI, llm: ServedLLM) -> None:
    server.answer = lambda request: Reply("YES" if "can carry 220 passengers and 30 cars" in asked(request) else "NO")
    response = demo.as_query_engine().query(QUESTION)
    assert isinstance(response, Response)
    faithful = FaithfulnessEvaluator(llm=llm).evaluate_response(QUESTION, response)
    assert (faithful.passing, faithful.score) == (True, 1.0)
    assert faithful.contexts == [scored.node.get_content() for scored in response.source_nodes]
    assert str(response) in asked(server.chats[0])
    assert RelevancyEvaluator(llm=llm).evaluate_response(QUESTION, response).passing
    abstained = demo.as_query_engine().query(UNANSWERED)
    assert isinstance(abstained, Response)
    assert not FaithfulnessEvaluator(llm=llm).evaluate_response(UNANSWERED, abstained).passing


def test_the_retriever_serves_another_engine(demo: Assistant, server: FakeOpenAI, llm: ServedLLM) -> None:
    server.answer = lambda request: Reply("220" if "220 passengers" in asked(request) else "?")
    engine = RetrieverQueryEngine.from_args(demo.as_retriever(similarity_top_k=2), llm=llm)
    response = engine.query(QUESTION)
    assert str(response) == "220"
    hold(demo, response.source_nodes)
    assert "sha256" not in asked(server.chats[-1])


# The embedder


def test_the_embedder_is_any_embedding(demo: Assistant) -> None:
    ours = demo.library.embedder
    embedding = ShawahidEmbedding.of(demo.library)
    assert isinstance(embedding, BaseEmbedding)
    assert embedding.model_name == demo.library.embedder_name
    texts = [f"The ferry sailed {number} times." for number in range(25)]
    batch = embedding.get_text_embedding_batch(texts)
    assert np.allclose(batch, ours.embed_passages(texts))
    assert np.allclose(embedding.get_text_embedding(texts[3]), batch[3])
    asked_for = embedding.get_query_embedding(QUESTION)
    assert np.allclose([asked_for], ours.embed_question(QUESTION))
    assert not np.allclose(asked_for, embedding.get_text_embedding(QUESTION))

    async def all_of_it() -> tuple[list[float], list[float], list[list[float]]]:
        return (
            await embedding.aget_query_embedding(QUESTION),
            await embedding.aget_text_embedding(texts[3]),
            await embedding.aget_text_embedding_batch(texts),
        )

    assert asyncio.run(all_of_it()) == (asked_for, embedding.get_text_embedding(texts[3]), batch)


def test_the_embedder_goes_with_an_index_and_to_another_process() -> None:
    embedding = ShawahidEmbedding()
    documents = [Document(text="Sardines cost 45 dirhams."), Document(text="The ferry carries 220 passengers.")]
    index = VectorStoreIndex.from_documents(documents, embed_model=embedding)
    (found,) = index.as_retriever(similarity_top_k=1).retrieve("كم راكبا تحمل العبّارة؟")
    assert "220" in found.node.get_content()
    for other in (ShawahidEmbedding.from_dict(embedding.to_dict()), pickle.loads(pickle.dumps(embedding))):
        assert other.get_query_embedding("x") == embedding.get_query_embedding("x")
