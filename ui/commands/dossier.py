"""The subcommands `dossier` and `verify`."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from shawahid.assistant.dossier.dossier import Dossier, quotes
from shawahid.assistant.dossier.file import OpenedDossier, open_dossier
from shawahid.assistant.dossier.recheck import FileTexts, LibraryTexts, Rechecked, Texts, recheck
from shawahid.assistant.settings import Settings, open_library
from shawahid.assistant.types import Citation
from shawahid.ingest.errors import LibraryMissing, PathMissing
from shawahid.ingest.files.metadata import read_mapping
from shawahid.ingest.library import Library

from .plain import json_text, line
from .question import wish_of


def make_dossier(arguments: argparse.Namespace, settings: Settings) -> int:
    """Ask, and write the answer with all that is needed to check it."""
    from shawahid.assistant.assistant import Assistant
    from shawahid.ui.dossiers.write import demand_format, write_dossier

    demand_format(arguments.output)  # before a model is asked for nothing
    with open_library(settings) as library:
        assistant = Assistant(library, settings)
        wish, asked_at = wish_of(arguments, assistant), datetime.now(UTC)
        answer = wish.answer(assistant)
    write_dossier(Dossier(answer, asked_at, version("shawahid"), wish.filters), arguments.output)
    print(line(f"wrote {arguments.output}: {answer.status}, quotes: {sum(1 for _ in quotes(answer))}"))
    return 0


def verify(arguments: argparse.Namespace, settings: Settings) -> int:
    """Check every quote of a dossier; 0 only where all hold and nothing that is seen was altered."""
    opened = open_dossier(arguments.file)
    with _texts(arguments, settings, opened.dossier) as (texts, against):
        found = recheck(opened.dossier, texts)
    holds = not opened.altered and all(item.state == "holds" for item in found)
    if arguments.json:
        print(json_text(_report(opened, found, against, holds)))
    else:
        print("\n".join(map(line, _lines(opened, found, against))))
    return 0 if holds else 1


@contextmanager
def _texts(arguments: argparse.Namespace, settings: Settings, dossier: Dossier) -> Iterator[tuple[Texts, str]]:
    """Where the articles' texts are looked for, and what to call that."""
    if arguments.files is None:
        try:
            library = Library.open(settings.library)
        except LibraryMissing as error:
            print(line(f"shawahid: {error}"), file=sys.stderr)
        else:
            with library:
                yield LibraryTexts(library), f"the library {settings.library}"
            return
    folder = arguments.files or arguments.file.absolute().parent
    if not folder.exists():
        raise PathMissing(path=folder)
    yield FileTexts(folder, dossier, read_mapping(arguments.map)), f"the files in {folder}"


def _lines(opened: OpenedDossier, found: Sequence[Rechecked], against: str) -> Iterator[str]:
    for item in found:
        yield f"{item.state:<8} {item.quoted.label} {_place(item)}"
        if item.nearest:
            yield f"         now: {' '.join(item.nearest.split())}"
        if item.note:
            yield f"         {item.note}"
    yield from (f"altered  {altered}" for altered in opened.altered)
    held = sum(item.state == "holds" for item in found)
    told = f"{held} of {len(found)} quotes hold against {against}" if found else "The dossier quotes nothing"
    yield f"{told}{', and its visible text was altered' if opened.altered else ''}."


def _place(item: Rechecked) -> str:
    of = item.quoted.of
    name = of.source if isinstance(of, Citation) else of.title or ""
    moved = f", now {item.found.start}–{item.found.end}" if item.found else ""
    return f"{name} ({of.article}) · {of.start}–{of.end}{moved}"


def _report(opened: OpenedDossier, found: Sequence[Rechecked], against: str, holds: bool) -> dict[str, Any]:
    dossier = opened.dossier
    return {
        "question": dossier.answer.question,
        "asked_at": dossier.asked,
        "program": dossier.program,
        "against": against,
        "holds": holds,
        "altered": list(opened.altered),
        "quotes": [_quote(item) for item in found],
    }


def _quote(item: Rechecked) -> dict[str, Any]:
    of, found = item.quoted.of, item.found
    return {
        "state": item.state,
        "part": item.quoted.part,
        "number": item.quoted.number,
        "article": of.article,
        "source": of.source if isinstance(of, Citation) else None,
        "start": of.start,
        "end": of.end,
        "sha256": of.sha256,
        "quote": of.quote,
        "found": {"start": found.start, "end": found.end} if found else None,
        "nearest": item.nearest,
        "note": item.note,
    }
