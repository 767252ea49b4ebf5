"""What comes from outside, as Markdown that shows it and does nothing else: clients of `/v1` and of MCP render answers.

Escaped are the values of an answer, before our own words and marks are put around them.
"""

import re
from dataclasses import replace

from shawahid.assistant.dossier.file import HIDDEN, sign
from shawahid.assistant.types import Account, Answer, Citation, Comparison, Correction, Sentence, Speaker

# What makes a link, an image, markup, code, emphasis or a table; a mark such as [1] is ours alone.
_MARKUP = re.compile(r"[\\`*_\[\]<>|~]")
_AT_START = re.compile(r"^(\d+(?=[.)])|)([.)#+=-])")  # a heading, a list, a rule
_LINE_ENDS = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")


def escaped(text: str) -> str:
    """A text on one line, wherever it stands in that.

    >>> escaped("![i](http://x)"), escaped("Fake\\n# [1]"), escaped("# Big")
    ('!\\\\[i\\\\](http://x)', 'Fake # \\\\[1\\\\]', '\\\\# Big')
    """
    line = _MARKUP.sub(r"\\\g<0>", _LINE_ENDS.sub(" ", text).strip())
    return HIDDEN.sub(lambda hidden: sign(hidden[0]), _AT_START.sub(r"\1\\\2", line))


def escaped_answer(answer: Answer) -> Answer:
    """An answer all whose texts are escaped; numbers, places and what is told by a code stay."""
    return replace(
        answer,
        frame=escaped(answer.frame),
        sentences=tuple(map(_sentence, answer.sentences)),
        citations=tuple(map(_citation, answer.citations)),
        coverage=replace(answer.coverage, closest=tuple(map(_citation, answer.coverage.closest))),
        more=tuple(map(_citation, answer.more)),
        accounts=tuple(map(_account, answer.accounts)),
        notices=tuple(map(escaped, answer.notices)),
        comparisons=tuple(map(_comparison, answer.comparisons)),
        also_named=tuple(map(escaped, answer.also_named)),
    )


def _known(text: str | None) -> str | None:
    return text and escaped(text)


def _sentence(sentence: Sentence) -> Sentence:
    return replace(sentence, text=escaped(sentence.text), reason=escaped(sentence.reason))


def _citation(citation: Citation) -> Citation:
    return replace(
        citation,
        source=escaped(citation.source),
        title=_known(citation.title),
        outlet=_known(citation.outlet),
        date=_known(citation.date),
        quote=escaped(citation.quote),
        speaker=_speaker(citation.speaker),
        corrections=tuple(map(_correction, citation.corrections)),
    )


def _speaker(speaker: Speaker) -> Speaker:
    return replace(speaker, words=_known(speaker.words))


def _correction(correction: Correction) -> Correction:
    return replace(
        correction,
        title=_known(correction.title),
        outlet=_known(correction.outlet),
        date=_known(correction.date),
        quote=escaped(correction.quote),
    )


def _account(account: Account) -> Account:
    return replace(account, outlet=_known(account.outlet), outlets=tuple(map(escaped, account.outlets)))


def _comparison(comparison: Comparison) -> Comparison:
    first, second = comparison.words
    return replace(comparison, words=(escaped(first), escaped(second)))
