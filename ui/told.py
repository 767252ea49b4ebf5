"""What is told of an answer in words, the same in the terminal, the page and the dossier."""

import re
from pathlib import PurePath

from shawahid.assistant.types import (
    Account,
    Answer,
    Citation,
    Comparison,
    Constraint,
    Filters,
    Language,
    Speaker,
    language_of_script,
)
from shawahid.ingest.errors import ShawahidError
from shawahid.ingest.network import is_here
from shawahid.ingest.text.words import script
from shawahid.prompts import say

_QUOTED_PATH = re.compile(r"'(/[^'\n]+)'")
_FOLDERS = re.compile(r"(?<![\w:/.])/(?:[^/\s'\"]+/)+(?=[^/\s'\"])")
_MOST_SILENT = 8  # outlets named; the answer itself has them all
_ISOLATE, _END = "\u2068", "\u2069"  # a file's name keeps its own direction within a line of the other


def language_of_text(text: str, otherwise: Language = "en") -> Language:
    """The language that a text is answered or set in, by most of its letters; `otherwise` where it has none."""
    return language_of_script(script(text), otherwise)


def told_problem(error: ShawahidError, language: Language, *, folders: bool = True) -> str:
    """What went wrong, and the remedy, in a reader's language; without `folders` for whoever is not at this machine."""
    if folders:
        return say(error.code, "ar", **error.details) if language == "ar" else str(error)
    details = details_without_folders(error)
    return say(error.code, "ar", **details) if language == "ar" else error.template.format(**details)


def details_without_folders(error: ShawahidError) -> dict[str, str]:
    """What fills the holes of an error's message, for whoever is not at this machine."""
    return {name: without_folders(value) for name, value in error.details.items()}


def without_folders(text: str) -> str:
    """A text with the last name of each path only: where something lies on this machine is nobody's business who only
    talks to it.

    >>> without_folders("/srv/a b/library"), without_folders("cannot open '/srv/a b/x.db' or /tmp/y/z")
    ('library', "cannot open 'x.db' or z")
    """
    if text.startswith("/") and "\n" not in text:
        return PurePath(text).name
    return _FOLDERS.sub("", _QUOTED_PATH.sub(lambda found: f"'{PurePath(found[1]).name}'", text))


def comma(language: Language) -> str:
    """What stands between the items of a list."""
    return "، " if language == "ar" else ", "


def quotation_marks(language: Language) -> tuple[str, str]:
    """What stands before and after words that are quoted."""
    return ("«", "»") if language == "ar" else ("“", "”")


def quoted(words: str, language: Language) -> str:
    """Words in quotation marks."""
    before, after = quotation_marks(language)
    return f"{before}{words}{after}"


def account_name(account: Account, answer: Answer) -> str:
    """Whose account it is: its outlets, or where none is known the article's title or file."""
    if account.outlets:
        cited = {answer.citation(number).outlet for number in account.citations}
        between = comma(answer.language)
        named = between.join(outlet for outlet in account.outlets if outlet in cited)
        others = between.join(outlet for outlet in account.outlets if outlet not in cited)
        return say("account_also", answer.language, outlets=named, others=others) if named and others else named
    first = answer.citation(account.citations[0])
    return f"{say('no_outlet', answer.language)}: {_ISOLATE}{first.title or first.source}{_END}"


def ellipses(citation: Citation, answer: Answer) -> tuple[str, str]:
    """What stands before and after a quote: "…" where its sentence in the article goes on, as the answer has it."""
    for sentence in answer.sentences:
        before, found, after = sentence.text.partition(citation.quote)
        if found and sentence.origin != "model" and citation.number in sentence.citations:
            return before, after
    return "", ""


def at_clause(text: str, citation: Citation) -> tuple[str, str, str]:
    """A text with a citation's quote in it, cut: before the clause that answers, the clause (mostly ""), after it."""
    place = text.find(citation.quote)
    if citation.marked_start is None or citation.marked_end is None or place < 0:
        return text, "", ""
    start, end = (place + marked - citation.start for marked in (citation.marked_start, citation.marked_end))
    return text[:start], text[start:end], text[end:]


def cut_classes(before: object, after: object) -> str:
    """The classes of the element around a quote that is cut there: the styles put the "…", so that its text stays the
    exact words."""
    return " ".join(name for name, cut in (("cut-before", before), ("cut-after", after)) if cut)


def reference(citation: Citation, language: Language) -> str:
    """A quote with all that finds it again: whose it is, of when, and where it stands in which text."""
    known = (
        citation.outlet or say("no_outlet", language),
        citation.title,
        citation.date or say("undated", language),
        citation.url or citation.source,
        say("characters", language, start=citation.start, end=citation.end),
        f"SHA-256 {citation.sha256}",
    )
    return f"{quoted(citation.quote, language)}\n{comma(language).join(fact for fact in known if fact)}"


