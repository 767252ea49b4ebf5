"""Backups: consistent while in use, incremental by file, and refused where they are damaged."""

from pathlib import Path

import pytest

from shawahid.ingest.backup import backup, restore
from shawahid.ingest.check import check
from shawahid.ingest.errors import BackupDamaged, LibraryUnwritable
from shawahid.ingest.library import Library
from shawahid.ingest.writer import writing
from shawahid.ui.questions.conversations import Conversations

from ..conftest import Run


def test_a_backup_is_restored_with_all_that_is_not_derived(demo_copy: Path, tmp_path: Path) -> None:
    (demo_copy / "uploads").mkdir()
    (demo_copy / "uploads" / "a.txt").write_text("uploaded", encoding="utf-8")
    with Conversations.open(demo_copy) as conversations:
        conversations.begin("me")
    with Library.open(demo_copy) as library:
        rows, embedded = library.articles(), library.status().embedded
        with writing(library):  # in use
            first = backup(library, tmp_path / "backup")
        assert (first.files, first.written) == (3, 3)
        assert backup(library, tmp_path / "backup").written == 0
    assert restore(tmp_path / "backup", tmp_path / "restored") == []
    with Library.open(tmp_path / "restored") as library:
        assert library.articles() == rows
        assert library.status().embedded == embedded
        assert library.search_words("موسم السردين", 5)
        assert check(library) == []
    with Conversations.open(tmp_path / "restored") as conversations:
        assert len(conversations.list("me")) == 1
    assert (tmp_path / "restored" / "uploads" / "a.txt").read_text(encoding="utf-8") == "uploaded"
    with pytest.raises(LibraryUnwritable, match="something is there already"):
        restore(tmp_path / "backup", tmp_path / "restored")


def test_a_damaged_backup_is_refused(demo_copy: Path, tmp_path: Path) -> None:
    with Library.open(demo_copy) as library:
        backup(library, tmp_path / "backup")
    for path in (tmp_path / "backup" / "backup.json", *(tmp_path / "backup" / "objects").iterdir()):
        whole = path.read_bytes()
        for damaged in (whole[:-9], b"", whole[:100] + bytes([whole[100] ^ 1]) + whole[101:]):
            path.write_bytes(damaged)
            with pytest.raises(BackupDamaged):
                restore(tmp_path / "backup", tmp_path / "restored")
            assert not (tmp_path / "restored").exists()
        path.write_bytes(whole)
    with pytest.raises(BackupDamaged, match="cannot be read"):
        restore(tmp_path / "none", tmp_path / "restored")


def test_from_the_command_line(demo_copy: Path, tmp_path: Path, shawahid: Run) -> None:
    assert "backed up 1 files" in shawahid("--library", str(demo_copy), "backup", str(tmp_path / "backup")).stdout
    restored = shawahid("--library", str(tmp_path / "restored"), "restore", str(tmp_path / "backup"))
    assert "all holds" in restored.stdout
