"""Between any text and a terminal: what could move the cursor, rewrite the screen or turn a line round becomes a sign.

Everything that is printed and was not written by this program goes through here, whatever was folded before.
"""

import json
import os

from shawahid.assistant.types import Language

# ␛ and its like for controls. Bidi overrides, embeddings and forced isolates get their number. First-strong isolates,
# which told.py puts around names, force no direction and stay.
_SIGNS = {
    **{code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n"},
    0x7F: "␡",
    **{
        code: f"⟨U+{code:04X}⟩"
        for code in (*range(0x80, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), 0x2066, 0x2067, 0xFEFF)
    },
}
_SIGNS_IN_A_LINE = {**_SIGNS, 0x09: " ", 0x0A: "⏎"}


def terminal_language() -> Language:
    """Arabic where the locale is; English otherwise."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "ar" if locale.startswith("ar") else "en"


def plain(text: str) -> str:
    """A text of several lines as a terminal may show it.

    >>> plain("a\\x1b[31mred")
    'a␛[31mred'
    """
    return text.replace("\r\n", "\n").translate(_SIGNS)


def line(text: str) -> str:
    """The same for what must stay on its line.

    >>> line("Fake\\n\\n “Words.” [1]")
    'Fake⏎⏎ “Words.” [1]'
    """
    return text.translate(_SIGNS_IN_A_LINE)


def json_text(value: object) -> str:
    """A value as JSON with the same characters as escapes, which a program reads as they were."""
    from shawahid.assistant.dossier.file import escape_hidden

    return escape_hidden(json.dumps(value, ensure_ascii=False, indent=2))