def told_speaker(speaker: Speaker, language: Language) -> str | None:
    """Who says it, where it is not the outlet."""
    if speaker.kind == "outlet" or not speaker.words:
        return None
    return f"{say('speaker_named' if speaker.kind == 'named' else 'speaker_unnamed', language)}: {speaker.words}"


def relation(comparison: Comparison, language: Language) -> str:
    """That two accounts agree, or the kind of thing they dispute."""
    return say(f"relation_{comparison.relation}", language)


def told_comparisons(answer: Answer) -> list[str]:
    """What accounts agree on, then what they dispute and in which words."""
    return [_comparison(item, answer.language) for item in answer.comparisons]


def _comparison(item: Comparison, language: Language) -> str:
    first, second = item.citations
    if item.relation == "agrees":
        return say("agreed", language, first=first, second=second)
    words = {"words": item.words[0], "others": item.words[1]}
    return say("disputed", language, relation=relation(item, language), first=first, second=second, **words)


def told_namesakes(answer: Answer) -> list[str]:
    """Whom else a name in the question may mean."""
    if not answer.also_named:
        return []
    names = comma(answer.language).join(answer.also_named)
    return [say("also_named", answer.language, names=names)]


def told_filters(filters: Filters, answer: Answer) -> str | None:
    """What the search was narrowed to; None where it was not."""
    language, between = answer.language, comma(answer.language)
    titles = {cited.article: cited.title or cited.source for cited in (*answer.citations, *answer.beside)}
    articles = [titles.get(article, str(article)) for article in filters.articles]
    parts = (
        ("narrowed_outlets", between.join(f"{_ISOLATE}{outlet}{_END}" for outlet in filters.outlets)),
        ("narrowed_since", filters.since),
        ("narrowed_until", filters.until),
        ("narrowed_articles", between.join(f"{_ISOLATE}{quoted(title, language)}{_END}" for title in articles)),
    )
    told = between.join(say(name, language, what=what) for name, what in parts if what)
    return say("narrowed", language, what=told) if told else None


def told_constraints(answer: Answer) -> list[str]:
    """What of its words a question was narrowed to, and what they might also mean but do not narrow it."""
    kinds = (("constrained", constraints_of(answer, applied=True)), ("offered", constraints_of(answer, applied=False)))
    return [
        say(
            name,
            answer.language,
            what=comma(answer.language).join(f"{_ISOLATE}{constraint(one)}{_END}" for one in some),
        )
        for name, some in kinds
        if some
    ]


def constraints_of(answer: Answer, *, applied: bool) -> list[Constraint]:
    """What a question was narrowed to, or what only might have narrowed it."""
    return [one for one in answer.plan.constraints if one.applied is applied] if answer.plan else []


def constraint(one: Constraint) -> str:
    """The words of a question, and what they were taken for where that is not the same."""
    if one.kind == "time":  # behind Arabic letters a date would be shown back to front
        return f"{one.words}: {_ISOLATE}{one.value.replace('/', ' – ')}{_END}"
    return one.value if one.value.casefold() == one.words.casefold() else f"{one.words}: {one.value}"


def told_listed(answer: Answer) -> list[str]:
    """The articles of a list that nothing is quoted of, one a line."""
    quoted_ones = {citation.article for citation in answer.citations}
    return [
        comma(answer.language).join(
            known for known in (one.title or one.source, one.outlet, one.author, one.date) if known
        )
        for one in answer.listed
        if one.article not in quoted_ones
    ]


def told_network(model: str | None, embedder: str | None, index: str | None, language: Language) -> list[str]:
    """What is sent to the hosts of the model, the embedder and the vector index (None: there is none), or that nothing
    leaves the machine."""
    hosts = (("sent_model", model), ("sent_embedder", embedder), ("sent_vectors", index))
    sent = [say(name, language, host=f"{_ISOLATE}{host}{_END}") for name, host in hosts if host and not is_here(host)]
    return sent or [say("sent_nothing", language)]


def told_coverage(answer: Answer) -> list[str]:
    """What was searched, and of which outlets nothing is cited."""
    coverage, language = answer.coverage, answer.language
    told = [say("searched", language, articles=coverage.articles, passages=coverage.passages)]
    if coverage.silent:
        between = "؛ " if language == "ar" else "; "
        names = [f"{_ISOLATE}{outlet}{_END}" for outlet in coverage.silent[:_MOST_SILENT]]
        more = [*names, "…"] if len(coverage.silent) > _MOST_SILENT else names
        told.append(say("silent_outlets", language, outlets=between.join(more)))
    return told
