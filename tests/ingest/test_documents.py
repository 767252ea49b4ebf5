"""Articles that are not in files: LlamaIndex's documents, through the same ingest."""

import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from llama_index.core.schema import Document

from shawahid.assistant.assistant import Assistant
from shawahid.ingest.errors import EmbedderMismatch, LibraryBusy
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest, ingest_documents, library_from_documents
from shawahid.ingest.types import IngestReport, Metadata
from shawahid.ingest.writer import writing

from ..conftest import Write

TEXT = "\ufeffThe rebuilt ferry can carry 220 passengers.\r\n\r\n  It sails on Mondays.\u00a0\t\n"
KNOWN = {
    "headline": "The ferry is back",
    "source": "Harbour Post",
    "author": ["Miriam Calder", "Omar Said"],
    "date": date(2024, 3, 15),
    "url": "https://harbourpost.example/ferry",
    "lang": "en",
    "creation_date": "2020-01-01",
    "file_size": 12,
}


def ferry(text: str = TEXT, **metadata: object) -> Document:
    return Document(text=text, doc_id="harbour-7", metadata={**KNOWN, **metadata})


def test_a_document_becomes_an_article_with_its_text_untouched(tmp_path: Path) -> None:
    with library_from_documents([ferry()], tmp_path / "library") as library:
        article = library.find("harbour-7")
        assert article.text == TEXT
        assert article.name == "harbour-7"
        assert article.metadata == Metadata(
            title="The ferry is back",
            outlet="Harbour Post",
            author="Miriam Calder, Omar Said",
            date="2024-03-15",
            url="https://harbourpost.example/ferry",
            language="en",
        )
        assert article.file_sha256 == article.sha256
        assistant = Assistant(library)
        (citation, *_) = assistant.ask("How many passengers can the ferry carry?").citations
        assert TEXT[citation.start : citation.end] == citation.quote
        (node, *_) = assistant.as_query_engine().query("How many passengers can the ferry carry?").source_nodes
        assert node.node.ref_doc_id == "harbour-7"
        assert library.status().embedded == library.status().passages > 0


def test_doing_it_again_changes_nothing_and_a_changed_text_updates(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    library_from_documents([ferry(), Document(text="Sardines cost 45 dirhams.", doc_id="s")], folder).close()
    with library_from_documents([ferry()], folder) as library:
        assert library.status().articles == 2
        source = "document:harbour-7"
        before = library.find("harbour-7")
        assert ingest_documents(library, [ferry()]) == IngestReport(unchanged=(source,))
        assert library.find("harbour-7") == before
        assert ingest_documents(library, [ferry(title="Back again")]).changed == (source,)
        assert library.find("harbour-7").metadata.title == "Back again"
        assert ingest_documents(library, [ferry("The ferry can carry 300 passengers.")]).changed == (source,)
        after = library.find("harbour-7")
        assert (after.id, after.text) == (before.id, "The ferry can carry 300 passengers.")
        assert library.text_of_hash(before.sha256) == TEXT  # kept for old citations
        assert "300" in str(Assistant(library).ask("How many passengers can the ferry carry?").citations)


def test_what_cannot_be_taken_in_is_told_and_the_others_go_on(
    library: Library, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    documents = [
        Document(text=" \n", doc_id="empty"),
        Document(text="half a \ud800 character", doc_id="half"),
        Document(text="x", doc_id="half \ud800 id"),
        ferry(),
        ferry("Another of the same id."),
    ]
    report = ingest_documents(library, documents)
    assert report.added == ("document:harbour-7",)
    reasons = {failure.source: failure.reason for failure in report.failed}
    assert list(reasons) == ["document:empty", "document:half", "document:half ? id", "document:harbour-7"]
    assert "empty" in reasons["document:empty"]
    assert "surrogate" in reasons["document:half"]
    assert "doc_id" in reasons["document:harbour-7"]
    assert library.find("harbour-7").text == TEXT
    with caplog.at_level(logging.WARNING, "shawahid"):
        library_from_documents(documents[:1], tmp_path / "other").close()
    assert "document:empty was not taken in: its text is empty" in caplog.text


def test_a_document_that_turns_bad_keeps_what_it_gave(library: Library) -> None:
    ingest_documents(library, [ferry()])
    assert ingest_documents(library, [ferry(" ")]).failed
    assert library.find("harbour-7").text == TEXT


def test_a_sync_of_a_folder_leaves_documents_alone(library: Library, write: Write) -> None:
    path = write("ferry.txt", "The ferry sails again in May.")
    other = path.with_name("other.txt")
    ingest(library, [path.parent])
    ingest_documents(library, [Document(text="Of the same name.", doc_id=str(other))])
    ingest_documents(library, [Document(text="Of a file's name.", doc_id=str(path))])
    assert library.status().articles == 3
    assert ingest(library, [path.parent], sync=True).removed == ()
    assert library.find(str(other)).text == "Of the same name."
    assert {article.name for article in library.articles()} == {"ferry.txt", str(other), str(path)}


def test_fields_by_other_names_are_mapped(library: Library) -> None:
    document = Document(text="It rains.", doc_id="1", metadata={"paper": "Coast News", "source": "a loader"})
    ingest_documents(library, [document], mapping={"outlet": "paper"})
    assert library.find("document:1").metadata.outlet == "Coast News"


def test_many_documents_are_committed_as_they_come(library: Library) -> None:
    def documents() -> list[Document]:
        return [Document(text=f"Report number {number}.", doc_id=f"r-{number}") for number in range(600)]

    def broken() -> Iterator[Document]:
        yield from documents()
        raise ConnectionError("the loader broke")

    with pytest.raises(ConnectionError):
        ingest_documents(library, broken())
    committed = library.status().articles
    assert committed >= 500
    report = ingest_documents(library, documents())
    assert (len(report.unchanged), len(report.added)) == (committed, 600 - committed)
    assert library.status().embedded == library.status().passages == 600


def test_a_library_is_refused_as_by_open(library: Library, tmp_path: Path) -> None:
    with pytest.raises(EmbedderMismatch):
        library_from_documents([ferry()], library.folder, embedder="openai:other")
    with writing(library), pytest.raises(LibraryBusy):
        library_from_documents([ferry()], library.folder)
