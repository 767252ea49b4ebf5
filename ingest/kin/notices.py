"""Notices: where an article announces that another was wrong, is withdrawn, or is told further, and what it calls it.

A word such as "correction" announces nothing by itself, for markets and policies are corrected too. It must stand as a
label ("Correction: …", "… (updated)"), or in a phrase about an article ("an earlier version of this article"), in the
title or in the first or last lines. And even then nothing is linked unless an article is found that it refers to.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from shawahid.ingest.files.dates import MONTHS
from shawahid.ingest.text.passages import own_segments
from shawahid.ingest.text.sentences import LINE, sentence_spans, trim
from shawahid.ingest.text.words import STOP_WORDS, fold, stem, words
from shawahid.ingest.types import Article, CorrectionKind, Span

Title = tuple[str, ...]
"""The stems of the telling words of a title, in order."""

_EDGE: Final = 3  # lines at the beginning, and at the end
_LONGEST_END: Final = 600  # code points of a line, at either end
_MOST_LINES: Final = 40  # that are read where the title is a label and nothing else
_LONGEST_LINE: Final = 4_000  # code points
_LONGEST_HEADLINE: Final = 20  # words
_LONGEST_SAYING: Final = 3  # sentences

# All patterns are for folded text (words.fold).
_STRONG = (
    r"تصحيح|تصويب|استدراك|مصحح|corrections?|corrected|corrects|corrigend(?:um|a)|errat(?:um|a)|retractions?|retracted"
)
_WEAK = (
    r"تنويه|اعتذار|توضيح|ايضاح|سحب|clarifications?|editors?['’]?s? note|note (?:to|from) (?:our )?(?:readers|editors?)"
    r"|apology|withdrawn|withdrawal"
)
_UPDATED = r"تحديث|محدث|updates?|updated"
_LABEL = rf"(?:ال|an? )?(?:{_STRONG}|{_WEAK}|{_UPDATED})"
_LABELS = rf"(?P<label>{_LABEL}(?:(?: و| and | & |، ?|, |/){_LABEL})?(?: (?:هام|مهم|واجب|no\.? ?\d+|\d+))?)"
_ARTICLE = (
    r"\b(?:(?:[وبفلك]|لل)?(?:ال)?(?:خبر|مقال|مقاله|تقرير|مقابله)(?:ا|نا|ها|ه|هم)?"
    r"|articles?|stor(?:y|ies)|reports?|headlines?|news items?|piece|captions?|profiles?|interviews?)\b"
)
# An article of the outlet's own, and not some report that an article is about.
_OUR_ARTICLE = re.compile(
    r"\b(?:[بل]|لل)?(?:خبر|مقال|مقالت|تقرير|مقابلت)نا\b"
    rf"|{_ARTICLE}.{{0,40}}\b(?:ال)?(?:منشوره?|نشرناه?ا?|نشر|بعنوان)\b"
    r"|\b(?:our|this|an?) (?:recent |news |earlier )?(?:article|story|report|headline|piece|caption|profile"
    r"|interview)\b"
)
_GAP = r"(?:[^\s.:؟?!]+ ){0,5}?"

_TITLES = (  # a title's label, and what stands beside it
    re.compile(rf"[\W_]*{_LABELS}(?:\s*[:|\])]+\s*|\s+[-–—]+\s+|(?<=corrected)-|(?<=\d)-|[\W_]*$)(?P<rest>.*)"),
    re.compile(rf"(?P<rest>.+?)(?:\s*[\[(]\s*|\s+[-–—|]\s+|:\s*){_LABELS}\s*[\])]?\s*"),
    re.compile(rf"[\W_]*{_LABELS} {_GAP}{_ARTICLE}(?P<rest>.*)"),
)
_LINE_LABEL = re.compile(rf"[\W_]*{_LABELS}(?:(?:,|\s*\(| \d)[^:]{{0,24}}:|\s*[:|.\])]|\s+[-–—]|[\W_]*$)")
_PHRASES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:earlier|previous|original|initial|first) versions? of (?:this|the|our|that|an?) {_ARTICLE}",
        rf"this {_ARTICLE} (?:was|has been|is)\b[^.]{{0,80}}? (?:corrected|updated|amended|revised|retracted"
        r"|withdrawn)\b",
        r"\b(?:correct(?:s|ed|ing|ions? (?:to|of|on))|retract(?:s|ed|ing|ions? of)?|withdraw(?:s|n|ing|al of)?|withdrew"
        rf"|clarif(?:y|ies|ied|ications? (?:of|on|to))|updates? (?:to|on)) {_GAP}{_ARTICLE}",
        rf"\bapologi[sz](?:es?|ed) [^.]{{0,120}}?(?:\berror|\bmistake|{_ARTICLE})",
        r"\b(?:we|which|it|that) (?:incorrectly|wrongly|mistakenly|erroneously)\b",
        rf"{_ARTICLE}[^.]{{0,160}}\b(?:incorrect(?:ly)?|wrong(?:ly)?|mistaken(?:ly)?|erroneous(?:ly)?|misstated|misidentified"
        r"|misspelled|misquoted|misreported|inaccurate(?:ly)?|in error)\b",
        r"\bin (?:our|the) .{3,160}\. in fact\b",
        r"(?:نسخه|صيغه) (?:سابقه|اولي|قديمه) من (?:هذا|هذه) ",
        rf"\b(?:تم|جري|يجري) (?:تصحيح|تصويب|تعديل|تحديث|سحب|حذف) (?:هذا |هذه )?{_ARTICLE}",
        rf"\b(?:حدث|عدل|صحح|صوب|سحب|حذف)ت? (?:هذا |هذه ){_ARTICLE}",
        rf"\b(?:نصحح|تصحح|صححت|نصوب|تصوب|صوبت|نسحب|تسحب|سحبت|سحبنا|نعتذر|تعتذر|اعتذرت) {_GAP}{_ARTICLE}",
        rf"\b(?:تصحيح|تصويب|استدراك|اعتذار|سحب|توضيح|تحديث)(?: [^\s.:]+){{0,2}} {_ARTICLE}",
        rf"\b(?:ورد|وردت|وقع|جاء|ذكرنا|نشرنا|اشرنا|كتبنا)\b.{{0,60}}{_ARTICLE}.{{0,300}}?\b(?:خطا|سهوا|و?ا?لصحيح|و?ا?لصواب)\b",
        rf"{_ARTICLE}[^.]{{0,160}}\b(?:خطا|بالخطا|سهوا)\b",
    )
)
# What none of the above can do without; most lines of most articles have none of it.
_WORTH_A_LOOK = re.compile(
    r"correct|corrig|errat|retract|withdr|clarif|apolog|updat|editor|note|version|wrong|mistak|erron|error|in fact"
    r"|misst|misid|misspel|misq|misrep|inaccur|تصحيح|تصويب|استدراك|تنويه|اعتذار|توضيح|ايضاح|سحب|حذف|تحديث|تعديل"
    r"|محدث|حدثت? هذ|عدلت? هذ|نسخه|صيغه|صحح|صوب|نعتذر|تعتذر|اعتذر|خطا|سهوا|صحيح|صواب"
)
_RETRACTS = re.compile(r"retract|withdr|removed|سحب|حذف")
_UPDATES = re.compile(r"updat|تحديث|محدث|\bحدثت? هذ")
_WRONG = re.compile(
    r"\b(?:incorrect\w*|wrong\w*|mistak\w*|erroneous\w*|errors?|misstated|misidentified|misspelled|misquoted|misreported"
    r"|inaccura\w*|earlier version|misleading|خطا|بالخطا|اخطا\w*|سهوا|غير (?:صحيح|دقيق)\w*|نسخه سابقه)\b"
)
_RIGHT = re.compile(
    r"\b(?:in fact|should (?:have|be|read)|the (?:correct|right|actual)|correct(?:ed|ly)?|instead|rather than"
    r"|retract\w*|withdr\w+|و?الصحيح|و?الصواب|و?الاصح|وليس\w*|لا كما|صححنا|نسحب|تسحب|سحب\w*)\b|, not \b"
)
_QUOTED = re.compile(r"“([^”\n]{8,300})”|«([^»\n]{8,300})»|\"([^\"\n]{8,300})\"|(?<!\w)[‘']([^\n]{8,300}?)[’'](?!\w)")
_URL = re.compile(r"https?://[^\s<>\"'«»“”()\[\]،؛]+|\bwww\.[^\s<>\"'«»“”()\[\]،؛]+")


@dataclass(frozen=True, slots=True)
class Notice:
    """One announcement, and what it says of the article that it is about.

    `quoted` stands between quotation marks, `said` are its words, folded, `rest` is what a title says beside its label.
    `speaks` tells whether the words themselves speak of an article of the outlet's, `span` where they say what was
    wrong; None where only the title announces.
    """

    kind: CorrectionKind
    quoted: tuple[Title, ...] = ()
    urls: frozenset[str] = frozenset()
    said: tuple[str, ...] = ()
    rest: Title = ()
    speaks: bool = False
    span: Span | None = None


def folded(text: str) -> str:
    """A text as the patterns here read it: folded, on one line."""
    return " ".join(fold(text).split())


def telling(text: str) -> Title:
    """The stems of the words that tell one title from another.

    >>> telling("The council and the fish markets")
    ('council', 'fish', 'market')
    """
    return telling_words(words(text))


def telling_words(said: list[str] | tuple[str, ...]) -> Title:
    return tuple(stem(word) for word in said if word not in STOP_WORDS and len(word) > 1)


def plain_url(url: str) -> str:
    """An address without what varies from link to link.

    >>> plain_url("https://www.Example.org/a/?utm_source=x#top"), plain_url("http://example.org/a.")
    ('example.org/a', 'example.org/a')
    """
    try:
        parts = urlsplit(url.strip() if "//" in url else f"//{url.strip()}")
    except ValueError:  # not an address
        return ""
    kept = urlencode([(name, value) for name, value in parse_qsl(parts.query) if not name.startswith("utm_")])
    path = parts.path.rstrip("/.,:;!?؟…")
    return f"{parts.netloc.lower().removeprefix('www.')}{path}{'?' if kept else ''}{kept}"


def titles_of(article: Article) -> tuple[Title, ...]:
    """What an article is called: by its metadata, with and without the name of a section or an outlet behind it, and
    by the headline on its first line."""
    called = []
    if given := article.metadata.title:
        title = folded(given)
        label = _label(title)
        called += [title, label["rest"] if label else "", *re.split(r"\s[|–—-]\s", title)[:1]]
    if headline := _headline(article):
        called.append(folded(headline))
    return tuple(dict.fromkeys(filter(None, map(telling, dict.fromkeys(called)))))


def _headline(article: Article) -> str:
    first = next(_own_lines(article), None)
    line = article.text[first.start : first.end].strip() if first else ""
    ends = line.endswith((".", "!", "؟", "?", ":"))
    return "" if ends or len(line) > _LONGEST_LINE or len(line.split()) > _LONGEST_HEADLINE else line


def read_notices(article: Article) -> list[Notice]:
    """All that an article announces of others, what its lines say before what its title says."""
    text, title = article.text, folded(article.metadata.title or _headline(article))
    label = _label(title)
    bare = label is not None and _is_bare(label)
    lines = [(line, folded(text[line.start : line.end])) for line in (_all_lines if bare else _edges)(article)]
    if not label and not any(_WORTH_A_LOOK.search(said) for _, said in lines):
        return []
    blocks = _blocks(text, lines, bare=bare)
    notices = [notice for block in blocks if (notice := _read_block(text, block, title, label)) is not None]
    if label and not bare and (notices or not _is_weak(label)):
        kind = _kind_of(label["label"], title)
        speaks = kind != "update" and not _is_weak(label) and bool(re.search(_ARTICLE, title))
        span = notices[0].span if notices else None
        said = tuple(words(title))
        notices.append(Notice(kind, _quoted(title), frozenset(), said, telling(label["rest"]), speaks, span))
    return notices


def _label(title: str) -> re.Match[str] | None:
    """The label in a title, and what stands beside it."""
    if not _WORTH_A_LOOK.search(title):
        return None
    return next((match for pattern in _TITLES if (match := pattern.fullmatch(title))), None)


def _is_weak(label: re.Match[str]) -> bool:
    """Whether a label says too little by itself: notes and clarifications are not all about errors."""
    return not re.search(f"{_STRONG}|{_UPDATED}", label["label"])


def _is_bare(label: re.Match[str]) -> bool:
    """Whether a title has nothing beside its label, or only a date."""
    return all(word.isdigit() or word in MONTHS for word in words(label["rest"]))


def _says_it_all(label: re.Match[str]) -> bool:
    """Whether a title is the label and nothing else, and the label is a strong one."""
    return _is_bare(label) and not _is_weak(label)


def _kind_of(how: str, said: str) -> CorrectionKind:
    """What the announcing words make of it; an update that speaks of an error is a correction."""
    if _RETRACTS.search(how):
        return "retraction"
    return "update" if _UPDATES.search(how) and not _WRONG.search(said) else "correction"


def _own_lines(article: Article) -> Iterator[Span]:
    """The lines that are the article's own words."""
    for segment in own_segments(article.text, article.furniture):
        for line in LINE.finditer(article.text, *segment):
            if span := trim(article.text, Span(*line.span())):
                yield span


