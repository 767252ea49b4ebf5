"""The subcommands `backup` and `restore`."""

import argparse
from collections.abc import Callable
from pathlib import Path

from shawahid.assistant.settings import Settings, open_library

from .plain import line

Command = Callable[[argparse.Namespace, Settings], int]


def add_backups(add: Callable[[str, Command, str], argparse.ArgumentParser]) -> None:
    """What they take."""
    add(
        "backup", _backup, "write the articles, uploads and conversations, or what changed of them, to a folder"
    ).add_argument("destination", type=Path, metavar="DEST")
    add("restore", _restore, "make a library of a backup, where there is none yet").add_argument(
        "source", type=Path, metavar="SOURCE"
    )


def _backup(arguments: argparse.Namespace, settings: Settings) -> int:
    from shawahid.ingest.backup import backup

    with open_library(settings) as library:
        made = backup(library, arguments.destination)
    print(line(f"backed up {made.files} files, {made.written} of them changed: {arguments.destination}"))
    return 0


def _restore(arguments: argparse.Namespace, settings: Settings) -> int:
    from shawahid.ingest.backup import restore

    problems = restore(arguments.source, settings.library)
    print("\n".join(map(line, problems or [f"restored, and all holds: {settings.library}"])))
    return 1 if problems else 0
