"""Metadata as people write it: field names in records, front matter and sidecars, made one `Metadata`."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

import yaml

from shawahid.ingest.errors import AliasesRefused, DocumentUnreadable, MetadataInvalid, NestedTooDeep
from shawahid.ingest.types import LONE_SURROGATE, METADATA_FIELDS, Metadata

from .dates import demand_date, read_date

LONGEST_VALUE: Final = 500
"""Code points of one field; of an address, four times as many."""

_LONGEST_FIELDS: Final = 65_536  # characters of front matter, bytes of a file beside; YAML is read slowly
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_STEERING = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]+")  # overrides and isolates, which reach beyond their line

# Our field: the names it goes by, the likeliest first.
FIELD_NAMES: dict[str, tuple[str, ...]] = {
    ours: tuple(names.split())
    for ours, names in {
        "content": "content text body article_body articlebody full_text article",
        "title": "title headline",
        "outlet": "outlet source publisher newspaper site_name sitename",
        "author": "author authors byline creator",
        "date": "date published date_published published_at publish_date publication_date pubdate datepublished",
        # When it was collected, which is not when it was published.
        "captured": "captured date_extracted extracted_at crawled crawled_at date_crawled scraped_at retrieved"
        " retrieved_at fetched_at accessed",
        "url": "url link canonical_url",
        "language": "language lang",
    }.items()
}


def read_mapping(given: list[str]) -> dict[str, str]:
    """`--map outlet=paper` as {"outlet": "paper"}: ours on the left, the file's on the right."""
    mapping = {}
    for item in given:
        ours, equals, theirs = item.partition("=")
        if not equals or ours not in FIELD_NAMES or not theirs:
            raise MetadataInvalid(
                field="--map",
                value=item,
                remedy=f"write FIELD=NAME with FIELD one of {', '.join(FIELD_NAMES)}",
            )
        mapping[ours] = theirs
    return mapping


def field_value(fields: Mapping[str, object], ours: str, mapping: Mapping[str, str]) -> str | None:
    """The text under one of the names that our field `ours` goes by; None where there is none or it is empty."""
    names = (mapping[ours],) if ours in mapping else FIELD_NAMES[ours]
    lowered = {name.strip().lower(): value for name, value in fields.items() if isinstance(name, str)}
    for name in names:
        # A text in paragraphs stays in paragraphs.
        text = as_text(lowered.get(name.lower()), "\n\n" if ours == "content" else ", ")
        if text.strip():
            return text
    return None


def as_text(value: object, separator: str = ", ") -> str:
    """What stands in a field as text: lists are joined, a nested `name` is taken, the rest is written out."""
    if value is None or isinstance(value, bool) or (isinstance(value, str) and value in {"null", "~"}):
        return ""
    if isinstance(value, list):
        return separator.join(filter(None, map(as_text, value)))
    if isinstance(value, Mapping):
        return as_text(value.get("name"))
    return str(value)


def metadata_from_fields(fields: Mapping[str, object], mapping: Mapping[str, str] | None = None) -> Metadata:
    """What the fields of a record, of front matter or of a sidecar tell. A date that cannot be told is unknown."""
    values = {name: field_value(fields, name, mapping or {}) for name in METADATA_FIELDS}
    values = {name: value.strip() if value else None for name, value in values.items()}
    values["date"] = read_date(values["date"]) if values["date"] else None
    return Metadata(**values)


def folded_metadata(metadata: Metadata) -> Metadata:
    """Metadata as it may enter the library, wherever it came from: each value on one line, so that none can pass for
    more than one fact, without what steers a terminal or the direction of what follows, and of bounded length.

    >>> folded_metadata(Metadata(outlet="Fake\\n\\n“Words.” [1]")).outlet
    'Fake “Words.” [1]'
    """
    return Metadata(**{name: _folded(name, value) if value else value for name, value in asdict(metadata).items()})


def _folded(name: str, value: str) -> str | None:
    value = _CONTROLS.sub(" ", _STEERING.sub("", value)).strip()
    if name == "url":  # cut, it would lead elsewhere
        return value if 0 < len(value) <= 4 * LONGEST_VALUE else None
    return (value if len(value) <= LONGEST_VALUE else f"{value[: LONGEST_VALUE - 1]}…") or None


def edited_metadata(changes: Mapping[str, str]) -> dict[str, str]:
    """What a user set by hand, checked. An empty value means "take what the file says"."""
    checked = {}
    for name, value in changes.items():
        if name not in METADATA_FIELDS:
            raise MetadataInvalid(field=name, value=value, remedy=f"what can be set is {', '.join(METADATA_FIELDS)}")
        value = value.strip()
        if LONE_SURROGATE.search(value):
            raise MetadataInvalid(field=name, value=ascii(value), remedy="it holds half a character; type it again")
        value = _folded(name, value) or ""
        checked[name] = demand_date(value) if name == "date" and value else value
    return checked


def parse_sidecar(data: bytes) -> Mapping[str, object]:
    """A metadata file beside an article: YAML, and so JSON too."""
    if len(data) > _LONGEST_FIELDS:
        raise DocumentUnreadable(reason=f"the metadata file beside it is larger than {_LONGEST_FIELDS // 1024} kB")
    try:
        return _mapping(_load_yaml(data.decode("utf-8-sig")))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DocumentUnreadable(reason="the metadata file beside it is not valid YAML or JSON in UTF-8") from error


def split_front_matter(text: str) -> tuple[Mapping[str, object], int]:
    """The fields between two lines of `---` at the top of a Markdown file, and where the article begins after them."""
    if not text.startswith("---"):
        return {}, 0
    first_break = text.find("\n")
    end = text.find("\n---", first_break)
    if first_break < 0 or text[3:first_break].strip() or not first_break <= end <= _LONGEST_FIELDS:
        return {}, 0
    after = text.find("\n", end + 4)
    try:
        fields = _load_yaml(text[first_break + 1 : end + 1])
    except yaml.YAMLError as error:
        raise DocumentUnreadable(reason="its front matter (the lines between ---) is not valid YAML") from error
    return _mapping(fields), len(text) if after < 0 else after + 1


class _Loader(yaml.BaseLoader):
    """Without aliases: a few of them, each of several, write out more than any memory holds."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise AliasesRefused()
        return super().compose_node(parent, index)


def _load_yaml(text: str) -> object:
    """YAML with every value as it is written: otherwise 13:45 becomes 825, and 0123 becomes 83."""
    return yaml.load(text, Loader=_Loader)


def _mapping(fields: object) -> Mapping[str, object]:
    if fields is None or fields == "":
        return {}
    if not isinstance(fields, dict):
        raise DocumentUnreadable(reason="its metadata is not a list of names and values, such as: outlet: Example News")
    return fields


def parse_json(data: str, what: str = "it") -> object:
    """JSON, or a DocumentUnreadable that says where it breaks."""
    try:
        return json.loads(data)
    except RecursionError as error:
        raise NestedTooDeep() from error
    except ValueError as error:
        place = (
            f" (line {error.lineno}, column {error.colno}: {error.msg})"
            if isinstance(error, json.JSONDecodeError)
            else ""
        )
        raise DocumentUnreadable(reason=f"{what} is not valid JSON{place}") from error
