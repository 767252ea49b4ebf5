"""What was struck, and what came of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Strike:
    """`struck`: the blow came before the end. `wrong` is empty where nothing was lost, doubled or wrong."""

    command: str
    blow: str
    struck: bool
    wrong: tuple[str, ...]
