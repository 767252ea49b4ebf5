"""A library in a folder that cannot be written, or on a full disk, can still be asked."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from shawahid.assistant.assistant import Assistant
from shawahid.ingest.check import check
from shawahid.ingest.errors import LibraryUnwritable
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import remove

from ..doubles.browser import serving

FERRY = "How many passengers can the ferry carry?"


@pytest.fixture
def read_only(demo_copy: Path, tmp_path: Path) -> Iterator[Path]:
    """The demo articles where nothing can be written: by their permissions, or for root on a mount."""
    if os.geteuid():
        demo_copy.chmod(0o555)
        yield demo_copy
        demo_copy.chmod(0o755)
        return
    place = tmp_path / "mounted"
    place.mkdir()
    if subprocess.run(["mount", "--bind", demo_copy, place], capture_output=True, check=False).returncode:
        pytest.skip("root may write everywhere here, and may not mount")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", place], check=True)
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


def test_it_is_asked_and_checked_and_not_changed(read_only: Path) -> None:
    with Assistant.open(read_only) as assistant:
        assert "220 passengers" in assistant.ask(FERRY).citations[0].quote
        assert check(assistant.library) == []
        with pytest.raises(LibraryUnwritable, match="no permission to write"):
            remove(assistant.library, [1])


def test_it_is_served(read_only: Path) -> None:
    with serving(read_only) as server, httpx.Client(base_url=server.address, timeout=60) as client:
        assert client.post("api/ask", json={"question": FERRY}).json()["status"] == "answered"
        sent = client.post("api/ingest", files={"files": ("a.txt", "The tram of Nawras runs again.")})
        assert (sent.status_code, sent.json()["error"]) == (503, "library_unwritable")
        assert client.get("/").status_code == 200


def test_what_was_written_last_is_not_passed_over(demo_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (demo_copy / "library.sqlite-wal").write_bytes(b"what a killed process left")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(LibraryUnwritable, match="journal"):
        Library.open(demo_copy)
