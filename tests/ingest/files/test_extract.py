"""Every kind of file, with the metadata it states and nothing that it doesn't."""

import json
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import OxmlElement

from shawahid.ingest.files.extract import extract
from shawahid.ingest.files.metadata import read_mapping
from shawahid.ingest.files.sources import walk
from shawahid.ingest.types import Extracted, Failure, Metadata, SourceFile

from ...conftest import DEMO, REPOSITORY, Write

DATA = REPOSITORY / "tests" / "data"
ARABIC = "قرر المجلس البلدي في مدينة النورس نقل سوق السمك القديم من رصيف الميناء."
SECOND = "وقالت رئيسة المجلس إن القرار اتخذ بأغلبية تسعة أصوات مقابل أربعة."


def read(path: Path, **mapping: str) -> list[Extracted | Failure]:
    """All that comes out of a path."""
    found: list[Extracted | Failure] = []
    for file in walk(path):
        found += [file] if isinstance(file, Failure) else list(extract(file, file.read(), mapping))
    return found


def articles(path: Path, **mapping: str) -> list[Extracted]:
    found = read(path, **mapping)
    failures = [item for item in found if isinstance(item, Failure)]
    assert not failures
    return [item for item in found if isinstance(item, Extracted)]


def test_plain_text_is_untouched(write: Write) -> None:
    text = f"\n  {ARABIC} \r\n\u200f\t{SECOND}\n\n"
    (article,) = articles(write("a.txt", b"\xef\xbb\xbf" + text.encode()))
    assert article.text == text
    assert article.metadata == Metadata()


def test_front_matter(write: Write) -> None:
    (article,) = articles(
        write("a.md", f"---\ntitle: عنوان\noutlet: صحيفة\ndate: 2024-03-05\nauthor: [هالة, رنا]\n---\n{ARABIC}\n")
    )
    assert article.text == f"{ARABIC}\n"
    assert article.metadata == Metadata(title="عنوان", outlet="صحيفة", date="2024-03-05", author="هالة, رنا")


def test_a_rule_in_markdown_is_not_front_matter(write: Write) -> None:
    text = f"--- ليس بداية\n{ARABIC}\n---\n"
    assert articles(write("a.md", text))[0].text == text


def test_html_says_what_it_states(write: Write) -> None:
    (article,) = articles(DEMO / "05-hotel-denial-copy.html")
    assert article.metadata.title == "لا فندق على رصيف النورس"
    assert article.metadata.outlet == "بوابة الخليج الأزرق (متخيَّلة)"
    assert article.metadata.date == "2024-03-11"
    assert article.metadata.url == "https://blue-gulf.example/no-hotel"
    assert article.text.startswith("نفى صندوق تنمية السواحل")
    assert "الرئيسية" not in article.text


def test_html_without_metadata_invents_none(write: Write) -> None:
    body = f"<p>{ARABIC} {SECOND} في 3 مايو 2024.</p><p>{SECOND}</p><footer>Copyright 2021</footer>"
    page = f"<html><body>{body}</body></html>"
    (article,) = articles(write("a.html", page))
    assert article.metadata == Metadata()


def test_html_json_ld_and_windows_1256(write: Write) -> None:
    linked = json.dumps(
        {
            "@graph": [
                {
                    "@type": "NewsArticle",
                    "headline": "عنوان",
                    "publisher": {"name": "صحيفة"},
                    "datePublished": "2024-05-03",
                }
            ]
        }
    )
    page = (
        '<html lang="ar"><head><meta charset="windows-1256">'
        f'<script type="application/ld+json">{linked}</script></head>'
        f"<body><article><p>{ARABIC}</p><p>{SECOND}</p></article>"
    )
    (article,) = articles(write("a.html", page.encode("cp1256")))
    assert article.metadata == Metadata(title="عنوان", outlet="صحيفة", date="2024-05-03", language="ar")
    assert ARABIC in article.text


