"""What two texts about the same thing dispute: a number, a date, a rank, a report and its denial, opposed stance.

No more is claimed than the words carry: two numbers differ only where they count the same thing, a denial denies only
what the other text reports, and opposites oppose only where they prevail on both sides, in sentences about one thing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import product
from typing import Final, Literal, get_args

from shawahid.assistant.attempt import attempt
from shawahid.assistant.language.lexicon import concepts, forms, listed, word_list
from shawahid.assistant.language.measures import same_amount, unit
from shawahid.assistant.language.numerals import Number
from shawahid.assistant.language.polarity import is_not
from shawahid.assistant.language.stance import Pole, poles
from shawahid.assistant.language.times.moments import Date
from shawahid.assistant.language.tokens import Token
from shawahid.assistant.types import Relation
from shawahid.assistant.verify.ground import Embed, Text
from shawahid.ingest.text.sentences import sentence_spans
from shawahid.ingest.text.words import STOP_WORDS
from shawahid.ingest.types import Article, Span

Losses = Literal["dead", "injured"]
"""Who is counted where people came to harm; each is a list of words."""
_LOSSES: Final[tuple[Losses, ...]] = get_args(Losses)

_NEAR_NUMBER = 4  # words around a number that may tell what it counts
_SHARED = 4  # telling words that two sentences about the same thing have in common
_LIKE = 0.915  # cosine, of two sentences without their numbers
_LIKE_LOSSES = 0.89  # the same where both count dead or injured
_ROUNDED = 1.15  # ratio of two numbers of which one is said to be about, or at least, that
_YEARS = range(1900, 2101)
_PREVAILS = 2  # words of one side more than of the other, in each text
_OUTWEIGHS = 4  # the same in both together
_LIKE_OPPOSED = 0.88
_LIKE_EVENT = 0.86
_LIKE_DATED = 0.9
_LIKE_PREVAILING = 0.85
_LIKE_SAME = 0.93


@dataclass(frozen=True, slots=True)
class Difference:
    """What two texts dispute, and the words of each in which they do: spans of the two texts."""

    relation: Relation
    first: Span
    second: Span


@dataclass(frozen=True)
class _Sentence:
    """A sentence of a text, where it begins, and its telling words."""

    text: Text
    start: int

    @cached_property
    def telling(self) -> list[Token]:
        return [token for token in self.text.tokens if token.word not in STOP_WORDS and not token.word[0].isdigit()]

    def shares(self, other: "_Sentence") -> int:
        """How many telling words another sentence has, in any form or language."""
        return sum(other.text.words.has(token) for token in self.telling)

    @property
    def whole(self) -> Span:
        return Span(self.start, self.start + len(self.text.text))

    def span(self, first: Token, last: Token) -> Span:
        return Span(self.start + first.start, self.start + last.end)


@dataclass(frozen=True)
class _Quantity:
    """A number with its sentence: what it counts, and whether it is said to be exact."""

    number: Number
    sentence: _Sentence
    unit: tuple[str, str] | None
    losses: Losses | None
    counted: Token | None
    rounded: bool

    @property
    def rest(self) -> str:
        """The sentence without its figures."""
        tokens = self.sentence.text.tokens
        inside = range(self.number.first, self.number.last + 1)
        return " ".join(
            token.text for place, token in enumerate(tokens) if place not in inside and not token.word[0].isdigit()
        )

    @property
    def span(self) -> Span:
        tokens = self.sentence.text.tokens
        return self.sentence.span(tokens[self.number.first], tokens[self.number.last])


class Told:
    """A text with all in it that another can dispute, each thing found when it is first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sentences = [_Sentence(Text(text[span.start : span.end]), span.start) for span in sentence_spans(text)]

    def within(self, cited: Span) -> "Told":
        """What of it stands in the cited words; all of it still tells on which side of a pair of opposites it is."""
        return _Part(self, cited)

    @cached_property
    def quantities(self) -> list[_Quantity]:
        return [found for sentence in self.sentences for found in _quantities(sentence)]

    @cached_property
    def poles(self) -> list[tuple[Pole, _Sentence]]:
        return [(pole, sentence) for sentence in self.sentences for pole in poles(sentence.text.tokens)]

    @cached_property
    def prevailing(self) -> Counter[str]:
        """By how many words one side of each pair of opposites prevails."""
        count: Counter[str] = Counter()
        for pole, _ in self.poles:
            count[pole.dimension] += pole.side
        return count


class _Part(Told):
    """The sentences of a text that some words stand in."""

    def __init__(self, whole: Told, cited: Span) -> None:
        self.text = whole.text
        self.sentences = [sentence for sentence in whole.sentences if sentence.whole.overlaps(cited)]
        self._whole = whole

    @cached_property
    def prevailing(self) -> Counter[str]:
        return self._whole.prevailing


