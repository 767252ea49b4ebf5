"""A language model behind an OpenAI-compatible server, as LlamaIndex's own kind of one: for tests."""

import json
from collections.abc import Sequence
from typing import Any

from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.llms import (
    ChatMessage,
    ChatResponse,
    ChatResponseGen,
    CompletionResponse,
    CompletionResponseGen,
    CustomLLM,
    LLMMetadata,
)
from llama_index.core.llms.callbacks import llm_chat_callback, llm_completion_callback
from llama_index.core.llms.function_calling import FunctionCallingLLM
from llama_index.core.llms.llm import ToolSelection
from llama_index.core.tools.types import BaseTool
from openai import OpenAI

WINDOW, ANSWER_TOKENS = 8_192, 200


class ServedLLM(CustomLLM, FunctionCallingLLM):
    """The model called `model` at `url`. It streams in one piece."""

    model: str
    url: str
    _client: OpenAI = PrivateAttr()

    def __init__(self, url: str, model: str = "test-model") -> None:
        super().__init__(url=url, model=model)
        self._client = OpenAI(base_url=url, api_key="none", max_retries=0, timeout=300.0)

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(
            context_window=WINDOW,
            num_output=ANSWER_TOKENS,
            is_chat_model=True,
            is_function_calling_model=True,
            model_name=self.model,
        )

    @llm_chat_callback()
    def chat(self, messages: Sequence[ChatMessage], **options: Any) -> ChatResponse:
        create: Any = self._client.chat.completions.create
        sent = [_as_sent(message) for message in messages]
        given = {name: value for name, value in options.items() if name in ("tools", "tool_choice")}
        told = create(model=self.model, messages=sent, temperature=0, max_tokens=ANSWER_TOKENS, **given)
        message = told.choices[0].message
        calls = [call.model_dump() for call in message.tool_calls or ()]
        more = {"tool_calls": calls} if calls else {}
        return ChatResponse(
            message=ChatMessage(role="assistant", content=message.content or "", additional_kwargs=more)
        )

    @llm_chat_callback()
    def stream_chat(self, messages: Sequence[ChatMessage], **options: Any) -> ChatResponseGen:
        told = self.chat(messages, **options)
        told.delta = told.message.content
        yield told

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **options: Any) -> CompletionResponse:
        return CompletionResponse(text=self.chat([ChatMessage(content=prompt)]).message.content or "")

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **options: Any) -> CompletionResponseGen:
        told = self.complete(prompt)
        told.delta = told.text
        yield told

    def _prepare_chat_with_tools(
        self,
        tools: Sequence[BaseTool],
        user_msg: str | ChatMessage | None = None,
        chat_history: list[ChatMessage] | None = None,
        verbose: bool = False,
        allow_parallel_tool_calls: bool = False,
        tool_required: bool = False,
        **options: Any,
    ) -> dict[str, Any]:
        asked = ChatMessage(role="user", content=user_msg) if isinstance(user_msg, str) else user_msg
        return {
            "messages": [*(chat_history or ()), *([asked] if asked else ())],
            "tools": [tool.metadata.to_openai_tool() for tool in tools],
            # Few servers take the name of a tool here.
            "tool_choice": "required" if tool_required or "tool_choice" in options else "auto",
        }

    def get_tool_calls_from_response(
        self, response: ChatResponse, error_on_no_tool_call: bool = True, **options: Any
    ) -> list[ToolSelection]:
        return [
            ToolSelection(
                tool_id=call["id"],
                tool_name=call["function"]["name"],
                tool_kwargs=json.loads(call["function"]["arguments"]),
            )
            for call in response.message.additional_kwargs.get("tool_calls", ())
        ]


def _as_sent(message: ChatMessage) -> dict[str, Any]:
    return {"role": message.role.value, "content": message.content or "", **message.additional_kwargs}
