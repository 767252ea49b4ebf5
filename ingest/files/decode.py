"""Bytes to text: UTF-8, UTF-16, windows-1256 and windows-1252, told apart by what they hold."""

import codecs
import re
from typing import Final

from shawahid.ingest.errors import DocumentUnreadable

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CANDIDATES = ["cp1256", "cp1252"]
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]+)|<\?xml[^>]{0,200}?encoding=["']([\w-]+)""", re.I
)
# Text has tabs and line breaks; other control characters in any number mean a program or a picture.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_MAX_CONTROL_SHARE: Final = 0.002  # of the characters
_SAMPLE: Final = 64_000  # bytes


def decode(data: bytes, declared: str | None = None) -> str:
    """Decode a text file and drop its byte order mark; nothing else is changed.

    `declared` is an encoding that the file itself names; it is believed where UTF-8 is not plain from the bytes.
    Raises DocumentUnreadable for a file that is not text or whose encoding cannot be told.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _checked(_decode_strictly(data[len(mark) :], encoding))
    wide = _utf16_without_mark(data)
    if wide is not None:
        return _checked(_decode_strictly(data, wide))
    try:
        return _checked(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    if declared:
        return _checked(_decode_strictly(data, declared))
    _refuse_damaged_utf8(data)
    return _checked(_decode_single_byte(data))


def declared_encoding(data: bytes) -> str | None:
    """The encoding that an HTML page names in its head, where Python knows it."""
    match = _DECLARED.search(data[:4096])
    if not match:
        return None
    name = (match[1] or match[2]).decode("ascii")
    try:
        "".encode(name)  # a codec that is not of text, such as hex, fails here
        return codecs.lookup(name).name
    except (LookupError, TypeError, ValueError):
        return None


def _decode_strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, UnicodeError) as error:
        raise DocumentUnreadable(
            reason=f"it begins as {encoding} but is not valid {encoding} throughout: save it as UTF-8 and try again"
        ) from error


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 shows itself by one high byte (0x00 or Arabic's 0x06) in nearly every second place."""
    sample = data[:_SAMPLE]
    if len(sample) < 8 or len(data) % 2:
        return None
    for encoding, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        if (high.count(0) + high.count(6)) / len(high) > 0.9:
            return encoding
    return None


def _refuse_damaged_utf8(data: bytes) -> None:
    """Mostly UTF-8, with some bytes broken or cut off: read as anything else it would be nonsense.

    The characters of a single-byte encoding hardly ever stand so that they make one of UTF-8.
    """
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if 2 * broken <= sum(character > "\x7f" for character in text) - broken:
        raise DocumentUnreadable(reason="it is UTF-8 with damaged or missing bytes: fetch it again, or save it anew")


def _decode_single_byte(data: bytes) -> str:
    from charset_normalizer import from_bytes  # 50 ms that UTF-8 files need not wait for

    _checked(data[:_SAMPLE].decode("ascii", "ignore"))
    best = from_bytes(data[:_SAMPLE], cp_isolation=_CANDIDATES).best()
    if best is None:
        raise DocumentUnreadable(reason="its encoding cannot be told: save it as UTF-8 and try again")
    return _decode_strictly(data, best.encoding)


def _control_share(text: str) -> float:
    return len(_CONTROL.findall(text)) / max(len(text), 1)


def _checked(text: str) -> str:
    if _control_share(text[:_SAMPLE]) > _MAX_CONTROL_SHARE:
        raise DocumentUnreadable(
            reason="it is not a text file: it holds control characters, as programs and pictures do"
        )
    return text
