"""The command `shawahid`. Each subcommand imports only what it needs, so that `--help` is quick."""

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from shawahid.assistant.configuration import SWITCH
from shawahid.assistant.settings import SETTINGS, Settings, load_settings, open_library
from shawahid.ingest.errors import ShawahidError
from shawahid.ingest.network import LOCAL_VARIABLE

from .backup import add_backups
from .plain import json_text, line, terminal_language
from .question import add_question, add_today
from .serve import add_serving
from .users import add_users

Command = Callable[[argparse.Namespace, Settings], int]
_METADATA = ("title", "outlet", "author", "date", "captured", "url", "language")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 an error that was explained, 2 a wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal without Arabic shows question marks, not a traceback
            stream.reconfigure(errors="replace")
    parsed = make_parser().parse_args(arguments)
    command: Command = parsed.command
    if getattr(parsed, "local", None) is False:  # a flag comes before the environment, which is asked at each sending
        os.environ.pop(LOCAL_VARIABLE, None)
    try:
        file, given = _given(parsed)
        # `config` tells of settings that contradict each other, too.
        return command(parsed, Settings() if command is _config else load_settings(file, **given))
    except ShawahidError as error:
        print(line(f"shawahid: {explain(error)}"), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nshawahid: stopped. What was committed is kept; the same command goes on from there.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of a pipe, such as head, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _given(parsed: argparse.Namespace) -> tuple[str | None, dict[str, str | bool | None]]:
    """The settings file that is named, and what the flags say of each setting."""
    return getattr(parsed, "config", None), {item.name: getattr(parsed, item.name, None) for item in SETTINGS}


def explain(error: ShawahidError) -> str:
    """An error in the language of the terminal."""
    from shawahid.prompts import say

    return say(error.code, "ar", **error.details) if terminal_language() == "ar" else str(error)


def make_parser() -> argparse.ArgumentParser:
    """Reads the command's arguments: `command` is what to do with them."""
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument("--config", metavar="FILE", help="the settings file (else $SHAWAHID_CONFIG, else your own)")
    for item in SETTINGS:
        if item.kind is SWITCH:
            shared.add_argument(item.flag, action=argparse.BooleanOptionalAction, help=item.help)
        elif item.metavar:
            shared.add_argument(item.flag, metavar=item.metavar, help=item.help)
    parser = argparse.ArgumentParser(
        prog="shawahid",
        parents=[shared],
        description="Ask news articles; every sentence of the answer shows the exact words it rests on.",
    )
    parser.add_argument("--version", action="version", version=f"shawahid {version('shawahid')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Command, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, parents=[shared], help=text, description=f"{text[0].upper()}{text[1:]}.")
        sub.set_defaults(command=command)
        return sub

    _add_reading(add)
    add_serving(add)
    add_users(add, shared)
    _add_writing(add)
    add_backups(add)
    return parser


def _add_reading(add: Callable[[str, Command, str], argparse.ArgumentParser]) -> None:
    ask = add("ask", _ask, "answer a question from the articles")
    add_question(ask)
    ask.add_argument("--json", action="store_true", help="print the whole answer as JSON")
    dossier = add("dossier", _dossier, "answer a question, and write the answer with all that is needed to check it")
    add_question(dossier)
    dossier.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="FILE",
        help="its ending tells the format: .md, .html, .json",
    )
    verify = add(
        "verify", _verify, "check every quote of a dossier against the library, or against the articles' files"
    )
    verify.add_argument("file", type=Path, metavar="FILE")
    verify.add_argument(
        "--files", type=Path, metavar="DIR", help="against the articles' own files under DIR, without the library"
    )
    _add_mapping(verify)
    verify.add_argument("--json", action="store_true", help="print what became of each quote as JSON")
    add("status", _status, "say what the library holds, and where text goes").add_argument(
        "--json", action="store_true"
    )
    add("doctor", _doctor, "try what answers depend on: the library, the embedder and the model, with a real call")
    config = add("config", _config, "print each setting and where its value comes from")
    config.add_argument("--json", action="store_true")
    add("list", _list, "list the articles").add_argument("--json", action="store_true")
    show = add("show", _show, "show one article, its page furniture marked")
    show.add_argument("article", help="its number, source or file name, or the SHA-256 of an older text")
    show.add_argument("--json", action="store_true")
    checked = add("check", _check, "hold every stored span, hash and index against each other")
    checked.add_argument("--repair", action="store_true", help="make what is derived anew, without embedding")
    feedback = add("feedback", _feedback, "print the answers of the page that were rated, a line of JSON each")
    feedback.add_argument("-o", "--output", type=Path, metavar="FILE", help="write them to this file instead")
    evaluate = add("eval", _eval, "ask questions with known answers, and say how many came out right")
    evaluate.add_argument(
        "file",
        type=Path,
        help="questions, claims or sentences (JSONL) over your library, or SQuAD JSON over its own paragraphs",
    )
    evaluate.add_argument(
        "--questions", type=Path, metavar="OTHER", help="ask this SQuAD file's questions instead, joined on id"
    )
    evaluate.add_argument("--pool", type=Path, metavar="OTHER", help="search this SQuAD file's paragraphs too")
    evaluate.add_argument(
        "--hold-out", choices=("titles", "own"), help="leave out every second title, or each question's own paragraph"
    )
    evaluate.add_argument("--corpus", metavar="NAME", help="ask only the rows of this corpus")
    add_today(evaluate)
    evaluate.add_argument("--json", action="store_true", help="print every figure as JSON")


def _add_writing(add: Callable[[str, Command, str], argparse.ArgumentParser]) -> None:
    ingest = add("ingest", _ingest, "take in articles: files, folders and archives")
    ingest.add_argument("paths", nargs="+", metavar="PATH")
    _add_mapping(ingest)
    ingest.add_argument("--sync", action="store_true", help="remove what is not under PATH any more")
    ingest.add_argument("--yes", action="store_true", help="let --sync remove more than a tenth of what came from PATH")
    ingest.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")
    ingest.add_argument("--json", action="store_true", help="print the report as JSON")
    edit = add("edit", _edit, "set an article's metadata by hand")
    edit.add_argument("article", help="its number, source or file name")
    for name in _METADATA:
        edit.add_argument(f"--{name}", help='what it is; "" takes back what was set' if name == "title" else None)
    remove = add("remove", _remove, "take articles out of the library")
    remove.add_argument("articles", nargs="+", metavar="ARTICLE", help="numbers, sources or file names")
    prune = add("prune", _prune, "forget the older texts that are kept for old citations")
    prune.add_argument("--before", metavar="DATE", help="only those that articles left before this day")
    publish = add("publish", _publish, "write a snapshot to be read elsewhere, and point its readers to it")
    publish.add_argument("destination", type=Path, metavar="DEST")
    publish.add_argument("--keep", type=int, default=2, metavar="N", help="how many versions stay there (2)")
    rebuild = add("rebuild", _rebuild, "make the indexes anew, without embedding again")
    rebuild.add_argument(
        "--embed", action="store_true", help="split and embed everything again, with --embedder if given"
    )


def _add_mapping(sub: argparse.ArgumentParser) -> None:
    sub.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=NAME",
        help="what a record calls a field, such as outlet=paper",
    )


