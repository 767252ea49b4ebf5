"""What a model wrote, read into sentences with what each is said to rest on. Also while it is still writing."""

import re
from dataclasses import dataclass
from typing import Any, Final

from shawahid.ingest.text.sentences import sentence_spans

MOST_SENTENCES: Final = 6

_EVIDENCE: Final = {
    "type": "object",
    "properties": {"passage": {"type": "integer"}, "words": {"type": "string"}},
    "required": ["passage", "words"],
    "additionalProperties": False,
}
_SENTENCE: Final = {
    "type": "object",
    "properties": {"text": {"type": "string"}, "evidence": {"type": "array", "maxItems": 2, "items": _EVIDENCE}},
    "required": ["text", "evidence"],
    "additionalProperties": False,
}
SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {"sentences": {"type": "array", "maxItems": 3, "items": _SENTENCE}},
    "required": ["sentences"],
    "additionalProperties": False,
}

_MARKER: Final = re.compile(
    r"(?<!\s)\s*+[\[【(](?:passages?|المقطع|مقطع)?\s*+([0-9٠-٩]{1,9}+(?:\s*+[,،]\s*+[0-9٠-٩]{1,9}+)*+)\s*+[\]】)]",
    re.IGNORECASE,
)
_ANY_MARKER: Final = re.compile(r"(?<!\s)\s*+[\[【][^\]】]{0,20}[\]】]")
_QUOTED: Final = re.compile(r"«([^«»]*)»")
_DIGITS: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence that a model wrote, and what it says it rests on: passage numbers, each with the words copied."""

    text: str
    cited: tuple[tuple[int, str], ...]


def read_drafts(written: str, *, structured: bool) -> list[Draft]:
    """The sentences of a model's answer; none where it wrote none, or nothing that can be read."""
    drafts = _structured(written) if structured else []
    drafts = drafts or ([] if structured and written.lstrip().startswith("{") else _marked(written))
    return list(dict.fromkeys(draft for draft in drafts if draft.text))[:MOST_SENTENCES]


def provisional_text(written: str, *, structured: bool) -> str:
    """What can be shown of an answer that is still being written: its sentences without marks."""
    if structured:
        return " ".join(draft.text for draft in _structured(written, ended=False))
    return _without_marks(written)


def _structured(written: str, *, ended: bool = True) -> list[Draft]:
    from jiter import from_json  # openai brings it

    start = written.find("{")
    if start < 0:
        return []
    try:
        read = from_json(written[start:].encode(), partial_mode="on" if ended else "trailing-strings")
    except ValueError:
        return []
    found = read.get("sentences") if isinstance(read, dict) else None
    return [_draft(item) for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _draft(item: dict[str, Any]) -> Draft:
    evidence = item.get("evidence")
    cited = [
        (entry["passage"], entry["words"])
        for entry in (evidence if isinstance(evidence, list) else [])
        if isinstance(entry, dict) and isinstance(entry.get("passage"), int) and isinstance(entry.get("words"), str)
    ]
    text = item.get("text")
    return Draft(_clean(text) if isinstance(text, str) else "", tuple(cited))


def _marked(written: str) -> list[Draft]:
    """Sentences with the marks behind them. What stands between two marks is one sentence's words, or several's."""
    drafts: list[Draft] = []
    for line in written.splitlines():
        place = 0
        for mark in [*_MARKER.finditer(line), None]:
            segment = line[place : mark.start() if mark else len(line)]
            place = mark.end() if mark else len(line)
            numbers = [int(number) for number in re.findall(r"\d+", mark[1].translate(_DIGITS))] if mark else []
            words = _QUOTED.findall(segment)
            body = _clean(_QUOTED.sub("", segment)) or (words[0] if words else "")
            if not body and drafts and numbers:  # [1][2]: another mark for the sentence before
                last = drafts.pop()
                drafts.append(Draft(last.text, (*last.cited, *((number, "") for number in numbers))))
                continue
            sentences = [body[span.start : span.end] for span in sentence_spans(body)]
            drafts += [Draft(text, ()) for text in sentences[:-1]]
            drafts += [Draft(text, tuple((number, " ".join(words)) for number in numbers)) for text in sentences[-1:]]
    return [draft for draft in drafts if any(letter.isalpha() for letter in draft.text)]


def _without_marks(text: str) -> str:
    return re.sub(r"\s{2,}", " ", _ANY_MARKER.sub("", _QUOTED.sub("", text))).strip()


def _clean(text: str) -> str:
    """A sentence without marks of any kind, list bullets or the quotation marks around it all."""
    text = _ANY_MARKER.sub("", text).strip().lstrip("-*•.,،؛;:").strip()
    return " ".join(text.split())
