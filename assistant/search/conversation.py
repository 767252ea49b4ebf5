"""What is said in a conversation that is not a question to the articles."""

import re
from collections.abc import Sequence
from typing import Final, Literal

from shawahid.assistant.language.lexicon import word_list

_YOU_HAVE = r"(?:عندك|لديك|عندكم|لديكم|معك)"
_HOLDS: Final = re.compile(  # what is asked of whoever keeps the articles names no library
    r"what (?:else )?(?:do you have|have you got)(?: here| in here| in store)?"
    r"|(?:what|which) (?:dates|period|days|years|time|topics|subjects) do you (?:cover|have|hold|know)(?: about)?"
    rf"|(?:ماذا|ما الذي|ما|شو|ايش|وش|ايه|شنو) (?:في |يوجد )?{_YOU_HAVE}(?: هنا| من اخبار)?"
    rf"|(?:ما|ايش|شو|وش|ايه) (?:هي )?(?:ال)?(?:مواضيع|موضوعات|تواريخ|فتره|مده) (?:ال)?(?:زمنيه )?(?:التي |اللي |يلي )?"
    rf"(?:{_YOU_HAVE}|تغطيها|تغطونها)"
)

Plain = Literal["greeting", "thanks", "about"]


def read_plain(words: Sequence[str]) -> Plain | None:
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
    if _HOLDS.fullmatch(" ".join(words)):
        return "about"
    return "about" if said <= about and said & word_list("library") else None
