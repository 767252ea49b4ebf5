"""Page furniture: the spans of an article that are the page's words and not the article's.

Share buttons, "read also" lines, adverts, comment counters, navigation, crawl debris. They are marked, never deleted,
and never cited. A line is marked for what it says, so that a mark can be explained; what is doubtful stays unmarked,
because a sentence wrongly marked can never be found again.
"""

import re
from typing import Final

from shawahid.ingest.text.sentences import LINE
from shawahid.ingest.text.words import fold
from shawahid.ingest.types import Span

# Each pattern must match a whole line, folded and without the punctuation around it.
_NETWORK = r"(?:whatsapp|telegram|facebook|twitter|x|instagram|linkedin|pinterest|reddit|messenger|viber|youtube|email|e-mail|print|copy link|واتساب|واتس اب|تيليجرام|تيليغرام|تلغرام|تليجرام|فيسبوك|فيس بوك|تويتر|انستغرام|انستجرام|يوتيوب|لينكدان|لينكد ان|بينتريست|ماسنجر|طباعه|نسخ الرابط|البريد الالكتروني|مشاركه عبر البريد)"
_LETTER = r"(?:newsletters?|inbox|channel|app|updates|النشره|نشرتنا|قناتنا|قنواتنا|صفحتنا|حسابنا|حساباتنا|القايمه البريديه|البريديه|التطبيق|تطبيقنا)"
_READ = r"(?:اقرا|اقراي|اقراوا|طالع|طالعوا|شاهد|شاهدوا|تابع|تابعوا|انظر) (?:ايضا|كذلك|المزيد)"
_WHOLE_LINES = [
    # adverts
    r"(?:اعلان|اعلانات|الاعلانات|مساحه اعلانيه|اعلان ممول|محتوي اعلاني|محتوي ممول|advertisements?(?: ?- ?scroll to continue)?|advert|ads?|sponsored(?: content)?|promoted|continue reading below|(?:article|story) continues below(?: advertisement)?)",
    # share buttons
    rf"{_NETWORK}(?:[\s|/,،·•-]+{_NETWORK})*",
    rf"(?:شارك|شاركها|شاركه|مشاركه|انشر|share|tweet|email)(?: (?:هذا |هذه |ال|this |the )?(?:خبر|مقال|مقاله|موضوع|صفحه|story|article|post|page|this))?(?: (?:علي|عبر|مع|on|via|with)(?: (?:اصدقايك|الاصدقاء|friends))?)?(?:[\s:|/,،·•-]*{_NETWORK})*",
    r"(?:انقر|اضغط|click)(?: here)?(?: هنا)?(?: .{0,20}(?:للمشاركه|to share).{0,60})?",
    r"like loading\.*",
    # pointers to other articles: the words alone, or with a mark and a headline behind them
    rf"{_READ}|{_READ}(?: .{{0,30}}?)?\s?(?::|\.\.|…|\||-).*",
    r"(?:للمزيد|لقراءه المزيد|المزيد|المزيد من (?:الاخبار|التفاصيل|المقالات|المواضيع)|مزيد من الاخبار|شاهد الفيديو|استمع للمقال|استمع الي المقال)",
    r"(?:مقالات|مواضيع|موضوعات|اخبار|قصص|تقارير|مواد|روابط) (?:ذات صله|ذات علاقه|مشابهه|متعلقه|مرتبطه|اخري|قد تهمك)",
    r"(?:ذات صله|قد يهمك(?: ايضا)?|قد يعجبك(?: ايضا)?|ربما يعجبك(?: ايضا)?|اخترنا لك|اخترنا لكم|الاكثر قراءه|الاكثر مشاهده|الاكثر تعليقا|الاكثر تداولا|احدث الاخبار|اخر الاخبار|اهم الاخبار)",
    r"(?:read (?:also|more|next)|see also|also read|you (?:may|might) also like)(?:\s?[:|-].*)?",
    r"(?:don.t miss|recommended(?: for you)?|related(?: (?:articles|stories|posts|topics|news|links|content))?|more (?:stories|on this story|news)|most (?:read|popular|viewed|shared)|trending(?: now)?|editor.s picks?|top stories|latest news)",
    # navigation
    r"(?:زر )?(?:الذهاب|العوده|الرجوع|عوده|رجوع) (?:الي|ل)\s?(?:ال)?(?:اعلي|رييسيه|صفحه الرييسيه|خلف|اعلي الصفحه)",
    r"(?:back to top|go to top|scroll to top|skip to (?:main )?content|home|menu|search|sign in|log in|next (?:article|post|page)|previous (?:article|post|page)|الرييسيه|القايمه|المقال (?:السابق|التالي)|الخبر (?:السابق|التالي)|التالي|السابق|اغلاق|بحث|تسجيل الدخول)",
    r"(?:home|الرييسيه)(?:\s?[>»›/|]\s?[^.؟?!>»›/|]{1,40}+){1,20}+",
    # comments and counters
    r"مناقشه حول هذا (?:post|المقال|الخبر|الموضوع|المنشور)",
    r"(?:التعليقات|تعليقات|comments?|leave a (?:comment|reply)|join the conversation|post a comment|be the first to comment|كن اول من يعلق|اضف تعليق(?:ا|ك)?|اترك تعليقا?|اكتب تعليق(?:ا|ك)?|شارك(?:نا)? (?:ب)?رايك|لا (?:توجد|يوجد) تعليقات|no comments(?: yet)?|view (?:all )?comments)(?:\s?[:(]?\s?\d{1,6}\s?\)?)?",
    r"\(?\d[\d,.]{0,8}k?\)?\s?(?:تعليق|تعليقات|تعليقا|مشاهده|مشاهدات|قراءه|اعجاب|comments?|views?|shares?|likes?|reads)",
    r"(?:(?:عدد )?(?:المشاهدات|الزيارات|القراءات)|views?|shares?|مشاهدات)\s?:?\s?[\d,.]{1,9}k?",
    r"(?:وقت القراءه|مده القراءه|reading time)\s?:?\s?.{0,20}|\d{1,3} (?:min(?:ute)?s? read|دقيقه قراءه|دقايق قراءه)",
    r"your email address will not be published.*|listen to this article(?: .{0,20})?|اخر تحديث\s?:.{0,40}|last updated\s?:.{0,40}",
    # newsletters, apps and rights
    rf"(?:ل?لاشتراك|اشترك|اشتركوا|انضم|انضموا|تابع|تابعوا|تابعنا|تابعونا|subscribe|sign up|join|follow|get) (?=.*(?:{_LETTER}|{_NETWORK})(?!\w)).{{0,80}}",
    r"(?:اشترك الان|اشتركوا الان|subscribe(?: now)?|sign up(?: now)?|follow us|تابعنا|تابعونا)(?: (?:علي|عبر|on) .{0,40})?",
    r"(?:جميع |كافه |كل )?(?:الحقوق محفوظه|حقوق النشر محفوظه)(?: ل\S+(?: \S+)?)?(?:\s?©?\s?\d{4})?|(?:©|copyright (?:©|\(c\)|\d)|حقوق النشر ©?).{0,80}|all rights reserved.{0,40}",
    r"(?:حمل|نزل|download)(?:وا)? (?:تطبيقنا|تطبيق الجوال|our app|the app).{0,60}",
    r"(?:للتواصل مع الكاتب|لمراسله الكاتب).{0,60}|\d{4,8}\s?-\s?(?:stc|zain|mobily)",
    r"(?:رابط (?:الخبر|المقال|الموضوع)|short link|الرابط المختصر)(?: .{0,40}?)?:.*",
    r"(?:tags?|الوسوم|وسوم|الكلمات (?:المفتاحيه|الدلاليه)|كلمات (?:مفتاحيه|دلاليه))\s?:.*|الوسوم|وسوم|tags",
    r"we use cookies.{0,200}|accept (?:all )?cookies|cookie (?:policy|settings)|privacy policy|terms of (?:use|service)|سياسه الخصوصيه|شروط الاستخدام|اتصل بنا|من نحن|contact us|about us",
]
_FURNITURE = re.compile("|".join(f"(?:{pattern})" for pattern in _WHOLE_LINES))
_AGENCY_SIGN = re.compile(r"\s*/{1,3}\s*(?:انتهى|انتهي|يتبع)\s*/{1,3}\s*")
_EDGES = " \t\u00a0.,،:;؛|*#>»›«-–—_•·()[]{}\"'“”…⸻=~"
_LONGEST_LINE: Final = 300  # code points
# Below one of these, alone on its line near the end, stand headlines of other articles.
_LIST_HEADER = re.compile(
    r"(?:اقرا|طالع|شاهد)(?:ي|وا)? (?:ايضا|المزيد)|(?:مقالات|مواضيع|موضوعات|اخبار) (?:ذات صله|مشابهه|متعلقه)|ذات صله|قد يهمك(?: ايضا)?"
    r"|related(?: (?:articles|stories|posts|news))?|read (?:also|more|next)|you (?:may|might) also like|most (?:read|popular)"
)
_ENDS_SENTENCE = re.compile(r"[.!?؟…][\"'”»)\]]*\s*$")
# A crawler's list of tags: names side by side, without any of the small words that join a sentence.
_TAG_TAIL = re.compile(
    r"(?<=[.!؟?”»])\s+سمات(?: (?!(?:في|من|إلى|الى|على|عن|أن|إن|التي|الذي|كان|كانت|هي|هو|مع|ما|لا)\s)[^\s.،؛:!؟?]+){1,30}\s*\Z"
)
_SAYS = re.compile(r"[\"«“']|(?:و|ف)?(?:قال|قالت|أضاف|أضافت|أكد|أكدت|أوضح|أوضحت|أشار|أشارت|ذكر|ذكرت|كان|كانت)\b")
_LIST_FROM: Final = 0.6  # of the text: a list of other headlines stands behind the article, not in it


