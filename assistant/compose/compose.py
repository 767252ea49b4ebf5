"""From what a model wrote to sentences that stand: each bound to words of an article, checked, kept or put right."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from shawahid.assistant.attempt import attempt
from shawahid.assistant.excerpt import Excerpt
from shawahid.assistant.gather import Gathered
from shawahid.assistant.language.tongue import has_rules
from shawahid.assistant.search.answer_kind import AnswerKind, offers
from shawahid.assistant.search.evidence import Evidence
from shawahid.assistant.search.question import Question
from shawahid.assistant.settings import Strictness
from shawahid.assistant.types import SCRIPTS, Language, Verdict
from shawahid.assistant.verify.align import find_words, whole_sentences
from shawahid.assistant.verify.ground import SUPPORTED, Embed, Finding, Ground, Reason, Text
from shawahid.assistant.verify.sense import shared_words
from shawahid.assistant.verify.verify import verify
from shawahid.assistant.wording import Phrase
from shawahid.ingest.embedders.base import Vectors
from shawahid.ingest.text.sentences import sentence_spans
from shawahid.ingest.text.words import fold, script

from .drafts import Draft
from .written import Written, verbatim

# What is kept of the sentences that are not fully supported.
_SAID_OR_DOUBTED: Final[frozenset[tuple[Verdict, Reason]]] = frozenset(
    {("partly", "said_by"), ("partly", "second_opinion")}
)
_KEPT: Final[dict[Strictness, frozenset[tuple[Verdict, Reason]]]] = {
    "strict": frozenset(),
    "balanced": _SAID_OR_DOUBTED,
    "lenient": _SAID_OR_DOUBTED | {("not_found", "meaning")},
}
_TOLD: Final = 2  # pieces of evidence that an answer must rest on, for in one of two lies the answer mostly
_SHORTEST: Final = 4  # words; less is a name or a label, not a sentence
_OFF_TOPIC: Final = 0.08  # in cosine to the question, below the best evidence
_MOSTLY: Final = 0.6  # of its words
_NEAR: Final = 0.8  # cosine
_NOWHERE: Final = Finding("not_found", "meaning")

Opinion = Callable[[str, str], bool]
"""Whether a sentence holds in some words, in the model's own opinion."""


