"""The stored conversations: each its owner's, none lost, and what is deleted is gone."""

import json
import random
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.dossier.dossier import Dossier, dossier_from_json
from shawahid.ingest.check import check
from shawahid.ingest.library import Library
from shawahid.ui.questions.conversations import (
    FILE_NAME,
    FORMAT,
    ConversationRow,
    Conversations,
    ConversationsDamaged,
    ConversationsTooNew,
    ConversationsUnwritable,
    ConversationUnknown,
    Thumb,
    Turn,
)

from ..conftest import Run
from ..test_bad_input import as_ordinary_user

FERRY = "How many passengers can the ferry carry?"
MARKET = "كم عدد الذين خرجوا إلى ساحة البلدية رفضًا لنقل سوق السمك؟"
ME, OTHER = "my cookie", "another's cookie"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Conversations]:
    with Conversations.open(tmp_path) as opened:
        yield opened


def now() -> datetime:
    return datetime.now(UTC)


def begun(store: Conversations, *questions: str, owner: str = ME) -> str:
    """A new conversation with these questions, still pending."""
    id_ = store.begin(owner)
    for question in questions:
        store.ask(owner, id_, question, now())
    return id_


def answer_of(demo: Assistant, question: str) -> Dossier:
    return Dossier(demo.ask(question), now(), "0.1.0")


def stored_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob(f"{FILE_NAME}*"))


# Round trips


@pytest.mark.parametrize("question", [FERRY, MARKET, "hello", "Who won the world cup in 2022?"])
def test_a_real_answer_comes_back_equal(store: Conversations, demo: Assistant, question: str) -> None:
    asked_at = datetime(2024, 5, 2, 12, 30, 11, 123456, tzinfo=timezone(timedelta(hours=3)))
    id_ = store.begin(ME)
    assert store.ask(ME, id_, question, asked_at) == 1
    assert store.turn(ME, id_, 1) == Turn(1, question, asked_at, "pending")
    dossier = answer_of(demo, question)
    store.answered(ME, id_, 1, dossier)
    assert store.turns(ME, id_) == [Turn(1, question, asked_at, "answered", dossier)]


def test_a_dossier_with_every_part_comes_back_equal(store: Conversations, full: Dossier) -> None:
    id_ = begun(store, full.answer.question)
    store.answered(ME, id_, 1, full)
    assert store.turn(ME, id_, 1).dossier == full


def test_what_becomes_of_questions(store: Conversations, full: Dossier) -> None:
    id_ = begun(store, "first?", "second?", "third?", "fourth?")
    store.failed(ME, id_, 1, "the disk is full")
    store.answered(ME, id_, 2, full)
    store.stopped(ME, id_, 3)
    first, second, third, fourth = store.turns(ME, id_)
    assert (first.state, first.problem, first.dossier) == ("failed", "the disk is full", None)
    assert (second.state, third.state, fourth.state) == ("answered", "stopped", "pending")
    store.answered(ME, id_, 3, full)
    assert store.history(ME, id_) == ["second?", "third?"]


def test_it_survives_a_restart(tmp_path: Path, full: Dossier) -> None:
    with Conversations.open(tmp_path) as store:
        id_ = begun(store, "first?", "second?")
        store.answered(ME, id_, 1, full)
        store.rate(ME, id_, 1, 1, "good")
        before = store.turns(ME, id_)
        with Conversations.open(tmp_path, reading=True) as beside:  # the command beside a server stops nothing
            assert beside.turns(ME, id_) == before
        with pytest.raises(ConversationsUnwritable), Conversations.open(tmp_path, reading=True) as beside:
            beside.begin(ME)
    with Conversations.open(tmp_path) as store:
        assert store.turns(ME, id_) == [before[0], replace(before[1], state="stopped")]


def test_half_a_character_harms_nothing(store: Conversations) -> None:
    id_ = begun(store, "half \ud83d of it")
    store.rename(ME, id_, "\ud83d")
    store.failed(ME, id_, 1, "\udfff")
    assert [turn.question for turn in store.turns(ME, id_)] == ["half ? of it"]
    assert store.list(ME, "half \ud83d") == store.list(ME)
    with pytest.raises(ConversationUnknown):
        store.turns(ME, "\ud83d")


# Lists and titles


def test_the_list_is_newest_first_and_titled_by_the_first_question(store: Conversations) -> None:
    start = now()
    long = "سؤال طويل عن سوق السمك القديم " * 5
    old, new = begun(store, long, "more?"), begun(store, "a\n question")
    empty = store.begin(ME)
    assert [(row.id, row.title, row.turns) for row in store.list(ME)][:2] == [(empty, "", 0), (new, "a question", 1)]
    title = store.list(ME)[-1].title
    assert 60 < len(title) <= 81
    assert title.endswith("…")
    assert title[:-1] in " ".join(long.split())
    assert title[:-1].split() == long.split()[: len(title.split())]
    store.ask(ME, old, "once more?", now())
    first = store.list(ME)[0]
    assert first == ConversationRow(old, title, first.started, first.updated, 3)
    assert start < first.started < first.updated < now()


