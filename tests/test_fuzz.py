"""Readers of what comes in, over text made from the pieces that trip readers: none crashes, and no span lies outside.

`FUZZ_EXAMPLES=20000 python -m pytest tests/test_fuzz.py` tries more than `make test` does, and other texts each time.
"""

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shawahid.assistant.accounts.attribution import speaker_of
from shawahid.assistant.accounts.compare import Told, differences, same_statement
from shawahid.assistant.compose.drafts import provisional_text, read_drafts
from shawahid.assistant.configuration import read_config
from shawahid.assistant.language.times.find import find_times
from shawahid.assistant.search.namesakes import namesakes
from shawahid.assistant.search.question import read_question
from shawahid.assistant.settings import SETTINGS
from shawahid.assistant.suggest import arabic, english
from shawahid.assistant.verify.ground import Ground, Text
from shawahid.assistant.verify.verify import verify
from shawahid.ingest.embedders.base import Vectors
from shawahid.ingest.errors import DocumentUnreadable, InputError, ShawahidError
from shawahid.ingest.files.dates import read_date
from shawahid.ingest.files.extract import extract
from shawahid.ingest.files.furniture import find_furniture
from shawahid.ingest.files.metadata import metadata_from_fields, split_front_matter
from shawahid.ingest.kin.notices import read_notices
from shawahid.ingest.text.passages import split_passages
from shawahid.ingest.text.quotes import quotable_spans
from shawahid.ingest.text.sentences import clause_starts, sentence_spans, word_starts
from shawahid.ingest.text.words import fold, located_words, script, stem, words
from shawahid.ingest.types import Article, Failure, Metadata, SourceFile, Span

EXAMPLES: Final = int(os.environ.get("FUZZ_EXAMPLES", "0"))
fuzzed = settings(
    max_examples=EXAMPLES or 60,
    derandomize=not EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)

# Figures, signs, names, speech, times, negation, quotation marks, furniture, and what is no letter at all.
PIECES: Final = (
    *"0 1 -5 ‑5 −5 ½ 2½ ¼ ⅓ 10² 3.5 1,200 1.200.000 ٣ ٣٫٥ ١٬٢٠٠ 12:30 1/2/2024 ٢٠٢٤ 1445هـ 5% ٥٪".split(),
    *"$3m ۴ IV 1e9 ① ㋀ ℠".split(),
    *"one twenty hundred million dozens half third واحد اثنان مئة ألف مليون ملايين نصف ثلثا مليونا خمسون".split(),
    *"kg km² metres dollars كيلو كيلومترا دولار مترين ساعة days أيام dead قتلى جريحا people شخصا".split(),
    *"said قال وقالت أعلن نفى denied confirmed أكد بأن that quoted نقلا عن according to وفقا لمصدر".split(),
    *"not لم لن ليس never ما untrue صحة truth عارٍ rose fell ارتفع انخفض rejected رفض welcomed رحب".split(),
    *"yesterday أمس Monday الاثنين April نيسان أبريل last الماضي since منذ ago قبل 2019-04-04 في عام رمضان".split(),
    *"Salma Haddad سلمى حداد محمد بن عبد الله الرئيس General اللواء Dr. د. U.S. البلدية Nawras النورس O'Neil".split(),
    *"correction تصويب retracted سحب تنويه update تحديث".split(),
    *". , ; : ! ؟ ? … ، ؛ « » “ ” \" ' ( ) [ ] { } - – — / \\ | > » # * _ ~ @ & = + % ^ $ < >".split(),
    *(
        " ",
        "  ",
        "\n",
        "\n\n",
        "\t",
        "\r\n",
        "\u00a0",
        "\u200f",
        "\u200e",
        "\u202e",
        "\u2066",
        "\u200c",
        "\ufeff",
        "\x00",
    ),
    *(
        "\u0301",
        "\u064b",
        "\u0640",
        "\ud7ff",
        "😀",
        "👍🏽",
        "ﷺ",
        "\ufdfa",
        "İ",
        "ß",
        "ﬁ",
        "\U0001f1f5",
        "Å",
        "क",
        "漢字",
    ),
    *("home > World > Africa", "الرئيسية » أخبار", "Share on WhatsApp", "اقرأ أيضا:", "---\n", "[1]", "<b>", "&nbsp;"),
)
texts = st.lists(
    st.sampled_from(PIECES) | st.text(max_size=3) | st.sampled_from([" ", " ", " "]), min_size=1, max_size=40
).map("".join)
spaced = st.lists(st.sampled_from(PIECES), min_size=1, max_size=40).map(" ".join)
anything = texts | spaced


