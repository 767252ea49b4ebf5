"""Corrections: which article corrects which, in whichever order they come, and what an answer says of it.

All articles in tests/corrections are invented. pairs.jsonl holds pairs of an article and a later one, with what the
later does to it, or, for the look-alikes, nothing; others.jsonl what else is in the library, so that the right one must
be told from its neighbours; wordings.jsonl ways to announce a correction of one article ("{older}" is its text).
"""

import json
import sqlite3
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.llamaindex import as_text
from shawahid.assistant.settings import Settings
from shawahid.assistant.types import Answer, Correction
from shawahid.ingest.check import check
from shawahid.ingest.kin.corrections import Known, find_links
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest, remove
from shawahid.ingest.store import catalogue
from shawahid.ingest.types import LIBRARY_FILE, Article, Extracted, Metadata
from shawahid.ingest.writer import writing
from shawahid.prompts import say
from shawahid.ui.commands.terminal import show_answer
from shawahid.ui.html import Place
from shawahid.ui.page.answer import render_turn

from ..conftest import DEMO, TO_FORMAT_2, Write
from ..doubles.fake_openai import Reply, fake_openai

Row = dict[str, Any]
Links = dict[str, list[tuple[str, str, str]]]
"""Each corrected article with what corrects it, how, and in which words."""