@dataclass(frozen=True, slots=True)
class Composed:
    """The sentences in order, and how many of the model's were left out."""

    sentences: tuple[Written, ...]
    left_out: int

    @property
    def of_the_model(self) -> int:
        return sum(sentence.origin == "model" for sentence in self.sentences)

    @property
    def repaired(self) -> int:
        return sum(sentence.origin == "repaired" for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class _Bench:
    """What a draft is held against: the evidence that there is, what the model was shown of it, and how strictly."""

    language: Language
    vector: Vectors
    chosen: Sequence[Evidence]
    excerpts: Sequence[Excerpt]
    strictness: Strictness
    embed: Embed
    opinion: Opinion | None


def compose(
    question: Question,
    gathered: Gathered,
    excerpts: Sequence[Excerpt],
    drafts: Sequence[Draft],
    strictness: Strictness,
    embed: Embed,
    opinion: Opinion | None = None,
) -> Composed:
    """Check each draft, keep what stands, put right from its evidence or leave out what does not.

    `excerpts` are what the model was shown, which it cites by their places from 1. Of the evidence that was chosen,
    what the model's sentences do not speak of is added word for word: the best of it, before them; the second best, and
    every article that would go unheard, behind them.
    """
    bench = _Bench(question.language, gathered.retrieval.vector, gathered.chosen, excerpts, strictness, embed, opinion)
    written: list[Written] = []
    left_out = 0
    for draft in drafts:
        if draft.text.endswith(("?", "؟")) or _is_label(draft.text, question.kind):
            left_out += 1
            continue
        sentence = attempt("a model's sentence", partial(_judge, bench, draft), None)
        if sentence is None or any(_same(sentence, other) for other in written):
            left_out += sentence is None
        else:
            written.append(sentence)
    before, after = _unheard(question.kind, written, gathered.chosen)
    return Composed((*before, *written, *after), left_out)


def _is_label(text: str, kind: AnswerKind) -> bool:
    """Whether a draft is a name or a label, and no sentence; a number with what it counts answers "how many"."""
    told = len(text.split())
    return told < _SHORTEST and not (told > 1 and kind in ("number", "time") and offers(kind, text))


def _judge(bench: _Bench, draft: Draft) -> Written | None:
    if not _answers(bench, draft.text):
        return None
    excerpts, finding = _grounded(bench, draft)
    if finding == SUPPORTED:
        finding = _held_against(bench, draft, excerpts)
    if finding == SUPPORTED and bench.opinion and not bench.opinion(draft.text, quoted(excerpts)):
        finding = Finding("partly", "second_opinion")
    foreign = script(draft.text) not in ("other", SCRIPTS[bench.language])
    # Where the rules are for another language, nothing is checked: the article's own words stand there instead.
    foreign = foreign or not has_rules(draft.text) or not all(excerpt.ruled for excerpt in excerpts)
    shown = excerpts and not foreign  # without evidence no strictness shows it
    if shown and (finding == SUPPORTED or (finding.verdict, finding.reason) in _KEPT[bench.strictness]):
        return Written(draft.text, finding.verdict, explained(finding), excerpts, "model")
    return _repaired(excerpts, bench.chosen)


def _grounded(bench: _Bench, draft: Draft) -> tuple[tuple[Excerpt, ...], Finding]:
    """The words that a draft rests on, and what comes of holding it against them: those that it cites; where they do
    not tell, or are not there, the sentence whose words it mostly uses."""
    bound = _bound(draft, bench.excerpts)
    finding = check(draft.text, bound, bench.embed) if bound else _NOWHERE
    if finding.verdict != "not_found":
        return bound, finding
    used = _in_its_words(bench, draft.text)
    if not used or used == bound:
        return bound, finding
    other = check(draft.text, used, bench.embed)
    return (used, other) if other == SUPPORTED or not bound else (bound, finding)


def _answers(bench: _Bench, sentence: str) -> bool:
    """Whether a sentence speaks to the question nearly as much as the best evidence does."""
    (vector,) = bench.embed([sentence])
    return float(vector @ bench.vector[0]) >= bench.chosen[0].meaning - _OFF_TOPIC


def _held_against(bench: _Bench, draft: Draft, excerpts: Sequence[Excerpt]) -> Finding:
    """A sentence against what comes nearest to it in all that the model was given: it may have cited something else."""
    nearest = _nearest(bench, draft.text)
    if nearest and not any(excerpt.overlaps(other) for excerpt in excerpts for other in nearest):
        finding = check(draft.text, nearest, bench.embed)
        if finding.verdict == "contradicted" and finding.reason == "negation":
            return finding
    return SUPPORTED


def check(sentence: str, excerpts: Sequence[Excerpt], embed: Embed) -> Finding:
    """Whether a sentence stands in words of articles, taken together."""
    first = excerpts[0]
    return verify(sentence, Ground.within(first.article, first.span, quoted(excerpts)), embed)


def quoted(excerpts: Sequence[Excerpt]) -> str:
    return "\n".join(excerpt.text for excerpt in excerpts)


def explained(finding: Finding) -> Phrase:
    """A finding's reason, for a reader."""
    return Phrase(f"finding_{finding.reason}", {"words": finding.words} if finding.words else {})


def _bound(draft: Draft, excerpts: Sequence[Excerpt]) -> tuple[Excerpt, ...]:
    """The words that a draft cites, where they stand; citations that point nowhere are dropped.

    Words that the named passage does not have may be in another: a number slips more easily than a quote.
    """
    found: list[Excerpt] = []
    for number, cited in draft.cited:
        named = [excerpt for place, excerpt in enumerate(excerpts, start=1) if place == number]
        for excerpt in [*named, *(other for other in excerpts if other not in named)]:
            span = find_words(cited, excerpt.article.text, excerpt.span)
            if span is not None:
                whole = whole_sentences(excerpt.article.text, span, excerpt.span)
                found.append(Excerpt(excerpt.article, whole))
                break
    return tuple(dict.fromkeys(found))


def _in_its_words(bench: _Bench, text: str) -> tuple[Excerpt, ...]:
    """The sentence nearest to a draft, if the draft mostly uses its words."""
    nearest = _nearest(bench, text)
    return nearest if nearest and shared_words(Text(text), Text(quoted(nearest))) >= _MOSTLY else ()


def _nearest(bench: _Bench, text: str) -> tuple[Excerpt, ...]:
    """Of all that the model was given the sentence nearest in meaning, if any is near."""
    places = [
        (excerpt, Excerpt(excerpt.article, span))
        for excerpt in bench.excerpts
        for span in sentence_spans(excerpt.article.text, *excerpt.span)
    ]
    if not places:
        return ()
    vectors = bench.embed([text, *(sentence.text for _, sentence in places)])
    near = vectors[1:] @ vectors[0]
    if float(near.max()) < _NEAR:
        return ()
    excerpt, sentence = places[int(near.argmax())]
    return (Excerpt(excerpt.article, whole_sentences(excerpt.article.text, sentence.span, excerpt.span)),)


def _repaired(excerpts: Sequence[Excerpt], chosen: Sequence[Evidence]) -> Written | None:
    """In place of a sentence that does not stand: its evidence, word for word, where that speaks to the question."""
    told = (item.excerpt for excerpt in excerpts for item in chosen if item.excerpt.overlaps(excerpt))
    first = next(told, None)
    return verbatim(first, "repaired") if first else None


def _unheard(
    kind: AnswerKind, written: Sequence[Written], chosen: Sequence[Evidence]
) -> tuple[list[Written], list[Written]]:
    """The best evidence, the second best, and that of each further article, where no sentence rests on it.

    Where a number or a time is asked for and the best evidence has one, a sentence that has none does not tell it.
    """
    cited = [excerpt for sentence in written for excerpt in sentence.excerpts]
    before: list[Written] = []
    after: list[Written] = []
    for place, item in enumerate(chosen):
        here = [excerpt for excerpt in cited if excerpt.article.id == item.article.id]
        told = any(item.excerpt.overlaps(excerpt) for excerpt in here) if place < _TOLD else bool(here)
        if place == 0 and item.offered:
            told = told and any(offers(kind, sentence.text) for sentence in written)
        if not told:
            (after if place else before).append(verbatim(item.excerpt))
            cited.append(item.excerpt)
    return before, after


def _same(sentence: Written, other: Written) -> bool:
    verbatim = "model" not in (sentence.origin, other.origin) or fold(sentence.text) == fold(other.text)
    return sentence.text == other.text or (verbatim and sentence.excerpts == other.excerpts)
