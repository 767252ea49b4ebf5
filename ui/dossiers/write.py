"""A dossier in any of its formats, named by the ending of the file."""

from collections.abc import Callable
from pathlib import Path

from shawahid.assistant.dossier.dossier import Dossier
from shawahid.assistant.dossier.file import json_text, seal
from shawahid.ingest.errors import InputError

from .html import html_view
from .markdown import markdown_view


class DossierUnwritable(InputError):
    code = "dossier_unwritable"
    template = "The dossier cannot be written to {path}: {problem}."


FORMATS: dict[str, Callable[[Dossier], str]] = {
    ".md": lambda dossier: seal(markdown_view(dossier), dossier, ".md"),
    ".html": lambda dossier: seal(html_view(dossier), dossier, ".html"),
    ".json": lambda dossier: f"{json_text(dossier)}\n",
}


def demand_format(path: Path) -> str:
    """The ending of a dossier's file. Raises DossierUnwritable where it is none of those known."""
    ending = path.suffix.lower()
    if ending not in FORMATS:
        raise DossierUnwritable(path=path, problem=f"give it a name that ends in {', '.join(FORMATS)}")
    return ending


def write_dossier(dossier: Dossier, path: Path) -> None:
    """Write a dossier in the format that the path's ending names. Raises DossierUnwritable."""
    content = FORMATS[demand_format(path)](dossier)
    try:
        path.write_text(content, encoding="utf-8", newline="\n")
    except OSError as error:
        raise DossierUnwritable(path=path, problem=error.strerror or error) from error
