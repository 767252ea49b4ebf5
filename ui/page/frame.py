"""The frame of the page as safe HTML: masthead, first screen, conversations, filters. Pure functions."""

import json
from collections.abc import Sequence
from html import escape

from shawahid.assistant.settings import STRICTNESSES, Strictness
from shawahid.assistant.types import Language
from shawahid.ingest.types import LibraryStatus
from shawahid.ingest.uploads import MAX_BYTES_TOGETHER
from shawahid.prompts import say
from shawahid.ui.html import tell
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
    "new_name",
    "sending",
    "too_large",
    "filter_only_article",
    "filter_take_away",
)
_STRICTNESS_NAMES: dict[Strictness, str] = {
    "strict": "strictness_strict",
    "balanced": "strictness_balanced",
    "lenient": "strictness_lenient",
}


def render_masthead(status: LibraryStatus, language: Language) -> str:
    """The page's name, the way to its two rooms and to the other language, and what its scripts say."""
    other, label = ("en", "English") if language == "ar" else ("ar", "العربية")
    said = escape(json.dumps({name: say(name, language) for name in _SCRIPT_PHRASES}, ensure_ascii=False))
    return (
        f'<header class="masthead" data-phrases="{said}" data-most-bytes="{MAX_BYTES_TOGETHER}">'
        f'<a class="skip" href="#ask">{tell("skip_to_question", language)}</a>'
        f'<button type="button" class="rail-toggle" aria-controls="rail" aria-expanded="false"'
        f' aria-label="{tell("conversations", language)}">☰</button>'
        f'<h1>{tell("page_title", language)}</h1><p class="tagline">{tell("tagline", language)}</p>'
        f'<nav aria-label="{tell("rooms", language)}">'
        f'<a href="#ask" data-room="ask">{tell("room_ask", language)}</a>'
        f'<a href="#library" data-room="library">{tell("room_library", language)}</a></nav>'
        f'<p class="holdings" id="holdings">{render_holdings(status, language)}</p>'
        f'<a class="language" href="?lang={other}" hreflang="{other}" lang="{other}">{label}</a></header>'
    )


def render_holdings(status: LibraryStatus, language: Language) -> str:
    """What the library holds, and quietly how far it is embedded."""
    if not status.articles:
        return tell("no_articles_short", language)
    line = tell("library_line", language, articles=status.articles, outlets=len(status.outlets))
    if status.embedded >= status.passages:
        return line
    share = int(100 * status.embedded / status.passages)
    return f'{line} <span class="embedding" data-pending="1">{tell("embedding_short", language, share=share)}</span>'


def render_first(status: LibraryStatus, language: Language, *, curates: bool) -> str:
    """What stands in the chat before the first question. `curates`: whether the reader may add articles."""
    if not status.articles and not curates:
        return f'<div class="first empty"><h2>{tell("first_empty_ask", language)}</h2></div>'
    if not status.articles:
        return (
            f'<div class="first empty"><h2>{tell("first_empty", language)}</h2>'
            f"<p>{tell('first_empty_more', language)}</p>{render_drop('first-files', language)}"
            f'<p class="or">{tell("or_demo", language)} '
            f'<button type="button" class="demo">{tell("take_demo", language)}</button></p></div>'
        )
    return (
        f'<div class="first"><h2>{tell("first_title", language)}</h2><p>{tell("welcome", language)}</p>'
        '<div class="suggestions"></div></div>'
    )


def render_suggestions(questions: Sequence[str], language: Language) -> str:
    """Some questions that the library can answer; finding them takes longer than showing the page."""
    if not questions:
        return ""
    items = "".join(
        f'<li><button type="button" class="suggested" dir="auto">{escape(one)}</button></li>' for one in questions
    )
    return f'<h3 class="small">{tell("suggested", language)}</h3><ul>{items}</ul>'


def render_drop(id_: str, language: Language) -> str:
    """Where articles are dropped, or chosen."""
    return (
        f'<label class="drop" for="{id_}"><span class="big">{tell("drop_here", language)}</span>'
        f'<span class="kinds">{tell("drop_kinds", language)}</span>'
        f'<input type="file" id="{id_}" class="files" multiple></label>'
    )


