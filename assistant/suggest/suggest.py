"""Questions that a library can answer, made from its own articles by rules, each asked before it is offered."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from typing import Final

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.attempt import attempt
from shawahid.assistant.excerpt import Excerpt
from shawahid.assistant.language.lexicon import concepts
from shawahid.assistant.language.tokens import QUOTATION_MARKS, tokenize
from shawahid.assistant.search.answer_kind import AnswerKind, offers
from shawahid.assistant.types import SCRIPTS, Answer, Language
from shawahid.ingest.library import Library
from shawahid.ingest.text.sentences import sentence_spans
from shawahid.ingest.text.words import STOP_WORDS, script, stem, words
from shawahid.ingest.types import Article, ArticleRow, Span
from shawahid.prompts import say

from . import arabic as suggest_arabic
from . import english as suggest_english
from .askable import Askable, Form

_LISTED: Final = 400  # articles, the last ingested
_READ: Final = 100
_SENTENCES: Final = 20  # of an article
_LONGEST: Final = 600  # code points of a sentence
_ASKED: Final = 24
_TOPICS_ASKED: Final = 8
_NAMED: Final = 2  # times that a topic is named
_TITLED: Final = 2  # words of a topic in a title
_LONGEST_QUESTION: Final = 110  # code points
_ALIKE: Final = 0.6  # of the words of the shorter question
_MARKS: Final = re.compile(rf"[()\[\]:;؛{QUOTATION_MARKS}]")  # a part of something, or two things
_NOTHING: Final[tuple[list[str], list[Askable]]] = ([], [])
_FORMS: Final[tuple[Form, ...]] = ("how_many", "he_said", "why", "when", "how_much")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A question, the articles that it was made from, and what must be cited of one: `span`, where it is known."""

    form: Form
    text: str
    articles: frozenset[int]
    span: Span | None = None
    asks_for: AnswerKind = ""
    accounts: int = 1


def suggest_questions(assistant: Assistant, language: Language, count: int = 4) -> tuple[str, ...]:
    """At most `count` questions that the library answers, in `language` where it has articles in it, else in theirs.

    The first is one that several outlets answer, where there is such a one. No language model is asked. The same
    library gives the same questions; nothing is remembered, so who asks often should.
    """
    asker = Assistant(assistant.library)  # without the model
    other: Language = "en" if language == "ar" else "ar"
    with assistant.library.reading():
        rows = _newest(assistant.library)
        for spoken in (language, other):
            found = _verified(asker, _candidates(_read(assistant.library, rows, spoken), spoken), count)
            if found:
                return found
    return ()


def _newest(library: Library) -> list[ArticleRow]:
    """The last articles ingested, the newest first, and of one day the longest."""
    rows = library.articles(_LISTED, max(0, library.status().articles - _LISTED))
    return sorted(
        rows,
        key=lambda row: (row.metadata.date or row.metadata.captured or "", row.characters, row.id),
        reverse=True,
    )


def _read(library: Library, rows: Sequence[ArticleRow], language: Language) -> list[Article]:
    """The first of the articles that are in a language, near copies once."""
    rows = rows[: 2 * _READ]
    groups = library.group_of({row.text_id for row in rows})
    found: dict[int, Article] = {}
    for row in rows:
        group = groups.get(row.text_id, row.text_id)
        if group not in found and len(found) < _READ:
            article = library.article(row.id)
            if script(article.text) == SCRIPTS[language]:
                found[group] = article
    return list(found.values())


def _candidates(articles: Sequence[Article], language: Language) -> list[list[_Candidate]]:
    """The questions by their kind: first what is told of a topic, then the others."""
    topics: dict[str, str] = {}
    kinds: dict[Form, list[_Candidate]] = {form: [] for form in _FORMS}
    for article in articles:
        for span in _sentences(article):
            sentence = article.text[span.start : span.end]
            if not Excerpt(article, span).ruled:
                continue
            found, facts = attempt("the questions of a sentence", partial(_asked_of, sentence, language), _NOTHING)
            for topic in found:
                topics.setdefault(" ".join(words(topic)), topic)
            for asked in facts:
                form: Form = "he_said" if asked.form == "she_said" else asked.form
                kinds[form].append(_candidate(asked, language, article, span))
    every = [_of_topics(topics.values(), articles, language), *kinds.values()]
    return [[item for item in of_kind if _fits(item.text, language)] for of_kind in every]


def _asked_of(sentence: str, language: Language) -> tuple[list[str], list[Askable]]:
    """The topics and the facts of a sentence that can be asked for."""
    rules = suggest_arabic if language == "ar" else suggest_english
    tokens = tokenize(sentence)
    return list(rules.topics(sentence, tokens)), list(rules.facts(sentence, tokens))


