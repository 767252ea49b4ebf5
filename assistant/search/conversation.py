"""What is said in a conversation that is not a question to the articles."""

from collections.abc import Collection
from typing import Literal

from shawahid.assistant.language.lexicon import word_list

Plain = Literal["greeting", "thanks", "about"]


def read_plain(words: Collection[str]) -> Plain | None:
    """What a message is where it asks nothing of the articles: a greeting, thanks, or a question about the library.

    `words` are those of the message, folded.

    It is one where each of its words belongs to that kind; one word that does not makes it a question.
    """
    said = set(words)
    about = word_list("library") | word_list("about_library") | word_list("filling")
    if said <= word_list("greeting") | word_list("filling") and said & word_list("greeting"):
        return "greeting"
    if said <= word_list("thanks") | word_list("filling") and said & word_list("thanks"):
        return "thanks"
    return "about" if said <= about and said & word_list("library") else None
