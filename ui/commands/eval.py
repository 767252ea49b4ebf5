"""The subcommand `eval`."""

import argparse

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.evaluate import Evaluation, evaluate_gold, evaluate_squad
from shawahid.assistant.gold_files import is_squad
from shawahid.assistant.settings import Settings, open_library

from .progress import EmbeddingReporter


def evaluate(arguments: argparse.Namespace, settings: Settings) -> Evaluation:
    """Ask questions with known answers: of a library, or of a reading set's own paragraphs."""
    if not is_squad(arguments.file):
        with open_library(settings) as library:
            return evaluate_gold(Assistant(library, settings), arguments.file)
    with EmbeddingReporter() as reporter:
        return evaluate_squad(
            arguments.file,
            embedder=settings.embedder,
            base_url=settings.base_url,
            questions=arguments.questions,
            pool=arguments.pool,
            hold_out=arguments.hold_out,
            report_embedding=reporter,
        )
