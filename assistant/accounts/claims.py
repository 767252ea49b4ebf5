"""A statement, or a question for yes or no, held against the articles: do they support it, contradict it, or not say?

Careful rather than complete: a quote counts for or against only where it speaks of the same thing in mostly the same
words. What is put very differently, or only follows from what an article says, counts as not said.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Final

from shawahid.assistant.attempt import attempt
from shawahid.assistant.citations import Cited
from shawahid.assistant.language.lexicon import forms, listed, word_list
from shawahid.assistant.language.polarity import clauses, is_not
from shawahid.assistant.language.verbs import finite_verbs
from shawahid.assistant.search.evidence import Evidence
from shawahid.assistant.types import ClaimCheck, Outcome
from shawahid.assistant.verify.ground import Embed, Ground, Reason, Text
from shawahid.assistant.verify.sense import shared_words
from shawahid.assistant.verify.verify import verify
from shawahid.ingest.text.sentences import sentence_spans
from shawahid.ingest.text.words import STOP_WORDS
from shawahid.ingest.types import Article, Span

from .compare import Told, calls_untrue, count_the_same, differences, tell

_PUT_RIGHT: Final = re.compile(r"\s*(?:والصحيح|والصواب|In fact|The correct|It should)")
_WEIGHED: Final = 10  # pieces of evidence
_SHOWN: Final = 5
_AGAINST: Final[frozenset[Reason]] = frozenset({"number", "unit", "date", "negation", "word", "exchanged", "name"})


@dataclass(frozen=True, slots=True)
class _Bars:
    """From what likeness (cosine) and share of its words on a quote speaks for a claim, or against it."""

    like: float
    words_for: float
    words_against: float


_ARABIC: Final = _Bars(0.88, 0.7, 0.55)
_ENGLISH: Final = _Bars(0.82, 0.7, 0.55)  # within English the embedder's cosines are lower
_FOREIGN: Final = _Bars(0.86, 0.45, 0.35)


@dataclass(frozen=True, slots=True)
class Weighed:
    """Evidence for a claim (+1) or against it (-1)."""

    evidence: Evidence
    side: int


def weigh(claim: str, evidence: Sequence[Evidence], embed: Embed) -> tuple[Weighed, ...]:
    """Which of the evidence speaks for a claim, and which against it, each sentence once."""
    said, claimed = Text(claim), Told(claim)
    found: list[Weighed] = []
    seen: set[tuple[int, int]] = set()
    for item in evidence:
        span = attempt(
            "the nearest sentence", partial(_nearest_sentence, said, item.article.text, item.span), item.span
        )
        if (item.article.text_id, span.start) in seen or len(seen) == _WEIGHED:
            continue
        seen.add((item.article.text_id, span.start))
        side = attempt("evidence for or against", partial(_side, said, claimed, item.article, span, embed), 0)
        if side:
            found.append(Weighed(item, side))
    return (*found, *_disputing(found, evidence, embed))


def _disputing(found: Sequence[Weighed], evidence: Sequence[Evidence], embed: Embed) -> list[Weighed]:
    """What another article says otherwise than the evidence for a claim does."""
    texts = {item.evidence.article.text_id for item in found}
    whole = tell(item.article for item in evidence)
    supporting = [
        whole[item.article.text_id].within(item.span)
        for item in evidence
        if any(one.side > 0 and one.evidence == item for one in found)
    ]
    return [
        Weighed(item, -1)
        for item in evidence[:_WEIGHED]
        if item.article.text_id not in texts
        and any(differences(told, whole[item.article.text_id].within(item.span), embed) for told in supporting)
    ]


def with_weighed(chosen: Sequence[Evidence], weighed: Sequence[Weighed]) -> list[Evidence]:
    """What an answer is made of, the evidence for and against a claim first."""
    first = [item.evidence for item in weighed][:_SHOWN]
    rest = [item for item in chosen if not any(item.excerpt.overlaps(other.excerpt) for other in first)]
    return [*first, *rest][: max(_SHOWN, len(chosen))]


def check_claim(weighed: Sequence[Weighed], cited: Sequence[Cited]) -> ClaimCheck:
    """What the weighed evidence comes to, by the numbers of its citations."""

    def numbers(side: int) -> tuple[int, ...]:
        places = [(item.evidence.article.text_id, item.evidence.span) for item in weighed if item.side == side]
        return tuple(
            one.citation.number
            for one in cited
            if any(one.article.text_id == text_id and span.overlaps(one.span) for text_id, span in places)
        )

    supporting, contradicting = numbers(1), numbers(-1)
    outcome: Outcome = "mixed" if supporting and contradicting else "supported" if supporting else "contradicted"
    return ClaimCheck(outcome if supporting or contradicting else "silent", supporting, contradicting)


def _nearest_sentence(said: Text, text: str, span: Span) -> Span:
    """Of the sentences that a quote stands in, the one that has most of a claim's words."""
    inside = [sentence for sentence in sentence_spans(text) if sentence.overlaps(span)]
    return max(inside, key=lambda one: shared_words(said, Text(text[one.start : one.end])), default=span)


