"""Turns a question into an `Answer` whose every sentence carries citations that can be checked.

from assistant import Assistant

with Assistant.open("my-library") as assistant:
    answer = assistant.ask("من التقى حفتر في القاهرة؟")

The names listed here are the ones to build on, together with the two in `assistant.llamaindex`; docs/python.md tells
how to use them. All else, in this package and in `ingest`, `prompts` and `ui`, is internal and may change in any
version.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.embed import EmbedderUnknown
    from ingest.errors import (
        ArticleAmbiguous,
        ArticleUnknown,
        EmbedderFailed,
        EmbedderMismatch,
        InputError,
        LibraryBusy,
        LibraryDamaged,
        LibraryError,
        LibraryMissing,
        LibraryTooNew,
        LibraryUnwritable,
        MetadataInvalid,
        ModelUnreadable,
        PathMissing,
        QuestionEmpty,
        QuestionInvalid,
        QuestionTooLong,
        ShawahidError,
    )
    from ingest.library import Library
    from ingest.pipeline import ingest
    from ingest.types import Filters

    from .assistant import Assistant, OutletUnknown
    from .configuration import ConfigUnreadable, KeyInFile, SettingInvalid, SettingUnknown
    from .dossier import Dossier, DossierInvalid
    from .dossier_file import read_dossier
    from .events import EvidenceFound, Finished, Judged, Provisional, Understood
    from .settings import LocalOnly, Settings, load_settings
    from .types import (
        Account,
        Answer,
        Citation,
        ClaimCheck,
        Comparison,
        Correction,
        Coverage,
        Sentence,
        Speaker,
        TimeReference,
    )

# Where each name is defined, so that it is imported when it is first used and `import assistant` costs nothing.
_DEFINED_IN = {
    ".assistant": "Assistant OutletUnknown",
    ".configuration": "ConfigUnreadable KeyInFile SettingInvalid SettingUnknown",
    ".dossier": "Dossier DossierInvalid",
    ".dossier_file": "read_dossier",
    ".events": "EvidenceFound Finished Judged Provisional Understood",
    ".settings": "LocalOnly Settings load_settings",
    ".types": "Account Answer Citation ClaimCheck Comparison Correction Coverage Sentence Speaker TimeReference",
    "ingest.embed": "EmbedderUnknown",
    "ingest.errors": "ArticleAmbiguous ArticleUnknown EmbedderFailed EmbedderMismatch InputError LibraryBusy"
    " LibraryDamaged LibraryError LibraryMissing LibraryTooNew LibraryUnwritable MetadataInvalid ModelUnreadable"
    " PathMissing QuestionEmpty QuestionInvalid QuestionTooLong ShawahidError",
    "ingest.library": "Library",
    "ingest.pipeline": "ingest",
    "ingest.types": "Filters",
}
_MODULE_OF = {name: module for module, names in _DEFINED_IN.items() for name in names.split()}

__all__ = [
    "Account",
    "Answer",
    "ArticleAmbiguous",
    "ArticleUnknown",
    "Assistant",
    "Citation",
    "ClaimCheck",
    "Comparison",
    "ConfigUnreadable",
    "Correction",
    "Coverage",
    "Dossier",
    "DossierInvalid",
    "EmbedderFailed",
    "EmbedderMismatch",
    "EmbedderUnknown",
    "EvidenceFound",
    "Filters",
    "Finished",
    "InputError",
    "Judged",
    "KeyInFile",
    "Library",
    "LibraryBusy",
    "LibraryDamaged",
    "LibraryError",
    "LibraryMissing",
    "LibraryTooNew",
    "LibraryUnwritable",
    "LocalOnly",
    "MetadataInvalid",
    "ModelUnreadable",
    "OutletUnknown",
    "PathMissing",
    "Provisional",
    "QuestionEmpty",
    "QuestionInvalid",
    "QuestionTooLong",
    "Sentence",
    "SettingInvalid",
    "SettingUnknown",
    "Settings",
    "ShawahidError",
    "Speaker",
    "TimeReference",
    "Understood",
    "ingest",
    "load_settings",
    "read_dossier",
]


def __getattr__(name: str) -> Any:
    """Import a name on first use."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULE_OF[name], __name__), name)


def __dir__() -> list[str]:
    return __all__