def tell(articles: Iterable[Article]) -> dict[int, Told]:
    """Each different text of some articles, by its number."""
    return {text_id: Told(text) for text_id, text in {article.text_id: article.text for article in articles}.items()}


def differences(first: Told, second: Told, embed: Embed) -> list[Difference]:
    """What two texts dispute, the plainest kinds first; at most one of each kind."""
    kinds = (_denied, _counted, _dated, _ranked, _opposed)
    read = (attempt("a comparison", partial(kind, first, second, embed), None) for kind in kinds)
    return [found for found in read if found]


def same_statement(first: Told, second: Told, embed: Embed) -> bool:
    """Whether a sentence of one says what a sentence of the other does: words and numbers, nearly one meaning."""
    return attempt("an agreement", lambda: _same_statement(first, second, embed), otherwise=False)


def _same_statement(first: Told, second: Told, embed: Embed) -> bool:
    return any(
        here.shares(there) > _SHARED + 1 and _same_numbers(here, there) and _alike(here, there, embed, _LIKE_SAME)
        for here, there in product(first.sentences, second.sentences)
    )


def _same_numbers(here: _Sentence, there: _Sentence) -> bool:
    """Whether no number stands against another: one of the two has none, or all of one are in the other."""
    mine, theirs = ({number.value for number in one.text.numbers} for one in (here, there))
    return not mine or not theirs or mine <= theirs or theirs <= mine


def _quantities(sentence: _Sentence) -> Iterator[_Quantity]:
    tokens = sentence.text.tokens
    for number in sentence.text.amounts:
        year = number.text.isdigit() and number.value in _YEARS
        if number.ordinal or number.vague or number.value <= 1 or year:
            continue
        before, after = tokens[max(0, number.first - _NEAR_NUMBER) : number.first], tokens[number.last + 1 :]
        counted = next((token for token in after[:3] if token.word not in STOP_WORDS), None)
        yield _Quantity(
            number,
            sentence,
            unit(tokens, number),
            _losses([*after[:_NEAR_NUMBER], *before[::-1]]),
            counted,
            any(listed(token.word, "rounding") for token in before[-3:]),
        )


def _losses(near: Sequence[Token]) -> Losses | None:
    """Whether dead or injured are counted."""
    for token in near:
        for name in _LOSSES:
            if listed(token.word, name) or token.stem in word_list(name):
                return name
    return None


def count_the_same(first: Told, second: Told) -> bool:
    """Whether a number of one counts the same kind of thing as a number of the other."""
    return any(_same_kind(one, other) for one, other in product(first.quantities, second.quantities))


def _counted(first: Told, second: Told, embed: Embed) -> Difference | None:
    """Another number of the same thing."""
    mine, theirs = ({quantity.number.value for quantity in told.quantities} for told in (first, second))
    for one, other in product(first.quantities, second.quantities):
        if one.number.value in theirs or other.number.value in mine or not _same_kind(one, other):
            continue
        larger, smaller = sorted((one.number.value, other.number.value), reverse=True)
        if (one.rounded or other.rounded) and larger <= _ROUNDED * float(smaller):
            continue
        if same_amount(one.sentence.text.tokens, one.number, other.sentence.text.tokens, other.number):
            continue
        if _about_the_same(one, other, embed):
            return Difference("number", one.span, other.span)
    return None


def _same_kind(one: _Quantity, other: _Quantity) -> bool:
    """Whether two numbers count the same kind of thing: losses, a unit that is no time, the same noun."""
    if one.losses or other.losses:
        return one.losses == other.losses
    if one.unit or other.unit:
        return one.unit == other.unit and one.unit is not None and one.unit[0] != "time"
    if one.counted is None or other.counted is None:
        return False
    people = listed(one.counted.word, "people") and listed(other.counted.word, "people")
    return people or Text(one.counted.text).words.has(other.counted)


def _about_the_same(one: _Quantity, other: _Quantity, embed: Embed) -> bool:
    shared = one.sentence.shares(other.sentence)
    if not shared or (not one.losses and shared <= _SHARED):
        return False
    mine, theirs = embed([one.rest, other.rest])
    return float(mine @ theirs) >= (_LIKE_LOSSES if one.losses else _LIKE)