def test_a_title_without_a_space_is_cut(store: Conversations) -> None:
    begun(store, "س" * 200)
    assert store.list(ME)[0].title == "س" * 79 + "…"


def test_a_conversation_is_renamed_and_named_back(store: Conversations) -> None:
    id_ = begun(store, "a question")
    store.rename(ME, id_, "  السوق\nالقديم ")
    assert [row.title for row in store.list(ME)] == ["السوق القديم"]
    store.rename(ME, id_, " ")
    assert [row.title for row in store.list(ME)] == ["a question"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("رفضا", {"market"}),  # asked with a diacritic
        ("سُوقِ الســمك", {"market"}),
        ("الي ساحه البلديه", {"market"}),  # in other letters: إلى ساحة البلدية
        ("١٢٠٠", {"market"}),  # in the answer, and there 1200
        ("السمك غواصة", set()),
        ("zahra PASSENGERS", {"ferry"}),  # one word in the answer, one in the question
        ("أسماك", {"named"}),  # named "الأسماك"
        ("100%_", set()),
        ("؟", {"market"}),
        ("?", {"ferry", "named"}),
        ("  ", {"market", "ferry", "named"}),
    ],
)
def test_search_is_in_titles_questions_and_answers_in_any_spelling(
    store: Conversations, demo: Assistant, search: str, found: set[str]
) -> None:
    ids = {"market": begun(store, MARKET), "ferry": begun(store, FERRY), "named": begun(store, "a question?")}
    store.answered(ME, ids["market"], 1, answer_of(demo, MARKET))
    store.answered(ME, ids["ferry"], 1, answer_of(demo, FERRY))
    store.rename(ME, ids["named"], "الأسماك")
    begun(store, MARKET, FERRY, owner=OTHER)
    assert {row.id for row in store.list(ME, search)} == {ids[name] for name in found}


# Owners


def test_another_s_conversation_is_as_one_that_does_not_exist(store: Conversations, full: Dossier) -> None:
    mine = begun(store, "mine?")
    store.answered(ME, mine, 1, full)
    store.rate(ME, mine, 1, 1, "good")
    before = store.turns(ME, mine), store.list(ME)
    for owner, id_, turn in ((OTHER, mine, 1), (ME, "no-such", 1)):
        told = set()
        for attempt in (
            lambda o, c, n: store.rename(o, c, "x"),
            lambda o, c, n: store.delete(o, c),
            lambda o, c, n: store.ask(o, c, "x", now()),
            lambda o, c, n: store.answered(o, c, n, full),
            lambda o, c, n: store.failed(o, c, n, "x"),
            lambda o, c, n: store.stopped(o, c, n),
            lambda o, c, n: store.rate(o, c, n, -1, "x"),
            lambda o, c, n: store.turns(o, c),
            lambda o, c, n: store.turn(o, c, n),
            lambda o, c, n: store.history(o, c),
        ):
            with pytest.raises(ConversationUnknown) as raised:
                attempt(owner, id_, turn)
            told.add(str(raised.value))
        assert len(told) == 1
    store.delete_all(OTHER)
    assert store.list(OTHER) == []
    assert (store.turns(ME, mine), store.list(ME)) == before


def test_a_turn_that_is_not_there(store: Conversations, full: Dossier) -> None:
    id_ = begun(store, "one?")
    for attempt in (lambda: store.turn(ME, id_, 2), lambda: store.answered(ME, id_, 2, full)):
        with pytest.raises(ConversationUnknown):
            attempt()


def test_no_owner_stands_in_the_file(tmp_path: Path) -> None:
    with Conversations.open(tmp_path) as store:
        begun(store, "mine?")
        assert b"mine?" in stored_bytes(tmp_path)
        assert ME.encode() not in stored_bytes(tmp_path)


def test_ids_differ(store: Conversations) -> None:
    ids = {store.begin(ME) for _ in range(50)}
    assert len(ids) == 50
    assert all(len(id_) >= 20 for id_ in ids)


# Deleting


