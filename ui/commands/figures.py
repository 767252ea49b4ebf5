"""What came of an evaluation, as tables for the terminal."""

from collections.abc import Mapping

from shawahid.assistant.evaluation.evaluate import Evaluation
from shawahid.assistant.evaluation.natural import NaturalEvaluation

from .plain import line

_MOST_FAILURES = 20


def show(evaluation: Evaluation | NaturalEvaluation) -> str:
    """The figures of either kind of file."""
    return _show_natural(evaluation) if isinstance(evaluation, NaturalEvaluation) else _show_gold(evaluation)


def _show_gold(evaluation: Evaluation) -> str:
    """The figures as a table, then the questions that were not answered rightly."""
    lines = []
    for group in ("retrieval", "citation", "abstention", "composition"):
        figures = {name: value for name, value in getattr(evaluation, group).items() if value is not None}
        if figures:
            lines.append(f"{group:<12}" + "  ".join(f"{name} {value:.3f}" for name, value in figures.items()))
    rows = evaluation.questions
    for label, group_rows in (
        ("answerable", [row for row in rows if row.answerable]),
        ("unanswerable", [row for row in rows if not row.answerable]),
    ):
        if group_rows:
            lines.append(f"{label:<13}{sum(row.right for row in group_rows)} of {len(group_rows)} right")
    wrong = [row for row in rows if not row.right]
    lines += [
        line(f"  not right: {row.id} ({row.status}, {row.confidence:.2f}) {row.question}")
        for row in wrong[:_MOST_FAILURES]
    ]
    if len(wrong) > _MOST_FAILURES:
        lines.append(f"  … and {len(wrong) - _MOST_FAILURES} more: --json prints all")
    return "\n".join(lines)


def _show_natural(evaluation: NaturalEvaluation) -> str:
    """The figures, a line for each kind, after what was left out."""
    lines = [line(f"left out: {count} rows, {why}") for why, count in evaluation.left_out.items()]
    if evaluation.unlisted:
        lines.append(f"the library lacks the articles of {evaluation.unlisted} of the words that the file names")
    kinds = list(evaluation.figures)
    width = max(map(len, kinds)) + 2
    names = list(evaluation.figures[kinds[0]])
    lines.append(line("kind".ljust(width) + "  ".join(names)))
    lines += [line(kind.ljust(width) + _cells(figures)) for kind, figures in evaluation.figures.items()]
    return "\n".join(lines)


def _cells(figures: Mapping[str, float | None]) -> str:
    """Each figure under its name: counts whole, shares with two places, a stroke where it does not apply."""
    cells = {
        name: "–" if value is None else str(value) if isinstance(value, int) else f"{value:.2f}"
        for name, value in figures.items()
    }
    return "  ".join(cell.rjust(len(name)) for name, cell in cells.items())