def _print_json(value: object) -> None:
    print(json_text(value))


def _ask(arguments: argparse.Namespace, settings: Settings) -> int:
    from shawahid.assistant.assistant import Assistant

    from .question import wish_of
    from .terminal import show_answer

    with open_library(settings) as library:
        assistant = Assistant(library, settings)
        answer = wish_of(arguments, assistant).answer(assistant)
    if arguments.json:
        _print_json(answer.to_json())
    else:
        print(show_answer(answer))
    return 0


def _dossier(arguments: argparse.Namespace, settings: Settings) -> int:
    from .dossier import make_dossier

    return make_dossier(arguments, settings)


def _verify(arguments: argparse.Namespace, settings: Settings) -> int:
    from .dossier import verify

    return verify(arguments, settings)


def _feedback(arguments: argparse.Namespace, settings: Settings) -> int:
    from .feedback import feedback

    return feedback(arguments, settings)


def _ingest(arguments: argparse.Namespace, settings: Settings) -> int:
    from .ingest import ingest_paths

    return ingest_paths(arguments, settings)


def _status(arguments: argparse.Namespace, settings: Settings) -> int:
    from dataclasses import asdict

    from shawahid.ingest.network import chosen_host

    from .terminal import show_status

    with open_library(settings) as library:
        status = library.status()
    if arguments.json:
        model = {"name": settings.model, "host": chosen_host(settings.base_url)} if settings.model else None
        _print_json({**asdict(status), "model": model, "strictness": settings.strictness, "local": settings.local})
    else:
        print(show_status(status, settings))
    return 0


def _config(arguments: argparse.Namespace, settings: Settings) -> int:
    from .config import print_config

    return print_config(*_given(arguments), as_json=arguments.json)


def _doctor(arguments: argparse.Namespace, settings: Settings) -> int:
    from shawahid.assistant.doctor import examine

    well = True
    for finding in examine(settings):
        well = well and finding.well
        print(line(f"{'ok   ' if finding.well else 'FAILS'} {finding.part:<9} {finding.told}"), flush=True)
    return 0 if well else 1


