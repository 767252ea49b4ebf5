"""The subcommand `eval`."""

import argparse
from datetime import date

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.evaluation.evaluate import Evaluation, evaluate_gold, evaluate_squad
from shawahid.assistant.evaluation.gold_files import is_squad
from shawahid.assistant.evaluation.natural import NaturalEvaluation, evaluate_natural
from shawahid.assistant.evaluation.natural_files import read_natural
from shawahid.assistant.settings import Settings, open_library

from .progress import EmbeddingReporter


def evaluate(arguments: argparse.Namespace, settings: Settings) -> Evaluation | NaturalEvaluation:
    """Ask what has known answers: of a library, or of a reading set's own paragraphs."""
    today: date | None = arguments.today
    if not is_squad(arguments.file):
        natural = read_natural(arguments.file)
        with open_library(settings) as library:
            assistant = Assistant(library, settings)
            if natural:
                return evaluate_natural(assistant, natural, corpus=arguments.corpus, today=today)
            return evaluate_gold(assistant, arguments.file, today=today)
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
