"""Hostile articles by class (tests/attacks/corpus.jsonl), in every place where a reader sees them: nothing is executed,
fetched, escaped or forged. Their authors had not seen the program.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from lxml.html import HtmlElement, document_fromstring
from markdown_it import MarkdownIt
from playwright.sync_api import Browser

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.dossier.dossier import Dossier
from shawahid.assistant.types import Answer, Filters
from shawahid.ingest import uploads
from shawahid.ingest.errors import ShawahidError
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest
from shawahid.ui.api.answer_text import AnswerText
from shawahid.ui.commands.terminal import show_answer, show_article, show_list
from shawahid.ui.dossiers.write import FORMATS
from shawahid.ui.html import Place
from shawahid.ui.page.answer import render_turn
from shawahid.ui.page.article import Opened, render_evidence
from shawahid.ui.page.library import render_particulars, render_rows

from ..conftest import REPOSITORY
from ..doubles.uploading import keep

CORPUS: Final = REPOSITORY / "tests" / "attacks" / "corpus.jsonl"
LEAST_CITED: Final = 0.7  # of the articles; what nobody is shown proves nothing
NEVER_SHOWN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066\u2067]")
NEVER_IN_HTML: Final = "script iframe object embed base meta link style form svg math template".split()
NEVER_IN_MARKDOWN: Final = (
    "script iframe object embed base meta link style form svg math img h1 h2 h3 pre table".split()
)
OURS: Final = re.compile(r"(?:\[\d+\]|Said by|القائل|✓|✗)")


@dataclass(frozen=True, slots=True)
class Attack:
    """A hostile article as it was taken in, and the answer to the question that it answers."""

    id: str
    kind: str
    articles: frozenset[int]
    answer: Answer

    @property
    def cited(self) -> bool:
        shown = (*self.answer.citations, *self.answer.coverage.closest)
        return any(citation.article in self.articles for citation in shown)


@dataclass(frozen=True, slots=True)
class Attacked:
    library: Library
    attacks: tuple[Attack, ...]


def content(line: dict[str, Any]) -> tuple[str, bytes]:
    """An attack as a file to upload. Plain text brings its metadata in a record."""
    if line["kind"] != "txt":
        return f"{line['name']}.{line['kind']}", line["text"].encode("utf-8", "surrogatepass")
    names = ("title", "outlet", "author", "url", "date", "text")
    return f"{line['name']}.json", json.dumps({name: line[name] for name in names if line[name]}).encode()


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    """The corpus taken in as uploads are, and each of its questions asked."""
    lines = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    with Library.open(tmp_path_factory.mktemp("attacked") / "library", create=True) as library:
        places = {}
        for line in lines:
            with suppress(ShawahidError):  # a name or a kind that is not taken
                places[line["id"]] = keep(library, *content(line))
        folder = uploads.uploads_folder(library)
        assert {path.parent for path in places.values()} == {folder}
        ingest(library, [folder])
        sources: dict[str, set[int]] = {}
        for row in library.articles():
            sources.setdefault(row.source.partition("#")[0], set()).add(row.id)
        assistant = Assistant(library)
        yield Attacked(
            library,
            tuple(
                Attack(line["id"], line["class"], frozenset(sources[str(place)]), assistant.ask(line["ask"]))
                for line in lines
                if (place := places.get(line["id"])) and str(place) in sources
            ),
        )


def test_most_attacks_are_shown(attacked: Attacked) -> None:
    assert len(attacked.attacks) >= 150
    assert sum(attack.cited for attack in attacked.attacks) >= LEAST_CITED * len(attacked.attacks)


def test_quotes_are_the_articles_words(attacked: Attacked) -> None:
    for attack in attacked.attacks:
        for citation in attack.answer.citations:
            assert attacked.library.article(citation.article).text[citation.start : citation.end] == citation.quote


def test_the_terminal(attacked: Attacked) -> None:
    for attack in attacked.attacks:
        shown = show_answer(attack.answer)
        assert not NEVER_SHOWN.search(shown.replace("\n", "")), attack.id
        ours = [line for line in shown.splitlines() if OURS.match(line)]
        assert len(ours) <= len(attack.answer.citations), attack.id
        for article in attack.articles:
            assert not NEVER_SHOWN.search(show_article(attacked.library.article(article)).replace("\n", "")), attack.id
    rows = attacked.library.articles()
    assert len(show_list(rows).splitlines()) == len(rows)
    assert not NEVER_SHOWN.search(show_list(rows).replace("\n", ""))


def test_text_that_others_render_as_markdown(attacked: Attacked) -> None:
    markdown = MarkdownIt("gfm-like", {"linkify": False})
    for attack in attacked.attacks:
        sent = str(AnswerText(attack.answer))
        assert not NEVER_SHOWN.search(sent.replace("\n", "")), attack.id
        shown = document_fromstring(f"<div>{markdown.render(sent)}</div>")
        assert not found(shown, NEVER_IN_MARKDOWN), attack.id
        assert not shown.xpath("//a"), attack.id


def test_what_is_sent_to_programs(attacked: Attacked) -> None:
    for attack in attacked.attacks:
        sent = json.dumps(attack.answer.to_json())
        quotes = [citation["quote"] for citation in json.loads(sent)["citations"]]
        assert quotes == [citation.quote for citation in attack.answer.citations], attack.id


@pytest.mark.parametrize("ending", [".md", ".html"])
def test_dossiers(attacked: Attacked, ending: str) -> None:
    markdown = MarkdownIt("gfm-like", {"linkify": False})
    for attack in attacked.attacks:
        made = FORMATS[ending](Dossier(attack.answer, datetime(2026, 1, 1, tzinfo=UTC), "0", Filters()))
        view = made.split("<!-- shawahid-dossier")[0].split('<script type="application/json"')[0]
        assert not NEVER_SHOWN.search(view.replace("\n", "")), attack.id
        shown = document_fromstring(markdown.render(view) if ending == ".md" else made)
        only_ours(shown, attack)
        assert not shown.xpath("//img | //iframe | //object | //embed | //form | //base"), attack.id
        assert len(found(shown, ["script"])) == (ending == ".html"), attack.id  # the data, which is no program
        assert ending == ".md" or made.count("</script") == 1, attack.id


def pieces_of_the_page(attacked: Attacked) -> Iterator[tuple[str, str]]:
    place = Place("c", 1)
    for attack in attacked.attacks:
        answer = attack.answer
        yield attack.id, render_turn(answer.question, answer, place)
        for citation in answer.citations:
            opened = Opened.of(attacked.library.article(citation.article))
            yield attack.id, render_evidence(answer, citation.number, opened, place, answer.language)
        for article in attack.articles:
            yield attack.id, render_particulars(attacked.library.article(article), "ar", curates=True)
    yield "list", render_rows(attacked.library.browse(limit=1000), 0, "ar")


def test_the_page_s_html(attacked: Attacked) -> None:
    by_id = {attack.id: attack for attack in attacked.attacks}
    for id_, piece in pieces_of_the_page(attacked):
        shown = document_fromstring(f"<div>{piece}</div>")
        assert not found(shown, [tag for tag in NEVER_IN_HTML if tag != "form" or id_ == "list"]), id_
        only_ours(shown, by_id.get(id_))


def test_a_browser_does_nothing_that_an_article_wants(attacked: Attacked, browser: Browser) -> None:
    """Without the policy that the server sends, so that the HTML alone has to hold."""
    asked: list[str] = []
    context = browser.new_context()
    try:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: asked.append(f"dialog {dialog.message}"))
        before = page.evaluate("Object.keys(window).length")
        page.set_content(
            "<!DOCTYPE html><meta charset=utf-8>" + "".join(piece for _, piece in pieces_of_the_page(attacked))
        )
        page.wait_for_load_state()
        page.wait_for_timeout(300)
        assert page.evaluate("Object.keys(window).length") == before
        assert page.url == "about:blank"
    finally:
        context.close()
    assert asked == []
    assert not list(Path("/tmp").glob("ATK-*"))  # where they would leave a mark


def found(shown: HtmlElement, tags: list[str]) -> list[str]:
    return [str(element.tag) for element in shown.iter() if element.tag in tags]


def only_ours(shown: HtmlElement, attack: Attack | None) -> None:
    """No attribute that runs something, and no link but to an article's own address on the web."""
    for element in shown.iter():
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on"), (attack and attack.id, name)
            if name in ("href", "src", "action", "formaction", "srcset", "style", "background", "poster", "data"):
                harmless = re.match(r"https?://|#|\./|[a-z]+\?|[\w./-]*$", value)
                assert name in ("href", "action", "src"), (attack and attack.id, name, value)
                assert harmless, (attack and attack.id, name, value)
