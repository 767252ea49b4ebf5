"""The HTML of the page that asks who somebody is. A pure function."""

from shawahid.assistant.types import Language
from shawahid.ui.html import render


def render_sign_in(language: Language, name: str = "", problem: str = "") -> str:
    """`name`: what was entered; `problem`: why that did not do."""
    return render("gate/sign_in.html", language, name=name, problem=problem)
