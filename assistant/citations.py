"""Citations: the exact words that something rests on, with all that is known of them, numbered from 1."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from shawahid.assistant.accounts.attribution import speaker_of
from shawahid.assistant.attempt import attempt
from shawahid.assistant.compose.written import Written
from shawahid.assistant.excerpt import Excerpt
from shawahid.assistant.language.times.find import find_times
from shawahid.assistant.types import Citation, Correction, Language, Sentence, Speaker, TimeReference
from shawahid.ingest.library import Library
from shawahid.ingest.types import Article, Span, StoredCorrection

Corrections = Mapping[int, tuple[Correction, ...]]
"""What corrects the articles, by their numbers; those that nothing corrects are not there."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation with its article."""

    citation: Citation
    article: Article

    @property
    def span(self) -> Span:
        return Span(self.citation.start, self.citation.end)

    @property
    def ruled(self) -> bool:
        """As `Excerpt.ruled`."""
        return Excerpt(self.article, self.span).ruled


def load_corrections(library: Library, excerpts: Iterable[Excerpt]) -> dict[int, tuple[Correction, ...]]:
    """What corrects the articles that may be cited."""
    ids = dict.fromkeys(excerpt.article.id for excerpt in excerpts)
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


def cite(excerpts: Iterable[Excerpt], corrections: Corrections, *, first: int = 1) -> tuple[Citation, ...]:
    """Citations of excerpts, numbered from `first` on."""
    return tuple(_citation(number, excerpt, corrections) for number, excerpt in enumerate(excerpts, start=first))


def _citation(number: int, excerpt: Excerpt, corrections: Corrections) -> Citation:
    cited = replace(bare_citation(number, excerpt), corrections=corrections.get(excerpt.article.id, ()))
    if not excerpt.ruled:
        return cited
    return replace(
        cited,
        speaker=attempt("the speaker", lambda: speaker_of(excerpt.article.text, excerpt.span), Speaker()),
        times=attempt("times", lambda: _times(excerpt), ()),
    )


def bare_citation(number: int, excerpt: Excerpt) -> Citation:
    """The citation of an excerpt, without what takes time to read out of its article: speaker, corrections, times."""
    article, span = excerpt.article, excerpt.span
    return Citation(
        number=number,
        article=article.id,
        source=article.name,
        title=article.metadata.title,
        outlet=article.metadata.outlet,
        date=article.metadata.date,
        page=article.page_of(span.start),
        quote=excerpt.text,
        start=span.start,
        end=span.end,
        sha256=article.sha256,
        url=article.metadata.url,
    )


def _times(excerpt: Excerpt) -> tuple[TimeReference, ...]:
    offset = excerpt.span.start
    found = find_times(excerpt.text, excerpt.article.metadata.date)
    return tuple(replace(one, start=one.start + offset, end=one.end + offset) for one in found)


def said_once(written: Iterable[Written], groups: Mapping[int, int]) -> list[Written]:
    """What near copies say word for word is one sentence, which rests on each of them."""
    said: dict[tuple[str, int], Written] = {}
    for sentence in written:
        text_id = sentence.excerpts[0].article.text_id
        key = sentence.text, groups.get(text_id, text_id)
        said[key] = replace(said[key], excerpts=said[key].excerpts + sentence.excerpts) if key in said else sentence
    return list(said.values())


def newest_first(written: Sequence[Written]) -> list[Written]:
    """Sentences by the date of the article that each rests on first, the undated at the end."""
    return sorted(written, key=lambda sentence: sentence.excerpts[0].article.metadata.date or "", reverse=True)


def number_citations(
    written: Sequence[Written], corrections: Corrections, language: Language
) -> tuple[tuple[Sentence, ...], list[Cited]]:
    """The sentences with their citations, numbered from 1 in the order in which they are first rested on."""
    numbers: dict[tuple[int, Span], int] = {}
    cited: list[Cited] = []
    sentences = []
    for sentence in written:
        places = [(excerpt.article.id, excerpt.span) for excerpt in sentence.excerpts]
        for place, excerpt in zip(places, sentence.excerpts, strict=True):
            if place not in numbers:
                numbers[place] = len(numbers) + 1
                cited.append(Cited(_citation(numbers[place], excerpt, corrections), excerpt.article))
        sentences.append(sentence.as_sentence(language, tuple(dict.fromkeys(numbers[place] for place in places))))
    return tuple(sentences), cited
