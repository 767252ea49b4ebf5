"""The extractive answer: the fewest verbatim sentences that answer, each with its citation."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from shawahid.assistant.accounts.attribution import speaker_of
from shawahid.assistant.language.times.find import find_times
from shawahid.assistant.search.evidence import Evidence, Margins, distinct
from shawahid.ingest.library import Library
from shawahid.ingest.text.sentences import goes_on_after, goes_on_before
from shawahid.ingest.types import Article, Span, StoredCorrection
from shawahid.prompts import say

from .types import Citation, Correction, Language, Origin, Sentence, TimeReference, Verdict

MOST_SENTENCES = 5
# Two and a half sentences on average over XQuAD, of which one holds the answer in 90 of 100 questions.
_MARGINS = Margins(meaning=0.03, score=0.19)
_CLOSEST = 3
_CLOSEST_MARGINS = Margins(meaning=0.1, score=0.2)
_EXCERPTS = 5
_EXCERPT_MARGINS = Margins(meaning=0.08, score=0.35)

Chosen = tuple[Evidence, Article]
Corrections = Mapping[int, tuple[Correction, ...]]
"""What corrects the articles, by their numbers; those that nothing corrects are not there."""


def choose(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The sentences that answer."""
    return distinct(evidence, MOST_SENTENCES, _MARGINS)


def choose_closest(evidence: Sequence[Evidence]) -> list[Evidence]:
    """What came nearest, where nothing answers; the same words of several articles once."""
    once = {item.text: item for item in reversed(evidence)}
    return distinct(once.values(), _CLOSEST, _CLOSEST_MARGINS)


def choose_excerpts(evidence: Collection[Evidence]) -> list[Evidence]:
    """The evidence that a language model is shown, the most telling first."""
    return distinct(evidence, _EXCERPTS, _EXCERPT_MARGINS)


def with_articles(library: Library, chosen: Sequence[Evidence], articles: Mapping[int, list[int]]) -> list[Chosen]:
    """Evidence, each with its article: of several with the same text the first ingested that was searched."""
    read = {text: library.article(articles[text][0]) for text in {item.found.passage.text_id for item in chosen}}
    return [(item, read[item.found.passage.text_id]) for item in chosen]


def load_corrections(library: Library, chosen: Iterable[Chosen]) -> dict[int, tuple[Correction, ...]]:
    """What corrects the articles that may be cited."""
    ids = dict.fromkeys(article.id for _, article in chosen)
    return {id_: tuple(map(_correction, stored)) for id_, stored in library.corrections_of(list(ids)).items()}


def _correction(stored: StoredCorrection) -> Correction:
    article, span = stored.article, stored.span
    return Correction(
        kind=stored.kind,
        article=article.id,
        title=article.metadata.title,
        outlet=article.metadata.outlet,
        date=article.metadata.date,
        quote=article.text[span.start : span.end],
        start=span.start,
        end=span.end,
        sha256=article.sha256,
    )


def cite(evidence: Sequence[Chosen], corrections: Corrections) -> list[Citation]:
    """Citations of evidence, numbered from 1."""
    cited = enumerate(evidence, start=1)
    return [_citation(number, article, item.span, corrections) for number, (item, article) in cited]


def _citation(number: int, article: Article, span: Span, corrections: Corrections) -> Citation:
    return Citation(
        number=number,
        article=article.id,
        source=article.name,
        title=article.metadata.title,
        outlet=article.metadata.outlet,
        date=article.metadata.date,
        page=article.page_of(span.start),
        quote=article.text[span.start : span.end],
        start=span.start,
        end=span.end,
        sha256=article.sha256,
        url=article.metadata.url,
        speaker=speaker_of(article.text, span),
        corrections=corrections.get(article.id, ()),
        times=_times(article, span),
    )


def _times(article: Article, span: Span) -> tuple[TimeReference, ...]:
    found = find_times(article.text[span.start : span.end], article.metadata.date)
    return tuple(replace(one, start=one.start + span.start, end=one.end + span.start) for one in found)


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence of an answer before its citations are numbered; `words` are what it rests on."""

    text: str
    verdict: Verdict
    reason: str
    words: tuple[tuple[Article, Span], ...]
    origin: Origin


def verbatim(item: Evidence, article: Article, language: Language, origin: Origin = "article") -> Written:
    """The words of an article as a sentence, with … where the article's own sentence goes on."""
    before = "… " if goes_on_before(article.text, item.span.start) else ""
    after = " …" if goes_on_after(article.text, item.span.end) else ""
    reason = "repaired" if origin == "repaired" else "verbatim_cut" if before or after else "verbatim"
    words = ((article, item.span),)
    return Written(f"{before}{item.text}{after}", "supported", say(reason, language), words, origin)


def said_once(written: Iterable[Written], groups: Mapping[int, int]) -> list[Written]:
    """What near copies say word for word is one sentence, which rests on each of them."""
    said: dict[tuple[str, int], Written] = {}
    for sentence in written:
        text_id = sentence.words[0][0].text_id
        key = sentence.text, groups.get(text_id, text_id)
        said[key] = replace(said[key], words=said[key].words + sentence.words) if key in said else sentence
    return list(said.values())


def newest_first(written: Sequence[Written]) -> list[Written]:
    """Sentences by the date of the article that each rests on first, the undated at the end."""
    return sorted(written, key=lambda sentence: sentence.words[0][0].metadata.date or "", reverse=True)


def number_citations(
    written: Sequence[Written], corrections: Corrections
) -> tuple[list[Sentence], list[tuple[Citation, Article]]]:
    """The sentences with their citations, numbered from 1 in the order in which they are first rested on."""
    numbers: dict[tuple[int, Span], int] = {}
    cited: list[tuple[Citation, Article]] = []
    sentences = []
    for sentence in written:
        for article, span in sentence.words:
            if (article.id, span) not in numbers:
                numbers[article.id, span] = len(numbers) + 1
                cited.append((_citation(len(numbers), article, span, corrections), article))
        used = tuple(dict.fromkeys(numbers[article.id, span] for article, span in sentence.words))
        sentences.append(Sentence(sentence.text, sentence.verdict, sentence.reason, used, sentence.origin))
    return sentences, cited
