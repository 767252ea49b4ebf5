"""What an answer is made of. Everything is frozen; `Answer.to_json` is what `--json` prints.

Offsets are half-open and count Unicode code points of the article's stored text, whose UTF-8 form has the SHA-256
given: `text[start:end] == quote` can be checked by anyone, later.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from shawahid.ingest.types import Filters

__all__ = [
    "Account",
    "Answer",
    "Citation",
    "ClaimCheck",
    "Comparison",
    "Constraint",
    "ConstraintKind",
    "Correction",
    "Cost",
    "Coverage",
    "Filters",
    "Language",
    "Listed",
    "Mode",
    "Origin",
    "Outcome",
    "Plan",
    "Relation",
    "Sentence",
    "Speaker",
    "SpeakerKind",
    "Status",
    "TimeReference",
    "Verdict",
    "Wanted",
]

SCHEMA_VERSION: Final = 4

Language = Literal["ar", "en"]
SCRIPTS: Final[Mapping[Language, str]] = {"ar": "arabic", "en": "latin"}
"""The script of each language, as `words.script` names it."""


def language_of_script(script: str, otherwise: Language) -> Language:
    """The language that a text in a script is answered in; `otherwise` where it has no letters ("other")."""
    return otherwise if script == "other" else "ar" if script == SCRIPTS["ar"] else "en"


Status = Literal["answered", "abstained", "plain"]
Mode = Literal["extractive", "composed"]
Verdict = Literal["supported", "partly", "not_found", "contradicted"]
Origin = Literal["article", "model", "repaired"]
SpeakerKind = Literal["outlet", "named", "unnamed"]
Relation = Literal["agrees", "denial", "number", "date", "name", "rank", "stance"]
Outcome = Literal["supported", "contradicted", "mixed", "silent"]
Wanted = Literal[
    "fact",
    "said",
    "yes_no",
    "summary",
    "latest",
    "list",
    "count",
    "timeline",
    "comparison",
    "person",
    "article",
    "library",
]
ConstraintKind = Literal["time", "outlet", "author", "article", "speaker", "language"]


@dataclass(frozen=True, slots=True)
class Constraint:
    """What narrows a question: of which `kind`, by which `words` of it, and what these were taken for.

    `value` is, by kind: "2026-11-26" or "2026-11-16/2026-11-22" (both days inclusive), an outlet or an author as the
    library spells it, an article's number, a speaker's name, "ar" or "en". `applied` is false where it is only likely:
    then it is offered, and nothing is left out for it.
    """

    kind: ConstraintKind
    words: str
    value: str
    applied: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """How a question was understood: what is `wanted`, narrowed by its `constraints`.

    `today` is the day (ISO 8601) that "yesterday" and the like were counted from. `unconstrained` are the kinds that
    were to narrow nothing. `joined`: whether it was taken together with an earlier question of its conversation; None
    where there is none.
    """

    wanted: Wanted
    today: str
    constraints: tuple[Constraint, ...] = ()
    unconstrained: tuple[ConstraintKind, ...] = ()
    joined: bool | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in a true list from the library's data: its number (`article`), its file's name (`source`), and its
    `title`, `outlet`, `author` and `date`, each None where it is not known."""

    article: int
    source: str
    title: str | None
    outlet: str | None
    author: str | None
    date: str | None


