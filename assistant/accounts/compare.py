"""What two texts about the same thing dispute: a number, a date, a rank, a report and its denial.

One idea decides: two sentences dispute a value only where they are about the same thing apart from it, and where what
the value belongs to cannot be mistaken. So a sentence that counts several things, or sums up several events, disputes
no number; sentences that name other places, days or years dispute nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import product
from typing import Final, Literal, get_args

from shawahid.assistant.attempt import attempt
from shawahid.assistant.language.lexicon import concepts, forms, listed, word_list
from shawahid.assistant.language.measures import same_amount, unit
from shawahid.assistant.language.names import Words
from shawahid.assistant.language.numerals import Number
from shawahid.assistant.language.polarity import clauses, is_not
from shawahid.assistant.language.times.moments import Date, is_time_word, weekdays
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
_BESIDE = 4  # telling words on each side of a date that may tell what happens then
_SHARED = 4  # telling words that two sentences about the same thing have in common
_LIKE = 0.915  # cosine, of two sentences without their numbers
_LIKE_LOSSES = 0.89  # the same where both count dead or injured
_ROUNDED = 1.15  # ratio of two numbers of which one is said to be about, or at least, that
_FARTHEST = 5  # ratio of two numbers; what is farther apart counts different things
_NEAR_DAYS = frozenset("اليوم امس غدا today yesterday tomorrow".split())
_YEARS = range(1900, 2101)
_LIKE_DATED = 0.91
_SAME_WORDS = 0.75  # of the telling words of each of two sentences that say the same


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

    @cached_property
    def counts(self) -> list[Number]:
        """The numbers that count something, but not time."""
        return [number for number in self.text.amounts if _counts(self.text.tokens, number)]

    def shares(self, other: "_Sentence") -> int:
        """How many telling words another sentence has, in any form or language."""
        return sum(other.text.words.has(token) for token in self.telling)

    def share_in(self, other: "_Sentence") -> float:
        """The share of its telling words that another sentence has."""
        return self.shares(other) / max(1, len(self.telling))

    @property
    def denials(self) -> int:
        return sum(is_not(token.word) for token in self.text.tokens)

    @property
    def of_several(self) -> bool:
        """Whether it sums up several events; another may sum up others."""
        return any(listed(token.word, "several_events") for token in self.text.tokens)

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
    bound: int

    def allows(self, other: Number) -> bool:
        """Whether it is only a bound, "more than 300", and the other number lies beyond it."""
        return (other.value - self.number.value) * self.bound > 0

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

    def __init__(self, text: str, sentences: Sequence[_Sentence] | None = None) -> None:
        self.text = text
        spans = sentence_spans(text) if sentences is None else ()
        self.sentences = sentences or [_Sentence(Text(text[span.start : span.end]), span.start) for span in spans]

    def within(self, cited: Span) -> "Told":
        """The sentences of it that some words stand in."""
        return Told(self.text, [sentence for sentence in self.sentences if sentence.whole.overlaps(cited)])

    @cached_property
    def quantities(self) -> list[_Quantity]:
        return [found for sentence in self.sentences for found in _quantities(sentence)]


def tell(articles: Iterable[Article]) -> dict[int, Told]:
    """Each different text of some articles, by its number."""
    return {text_id: Told(text) for text_id, text in {article.text_id: article.text for article in articles}.items()}


def differences(first: Told, second: Told, embed: Embed) -> list[Difference]:
    """What two texts dispute, the plainest kinds first; at most one of each kind."""
    kinds = (_denied, _counted, _dated, _ranked)
    read = (attempt("a comparison", partial(kind, first, second, embed), None) for kind in kinds)
    return [found for found in read if found]


def same_statement(first: Told, second: Told) -> bool:
    """Whether a sentence of one says what a sentence of the other does, in nearly the same words and numbers."""
    return attempt("an agreement", lambda: _same_statement(first, second), otherwise=False)


def _same_statement(first: Told, second: Told) -> bool:
    return any(
        min(here.share_in(there), there.share_in(here)) >= _SAME_WORDS
        and len(here.telling) > _SHARED
        and here.denials == there.denials
        and _same_numbers(here, there)
        for here, there in product(first.sentences, second.sentences)
    )


def _same_numbers(here: _Sentence, there: _Sentence) -> bool:
    """Whether no number stands against another: one of the two has none, or all of one are in the other."""
    mine, theirs = ({number.value for number in one.text.numbers} for one in (here, there))
    return not mine or not theirs or mine <= theirs or theirs <= mine


def _quantities(sentence: _Sentence) -> Iterator[_Quantity]:
    """The numbers that count something, and whether each is alone in that: of several, what each counts is not sure."""
    tokens = sentence.text.tokens
    for number in sentence.counts:
        if number.vague or number.value <= 1:
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
            _bound(before[-3:], after[:_NEAR_NUMBER]),
        )


def _counts(tokens: Sequence[Token], number: Number) -> bool:
    """Whether a number counts anything but time: no year, no place in an order, no days."""
    year = number.text.isdigit() and number.value in _YEARS
    measured = unit(tokens, number)
    clock = [token.word for token in tokens[max(0, number.first - 3) : number.last + 2]]  # at twenty to seven
    told = "at" in clock[:3] and bool({"to", "past"} & set(clock))
    return not (number.ordinal or year or told or (measured is not None and measured[0] == "time"))


def _bound(before: Sequence[Token], after: Sequence[Token]) -> int:
    """1 where a number is the least that is meant, -1 where it is the most, 0 where it is what is meant."""
    least = [token.word for token in after[1:] if token.word in ("الاقل", "least")]
    if least or any(listed(token.word, "above") for token in before):
        return 1
    return -1 if any(listed(token.word, "below") for token in before) else 0


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
        if larger > _FARTHEST * smaller:
            continue
        if (one.rounded or other.rounded) and larger <= _ROUNDED * float(smaller):
            continue
        if one.allows(other.number) or other.allows(one.number):
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
    here, there = one.sentence, other.sentence
    if len(here.counts) > 1 or len(there.counts) > 1 or here.of_several or there.of_several:
        return False
    shared = one.sentence.shares(other.sentence)
    if not shared or _elsewhere(one.sentence, other.sentence) or (not one.losses and shared <= _SHARED):
        return False
    mine, theirs = embed([one.rest, other.rest])
    return float(mine @ theirs) >= (_LIKE_LOSSES if one.losses else _LIKE)


def _elsewhere(here: _Sentence, there: _Sentence) -> bool:
    """Whether two sentences name places, days or years, each some that the other does not."""
    return any(_apart(named(here), named(there)) for named in (_places, _days_named, _years))


def _apart(mine: set[str], theirs: set[str]) -> bool:
    return bool(mine - theirs and theirs - mine)


def _places(sentence: _Sentence) -> set[str]:
    named = (concept for token in sentence.text.tokens for concept in concepts(token.word))
    return {concept.name for concept in named if concept.kind == "place"}


def _days_named(sentence: _Sentence) -> set[str]:
    """The days of the week, and "today" and "yesterday": whether they are the same day is not known."""
    near = {form for token in sentence.text.tokens for form in forms(token.word)} & _NEAR_DAYS
    return near | {str(day) for day in weekdays(sentence.text.tokens)}


def _years(sentence: _Sentence) -> set[str]:
    return {number.text for number in sentence.text.numbers if number.text.isdigit() and number.value in _YEARS}


def _dated(first: Told, second: Told, embed: Embed) -> Difference | None:
    """Another day of the same thing."""
    mine, theirs = (_days(told) for told in (first, second))
    for (one, here), (other, there) in product(mine, theirs):
        if {(one.month, one.day)} & {(date.month, date.day) for date, _ in theirs}:
            continue
        if {(other.month, other.day)} & {(date.month, date.day) for date, _ in mine}:
            continue
        if here.counts or there.counts or _apart(_places(here), _places(there)):
            continue
        if not any(Words(_beside(one, here)).has(token) for token in _beside(other, there)):
            continue  # days of different things
        same_year = one.year is None or other.year is None or one.year == other.year
        if same_year and here.shares(there) > _SHARED and _alike(here, there, embed, _LIKE_DATED):
            return Difference("date", _date_span(one, here), _date_span(other, there))
    return None


def _days(told: Told) -> list[tuple[Date, _Sentence]]:
    return [(date, sentence) for sentence in told.sentences for date in sentence.text.dates if date.day]


def _beside(date: Date, sentence: _Sentence) -> list[Token]:
    """The telling words next to a date."""
    first, last = sentence.text.tokens[date.first].start, sentence.text.tokens[date.last].end
    words = [token for token in sentence.telling if not is_time_word(token.word)]
    before = [token for token in words if token.end <= first][-_BESIDE:]
    return before + [token for token in words if token.start >= last][:_BESIDE]


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
    return _denial(first, second) or _turned(_denial(second, first))


def _turned(found: Difference | None) -> Difference | None:
    return found and Difference(found.relation, found.second, found.first)


def _denial(report: Told, denial: Told) -> Difference | None:
    if any(calls_untrue(sentence.text.tokens) for sentence in report.sentences):
        return None
    for there in denial.sentences:
        cue = calls_untrue(there.text.tokens)
        if cue is None:
            continue
        clause = next(clause for clause in clauses(there.text.tokens) if cue in clause)
        here = next((one for one in report.sentences if _has_denied(one, clause)), None)
        if here:
            whole = here.text.tokens
            return Difference("denial", here.span(whole[0], whole[-1]), there.span(cue, cue))
    return None


def _has_denied(report: _Sentence, denial: Sequence[Token]) -> bool:
    """Whether a report has nearly every word of a clause that denies: "the rebels denied attacking the army".

    Two sentences that are merely alike show no denial: of ten such lines over newspapers two were right.
    """
    denied = [token for token in denial if token.word not in STOP_WORDS and not listed(token.word, "untrue")]
    found = sum(report.text.words.has(token) for token in denied)
    return found > _SHARED - 2 and found >= _SAME_WORDS * len(denied)


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


def _alike(here: _Sentence, there: _Sentence, embed: Embed, least: float) -> bool:
    mine, theirs = embed([here.text.text, there.text.text])
    return float(mine @ theirs) >= least
