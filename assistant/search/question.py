"""The first stage of an answer: what is asked, read once and handed on."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from shawahid.assistant.language.tongue import has_rules
from shawahid.assistant.language.verbs import states_something
from shawahid.assistant.types import Language, language_of_script
from shawahid.ingest.errors import QuestionEmpty, QuestionTooLong
from shawahid.ingest.text.words import fold, script, words

from .answer_kind import AnswerKind, asked_unit, asks_for
from .conversation import Plain, read_plain
from .followup import leans

LONGEST_QUESTION: Final = 2_000  # code points
_REMEMBERED: Final = 3  # earlier questions of the conversation; what is further back is forgotten
_SHORTEST_CLAIM: Final = 4  # words

Rewrite = Callable[[str, Sequence[str]], str | None]
"""Puts a follow-up, given the questions before it, into words that stand alone; None where it cannot."""

_LATEST: Final = re.compile(
    r"\b(?:ال)?(?:احدث|اخر (?:ال)?(?:اخبار|تطورات|مستجدات|ما)|الان|حاليا|حالي|حاليه|راهن|راهنه|مستجدات)\b"
    r"|^من (?:هو|هي)\b"
    r"|\b(?:latest|newest|most recent|now|currently|current|nowadays|at present|today)\b|^who (?:is|are)\b"
)
_YES_OR_NO: Final = re.compile(
    r"^\s*(?:هل|أليس|ألم|(?:did|does|do|is|are|was|were|has|have|had|will|would|can|could|should)\b)\s*", re.IGNORECASE
)
_IN_MARKS: Final = re.compile(r"[«“„\"]([^«»“”„\"]{3,300})[»”“\"]")
_ASKING: Final = frozenset(
    "من ما ماذا متي اين كيف كم لماذا لمن بماذا اي who whom whose what when where why which how".split()
)
_ASKING_ANYWHERE: Final = (_ASKING - {"من", "ما", "اي", "who", "whose", "when", "where", "which"}) | frozenset(
    "وكم وش ايش شو شنو ليش ليه مين وين فين امتي كام شلون ازاي ايه".split()
)
_TELLING_TO: Final = frozenset(  # what is told to do something claims nothing
    "لخص لخصي لخصوا اختصر اشرح اذكر اذكري عدد قارن قارني حدثني اخبرني اعطني اعطيني عرفني قل قولي احكي ابحث اعرض هات"
    " باختصار"
    " summarise summarize list tell compare explain describe give show find name count".split()
)
_EITHER_OR: Final = frozenset("ام او ولا or".split())


@dataclass(frozen=True, slots=True)
class Question:
    """A question ready to be asked.

    `text` is what was typed, `search` what is looked up, `understood` how it was taken where it leaned on an earlier
    one, `script` that of most of its letters. `kind` is the kind of thing asked for, `unit` that of an amount, `claim`
    the statement that is made or asked about, `latest` whether it asks how things stand now. `plain` is set where the
    articles are asked nothing. `base` is the earlier question that it is joined to, `joined` whether there is such a
    one (None: nothing was asked before), `phrases` what it gives in quotation marks, folded. `ruled`: it is in a
    language that the rules are for, Arabic or English; of another nothing is read but its words and its meaning.
    """

    text: str
    search: str
    understood: str | None
    language: Language
    script: str
    kind: AnswerKind
    unit: str | None = None
    claim: str | None = None
    latest: bool = False
    plain: Plain | None = None
    base: str | None = None
    phrases: tuple[str, ...] = ()
    joined: bool | None = None
    ruled: bool = True

    def quotes_from(self, text: str) -> bool:
        """Whether the words that the question gives in quotation marks stand in `text`, one after the other."""
        said = f" {' '.join(words(text))} " if self.phrases else ""
        return any(f" {phrase} " in said for phrase in self.phrases)

    @property
    def asks(self) -> bool:
        """Whether it is worded as a question, and states nothing."""
        return bool(_YES_OR_NO.match(self.text)) or self.text.rstrip().endswith(("؟", "?"))

    @property
    def earlier(self) -> "Question | None":
        """The question that this one leans on, as it was asked alone."""
        if self.base is None:
            return None
        return replace(
            self, text=self.base, search=self.base, kind=asks_for(self.base), unit=asked_unit(self.base), base=None
        )


def read_question(
    text: str,
    history: Sequence[str] = (),
    rewrite: Rewrite | None = None,
    reader: Language = "en",
    joined: bool | None = None,
) -> Question:
    """Check a question and see what it asks for. `history` are the earlier questions of the conversation; `reader` is
    the language of a question without letters. `joined` says whether it is to be joined to an earlier one; None: where
    it leans on it.

    One that is joined to an earlier question is looked up together with it, or as `rewrite` puts it, where that is
    given.
    Raises QuestionEmpty or QuestionTooLong.
    """
    text = text.encode("utf-8", "replace").decode().strip()  # half characters cannot be searched for
    said, letters = words(text), script(text)
    if not said:
        raise QuestionEmpty()
    if len(text) > LONGEST_QUESTION:
        raise QuestionTooLong(characters=len(text), limit=LONGEST_QUESTION)
    plain, ruled = read_plain(said), has_rules(text)
    earlier = _remembered(text, history)
    joins = ruled and leans(text) if joined is None else joined
    base = _base(earlier) if earlier and joins and not plain else None
    rewritten = rewrite(text, earlier) if base and rewrite else None
    understood = rewritten or (f"{text} ({base})" if base else None)
    return Question(
        text=text,
        search=rewritten or (f"{base} {text}" if base else text),
        understood=understood,
        language=language_of_script(letters, reader),
        script=letters,
        kind=asks_for(text) if ruled else "",
        unit=asked_unit(text) if ruled else None,
        claim=read_claim(understood or text) if ruled else None,
        latest=ruled and asks_for_latest(understood or text),
        plain=plain,
        base=base,
        phrases=tuple(_phrases(text)),
        joined=base is not None if earlier and not plain else None,
        ruled=ruled,
    )


def _phrases(text: str) -> Iterator[str]:
    """What stands in quotation marks, folded; one word alone is a name or an emphasis."""
    for found in _IN_MARKS.finditer(text):
        said = words(found[1])
        if len(said) > 1:
            yield " ".join(said)


def asks_for_latest(question: str) -> bool:
    """Whether a question asks how things stand now, so that the order of the articles matters.

    >>> asks_for_latest("من هو رئيس البلدية الآن؟"), asks_for_latest("What did the mayor say?")
    (True, False)
    """
    return bool(_LATEST.search(" ".join(fold(question).split())))


def _remembered(text: str, history: Sequence[str]) -> list[str]:
    """The last questions that `text` may go on from: it was not asked before, and a greeting asks nothing."""
    earlier = [question.strip() for question in history]
    asked = [
        question for question in earlier if question != text and words(question) and not read_plain(words(question))
    ]
    return asked[-_REMEMBERED:]


def _base(earlier: Sequence[str]) -> str:
    """The question that a follow-up is joined to: the last that stands by itself."""
    return next((question for question in reversed(earlier) if not leans(question)), earlier[-1])


def read_claim(text: str) -> str | None:
    """What is claimed, where a sentence states something or a question asks for yes or no; None for all else.

    A topic ("the market's new fish stalls"), a request and a question for one of two are no claim. Nothing is
    claimed where no verb can be told either.

    >>> read_claim("هل قبل المجلس الاقتراح؟"), read_claim("The council said no."), read_claim("who said no?")
    ('قبل المجلس الاقتراح', 'The council said no', None)
    >>> read_claim("The council's answer to the union")
    """
    first, mark, _ = text.strip().partition("؟" if "؟" in text else "?")
    bare, asks = first.rstrip(".! "), bool(mark)
    opening = _YES_OR_NO.match(bare)
    rest = bare[opening.end() :] if opening and (asks or not _is_name(bare)) else None
    said = words(bare if rest is None else rest)
    if not said or said[0] in _TELLING_TO or not _ASKING_ANYWHERE.isdisjoint(said):
        return None
    if rest is not None:
        return rest if len(said) >= _SHORTEST_CLAIM - 1 and _EITHER_OR.isdisjoint(said) else None
    states = not asks and said[0] not in _ASKING and states_something(bare)
    return bare if len(said) >= _SHORTEST_CLAIM and states else None


def _is_name(text: str) -> bool:
    """Whether what looks like an auxiliary is a name: Will Turner."""
    return bool(re.match(r"\s*(?:Will|Can|May) [A-Z]", text))