def test_a_deleted_conversation_leaves_no_trace(tmp_path: Path, demo: Assistant) -> None:
    dossier = answer_of(demo, MARKET)
    with Conversations.open(tmp_path) as store:
        kept, gone = begun(store, FERRY), begun(store, MARKET)
        store.answered(ME, gone, 1, dossier)
        store.rename(ME, gone, "اسم لا يعرفه أحد")
        store.rate(ME, gone, 1, -1, "سبب لا يعرفه أحد")
        traces = [
            text.encode() for text in (gone, MARKET, "اسم لا", "سبب لا", "1200", dossier.answer.sentences[0].text)
        ]
        assert [trace for trace in traces if trace not in stored_bytes(tmp_path)] == []
        store.delete(ME, gone)
        assert [trace for trace in traces if trace in stored_bytes(tmp_path)] == []
        assert [row.id for row in store.list(ME)] == [kept]
        store.delete_all(ME)
        assert store.list(ME) == []
    assert FERRY.encode() not in stored_bytes(tmp_path)


def test_no_trace_stays_wherever_sqlite_had_moved_rows_to(tmp_path: Path) -> None:
    """With secure_delete alone, a run like this one leaves a mark behind every few hundred deletions."""
    chance = random.Random(3)
    marks: dict[str, list[bytes]] = {}
    with Conversations.open(tmp_path) as store:
        store._db.execute("PRAGMA synchronous = OFF")  # a thousand commits would take a minute
        for _ in range(1_000):
            if chance.random() < 0.25 or not marks:
                marks[store.begin(ME)] = []
            elif chance.random() < 0.85:
                id_, mark = chance.choice(list(marks)), f"mark{secrets.token_hex(8)}"
                turn = store.ask(ME, id_, mark * chance.randint(1, 20), now())
                store.failed(ME, id_, turn, mark * chance.choice([1, 10, 50, 200, 1_000]))
                store.rename(ME, id_, mark)
                marks[id_].append(mark.encode())
            else:
                id_ = chance.choice(list(marks))
                store.delete(ME, id_)
                content = stored_bytes(tmp_path)
                assert [mark for mark in marks.pop(id_) if mark in content] == []


# Threads


def test_threads_share_it(store: Conversations, full: Dossier) -> None:
    shared, problems = store.begin(ME), list[BaseException]()

    def work() -> None:
        try:
            own = store.begin(OTHER)
            for _ in range(10):
                turn = store.ask(ME, shared, MARKET, now())
                store.answered(ME, shared, turn, full)
                assert store.turn(ME, shared, turn).dossier == full
                assert store.list(ME, "السمك")
            store.delete(OTHER, own)
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert [turn.number for turn in store.turns(ME, shared)] == list(range(1, 41))
    assert store.list(OTHER) == []


# Files that are not as they should be


def test_an_answer_of_an_older_version_is_told_not_raised(tmp_path: Path, full: Dossier) -> None:
    with Conversations.open(tmp_path) as store:
        id_ = begun(store, MARKET, FERRY)
        store.answered(ME, id_, 1, full)
        store.answered(ME, id_, 2, full)
        store.rate(ME, id_, 1, 1, "")
    with sqlite3.connect(tmp_path / FILE_NAME) as db:
        db.execute("UPDATE turns SET dossier = json_set(dossier, '$.answer.schema_version', 1) WHERE number = 1")
        db.execute("UPDATE turns SET dossier = substr(dossier, 1, 99) WHERE number = 2")
    db.close()
    with Conversations.open(tmp_path) as store:
        arabic, english = store.turns(ME, id_)
        assert (arabic.state, arabic.dossier, arabic.question, arabic.thumb) == ("failed", None, MARKET, 1)
        assert "schema 1" in (arabic.problem or "")
        assert "أعد السؤال" in (arabic.problem or "")
        assert (english.state, english.dossier) == ("failed", None)
        assert "Ask again" in (english.problem or "")
        (rated,) = store.export()
        assert rated["dossier"]["answer"]["schema_version"] == 1


def test_a_newer_version_is_refused(tmp_path: Path) -> None:
    with Conversations.open(tmp_path) as store:
        begun(store, FERRY)
    db = sqlite3.connect(tmp_path / FILE_NAME)
    db.execute(f"PRAGMA user_version = {FORMAT + 1}")
    db.close()
    before = (tmp_path / FILE_NAME).read_bytes()
    for reading in (False, True):
        with pytest.raises(ConversationsTooNew, match=rf"{FILE_NAME} have format {FORMAT + 1}"):
            Conversations.open(tmp_path, reading=reading)
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_a_damaged_file_is_named_and_left_alone(tmp_path: Path) -> None:
    with Conversations.open(tmp_path) as store:
        begun(store, *(f"{FERRY} {number}" for number in range(200)))
    path = tmp_path / FILE_NAME
    whole = path.read_bytes()
    other = tmp_path / "other.sqlite3"
    db = sqlite3.connect(other)
    db.execute("CREATE TABLE something (else_)")
    db.close()
    for damaged in (
        b"no database",
        secrets.token_bytes(20_000),
        b"\0" * 100 + whole[100:],
        whole[:4096] + b"\xff" * (len(whole) - 4096),
        whole[:5000],
        other.read_bytes(),
    ):
        path.write_bytes(damaged)
        with pytest.raises(ConversationsDamaged, match=rf"{FILE_NAME} cannot be read: .*Restore that file.*move it"):
            Conversations.open(tmp_path).list(ME)
        assert path.read_bytes() == damaged
    path.write_bytes(whole)
    with Conversations.open(tmp_path) as store:
        assert store.list(ME)[0].turns == 200