def render_rail(rows: Sequence[ConversationRow], language: Language, current: str | None = None) -> str:
    """The owner's conversations, the latest first."""
    items = "".join(_conversation(row, language, current) for row in rows)
    return (
        f'<ul class="conversations">{items}</ul>'
        if items
        else f'<p class="none">{tell("no_conversations", language)}</p>'
    )


def render_rail_frame(language: Language, user: str | None) -> str:
    """What stands around the conversations; with a user's name, the way out."""
    label = tell("conversations", language)
    leave = (
        f'<form class="leave" method="post" action="sign-out?lang={language}"><bdi>{escape(user)}</bdi>'
        f'<button type="submit">{tell("sign_out", language)}</button></form>'
        if user
        else ""
    )
    return (
        f'<nav class="rail" aria-label="{label}"><button type="button" class="new">'
        f"{tell('new_conversation', language)}</button>"
        f'<input type="search" class="find" dir="auto" aria-label="{tell("search_conversations", language)}"'
        f' placeholder="{tell("search_conversations", language)}">'
        f'<div class="list"></div>'
        f'<button type="button" class="forget">{tell("forget_all", language)}</button>{leave}</nav>'
    )


def _conversation(row: ConversationRow, language: Language, current: str | None) -> str:
    here = ' aria-current="page"' if row.id == current else ""
    rename, delete = tell("rename", language), tell("delete", language)
    title = escape(row.title)
    return (
        f'<li><a href="#c/{escape(row.id)}"{here} dir="auto">{title}</a>'
        f'<span class="acts"><button type="button" class="rename" data-id="{escape(row.id)}" data-title="{title}"'
        f' aria-label="{rename}: {title}" title="{rename}"></button>'
        f'<button type="button" class="delete" data-id="{escape(row.id)}" aria-label="{delete}: {title}"'
        f' title="{delete}"></button></span></li>'
    )


def render_filters(
    outlets: Sequence[tuple[str, int]], language: Language, model: tuple[str, str] | None, strictness: Strictness
) -> str:
    """What narrows the next question: outlets, dates, how strict to be; and the host that text goes to, if any.

    `model` is its name and its host; without one there is nothing to be strict with.
    """
    dates = "".join(
        f'<label>{tell(name, language)} <input type="date" name="{field}"></label>'
        for field, name in (("since", "filter_since"), ("until", "filter_until"))
    )
    goes_to = f'<p class="model">{tell("model_line", language, model=model[0], host=model[1])}</p>' if model else ""
    return (
        f'<div class="asking-with"><details class="filters"><summary>{tell("filters", language)}</summary>'
        f'<form class="narrow"><fieldset><legend>{tell("filter_outlets", language)}</legend>'
        f"{render_outlets(outlets, language)}</fieldset>"
        f"<fieldset><legend>{tell('filter_dates', language)}</legend>{dates}</fieldset>"
        f"{_strictness(strictness, language) if model else ''}"
        f'<button type="reset">{tell("filters_clear", language)}</button></form></details>'
        f'<ul class="chips" aria-label="{tell("filters_on", language)}"></ul>{goes_to}</div>'
    )


def render_outlets(outlets: Sequence[tuple[str, int]], language: Language) -> str:
    """The outlets to choose from, each with how many articles it has."""
    boxes = "".join(
        f'<label><input type="checkbox" name="outlet" value="{escape(name)}"> <bdi>{escape(name)}</bdi>'
        f' <span class="count">{count}</span></label>'
        for name, count in outlets
    )
    return f'<div class="boxes">{boxes or tell("no_outlets", language)}</div>'


def _strictness(chosen: Strictness, language: Language) -> str:
    options = "".join(
        f'<label><input type="radio" name="strictness" value="{one}"{" checked" if one == chosen else ""}>'
        f" {tell(_STRICTNESS_NAMES[one], language)}</label>"
        for one in STRICTNESSES
    )
    return f"<fieldset><legend>{tell('filter_strictness', language)}</legend>{options}</fieldset>"
