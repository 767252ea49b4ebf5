"""The engine in LlamaIndex's own shapes. Importing LlamaIndex takes seconds, so nothing else here does.

from assistant.llamaindex import ShawahidQueryEngine

engine = ShawahidQueryEngine(assistant)
response = engine.query("من التقى حفتر في القاهرة؟")
response.source_nodes[0].node.start_char_idx
"""

from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from ingest.types import Article
from prompts import say

from .assistant import Assistant
from .question import read_question
from .retrieve import retrieve
from .types import Answer, Citation, Filters


class ShawahidRetriever(BaseRetriever):
    """Passages by words and meaning, the best first, with their offsets into the article's text."""

    def __init__(self, assistant: Assistant, *, top_k: int = 8, filters: Filters | None = None) -> None:
        super().__init__()
        self._assistant = assistant
        self._top_k = top_k
        self._filters = filters or Filters()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        library = self._assistant.library
        with library.reading():
            retrieval = retrieve(library, read_question(query_bundle.query_str), self._filters)
            nodes = []
            for found in retrieval.found[: self._top_k]:
                article = library.article(retrieval.articles[found.passage.text_id][0])
                node = _node(article, found.passage.start, found.passage.end, f"passage-{found.passage.id}")
                nodes.append(NodeWithScore(node=node, score=found.score))
        return nodes


class ShawahidQueryEngine(BaseQueryEngine):
    """`Assistant.ask` as a query engine: the response's source nodes are the citations, its metadata the `Answer`."""

    def __init__(self, assistant: Assistant, *, filters: Filters | None = None) -> None:
        super().__init__(callback_manager=None)
        self._assistant = assistant
        self._filters = filters

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        answer = self._assistant.ask(query_bundle.query_str, filters=self._filters)
        nodes = [NodeWithScore(node=self._cited(citation), score=answer.confidence) for citation in answer.citations]
        return Response(response=as_text(answer), source_nodes=nodes, metadata={"answer": answer.to_json()})

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return self._query(query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}

    def _cited(self, citation: Citation) -> TextNode:
        article = self._assistant.library.article(citation.article)
        return _node(article, citation.start, citation.end, f"citation-{citation.number}")


def as_text(answer: Answer) -> str:
    """An answer as plain text, each sentence with its citations' numbers, and what corrects the cited articles."""
    sentences = (f"{sentence.text} {' '.join(f'[{n}]' for n in sentence.citations)}" for sentence in answer.sentences)
    corrections = (
        f"[{number}] {say(correction.phrase, answer.language, words=correction.quote)}"
        for number, told in answer.corrections_to_tell().items()
        for correction in told
    )
    return "\n".join([answer.frame, *sentences, *corrections])


def _node(article: Article, start: int, end: int, name: str) -> TextNode:
    known: dict[str, Any] = {
        "article": article.id,
        "source": article.name,
        "title": article.metadata.title,
        "outlet": article.metadata.outlet,
        "date": article.metadata.date,
        "sha256": article.sha256,
    }
    return TextNode(
        id_=f"{article.sha256[:16]}-{name}",
        text=article.text[start:end],
        start_char_idx=start,
        end_char_idx=end,
        metadata=known,
    )
