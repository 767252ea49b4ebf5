"""An `Answer` and an article as safe HTML. Pure functions: everything from an article or a user is escaped here."""

from html import escape
from itertools import pairwise

from assistant.types import Account, Answer, Citation, Correction, Language, Sentence
from ingest.types import Article, Span
from prompts import say

from .told import account_name, told_comparisons, told_coverage, told_namesakes, told_speaker


def render_turn(question: str, answer: Answer, dossier: str | None = None) -> str:
    """One question and its answer; `dossier` is where it can be had as one, but for the ending of a format."""
    if answer.status == "plain":
        return _turn(question, f'<p class="plain" dir="auto">{escape(answer.frame)}</p>', answer.language, "plain")
    body = _understood(answer) + (_answered(answer) if answer.status == "answered" else _abstained(answer))
    told = (*told_namesakes(answer), *answer.notices)
    notices = "".join(f'<p class="notice" dir="auto">{escape(notice)}</p>' for notice in told)
    saving = _saving(dossier, answer.language) if dossier else ""
    return _turn(question, f"{body}{notices}{_footer(answer)}{saving}", answer.language, answer.status)


def _saving(dossier: str, language: Language) -> str:
    """The answer as a file to keep, in each format."""
    formats = (("HTML", ".html"), ("Markdown", ".md"), ("JSON", ".json"))
    links = " ".join(f'<a href="{escape(dossier + ending)}" download>{name}</a>' for name, ending in formats)
    return f'<p class="dossier">{escape(say("dossier_save", language))} {links}</p>'


def _understood(answer: Answer) -> str:
    if not answer.understood:
        return ""
    text = escape(say("understood", answer.language, question=answer.understood))
    return f'<p class="understood" dir="auto">{text}</p>'


def render_failure(question: str, problem: str, language: Language) -> str:
    """A question that could not be answered because something failed, which is not the same as "not found"."""
    text = escape(say("failed", language, problem=problem))
    return _turn(question, f'<p class="failure" role="alert" dir="auto">{text}</p>', language, "failed")


def _turn(question: str, body: str, language: Language, status: str) -> str:
    return (
        f'<section class="turn {status}">'
        f'<h3 class="question" dir="auto">{escape(question)}</h3>'
        f'<div class="answer" lang="{language}" dir="{_direction(language)}">{body}</div>'
        "</section>"
    )


def _direction(language: Language) -> str:
    return "rtl" if language == "ar" else "ltr"


def _answered(answer: Answer) -> str:
    groups = "".join(_account(account, sentences, answer) for account, sentences in answer.by_account())
    told = answer.corrections_to_tell()
    sources = "".join(_source(one, told.get(one.number, []), answer.language) for one in answer.citations)
    return f'<p class="frame">{escape(answer.frame)}</p>{_compared(answer)}{groups}<ol class="sources">{sources}</ol>'


def _compared(answer: Answer) -> str:
    """What accounts agree on and dispute, above their words."""
    items = "".join(
        f'<li class="{item.relation}" dir="auto">{escape(told)}</li>'
        for item, told in zip(answer.comparisons, told_comparisons(answer), strict=True)
    )
    return f'<ul class="compared">{items}</ul>' if items else ""


def _account(account: Account | None, sentences: list[Sentence], answer: Answer) -> str:
    body = "".join(_sentence(sentence, answer) for sentence in sentences)
    if account is None:
        return body
    name = escape(account_name(account, answer))
    return f'<section class="account"><h4 class="whose" dir="auto">{name}</h4>{body}</section>'


def _sentence(sentence: Sentence, answer: Answer) -> str:
    marks = "".join(_mark(answer.citation(number), sentence) for number in sentence.citations)
    if sentence.origin != "model":
        said = told_speaker(answer.citation(sentence.citations[0]).speaker, answer.language)
        whose = f'<footer class="speaker" dir="auto">{escape(said)}</footer>' if said else ""
        return f'<blockquote class="sentence" dir="auto">{escape(sentence.text)}&nbsp;{marks}{whose}</blockquote>'
    doubt = "" if sentence.verdict == "supported" else f' <span class="doubt">{escape(sentence.reason)}</span>'
    return f'<p class="sentence written {sentence.verdict}" dir="auto">{escape(sentence.text)}&nbsp;{marks}{doubt}</p>'


def _mark(citation: Citation, sentence: Sentence) -> str:
    described = f"{citation.number}: {citation.outlet or citation.source}. {sentence.reason}"
    return (
        f'<a class="cite {sentence.verdict}" href="#{anchor(citation)}" aria-label="{escape(described)}" '
        f'title="{escape(described)}">{citation.number}</a>'
    )


def anchor(cited: Citation | Correction) -> str:
    """Where a citation leads: the article's number and the span to highlight."""
    return f"article-{cited.article}-{cited.start}-{cited.end}"


def _source(citation: Citation, corrections: list[Correction], language: Language) -> str:
    known = [
        f"<bdi>{escape(citation.title)}</bdi>" if citation.title else None,
        f'<bdi class="date">{escape(citation.date or say("undated", language))}</bdi>',
        f"<bdi>{escape(say('page', language, page=citation.page))}</bdi>" if citation.page else None,
    ]
    outlet = citation.outlet or say("no_outlet", language)
    rest = "".join(f' <span class="dot">·</span> {part}' for part in known if part)
    return (
        f'<li><a class="source" href="#{anchor(citation)}"><span class="number">{citation.number}</span> '
        f'<bdi class="outlet">{escape(outlet)}</bdi>{rest} <span class="dot">·</span> '
        f'<bdi class="file">{escape(citation.source)}</bdi></a>'
        f"{''.join(_corrected(correction, language) for correction in corrections)}</li>"
    )


