"""The engine as LlamaIndex's own kinds of object."""

import asyncio

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import Response
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import TextNode

from assistant.assistant import Assistant
from assistant.llamaindex import ShawahidQueryEngine, ShawahidRetriever

QUESTION = "How many passengers can the ferry carry?"


def test_the_query_engine(demo: Assistant) -> None:
    engine = ShawahidQueryEngine(demo)
    assert isinstance(engine, BaseQueryEngine)
    response = engine.query(QUESTION)
    assert isinstance(response, Response)
    assert response.metadata
    assert response.metadata["answer"] == demo.ask(QUESTION).to_json()
    assert "220 passengers" in str(response)
    assert str(asyncio.run(engine.aquery(QUESTION))) == str(response)
    for scored in response.source_nodes:
        node = scored.node
        assert isinstance(node, TextNode)
        text = demo.library.article(node.metadata["article"]).text
        assert text[node.start_char_idx : node.end_char_idx] == node.text


def test_the_retriever(demo: Assistant) -> None:
    retriever = ShawahidRetriever(demo, top_k=3)
    assert isinstance(retriever, BaseRetriever)
    nodes = retriever.retrieve(QUESTION)
    assert len(nodes) == 3
    assert nodes[0].node.metadata["source"] == "09-ferry.txt"
    assert len({scored.node.node_id for scored in nodes}) == 3
    scores = [scored.score or 0.0 for scored in nodes]
    assert scores == sorted(scores, reverse=True)
