"""Natural questions, claims and sentences put to a library, and the figures of what came of them, by kind."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, TypeVar

from shawahid.assistant.assistant import Assistant
from shawahid.ingest.errors import GoldFileInvalid

from .claims import ClaimResult, figures_of_claims, judge_claim
from .figures import Figures
from .natural_files import NaturalClaim, NaturalFile, NaturalQuestion
from .questions import NaturalResult, figures_of_questions, judge_question
from .sentences import SentenceResult, figures_of_sentences, judge_sentence
from .texts import Texts

ALL: Final = "ALL"
_Result = TypeVar("_Result", NaturalResult, ClaimResult, SentenceResult)


@dataclass(frozen=True, slots=True)
class NaturalEvaluation:
    """The figures of a file by kind, those of all its rows under "ALL", the last.

    `left_out` counts rows that were not asked, by why. `unlisted` counts the words which the file names of articles
    that the library lacks. `rows` are what became of each row.
    """

    figures: dict[str, Figures]
    left_out: dict[str, int]
    unlisted: int
    rows: tuple[NaturalResult | ClaimResult | SentenceResult, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def evaluate_natural(
    assistant: Assistant, file: NaturalFile, *, corpus: str | None = None, today: date | None = None
) -> NaturalEvaluation:
    """Ask what the rows of a file hold of an open library, and judge what comes.

    `corpus`: only the rows of this one. Rows of a corpus of which the library has no article are left out, too. `today`
    is that of `Assistant.ask`. Raises GoldFileInvalid where an article's text is another than the file takes it for, or
    no row is left to ask.
    """
    kept = file.of_corpus(corpus) if corpus else file
    left_out = Counter(f"of the corpus {name}" for name in file.corpora if corpus not in (None, name))
    asking: list[NaturalQuestion | NaturalClaim] = [*kept.questions, *kept.claims]
    texts = Texts(assistant.library, file.path, [one for row in asking for one in row.words])
    lacking = _lacking(asking, texts)
    left_out.update(f"the library has no article of the corpus {row.corpus}" for row in asking if row.corpus in lacking)

    questions = [
        judge_question(row, assistant.ask(row.question, history=row.history, today=today), texts)
        for row in kept.questions
        if row.corpus not in lacking
    ]
    claims = [
        judge_claim(row, assistant.ask(row.claim, today=today), texts)
        for row in kept.claims
        if row.corpus not in lacking
    ]
    sentences = []
    for row in kept.sentences:
        if cited := texts.holding(row.cited):
            sentences.append(judge_sentence(row, cited, assistant.library.embed_sentences))
        else:
            left_out[f"no article holds what is cited, of the corpus {row.corpus}"] += 1
    if not (questions or claims or sentences):
        raise GoldFileInvalid(path=file.path, problem=f"no row is left to ask: {'; '.join(left_out)}")
    return NaturalEvaluation(
        figures=_by_kind(questions, figures_of_questions)
        | _by_kind(claims, figures_of_claims)
        | _by_kind(sentences, figures_of_sentences),
        left_out=dict(left_out),
        unlisted=sum(not texts.has(one) for row in asking if row.corpus not in lacking for one in row.words),
        rows=(*questions, *claims, *sentences),
    )


def _lacking(rows: Sequence[NaturalQuestion | NaturalClaim], texts: Texts) -> Collection[str]:
    """The corpora that name words of articles, of which the library has none."""
    named = {row.corpus for row in rows if row.words}
    return named - {row.corpus for row in rows if any(map(texts.has, row.words))}


def _by_kind(rows: Sequence[_Result], figures: Callable[[Sequence[_Result]], Figures]) -> dict[str, Figures]:
    """The figures of each kind, in the order in which the kinds come, and of all."""
    if not rows:
        return {}
    kinds = dict.fromkeys(row.kind for row in rows)
    return {kind: figures([row for row in rows if row.kind == kind]) for kind in kinds} | {ALL: figures(rows)}
