"""The files that an evaluation asks from: gold questions (JSON Lines) and SQuAD JSON."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from shawahid.ingest.errors import GoldFileInvalid

HoldOut = Literal["titles", "own"]
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An article (by its file's name) that answers, and quotes any one of which will do."""

    article: str
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question with what would answer it. For SQuAD, `gold` holds paragraphs, and `answers` the answer's words."""

    id: str
    question: str
    answerable: bool
    gold: tuple[GoldArticle, ...] = ()
    answers: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    must_cite_all: bool = False
    may_abstain: bool = False
    without: tuple[str, ...] = ()


def read_gold(path: Path) -> tuple[GoldQuestion, ...]:
    """Gold questions. Raises GoldFileInvalid."""
    return read_rows(path, "a gold question", _gold_question)


def _gold_question(item: dict[str, Any]) -> GoldQuestion:
    return GoldQuestion(
        id=str(item["id"]),
        question=item["question"],
        answerable=item["answerable"],
        gold=tuple(GoldArticle(gold["article"], tuple(gold["quotes"])) for gold in item.get("gold", ())),
        answers=tuple(item.get("answer_any", ())),
        history=tuple(item.get("history", ())),
        must_cite_all=item.get("must_cite_all", False),
        may_abstain=item.get("may_abstain", False),
    )


def read_rows(path: Path, what: str, make: Callable[[dict[str, Any]], _Row]) -> tuple[_Row, ...]:
    """What is made of each line of JSON that is not blank. Raises GoldFileInvalid, of a line that is not `what`."""
    rows = []
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            rows.append(make(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise GoldFileInvalid(path=path, problem=f"line {number} is not {what} ({error!r})") from error
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class SquadParagraph:
    """A paragraph; `title` is the place of its title among the different ones."""

    name: str
    text: str
    title: int

    @property
    def kept(self) -> bool:
        """Whether it stays where every second title is left out."""
        return self.title % 2 == 0


@dataclass(frozen=True, slots=True)
class Squad:
    """Paragraphs, and questions by id: each with its answers and its paragraph."""

    paragraphs: list[SquadParagraph]
    questions: dict[str, tuple[str, tuple[str, ...], SquadParagraph]]


def is_squad(path: Path) -> bool:
    """Whether a file is SQuAD JSON; anything else is read as gold questions."""
    text = read_text(path).strip()
    return text.startswith("{") and "\n{" not in text[1:]


def read_squad(path: Path) -> Squad:
    """A SQuAD file; an answer that is not in its paragraph cannot be shown, and is left out. Raises GoldFileInvalid."""
    squad = Squad([], {})
    by_text: dict[str, SquadParagraph] = {}
    titles: dict[str, int] = {}
    try:
        for document in json.loads(read_text(path))["data"]:
            place = titles.setdefault(document.get("title", str(len(titles))), len(titles))
            for block in document["paragraphs"]:
                text = block["context"]
                if text not in by_text:
                    by_text[text] = SquadParagraph(f"{path.name}#{len(by_text) + 1}", text, place)
                    squad.paragraphs.append(by_text[text])
                for item in block["qas"]:
                    answers = tuple(answer["text"] for answer in item["answers"] if answer["text"] in text)
                    if answers:  # an answer that is not in its paragraph cannot be shown
                        squad.questions[str(item["id"])] = (item["question"], answers, by_text[text])
    except (ValueError, KeyError, TypeError) as error:
        raise GoldFileInvalid(path=path, problem=f"it is not SQuAD JSON ({error!r})") from error
    return squad


def read_text(path: Path) -> str:
    """The text of a file in UTF-8. Raises GoldFileInvalid."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise GoldFileInvalid(path=path, problem=str(error)) from error


def squad_questions(squad: Squad, extra: Squad, wording: Squad, hold_out: HoldOut | None) -> list[GoldQuestion]:
    """The questions of `squad` in the wording of another file, equal ones once; gold in `extra` counts too."""
    times = Counter(" ".join(text.split()) for text, _, _ in wording.questions.values())
    asked: list[GoldQuestion] = []
    seen: set[str] = set()
    for id_, (_, answers, paragraph) in squad.questions.items():
        if id_ not in wording.questions:
            continue
        text = wording.questions[id_][0]
        key = " ".join(text.split())
        if key in seen or (hold_out and times[key] > 1):
            continue
        seen.add(key)
        gold = [paragraph] + ([extra.questions[id_][2]] if id_ in extra.questions else [])
        articles = tuple(GoldArticle(item.name, ()) for item in gold)
        answerable = hold_out != "titles" or paragraph.kept
        asked.append(GoldQuestion(id_, text, answerable, articles if answerable else (), answers))
        if hold_out == "own":
            asked.append(GoldQuestion(f"{id_} without", text, False, without=tuple(item.name for item in gold)))
    return asked