def test_a_damaged_file_does_not_end_serving(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(secrets.token_bytes(20_000))
    with Conversations.open(tmp_path, serving=True) as store:
        for use in (lambda: store.begin(ME), lambda: store.list(ME)):
            with pytest.raises(ConversationsDamaged, match="Restore that file"):
                use()


def test_a_text_that_is_no_text(tmp_path: Path) -> None:
    with Conversations.open(tmp_path) as store:
        id_ = begun(store, FERRY)
    path = tmp_path / FILE_NAME
    path.write_bytes(path.read_bytes().replace(FERRY.encode(), b"\xff" * len(FERRY)))
    with Conversations.open(tmp_path) as store, pytest.raises(ConversationsDamaged, match="UTF-8"):
        store.turns(ME, id_)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConversationsUnwritable, match="unable to open"):
        Conversations.open(tmp_path / "nowhere")


# Ratings


def test_ratings_are_exported_without_their_owners(store: Conversations, full: Dossier) -> None:
    id_ = begun(store, MARKET, "failed?", "unrated?", "taken back?")
    store.answered(ME, id_, 1, full)
    store.failed(ME, id_, 2, "no")
    ratings: list[tuple[int, Thumb, str]] = [(1, 1, "دقيق"), (2, -1, ""), (4, -1, "wrong"), (4, 0, "wrong")]
    for turn, thumb, reason in ratings:
        store.rate(ME, id_, turn, thumb, reason)
    assert [(turn.thumb, turn.reason) for turn in store.turns(ME, id_)] == [(1, "دقيق"), (-1, ""), (0, ""), (0, "")]
    assert list(store.export()) == [
        {"question": MARKET, "thumb": 1, "reason": "دقيق", "dossier": json.loads(json.dumps(full.to_json()))},
        {"question": "failed?", "thumb": -1, "reason": "", "dossier": None},
    ]
    with pytest.raises(ValueError, match="thumb"):
        store.rate(ME, id_, 1, 2, "")  # type: ignore[arg-type]


def test_feedback_by_the_command(shawahid: Run, demo_copy: Path, full: Dossier, tmp_path: Path) -> None:
    library, output = ("--library", str(demo_copy)), tmp_path / "rated.jsonl"
    assert shawahid(*library, "feedback").stdout == ""
    assert not (demo_copy / FILE_NAME).exists()
    with Conversations.open(demo_copy) as store:  # as a server has it, which goes on meanwhile
        id_ = begun(store, MARKET, "pending?")
        store.answered(ME, id_, 1, full)
        store.rate(ME, id_, 1, -1, "سطر\nوآخر\u2028وثالث")
        (line,) = shawahid(*library, "feedback").stdout.splitlines()
        assert "wrote" in shawahid(*library, "feedback", "-o", str(output)).stdout
        assert store.turn(ME, id_, 2).state == "pending"
    assert output.read_text(encoding="utf-8") == f"{line}\n"
    rated = json.loads(line)
    assert (rated["question"], rated["thumb"], rated["reason"]) == (MARKET, -1, "سطر\nوآخر\u2028وثالث")
    assert dossier_from_json(rated["dossier"]) == full
    refused = shawahid(*library, "feedback", "-o", str(tmp_path / "no" / "where"), check=1).stderr
    assert "where: No such file" in refused
    shawahid("feedback", check=1)  # there is no library


def test_feedback_of_a_folder_that_can_only_be_read(demo_copy: Path) -> None:
    """SQLite cannot read a log without writing beside it; that is said, not shown as a traceback."""
    Conversations.open(demo_copy).close()
    demo_copy.chmod(0o555)
    (demo_copy / FILE_NAME).chmod(0o444)
    try:
        result = as_ordinary_user("--library", str(demo_copy), "feedback")
    finally:
        demo_copy.chmod(0o755)
    assert result.returncode == 1
    assert f"{FILE_NAME} cannot be written: attempt to write a readonly database" in result.stderr


def test_the_library_is_none_the_worse_for_it(demo_copy: Path) -> None:
    with Conversations.open(demo_copy) as store, Library.open(demo_copy) as library:
        begun(store, FERRY)
        assert check(library) == []
