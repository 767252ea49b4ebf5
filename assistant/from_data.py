"""Answers that the library's own data give: lists and counts of articles, the news of a time, one article's points."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from shawahid.assistant.compose.written import verbatim
from shawahid.assistant.excerpt import Excerpt
from shawahid.assistant.language.lexicon import Concept, concepts, forms, listed, names_of
from shawahid.assistant.plan.facts import Facts, alternatives
from shawahid.assistant.plan.narrow import narrow
from shawahid.assistant.plan.read import ITEM_KINDS, Read, read_plan
from shawahid.assistant.search.own_words import parts, sentences
from shawahid.assistant.search.question import Question
from shawahid.ingest import listing
from shawahid.ingest.library import Library
from shawahid.ingest.text.sound import sound
from shawahid.ingest.text.words import STOP_WORDS, located_words, script, stem, words
from shawahid.ingest.types import Article, ArticleRow, Filters, Span
from shawahid.prompts import say

from .attempt import attempt
from .citations import load_corrections, number_citations
from .events_told import leading, timeline
from .types import Answer, ConstraintKind, Coverage, Language, Listed, Plan
from .wording import Phrase, notice

_MOST_LISTED: Final = 100
_MOST_QUOTED: Final = 20
_MOST_NEWS: Final = 10
_MOST_POINTS: Final = 5
_MOST_READ: Final = 500  # articles that a list of items is taken from


@dataclass(frozen=True, slots=True)
class _Told:
    """What an answer is made of: how it begins, what it quotes, which articles it lists and how many there are."""

    frame: str
    excerpts: Sequence[Excerpt] = ()
    rows: Sequence[ArticleRow] = ()
    counted: int | None = None
    notices: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """A question as it is looked up, its plan, the filters that it comes to, and the answer where the library's data
    give it."""

    question: Question
    plan: Plan
    filters: Filters
    answer: Answer | None


def plan(
    library: Library,
    question: Question,
    filters: Filters,
    today: date | None = None,
    unconstrained: Collection[ConstraintKind] = (),
) -> Planned:
    """Read what is wanted and of which articles, and answer it where no passage need be searched for.

    `today` and `unconstrained` are those of `Assistant.ask`.
    """
    day = today or date.today()
    read = Read(Plan("fact", day.isoformat()))
    if question.ruled:
        read = attempt("a plan", lambda: read_plan(question, Facts(library), day, unconstrained), read)
    lifted = tuple(dict.fromkeys(unconstrained))
    read = replace(read, plan=replace(read.plan, unconstrained=lifted, joined=question.joined))
    narrowed = narrow(library, read.plan.constraints, filters)
    answer = answer_from_data(library, question, read, narrowed)
    alone = read.search and not question.understood
    return Planned(replace(question, search=read.search) if alone else question, read.plan, narrowed, answer)


def with_plan(answer: Answer, plan: Plan) -> Answer:
    """An answer from passages, with how its question was understood; a list of passages is not a whole one."""
    listing = plan.wanted == "list" and answer.status == "answered"
    told = (notice("list_incomplete").said(answer.language),) if listing else ()
    return replace(answer, plan=plan, notices=(*told, *answer.notices))


def answer_from_data(library: Library, question: Question, read: Read, filters: Filters) -> Answer | None:
    """The answer of the library's data; None where passages are to be searched.

    `filters` are those of the user with the constraints of the plan."""
    told = _told(library, question, read, filters)
    if told is None:
        return None
    totals = library.count_searched(filters)
    written = [verbatim(excerpt) for excerpt in told.excerpts]
    numbered, cited = number_citations(written, load_corrections(library, told.excerpts), question.language)
    return Answer(
        question=question.text,
        language=question.language,
        status="answered" if told.excerpts or told.rows else "abstained",
        mode="extractive",
        confidence=1.0,
        frame=told.frame,
        sentences=numbered,
        citations=tuple(one.citation for one in cited),
        coverage=Coverage(totals.articles, totals.passages, totals.embedded, totals.outlets),
        accounts=(),
        notices=tuple(phrase.said(question.language) for phrase in told.notices),
        plan=read.plan,
        listed=tuple(_listed(row) for row in told.rows),
        counted=told.counted,
    )


def _told(library: Library, question: Question, read: Read, filters: Filters) -> _Told | None:
    language = question.language
    match read.way:
        case "no_author":
            return _Told(say("none_by", language, what=read.name), counted=0)
        case "no_article":
            return _Told(say("no_such_article", language, what=read.name))
        case "article":
            return _one_article(library, language, read, filters)
        case "items":
            return _items(library, question, read, filters)
        case "timeline":
            return _timeline(library, question, read, filters)
        case "articles" | "count" | "news":
            return _articles(library, language, read, filters)
    return None


# lists of articles


def _articles(library: Library, language: Language, read: Read, filters: Filters) -> _Told | None:
    stems = [_stems(word) for word in read.topic]
    ids = listing.ids_with_words(library, stems, filters) if stems else listing.newest_ids(library, filters)
    which = _which(read, language)
    timed = any(one.applied and one.kind == "time" for one in read.plan.constraints)
    undated = library.overview().undated if timed else 0
    notices = [notice("undated_left_out", count=undated)] if undated else []
    if not ids:
        return (
            None
            if read.way == "articles" and read.topic
            else _Told(say("none_listed", language, which=which), counted=0, notices=tuple(notices))
        )
    rows = listing.rows_of(library, ids[:_MOST_LISTED])
    quoted = leading(library, ids, _MOST_NEWS) if read.way == "news" else ids[:_MOST_QUOTED]
    excerpts = [_speaking(library.article(id_), stems) for id_ in quoted]
    if len(ids) > len(excerpts):
        notices.append(notice("first_of", shown=len(excerpts), count=len(ids)))
    if read.topic:
        notices.append(notice("counted_by_words"))
    frame = say("listed", language, which=which, count=len(ids))
    return _Told(frame, [one for one in excerpts if one], rows, len(ids), tuple(notices))


def _which(read: Read, language: Language) -> str:
    """Which articles are listed, in words."""
    names = {"time": "which_time", "outlet": "which_outlet", "author": "which_author"}
    told = []
    for one in read.plan.constraints:
        if one.applied and one.kind in names:
            first, _, last = one.value.partition("/")
            told.append(
                say("which_times", language, since=first, until=last)
                if last
                else say(names[one.kind], language, what=one.value)
            )
    if read.topic:
        told.append(say("which_words", language, words=" ".join(read.topic)))
    return " ".join(dict.fromkeys(told)) or say("which_all", language)


def _stems(word: str) -> frozenset[str]:
    """The stems of a word in the language it is in, and of what it is called in the other."""
    other = [name for name in names_of(concepts(word)) if name.isascii() != word.isascii()]
    return frozenset(one for name in (word, *other) for one in alternatives(name))


def _listed(row: ArticleRow) -> Listed:
    known = row.metadata
    return Listed(row.id, row.name, known.title, known.outlet, known.author, known.date)


def _speaking(article: Article, stems: Sequence[frozenset[str]]) -> Excerpt | None:
    """The sentence with most of the words that are asked for; the first of the article where none are."""
    every = [part for sentence in sentences(article) for part in parts(article, sentence)]
    if not every:
        return None
    shared = [len(_present(article, part, stems)) for part in every]
    return Excerpt(article, every[shared.index(max(shared))])


def _present(article: Article, span: Span, stems: Sequence[frozenset[str]]) -> set[int]:
    here = {stem(word) for word in words(article.text[span.start : span.end])}
    return {place for place, wanted in enumerate(stems) if not wanted.isdisjoint(here)}


# one article


def _one_article(library: Library, language: Language, read: Read, filters: Filters) -> _Told:
    (wanted,) = (int(one.value) for one in read.plan.constraints if one.kind == "article" and one.applied)
    ids = listing.newest_ids(library, filters)
    if not ids:
        return _Told(say("nothing_to_search", language))
    article = library.article(wanted)
    row = listing.rows_of(library, [wanted])
    title = article.metadata.title or article.name
    frame = say("article_says", language, title=title)
    return _Told(frame, [Excerpt(article, parts(article, span)[0]) for span in _points(article)], row)


def _points(article: Article) -> list[Span]:
    """The first sentence, and those that have most of what the article speaks of, in its order."""
    every = sentences(article)
    if len(every) <= _MOST_POINTS:
        return every
    told = [
        {stem(word) for word in words(article.text[span.start : span.end]) if word not in STOP_WORDS} for span in every
    ]
    often = Counter(one for said in told for one in said)
    weight = [sum(often[one] for one in said) / (len(said) + 5) for said in told]
    best = sorted(range(1, len(every)), key=lambda place: -weight[place])[: _MOST_POINTS - 1]
    return [every[place] for place in sorted([0, *best])]


# a timeline


def _timeline(library: Library, question: Question, read: Read, filters: Filters) -> _Told | None:
    """The dated sentences of one event, the first first; None where the articles don't answer."""
    found = timeline(library, replace(question, search=read.search or question.search), filters, read.plan)
    if found is None:
        return None
    notices = [notice("timeline_undated", count=found.undated)] if found.undated else []
    notices += [notice("other_event", title=title, date=day) for title, day in found.others]
    cited = list(dict.fromkeys(excerpt.article.id for excerpt in found.excerpts))
    frame = say("timeline_of", question.language, title=found.title)
    return _Told(frame, found.excerpts, listing.rows_of(library, cited), None, tuple(notices))