def _all_lines(article: Article) -> list[Span]:
    lines = islice(_own_lines(article), _MOST_LINES)
    return [Span(line.start, min(line.end, line.start + _LONGEST_LINE)) for line in lines]


def _edges(article: Article) -> list[Span]:
    """The first and the last lines; of long ones, as where a whole text is one, the first and the last sentences."""
    lines = list(_own_lines(article))
    near = lines if len(lines) <= 2 * _EDGE else [*lines[:_EDGE], *lines[-_EDGE:]]
    return [piece for line in near for piece in _ends(article.text, line)]


def _ends(text: str, line: Span) -> list[Span]:
    if line.end - line.start <= 2 * _LONGEST_END:
        return [line]
    first = sentence_spans(text, line.start, line.start + _LONGEST_END)
    last = sentence_spans(text, line.end - _LONGEST_END, line.end)
    return [Span(line.start, first[-2:][0].end), Span(last[:2][-1].start, line.end)]  # without what was cut through


def _blocks(text: str, lines: list[tuple[Span, str]], *, bare: bool) -> list[Span]:
    """Lines with the next ones that belong to them: what stands below a label, or says what is right.

    Where the title is a label and nothing else, all that follows belongs to an announcement; a new one begins where
    another article is spoken of.
    """
    blocks: list[Span] = []
    below = False
    for line, said in lines:
        goes_on = not _refers(text[line.start : line.end]) if bare else bool(_RIGHT.search(said))
        if blocks and (below or goes_on) and text[blocks[-1].end : line.start].isspace():
            blocks[-1] = Span(blocks[-1].start, line.end)
        else:
            blocks.append(line)
        below = _is_label(said)
    return blocks