def _corrected(correction: Correction, language: Language) -> str:
    """What corrects a cited article: its words, which lead there, and whose they are."""
    known = [correction.outlet or say("no_outlet", language), correction.title, correction.date]
    whose = ' <span class="dot">·</span> '.join(f"<bdi>{escape(fact)}</bdi>" for fact in known if fact)
    words = f"«{correction.quote}»" if language == "ar" else f"“{correction.quote}”"
    return (
        f'<a class="source corrected" href="#{anchor(correction)}">'
        f'<span class="note" dir="auto">{escape(say(correction.phrase, language, words=words))}</span> '
        f'<span class="from">{whose}</span></a>'
    )


def _abstained(answer: Answer) -> str:
    language = answer.language
    head = f'<p class="frame abstention">{escape(answer.frame)}</p>'
    if not answer.coverage.closest:
        return head
    items = "".join(_near(citation, language) for citation in answer.coverage.closest)
    summary = escape(say("closest", language))
    return f'{head}<details class="closest"><summary>{summary}</summary><ul>{items}</ul></details>'


def _near(citation: Citation, language: Language) -> str:
    outlet = escape(citation.outlet or say("no_outlet", language))
    return (
        f'<li><a class="source" href="#{anchor(citation)}">'
        f'<span class="near" dir="auto">{escape(citation.quote)}</span>'
        f'<span class="from"><bdi>{outlet}</bdi> <span class="dot">·</span> '
        f'<bdi class="file">{escape(citation.source)}</bdi></span></a></li>'
    )


def _footer(answer: Answer) -> str:
    return f'<p class="coverage" dir="auto">{escape(" ".join(told_coverage(answer)))}</p>'


# The article beside the chat


def render_article(article: Article, highlight: Span | None, copies: list[str], language: Language) -> str:
    """The whole article, its furniture dimmed, `highlight` marked; each line takes its own direction."""
    known = article.metadata
    facts = [
        known.outlet or say("no_outlet", language),
        known.date or say("undated", language),
        known.author,
        article.name,
    ]
    line = ' <span class="dot">·</span> '.join(f"<bdi>{escape(fact)}</bdi>" for fact in facts if fact)
    title = f'<h3 dir="auto">{escape(known.title)}</h3>' if known.title else ""
    link = ""
    if known.url and known.url.startswith(("https://", "http://")):
        label = escape(say("open_original", language))
        link = f'<a class="original" href="{escape(known.url)}" rel="noopener noreferrer" target="_blank">{label}</a>'
    also = (
        f'<p class="also" dir="auto">{escape(say("copies", language, names=", ".join(copies)))}</p>' if copies else ""
    )
    note = f'<p class="also">{escape(say("furniture_note", language))}</p>' if article.furniture else ""
    return (
        f'<article lang="{escape(known.language or "")}">'
        f'<header>{title}<p class="facts">{line}</p>{link}{also}{note}</header>'
        f'<div class="text">{_paragraphs(article, highlight)}</div></article>'
    )


def _paragraphs(article: Article, highlight: Span | None) -> str:
    marks = [(span, "furniture") for span in article.furniture]
    if highlight:
        marks.append((highlight, "quote"))
    lines, start = [], 0
    for line in article.text.split("\n"):
        if line.strip():
            lines.append(f'<p dir="auto">{_marked(article.text, Span(start, start + len(line)), marks)}</p>')
        start += len(line) + 1
    return "".join(lines)


def _marked(text: str, line: Span, marks: list[tuple[Span, str]]) -> str:
    """One line with the parts of the marks that lie in it wrapped."""
    edges = {line.start, line.end}
    for span, _ in marks:
        edges |= {edge for edge in span if line.start < edge < line.end}
    ordered = sorted(edges)
    return "".join(
        _wrapped(escape(text[start:end]), [kind for span, kind in marks if span.start <= start and end <= span.end])
        for start, end in pairwise(ordered)
    )


def _wrapped(body: str, kinds: list[str]) -> str:
    if "quote" in kinds:
        return f"<mark>{body}</mark>"
    return f'<span class="furniture">{body}</span>' if kinds else body


# The frame of the page


def render_header(articles: int, outlets: int, language: Language, model: tuple[str, str] | None = None) -> str:
    """The page's name, what the library holds, the way to the other language, and the model with the host that text
    goes to."""
    told = say("model_line", language, model=model[0], host=model[1]) if model else ""
    goes_to = f'<p class="model">{escape(told)}</p>' if model else ""
    line = (
        say("library_line", language, articles=articles, outlets=outlets)
        if articles
        else say("empty_library", language)
    )
    other, label = ("en", "English") if language == "ar" else ("ar", "العربية")
    return (
        f'<header class="masthead"><h1>{escape(say("page_title", language))}</h1>'
        f'<p class="tagline">{escape(say("tagline", language))}</p>'
        f'<p class="library">{escape(line)}</p>'
        f'<a class="language" href="?lang={other}" hreflang="{other}" lang="{other}">{label}</a>{goes_to}</header>'
    )


def render_welcome(language: Language) -> str:
    """What stands in the chat before the first question."""
    return f'<p class="welcome" lang="{language}" dir="{_direction(language)}">{escape(say("welcome", language))}</p>'


def render_empty_panel(language: Language) -> str:
    return f'<p class="hint">{escape(say("evidence_empty", language))}</p>'
