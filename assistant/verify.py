"""Does a sentence stand in the words it cites? Without a language model, in Arabic, in English and across.

Each check looks for one way in which a sentence can be wrong: a number, a date, a name or a direction that its evidence
does not have, names or numbers that changed places, a denial that became an assertion, a saying put into another mouth,
or a meaning that is simply far away. The first that finds something decides.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import combinations

import numpy as np

from ingest.embed import Vectors
from ingest.types import Metadata
from ingest.words import STOP_WORDS

from .exchange import exchanged_names, exchanged_numbers, exchanged_objects
from .lexicon import Concept, concepts, forms, word_list
from .moments import Date, dates, directions, figures_of, parts_of_day, weekdays
from .names import Words, names
from .numerals import Number, numbers
from .polarity import clauses, denies
from .speech import Speech, speeches
from .tokens import Token, tokenize
from .types import Verdict
from .units import same_amount, same_share, unit

Embed = Callable[[Sequence[str]], Vectors]
"""Texts to unit vectors, shape (n, dimensions)."""

_DUAL = re.compile(r"[\u0621-\u064a]{3,}(?:ين|ان)$")  # an Arabic noun that may mean two
_PRONOUN_END = re.compile(r"[\u0621-\u064a]{3,}(?:هم|ها|ه)$")
_NEXT_MONTH = re.compile(r"next month|الشهر (?:المقبل|القادم)")
_COPIED = 0.8  # of the words
_NEAR_COPY = 0.95  # cosine; below it a denial may be another wording: "will be free", "will not pay"
_FAR = 0.8  # cosine; below it a sentence speaks of something else
_SAME_WORDS = 0.34  # of a speaker's words, where no name tells who is meant


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict, the phrase that gives the reason (a name in prompts/phrases.*.toml), and the words it is about."""

    verdict: Verdict
    reason: str
    words: str = ""


SUPPORTED = Finding("supported", "finding_holds")


class Text:
    """A text with what is known of it, each thing found when it is first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def tokens(self) -> list[Token]:
        return tokenize(self.text)

    @cached_property
    def words(self) -> Words:
        return Words(self.tokens)

    @cached_property
    def numbers(self) -> list[Number]:
        return numbers(self.tokens)

    @cached_property
    def dates(self) -> list[Date]:
        return dates(self.tokens)

    @cached_property
    def amounts(self) -> list[Number]:
        """The numbers that are not part of a date."""
        return [
            number
            for number in self.numbers
            if not any(date.first <= number.first and number.last <= date.last for date in self.dates)
        ]

    @cached_property
    def names(self) -> list[Token]:
        return names(self.tokens)

    @cached_property
    def speeches(self) -> list[Speech]:
        return speeches(self.tokens)

    @cached_property
    def latin(self) -> bool:
        return sum(token.latin for token in self.tokens) * 2 > len(self.tokens)


@dataclass(frozen=True)
class Evidence:
    """What a sentence rests on.

    `quote` are the whole sentences that the cited words stand in, `before` what the article says ahead of them, `about`
    its outlet, title and date.
    """

    quote: Text
    before: Text
    about: Metadata

    @cached_property
    def title(self) -> Words:
        return Words(tokenize(" ".join(filter(None, (self.about.title, self.about.outlet)))))


def verify(sentence: str, evidence: Evidence, embed: Embed) -> Finding:
    """Whether a sentence stands in its evidence."""
    said = Text(sentence)
    for check in (_numbers, _dates, _moments, _names, _exclusive):
        if found := check(said, evidence):
            return found
    for compare in (exchanged, _attribution, _negation, _meaning):
        if found := compare(said, evidence, embed):
            return found
    return SUPPORTED


# Numbers and dates


def _numbers(said: Text, evidence: Evidence) -> Finding | None:
    given = evidence.quote
    known = set(figures_of(evidence.about.date))
    for number in said.amounts:
        if number.value == 1 or (number.value in known and number.value > 1000):
            continue
        same = [other for other in given.numbers if same_amount(said.tokens, number, given.tokens, other)]
        if not same and not _derived(number, given):
            others = any(not other.vague for other in given.numbers)
            return Finding("contradicted" if others else "not_found", "finding_number", number.text)
        mine = unit(said.tokens, number)
        theirs = {unit(given.tokens, other) for other in same if other.value == number.value}
        if mine and theirs and all(other and other[0] == mine[0] and other != mine for other in theirs):
            return Finding("contradicted", "finding_unit", number.text)
    return None


def _derived(number: Number, given: Text) -> bool:
    """Whether a number follows from the evidence's: a share as a percentage, a sum of two, a dual, twice as many."""
    values = [other.value for other in given.amounts]
    if any(same_share(number.value, value) for value in values):
        return True
    if number.value < 1 and any(other.ordinal and other.value * number.value == 1 for other in given.amounts):
        return True  # "a third" may be the third
    if number.value == 2 and any(_DUAL.search(token.word) for token in given.tokens):
        return True
    pairs = combinations(values, 2)
    twice = any(
        token.word in {"twice", "double", "doubled", "ضعف", "ضعفي", "ضعفين", "تضاعف", "تضاعفت"}
        for token in given.tokens
    )
    return any(one + other == number.value for one, other in pairs) or (twice and number.value / 2 in values)


