"""The subcommand `feedback`."""

import argparse
import json
from pathlib import Path

from shawahid.assistant.dossier.file import escape_hidden
from shawahid.assistant.settings import Settings
from shawahid.ingest.errors import InputError, LibraryMissing
from shawahid.ingest.types import LIBRARY_FILE
from shawahid.ui.questions.conversations import FILE_NAME, Conversations

from .plain import line


class FeedbackUnwritable(InputError):
    code = "feedback_unwritable"
    template = "The rated answers cannot be written to {path}: {problem}."


def feedback(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print every answer of the page that was rated, a line of JSON each, or write them to a file."""
    lines = _lines(settings.library)
    if arguments.output is None:
        print("".join(lines), end="")
        return 0
    try:
        arguments.output.write_text("".join(lines), encoding="utf-8", newline="\n")
    except OSError as error:
        raise FeedbackUnwritable(path=arguments.output, problem=error.strerror or error) from error
    print(line(f"wrote {arguments.output}: {len(lines)} rated answers"))
    return 0


def _lines(folder: Path) -> list[str]:
    if not (folder / LIBRARY_FILE).is_file():
        raise LibraryMissing(path=folder)
    if not (folder / FILE_NAME).is_file():  # nobody has asked on the page yet
        return []
    with Conversations.open(folder, reading=True) as conversations:
        return [f"{escape_hidden(json.dumps(rated, ensure_ascii=False))}\n" for rated in conversations.export()]
