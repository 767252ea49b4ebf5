"""PDF and Word files to text."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from shawahid.ingest.errors import DocumentUnreadable
from shawahid.ingest.text.words import script
from shawahid.ingest.types import Body, Metadata

from .sources import demand_size

if TYPE_CHECKING:
    from pypdf import PageObject

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_PRESENTATION = re.compile(r"[\ufb50-\ufdff\ufe70-\ufefc]+")
_MIRRORED = re.compile(r"[\u0621-\u064a]لا(?![\u0621-\u064a])")
_LEFT_TO_RIGHT = re.compile(r"[0-9A-Za-z٠-٩](?:[0-9A-Za-z٠-٩.,:/%-]*[0-9A-Za-z٠-٩])?")
_BEFORE_STOP = re.compile(r"(?<!\s)\s++([.,،؛:!؟»”])")
_ENDS_PARAGRAPH = re.compile(r"[.!?؟:…][\"'”»)\]]*$")
_SHORT_LINE: Final = 0.7  # of the page's widest line: what ends sooner ends a paragraph


def read_pdf(data: bytes) -> Body:
    """The text of a PDF, page after page, in reading order."""
    import pypdf

    if not data:
        raise DocumentUnreadable(reason="the file is empty: there is nothing to ask about")
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentUnreadable(reason="it is locked with a password: save it without one")
        texts = [_page_text(page) for page in reader.pages]
        title = reader.metadata.title if reader.metadata else None
    except (DocumentUnreadable, MemoryError, RecursionError):
        raise
    except Exception as error:  # a damaged PDF fails in many ways, deep inside; all mean the same to the user
        raise DocumentUnreadable(
            reason=f"it is not a PDF, or a damaged one ({error or type(error).__name__})"
        ) from error
    if not any(text.strip() for text in texts):
        raise DocumentUnreadable(
            reason="it is a scan without a text layer: it holds only pictures of the words. Run text recognition"
            " (OCR) on it first"
        )
    text, starts = "", []
    for page in texts:
        text += "\n\n" if text else ""
        starts.append(len(text))
        text += page
    return Body(
        text, Metadata(title=title.strip() or None if title else None), f"pypdf {version('pypdf')}", tuple(starts)
    )


def _page_text(page: "PageObject") -> str:
    """One page's text. A PDF places right-to-left runs from left to right; here they are put into reading order."""
    lines: list[list[tuple[float, str]]] = [[]]

    def note(text: str, matrix: list[float], text_matrix: list[float], font: object, size: float) -> None:
        if "\n" in text:
            lines.append([])
        if text.strip():
            lines[-1].append((text_matrix[4] * matrix[0] + matrix[4], text.strip("\n")))

    page.extract_text(visitor_text=note)
    joined = [_plain_letters(_line(runs)) for runs in lines]
    return _reflow(_right_way_round([_CONTROL.sub("", line) for line in joined]))


def _line(runs: list[tuple[float, str]]) -> str:
    """The runs of a line, from the right where most of their letters are Arabic."""
    texts = [text for _, text in runs]
    if len(runs) < 2 or script("".join(texts)) != "arabic":
        return "".join(texts)
    ordered = [text for _, text in sorted(runs, key=lambda run: -run[0])]
    if sum(map(len, ordered)) < 3 * len(ordered):  # letter by letter, as some programs write
        return "".join(ordered)
    return _BEFORE_STOP.sub(r"\1", " ".join(" ".join(ordered).split()))


def _plain_letters(line: str) -> str:
    """Letters in place of the presentation forms, the shapes that many programs store instead."""
    return _PRESENTATION.sub(lambda match: unicodedata.normalize("NFKC", match[0]), line)


def _right_way_round(lines: list[str]) -> str:
    """Lines stored as they look, mirrored, turned round: then words end with the letters of the article, لا, not ال."""
    text = "\n".join(lines)
    if len(re.findall(r"(?<![\u0621-\u064a])ال[\u0621-\u064a]", text)) >= len(_MIRRORED.findall(text)):
        return text
    return "\n".join(_LEFT_TO_RIGHT.sub(lambda match: match[0][::-1], line[::-1]) for line in lines)


def _reflow(text: str) -> str:
    """Lines that only the page's width broke, joined again: otherwise each line would pass for a sentence."""
    lines = [line.strip() for line in text.split("\n")]
    widest = max(map(len, lines), default=0)
    joined = ""
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        hyphenated = line.endswith(("\ufffe", "\u00ad", "\x02"))
        wrapped = line and following and len(line) > _SHORT_LINE * widest and not _ENDS_PARAGRAPH.search(line)
        joined += line[:-1] if hyphenated else line + (" " if wrapped else "\n")
    return joined.strip("\n")


def read_docx(data: bytes) -> Body:
    """The paragraphs and table cells of a Word file in order, with what was inserted and without what was deleted."""
    import docx

    if not data:
        raise DocumentUnreadable(reason="the file is empty: there is nothing to ask about")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            demand_size(sum(info.file_size for info in archive.infolist()), len(data))
            described = "docProps/core.xml" in archive.namelist()
        document = docx.Document(io.BytesIO(data))
        lines = ["".join(_word_text(block)) for block in document.element.body]
    except (DocumentUnreadable, MemoryError, RecursionError):
        raise
    except Exception as error:  # zip, XML and packaging errors of four libraries; all mean the same to the user
        reason = f"it is not a Word file (.docx), or a damaged one ({type(error).__name__})"
        raise DocumentUnreadable(reason=reason) from error
    title = document.core_properties.title if described else None
    return Body("\n".join(lines).strip("\n"), Metadata(title=title or None), f"python-docx {version('python-docx')}")


def _word_text(element: Any) -> Iterator[str]:
    """The text under an element of a Word file: python-docx's own would leave out insertions and content controls."""
    for child in element:
        kind = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if kind in {"del", "moveFrom", "pPr", "rPr"}:
            continue
        if kind == "t":
            yield child.text or ""
        elif kind in {"tab", "br", "cr"}:
            yield "\t" if kind == "tab" else "\n"
        else:
            yield from _word_text(child)
            following = child.getnext()
            if following is not None and kind in {"p", "tc", "tr"} and following.tag == child.tag:
                yield "\t" if kind == "tc" else "\n"