# items


@dataclass(frozen=True, slots=True)
class _Item:
    """Somebody who holds an office: which (`field`), how the name after it sounds, and the words that say so."""

    field: str
    name: str
    excerpt: Excerpt


def _items(library: Library, question: Question, read: Read, filters: Filters) -> _Told | None:
    """The sentences that name the things of a kind, one for each."""
    wanted = frozenset(one for one in concepts(read.topic[0]) if one.kind in ITEM_KINDS)
    several = _plurals(names_of(wanted))
    stems = frozenset(one for name in names_of(wanted) for one in alternatives(name))
    ids = listing.ids_with_words(library, [stems, *(_stems(word) for word in read.topic[1:])], filters)
    found = [item for id_ in ids[:_MOST_READ] for item in _named_in(library.article(id_), wanted, several)]
    items = _distinct(found, question.script)
    if len(items) < 2:
        return None
    shown = items[:_MOST_QUOTED]
    excerpts = list({(one.excerpt.article.id, one.excerpt.span): one.excerpt for one in shown}.values())
    notices = (notice("items_by_words"),) if len(items) <= _MOST_QUOTED else (notice("items_cut", shown=_MOST_QUOTED),)
    cited = list(dict.fromkeys(excerpt.article.id for excerpt in excerpts))
    return _Told(say("items", question.language), excerpts, listing.rows_of(library, cited), None, notices)


