"""Made articles, questions and vectors: as many as wanted, the same in every run, and nobody's property.

The words are made of roots and patterns as Arabic words are, so that they share stems and 4-grams, and stand in the
texts as often as Zipf has it, the commonest being real function words: the lists of BM25 are then as long as real ones.
"""

import datetime
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from shawahid.ingest.embedders.base import Embedder, Vectors
from shawahid.ingest.types import Metadata

VOCABULARY = 50_000
ARTICLE_WORDS = 300
OUTLETS = tuple(
    f"صحيفة {name}" for name in "الساحل الجبل النهر الميناء الواحة القلعة المدينة الشاطئ السهل الجسر".split()
)
FIRST_DAY = datetime.date(2014, 1, 1)
MIDDLE_DAY = datetime.date(2019, 1, 1)
DAYS = 3_652

_COMMONEST = """
    في من على إلى أن التي عن مع هذا الذي كان هذه بعد ما لا بين كما قال إن خلال قد لم كل ذلك يوم وقد حتى غير حيث أكثر
    أمام عند نحو منذ ثم أو هو هي عام وقال لن إذا
""".split()
_LETTERS = "رلنمبدسعقفكحجشطتهخصزغضذثءظ"
_PATTERNS = (
    "012 0ا12 01ا2 01ي2 01و2 م01و2 م012 ت01ي2 ا01ا2 است012 ا0ت12 مت012 0ا12ة 01ا2ة م01ا2 012ة 01و2ة ان012 ت0ا12 01اي2"
).split()
_BEFORE = ("", "", "", "ال", "ال", "ال", "و", "وال", "ب", "بال", "لل", "ي", "ت", "سي")
_AFTER = ("", "", "", "", "ات", "ون", "ين", "ها", "ه", "ية", "هم", "ان", "ي")
_SENTENCE = (8, 26)
_QUESTION = (4, 8)
_LETTERS_A_TOKEN = 2.5  # in made text, by the bundled embedder's tokenizer
_SEED = 2019


@dataclass(frozen=True, slots=True)
class MadeArticle:
    """One made article."""

    number: int
    text: str
    outlet: str
    date: str

    @property
    def metadata(self) -> Metadata:
        return Metadata(title=f"مقال {self.number}", outlet=self.outlet, date=self.date, language="ar")


def make_articles(count: int, words: int = ARTICLE_WORDS, first: int = 0) -> Iterator[MadeArticle]:
    """`count` articles of `words` words, numbered from `first`; a number always gives the same article."""
    return (_make_article(number, words) for number in range(first, first + count))


def make_questions(articles: Sequence[MadeArticle], count: int) -> list[str]:
    """Questions of four to eight words that stand side by side in one of the articles."""
    draw = random.Random(_SEED)
    return [_make_question(draw.choice(articles).text, draw) for _ in range(count)]


@cache
def vocabulary() -> tuple[str, ...]:
    """The made words, the commonest first."""
    draw = random.Random(_SEED)
    weights = [1 / (place + 4) for place in range(len(_LETTERS))]
    made = dict.fromkeys(_COMMONEST)
    while len(made) < VOCABULARY:
        root = draw.choices(_LETTERS, weights, k=3)
        pattern = draw.choice(_PATTERNS)
        body = "".join(root[int(sign)] if sign.isdigit() else sign for sign in pattern)
        made[draw.choice(_BEFORE) + body + draw.choice(_AFTER)] = None
    return tuple(made)


@cache
def _cumulated() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """How much of all text the words up to each rank make, by Zipf and Mandelbrot."""
    frequencies = 1 / (np.arange(VOCABULARY) + 2.7)
    return np.asarray(np.cumsum(frequencies) / frequencies.sum(), dtype=np.float64)


def _make_article(number: int, count: int) -> MadeArticle:
    draw = np.random.default_rng((_SEED, number))
    ranks = np.minimum(np.searchsorted(_cumulated(), draw.random(count)), VOCABULARY - 1)
    words = [vocabulary()[rank] for rank in ranks.tolist()]
    cuts = np.cumsum(draw.integers(*_SENTENCE, size=count // _SENTENCE[0] + 1)).tolist()
    sentences, start = [], 0
    for end in cuts:
        if start >= count:
            break
        sentences.append(" ".join(words[start:end]) + ".")
        start = end
    lines = [" ".join(sentences[first : first + 4]) for first in range(0, len(sentences), 4)]
    day = FIRST_DAY + datetime.timedelta(days=int(draw.integers(DAYS)))
    return MadeArticle(number, "\n".join(lines) + "\n", OUTLETS[number % len(OUTLETS)], day.isoformat())


def _make_question(text: str, draw: random.Random) -> str:
    words = text.replace(".", " ").split()
    length = draw.randint(*_QUESTION)
    start = draw.randrange(len(words) - length)
    return " ".join(words[start : start + length]) + "؟"


class MadeEmbedder:
    """Stands in for an embedder where only size matters: random unit vectors, and tokens guessed by the letters."""

    def __init__(self, real: Embedder) -> None:
        self.identity = real.identity
        self.real = real
        self._draw = np.random.default_rng(_SEED)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        vectors = self._draw.standard_normal((len(texts), 384), dtype=np.float32)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    def embed_question(self, text: str) -> Vectors:
        return self.real.embed_question(text)

    def count_tokens(self, text: str) -> int:
        return round(len(text) / _LETTERS_A_TOKEN)
