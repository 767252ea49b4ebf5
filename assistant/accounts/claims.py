"""A statement, or a question for yes or no, held against the articles: do they support it, contradict it, or not say?

Careful rather than complete: a quote counts for or against only where it speaks of the same thing in mostly the same
words. What is put very differently, or only follows from what an article says, counts as not said.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shawahid.assistant.language.lexicon import listed
from shawahid.assistant.search.evidence import Evidence
from shawahid.assistant.types import Citation, ClaimCheck, Outcome
from shawahid.assistant.verify.ground import Embed, Ground, Text
from shawahid.assistant.verify.sense import shared_words
from shawahid.assistant.verify.verify import verify
from shawahid.ingest.text.sentences import sentence_spans
from shawahid.ingest.text.words import words
from shawahid.ingest.types import Article, Span

from .compare import Told, calls_untrue, count_the_same, differences, tell

_YES_OR_NO = re.compile(
    r"^\s*(?:هل|أليس|ألم|(?:did|does|do|is|are|was|were|has|have|had|will|would|can|could|should)\b)\s*", re.IGNORECASE
)
_ASKING = frozenset(
    "من ما ماذا متي اين كيف كم لماذا لمن بماذا اي ايه who whom whose what when where why which how tell list".split()
)
_PUT_RIGHT = re.compile(r"\s*(?:والصحيح|والصواب|In fact|The correct|It should)")
_FEWEST_WORDS = 4
_WEIGHED = 10  # pieces of evidence
_SHOWN = 5
_AGAINST = frozenset(
    {
        "finding_number",
        "finding_unit",
        "finding_date",
        "finding_negation",
        "finding_word",
        "finding_exchanged",
        "finding_name",
    }
)


@dataclass(frozen=True, slots=True)
class _Bars:
    """From what likeness (cosine) and share of its words on a quote speaks for a claim, or against it."""

    like: float
    words_for: float
    words_against: float


_ARABIC = _Bars(0.88, 0.7, 0.55)
_ENGLISH = _Bars(0.82, 0.7, 0.55)  # within English the embedder's cosines are lower
_FOREIGN = _Bars(0.86, 0.45, 0.35)


@dataclass(frozen=True, slots=True)
class Weighed:
    """Evidence for a claim (+1) or against it (-1)."""

    evidence: Evidence
    side: int


def read_claim(text: str) -> str | None:
    """What is claimed, where a statement is made or a question asks for yes or no; None for any other question.

    >>> read_claim("هل قبل المجلس الاقتراح؟"), read_claim("The council said no."), read_claim("who said no?")
    ('قبل المجلس الاقتراح', 'The council said no', None)
    """
    bare = text.strip().rstrip(".!؟? ")
    if match := _YES_OR_NO.match(bare):
        rest = bare[match.end() :]
        return rest if len(words(rest)) >= _FEWEST_WORDS - 1 else None
    said = words(bare)
    asks = text.strip().endswith(("؟", "?")) or any(word in _ASKING for word in said[:1])
    return bare if len(said) >= _FEWEST_WORDS and not asks else None


def weigh(claim: str, evidence: Sequence[tuple[Evidence, Article]], embed: Embed) -> list[Weighed]:
    """Which of the evidence speaks for a claim, and which against it, each sentence once."""
    said, claimed = Text(claim), Told(claim)
    found: list[Weighed] = []
    seen: set[tuple[int, int]] = set()
    for item, article in evidence:
        span = _nearest_sentence(said, article.text, item.span)
        if (article.text_id, span.start) in seen or len(seen) == _WEIGHED:
            continue
        seen.add((article.text_id, span.start))
        side = _side(said, claimed, article, span, embed)
        if side:
            found.append(Weighed(item, side))
    return found + _disputing(found, evidence, embed)


def _disputing(found: Sequence[Weighed], evidence: Sequence[tuple[Evidence, Article]], embed: Embed) -> list[Weighed]:
    """What another article says otherwise than the evidence for a claim does."""
    texts = {item.evidence.found.passage.text_id for item in found}
    whole = tell(article for _, article in evidence)
    supporting = [
        whole[article.text_id].within(item.span)
        for item, article in evidence
        if any(one.side > 0 and one.evidence == item for one in found)
    ]
    return [
        Weighed(item, -1)
        for item, article in evidence[:_WEIGHED]
        if article.text_id not in texts
        and any(differences(told, whole[article.text_id].within(item.span), embed) for told in supporting)
    ]


def with_weighed(chosen: Sequence[Evidence], weighed: Sequence[Weighed]) -> list[Evidence]:
    """What an answer is made of, the evidence for and against a claim first."""
    first = [item.evidence for item in weighed][:_SHOWN]
    texts = [(item.found.passage.text_id, item.span) for item in first]
    rest = [
        item
        for item in chosen
        if not any(item.found.passage.text_id == text and item.span.overlaps(span) for text, span in texts)
    ]
    return [*first, *rest][: max(_SHOWN, len(chosen))]


def check_claim(weighed: Sequence[Weighed], cited: Sequence[tuple[Citation, Article]]) -> ClaimCheck:
    """What the weighed evidence comes to, by the numbers of its citations."""

    def numbers(side: int) -> tuple[int, ...]:
        spans = [(item.evidence.found.passage.text_id, item.evidence.span) for item in weighed if item.side == side]
        return tuple(
            citation.number
            for citation, article in cited
            if any(
                article.text_id == text and span.overlaps(Span(citation.start, citation.end)) for text, span in spans
            )
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
    if float(mine @ theirs) < bars.like or shared < bars.words_against:
        return 0
    if calls_untrue(given.tokens):
        return -1  # what it speaks of, it denies
    if shared >= bars.words_for and _PUT_RIGHT.match(article.text[span.end :]):
        return -1  # "the right number is …" follows
    if any(listed(token.word, "accusing") for token in given.tokens):
        return 0  # an accusation is no account of what happened
    finding = verify(said.text, Ground.within(article, span, quote), embed)
    if finding.verdict == "supported" or finding.reason == "finding_said_by":
        return int(shared >= bars.words_for)
    told = Told(article.text).within(span)
    if finding.reason == "finding_number" and not count_the_same(claimed, told):
        return 0
    if finding.verdict == "contradicted" and finding.reason in _AGAINST:
        return -1
    return -1 if differences(claimed, told, embed) else 0
