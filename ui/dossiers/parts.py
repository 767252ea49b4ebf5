"""What a dossier says besides its quotes, as labelled rows in the reader's language, for both its views."""

from collections.abc import Sequence
from dataclasses import dataclass

from shawahid.assistant.dossier.dossier import Dossier
from shawahid.assistant.types import (
    Account,
    Answer,
    Citation,
    ClaimCheck,
    Comparison,
    Constraint,
    Correction,
    Language,
    Sentence,
)
from shawahid.prompts import say
from shawahid.ui.told import constraint, constraints_of

_CORRECTIONS = {
    "correction": "corrected_by",
    "retraction": "retracted_by",
    "update": "updated_by",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A label and what belongs to it. `code`: a figure or a name that is read letter by letter, from left to right.
    `link`: it is an address that can be followed."""

    label: str
    values: tuple[str, ...]
    code: bool = False
    link: bool = False


def _row(name: str, language: Language, *values: str, code: bool = False, link: bool = False) -> Row:
    return Row(say(name, language), values, code, link)


def marks(numbers: Sequence[int]) -> str:
    """Citations as they are referred to."""
    return " ".join(f"[{number}]" for number in numbers)


def asked(dossier: Dossier) -> Row:
    """When it was asked."""
    return _row(
        "dossier_asked", dossier.answer.language, f"{dossier.asked.rstrip('Z').replace('T', ' ')} UTC", code=True
    )


def narrowed(answer: Answer) -> list[Row]:
    """What of its words the question was narrowed to, and what they might also mean but do not narrow it."""
    kinds = (("row_constrained", True), ("row_offered", False))
    told = ((name, constraints_of(answer, applied=applied)) for name, applied in kinds)
    return [_row(name, answer.language, *map(_constraint, some)) for name, some in told if some]


def _constraint(one: Constraint) -> str:
    return constraint(one).translate({ord(letter): None for letter in "\u2068\u2069"})  # each value is isolated here


def verdict(sentence: Sentence, language: Language) -> str:
    """Whether a sentence holds."""
    return say(f"verdict_{sentence.verdict}", language)


def author(sentence: Sentence, language: Language) -> str | None:
    """Who wrote a sentence, where it was not its article."""
    return say("by_model", language) if sentence.origin == "model" else None


def outcome(claim: ClaimCheck, language: Language) -> str:
    return say(f"outcome_{claim.outcome}", language)


def claim_rows(claim: ClaimCheck, language: Language) -> list[Row]:
    """The citations for and against a claim."""
    sides = (("claim_for", claim.supporting), ("claim_against", claim.contradicting))
    return [_row(name, language, marks(numbers)) for name, numbers in sides if numbers]


def sides(comparison: Comparison, answer: Answer) -> list[tuple[int, str, str]]:
    """Of each of two accounts the citation's number, the outlet, and the words in which they agree or differ."""
    cited = zip(comparison.citations, comparison.words, strict=True)
    return [(number, outlet(answer.citation(number), answer.language), words) for number, words in cited]


def outlet(of: Citation | Correction, language: Language) -> str:
    return of.outlet or say("no_outlet", language)


def account_title(account: Account, language: Language) -> str:
    """The outlets of one account, the cited one first."""
    names = account.outlets or ((account.outlet,) if account.outlet else ())
    return " · ".join(names) or say("no_outlet", language)


def account_note(account: Account, language: Language) -> str | None:
    """That several outlets or articles are one account, where they are."""
    if len(account.articles) < 2:
        return None
    return say("account_articles", language, articles=", ".join(map(str, account.articles)))


def caption(of: Citation | Correction, language: Language, under: str = "") -> list[str]:
    """Outlet and date; the outlet only where the heading that it stands under does not name it."""
    named = outlet(of, language)
    return [*([] if named == under else [named]), of.date or say("undated", language)]


def provenance(citation: Citation, language: Language) -> list[Row]:
    """Where exactly a quote stands, and who speaks in it."""
    speaker = citation.speaker
    said_by = "speaker_named" if speaker.kind == "named" else "speaker_unnamed"
    rows = [_row(said_by, language, speaker.words)] if speaker.kind != "outlet" and speaker.words else []
    rows.append(_row("row_file", language, citation.source, code=True))
    if citation.page:
        rows.append(_row("row_page", language, str(citation.page), code=True))
    rows += place(citation, language)
    if citation.url:
        rows.append(_row("row_address", language, citation.url, code=True, link=_can_be_followed(citation.url)))
    return rows


def place(of: Citation | Correction, language: Language) -> list[Row]:
    """The article's number, the offsets and the hash."""
    return [
        _row("row_article", language, str(of.article), code=True),
        _row("row_characters", language, f"{of.start}–{of.end}", code=True),
        _row("row_sha256", language, of.sha256, code=True),
    ]


def _can_be_followed(url: str) -> bool:
    return url.startswith(("https://", "http://")) and not any(c.isspace() or c in "<>\"'`\\" for c in url)


def correction_title(correction: Correction, language: Language) -> str:
    """That a later article takes something back."""
    return say(_CORRECTIONS[correction.kind], language)


def making(dossier: Dossier) -> list[Row]:
    """How the answer came about: what was searched, under which filters, and what wrote it."""
    answer, filters = dossier.answer, dossier.filters
    language, coverage = answer.language, answer.coverage
    searched = say("searched", language, articles=coverage.articles, passages=coverage.passages)
    if coverage.embedded < coverage.passages:
        searched = " ".join((searched, say("by_meaning", language, embedded=coverage.embedded)))
    known: list[tuple[str, tuple[str | None, ...]]] = [
        ("row_searched", (searched,)),
        ("row_only_outlets", filters.outlets),
        ("row_since", (filters.since,)),
        ("row_until", (filters.until,)),
        ("row_only_articles", tuple(map(str, filters.articles))),
        ("row_outlets", coverage.outlets),
        ("row_silent", coverage.silent),
        ("row_as_of", (answer.as_of,)),
        ("row_also_named", answer.also_named),
        ("row_confidence", (f"{answer.confidence:.2f}",)),
        ("row_model", (answer.model or say("no_model", language),)),
        ("row_prompt", (answer.prompt,)),
        ("row_left_out", (str(answer.left_out) if answer.left_out else None,)),
        ("row_program", (f"shawahid {dossier.program}",)),
    ]
    told = ((name, tuple(filter(None, values))) for name, values in known)
    return [_row(name, language, *values) for name, values in told if values]


def checking(answer: Answer) -> str:
    """How each quote can be checked."""
    return say("dossier_check", answer.language)
