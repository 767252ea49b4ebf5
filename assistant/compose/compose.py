"""From what a model wrote to sentences that stand: each bound to words of an article, checked, kept or put right."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shawahid.assistant.answer import Chosen, Written, verbatim
from shawahid.assistant.search.question import Question, offers
from shawahid.assistant.settings import Strictness
from shawahid.assistant.types import Language, Verdict
from shawahid.assistant.verify.align import find_words, whole_sentences
from shawahid.assistant.verify.ground import SUPPORTED, Embed, Finding, Ground, Text
from shawahid.assistant.verify.sense import shared_words
from shawahid.assistant.verify.verify import verify
from shawahid.ingest.embedders.base import Vectors
from shawahid.ingest.library import Library
from shawahid.ingest.text.sentences import sentence_spans
from shawahid.ingest.text.words import fold, script
from shawahid.ingest.types import Article, Span
from shawahid.prompts import say

from .drafts import Draft
from .prompting import Excerpt, Prompt

_KEPT: dict[Strictness, frozenset[tuple[Verdict, str]]] = {
    "strict": frozenset(),
    "balanced": frozenset({("partly", "finding_said_by"), ("partly", "finding_second_opinion")}),
    "lenient": frozenset(
        {("partly", "finding_said_by"), ("partly", "finding_second_opinion"), ("not_found", "finding_meaning")}
    ),
}
_TOLD = 2  # pieces of evidence that an answer must rest on, for in one of two lies the answer mostly
_SHORTEST = 4  # words; less is a name or a label, not a sentence
_OFF_TOPIC = 0.08  # in cosine to the question, below the best evidence
_MOSTLY = 0.6  # of its words
_NEAR = 0.8  # cosine
_NOWHERE = Finding("not_found", "finding_meaning")

Words = tuple[Article, Span]
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


def compose(
    library: Library,
    prompt: Prompt,
    drafts: Sequence[Draft],
    chosen: Sequence[Chosen],
    question: Question,
    vector: Vectors,
    strictness: Strictness,
    opinion: Opinion | None = None,
) -> Composed:
    """Check each draft, keep what stands, put right from its evidence or leave out what does not.

    `vector` is the question's (1, dimensions); `chosen` is the evidence that the answer would have been made of without
    a model. Of it, what the model's sentences do not speak of is added word for word: the best of it, before them; the
    second best, and every article that would go unheard, behind them.
    """
    written: list[Written] = []
    left_out = 0
    for draft in drafts:
        if draft.text.endswith(("?", "؟")) or _is_label(draft.text, question):
            left_out += 1
            continue
        sentence = _judge(library, prompt, draft, chosen, vector, strictness, opinion)
        if sentence is None or any(_same(sentence, other) for other in written):
            left_out += sentence is None
        else:
            written.append(sentence)
    before, after = _unheard(prompt.language, question, written, chosen)
    return Composed((*before, *written, *after), left_out)


def _is_label(text: str, question: Question) -> bool:
    """Whether a draft is a name or a label, and no sentence; a number with what it counts answers "how many"."""
    told = len(text.split())
    return told < _SHORTEST and not (told > 1 and question.kind in ("number", "time") and offers(question.kind, text))


def _judge(
    library: Library,
    prompt: Prompt,
    draft: Draft,
    chosen: Sequence[Chosen],
    question: Vectors,
    strictness: Strictness,
    opinion: Opinion | None,
) -> Written | None:
    if not _answers(library, draft.text, question, chosen):
        return None
    words, finding = _grounded(library, draft, prompt.excerpts)
    if finding == SUPPORTED:
        finding = _held_against(library, draft, prompt.excerpts, words)
    if finding == SUPPORTED and opinion and not opinion(draft.text, quoted(words)):
        finding = Finding("partly", "finding_second_opinion")
    foreign = script(draft.text) not in ("other", {"ar": "arabic", "en": "latin"}[prompt.language])
    if not foreign and (finding == SUPPORTED or (finding.verdict, finding.reason) in _KEPT[strictness]):
        return Written(draft.text, finding.verdict, explain(finding, prompt.language), words, "model")
    return _repaired(prompt.language, words, chosen)


def _grounded(library: Library, draft: Draft, excerpts: Sequence[Excerpt]) -> tuple[tuple[Words, ...], Finding]:
    """The words that a draft rests on, and what comes of holding it against them: those that it cites; where they do
    not tell, or are not there, the sentence whose words it mostly uses."""
    words = _bound(draft, excerpts)
    finding = check(draft.text, words, library.embed_sentences) if words else _NOWHERE
    if finding.verdict != "not_found":
        return words, finding
    used = _in_its_words(library, draft.text, excerpts)
    if not used or used == words:
        return words, finding
    other = check(draft.text, used, library.embed_sentences)
    return (used, other) if other == SUPPORTED or not words else (words, finding)


def _answers(library: Library, sentence: str, question: Vectors, chosen: Sequence[Chosen]) -> bool:
    """Whether a sentence speaks to the question nearly as much as the best evidence does."""
    (vector,) = library.embed_sentences([sentence])
    return float(vector @ question[0]) >= chosen[0][0].meaning - _OFF_TOPIC


def _held_against(library: Library, draft: Draft, excerpts: Sequence[Excerpt], words: Sequence[Words]) -> Finding:
    """A sentence against what comes nearest to it in all that the model was given: it may have cited something else."""
    nearest = _nearest(library, draft.text, excerpts)
    if nearest and not any(
        other.id == article.id and span.overlaps(there) for article, span in words for other, there in nearest
    ):
        finding = check(draft.text, nearest, library.embed_sentences)
        if finding.verdict == "contradicted" and finding.reason == "finding_negation":
            return finding
    return SUPPORTED


def check(sentence: str, words: Sequence[Words], embed: Embed) -> Finding:
    """Whether a sentence stands in words of articles, taken together."""
    return verify(sentence, Ground.within(*words[0], quoted(words)), embed)


def quoted(words: Sequence[Words]) -> str:
    return "\n".join(article.text[span.start : span.end] for article, span in words)


def explain(finding: Finding, language: Language) -> str:
    """A finding's reason, for a reader."""
    if finding.words:
        return say(finding.reason, language, words=finding.words)
    return say(finding.reason, language)