def _distinct(found: Sequence[_Item], reader: str) -> list[_Item]:
    """One of each: of each name that holds an office, and of each office that no name is given for; in the script of
    the reader where there is a choice."""
    taken: dict[tuple[str, str], _Item] = {}
    for item in sorted(found, key=lambda item: (not item.name, script(item.excerpt.text) != reader)):
        known = any(field == item.field for field, _ in taken)
        if item.name or not known:
            taken.setdefault((item.field, item.name), item)
    order = {id(item): place for place, item in enumerate(found)}
    return sorted(taken.values(), key=lambda item: order[id(item)])


def _plurals(names: Collection[str]) -> frozenset[str]:
    """Those of the names of an office that are plurals, with what Arabic writes before them: they name nobody, as in
    مجلس الوزراء. Without a singular that is written alike, it cannot be told which is which."""
    english = {name for name in names if name.endswith("s") and name[:-1] in names}
    arabic = [name for name in names if not name.isascii()]
    apart = {
        name
        for name in arabic
        if not any(one != name and (one.startswith(name) or name.startswith(one)) for one in arabic)
    }
    return frozenset(english | (apart if len(apart) < len(arabic) else set()))


def _named_in(article: Article, wanted: frozenset[Concept], several: frozenset[str]) -> Iterator[_Item]:
    for span in (part for sentence in sentences(article) for part in parts(article, sentence)):
        located = [word for word, _ in located_words(article.text[span.start : span.end])]
        for place, word in enumerate(located):
            if wanted & concepts(word) and several.isdisjoint(forms(word)):
                field, after = _field(located, place)
                name = next(iter(located[after : after + 1]), "")
                if field:
                    yield _Item(field, sound(name) or name if _is_name(name) else "", Excerpt(article, span))


def _is_name(word: str) -> bool:
    """Whether the word after an office may be a name: of two people, each is told."""
    return bool(word) and word not in STOP_WORDS and not word.startswith("ال") and not listed(word, "saying")


def _field(said: Sequence[str], place: int) -> tuple[str, int]:
    """Of what somebody is a minister or the like, and where the name may follow."""
    after = said[place + 1] if place + 1 < len(said) else ""
    if not said[place].isascii():
        return (
            (_meant(after), place + 2)
            if after.startswith(("ال", "لل"))
            else (_meant(after) if after else "", place + 1)
        )
    if after in ("of", "for") and place + 2 < len(said):
        return _meant(said[place + 2]), place + 3
    before = said[place - 1] if place else ""
    return ("" if before in STOP_WORDS else _meant(before)), place + 1


def _meant(word: str) -> str:
    """What a word means in either language, where that is known; else its stem."""
    names = sorted(concept.name for concept in concepts(word))
    return names[0] if names else stem(next(iter(forms(word)[1:]), word))
