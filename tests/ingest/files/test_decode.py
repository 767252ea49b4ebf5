"""Encodings and dates as files really have them."""

import pytest

from shawahid.ingest.errors import DocumentUnreadable
from shawahid.ingest.files.dates import read_date
from shawahid.ingest.files.decode import declared_encoding, decode

ARABIC = "قرر المجلس البلدي في مدينة النورس نقل سوق السمك القديم من رصيف الميناء."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1256"])
@pytest.mark.parametrize("text", [ARABIC, "سوق السمك", f"{ARABIC}\r\nSecond line, in English.\r\n"])
def test_arabic_in_every_encoding(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_western_text_is_not_taken_for_arabic() -> None:
    assert decode("Le café déjà vu à Genève, où l’été fut très doux".encode("cp1252")).startswith("Le café déjà")


def test_nothing_but_the_byte_order_mark_is_taken_away() -> None:
    text = "\r\n  سطر \u200f\u0640 \t\n\n"
    assert decode(b"\xef\xbb\xbf" + text.encode()) == text


@pytest.mark.parametrize(
    "data",
    [
        b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x03\x00>\x00\x01" * 40,
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 30,
        bytes(range(256)) * 20,
    ],
)
def test_a_binary_is_not_text(data: bytes) -> None:
    with pytest.raises(DocumentUnreadable, match=r"not a text file|encoding cannot be told|not valid"):
        decode(data)


def test_a_wrong_encoding_is_named() -> None:
    with pytest.raises(DocumentUnreadable, match="utf-16"):
        decode(b"\xff\xfe" + "نص".encode("utf-16-le") + b"\x00\xd8\x41")


def test_an_html_page_names_its_encoding() -> None:
    page = f'<html><head><meta charset="windows-1256"></head><body>{ARABIC}</body></html>'
    data = page.encode("cp1256")
    assert decode(data, declared_encoding(data)) == page
    assert declared_encoding(b'<meta charset="no-such-thing">') is None


@pytest.mark.parametrize(
    ("given", "iso"),
    [
        ("2019-04-14", "2019-04-14"),
        ("2019-04", "2019-04"),
        ("2019", "2019"),
        ("2015-08-10 18:52:49", "2015-08-10"),
        ("2024-05-03T10:00:00+04:00", "2024-05-03"),
        ("14/4/2019", "2019-04-14"),
        ("4/14/2019", "2019-04-14"),
        ("4/5/2019", None),
        ("5/5/2019", "2019-05-05"),
        ("٤ أبريل ٢٠١٩", "2019-04-04"),
        ("الخميس، 4 نيسان 2019", "2019-04-04"),
        ("15 كانون الأول 2016", "2016-12-15"),
        ("أبريل/نيسان 2019", "2019-04"),
        ("April 4, 2019", "2019-04-04"),
        ("4th April 2019", "2019-04-04"),
        ("Thu, 04 Apr 2019 10:00:00 GMT", "2019-04-04"),
        ("2019-13-01", None),
        ("31 February 2019", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_read_date(given: str, iso: str | None) -> None:
    assert read_date(given) == iso