def test_docx_with_a_table(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph(ARABIC)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "السعر", "45 درهما"
    document.add_paragraph(SECOND)
    document.save(str(tmp_path / "a.docx"))
    (article,) = articles(tmp_path / "a.docx")
    assert article.text.split("\n") == [ARABIC, "السعر\t45 درهما", SECOND]


def test_pdf_reads_arabic_in_reading_order_and_knows_pages() -> None:
    (article,) = articles(DATA / "arabic.pdf")
    assert article.metadata.title == "سوق السمك"
    first, second = article.text[: article.pages[1]].strip(), article.text[article.pages[1] :]
    assert first.startswith("قرر المجلس البلدي في مدينة النورس نقل سوق السمك القديم من رصيف الميناء")
    assert first.endswith("وقالت رئيسة المجلس إن السوق الجديد سيضم 104 محلات مبردة.")
    assert second == SECOND


def test_pdf_stored_as_it_looks_is_turned_round() -> None:
    (article,) = articles(DATA / "visual-order.pdf")
    assert "وقالت رئيسة المجلس إن السوق الجديد سيضم" in article.text
    assert "وإن القرار اتخذ بأغلبية تسعة أصوات مقابل أربعة" in article.text


def test_a_scan_is_reported_as_such() -> None:
    (failure,) = read(DATA / "scan.pdf")
    assert isinstance(failure, Failure)
    assert "scan without a text layer" in failure.reason


RECORD = {
    "source": "صحيفة",
    "url": "https://a.example",
    "date_extracted": "2015-08-10 18:52:49",
    "title": "عنوان",
    "author": "",
    "content": ARABIC,
}


@pytest.mark.parametrize(
    ("name", "data", "first"),
    [
        ("a.json", json.dumps([RECORD, RECORD], ensure_ascii=False), "a.json#1"),
        ("a.json", json.dumps({"count": 2, "articles": [RECORD, RECORD]}), "a.json#1"),
        ("a.json", json.dumps(RECORD), "a.json"),
        ("a.jsonl", f"{json.dumps(RECORD)}\n\n{json.dumps(RECORD)}\n", "a.jsonl#1"),
    ],
)
def test_json_records(write: Write, name: str, data: str, first: str) -> None:
    article = articles(write(name, data))[0]
    assert article.name == first
    assert article.text == ARABIC
    assert article.metadata.outlet == "صحيفة"
    assert article.metadata.author is None
    assert (article.metadata.date, article.metadata.captured) == (None, "2015-08-10 18:52:49")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1256"])
def test_csv(write: Write, separator: str, encoding: str) -> None:
    rows = separator.join(["headline", "Body", "published", "publisher"]) + "\r\n"
    rows += separator.join(["عنوان", f'"{ARABIC}\n{SECOND}"', "14/4/2019", "صحيفة"]) + "\r\n"
    (article,) = articles(write("a.csv", rows.encode(encoding)))
    assert article.text == f"{ARABIC}\n{SECOND}"
    assert article.metadata == Metadata(title="عنوان", outlet="صحيفة", date="2019-04-14")


def test_other_field_names_by_map(write: Write) -> None:
    path = write("a.jsonl", json.dumps({"story": ARABIC, "paper": "صحيفة", "source": "feed"}))
    (failure,) = read(path)
    assert isinstance(failure, Failure)
    assert "story, paper, source" in failure.reason
    (article,) = articles(path, **read_mapping(["content=story", "outlet=paper"]))
    assert article.metadata.outlet == "صحيفة"


def test_a_bad_record_does_not_stop_the_others(write: Write) -> None:
    lines = [json.dumps(RECORD), "{broken", '"text"', json.dumps({**RECORD, "content": " "}), json.dumps(RECORD)]
    found = read(write("a.jsonl", "\n".join(lines)))
    assert [type(item) for item in found] == [Extracted, Failure, Failure, Failure, Extracted]
    assert [item.source.rpartition("#")[2] for item in found] == ["1", "2", "3", "4", "5"]


def test_a_sidecar_comes_before_what_the_file_says(write: Write) -> None:
    write("a.txt.meta.yaml", "outlet: صحيفة\ndate: 2024-03-05\n")
    write("b.meta.json", '{"title": "عنوان", "outlet": "أخرى"}')
    write("b.md", f"---\noutlet: الأصل\nauthor: هالة\n---\n{ARABIC}")
    path = write("a.txt", ARABIC)
    first, second = articles(path.parent)
    assert first.metadata == Metadata(outlet="صحيفة", date="2024-03-05")
    assert second.metadata == Metadata(title="عنوان", outlet="أخرى", author="هالة")


def test_zip_of_files_and_records(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("نص.txt", ARABIC)
        archive.writestr("deep/b.json", json.dumps([RECORD]))
        archive.writestr("__MACOSX/b.txt", "x")
        archive.writestr("picture.png", "x")
    found = read(tmp_path / "a.zip")
    assert [item.name for item in found if isinstance(item, Extracted)] == ["a.zip/نص.txt", "a.zip/deep/b.json#1"]
    (failure,) = [item for item in found if isinstance(item, Failure)]
    assert failure.source.endswith("a.zip/picture.png")


def test_a_folder_is_walked_without_what_is_about_it(write: Write) -> None:
    for name in ("README.md", ".hidden.txt", "b/c.txt", "LICENSE.txt"):
        write(name, ARABIC)
    path = write("a.txt", ARABIC)
    assert [article.name for article in articles(path.parent)] == ["a.txt", "c.txt"]
    assert len(articles(path.parent / "README.md")) == 1


def test_extract_never_raises_on_what_it_can_not_read(write: Write) -> None:
    noise = bytes(range(256)) * 8
    for suffix in (".txt", ".md", ".html", ".pdf", ".docx", ".json", ".jsonl", ".csv"):
        file = SourceFile(f"/x{suffix}", f"x{suffix}", suffix, lambda: noise)
        assert all(isinstance(item, Failure) for item in extract(file, noise, {}))


def test_csv_with_doubled_quotes_is_whole(write: Write) -> None:
    (article,) = articles(write("a.csv", '"title","content"\r\n"T","He said ""yes"" to it, then ""no"" again."\r\n'))
    assert article.text == 'He said "yes" to it, then "no" again.'


def test_csv_with_a_quote_never_closed_is_refused_from_there(write: Write) -> None:
    found = read(write("a.csv", 'title,content\r\nA,first\r\nB,"second\r\nC,third\r\n'))
    assert [type(item) for item in found] == [Extracted, Failure]


def test_docx_with_tracked_changes_and_content_controls(tmp_path: Path) -> None:
    document = Document()
    paragraph = document.add_paragraph("The mayor ")
    insertion = OxmlElement("w:ins")
    insertion.append(paragraph.add_run("did not ")._r)
    deletion = OxmlElement("w:del")
    deletion.append(paragraph.add_run("gladly ")._r)
    paragraph._p.append(insertion)
    paragraph._p.append(deletion)
    paragraph.add_run("speak.")
    table = document.add_table(rows=1, cols=3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "Merged words"
    document.save(str(tmp_path / "a.docx"))
    (article,) = articles(tmp_path / "a.docx")
    assert article.text.split("\n") == ["The mayor did not speak.", "Merged words"]
    assert article.metadata.title is None


def test_a_json_article_with_comments_is_the_article(write: Write) -> None:
    record = {"content": ["Para one.", "Para two."], "comments": [{"text": "nice!"}], "authors": [{"name": "Rana"}]}
    (article,) = articles(write("a.json", json.dumps(record)))
    assert article.text == "Para one.\n\nPara two."
    assert article.metadata.author == "Rana"


def test_html_metadata_of_cards_is_not_the_article_s(write: Write) -> None:
    card = '<aside><div itemscope><meta itemprop="datePublished" content="2001-01-01"></div></aside>'
    body = f"<h1>صحيفة</h1><article><p>{ARABIC}</p><p>{SECOND}</p></article>{card}"
    page = f"<html><head><title>خبر اليوم</title></head><body>{body}"
    (article,) = articles(write("a.html", page))
    assert (article.metadata.date, article.metadata.title) == (None, "خبر اليوم")


def test_html_json_ld_of_several_types(write: Write) -> None:
    linked = json.dumps({"@type": ["NewsArticle", "Article"], "headline": "عنوان"})
    page = f'<script type="application/ld+json">{linked}</script><article><p>{ARABIC}</p><p>{SECOND}</p></article>'
    assert articles(write("a.html", page))[0].metadata.title == "عنوان"


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("title: 13:45\noutlet: 0123", Metadata(title="13:45", outlet="0123")),
        ("title: t\ndate: 2019-02-30", Metadata(title="t")),
        ("title: t\noutlet: null\nauthor: ~", Metadata(title="t")),
    ],
)
def test_front_matter_is_taken_as_it_is_written(write: Write, front: str, expected: Metadata) -> None:
    assert articles(write("a.md", f"---\n{front}\n---\n{ARABIC}"))[0].metadata == expected


def test_two_rules_around_a_sentence_are_not_front_matter(write: Write) -> None:
    text = f"---\nRamallah: clashes were reported today.\n---\n{ARABIC}"
    assert articles(write("a.md", text))[0].text == text


def test_names_that_are_long_or_look_like_notices(write: Write) -> None:
    path = write("م" * 124 + ".txt", ARABIC)
    write("notice.txt", ARABIC)
    assert len(articles(path.parent)) == 2


def test_a_link_that_leads_out_of_a_folder_is_passed_over_and_reported(tmp_path: Path) -> None:
    secret, folder = tmp_path / "passwd.txt", tmp_path / "news"
    folder.mkdir()
    secret.write_text("root:x:0:0", encoding="utf-8")
    (folder / "real.txt").write_text("It rained.", encoding="utf-8")
    (folder / "also.txt").symlink_to("real.txt")
    (folder / "pw.txt").symlink_to(secret)
    (folder / "pw2.txt").symlink_to("/etc/passwd")
    (folder / "real.txt.meta.yaml").symlink_to(secret)
    taken, refused = [], {}
    for file in walk(folder):
        if isinstance(file, Failure):
            refused[Path(file.source).name] = file.reason
        else:
            taken.append((file.read(), file.sidecar))
    assert taken == [(b"It rained.", None)] * 2
    assert set(refused) == {"pw.txt", "pw2.txt", "real.txt.meta.yaml"}
    assert all("leads out of the folder" in reason for reason in refused.values())
    assert isinstance(next(walk(folder / "pw.txt")), SourceFile)  # named outright, it is meant