def find_furniture(text: str) -> tuple[Span, ...]:
    """The spans of `text` that are page furniture, in order and apart from each other."""
    marked = [*_marked_lines(text), *_tag_tail(text)]
    return tuple(_joined(sorted(marked), text))


def _marked_lines(text: str) -> list[Span]:
    marked: list[Span] = []
    listing = False
    end_before = 0
    for match in LINE.finditer(text):
        line = match[0].strip()
        if not line:
            continue
        words = len(line.split())
        # A list of headlines ends at a blank line, at a sentence, or at a paragraph.
        blank = text.count("\n", end_before, match.start()) > 1
        if blank or _ENDS_SENTENCE.search(line) or words > 20 or _SAYS.match(line):
            listing = False
        folded = _bare(line)
        if _is_furniture(line, folded) or listing:
            start = match.start() + match[0].index(line)
            marked.append(Span(start, start + len(line)))
            listing = listing or (start >= _LIST_FROM * len(text) and bool(_LIST_HEADER.fullmatch(folded)))
        end_before = match.end()
    return marked


def _bare(line: str) -> str:
    return " ".join(fold(line[: _LONGEST_LINE + 1]).strip(_EDGES).split()) if len(line) <= _LONGEST_LINE else ""


def _is_furniture(line: str, folded: str) -> bool:
    return bool(_AGENCY_SIGN.fullmatch(line) or (folded and _FURNITURE.fullmatch(folded)))


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
