"""Turns a question into an `Answer` whose every sentence carries citations that can be checked.

from assistant import Assistant

with Assistant.open("my-library") as assistant:
    answer = assistant.ask("من التقى حفتر في القاهرة؟")
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .assistant import Assistant
    from .types import Account, Answer, Citation, Coverage, Filters, Sentence

__all__ = ["Account", "Answer", "Assistant", "Citation", "Coverage", "Filters", "Sentence"]


def __getattr__(name: str) -> Any:
    """Import on first use, so that `import assistant` costs nothing."""
    if name == "Assistant":
        from .assistant import Assistant

        return Assistant
    if name in __all__:
        from . import types

        return getattr(types, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
