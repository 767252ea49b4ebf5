"""The second stage of an answer: all that it needs of the library, read at one state of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from shawahid.assistant.accounts.accounts import other_voices
from shawahid.assistant.accounts.claims import Weighed, weigh, with_weighed
from shawahid.assistant.kinds.comparison import Compared, compare_outlets, named_outlets
from shawahid.assistant.kinds.said import speakers_first
from shawahid.assistant.search.choose import choose, choose_closest, choose_more, choose_shown, settle
from shawahid.assistant.search.confidence import Signals, confidence, likelier_side, threshold
from shawahid.assistant.search.event import of_one_event
from shawahid.assistant.search.evidence import Evidence, gather_evidence
from shawahid.assistant.search.question import Question
from shawahid.assistant.search.retrieve import Retrieval, retrieve
from shawahid.ingest.library import Library
from shawahid.ingest.listing import outlets_of_groups
from shawahid.ingest.types import Article, Filters

from .citations import Corrections, cite, load_corrections
from .types import Coverage, Plan
from .wording import Phrase, notice

_WORD_FOR_WORD: Final = 0.95  # the confidence where the words that the question quotes stand there
_CHOSEN_AS: Final = 1_000  # passages; on NoMIRACL 1,000 to 100,000 decline about equally well, this the fewest wrongly
_HELD_AGAINST: Final = 30  # pieces of evidence that a claim is held against


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was found for a question. What comes after may take minutes, and go on in another thread.

    `confidence` (0 to 1) is how likely the articles are to answer. `chosen` is the evidence to answer with (none: the
    articles don't answer), `more` what else touches it, `shown` what a model is given, `weighed` what speaks for and
    against a claim (None: nothing is claimed), `texts` all quotes looked at. `corrections` are of the articles
    of all these, `groups` the near copies of their texts: text ids to groups. `carrying` are the outlets that carry
    what is chosen, in any copy; where outlets are compared, all that wrote on it, and `carried` those that carry each
    group that is chosen from.
    """

    retrieval: Retrieval
    coverage: Coverage
    confidence: float
    signals: Signals | None
    notices: tuple[Phrase, ...] = ()
    chosen: tuple[Evidence, ...] = ()
    more: tuple[Evidence, ...] = ()
    shown: tuple[Evidence, ...] = ()
    weighed: tuple[Weighed, ...] | None = None
    texts: tuple[str, ...] = ()
    corrections: Corrections = field(default_factory=dict)
    groups: Mapping[int, int] = field(default_factory=dict)
    carrying: tuple[str, ...] = ()
    carried: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


def gather(library: Library, question: Question, filters: Filters, plan: Plan, *, for_model: bool) -> Gathered:
    """Search a library, and take what answers the question: also what a model is shown, where there is one.

    Of a summary, what is surely of another event than the best is not taken, but named in a notice.
    """
    retrieval = retrieve(library, question, filters)
    totals = library.count_searched(filters)
    coverage = Coverage(totals.articles, totals.passages, totals.embedded, totals.outlets)
    found = gather_evidence(library, question, retrieval)
    passages = _counted_as(library, filters, coverage.passages)
    evidence, signals = likelier_side(retrieval, found, passages)
    word_for_word = bool(evidence) and question.quotes_from(evidence[0].text)
    likely = (
        confidence(signals) if signals else 0.0,
        _WORD_FOR_WORD if word_for_word else 0.0,
        _of_the_story(library, question, retrieval, passages) if signals else 0.0,
    )
    searched = Gathered(
        retrieval,
        coverage,
        round(max(likely), 4),
        signals,
        _limits(library, coverage),
    )
    if not evidence or searched.confidence < threshold():
        near = [item.excerpt for item in choose_closest(evidence)]
        return replace(searched, coverage=replace(coverage, closest=cite(near, load_corrections(library, near))))
    if plan.wanted == "comparison":
        compared = compare_outlets(library, question, retrieval, evidence, named_outlets(plan.constraints))
        return _compared(library, searched, evidence, compared)
    if plan.wanted == "said":
        evidence = speakers_first(question.text, evidence)
    claimed = [item for item in evidence if item.excerpt.ruled][:_HELD_AGAINST]
    # Of sixteen yes-or-no answers to fresh questions eight were right: only what is stated is judged.
    stated = question.claim if not question.asks else ""
    weighed = weigh(stated, claimed, library.embed_sentences) if stated else None
    picked = settle(choose(evidence), evidence, retrieval.vector[0], library.embed_sentences)
    best = with_weighed(picked, weighed or ())
    chosen = (*best, *other_voices(evidence, best))
    chosen, others = of_one_event(library, chosen) if plan.wanted == "summary" else (chosen, ())
    more = tuple(choose_more(evidence, chosen))
    shown = tuple(choose_shown(evidence)) if for_model else ()
    excerpts = [item.excerpt for item in (*chosen, *more, *shown)]
    groups = library.group_of({excerpt.article.text_id for excerpt in excerpts})
    return replace(
        searched,
        notices=(*searched.notices, *map(_other_event, others)),
        chosen=chosen,
        more=more,
        shown=shown,
        weighed=weighed,
        texts=tuple(item.text for item in evidence),
        corrections=load_corrections(library, excerpts),
        groups=groups,
        carrying=tuple(outlets_of_groups(library, {groups[item.article.text_id] for item in chosen})),
    )


def _compared(library: Library, searched: Gathered, evidence: Sequence[Evidence], compared: Compared) -> Gathered:
    """What answers where outlets are compared; a model is shown the same."""
    excerpts = [item.excerpt for item in compared.chosen]
    groups = library.group_of({excerpt.article.text_id for excerpt in excerpts})
    return replace(
        searched,
        notices=(*searched.notices, *compared.notices),
        chosen=compared.chosen,
        shown=compared.chosen,
        texts=tuple(item.text for item in evidence),
        corrections=load_corrections(library, excerpts),
        groups=groups,
        carrying=tuple(sorted(compared.wrote)),
        carried=compared.carried,
    )


def _counted_as(library: Library, filters: Filters, passages: int) -> int:
    """How many passages the confidence is to take for searched.

    The best of a few is near to a question by chance less often than the best of many, but whoever chooses the few has
    chosen what is near. So a filter makes no answer surer: what it leaves counts as the library, up to a thousand.
    """
    if not filters.any:
        return passages
    return max(passages, min(_CHOSEN_AS, library.count_searched(Filters()).passages))


def _of_the_story(library: Library, question: Question, retrieval: Retrieval, passages: int) -> float:
    """The confidence of the earlier question that this one leans on: what it asks of is there as surely as that was."""
    if not (question.earlier and retrieval.before):
        return 0.0
    found = gather_evidence(library, question.earlier, retrieval.before)
    _, signals = likelier_side(retrieval.before, found, passages)
    return confidence(signals) if signals else 0.0


def _other_event(article: Article) -> Phrase:
    known = article.metadata
    return notice("other_event", title=known.title or article.name, date=known.date)


def _limits(library: Library, coverage: Coverage) -> tuple[Phrase, ...]:
    """What the reader should know of what was searched."""
    if not coverage.articles:
        return (notice("nothing_to_search" if library.status().articles else "no_articles"),)
    if coverage.embedded < coverage.passages:
        return (notice("embedding", embedded=coverage.embedded, passages=coverage.passages),)
    return ()