def _bound(draft: Draft, excerpts: Sequence[Excerpt]) -> tuple[Words, ...]:
    """The words that a draft cites, where they stand; citations that point nowhere are dropped.

    Words that the named passage does not have may be in another: a number slips more easily than a quote.
    """
    found: list[Words] = []
    for number, cited in draft.cited:
        named = [excerpt for excerpt in excerpts if excerpt.number == number]
        for excerpt in [*named, *(other for other in excerpts if other not in named)]:
            span = find_words(cited, excerpt.article.text, excerpt.span)
            if span is not None:
                found.append((excerpt.article, whole_sentences(excerpt.article.text, span, excerpt.span)))
                break
    return tuple(dict.fromkeys(found))


def _in_its_words(library: Library, text: str, excerpts: Sequence[Excerpt]) -> tuple[Words, ...]:
    """The sentence nearest to a draft, if the draft mostly uses its words."""
    words = _nearest(library, text, excerpts)
    return words if words and shared_words(Text(text), Text(quoted(words))) >= _MOSTLY else ()


def _nearest(library: Library, text: str, excerpts: Sequence[Excerpt]) -> tuple[Words, ...]:
    """Of all that the model was given the sentence nearest in meaning, if any is near."""
    places = [(excerpt, span) for excerpt in excerpts for span in sentence_spans(excerpt.article.text, *excerpt.span)]
    if not places:
        return ()
    texts = [excerpt.article.text[span.start : span.end] for excerpt, span in places]
    vectors = library.embed_sentences([text, *texts])
    near = vectors[1:] @ vectors[0]
    if float(near.max()) < _NEAR:
        return ()
    excerpt, span = places[int(near.argmax())]
    return ((excerpt.article, whole_sentences(excerpt.article.text, span, excerpt.span)),)


def _repaired(language: Language, words: Sequence[Words], chosen: Sequence[Chosen]) -> Written | None:
    """In place of a sentence that does not stand: its evidence, word for word, where that speaks to the question."""
    for article, span in words:
        for item, its_article in chosen:
            if its_article.id == article.id and item.span.overlaps(span):
                return verbatim(item, article, language, "repaired")
    return None


def _unheard(
    language: Language, question: Question, written: Sequence[Written], chosen: Sequence[Chosen]
) -> tuple[list[Written], list[Written]]:
    """The best evidence, the second best, and that of each further article, where no sentence rests on it.

    Where a number or a time is asked for and the best evidence has one, a sentence that has none does not tell it.
    """
    cited = [words for sentence in written for words in sentence.words]
    before: list[Written] = []
    after: list[Written] = []
    for place, (item, article) in enumerate(chosen):
        here = [span for other, span in cited if other.id == article.id]
        told = any(item.span.overlaps(span) for span in here) if place < _TOLD else bool(here)
        if place == 0 and offers(question.kind, item.text):
            told = told and any(offers(question.kind, sentence.text) for sentence in written)
        if not told:
            (after if place else before).append(verbatim(item, article, language))
            cited.append((article, item.span))
    return before, after


def _same(sentence: Written, other: Written) -> bool:
    verbatim = "model" not in (sentence.origin, other.origin) or fold(sentence.text) == fold(other.text)
    return sentence.text == other.text or (verbatim and sentence.words == other.words)