def rows(name: str) -> list[Row]:
    lines = (Path(__file__).parents[1] / "corrections" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


PAIRS = {row["name"]: row for row in rows("pairs")}
TRUE = {name: row for name, row in PAIRS.items() if "kind" in row}
LOOK_ALIKES = {name: row for name, row in PAIRS.items() if "kind" not in row}
OLDER = {f"{name}.older": row["older"] for name, row in PAIRS.items()}
NEWER = {f"{name}.newer": row["newer"] for name, row in PAIRS.items()}
OTHERS = {row.pop("name"): row for row in rows("others")}
ARTICLES: dict[str, Row] = {**OLDER, **OTHERS, **NEWER}
LINKS = {f"{name}.older": (f"{name}.newer", row["kind"], row["says"]) for name, row in TRUE.items()} | {
    "cheese": ("en_column_of_corrections.newer", "correction", "it was 30")  # one column corrects two articles
}
ORDERS: dict[str, list[list[str]]] = {
    "older first": [[*OLDER, *OTHERS], list(NEWER)],
    "newer first": [list(NEWER), [*OTHERS, *OLDER]],
    "all at once": [list(ARTICLES)],
    "one by one, backwards": [[name] for name in reversed(ARTICLES)],
}


def write_articles(folder: Path, names: Iterable[str]) -> list[Path]:
    """One file an article, as their outlets' archives would hold them."""
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{name}.json" for name in names]
    for path in paths:
        path.write_text(json.dumps(ARTICLES[path.stem], ensure_ascii=False), encoding="utf-8")
    return paths


def links_of(library: Library) -> Links:
    names = {row.id: Path(row.name).stem for row in library.articles()}
    return {
        names[id_]: [(names[c.article.id], c.kind, c.article.text[c.span.start : c.span.end]) for c in corrections]
        for id_, corrections in library.corrections_of(list(names)).items()
    }


@pytest.fixture(scope="module", params=ORDERS)
def linked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Links:
    """What was linked in one order of ingest."""
    folder = tmp_path_factory.mktemp("ordered")
    with Library.open(folder / "library", create=True) as library:
        for batch in ORDERS[request.param]:
            assert len(ingest(library, write_articles(folder / "articles", batch)).added) == len(batch)
        assert check(library) == []
        return links_of(library)


def test_there_is_enough_of_each() -> None:
    for some in (TRUE, LOOK_ALIKES):
        assert len(some) >= 12
        assert min(sum(name.startswith(language) for name in some) for language in ("ar", "en")) >= 6


@pytest.mark.parametrize("name", LINKS)
def test_what_corrects_an_article_is_linked_with_its_words(linked: Links, name: str) -> None:
    by, kind, says = LINKS[name]
    ((found, how, words),) = linked.get(name, [("nothing", "", "")])
    assert (found, how) == (by, kind)
    assert says in words


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_what_only_sounds_like_a_correction_is_none(linked: Links, name: str) -> None:
    assert f"{name}.older" not in linked
    assert f"{name}.newer" not in {by for by, _, _ in chain.from_iterable(linked.values())}


def test_nothing_else_is_linked(linked: Links) -> None:
    assert set(linked) == set(LINKS)


def known(id_: int, row: Row) -> Known:
    metadata = Metadata(**{name: row.get(name) for name in ("title", "outlet", "date", "url")})
    return Known(Article(id_, id_, str(id_), str(id_), row["text"], "", metadata, (), (), None, "", ""))


@pytest.mark.parametrize("row", rows("wordings"), ids=lambda row: str(row["name"]))
def test_wordings_of_a_correction(row: Row) -> None:
    older = known(1, row["older"])
    newer = known(2, {**row["newer"], "text": row["newer"]["text"].replace("{older}", row["older"]["text"])})
    called = older.called()
    assert sum(called[key] for key in called.keys() & newer.calls().keys()) >= 2  # so that it is looked at at all
    ((link),) = find_links(newer, [older])
    assert link.kind == row["kind"]
    assert find_links(older, [newer]) == []


# What comes, changes and goes

CORRECTION = "تصحيح: ورد في خبرنا «بلدية الزهراء تفتتح حديقة النهر» أن مساحتها تسعة آلاف متر. والصحيح سبعة آلاف."
TITLE = "بلدية الزهراء تفتتح حديقة النهر"
PARK = "افتتحت بلدية الزهراء حديقة النهر يوم السبت، ومساحتها تسعة آلاف متر مربع."

Put = Callable[..., None]


@pytest.fixture
def put(library: Library, write: Write) -> Put:
    """Ingest one article of an outlet."""

    def put_one(name: str, text: str, title: str, outlet: str = "صحيفة النهر", date: str = "2024-01-01") -> None:
        head = {"title": title, "outlet": outlet, "date": date}
        ingest(library, [write(f"{name}.json", json.dumps({**head, "text": text}))])

    return put_one


def test_a_link_follows_what_becomes_of_both_articles(library: Library, put: Put) -> None:
    def linked() -> bool:
        return [by for by, _, _ in links_of(library).get("park", [])] == ["note"]

    put("note", CORRECTION, "تصحيح")
    put("park", PARK, TITLE)
    assert linked()
    put("park", PARK + " ودخولها مجاني.", TITLE)
    assert linked()
    put("park", PARK, "حديقة جديدة")
    assert not linked()
    put("park", PARK, TITLE)
    assert linked()
    put("note", "نعتذر عن تأخر صدور العدد.", "إلى القراء")
    assert not linked()
    put("note", CORRECTION, "تصحيح")
    assert linked()
    with writing(library) as writer:
        writer.edit(library.find("park.json").id, {"outlet": "صحيفة أخرى"})
    assert not linked()
    with writing(library) as writer:
        writer.edit(library.find("park.json").id, {"outlet": ""})
    assert linked()
    remove(library, [library.find("park.json").id])
    assert links_of(library) == {}
    put("park", PARK, TITLE)
    assert linked()
    remove(library, [library.find("note.json").id])
    assert links_of(library) == {}
    assert check(library) == []


def test_a_better_match_takes_the_place_of_a_worse_one(library: Library, put: Put) -> None:
    put("worse", "حديقة أخرى.", "بلدية الزهراء تفتتح حديقة النهر قريبا")
    put("note", CORRECTION, "تصحيح")
    assert set(links_of(library)) == {"worse"}
    put("park", PARK, TITLE)
    assert set(links_of(library)) == {"park"}
    remove(library, [library.find("park.json").id])
    assert set(links_of(library)) == {"worse"}


def test_what_corrects_a_text_corrects_its_copies(library: Library, put: Put) -> None:
    put("copy", PARK, "حديقة في الزهراء", "بوابة الخبر")
    put("park", PARK, TITLE)
    put("note", CORRECTION, "تصحيح")
    put("note_again", CORRECTION, "تصحيح")
    links = links_of(library)
    assert set(links) == {"copy", "park"}
    assert [by for by, _, _ in links["copy"]] == ["note"]  # the same words are told once


def test_a_title_that_many_articles_have_tells_none(library: Library, put: Put) -> None:
    for number in range(4):
        put(f"park{number}", f"{PARK} {number}", TITLE)
    put("note", CORRECTION, "تصحيح")
    assert links_of(library) == {}


def test_each_update_links_to_all_that_it_updates(library: Library, put: Put) -> None:
    text = "\n".join(f"{PARK} وهذا السطر {number} من الخبر نفسه." for number in "أ ب ج".split())
    put("first", text, TITLE, date="2024-01-01")
    put("third", text + "\nوأغلقت الحديقة.", f"تحديث 2: {TITLE}", date="2024-01-03")
    put("second", text + "\nوازدحمت الحديقة.", f"تحديث: {TITLE}", date="2024-01-02")
    links = links_of(library)
    assert sorted(by for by, _, _ in links["first"]) == ["second", "third"]
    assert [by for by, _, _ in links["second"]] == ["third"]
    assert set(links) == {"first", "second"}


def test_a_writer_killed_before_it_linked_is_healed(library: Library, write: Write, put: Put) -> None:
    put("park", PARK, TITLE)
    with writing(library) as writer, library.view.database.writing() as db:
        note = Extracted("note", "note", CORRECTION, Metadata("تصحيح", "صحيفة النهر"), "text")
        writer.put(note, catalogue.put_file(db, "note", "0", "", False))
    assert links_of(library) == {}
    with writing(library):
        pass
    assert set(links_of(library)) == {"park"}


def test_a_correction_whose_text_just_changed_is_not_quoted_by_its_old_places(library: Library, put: Put) -> None:
    put("park", PARK, TITLE)
    put("note", CORRECTION, "تصحيح")
    with writing(library) as writer, library.view.database.writing() as db:
        source = library.find("note.json").source
        note = Extracted(source, "note.json", "قصير", Metadata("تصحيح", "صحيفة النهر"), "text")
        writer.put(note, catalogue.put_file(db, source, "0", "", False))
    assert library.corrections_of([library.find("park.json").id]) == {}
    assert not any("outside its text" in problem for problem in check(library))


def test_check_finds_words_that_lie_outside_their_text(library: Library, put: Put) -> None:
    put("park", PARK, TITLE)
    put("note", CORRECTION, "تصحيح")
    with library.view.database.writing() as db:
        db.execute('UPDATE corrections SET "end" = 9999')
    (problem,) = check(library)
    assert "outside its text" in problem


def test_an_older_library_gets_its_links_when_it_is_next_written_to(demo_copy: Path) -> None:
    with sqlite3.connect(demo_copy / LIBRARY_FILE) as db:
        db.executescript(f"{TO_FORMAT_2} UPDATE meta SET value = '2' WHERE key = 'format'")
    db.close()
    with Library.open(demo_copy) as library:
        assert links_of(library) == {}
        ingest(library, [DEMO])
        assert set(links_of(library)) == {"01-council-decision"}


# What an answer says of it

COST = "كم تبلغ كلفة السوق الجديد في النورس؟"
MARKET = "01-council-decision.md"
RIGHT = "والصحيح أن الخطة المعتمدة تنص على 104 محلات مبردة"


def corrections_told(answer: Answer) -> list[Correction]:
    """What corrects the citations of the article that was corrected; no other citation has any."""
    assert all(bool(citation.corrections) == (citation.source == MARKET) for citation in answer.citations)
    return [correction for citation in answer.citations for correction in citation.corrections]


@pytest.mark.parametrize("question", [COST, "How much does the new market in Nawras cost?"])
def test_an_answer_that_cites_the_older_text_says_that_it_was_corrected_and_how(demo: Assistant, question: str) -> None:
    answer = demo.ask(question, filters=demo.filters(articles=[MARKET]))
    correction = corrections_told(answer)[0]
    by = demo.library.article(correction.article)
    assert by.name == "07-correction.md"
    assert (correction.kind, correction.title, correction.outlet, correction.date, correction.sha256) == (
        ("correction", by.metadata.title, by.metadata.outlet, by.metadata.date, by.sha256)
    )
    assert by.text[correction.start : correction.end] == correction.quote
    assert "140" in correction.quote
    assert RIGHT in correction.quote
    told = say("was_corrected", answer.language, words="").strip()
    shown = " ".join(show_answer(answer).split())
    assert shown.count(told) == 1
    assert RIGHT in shown.partition(told)[2]
    html = render_turn(question, answer, Place("", 1))
    assert html.count(told) == 1
    assert f'href="#a/{by.id}/{correction.start}/{correction.end}"' in html
    assert told in as_text(answer)
    json_told = [one for citation in answer.to_json()["citations"] for one in citation["corrections"]]
    assert json_told[0]["quote"] == correction.quote


def test_what_came_closest_tells_of_its_corrections_too(demo: Assistant) -> None:
    answer = demo.ask("كم محلا في سوق الذهب في القاهرة؟", filters=demo.filters(articles=[MARKET]))
    assert answer.status == "abstained"
    assert answer.coverage.closest
    assert all(citation.corrections for citation in answer.coverage.closest)


def test_a_model_s_sentence_has_the_corrections_of_what_it_cites(
    demo_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = {
        "text": "تبلغ كلفة السوق الجديد 18 مليون درهم.",
        "evidence": [{"passage": 1, "words": "وأن كلفته تبلغ 18 مليون درهم"}],
    }
    with fake_openai() as server, Library.open(demo_folder) as library:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        server.answer = lambda request: Reply(json.dumps({"sentences": [written]}))
        answer = Assistant(library, Settings(demo_folder, model="test-model", model_timeout=5.0)).ask(COST)
    assert answer.mode == "composed"
    assert [correction.kind for correction in answer.citation(answer.sentences[0].citations[0]).corrections] == [
        "correction"
    ]
    assert corrections_told(answer)


@pytest.mark.parametrize(
    ("words", "phrase"), [("تسحب صحيفة النهر خبرها", "was_retracted"), ("تحديث لخبرنا", "was_updated")]
)
def test_retractions_and_updates_are_called_so(library: Library, put: Put, words: str, phrase: str) -> None:
    put("park", PARK, TITLE)
    put("note", f"{words} «{TITLE}» <b>بعد</b> شكوى من البلدية.", "إلى القراء")
    answer = Assistant(library).ask("متى افتتحت بلدية الزهراء حديقة النهر؟")
    (citation,) = [citation for citation in answer.citations if citation.source == "park.json"]
    assert [correction.phrase for correction in citation.corrections] == [phrase]
    assert say(phrase, "ar", words="").strip() in show_answer(answer)
    html = render_turn("?", answer, Place("", 1))
    assert "&lt;b&gt;بعد&lt;/b&gt;" in html
    assert "<b>" not in html
