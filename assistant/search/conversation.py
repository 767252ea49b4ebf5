"""What is said in a conversation that is not a question to the articles."""

from collections.abc import Sequence
from typing import Literal

from shawahid.assistant.language.lexicon import word_list
from shawahid.assistant.types import Language
from shawahid.ingest.library import Library
from shawahid.ingest.text.words import words
from shawahid.prompts import say

Plain = Literal["greeting", "thanks", "about"]


def read_plain(text: str) -> Plain | None:
    """What a message is where it asks nothing of the articles: a greeting, thanks, or a question about the library.

    It is one where each of its words belongs to that kind; one word that does not makes it a question.
    """
    said = set(words(text))
    about = word_list("library") | word_list("about_library") | word_list("filling")
    if said <= word_list("greeting") | word_list("filling") and said & word_list("greeting"):
        return "greeting"
    if said <= word_list("thanks") | word_list("filling") and said & word_list("thanks"):
        return "thanks"
    return "about" if said <= about and said & word_list("library") else None


def answer_plain(kind: Plain, library: Library, language: Language) -> str:
    """The plain answer. About the library: how many articles, of which outlets, from when, their titles."""
    if kind != "about":
        return say(kind, language)
    overview = library.overview()
    if not overview.articles:
        return say("no_articles", language)
    parts = [say("about_articles", language, articles=overview.articles)]
    if overview.outlets:
        parts.append(say("about_outlets", language, outlets=_joined(overview.outlets, language)))
    if overview.first and overview.last:
        parts.append(say("about_dates", language, first=overview.first, last=overview.last))
    if overview.undated:
        parts.append(say("about_undated", language, undated=overview.undated))
    if overview.titles:
        parts.append(say("about_titles", language, titles=_joined(overview.titles, language)))
    return " ".join(parts)


def _joined(items: Sequence[str], language: Language) -> str:
    return ("؛ " if language == "ar" else "; ").join(items)
