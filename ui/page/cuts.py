"""Which of an answer's quotes begin or end inside a sentence of their articles, so that a reader is shown "…" there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from shawahid.assistant.types import Answer, Citation, Correction
from shawahid.ingest.text.sentences import goes_on_after, goes_on_before
from shawahid.ui.told import cut_classes

_Quote = Citation | Correction


@dataclass(frozen=True, slots=True)
class Cuts:
    """The quotes that are cut, as (SHA-256 of the text, offset): `before` by where they start, `after` by their end."""

    before: frozenset[tuple[str, int]] = frozenset()
    after: frozenset[tuple[str, int]] = frozenset()

    def of(self, quote: _Quote) -> str:
        """The classes of the element around a quote."""
        return cut_classes((quote.sha256, quote.start) in self.before, (quote.sha256, quote.end) in self.after)


def find_cuts(answer: Answer, text_of_hash: Callable[[str], str | None]) -> Cuts:
    """The quotes of an answer that are cut; of a text that is nowhere any more, nothing is known."""
    quotes = list(_quotes(answer))
    texts = {sha256: text_of_hash(sha256) for sha256 in {quote.sha256 for quote in quotes}}
    known = [(quote, text) for quote in quotes if (text := texts[quote.sha256]) is not None]
    return Cuts(
        frozenset((quote.sha256, quote.start) for quote, text in known if goes_on_before(text, quote.start)),
        frozenset((quote.sha256, quote.end) for quote, text in known if goes_on_after(text, quote.end)),
    )


def _quotes(answer: Answer) -> Iterable[_Quote]:
    for citation in (*answer.citations, *answer.beside):
        yield citation
        yield from citation.corrections
