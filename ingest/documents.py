"""PDF and Word files to text."""

import io
import re
from importlib.metadata import version

from .errors import DocumentUnreadable
from .extract import Body
from .types import Metadata

_ENDS_PARAGRAPH = re.compile(r"[.!?؟:…][\"'”»)\]]*$")
_SHORT_LINE = 0.7  # of the page's widest line: what ends sooner ends a paragraph


def read_pdf(data: bytes) -> Body:
    """The text of a PDF, page after page, in reading order (pdfium turns right-to-left runs the right way round)."""
    import pypdfium2

    if not data:
        raise DocumentUnreadable(reason="the file is empty: there is nothing to ask about")
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        reason = "it is locked with a password" if locked else f"it is not a PDF, or a damaged one ({error})"
        raise DocumentUnreadable(reason=reason) from error
    try:
        texts = [_page_text(page) for page in document]
        title = document.get_metadata_dict().get("Title") or None
    except pypdfium2.PdfiumError as error:
        raise DocumentUnreadable(reason=f"one of its pages is damaged ({error})") from error
    finally:
        document.close()
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
    return Body(text, Metadata(title=title), f"pypdfium2 {version('pypdfium2')}", tuple(starts))


def _page_text(page: object) -> str:
    text_page = page.get_textpage()  # type: ignore[attr-defined]
    try:
        raw = str(text_page.get_text_range())
    finally:
        text_page.close()
        page.close()  # type: ignore[attr-defined]
    return _reflow(raw.replace("\r\n", "\n").replace("\x00", ""))


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
    """The paragraphs and table cells of a Word file, in order."""
    import docx
    from docx.table import Table

    if not data:
        raise DocumentUnreadable(reason="the file is empty: there is nothing to ask about")
    try:
        document = docx.Document(io.BytesIO(data))
        blocks = list(document.iter_inner_content())
    except Exception as error:  # zip, XML and packaging errors of four libraries; all mean the same to the user
        raise DocumentUnreadable(
            reason=f"it is not a Word file (.docx), or a damaged one ({type(error).__name__})"
        ) from error
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Table):
            lines.extend("\t".join(cell.text for cell in row.cells) for row in block.rows)
        else:
            lines.append(block.text)
    title = document.core_properties.title or None
    return Body("\n".join(lines), Metadata(title=title), f"python-docx {version('python-docx')}")
