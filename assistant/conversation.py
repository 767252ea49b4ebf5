"""What is said in a conversation that is not a question to the articles, and follow-ups made to stand alone."""

from collections.abc import Sequence
from typing import Literal

from ingest.types import LibraryOverview
from ingest.words import STOP_WORDS, words
from prompts import render, say

from .lexicon import word_list
from .model import ChatModel
from .names import Words, names
from .tokens import tokenize
from .types import Language

Plain = Literal["greeting", "thanks", "about"]
_LEANING = STOP_WORDS | word_list("pointing")
_NEW = 0.3  # of the words of a rewritten question, and no name or number among them


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


def answer_plain(kind: Plain, overview: LibraryOverview, language: Language) -> str:
    """The plain answer. About the library: how many articles, of which outlets, from when, their titles."""
    if kind != "about":
        return say(kind, language)
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


def stand_alone(model: ChatModel, question: str, earlier: Sequence[str]) -> str | None:
    """A follow-up in words that need no others, by the model; None where what it wrote brings in anything new.

    Raises ModelFailed.
    """
    prompt = render("standalone", earlier="\n".join(earlier), question=question)
    written = " ".join(model.complete([{"role": "user", "content": prompt}]).split()).strip("\"'«»“” ")
    given = Words(tokenize("\n".join((*earlier, question))))
    told = [token for token in tokenize(written) if token.word not in STOP_WORDS]
    new = [token for token in told if not given.has(token)]
    kept = Words(told)
    if not all(kept.has(token) for token in tokenize(question) if token.word not in _LEANING):
        return None  # it asks something else
    if not told or len(new) > _NEW * len(told) or len(written) > 2 * len(question) + sum(map(len, earlier)):
        return None
    return None if any(token.word[0].isdigit() for token in new) or {*names(tokenize(written))} & {*new} else written