def _is_label(line: str) -> bool:
    match = _LINE_LABEL.match(line)
    return match is not None and not telling(line[match.end() :])


def _refers(line: str) -> bool:
    return bool(_quoted(line) or _URL.search(line) or re.search(_ARTICLE, folded(line)))


def _read_block(text: str, block: Span, title: str, in_title: re.Match[str] | None) -> Notice | None:
    """What some lines announce, if they do. Where the title does, they need only speak of an article, and of an error
    unless the title speaks of nothing else."""
    written = text[block.start : block.end]
    said = folded(written)
    if in_title is None and not _WORTH_A_LOOK.search(said):
        return None
    erring = bool(_WRONG.search(said) or _RIGHT.search(said))
    label = _LINE_LABEL.match(said)
    phrase = next((match for pattern in _PHRASES if (match := pattern.search(said))), None)
    own = phrase or (label and (erring or not _is_weak(label)))
    if not own and not (in_title and _refers(written) and (erring or _says_it_all(in_title))):
        return None
    if own:
        kind = _kind_of(f"{label['label'] if label else ''} {phrase[0] if phrase else ''}", said)
    else:
        kind = _kind_of(in_title["label"] if in_title else "", f"{title} {said}")
    return Notice(
        kind=kind,
        quoted=_quoted(written),
        urls=frozenset(filter(None, (plain_url(found[0]) for found in _URL.finditer(written)))),
        said=tuple(words(written)),
        speaks=bool(own or (in_title and _is_bare(in_title))) and bool(_OUR_ARTICLE.search(said)),
        span=saying(text, block),
    )


def saying(text: str, block: Span) -> Span:
    """The sentences that say what was wrong and what is right; where none does, the first that speaks of an article."""
    sentences = [one for one in sentence_spans(text, *block) if len(text[one.start : one.end].split()) > 2]
    if not sentences:
        return block
    said = [folded(text[one.start : one.end]) for one in sentences]
    errors = [place for place, one in enumerate(said) if _WRONG.search(one) or _RIGHT.search(one)]
    spoken = [place for place, one in enumerate(sentences) if _refers(text[one.start : one.end])]
    first = last = next(iter(errors or spoken), 0)
    if errors and first and not _WRONG.search(said[first]):  # what is right leans on what was said before
        first -= 1
    while last + 1 < len(said) and _RIGHT.search(said[last + 1]) and last - first < _LONGEST_SAYING - 1:
        last += 1
    return Span(sentences[first].start, sentences[last].end)


def _quoted(text: str) -> tuple[Title, ...]:
    found = (telling(next(filter(None, match.groups()))) for match in _QUOTED.finditer(text))
    return tuple(dict.fromkeys(title for title in found if len(title) > 1))
