"""HTML pages to article text by trafilatura, with only the metadata that the page states outright."""

import json
from collections.abc import Iterator
from typing import Any

import trafilatura
from lxml import html as lxml_html

from shawahid.ingest.errors import DocumentUnreadable
from shawahid.ingest.types import Body, Metadata

from .dates import read_date

_OUTLET = ("og:site_name", "article:publisher_name", "publisher", "dc.publisher")
_TITLE = ("og:title", "twitter:title", "dc.title")
_AUTHOR = ("author", "article:author_name", "dc.creator", "byl")
_DATE = (
    "article:published_time",
    "datepublished",
    "pubdate",
    "publishdate",
    "dc.date",
    "dc.date.issued",
    "date",
    "parsely-pub-date",
)
_ARTICLE_TYPES = {
    "NewsArticle",
    "Article",
    "ReportageNewsArticle",
    "BlogPosting",
    "AnalysisNewsArticle",
    "OpinionNewsArticle",
}


def read_html(page: str) -> Body:
    """The article of a page.

    trafilatura would also guess a date from any year in the page, and an outlet from its address; here only what the
    page's own metadata states is taken, because a guess that looks like a fact is worse than "not known".
    """
    if not page.strip():
        raise DocumentUnreadable(reason="the file is empty: there is nothing to ask about")
    try:
        # lxml refuses text with an XML encoding declaration, which decoding has made untrue anyway.
        tree = lxml_html.document_fromstring(page.encode("utf-8"), parser=lxml_html.HTMLParser(encoding="utf-8"))
    except (ValueError, lxml_html.etree.ParserError) as error:
        raise DocumentUnreadable(reason="it is not an HTML page") from error
    metadata = _metadata(tree)
    document = trafilatura.bare_extraction(tree, include_comments=False, with_metadata=False)
    text = getattr(document, "text", None) or ""
    if not text.strip():
        raise DocumentUnreadable(
            reason="no article text was found in the page: it may build itself by script, or be a list of links"
        )
    return Body(text, metadata, f"trafilatura {trafilatura.__version__}")


def _metadata(tree: Any) -> Metadata:
    stated: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or (meta.get("itemprop") if _is_of_the_page(meta) else None)
        if name and meta.get("content", "").strip():
            stated.setdefault(name.lower(), meta.get("content").strip())
    linked = next(_linked_articles(tree), {})
    date = _first(stated, _DATE) or _text(linked.get("datePublished")) or _time_element(tree)
    return Metadata(
        title=_first(stated, _TITLE)
        or _text(linked.get("headline"))
        or _only_heading(tree)
        or _text(tree.findtext(".//title")),
        outlet=_first(stated, _OUTLET) or _text(linked.get("publisher")),
        author=_first(stated, _AUTHOR) or _text(linked.get("author")),
        date=read_date(date) if date else None,
        url=_canonical(tree) or stated.get("og:url"),
        language=tree.get("lang") or None,
    )


def _is_of_the_page(element: Any) -> bool:
    """Not of a card beside the article, nor of a comment: at most one item is described around it."""
    around = list(element.iterancestors())
    return (
        not any(other.tag == "aside" for other in around) and sum(o.get("itemscope") is not None for o in around) <= 1
    )


def _first(stated: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((stated[name] for name in names if name in stated), None)


def _linked_articles(tree: Any) -> Iterator[dict[str, Any]]:
    """The articles that a page describes in JSON-LD."""
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        try:
            described = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        items = described if isinstance(described, list) else [described]
        items = [inner for item in items if isinstance(item, dict) for inner in [item, *_graph(item)]]
        yield from (item for item in items if isinstance(item, dict) and _is_article(item.get("@type")))


def _is_article(kind: object) -> bool:
    kinds = kind if isinstance(kind, list) else [kind]
    return any(isinstance(one, str) and one in _ARTICLE_TYPES for one in kinds)


def _graph(item: dict[str, Any]) -> list[Any]:
    graph = item.get("@graph")
    return graph if isinstance(graph, list) else []


def _text(value: object) -> str | None:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_text, value))) or None
    if isinstance(value, dict):
        return _text(value.get("name"))
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _time_element(tree: Any) -> str | None:
    """A <time> that says of itself that it is the date of publication."""
    for element in tree.iter("time"):
        if element.get("datetime") and (
            element.get("pubdate") is not None or element.get("itemprop") == "datePublished"
        ):
            return str(element.get("datetime"))
    return None


def _only_heading(tree: Any) -> str | None:
    """The one main heading, where the page's own title holds it too: otherwise it may be the site's name."""
    headings = list(tree.iter("h1"))
    heading = _text(headings[0].text_content()) if len(headings) == 1 else None
    return heading if heading and heading in (_text(tree.findtext(".//title")) or heading) else None


def _canonical(tree: Any) -> str | None:
    link = next(tree.iterfind(".//link[@rel='canonical']"), None)
    return link.get("href") if link is not None else None
