"""The subcommand `ingest`."""

import argparse
import sys

from shawahid.assistant.settings import Settings, open_library
from shawahid.ingest.errors import LibraryMissing, SyncRefused
from shawahid.ingest.files.metadata import read_mapping
from shawahid.ingest.pipeline import ingest, preview
from shawahid.ingest.types import IngestReport

from .plain import json_text, line, terminal_language
from .progress import EmbeddingReporter
from .terminal import show_removed, show_report


def ingest_paths(arguments: argparse.Namespace, settings: Settings) -> int:
    """Take in what is at the paths, or with --dry-run say what would happen."""
    mapping = read_mapping(arguments.map)
    if arguments.dry_run:
        return _preview(arguments, settings, mapping)
    try:
        with open_library(settings, create=True) as library, EmbeddingReporter() as reporter:
            report = ingest(
                library,
                arguments.paths,
                mapping=mapping,
                sync=arguments.sync,
                confirmed=arguments.yes,
                report_embedding=reporter,
            )
    except SyncRefused as refused:
        print("\n".join(show_removed(refused.gone, "would be removed")), file=sys.stderr)
        raise
    return _told(report, arguments)


def _preview(arguments: argparse.Namespace, settings: Settings, mapping: dict[str, str]) -> int:
    try:
        with open_library(settings) as library:
            report, refused = preview(library, arguments.paths, mapping=mapping, sync=arguments.sync)
    except LibraryMissing:
        report, refused = preview(None, arguments.paths, mapping=mapping, sync=arguments.sync)
    code = _told(report, arguments)
    if refused and not arguments.yes:
        print(
            line(
                f"shawahid: --yes would be needed: more than a tenth would be removed, {refused.details['missing']}"
                f" of {refused.details['known']}"
            ),
            file=sys.stderr,
        )
    return code


def _told(report: IngestReport, arguments: argparse.Namespace) -> int:
    if arguments.json:
        print(json_text(report.to_json()))
    else:
        print(show_report(report, dry_run=arguments.dry_run, language=terminal_language()))
    return 1 if report.failed and not (report.added or report.changed or report.unchanged) else 0
