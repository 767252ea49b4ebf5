"""A dossier as a file, and back. Markdown and HTML carry the same JSON as a .json file, behind what a reader sees.

What is seen is bound to what is held twice. Its block quotes must be the dossier's quotes, in order, letter by letter;
they are read out of the file, so no checksum that was made to fit helps a changed one. And a checksum of all that is
seen tells of any other change.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from .dossier import Dossier, DossierInvalid, dossier_from_json, shown_quotes
from .typed_json import Malformed

HIDDEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
"""Characters that steer what is shown without being seen. A view names them by `sign`."""

# Where the JSON stands in a readable dossier: behind the view, with the view's checksum.
_OPEN: Final = {
    ".md": ("<!-- shawahid-dossier ", "\n"),
    ".html": ('<script type="application/json" id="shawahid-dossier" data-view="', '">\n'),
}
_CLOSE: Final = {".md": "\n-->\n", ".html": "\n</script>\n</body>\n</html>\n"}
_MARKUP: Final = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&"}
_QUOTE_LINE: Final = re.compile(r" {0,3}> ?")
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])|`U\+([0-9A-F]{4})`")
_SIGN: Final = re.compile(r"U\+([0-9A-F]{4})")
_SHOWN: Final = 400  # characters of a quote that nobody knows


def sign(character: str) -> str:
    """What a view shows in place of a hidden character, set as code.

    >>> sign("\u202e")
    'U+202E'
    """
    return f"U+{ord(character):04X}"


def json_text(dossier: Dossier) -> str:
    """The JSON, with the characters that steer what is shown written as escapes."""
    return escape_hidden(json.dumps(dossier.to_json(), ensure_ascii=False, indent=2))


def escape_hidden(text: str) -> str:
    """JSON with its hidden characters as escapes; line ends stay, which JSON has only between its values."""
    return HIDDEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def seal(view: str, dossier: Dossier, ending: str) -> str:
    """A view, up to where its data follows, with the data: a whole file of that ending (.md or .html)."""
    before, after = _OPEN[ending]
    data = json_text(dossier).translate(_MARKUP)
    return f"{view}{before}{_checksum(view)}{after}{data}{_CLOSE[ending]}"


def _checksum(view: str) -> str:
    return hashlib.sha256(view.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class OpenedDossier:
    """A dossier that was read, and where what a reader sees of it is not what it holds, a line each."""

    dossier: Dossier
    altered: tuple[str, ...] = ()


def read_dossier(path: str | Path) -> Dossier:
    """The dossier that the .json, .md or .html file at `path` holds. Raises DossierInvalid."""
    return open_dossier(path).dossier


def open_dossier(path: str | Path) -> OpenedDossier:
    """`read_dossier`, with all that was changed in what is seen of it. Raises DossierInvalid."""
    path = Path(path)
    try:
        return _open(path.read_text(encoding="utf-8-sig"), path.suffix.lower())
    except Malformed as error:
        raise DossierInvalid(path=path, problem=error) from error
    except OSError as error:
        raise DossierInvalid(path=path, problem=f"it cannot be read ({error.strerror or error})") from error
    except UnicodeDecodeError as error:
        raise DossierInvalid(path=path, problem="it is not text in UTF-8") from error


def _open(text: str, ending: str) -> OpenedDossier:
    if ending == ".json":
        return OpenedDossier(_parse(text))
    if ending not in _OPEN:
        raise Malformed("a dossier ends in .json, .md or .html")
    view, data, checksum = _taken_apart(text, ending)
    dossier = _parse(data)
    altered = _differences(shown_quotes(dossier.answer), seen_quotes(view, ending))
    if not altered and _checksum(view) != checksum:
        altered = ["what is shown around the quotes was changed after it was written"]
    return OpenedDossier(dossier, tuple(altered))


def _taken_apart(text: str, ending: str) -> tuple[str, str, str]:
    """What is seen, the JSON, and the checksum of what is seen."""
    before, after = _OPEN[ending]
    view, opened, rest = text.rpartition(before)
    checksum, _, rest = rest.partition(after)
    data, closed, more = rest.partition(_CLOSE[ending].rstrip("\n"))
    if not opened or not closed or more.strip():
        raise Malformed("the data that it should carry at its end is not there, or not whole")
    return view, data, checksum


def _parse(data: str) -> Dossier:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"its data is not valid JSON ({error})") from error
    return dossier_from_json(value)


def _differences(held: list[tuple[str, str]], shown: list[str]) -> list[str]:
    """Where the quotes that are shown are not those that are held, in order."""
    matcher = SequenceMatcher(None, [text for _, text in held], shown, autojunk=False)
    found = []
    for change, first, last, start, end in matcher.get_opcodes():
        if change == "equal":
            continue
        seen = "; ".join(f"“{text[:_SHOWN]}{'…' * (len(text) > _SHOWN)}”" for text in shown[start:end])
        if names := ", ".join(name for name, _ in held[first:last]):
            found.append(f"{names}: what is shown is not what the dossier holds" + (f", but {seen}" if seen else ""))
        else:
            found.append(f"a quote is shown that the dossier does not hold: {seen}")
    return found


# The block quotes that a reader sees


def seen_quotes(view: str, ending: str) -> list[str]:
    """The text of each block quote in a readable dossier's view."""
    return list(_markdown_quotes(view)) if ending == ".md" else _html_quotes(view)


def _markdown_quotes(view: str) -> Iterator[str]:
    """The text of each block quote. A line that follows one without a blank line belongs to it, as in any Markdown."""
    quote: list[str] = []
    for line in [*view.split("\n"), ""]:
        marked = _QUOTE_LINE.match(line)
        if marked or (quote and line.strip()):
            quote.append(line[marked.end() :] if marked else line)
        elif quote:
            yield _ESCAPED.sub(_unescaped, "\n".join(quote))
            quote = []


def _unescaped(match: re.Match[str]) -> str:
    return match[1] or chr(int(match[2], 16))


def _html_quotes(view: str) -> list[str]:
    reader = _QuoteReader()
    reader.feed(view)
    reader.close()
    return reader.quotes


class _QuoteReader(HTMLParser):
    """Collects the text of each <blockquote>; a sign in <code> stands for its character."""

    def __init__(self) -> None:
        super().__init__()
        self.quotes: list[str] = []
        self._depth = 0
        self._in_code = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "blockquote":
            self._depth += 1
            self.quotes.append("")
        self._in_code = tag == "code"

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote":
            self._depth -= 1
        self._in_code = False

    def handle_data(self, data: str) -> None:
        if self._depth > 0:
            named = _SIGN.fullmatch(data) if self._in_code else None
            self.quotes[-1] += chr(int(named[1], 16)) if named else data
