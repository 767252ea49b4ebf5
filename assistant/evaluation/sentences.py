"""Natural sentences: whether the checks of a model's sentence let the true ones through, and no other."""

from collections.abc import Sequence
from dataclasses import dataclass

from shawahid.assistant.compose.compose import check
from shawahid.assistant.excerpt import Excerpt
from shawahid.assistant.types import Verdict
from shawahid.assistant.verify.align import whole_sentences
from shawahid.assistant.verify.ground import Embed
from shawahid.ingest.types import Article, Span

from .figures import Figures, mean
from .natural_files import NaturalSentence


@dataclass(frozen=True, slots=True)
class SentenceResult:
    """What became of one sentence: its `verdict`, right if that is "supported" just where the sentence `holds`."""

    id: str
    kind: str
    sentence: str
    holds: bool
    verdict: Verdict
    reason: str
    right: bool


def judge_sentence(row: NaturalSentence, cited: Sequence[tuple[Article, int, int]], embed: Embed) -> SentenceResult:
    """A sentence held against the words it cites, which stand in articles from a start to an end."""
    excerpts = [
        Excerpt(article, whole_sentences(article.text, Span(start, end), Span(0, len(article.text))))
        for article, start, end in cited
    ]
    finding = check(row.sentence, excerpts, embed)
    right = (finding.verdict == "supported") == row.holds
    return SentenceResult(row.id, row.kind, row.sentence, row.holds, finding.verdict, finding.reason, right)


def figures_of_sentences(rows: Sequence[SentenceResult]) -> Figures:
    """How many were judged, the share that was right, and of the true ones and of the others how many there are and how
    many were called supported."""
    true, others = [row for row in rows if row.holds], [row for row in rows if not row.holds]
    return {
        "asked": len(rows),
        "right": mean([row.right for row in rows]),
        "true": len(true),
        "true_supported": sum(row.verdict == "supported" for row in true),
        "untrue": len(others),
        "untrue_supported": sum(row.verdict == "supported" for row in others),
    }
