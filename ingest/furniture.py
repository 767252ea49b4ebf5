"""Page furniture: the spans of an article that are the page's words and not the article's.

Share buttons, "read also" lines, adverts, comment counters, navigation, crawl debris. They are marked, never deleted,
and never cited. A line is marked for what it says, so that a mark can be explained; what is doubtful stays unmarked,
because a sentence wrongly marked can never be found again.
"""

import re

from .types import Span
from .words import fold

_LINE = re.compile(r"[^\n\r\v\f\u2028\u2029]+")

# Each pattern must match a whole line, folded and without the punctuation around it.
_NETWORK = r"(?:whatsapp|telegram|facebook|twitter|x|instagram|linkedin|pinterest|reddit|messenger|viber|email|e-mail|print|copy link|واتساب|واتس اب|تيليجرام|تلغرام|تليجرام|فيسبوك|فيس بوك|تويتر|انستغرام|انستجرام|لينكدان|لينكد ان|بينتريست|ماسنجر|طباعه|نسخ الرابط|البريد الالكتروني|مشاركه عبر البريد)"
_WHOLE_LINES = [
    # adverts
    r"(?:اعلان|اعلانات|الاعلانات|مساحه اعلانيه|اعلان ممول|محتوي اعلاني|محتوي ممول|advertisements?|advert|ads?|sponsored(?: content)?|promoted|continue reading below|article continues below(?: advertisement)?|story continues below(?: advertisement)?)",
    # share buttons
    rf"{_NETWORK}(?:[\s|/,،·•-]+{_NETWORK})*",
    rf"(?:شارك|شاركها|شاركه|مشاركه|انشر|share|tweet)(?: (?:هذا |هذه |this |the )?(?:الخبر|المقال|المقاله|الموضوع|الصفحه|خبر|story|article|post|page))?(?: (?:علي|عبر|مع|on|via|with)(?: (?:اصدقائك|الاصدقاء|friends))?)?(?:[\s:|/,،·•-]*{_NETWORK})*",
    r"(?:انقر|اضغط|click) .{0,20}(?:للمشاركه|to share) .{0,60}",
    # pointers to other articles
    r"(?:اقرا|اقراي|اقراوا|طالع|شاهد|تابع|انظر)(?:ي|وا)? (?:ايضا|المزيد|كذلك|ايضاً)(?: .{0,30}?)?(?:[:.…|-].*)?",
    r"(?:للمزيد|لقراءه المزيد|المزيد|المزيد من (?:الاخبار|التفاصيل|المقالات|المواضيع)|مزيد من الاخبار|لمزيد من الاخبار .{0,80})",
    r"(?:مقالات|مواضيع|موضوعات|اخبار|قصص|تقارير|مواد|روابط) (?:ذات صله|ذات علاقه|مشابهه|متعلقه|مرتبطه|اخري|قد تهمك)(?:[:].*)?",
    r"(?:ذات صله|قد يهمك(?: ايضا)?|قد يعجبك(?: ايضا)?|ربما يعجبك(?: ايضا)?|اخترنا لك|اخترنا لكم|الاكثر قراءه|الاكثر مشاهده|الاكثر تعليقا|الاكثر تداولا|احدث الاخبار|اخر الاخبار|اهم الاخبار)(?:[:].*)?",
    r"(?:read (?:also|more|next)|see also|also read|don.t miss|you may also like|you might also like|recommended(?: for you)?|related(?: (?:articles|stories|posts|topics|news|links|content))?|more (?:stories|from .{1,40}|on this story|news)|most (?:read|popular|viewed|shared)|trending(?: now)?|editor.s picks?|top stories|latest news)(?:[:|-].*)?",
    # navigation
    r"(?:زر )?(?:الذهاب|العوده|الرجوع|عوده|رجوع) (?:الي|ل)\s?(?:ال)?(?:اعلي|رئيسيه|صفحه الرئيسيه|خلف|اعلي الصفحه)",
    r"(?:back to top|go to top|scroll to top|skip to (?:main )?content|home|menu|search|next (?:article|post|page)|previous (?:article|post|page)|الرئيسيه|القائمه|المقال (?:السابق|التالي)|الخبر (?:السابق|التالي)|التالي|السابق|اغلاق|بحث)",
    r"(?:home|الرئيسيه)(?:\s?[>»›/|]\s?[^.؟?!]{1,40}){1,5}",
    # comments and counters
    r"مناقشه حول هذا (?:post|المقال|الخبر|الموضوع|المنشور)",
    r"(?:التعليقات|تعليقات|comments?|leave a (?:comment|reply)|join the conversation|post a comment|اضف تعليق(?:ا|ك)?|اترك تعليقا?|اكتب تعليق(?:ا|ك)?|شارك(?:نا)? (?:ب)?رايك|لا (?:توجد|يوجد) تعليقات|no comments(?: yet)?|view (?:all )?comments)(?:\s?[:(]?\s?\d{1,6}\s?\)?)?",
    r"\(?\d{1,6}\)?\s?(?:تعليق|تعليقات|تعليقا|مشاهده|مشاهدات|مشاركه|مشاركات|قراءه|اعجاب|comments?|views?|shares?|likes?|reads)",
    r"(?:(?:عدد )?(?:المشاهدات|الزيارات|القراءات)|views?|shares?|مشاهدات)\s?:?\s?[\d,.]{1,9}k?",
    r"(?:وقت القراءه|مده القراءه|reading time)\s?:?.{0,20}|\d{1,3} (?:min(?:ute)?s? read|دقيقه قراءه|دقائق قراءه)",
    # newsletters, apps and rights
    r"(?:اشترك|اشتركوا|انضم|انضموا) (?:في|الي|ب)\s?(?:النشره|نشرتنا|القناه|قناتنا|قناه|مجموعتنا|صفحتنا|قائمتنا|القائمه البريديه).{0,60}|(?:تابعنا|تابعونا|follow us|subscribe|sign up)(?: .{0,80})?",
    r"(?:جميع |كافه |كل )?(?:الحقوق محفوظه|حقوق النشر محفوظه)(?: .{0,60})?|(?:©|copyright).{0,80}|all rights reserved.{0,40}",
    r"(?:حمل|نزل|download)(?:وا)? (?:تطبيق|our app|the app).{0,60}",
    r"(?:للتواصل مع الكاتب|لمراسله الكاتب).{0,60}|\d{4,8}\s?-\s?(?:stc|zain|mobily)",
    r"(?:رابط (?:الخبر|المقال|الموضوع)|short link|الرابط المختصر)(?: .{0,40}?)?:.*",
    r"(?:tags?|الوسوم|وسوم|الكلمات (?:المفتاحيه|الدلاليه)|كلمات (?:مفتاحيه|دلاليه))\s?:.*|الوسوم|وسوم|tags",
    r"(?:انتهي|يتبع|ends?)",  # only between slashes: see _AGENCY_SIGN
    r"we use cookies.{0,200}|accept (?:all )?cookies|cookie (?:policy|settings)|privacy policy|terms of (?:use|service)|سياسه الخصوصيه|شروط الاستخدام|اتصل بنا|من نحن|contact us|about us",
]
_FURNITURE = re.compile("|".join(f"(?:{pattern})" for pattern in _WHOLE_LINES))
_AGENCY_SIGN = re.compile(r"\s*/{1,3}\s*(?:انتهى|انتهي|يتبع)\s*/{1,3}\s*")
_NEEDS_SIGN = re.compile(r"(?:انتهي|يتبع|ends?)")
_EDGES = " \t\u00a0.,،:;؛|*#>»›«-–—_•·()[]{}\"'“”…⸻=~"
_LONGEST_LINE = 300
# Below one of these, alone on its line near the end, stand headlines of other articles.
_LIST_HEADER = re.compile(
    r"(?:اقرا|طالع|شاهد)(?:ي|وا)? (?:ايضا|المزيد)|(?:مقالات|مواضيع|موضوعات|اخبار) (?:ذات صله|مشابهه|متعلقه)|ذات صله|قد يهمك(?: ايضا)?"
    r"|related(?: (?:articles|stories|posts|news))?|read (?:also|more|next)|you (?:may|might) also like|most (?:read|popular)"
)
_ENDS_SENTENCE = re.compile(r"[.!?؟…][\"'”»)\]]*\s*$")
_TAG_TAIL = re.compile(r"(?<=[.!؟?”»])\s+سمات(?: [^\s.،؛:!؟?]+){1,30}\s*\Z")


