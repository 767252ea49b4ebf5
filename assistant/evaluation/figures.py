"""What an evaluation is summed up in."""

from collections.abc import Sequence

Figures = dict[str, float | None]
"""Figures by their names; None where one does not apply."""


def mean(values: Sequence[float]) -> float | None:
    """The mean of values, None of none."""
    return sum(values) / len(values) if values else None