@dataclass(frozen=True, slots=True)
class Cost:
    """What a language model's part in an answer took: `requests`, tokens read (`tokens_in`) and written (`tokens_out`),
    `seconds`."""

    requests: int
    tokens_in: int
    tokens_out: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says what a quote says: the outlet itself, somebody named, or a source without a name.

    `kind` is "outlet", "named" or "unnamed"; `words` name the speaker as the article does; None where the outlet
    speaks.
    """

    kind: SpeakerKind = "outlet"
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """A later article that corrects, retracts or updates the cited one, and its own words about that.

    `kind` is "correction", "retraction" or "update". `article` is that article's number; `title`, `outlet` and `date`
    are None where not known. `quote` stands from `start` to `end` in the text whose SHA-256 is `sha256`.
    """

    kind: Literal["correction", "retraction", "update"]
    article: int
    title: str | None
    outlet: str | None
    date: str | None
    quote: str
    start: int
    end: int
    sha256: str

    @property
    def phrase(self) -> str:
        """The name of the phrase that tells a reader of it."""
        return {"correction": "was_corrected", "retraction": "was_retracted", "update": "was_updated"}[self.kind]


@dataclass(frozen=True, slots=True)
class TimeReference:
    """A time that a text tells: `text` as it stands from `start` to `end` there.

    `value` is "2019-04-04", "2019-04" or "2019"; "--04-04" or "--04" where the year cannot be told; or two of these
    with a stroke between, for a stretch of time.
    """

    start: int
    end: int
    text: str
    value: str


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact words that something rests on, and where they stand.

    `number` is what sentences and accounts call it by, from 1. `quote` stands from `start` to `end` in the article's
    stored text, whose SHA-256 is `sha256`. `speaker` says it; `corrections` tell of the article. `article` is the
    article's number in the library and `source` its file's name, with `#n` for the n-th record of an archive file.
    `title`, `outlet`, `date`, `page` and `url` are None where they are not known. `date` is the article's own; `times`
    are those that the quote tells, seen from it. The clause that answers stands from `marked_start` to `marked_end`,
    within the quote; None where the whole quote does.
    """

    number: int
    article: int
    source: str
    title: str | None
    outlet: str | None
    date: str | None
    page: int | None
    quote: str
    start: int
    end: int
    sha256: str
    url: str | None = None
    speaker: Speaker = Speaker()
    corrections: tuple[Correction, ...] = ()
    times: tuple[TimeReference, ...] = ()
    marked_start: int | None = None
    marked_end: int | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer: its `text`, the numbers of its `citations`, and whether they bear it out.

    `verdict` is "supported", "partly", "not_found" or "contradicted", and `reason` says why, in the answer's language.

    `origin`: the article's own words ("article"), a language model's ("model"), or the article's in place of a
    sentence of the model's that did not hold ("repaired").

    `judge` is who gave the verdict where it is not the program's own rules (None): name@host of a model, or a reader's
    name. `correction` is the smallest change that would make the sentence true, None where there is none to offer.
    """

    text: str
    verdict: Verdict
    reason: str
    citations: tuple[int, ...]
    origin: Origin = "article"
    judge: str | None = None
    correction: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """One side's telling: the evidence of one `outlet`, or of one article whose outlet is not known (None).

    `articles` and `citations` are the numbers of its articles and citations. Outlets that carry nearly the same text
    are one account, for they are no witnesses of each other: `outlets` are all of them, the cited one first.
    """

    outlet: str | None
    articles: tuple[int, ...]
    citations: tuple[int, ...]
    outlets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two accounts say of the same thing: that they agree, or the kind of thing they dispute.

    `relation` is "agrees", "denial", "number", "date", "name", "rank" or "stance". `citations` are one of each, `words`
    those of each in which they differ, or in which they agree.
    """

    relation: Relation
    citations: tuple[int, int]
    words: tuple[str, str]