def _side(said: Text, claimed: Told, article: Article, span: Span, embed: Embed) -> int:
    quote = article.text[span.start : span.end]
    given = Text(quote)
    bars = (_ENGLISH if said.latin else _ARABIC) if said.latin == given.latin else _FOREIGN
    mine, theirs = embed([said.text, quote])
    shared = shared_words(said, given)
    if float(mine @ theirs) < bars.like or shared < bars.words_against or _asks(quote):
        return 0
    if calls_untrue(given.tokens):
        return -1 if _denied(said, given) >= bars.words_against else 0  # what it speaks of, it denies
    if shared >= bars.words_for and _PUT_RIGHT.match(article.text[span.end :]):
        return -1  # "the right number is …" follows
    if any(listed(token.word, "accusing") for token in given.tokens):
        return 0  # an accusation is no account of what happened
    finding = verify(said.text, Ground.within(article, span, quote), embed)
    if finding.verdict == "supported" or finding.reason == "said_by":
        return int(shared >= bars.words_for and _asserts(said, given))
    told = Told(article.text).within(span)
    if finding.reason == "number" and not count_the_same(claimed, told):
        return 0
    if finding.reason == "negation" and _denied(said, given) < bars.words_for:
        return 0
    if finding.verdict == "contradicted" and finding.reason in _AGAINST:
        return -1
    return -1 if differences(claimed, told, embed) else 0


def _asserts(said: Text, given: Text) -> bool:
    """Whether a sentence asserts what a claim does: its verb, within one language, as fact, and denying no more."""
    verbs = [token for token in finite_verbs(said.tokens) if token.word not in STOP_WORDS | word_list("finite")]
    told = said.latin != given.latin or all(given.words.has(verb) for verb in verbs)
    return told and not _unreal(given) - _unreal(said) and _denials(given) <= _denials(said)


def _denials(text: Text) -> int:
    return sum(is_not(token.word) for token in text.tokens)


def _asks(quote: str) -> bool:
    """Whether a sentence asks: a headline with a question mark asserts nothing."""
    return any(mark in quote for mark in "؟?")


def _unreal(text: Text) -> set[str]:
    """The words by which a sentence tells of what has not happened: plans, attempts, guesses, simulations."""
    found = {form for token in text.tokens for form in forms(token.word)} & word_list("unreal")
    following = pairwise(token.word for token in text.tokens)
    return found | {"قد" for word, after in following if word == "قد" and after[0] in "يتن"}


def _denied(said: Text, given: Text) -> float:
    """The share of a claim's telling words in the clauses that deny."""
    denying = [
        clause
        for clause in clauses(given.tokens)
        if calls_untrue(clause) or any(is_not(token.word) for token in clause)
    ]
    return max((shared_words(said, Text(" ".join(token.text for token in clause))) for clause in denying), default=0.0)
