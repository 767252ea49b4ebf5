"""The shapes of OpenAI's chat protocol, as far as they are spoken here."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

MODEL = "shawahid"


class ContentPart(BaseModel):
    """A part of a message; only text can be read."""

    model_config = ConfigDict(extra="allow")
    type: str
    text: str | None = None


class ChatMessage(BaseModel):
    """A message of a conversation; those of the user are its questions."""

    model_config = ConfigDict(extra="allow")
    role: str
    content: str | list[ContentPart] | None = None


class StreamOptions(BaseModel):
    """Whether a stream ends with the usage."""

    model_config = ConfigDict(extra="allow")
    include_usage: bool | None = None


class ChatRequest(BaseModel):
    """A conversation. Its last user message is the question, the earlier ones are its history. What else the protocol
    knows, such as the temperature, is taken and has no effect: an answer is what the articles say."""

    model_config = ConfigDict(extra="allow")
    model: Annotated[str, Field(examples=[MODEL])]
    messages: Annotated[list[ChatMessage], Field(min_length=1)]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = None


class UrlCitation(BaseModel):
    """What a mark such as [1] stands for. `start_index` and `end_index` are where the mark stands in the message, in
    code points; `url` is the article's own address, else that of the quote on this server. `article`, `start`, `end`
    and `sha256` tell the exact words, as everywhere here."""

    start_index: int
    end_index: int
    title: str
    url: str
    article: int
    start: int
    end: int
    sha256: str
    quote: str


class Annotation(BaseModel):
    """A citation in a message."""

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation


class AnswerMessage(BaseModel):
    """An answer as a message."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: list[Annotation]


class Choice(BaseModel):
    """The one choice there is."""

    index: Literal[0] = 0
    message: AnswerMessage
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class Usage(BaseModel):
    """Always zero: words are not counted by tokens here."""

    prompt_tokens: Literal[0] = 0
    completion_tokens: Literal[0] = 0
    total_tokens: Literal[0] = 0


class ChatCompletion(BaseModel):
    """An answer as OpenAI's clients read it."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str = MODEL
    choices: list[Choice]
    usage: Usage = Usage()


class ModelCard(BaseModel):
    """A model that can be chosen."""

    id: str = MODEL
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "shawahid"


class ModelList(BaseModel):
    """The models that can be chosen."""

    object: Literal["list"] = "list"
    data: list[ModelCard]


class ChatProblem(BaseModel):
    """What went wrong, in OpenAI's shape."""

    message: str
    type: str
    param: str | None
    code: str | None


class ChatError(BaseModel):
    """An error, in OpenAI's shape."""

    error: ChatProblem
