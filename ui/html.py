"""What every view needs: safe words, the marks of citations, and links that open an article at its words."""

import re
from html import escape
from typing import NamedTuple

from shawahid.assistant.types import Citation, Correction, Language, Sentence
from shawahid.prompts import say

DOT = ' <span class="dot" aria-hidden="true">·</span> '
_DATE = re.compile(r"\d{4}(-\d\d){0,2}")
_VERDICTS = {
    "supported": "verdict_supported",
    "partly": "verdict_partly",
    "not_found": "verdict_not_found",
    "contradicted": "verdict_contradicted",
}


class Place(NamedTuple):
    """Where an answer stands: its conversation, and the turn in it (from 1)."""

    conversation: str
    turn: int

    @property
    def anchor(self) -> str:
        """The part of an address that opens this answer again."""
        return f"c/{self.conversation}/{self.turn}"

    @property
    def id(self) -> str:
        """What the ids of its elements begin with; one conversation is on the page at a time."""
        return f"t{self.turn}"


def tell(name: str, language: Language, **values: object) -> str:
    """A phrase, safe for HTML."""
    return escape(say(name, language, **values))


def direction(language: Language) -> str:
    return "rtl" if language == "ar" else "ltr"


def verdict_name(sentence: Sentence, language: Language) -> str:
    return say(_VERDICTS[sentence.verdict], language)


def facts(*known: str | None) -> str:
    """Facts in a row, each in its own direction; what is not known is left out."""
    return DOT.join(f"<bdi{_kind(fact)}>{escape(fact)}</bdi>" for fact in known if fact)


def _kind(fact: str) -> str:
    """A date is not to be broken at its strokes."""
    return ' class="date"' if _DATE.fullmatch(fact) else ""


def opens(cited: Citation | Correction) -> str:
    """The attributes of a link that opens an article at a span."""
    return (
        f'href="#a/{cited.article}/{cited.start}/{cited.end}" data-article="{cited.article}"'
        f' data-start="{cited.start}" data-end="{cited.end}"'
    )


def cite_link(citation: Citation, place: Place, kind: str, described: str) -> str:
    """A numbered mark that opens its citation."""
    return (
        f'<a class="cite {kind}" href="#{place.anchor}/{citation.number}" data-cite="{citation.number}"'
        f' data-turn="{place.turn}" aria-label="{escape(described)}"'
        f' aria-describedby="{place.id}-peek-{citation.number}">{citation.number}</a>'
    )
