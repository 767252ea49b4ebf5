"""What is asked, whichever protocol it came by."""

from collections.abc import Collection, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.events import Event
from shawahid.assistant.settings import Strictness
from shawahid.assistant.types import Answer, ConstraintKind, Filters, Language


@dataclass(frozen=True, slots=True)
class Wish:
    """A question, the earlier ones of its conversation (oldest first), the articles it may be answered from, and what
    becomes of sentences that are not fully supported (None: what the settings say). `language` is the reader's, for a
    question without letters; `today`, `unconstrained` and `joined` are those of `Assistant.ask`."""

    question: str
    history: Sequence[str] = ()
    filters: Filters = field(default_factory=Filters)
    strictness: Strictness | None = None
    language: Language = "en"
    today: date | None = None
    unconstrained: Collection[ConstraintKind] = ()
    joined: bool | None = None

    def answer(self, assistant: Assistant) -> Answer:
        """`Assistant.ask`. Raises what that does."""
        return assistant.ask(
            self.question,
            history=self.history,
            filters=self.filters,
            strictness=self.strictness,
            language=self.language,
            today=self.today,
            unconstrained=self.unconstrained,
            joined=self.joined,
        )

    def stream(self, assistant: Assistant) -> Generator[Event, None, None]:
        """`Assistant.stream`. Raises what that does."""
        return assistant.stream(
            self.question,
            history=self.history,
            filters=self.filters,
            strictness=self.strictness,
            language=self.language,
            today=self.today,
            unconstrained=self.unconstrained,
            joined=self.joined,
        )


def read_wish(
    assistant: Assistant,
    question: str,
    history: Sequence[str] = (),
    *,
    outlets: Iterable[str] = (),
    since: str | None = None,
    until: str | None = None,
    articles: Iterable[str | int] = (),
    strictness: Strictness | None = None,
    today: date | None = None,
    unconstrained: Collection[ConstraintKind] = (),
    joined: bool | None = None,
) -> Wish:
    """A wish from what a client gave. It reads the library. Raises what `Assistant.filters` does."""
    filters = assistant.filters(outlets, since, until, articles)
    return Wish(question, history, filters, strictness, today=today, unconstrained=unconstrained, joined=joined)