def _dated(first: Told, second: Told, embed: Embed) -> Difference | None:
    """Another day of the same thing."""
    mine, theirs = (_days(told) for told in (first, second))
    for (one, here), (other, there) in product(mine, theirs):
        if {(one.month, one.day)} & {(date.month, date.day) for date, _ in theirs}:
            continue
        if {(other.month, other.day)} & {(date.month, date.day) for date, _ in mine}:
            continue
        same_year = one.year is None or other.year is None or one.year == other.year
        if same_year and here.shares(there) > _SHARED and _alike(here, there, embed, _LIKE_DATED):
            return Difference("date", _date_span(one, here), _date_span(other, there))
    return None


def _days(told: Told) -> list[tuple[Date, _Sentence]]:
    return [(date, sentence) for sentence in told.sentences for date in sentence.text.dates if date.day]


def _date_span(date: Date, sentence: _Sentence) -> Span:
    return sentence.span(sentence.text.tokens[date.first], sentence.text.tokens[date.last])


def _ranked(first: Told, second: Told, embed: Embed) -> Difference | None:
    """Another rank of the same person."""
    for (rank, name, here), (other, namesake, there) in product(_ranks(first), _ranks(second)):
        same = all(Text(" ".join(token.text for token in namesake)).words.has(token) for token in name)
        if same and not _grades(rank) & _grades(other):
            return Difference("rank", here.span(rank, name[-1]), there.span(other, namesake[-1]))
    return None


def _grades(token: Token) -> set[str]:
    return {concept.name for concept in concepts(token.word) if concept.kind == "grade"}


def _ranks(told: Told) -> Iterator[tuple[Token, tuple[Token, Token], _Sentence]]:
    """Military ranks, each with the two names that follow it."""
    for sentence in told.sentences:
        tokens = sentence.text.tokens
        for place in range(len(tokens) - 2):
            if _grades(tokens[place]) and not tokens[place + 1].stopped:
                yield tokens[place], (tokens[place + 1], tokens[place + 2]), sentence


def _denied(first: Told, second: Told, embed: Embed) -> Difference | None:
    """What one reports and the other has denied."""
    return _denial(first, second, embed) or _turned(_denial(second, first, embed))


def _turned(found: Difference | None) -> Difference | None:
    return found and Difference(found.relation, found.second, found.first)


def _denial(report: Told, denial: Told, embed: Embed) -> Difference | None:
    if any(calls_untrue(sentence.text.tokens) for sentence in report.sentences):
        return None
    for there in denial.sentences:
        cue = calls_untrue(there.text.tokens)
        if cue is None:
            continue
        shared, here = max(((here.shares(there), here) for here in report.sentences), key=lambda pair: pair[0])
        if shared > _SHARED or (
            shared > _SHARED - 2 and _of_a_report(there) and _alike(here, there, embed, _LIKE_EVENT)
        ):
            whole = here.text.tokens
            return Difference("denial", here.span(whole[0], whole[-1]), there.span(cue, cue))
    return None


def _of_a_report(sentence: _Sentence) -> bool:
    """Whether a sentence speaks of what has been reported."""
    return any(listed(token.word, "reports") for token in sentence.text.tokens)


def calls_untrue(tokens: Sequence[Token]) -> Token | None:
    """The word with which a sentence calls a report untrue."""
    for place, token in enumerate(tokens):
        plain = token.word[1:] if token.word[0] in "وف" else token.word
        if {token.word, plain, *forms(token.word)} & word_list("untrue"):
            return token
        if plain in ("صحه", "truth", "صحيح", "true") and any(
            is_not(other.word) for other in tokens[max(0, place - 3) : place]
        ):
            return token
    return None


def _opposed(first: Told, second: Told, embed: Embed) -> Difference | None:
    """Opposites that prevail on both sides, in sentences about the same thing."""
    best: tuple[int, Difference] | None = None
    for (one, here), (other, there) in product(first.poles, second.poles):
        if one.dimension != other.dimension or one.side == other.side or one.token.stem == other.token.stem:
            continue
        mine, theirs = first.prevailing[one.dimension], second.prevailing[one.dimension]
        if mine * one.side <= 0 or theirs * other.side <= 0:
            continue
        shared = here.shares(there)
        least, both = min(abs(mine), abs(theirs)), abs(mine) + abs(theirs)
        outweighs = both >= _OUTWEIGHS and shared > _SHARED and _alike(here, there, embed, _LIKE_OPPOSED)
        if not outweighs and not (
            least >= _PREVAILS and shared >= _SHARED - 1 and _alike(here, there, embed, _LIKE_PREVAILING)
        ):
            continue
        if best is None or shared > best[0]:
            spans = here.span(one.token, one.token), there.span(other.token, other.token)
            best = (shared, Difference("stance", *spans))
    return best[1] if best else None


def _alike(here: _Sentence, there: _Sentence, embed: Embed, least: float) -> bool:
    mine, theirs = embed([here.text.text, there.text.text])
    return float(mine @ theirs) >= least
