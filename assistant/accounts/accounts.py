"""Who says what: the evidence by account, what the accounts agree on, what they dispute, and whose voice is missing."""

from collections.abc import Mapping, Sequence
from itertools import combinations, product

from shawahid.assistant.language.stance import poles
from shawahid.assistant.language.tokens import tokenize
from shawahid.assistant.search.evidence import Evidence
from shawahid.assistant.types import Account, Citation, Comparison
from shawahid.assistant.verify.ground import Embed
from shawahid.ingest.library import Library
from shawahid.ingest.text.words import fold
from shawahid.ingest.types import Article, Span

from .compare import differences, same_statement, tell

_COMPARED = 4  # accounts; six pairs
_RECEPTION = "welcome"
_NEAR = 0.06  # cosine below the best evidence, for another account's word on what is welcomed or protested
_NEAREST = 0.03  # the same, for the best that this account has on the question
_LATE = 0.015  # of a score, for each word before the one that takes a side: what a sentence is about stands early


def _account_names(
    library: Library, evidence: Sequence[Evidence], articles: Mapping[int, Sequence[int]]
) -> dict[int, str]:
    """By text, whose account it is: the outlet's, or where that is not known the text's own."""
    texts = dict.fromkeys(item.found.passage.text_id for item in evidence)
    outlets = {text: library.article(articles[text][0]).metadata.outlet for text in texts}
    return {text: fold(outlet) if outlet else str(text) for text, outlet in outlets.items()}


def other_voices(
    library: Library, evidence: Sequence[Evidence], chosen: Sequence[Evidence], articles: Mapping[int, Sequence[int]]
) -> list[Evidence]:
    """Where the evidence tells how something was received, what the accounts not yet heard on that say of it: those
    that are cited for something else, or where only one is cited, the best of the others.

    `articles` are those that have a text, by text.
    """
    sided = [item for item in chosen if _takes_a_side(item) is not None]
    if not sided:
        return []
    outlets = _account_names(library, evidence, articles)
    nearest: dict[str, float] = {}
    for item in evidence:
        account = outlets[item.found.passage.text_id]
        nearest[account] = max(nearest.get(account, 0.0), item.meaning)
    heard = {outlets[item.found.passage.text_id] for item in sided}
    scale = 0.5 if chosen[0].found.foreign else 1.0  # across languages meanings lie closer together
    best: dict[str, tuple[float, Evidence]] = {}
    for item in evidence:
        place = _takes_a_side(item)
        account = outlets[item.found.passage.text_id]
        if place is None or account in heard or item.meaning < chosen[0].meaning - _NEAR * scale:
            continue
        if nearest[account] < chosen[0].meaning - _NEAREST * scale:
            continue  # it tells of something else
        score = item.score - _LATE * place
        if account not in best or score > best[account][0]:
            best[account] = (score, item)
    there = {outlets[item.found.passage.text_id] for item in chosen}
    ranked = sorted(best.items(), key=lambda entry: -entry[1][0])
    new = [account for account, _ in ranked if account not in there][: 0 if len(there) > 1 else 1]
    return [item for account, (_, item) in ranked if account in there or account in new]


def _takes_a_side(item: Evidence) -> int | None:
    """At which word a quote tells how something was received; None where it does not."""
    tokens = tokenize(item.text)
    return next((tokens.index(pole.token) for pole in poles(tokens) if pole.dimension == _RECEPTION), None)


def group_accounts(
    cited: Sequence[tuple[Citation, Article]], articles: Mapping[int, list[int]], groups: Mapping[int, int]
) -> list[Account]:
    """The evidence by account, in order of citation: by outlet, or by article where the outlet is not known.

    Near copies are one account, whoever prints them: `groups` tell, by text, which are. An account's articles include
    the copies of what is cited: the same text counts once.
    """
    accounts: list[list[tuple[Citation, Article]]] = []
    for citation, article in cited:
        for members in accounts:
            if any(_same_account(article, other, groups) for _, other in members):
                members.append((citation, article))
                break
        else:
            accounts.append([(citation, article)])
    return [
        Account(
            outlet=members[0][1].metadata.outlet,
            articles=tuple(dict.fromkeys(id_ for _, article in members for id_ in articles[article.text_id])),
            citations=tuple(citation.number for citation, _ in members),
            outlets=tuple(dict.fromkeys(article.metadata.outlet for _, article in members if article.metadata.outlet)),
        )
        for members in accounts
    ]


def _same_account(article: Article, other: Article, groups: Mapping[int, int]) -> bool:
    mine, theirs = article.metadata.outlet, other.metadata.outlet
    if mine and theirs and fold(mine) == fold(theirs):
        return True
    return groups.get(article.text_id, article.text_id) == groups.get(other.text_id, other.text_id)


def compare_accounts(
    accounts: Sequence[Account], cited: Sequence[tuple[Citation, Article]], embed: Embed
) -> tuple[Comparison, ...]:
    """What each two accounts agree on and dispute in what is cited of them; agreements first."""
    quotes = {citation.number: citation.quote for citation, _ in cited}
    whole = tell(article for _, article in cited)
    told = {
        citation.number: whole[article.text_id].within(Span(citation.start, citation.end))
        for citation, article in cited
    }
    found: list[Comparison] = []
    for one, other in combinations(accounts[:_COMPARED], 2):
        for mine, theirs in product(one.citations, other.citations):
            first, second = told[mine], told[theirs]
            disputed = differences(first, second, embed)
            found += [
                Comparison(
                    item.relation,
                    (mine, theirs),
                    (first.text[item.first.start : item.first.end], second.text[item.second.start : item.second.end]),
                )
                for item in disputed
            ]
            if not disputed and same_statement(first, second, embed):
                found.append(Comparison("agrees", (mine, theirs), (quotes[mine], quotes[theirs])))
    return tuple(sorted(dict.fromkeys(found), key=lambda item: item.relation != "agrees"))