@dataclass(frozen=True, slots=True)
class ClaimCheck:
    """What the articles make of a claim: `outcome` is "supported", "contradicted", "mixed" or "silent".

    `supporting` and `contradicting` are the numbers of the citations that carry it, and of those that go against it.
    """

    outcome: Outcome
    supporting: tuple[int, ...]
    contradicting: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was searched: how many `articles` and `passages`, how many of those by meaning too (`embedded`), and of
    which `outlets`.

    `silent` are the outlets of which nothing is cited. `closest` is what came nearest when the articles don't answer:
    no evidence for anything.
    """

    articles: int
    passages: int
    embedded: int
    outlets: tuple[str, ...]
    closest: tuple[Citation, ...] = ()
    silent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to `question` in its `language` ("ar" or "en"), or the honest lack of one.

    `status` is "answered", "abstained" or "plain"; `mode` "extractive" where every sentence is an article's, "composed"
    where a model wrote. `sentences` rest on `citations`, which stand in `accounts`; `coverage` is what was searched.
    `confidence` (0 to 1) is how likely the articles are to answer the question at all; below a threshold the status is
    "abstained" and there are no sentences. Status "plain": nothing was asked of the articles (a greeting, or what the
    library holds), and `frame` is all there is to say. Else `frame` introduces the sentences, in the question's
    language. `notices` tell of anything that limits the answer. `understood` is the question made to stand alone, where
    it leaned on the ones before. `model` (name@host) and `prompt` (a hash of the prompt files) are None where no
    language model had a part in the sentences; `left_out` is how many of its sentences did not hold and are not shown.

    `comparisons` is what the accounts agree on and dispute. `claim` is set where a statement or a yes/no question was
    asked. `as_of` is the date of the newest article cited, where the question asks for what is latest and dates are
    known. `also_named` are others whom a name in the question may mean. `schema_version` is that of the JSON.

    `plan` is how the question was understood (None where nothing was asked). `more` is what else was
    found: it touches the question, and the answer does not rest on it; numbered on from `citations`. `listed` are
    articles counted from the library's data, where those are asked for, and `counted` how many there are in all.
    `rounds` is how often a model wrote, `cost` what that took.
    """

    question: str
    language: Language
    status: Status
    mode: Mode
    confidence: float
    frame: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    coverage: Coverage
    accounts: tuple[Account, ...]
    notices: tuple[str, ...] = ()
    understood: str | None = None
    model: str | None = None
    prompt: str | None = None
    left_out: int = 0
    comparisons: tuple[Comparison, ...] = ()
    claim: ClaimCheck | None = None
    as_of: str | None = None
    also_named: tuple[str, ...] = ()
    plan: Plan | None = None
    more: tuple[Citation, ...] = ()
    listed: tuple[Listed, ...] = ()
    counted: int | None = None
    rounds: int = 0
    cost: Cost | None = None
    schema_version: int = SCHEMA_VERSION

    def citation(self, number: int) -> Citation:
        """The citation with this number. Raises KeyError where there is none."""
        for citation in self.citations:
            if citation.number == number:
                return citation
        raise KeyError(number)

    @property
    def beside(self) -> tuple[Citation, ...]:
        """What is shown beside the answer and bears nothing out: what else was found, or came closest."""
        return self.more if self.status == "answered" else self.coverage.closest

    @property
    def beside_phrase(self) -> Literal["more", "closest"]:
        """The name of the phrase that stands over it."""
        return "more" if self.status == "answered" else "closest"

    def by_account(self) -> list[tuple[Account | None, list[Sentence]]]:
        """The sentences under the account that each rests on first, in order; one group without an account where there
        is only one, or where a model's sentences join several."""
        if len(self.accounts) < 2 or self.mode == "composed":
            return [(None, list(self.sentences))]
        return [
            (account, [sentence for sentence in self.sentences if sentence.citations[0] in account.citations])
            for account in self.accounts
        ]

    def corrections_to_tell(self) -> dict[int, list[Correction]]:
        """What corrects the cited articles, by the number of a citation: each once, where it first concerns one."""
        first: dict[Correction, int] = {}
        for citation in self.citations:
            for correction in citation.corrections:
                first.setdefault(correction, citation.number)
        told: dict[int, list[Correction]] = {}
        for correction, number in first.items():
            told.setdefault(number, []).append(correction)
        return told

    def to_json(self) -> dict[str, Any]:
        """Plain lists, dicts, strings and numbers."""
        return asdict(self)
