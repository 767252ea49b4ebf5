"""Turns a question into an `Answer` whose every sentence carries citations that can be checked.

from shawahid import Assistant

with Assistant.open("my-library") as assistant:
    answer = assistant.ask("من التقى حفتر في القاهرة؟")

The names listed here are the ones to build on, together with the two in `shawahid.assistant.llamaindex`;
docs/python.md tells how to use them. All else is internal and may change in any version.

In the repository this package is four folders, which `src/shawahid` links to: `assistant`, `ingest`, `prompts`, `ui`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .assistant.assistant import Assistant, OutletUnknown
    from .assistant.configuration import ConfigUnreadable, KeyInFile, SettingInvalid, SettingUnknown
    from .assistant.dossier.dossier import Dossier, DossierInvalid
    from .assistant.dossier.file import read_dossier
    from .assistant.events import EvidenceFound, Finished, Judged, Provisional, Understood
    from .assistant.settings import LocalOnly, Settings, load_settings
    from .assistant.types import (
        Account,
        Answer,
        Citation,
        ClaimCheck,
        Comparison,
        Constraint,
        Correction,
        Cost,
        Coverage,
        Listed,
        Plan,
        Sentence,
        Speaker,
        TimeReference,
    )
    from .ingest.embedders.base import EmbedderUnknown
    from .ingest.errors import (
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
    from .ingest.library import Library
    from .ingest.pipeline import ingest, library_from_documents
    from .ingest.types import Filters

# Where each name is defined, so that it is imported when it is first used and `import shawahid` costs nothing.
_DEFINED_IN = {
    ".assistant.assistant": "Assistant OutletUnknown",
    ".assistant.configuration": "ConfigUnreadable KeyInFile SettingInvalid SettingUnknown",
    ".assistant.dossier.dossier": "Dossier DossierInvalid",
    ".assistant.dossier.file": "read_dossier",
    ".assistant.events": "EvidenceFound Finished Judged Provisional Understood",
    ".assistant.settings": "LocalOnly Settings load_settings",
    ".assistant.types": "Account Answer Citation ClaimCheck Comparison Constraint Correction Cost Coverage"
    " Listed Plan Sentence Speaker TimeReference",
    ".ingest.embedders.base": "EmbedderUnknown",
    ".ingest.errors": "ArticleAmbiguous ArticleUnknown EmbedderFailed EmbedderMismatch InputError LibraryBusy"
    " LibraryDamaged LibraryError LibraryMissing LibraryTooNew LibraryUnwritable MetadataInvalid ModelUnreadable"
    " PathMissing QuestionEmpty QuestionInvalid QuestionTooLong ShawahidError",
    ".ingest.library": "Library",
    ".ingest.pipeline": "ingest library_from_documents",
    ".ingest.types": "Filters",
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
    "Constraint",
    "Correction",
    "Cost",
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
    "Listed",
    "LocalOnly",
    "MetadataInvalid",
    "ModelUnreadable",
    "OutletUnknown",
    "PathMissing",
    "Plan",
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
    "library_from_documents",
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
