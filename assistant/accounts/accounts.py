"""Who says what: the evidence by account, what the accounts agree on, what they dispute, and whose voice is missing."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, product
from types import MappingProxyType
from typing import Final

from shawahid.assistant.attempt import attempt
from shawahid.assistant.citations import Cited
from shawahid.assistant.language.stance import poles
from shawahid.assistant.language.tokens import Token, tokenize
from shawahid.assistant.search.evidence import Evidence
from shawahid.assistant.types import Account, Comparison
from shawahid.assistant.verify.ground import Embed
from shawahid.ingest.text.words import fold
from shawahid.ingest.types import Article

from .compare import differences, same_statement, tell

_COMPARED: Final = 4  # accounts; six pairs
_RECEPTION: Final = "welcome"
_NEAR: Final = 0.06  # cosine below the best evidence, for another account's word on what is welcomed or protested
_NEAREST: Final = 0.03  # the same, for the best that this account has on the question
_LATE: Final = (
    0.015  # of a score, for each word before the one that takes a side: what a sentence is about stands early
)


def other_voices(evidence: Sequence[Evidence], chosen: Sequence[Evidence]) -> list[Evidence]:
    """Where the evidence tells how something was received, what the accounts not yet heard on that say of it: those
    that are cited for something else, or where only one is cited, the best of the others."""
    evidence = [item for item in evidence if item.excerpt.ruled]
    sided = [item for item in chosen if item.excerpt.ruled and _takes_a_side(item) is not None]
    if not sided:
        return []
    nearest: dict[str, float] = {}
    for item in evidence:
        nearest[_account(item)] = max(nearest.get(_account(item), 0.0), item.meaning)
    heard = {_account(item) for item in sided}
    scale = 0.5 if chosen[0].found.foreign else 1.0  # across languages meanings lie closer together
    best: dict[str, tuple[float, Evidence]] = {}
    for item in evidence:
        place, account = _takes_a_side(item), _account(item)
        if place is None or account in heard or item.meaning < chosen[0].meaning - _NEAR * scale:
            continue
        if nearest[account] < chosen[0].meaning - _NEAREST * scale:
            continue  # it tells of something else
        score = item.score - _LATE * place
        if account not in best or score > best[account][0]:
            best[account] = (score, item)
    there = {_account(item) for item in chosen}
    ranked = sorted(best.items(), key=lambda entry: -entry[1][0])
    new = [account for account, _ in ranked if account not in there][: 0 if len(there) > 1 else 1]
    return [item for account, (_, item) in ranked if account in there or account in new]


def _account(item: Evidence) -> str:
    """Whose account evidence is: the outlet's, or where that is not known the text's own."""
    outlet = item.article.metadata.outlet
    return fold(outlet) if outlet else str(item.article.text_id)


def _takes_a_side(item: Evidence) -> int | None:
    """At which word a quote tells how something was received; None where it does not."""
    return attempt("how something was received", lambda: _reception(tokenize(item.text)), None)


def _reception(tokens: list[Token]) -> int | None:
    return next((tokens.index(pole.token) for pole in poles(tokens) if pole.dimension == _RECEPTION), None)


def group_accounts(
    cited: Sequence[Cited],
    articles: Mapping[int, list[int]],
    groups: Mapping[int, int],
    carried: Mapping[int, Sequence[str]] = MappingProxyType({}),
) -> list[Account]:
    """The evidence by account, in order of citation: by outlet, or by article where the outlet is not known.

    Near copies are one account, whoever prints them: `groups` tell, by text, which are. An account's articles include
    the copies of what is cited: the same text counts once. `carried` are outlets, by group, that carry a copy which is
    not cited: an account's outlets are these too.
    """
    accounts: list[list[Cited]] = []
    for one in cited:
        for members in accounts:
            if any(_same_account(one.article, other.article, groups) for other in members):
                members.append(one)
                break
        else:
            accounts.append([one])
    return [
        Account(
            outlet=members[0].citation.outlet,
            articles=tuple(dict.fromkeys(id_ for one in members for id_ in articles[one.article.text_id])),
            citations=tuple(one.citation.number for one in members),
            outlets=tuple(dict.fromkeys(outlet for outlet in _outlets(members, groups, carried) if outlet)),
        )
        for members in accounts
    ]


def _outlets(
    members: Sequence[Cited], groups: Mapping[int, int], carried: Mapping[int, Sequence[str]]
) -> Iterable[str | None]:
    yield from (one.citation.outlet for one in members)
    for one in members:
        yield from carried.get(groups.get(one.article.text_id, one.article.text_id), ())


def _same_account(article: Article, other: Article, groups: Mapping[int, int]) -> bool:
    mine, theirs = article.metadata.outlet, other.metadata.outlet
    if mine and theirs and fold(mine) == fold(theirs):
        return True
    return groups.get(article.text_id, article.text_id) == groups.get(other.text_id, other.text_id)


def compare_accounts(accounts: Sequence[Account], cited: Sequence[Cited], embed: Embed) -> tuple[Comparison, ...]:
    """What each two accounts agree on and dispute in what is cited of them; agreements first.

    What is cited in a language without rules is not compared.
    """
    cited = [one for one in cited if one.ruled]
    quotes = {one.citation.number: one.citation.quote for one in cited}
    whole = tell(one.article for one in cited)
    told = {one.citation.number: whole[one.article.text_id].within(one.span) for one in cited}
    text_of = {one.citation.number: one.article.text_id for one in cited}
    found: list[Comparison] = []
    compared = accounts[:_COMPARED]
    for one, other in (*combinations(compared, 2), *zip(compared, compared, strict=True)):
        for mine, theirs in _pairs(one, other, text_of):
            if mine not in told or theirs not in told:
                continue
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
            if one != other and not disputed and same_statement(first, second):
                found.append(Comparison("agrees", (mine, theirs), (quotes[mine], quotes[theirs])))
    return tuple(sorted(dict.fromkeys(found), key=lambda item: item.relation != "agrees"))


def _pairs(one: Account, other: Account, text_of: Mapping[int, int]) -> Iterable[tuple[int, int]]:
    """The citations of two accounts that are compared; of one with itself, those of different copies.

    Near copies are one account, and a figure changed in one of them is the more telling.
    """
    if one != other:
        return product(one.citations, other.citations)
    copies = combinations(one.citations, 2) if len(one.outlets) > 1 else ()
    return [(mine, theirs) for mine, theirs in copies if text_of.get(mine) != text_of.get(theirs)]
