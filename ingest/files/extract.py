"""One file to the articles in it: plain text, Markdown, HTML, PDF, Word, JSON, JSON Lines and CSV."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import astuple
from itertools import chain
from typing import Final

from shawahid.ingest.errors import DocumentUnreadable, NestedTooDeep
from shawahid.ingest.types import LONE_SURROGATE, Body, Extracted, Failure, GivenDocument, Metadata, SourceFile

from .decode import declared_encoding, decode
from .metadata import field_value, folded_metadata, metadata_from_fields, parse_json, parse_sidecar, split_front_matter

MAX_ARTICLE_CHARACTERS: Final = 2_000_000
"""A long novel. What is longer is an archive in the wrong form, and would cost hours to embed."""

_SNIFFED: Final = 4_000  # characters; the sniffer's own patterns are slow over long lines
_CSV_LINE = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n)|[^\r\n]++")  # StringIO gives the same, and takes four times the text

# A record that cannot be read comes as (its place, why), and the others go on.
Bodies = Iterator[Body | tuple[int, str]]
FieldMap = Mapping[str, str]


def extract(file: SourceFile, data: bytes, mapping: FieldMap) -> Iterator[Extracted | Failure]:
    """The articles in a file, and a Failure for each that cannot be taken in.

    `mapping` names the fields of records that do not bear a usual name (see metadata.FIELD_NAMES).
    """
    try:
        beside = metadata_from_fields(parse_sidecar(file.sidecar)) if file.sidecar else Metadata()
        for body in _READERS[file.suffix](data, mapping):
            yield _article(file, body, beside)
    except DocumentUnreadable as error:
        yield Failure.of(file.source, error)
    except RecursionError:
        yield Failure.of(file.source, NestedTooDeep())
    except MemoryError:  # for the worker, which knows how much it was
        raise
    except Exception as error:  # a library's own failure on this one file must not cost the others
        yield Failure(file.source, f"it could not be read ({type(error).__name__}: {error})")


def extract_document(document: GivenDocument, mapping: FieldMap) -> Extracted | Failure:
    """The article that a document is, its text untouched. No file's path begins as its source does."""
    source = f"document:{document.doc_id}"
    if LONE_SURROGATE.search(source):
        return Failure(source.encode("utf-8", "replace").decode(), "its doc_id holds half a character: give it another")
    metadata = folded_metadata(metadata_from_fields(document.metadata, mapping))
    if problem := _unfit(document.text, metadata):
        return Failure(source, problem)
    return Extracted(source, document.doc_id, document.text, metadata, "document")


def _article(file: SourceFile, body: Body | tuple[int, str], beside: Metadata) -> Extracted | Failure:
    if isinstance(body, tuple):
        return Failure(f"{file.source}#{body[0]}", body[1])
    place = f"#{body.record}" if body.record else ""
    metadata = folded_metadata(beside.over(body.metadata))
    if problem := _unfit(body.text, metadata):
        return Failure(f"{file.source}{place}", problem)
    return Extracted(f"{file.source}{place}", f"{file.name}{place}", body.text, metadata, body.extractor, body.pages)


def _unfit(text: str, metadata: Metadata) -> str | None:
    if not text.strip():
        return "its text is empty: there is nothing to ask about"
    if len(text) > MAX_ARTICLE_CHARACTERS:
        return (
            f"its text has {len(text):,} characters; one article may have {MAX_ARTICLE_CHARACTERS:,}. "
            "If it holds many articles, split it, or make it a JSON Lines file with one article a line"
        )
    if LONE_SURROGATE.search(text + "".join(filter(None, astuple(metadata)))):
        return "its text holds half a character (a lone surrogate): write it anew as UTF-8"
    return None


def _read_plain(data: bytes, mapping: FieldMap) -> Bodies:
    yield Body(_text(data), Metadata(), "plain")


def _read_markdown(data: bytes, mapping: FieldMap) -> Bodies:
    text = _text(data)
    fields, start = split_front_matter(text)
    metadata = metadata_from_fields(fields, mapping)
    if metadata == Metadata():  # two rules with something else between them
        start = 0
    yield Body(text[start:], metadata, "markdown")


def _read_html(data: bytes, mapping: FieldMap) -> Bodies:
    from .html import read_html  # brings trafilatura and lxml: 0.6 s

    yield read_html(decode(data, declared_encoding(data)))


def _read_pdf(data: bytes, mapping: FieldMap) -> Bodies:
    from .documents import read_pdf

    yield read_pdf(data)


def _read_docx(data: bytes, mapping: FieldMap) -> Bodies:
    from .documents import read_docx

    yield read_docx(data)


def _read_json(data: bytes, mapping: FieldMap) -> Bodies:
    content = parse_json(_text(data))
    if isinstance(content, dict):
        records = next((value for value in content.values() if _is_list_of_records(value)), None)
        if records is None or field_value(content, "content", mapping):
            body = _record(content, mapping, None)
            if isinstance(body, tuple):
                raise DocumentUnreadable(reason=body[1])
            yield body
            return
        content = records
    if not isinstance(content, list):
        raise DocumentUnreadable(reason="it holds neither a record nor a list of records")
    yield from (_record(record, mapping, place) for place, record in enumerate(content, start=1))


def _is_list_of_records(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _read_jsonl(data: bytes, mapping: FieldMap) -> Bodies:
    for place, line in enumerate(_text(data).split("\n"), start=1):
        if line.strip():
            try:
                yield _record(parse_json(line, "this line"), mapping, place)
            except DocumentUnreadable as error:
                yield place, str(error)


def _read_csv(data: bytes, mapping: FieldMap) -> Bodies:
    text = _text(data)
    csv.field_size_limit(2**31 - 1)
    try:
        delimiter = csv.Sniffer().sniff(text[:_SNIFFED].partition("\n")[0], ",;\t|").delimiter
    except csv.Error:
        delimiter = ","
    # Strict: a quote that is never closed would make one article of all the rows after it.
    rows = csv.DictReader(map(re.Match.group, _CSV_LINE.finditer(text)), delimiter=delimiter, strict=True)
    try:
        first = next(rows, None)
        if first is None:
            raise DocumentUnreadable(
                reason="it has no rows: the first line names the fields, each further line is an article"
            )
        yield from (_record(row, mapping, place) for place, row in enumerate(chain([first], rows), start=1))
    except csv.Error as error:
        raise DocumentUnreadable(reason=f"it is not a valid CSV file ({error})") from error


def _record(record: object, mapping: FieldMap, place: int | None) -> Body | tuple[int, str]:
    if not isinstance(record, dict):
        return place or 1, "this record is not a set of names and values"
    content = field_value(record, "content", mapping)
    if content is None:
        names = ", ".join(list(map(str, record))[:12])
        known = mapping.get("content") or "content, text or body"
        return (
            place or 1,
            f"its text is empty or missing: no field {known} with words in it, among {names or 'none'} (see --map)",
        )
    return Body(content, metadata_from_fields(record, mapping), "record", record=place)


def _text(data: bytes) -> str:
    if not data:
        raise DocumentUnreadable(reason="the file is empty: there is nothing to ask about")
    return decode(data)


_READERS: dict[str, Callable[[bytes, FieldMap], Bodies]] = {
    ".txt": _read_plain,
    ".md": _read_markdown,
    ".html": _read_html,
    ".htm": _read_html,
    ".pdf": _read_pdf,
    ".docx": _read_docx,
    ".json": _read_json,
    ".jsonl": _read_jsonl,
    ".csv": _read_csv,
}
