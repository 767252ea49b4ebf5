"""The HTML of the page's frame: masthead, first screen, conversations, filters. Pure functions."""

import json
from collections.abc import Sequence

from shawahid.assistant.settings import STRICTNESSES, Strictness
from shawahid.assistant.types import Language
from shawahid.ingest.types import ArticleRow, LibraryStatus
from shawahid.ingest.uploads import MAX_BYTES_TOGETHER
from shawahid.prompts import say
from shawahid.ui.html import render
from shawahid.ui.questions.conversations import ConversationRow

# What the page's scripts say themselves.
_SCRIPT_PHRASES = (
    "lost_connection",
    "close",
    "copied",
    "copy_failed",
    "unexpected",
    "confirm_remove",
    "confirm_forget",
    "conversation_deleted",
    "undo",
    "link_copied",
    "thumb_thanks",
    "new_conversation",
    "unfold",
    "fold",
    "new_name",
    "sending",
    "too_large",
    "filter_only_article",
    "filter_take_away",
)


def render_masthead(status: LibraryStatus, language: Language) -> str:
    """The page's name, the way to its two rooms and to the other language, and what its scripts say."""
    phrases = json.dumps({name: say(name, language) for name in _SCRIPT_PHRASES}, ensure_ascii=False)
    return render("page/masthead.html", language, status=status, script_phrases=phrases, most_bytes=MAX_BYTES_TOGETHER)


def render_holdings(status: LibraryStatus, language: Language) -> str:
    """What the library holds, and how far it is embedded."""
    return render("page/holdings.html", language, status=status)


def render_first(
    status: LibraryStatus, newest: Sequence[ArticleRow], network: Sequence[str], language: Language, *, curates: bool
) -> str:
    """What stands in the chat before the first question: the newest articles while questions are looked for, and what
    `network` tells of text that leaves the machine. `curates`: whether the reader may add articles."""
    return render("page/first.html", language, status=status, newest=newest, network=network, curates=curates)


def render_suggestions(questions: Sequence[str], language: Language) -> str:
    """Some questions that the library can answer; finding them takes longer than showing the page."""
    return render("page/suggestions.html", language, questions=questions)


def render_rail(rows: Sequence[ConversationRow], language: Language, current: str | None = None) -> str:
    """The owner's conversations, the latest first. `current`: the id of the one that is open."""
    return render("page/rail.html", language, conversations=rows, current=current)


def render_rail_frame(language: Language, user: str | None) -> str:
    """What stands around the conversations; with a user's name, the way to sign out."""
    return render("page/rail_frame.html", language, user=user)


def render_filters(
    outlets: Sequence[tuple[str, int]], language: Language, model: tuple[str, str] | None, strictness: Strictness
) -> str:
    """What narrows the next question: outlets, dates, how strict to be; and the host that text goes to, if any.

    `model` is its name and its host; without one there is nothing to be strict with.
    """
    return render(
        "page/filters.html",
        language,
        outlets=outlets,
        model=model,
        strictness=strictness,
        strictnesses=STRICTNESSES,
    )


def render_outlets(outlets: Sequence[tuple[str, int]], language: Language) -> str:
    """The outlets to choose from, each with how many articles it has."""
    return render("page/outlets.html", language, outlets=outlets)
