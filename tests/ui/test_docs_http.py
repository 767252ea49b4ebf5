"""What docs/http.md says is so: each command and each example is run against a server."""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from shawahid.assistant.settings import Settings

from ..conftest import REPOSITORY
from ..doubles.http_serving import Served, serving

DOCUMENT = (REPOSITORY / "docs" / "http.md").read_text(encoding="utf-8")
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:7860"


@pytest.fixture
def served(demo_copy: Path) -> Iterator[Served]:
    with serving(Settings(demo_copy)) as running:
        yield running


def test_each_command_gives_what_is_shown(served: Served, tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text("The lighthouse of Nawras was painted green.", encoding="utf-8")
    (tmp_path / "page.html").write_text("<html><body></body></html>", encoding="utf-8")
    shown = 0
    for commands, expected in re.findall(r"```bash\n(.*?)```(?:\n\n```json\n(.*?)```)?", DOCUMENT + README, re.DOTALL):
        for command in re.split(r"(?<!\\)\n", commands.strip()):
            told = f"{command.replace(ADDRESS, served.address)} --fail-with-body"
            run = subprocess.run(["bash", "-c", told], cwd=tmp_path, capture_output=True, text=True)
            assert run.returncode == (22 if "/999" in command else 0), command + run.stdout
        if expected:
            assert json.loads(run.stdout) == json.loads(expected)
            shown += 1
    assert shown == 3
    assert served.http.get("/api/articles/9").json()["metadata"]["date"] == "2024-04"
    assert served.http.get("/api/articles/10").status_code == 404


def test_each_example_in_python_runs(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"```py\n(.*?)```", DOCUMENT, re.DOTALL)
    assert len(blocks) == 3
    for block in blocks:
        names: dict[str, object] = {}
        exec(compile(block.replace(ADDRESS, served.address), "http.md", "exec"), names)
        if hasattr(names.get("client"), "close"):
            names["client"].close()  # type: ignore[attr-defined]
        assert "220 passengers" in capsys.readouterr().out


def test_every_route_is_named_and_every_one_named_exists(served: Served) -> None:
    paths = set(served.http.get("/api/openapi.json").json()["paths"])
    named = re.findall(r"`(?:(?:GET|POST|PATCH|DELETE) )?(/(?:api|v1|health|ready)[\w/{}.]*)`", DOCUMENT)
    assert set(named) - {"/api", "/v1", "/api/openapi.json"} == paths


def test_every_status_is_told(served: Served) -> None:
    described = served.http.get("/api/openapi.json").json()["paths"]
    declared = {
        status
        for operations in described.values()
        for operation in operations.values()
        for status in operation["responses"]
        if status >= "400"
    }
    assert set(re.findall(r"^\| (\d{3}) \|", DOCUMENT, re.MULTILINE)) == {*declared, "405"}


def test_the_command_serves_and_logs_and_ends(demo_copy: Path) -> None:
    (command,) = re.findall(r"```sh\nshawahid (.*)\n```", DOCUMENT)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = [sys.executable, "-m", "shawahid", "--library", str(demo_copy), *shlex.split(command)]
    server = subprocess.Popen(
        [*arguments, "--port", str(port)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert server.stdout
        assert server.stdout.readline() == f"Shawahid: http://127.0.0.1:{port}/\n"
        with httpx.Client(transport=httpx.HTTPTransport(retries=8)) as http:  # it listens a moment later
            assert http.get(f"http://127.0.0.1:{port}/health").json() == {"status": "alive"}
            assert http.get(f"http://127.0.0.1:{port}/").status_code == 200
    finally:
        server.send_signal(signal.SIGINT)
        _, errors = server.communicate(timeout=60)
    (example,) = re.findall(r"```\n(\{.*\})\n```", DOCUMENT)
    lines = [json.loads(line) for line in errors.splitlines() if line.startswith("{")]
    assert [(line["path"], line["status"]) for line in lines if "path" in line] == [("/health", 200), ("/", 200)]
    assert all(list(line) == list(json.loads(example)) for line in lines if "path" in line)