def _list(arguments: argparse.Namespace, settings: Settings) -> int:
    from dataclasses import asdict

    from .terminal import show_list

    with open_library(settings) as library:
        rows = library.articles()
    if arguments.json:
        _print_json([asdict(row) for row in rows])
    else:
        print(show_list(rows))
    return 0


def _show(arguments: argparse.Namespace, settings: Settings) -> int:
    from dataclasses import asdict

    from shawahid.ingest.types import PastText

    from .terminal import show_article, show_past

    with open_library(settings) as library:
        found = library.past(arguments.article.lower()) or library.find(arguments.article)
    if isinstance(found, PastText):
        values, shown = asdict(found), show_past(found)
    else:
        spans = [{"start": s.start, "end": s.end, "text": found.text[s.start : s.end]} for s in found.furniture]
        values, shown = {**asdict(found), "furniture": spans}, show_article(found)
    if arguments.json:
        _print_json(values)
    else:
        print(shown)
    return 0


def _check(arguments: argparse.Namespace, settings: Settings) -> int:
    from shawahid.ingest.check import check
    from shawahid.ingest.repair import repair

    with open_library(settings) as library:
        problems = repair(library) if arguments.repair else check(library)
    print(
        "\n".join(map(line, problems)) or "All holds: texts, hashes, spans, passages, vectors and both indexes agree."
    )
    return 1 if problems else 0


def _edit(arguments: argparse.Namespace, settings: Settings) -> int:
    from shawahid.ingest.errors import MetadataInvalid
    from shawahid.ingest.files.metadata import edited_metadata
    from shawahid.ingest.writer import writing

    from .terminal import show_list

    given = {name: getattr(arguments, name) for name in _METADATA if getattr(arguments, name) is not None}
    if not given:
        raise MetadataInvalid(
            field="edit", value="", remedy="say what to set, such as --outlet NAME or --date 2019-04-14"
        )
    changes = edited_metadata(given)
    with open_library(settings) as library:
        article = library.find(arguments.article)
        with writing(library) as writer:
            writer.edit(article.id, changes)
        print(show_list([row for row in library.articles() if row.id == article.id]))
    return 0


def _remove(arguments: argparse.Namespace, settings: Settings) -> int:
    from shawahid.ingest.pipeline import remove

    with open_library(settings) as library:
        articles = list({found.id: found for found in map(library.find, arguments.articles)}.values())
        remove(library, [article.id for article in articles])
    for article in articles:
        print(line(f"removed {article.id}  {article.source}"))
    return 0


def _prune(arguments: argparse.Namespace, settings: Settings) -> int:
    from shawahid.ingest.files.dates import demand_date
    from shawahid.ingest.pipeline import prune

    before = demand_date(arguments.before, "--before") if arguments.before else None
    with open_library(settings) as library:
        forgotten = prune(library, before)
    print(f"forgotten: {forgotten.texts} older texts, {forgotten.size:,} bytes")
    return 0


def _publish(arguments: argparse.Namespace, settings: Settings) -> int:
    from shawahid.ingest.publish import publish

    with open_library(settings) as library:
        made = publish(library, arguments.destination, keep=arguments.keep)
    print(line(f"published version {made.version}, {made.size:,} bytes: {made.folder}"))
    return 0


def _rebuild(arguments: argparse.Namespace, settings: Settings) -> int:
    from dataclasses import replace

    from shawahid.ingest.embedders.open import open_embedder
    from shawahid.ingest.pipeline import rebuild

    from .progress import EmbeddingReporter

    chosen = settings.embedder if arguments.embed else None
    # Opened with the embedder it was made with: changing that is what --embed is for.
    opened = replace(settings, embedder=None, local=settings.local and not chosen) if arguments.embed else settings
    with open_library(opened) as library, EmbeddingReporter() as reporter:
        if chosen:
            open_embedder(
                chosen, settings.base_url
            )  # a name that is not known must fail before anything is thrown away
        rebuild(library, embedder=(chosen or library.embedder_name) if arguments.embed else None, report=reporter)
        status = library.status()
    print(f"rebuilt: {status.passages} passages, {status.embedded} embedded, {status.indexed} in the Chroma index")
    return 0


def _eval(arguments: argparse.Namespace, settings: Settings) -> int:
    from .eval import evaluate

    evaluation = evaluate(arguments, settings)
    if arguments.json:
        _print_json(evaluation.to_json())
    else:
        from .figures import show

        print(show(evaluation))
    return 0
