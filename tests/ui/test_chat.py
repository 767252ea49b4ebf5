"""OpenAI's chat protocol with OpenAI's own client, and what becomes of the model when a client goes away."""

import json
import logging
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from gradio_client import Client

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.settings import Settings
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest

from ..assistant.test_model import GOOD, WORDS, structured
from ..conftest import Write
from ..doubles.fake_openai import FakeOpenAI, Reply, fake_openai
from ..doubles.http_serving import Served, events_of, line_of, serving
from ..doubles.waiting import eventually

FERRY = "How many passengers can the ferry carry?"
UNANSWERED = "من فاز بكأس العالم عام 2022؟"
STREAM = {"accept": "text/event-stream"}
LONG = Reply(structured(("word " * 20_000, WORDS)), pause=0.002)
GOOD_REPLY = Reply(structured((GOOD, WORDS)))


@pytest.fixture(scope="module")
def model() -> Iterator[FakeOpenAI]:
    with fake_openai() as running:
        yield running


@pytest.fixture(scope="module")
def served(demo_folder: Path, model: FakeOpenAI, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    library = Path(shutil.copytree(demo_folder, tmp_path_factory.mktemp("served") / "library"))
    settings = Settings(library, model="test-model", base_url=model.url)
    with serving(settings, log_questions=True) as running:
        yield running


@pytest.fixture
def client(served: Served, model: FakeOpenAI) -> Iterator[openai.OpenAI]:
    model.answer = lambda request: GOOD_REPLY
    model.stopped.clear()
    with openai.OpenAI(base_url=f"{served.address}/v1", api_key="none", max_retries=0) as opened:
        yield opened


def ask(client: openai.OpenAI, *questions: Any, **options: Any) -> Any:
    messages: Any = [{"role": "user", "content": question} for question in questions]
    return client.chat.completions.create(model="shawahid", messages=messages, **options)


def test_the_model_is_listed(client: openai.OpenAI) -> None:
    assert [one.id for one in client.models.list()] == ["shawahid"]
    assert client.models.retrieve("shawahid").owned_by == "shawahid"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-4o")


def test_an_answer_has_its_marks_and_its_sources(client: openai.OpenAI, demo: Assistant) -> None:
    completion = ask(client, FERRY, temperature=0.7)
    message = completion.choices[0].message
    assert (completion.choices[0].finish_reason, completion.usage.total_tokens) == ("stop", 0)
    sentence, _, heading, source = message.content.splitlines()[-4:]
    assert sentence.startswith(f"{GOOD} [1]")
    assert heading == "Sources:"
    assert source.startswith("[1] outlet not given, 09-ferry.txt, undated: «")
    assert WORDS in source
    (annotation,) = message.annotations
    cited = annotation.url_citation
    assert message.content[cited.start_index : cited.end_index] == "[1]"
    assert cited.title == "09-ferry.txt"
    article = demo.library.find("09-ferry.txt")
    assert (cited.article, cited.sha256) == (article.id, article.sha256)
    quoted = httpx.get(cited.url).raise_for_status().json()  # no address is known, so it is the quote's own
    assert quoted["quote"] == article.text[cited.start : cited.end] == cited.quote


def test_accounts_and_addresses_are_told(client: openai.OpenAI, demo: Assistant, model: FakeOpenAI) -> None:
    model.answer = lambda request: Reply("", status=500)
    question = "كم عدد الذين خرجوا إلى ساحة البلدية رفضا لنقل سوق السمك؟"
    message, answer = ask(client, question).choices[0].message, demo.ask(question)
    for sentence in answer.sentences:
        marks = " ".join(f"[{number}]" for number in sentence.citations)
        assert f"«{sentence.text}» {marks}" in message.content
    assert all(outlet in message.content for account in answer.accounts for outlet in account.outlets)
    known = {citation.url for citation in answer.citations if citation.url}
    assert known
    assert known <= {one.url_citation.url for one in message.annotations}
    for one in message.annotations:
        number = message.content[one.url_citation.start_index : one.url_citation.end_index]
        assert answer.citation(int(number.strip("[]"))).quote == one.url_citation.quote


def test_a_stream_tells_the_same_and_nothing_before_it_is_checked(client: openai.OpenAI, model: FakeOpenAI) -> None:
    model.answer = lambda request: Reply(structured((GOOD, WORDS), ("Bananas are rich in potassium.", WORDS)))
    whole = ask(client, FERRY).choices[0].message
    chunks = list(ask(client, FERRY, stream=True, stream_options={"include_usage": True}))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == whole.content
    assert "Bananas" not in whole.content
    last, usage = chunks[-2:]
    assert last.choices[0].finish_reason == "stop"
    assert len(last.choices[0].delta.annotations) == len(whole.annotations)
    assert (usage.choices, usage.usage.total_tokens) == ([], 0)
    assert len({chunk.id for chunk in chunks}) == 1


def test_a_follow_up_leans_on_the_earlier_questions(client: openai.OpenAI, model: FakeOpenAI) -> None:
    model.answer = lambda request: Reply("How many cars can the ferry carry?")
    model.chats.clear()
    messages: Any = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": FERRY}]},
        {"role": "assistant", "content": "220 passengers"},
        {"role": "user", "content": [{"type": "text", "text": "And"}, {"type": "text", "text": "cars?"}]},
    ]
    completion = client.chat.completions.create(model="shawahid", messages=messages)
    assert FERRY in json.dumps(model.chats[0]["messages"])
    assert "30 cars" in str(completion.choices[0].message.content)