def _dates(said: Text, evidence: Evidence) -> Finding | None:
    given = evidence.quote.dates
    own = tuple(figures_of(evidence.about.date))
    for told in said.dates:
        if not any(_compatible(told, other, own) for other in [*given, *_own_dates(own, evidence)]):
            return Finding("contradicted" if given else "not_found", "finding_date", told.text)
    return None


def _own_dates(figures: tuple[int, ...], evidence: Evidence) -> Iterator[Date]:
    """What the article's own date makes of its words: that date, the weekday before it that is named, next month."""
    if len(figures) >= 2:
        yield Date(figures[1], figures[2] if len(figures) > 2 else None, figures[0])
        text = " ".join(token.word for token in evidence.quote.tokens)
        if _NEXT_MONTH.search(text):
            yield Date(figures[1] % 12 + 1, None, figures[0] + figures[1] // 12)
    if len(figures) == 3:
        published = date(*figures)
        for named in weekdays(evidence.quote.tokens):
            day = published - timedelta(days=(published.weekday() - named) % 7)
            yield Date(day.month, day.day, day.year)


def _compatible(told: Date, other: Date, own: tuple[int, ...]) -> bool:
    if told.month != other.month or (told.day and other.day and told.day != other.day):
        return False
    if told.day and not other.day:
        return False
    year = other.year or (own[0] if own else None)
    return not told.year or not year or told.year == year


def _moments(said: Text, evidence: Evidence) -> Finding | None:
    """Weekdays, parts of the day, last and next: what the evidence tells otherwise."""
    given = evidence.quote.tokens
    for reason, find, needed in (
        ("finding_date", weekdays, True),
        ("finding_date", parts_of_day, False),
        ("finding_date", directions, False),
    ):
        mine, theirs = find(said.tokens), find(given)
        missing = [text for key, text in mine.items() if key not in theirs]
        if missing and ((theirs and not set(mine) & set(theirs)) or (needed and not theirs)):
            return Finding("contradicted" if theirs else "not_found", reason, missing[0])
        if missing and needed:
            return Finding("contradicted", reason, missing[0])
    return None


# Names


def _names(said: Text, evidence: Evidence) -> Finding | None:
    strange = [token for token in said.tokens if token.latin != said.latin and not token.word[0].isdigit()]
    missing = [token for token in (*said.names, *strange) if not evidence.quote.words.has(token)]
    if not missing:
        return None
    across = said.latin != evidence.quote.latin
    for token in missing:
        if evidence.title.has(token) or _partly_known(token, said, evidence, across):
            continue
        if evidence.before.words.has(token) and not _stranger(token, said, evidence):
            continue
        return Finding("not_found", "finding_name", token.text)
    return None


def _partly_known(token: Token, said: Text, evidence: Evidence, across: bool) -> bool:
    """Whether the name that a word is part of is otherwise known, or the word is a common one with a capital."""
    meant = concepts(token.word)
    if not across or token.quoted or any(concept.kind == "place" for concept in meant):
        return False
    together = [other for other in said.names if _beside(said.tokens, token, other)]
    if any(evidence.quote.words.has(other) for other in together):
        return True
    return token.latin and bool(meant)


def _beside(tokens: Sequence[Token], one: Token, other: Token) -> bool:
    """Whether two words belong to one name: nothing but names between them."""
    first, last = sorted((tokens.index(one), tokens.index(other)))
    return first != last and last - first <= 3 and all(_in_name(token) for token in tokens[first : last + 1])


def _in_name(token: Token) -> bool:
    return token.capital or not token.latin or token.word in {"of", "al", "el", "the", "for", "and", "bin", "de"}


def _stranger(token: Token, said: Text, evidence: Evidence) -> bool:
    """Whether a name from elsewhere in the article stands where the quote has another of its own."""
    given = evidence.quote
    known = [other for other in given.names if said.words.has(other)]
    return any(
        not said.words.has(other) and not any(_beside(given.tokens, other, one) for one in known)
        for other in given.names
    )


def _exclusive(said: Text, evidence: Evidence) -> Finding | None:
    """Of a kind of which only one can be meant (ministries, points of the compass, up and down): another one."""
    theirs = evidence.quote.tokens
    given = {concept for place in range(len(theirs)) for concept in _telling(theirs, place)}
    for place, token in enumerate(said.tokens):
        mine = _telling(said.tokens, place)
        if not mine or mine & given:
            continue
        others = {concept for concept in given if concept.kind in {one.kind for one in mine}}
        mine_all = {concept for other in said.tokens for concept in concepts(other.word)}
        if others and not others & mine_all and len({c.kind for c in mine}) == 1:
            return Finding("contradicted", "finding_word", token.text)
    return None


def _telling(tokens: Sequence[Token], place: int) -> set[Concept]:
    """The exclusive concepts that a word means where it stands: a field is a ministry's only beside the word."""
    near = {concept.name for token in tokens[max(0, place - 2) : place + 3] for concept in concepts(token.word)}
    office = bool(near & {"minister", "ministry"})
    return {c for c in concepts(tokens[place].word) if c.exclusive and (c.kind != "portfolio" or office)}


def exchanged(said: Text, evidence: Evidence, embed: Embed) -> Finding | None:
    """Two names or two numbers that changed places."""
    given = evidence.quote
    if text := exchanged_numbers(said.tokens, said.amounts, given.tokens, given.amounts, embed):
        return Finding("contradicted", "finding_exchanged", text)
    if text := exchanged_names(said.tokens, said.names, given.tokens, given.names, embed):
        return Finding("contradicted", "finding_exchanged", text)
    if text := exchanged_objects(said.tokens, given.tokens):
        return Finding("contradicted", "finding_exchanged", text)
    return None


# Sayings


def _attribution(said: Text, evidence: Evidence, embed: Embed) -> Finding | None:
    for speech in said.speeches:
        if not speech.speaker:
            continue
        given = _nearest(speech, evidence.quote.speeches, embed)
        if given is not None and not given.speaker:
            place = evidence.quote.speeches.index(given)
            earlier = [*evidence.before.speeches, *evidence.quote.speeches[:place]]
            given = next((other for other in reversed(earlier) if other.speaker), given)
        if given is None or not given.speaker:
            if _same_speaker(speech, evidence.quote.tokens) or _same_speaker(speech, evidence.before.tokens[-60:]):
                continue
            if _is_outlet(speech, evidence):
                continue
            return Finding("not_found", "finding_speaker_unknown", _written(speech))
        if not _same_speaker(speech, given.speaker):
            return Finding("contradicted", "finding_speaker", _written(given))
    return None


def _nearest(speech: Speech, given: Sequence[Speech], embed: Embed) -> Speech | None:
    """The saying in the evidence whose content is nearest."""
    if len(given) <= 1:
        return given[0] if given else None
    texts = [" ".join(token.text for token in one.content) for one in (speech, *given)]
    vectors = embed(texts)
    return given[int(np.argmax(vectors[1:] @ vectors[0]))]


def _same_speaker(speech: Speech, given: Sequence[Token]) -> bool:
    words = Words(given)
    if all(_PRONOUN_END.search(token.word) for token in speech.speaker):
        return True  # "by their own account"
    if any(words.heard(token) for token in speech.speaker if not concepts(token.word)):
        return True
    plain = [token for token in speech.speaker if not concepts(token.word) and token.word not in STOP_WORDS]
    if any(words.has(token) for token in plain):
        return True
    named = [token for token in names(speech.speaker) if not concepts(token.word)]
    shared = sum(words.has(token) for token in speech.speaker)
    if named and speech.speaker[0].latin == any(token.latin for token in given):
        return any(words.has(token) for token in named)
    if speech.speaker[0].latin and named:
        return any(words.has(token) for token in named)
    if speech.speaker[0].latin != any(token.latin for token in given) and not any(
        concepts(t.word) for t in speech.speaker
    ):
        return True  # in the other language, and no word of it is one that we know: it cannot be told
    return shared > _SAME_WORDS * len(speech.speaker)


def _is_outlet(speech: Speech, evidence: Evidence) -> bool:
    outlet = Words(tokenize(evidence.about.outlet or ""))
    return any(outlet.has(token) for token in speech.speaker)


def _written(speech: Speech) -> str:
    return " ".join(token.text for token in speech.speaker)


# Negation and meaning


def _negation(said: Text, evidence: Evidence, embed: Embed) -> Finding | None:
    """A sentence that denies where its evidence affirms throughout, or affirms what a clause of it denies."""
    mine, theirs = clauses(_unspoken(said)), clauses(_unspoken(evidence.quote))
    own, other = [denies(clause) for clause in mine], [denies(clause) for clause in theirs]
    if _owned_up(said, evidence.quote):
        return Finding("contradicted", "finding_negation", said.text)
    if True in own and not any(verdict is not False for verdict in other):
        if _near_copy(said, evidence.quote, embed):
            return Finding("contradicted", "finding_negation", _text(mine[own.index(True)]))
        return None
    if any(verdict is not False for verdict in own) or True not in other:
        return None
    vectors = embed([_text(clause) for clause in (*mine, *theirs)])
    near = (vectors[: len(mine)] @ vectors[len(mine) :].T).argmax(axis=1)
    for clause, nearest in zip(mine, near, strict=True):
        if other[int(nearest)]:
            return Finding("contradicted", "finding_negation", _text(clause))
    return None


def _owned_up(said: Text, given: Text) -> bool:
    """Whether a denial is told as a confession."""
    mine, theirs = ({form for token in text.tokens for form in forms(token.word)} for text in (said, given))
    confirms, denying = word_list("confirming"), word_list("denying")
    return bool(mine & confirms and theirs & denying and not theirs & confirms and not mine & denying)


def _near_copy(said: Text, given: Text, embed: Embed) -> bool:
    """Whether a sentence has hardly a word of its own; across languages, whether it means just the same otherwise."""
    telling = [token for token in said.tokens if token.word not in STOP_WORDS]
    if said.latin == given.latin:
        return sum(given.words.has(token) for token in telling) >= _COPIED * len(telling)
    one, other = embed([said.text, given.text])
    return float(one @ other) >= _NEAR_COPY


def _text(tokens: Sequence[Token]) -> str:
    return " ".join(token.text for token in tokens)


def _unspoken(text: Text) -> list[Token]:
    """A text without the words that name who speaks."""
    speakers = {token.start for speech in text.speeches for token in speech.speaker}
    return [token for token in text.tokens if token.start not in speakers]


def _meaning(said: Text, evidence: Evidence, embed: Embed) -> Finding | None:
    one, other = embed([said.text, evidence.quote.text])
    if float(one @ other) < _FAR:
        return Finding("not_found", "finding_meaning")
    return None
