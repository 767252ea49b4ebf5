"""The extractive answer: the fewest verbatim sentences that answer, each with its citation."""

from collections.abc import Mapping, Sequence

from ingest.library import Library
from ingest.sentences import goes_on_after, goes_on_before
from ingest.types import Article, Span
from ingest.words import fold
from prompts import say

from .evidence import Evidence, Margins, distinct
from .types import Account, Citation, Language, Sentence

MOST_SENTENCES = 5
# Two and a half sentences on average over XQuAD, of which one holds the answer in 90 of 100 questions.
_MARGINS = Margins(meaning=0.03, score=0.19)
_CLOSEST = 3
_CLOSEST_MARGINS = Margins(meaning=0.1, score=0.2)


def choose(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The sentences that answer."""
    return distinct(evidence, MOST_SENTENCES, _MARGINS)


def choose_closest(evidence: Sequence[Evidence]) -> list[Evidence]:
    """What came nearest, where nothing answers."""
    return distinct(evidence, _CLOSEST, _CLOSEST_MARGINS)


def cite(
    library: Library, chosen: Sequence[Evidence], articles: Mapping[int, list[int]]
) -> list[tuple[Citation, Article]]:
    """Citations for sentences, numbered from 1, each with the article it is from.

    Of several articles with the same text the first ingested is cited, among those that were searched.
    """
    cited = []
    for number, item in enumerate(chosen, start=1):
        article = library.article(articles[item.found.passage.text_id][0])
        cited.append((_citation(number, article, item.span), article))
    return cited


def _citation(number: int, article: Article, span: Span) -> Citation:
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
    )


def verbatim_sentences(cited: Sequence[tuple[Citation, Article]], language: Language) -> list[Sentence]:
    """One sentence for each citation: its words, with … where the article's own sentence goes on."""
    sentences = []
    for citation, article in cited:
        before = "… " if goes_on_before(article.text, citation.start) else ""
        after = " …" if goes_on_after(article.text, citation.end) else ""
        reason = say("verbatim_cut" if before or after else "verbatim", language)
        sentences.append(Sentence(f"{before}{citation.quote}{after}", "supported", reason, (citation.number,)))
    return sentences


def group_accounts(cited: Sequence[tuple[Citation, Article]], articles: Mapping[int, list[int]]) -> list[Account]:
    """The evidence by outlet, in order of citation. An article without an outlet is an account of its own.

    An account's articles include the copies of what is cited: the same text counts once.
    """
    groups: dict[tuple[str, str | int], list[tuple[Citation, Article]]] = {}
    for citation, article in cited:
        outlet = article.metadata.outlet
        key = ("outlet", fold(outlet)) if outlet else ("text", article.text_id)
        groups.setdefault(key, []).append((citation, article))
    return [
        Account(
            outlet=members[0][1].metadata.outlet,
            articles=tuple(dict.fromkeys(id_ for _, article in members for id_ in articles[article.text_id])),
            citations=tuple(citation.number for citation, _ in members),
        )
        for members in groups.values()
    ]