def _candidate(asked: Askable, language: Language, article: Article, span: Span) -> _Candidate:
    text = say(f"suggest_{asked.form}", language, what=asked.what)
    return _Candidate(asked.form, text, frozenset([_cited(article)]), span, asked.kind)


def _cited(article: Article) -> int:
    """The article that is cited for a text: the first that has it."""
    return article.copy_of or article.id


def _sentences(article: Article) -> Iterator[Span]:
    own = [
        span
        for span in sentence_spans(article.text)
        if not any(span.overlaps(other) for other in article.furniture) and span.end - span.start <= _LONGEST
    ]
    return iter(own[:_SENTENCES])


def _fits(text: str, language: Language) -> bool:
    letters = [script(word) for word in words(text)]
    return (
        len(text) <= _LONGEST_QUESTION
        and not _MARKS.search(text)
        and all(one in (SCRIPTS[language], "other") for one in letters)
    )


def _of_topics(topics: Iterable[str], articles: Sequence[Article], language: Language) -> list[_Candidate]:
    """What is told of each topic that is named more than once: first of those in titles, and of what the most outlets
    tell; bodies, offices and places, which are named for much else, last."""
    texts = [(article, _folded(article.metadata.title or "", article.text)) for article in articles]
    titles = [{stem(word) for word in words(article.metadata.title or "")} for article in articles]
    found = []
    for topic in topics:
        named = words(topic.removeprefix("the "))
        told = f"{' '.join(named)} "
        holding = [article for article, text in texts if told in text]
        if sum(text.count(told) for _, text in texts) < _NAMED:
            continue
        outlets = {article.metadata.outlet or str(article.id) for article in holding}
        question = say("suggest_reported", language, what=topic)
        head = named[0] if language == "ar" else named[-1]
        standing = any(concept.kind in ("body", "office", "place") for concept in concepts(head))
        stems = {stem(word) for word in named}
        titled = any(len(stems & title) >= _TITLED for title in titles)
        ids = frozenset(_cited(article) for article in holding)
        item = _Candidate("reported", question, ids, accounts=len(outlets))
        found.append(((standing, not titled, -len(outlets), -len(question)), item))
    return [item for _, item in sorted(found, key=lambda one: one[0])]


def _folded(*texts: str) -> str:
    return f" {' '.join(word for text in texts for word in words(text))} "


# Asking them


def _verified(asker: Assistant, kinds: Sequence[Sequence[_Candidate]], count: int) -> tuple[str, ...]:
    """The first questions, of each kind in turn, that are answered from where they were made and are not alike."""
    topics, *others = kinds
    shared = [topic for topic in topics if topic.accounts > 1]
    alone = [topic for topic in topics if topic.accounts == 1]
    told = [one for row in zip_longest(*others, alone) for one in row if one]
    taken: list[_Candidate] = []
    shown: set[int] = set()  # articles that an answer begins with
    asked: set[str] = set()
    for most, candidates in ((1, shared[:_TOPICS_ASKED]), (1, told), (count // 2, topics)):
        for candidate in candidates:
            if len(taken) == count or len(asked) == _ASKED:
                break
            of_kind = sum(item.form == candidate.form for item in taken)
            full = of_kind >= (most if candidate.form == "reported" else count)
            told_of = candidate.span is not None and candidate.articles <= shown
            if full or told_of or candidate.text in asked or any(_alike(candidate, item) for item in taken):
                continue
            asked.add(candidate.text)
            answer = asker.ask(candidate.text)
            if _answers(answer, candidate) and answer.citations[0].article not in shown:
                taken.append(candidate)
                shown.add(answer.citations[0].article)
    return tuple(item.text for item in taken)


def _answers(answer: Answer, candidate: _Candidate) -> bool:
    """Whether an answer is the one that the question was made for."""
    if answer.status != "answered" or len(answer.accounts) < min(2, candidate.accounts):
        return False
    if answer.citations[0].article not in candidate.articles:
        return False
    for citation in answer.citations:
        here = citation.article in candidate.articles
        if here and (candidate.span is None or candidate.span.overlaps(Span(citation.start, citation.end))):
            return offers(candidate.asks_for, citation.quote)
    return False


def _alike(one: _Candidate, other: _Candidate) -> bool:
    mine, theirs = (_topical(item.text) for item in (one, other))
    return len(mine & theirs) > _ALIKE * min(len(mine), len(theirs))


def _topical(text: str) -> set[str]:
    return {stem(word) for word in words(text) if word not in STOP_WORDS}