def test_what_the_articles_do_not_say_is_said(client: openai.OpenAI) -> None:
    message = ask(client, UNANSWERED).choices[0].message
    assert message.content.startswith("المقالات لا تذكر ذلك.")
    assert message.annotations == []


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"content": " "}, "question_empty"),
        ({"content": "why " * 1000}, "question_too_long"),
        ({"content": [{"type": "image_url", "image_url": {"url": "x"}}]}, "content_unreadable"),
        ({"role": "system", "content": "x"}, "question_missing"),
        ({"role": "user", "content": 3}, "invalid"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_errors_have_openai_s_shape(client: openai.OpenAI, given: dict[str, Any], code: str, stream: bool) -> None:
    messages: Any = [{"role": "user", **given}]
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(model="shawahid", messages=messages, stream=stream)
    assert (caught.value.code, caught.value.type, caught.value.param) == (code, "invalid_request_error", None)


def test_another_model_is_not_found(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as caught:
        client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": FERRY}])
    assert caught.value.code == "model_not_found"


# who goes away


def test_a_stream_tells_what_the_model_writes_before_it_is_checked(served: Served, model: FakeOpenAI) -> None:
    model.answer = lambda request: Reply(structured((GOOD, WORDS)), pause=0.02)
    with served.http.stream("POST", "/api/ask", json={"question": FERRY}, headers=STREAM) as response:
        events = [(name, json.loads(data)) for name, data in events_of(response)]
    names = [name for name, _ in events]
    assert names[:3] == ["understood", "evidence", "provisional"]
    assert names[-2:] == ["judged", "answer"]
    texts = [data["text"] for name, data in events if name == "provisional"]
    assert all(after.startswith(before) for before, after in pairwise(texts))
    assert texts[-1] == events[-2][1]["sentence"]["text"] == GOOD


@pytest.mark.parametrize("path", ["/api/ask", "/v1/chat/completions"])
@pytest.mark.parametrize("streamed", [True, False])
def test_the_model_stops_when_the_client_goes_away(
    served: Served, model: FakeOpenAI, path: str, streamed: bool
) -> None:
    model.answer = lambda request: LONG
    model.stopped.clear()
    model.chats.clear()
    own = path == "/api/ask"
    body: dict[str, Any] = {"question": FERRY}
    if not own:
        body = {"model": "shawahid", "messages": [{"role": "user", "content": FERRY}], "stream": streamed}
    headers = STREAM if own and streamed else {}
    with httpx.Client(base_url=served.address, timeout=None if streamed else 3.0) as http:
        if streamed:
            with http.stream("POST", path, json=body, headers=headers) as response:
                events = events_of(response)
                next(events)
                until_asked(model)
        else:
            with pytest.raises(httpx.ReadTimeout):
                http.post(path, json=body)
    assert model.chats
    assert model.stopped.wait(10)


def until_asked(model: FakeOpenAI) -> None:
    eventually(lambda: model.chats, "the model was not asked")


def test_the_model_stops_when_gradio_s_client_cancels(served: Served, model: FakeOpenAI) -> None:
    model.answer = lambda request: LONG
    model.stopped.clear()
    model.chats.clear()
    job = Client(served.address, verbose=False, analytics_enabled=False).submit(FERRY, api_name="/ask_stream")
    until_asked(model)
    job.cancel()
    assert model.stopped.wait(20)


def test_questions_are_logged_where_that_was_asked_for(
    served: Served, model: FakeOpenAI, caplog: pytest.LogCaptureFixture
) -> None:
    model.answer = lambda request: GOOD_REPLY
    caplog.set_level(logging.INFO, "shawahid.access")
    served.http.post("/api/ask", json={"question": UNANSWERED}, headers={"x-request-id": "asked-1"})
    assert line_of(caplog, "asked-1")["question"] == UNANSWERED


# what fails midway


def test_a_failure_midway_is_an_event(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write("ferry.txt", "The ferry of Nawras can carry 240 passengers since the spring.")
    with fake_openai() as embedding:
        monkeypatch.setenv("OPENAI_BASE_URL", embedding.url)
        with Library.open(tmp_path / "other", embedder="openai:test", create=True) as library:
            ingest(library, [tmp_path / "articles"])
        embedding.fail_with = 401
        with serving(Settings(tmp_path / "other")) as served:
            response = served.http.post("/api/ask", json={"question": FERRY})
            assert (response.status_code, response.json()["error"]) == (503, "embedder_failed")
            with served.http.stream("POST", "/api/ask", json={"question": FERRY}, headers=STREAM) as streamed:
                events = list(events_of(streamed))
            assert [name for name, _ in events] == ["understood", "error"]
            assert json.loads(events[-1][1]) == response.json()
            client = openai.OpenAI(base_url=f"{served.address}/v1", api_key="none", max_retries=0)
            with pytest.raises(openai.InternalServerError, match="did not answer"):
                ask(client, FERRY)
            with pytest.raises(openai.APIError, match="did not answer"):
                list(ask(client, FERRY, stream=True))