def find_furniture(text: str) -> tuple[Span, ...]:
    """The spans of `text` that are page furniture, in order and apart from each other."""
    marked = [*_marked_lines(text), *_tag_tail(text)]
    return tuple(_joined(sorted(marked), text))


def _marked_lines(text: str) -> list[Span]:
    marked: list[Span] = []
    listing = False
    end_before = 0
    for match in _LINE.finditer(text):
        line = match[0].strip()
        if not line:
            continue
        words = len(line.split())
        # A list of headlines ends at a blank line, at a sentence, or at a paragraph.
        if listing and (text.count("\n", end_before, match.start()) > 1 or _ENDS_SENTENCE.search(line) or words > 20):
            listing = False
        folded = _bare(line)
        if _is_furniture(line, folded) or listing:
            start = match.start() + match[0].index(line)
            marked.append(Span(start, start + len(line)))
            listing = listing or bool(_LIST_HEADER.fullmatch(folded))
        end_before = match.end()
    return marked


def _bare(line: str) -> str:
    return " ".join(fold(line[: _LONGEST_LINE + 1]).strip(_EDGES).split()) if len(line) <= _LONGEST_LINE else ""


def _is_furniture(line: str, folded: str) -> bool:
    if _AGENCY_SIGN.fullmatch(line):
        return True
    return bool(folded and _FURNITURE.fullmatch(folded) and not _NEEDS_SIGN.fullmatch(folded))


def _tag_tail(text: str) -> list[Span]:
    """Tags that a crawler glued to the last sentence."""
    match = _TAG_TAIL.search(text, max(0, len(text) - 600))
    if not match:
        return []
    start = match.end() - len(match[0].lstrip())
    return [Span(start, start + len(match[0].strip()))]


def _joined(spans: list[Span], text: str) -> list[Span]:
    """Spans with nothing but white space between them are one."""
    joined: list[Span] = []
    for span in spans:
        if joined and (span.start <= joined[-1].end or text[joined[-1].end : span.start].isspace()):
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined
