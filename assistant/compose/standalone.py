"""Follow-ups put into words that stand alone, by a language model."""

from collections.abc import Sequence
from typing import Final

from shawahid.assistant.language.lexicon import word_list
from shawahid.assistant.language.names import Words, names
from shawahid.assistant.language.tokens import QUOTATION_MARKS, tokenize
from shawahid.ingest.text.words import STOP_WORDS
from shawahid.prompts import render

from .model import ChatModel

_LEANING: Final = STOP_WORDS | word_list("pointing")
_NEW: Final = 0.3  # of the words of a rewritten question, and no name or number among them


def stand_alone(model: ChatModel, question: str, earlier: Sequence[str]) -> str | None:
    """A follow-up in words that need no others, by the model; None where what it wrote brings in anything new.

    Raises ModelFailed.
    """
    prompt = render("standalone", earlier="\n".join(earlier), question=question)
    written = " ".join(model.complete([{"role": "user", "content": prompt}]).split()).strip(f"{QUOTATION_MARKS}' ")
    given = Words(tokenize("\n".join((*earlier, question))))
    told = [token for token in tokenize(written) if token.word not in STOP_WORDS]
    new = [token for token in told if not given.has(token)]
    kept = Words(told)
    if not all(kept.has(token) for token in tokenize(question) if token.word not in _LEANING):
        return None  # it asks something else
    if not told or len(new) > _NEW * len(told) or len(written) > 2 * len(question) + sum(map(len, earlier)):
        return None
    return None if any(token.word[0].isdigit() for token in new) or {*names(tokenize(written))} & {*new} else written
