"""LlamaIndex's router, agent and evaluator over our engine, with a real model: run by `make test-llm` alone.

What must hold, holds however weak the model is: that our tool is offered and called, and that what comes back is ours.
What the model makes of it is printed, not asserted.
"""

import asyncio
import os
from typing import Any

import pytest
from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.base.response.schema import Response
from llama_index.core.evaluation import FaithfulnessEvaluator
from llama_index.core.indices import SummaryIndex
from llama_index.core.output_parsers.base import OutputParserException
from llama_index.core.query_engine import RouterQueryEngine
from llama_index.core.schema import Document
from llama_index.core.selectors import LLMSingleSelector
from llama_index.core.tools import QueryEngineTool

from shawahid.assistant.assistant import Assistant

from ..doubles.served_llm import ServedLLM

URL = os.environ.get("OPENAI_BASE_URL")  # read before each test is kept from it
MODEL = os.environ.get("SHAWAHID_MODEL", "qwen")
QUESTION = "How many passengers can the ferry carry?"

pytestmark = [pytest.mark.llm, pytest.mark.skipif(not URL, reason="OPENAI_BASE_URL names no server")]


@pytest.fixture
def llm() -> ServedLLM:
    return ServedLLM(URL or "", MODEL)


@pytest.fixture
def tool(demo: Assistant) -> QueryEngineTool:
    return QueryEngineTool.from_defaults(
        demo.as_query_engine(), name="articles", description="News articles about the town of Nawras and its harbour."
    )


def test_a_router(demo: Assistant, llm: ServedLLM, tool: QueryEngineTool) -> None:
    recipes = SummaryIndex.from_documents([Document(text="Fry the sardines in oil for four minutes.")])
    other = QueryEngineTool.from_defaults(
        recipes.as_query_engine(llm=llm), name="recipes", description="Recipes for cooking."
    )
    router = RouterQueryEngine.from_defaults([other, tool], llm=llm, selector=LLMSingleSelector.from_defaults(llm=llm))
    try:
        response = router.query(QUESTION)
    except OutputParserException as error:
        pytest.xfail(f"the model's choice could not be read: {error}")
    assert response.metadata
    chosen = response.metadata["selector_result"].ind
    print(f"\nrouter: chose {('recipes', 'articles')[chosen]}, {response.metadata['selector_result'].reason!r}")
    if chosen == 1:
        assert str(response) == str(demo.as_query_engine().query(QUESTION))
        assert response.source_nodes[0].node.metadata["source"] == "09-ferry.txt"


def test_an_agent(demo: Assistant, llm: ServedLLM, tool: QueryEngineTool) -> None:
    agent = FunctionAgent(
        tools=[tool], llm=llm, initial_tool_choice="articles", system_prompt="Look it up, then answer in a sentence."
    )

    async def run() -> Any:
        return await agent.run(QUESTION)

    output = asyncio.run(run())
    print(
        f"\nagent: {len(output.tool_calls)} calls, {[call.tool_kwargs for call in output.tool_calls]}, said {output!s}"
    )
    if not output.tool_calls:
        pytest.xfail("the model called no tool")
    for call in output.tool_calls:
        assert isinstance(call.tool_output.raw_output, Response)
        assert call.tool_output.content == str(call.tool_output.raw_output)


def test_an_evaluator(demo: Assistant, llm: ServedLLM) -> None:
    response = demo.as_query_engine().query(QUESTION)
    assert isinstance(response, Response)
    judged = FaithfulnessEvaluator(llm=llm).evaluate_response(QUESTION, response)
    made_up = FaithfulnessEvaluator(llm=llm).evaluate(
        QUESTION, "The ferry can carry 900 passengers.", [scored.node.get_content() for scored in response.source_nodes]
    )
    print(f"\nevaluator: our answer {judged.passing} ({judged.feedback!r}), a made-up one {made_up.passing}")
    assert judged.contexts == [scored.node.get_content() for scored in response.source_nodes]