def alike(given_texts: Sequence[str]) -> Vectors:
    """Every text has the same meaning, so that whatever compares meanings goes on to compare words."""
    return np.ones((len(given_texts), 1), dtype=np.float32)


def article(text: str) -> Article:
    return Article(1, 1, "a.txt", "a.txt", text, "", Metadata(title=text[:80], date="2024-04-04"), (), (), None, "", "")


def within(spans: Sequence[Span], text: str) -> None:
    assert all(0 <= span.start <= span.end <= len(text) for span in spans)


@fuzzed
@given(anything)
def test_texts_are_split(text: str) -> None:
    for spans in (sentence_spans(text), quotable_spans(text, 0, len(text)), find_furniture(text)):
        within(list(spans), text)
    clause_starts(text)
    word_starts(text)
    split_passages(text, find_furniture(text), lambda part: len(part.split()))
    assert fold(fold(text)) == fold(text)
    within([span for _, span in located_words(text)], text)
    for word in words(text):
        stem(word)
    script(text)


@fuzzed
@given(anything)
def test_texts_are_read(text: str) -> None:
    read = Text(text)
    for part in (read.tokens, read.words, read.amounts, read.dates, read.measures, read.likely_names, read.speeches):
        assert part is not None
    for found in find_times(text, "2024-04-04"):
        assert 0 <= found.start < found.end <= len(text)
    speaker_of(text, Span(len(text) // 3, len(text)))
    read_notices(article(text))
    for rules in (arabic, english):
        list(rules.topics(text, read.tokens))
        list(rules.facts(text, read.tokens))


@fuzzed
@given(anything, anything)
def test_two_texts_are_compared(one: str, other: str) -> None:
    mine, theirs = Told(one), Told(other)
    for found in differences(mine, theirs, alike):
        within([found.first], one)
        within([found.second], other)
    same_statement(mine, theirs)
    verify(one, Ground.within(article(other), Span(0, len(other)), other), alike)
    namesakes(one, [other], [one, other])


@fuzzed
@given(anything, st.lists(anything, max_size=2))
def test_questions_are_understood(text: str, history: list[str]) -> None:
    with suppress(InputError):  # empty, or too long
        read_question(text, history)


@fuzzed
@given(anything, st.booleans())
def test_what_a_model_writes_is_read(text: str, structured: bool) -> None:
    sentences = json.dumps({"sentences": [{"text": text, "evidence": [{"passage": 1, "words": text}]}]})
    for written in (text, sentences, sentences[: len(sentences) // 2]):
        provisional_text(written, structured=structured)
        read_drafts(written, structured=structured)


KINDS: Final = (".txt", ".md", ".html", ".json", ".jsonl", ".csv", ".pdf", ".docx")
WRAPPED: Final = (
    "{}",
    "---\ntitle: {}\ndate: {}\n---\n{}",
    "<html><head><title>{}</title></head><body><article><p>{}</p></article></body></html>",
    '{{"title": "{}", "text": "{}"}}',
    "title,text\n{},{}\n",
)


@fuzzed
@given(st.sampled_from(KINDS), st.sampled_from(WRAPPED), anything, st.sampled_from(["utf-8", "utf-16", "cp1256"]))
def test_files_are_read_or_refused(kind: str, wrapped: str, text: str, encoding: str) -> None:
    data = wrapped.format(text, text, text).encode(encoding, errors="replace")
    for found in extract(SourceFile(f"a{kind}", f"a{kind}", kind, lambda: data), data, {}):
        if isinstance(found, Failure):
            assert found.reason
        else:
            within(list(find_furniture(found.text)), found.text)


@fuzzed
@given(st.binary(max_size=400), st.sampled_from(KINDS))
def test_bytes_are_read_or_refused(data: bytes, kind: str) -> None:
    list(extract(SourceFile(f"a{kind}", f"a{kind}", kind, lambda: data), data, {}))


@fuzzed
@given(anything)
def test_metadata_is_read_or_refused(text: str) -> None:
    read_date(text)
    with suppress(DocumentUnreadable):
        split_front_matter(f"---\n{text}\n---\n{text}")
    with suppress(ShawahidError):
        metadata_from_fields({"title": text, "date": text, "outlet": text, "url": text, "author": text})


def test_settings_are_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"

    @fuzzed
    @given(anything, st.sampled_from([setting.name for setting in SETTINGS]), st.booleans())
    def read(text: str, name: str, quoted: bool) -> None:
        value = json.dumps(text) if quoted else text
        path.write_text(f"{name} = {value}\n", encoding="utf-8", errors="replace")
        with suppress(ShawahidError):
            read_config(SETTINGS, path)

    read()
