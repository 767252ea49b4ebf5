"""The words by which a question asks for lists, counts, news of a time and summaries; folded, without ال."""

import re
from typing import Final

from shawahid.assistant.language.lexicon import forms

ASKING: Final = frozenset(
    """
    since whats your d ll ve what which who whom list show give tell me us please can could you i we want need to
    know would like find get see there is are was were been be has have had did do does the a an all any every each
    of in on at from for during over about within this that it s so and or then full complete some anything
    everything main top major important key big out hi hello ok now my read bring fetch only just exactly total
    overall thing things interesting up date say said says told else anyone thanks name enumerate brief rundown
    morning evening ever
    قراءه ما ماذا من عن في الي علي الذي التي ماهي ماهو ماهم ايش شو وش شنو ايه اش هل هات هاتلي اعطني اعطيني عطني اذكر
    اعرض اريد ابغي ابي بدي عايز عاوز ودي ممكن فضلك لو سمحت اخبرني قل قولي لي لنا خلال ضمن يوم ايام عام سنه شهر كل
    جميع كافه اهم ابرز احدث هناك هو هي هم ها هن تم قد كان كانت لك عندك لديك لديكم عندكم او ثم اين كم عدد مجموع احص
    احسب رجاء ارجو ان اعرف خبرني حدثني احك احكي حكي اقرا ارني وريني يوجد توجد فيه وين صبح صباح مساء ليل باختصار شلون
    كيف اسمع شوف شي شيء اشياء حاجه مهم مهمه قال قالت تقول كتبوا عنه اللي دي دا ده يا هذا هذه ذلك فقط مع جد ابحث كلها
    تاريخ بتاريخ خاص خاصه
    """.split()
)
EVENTS: Final = frozenset(
    """
    happened happen happens happening happenings occurred occur news headlines headline events event story stories
    report reports reported article articles published developments place took going new updates update summary
    recap roundup digest coverage occurrences missed miss catch papers newspapers press latest newest recent rundown
    briefing
    حدث حدثت حصل حصلت جري جرت يحدث يجري يصير صار صارت وقع وقعت استجد جديد اخبار خبر احداث مقالات مقال عناوين مستجدات
    تطورات نشر نشرت كتب كتبت ورد وردت حوادث ملخص موجز نشره صحف صحيفه جرايد حصاد وقايع فاتني فات لخص اخر نشرته نشرتها
    كتبته كتبه اوردته ذكرته صاير
    """.split()
)
ARTICLES: Final = frozenset(
    """
    articles article news stories reports headlines
    مقالات مقال مقالا اخبار خبر تقارير عناوين موضوعات
    """.split()
)
PUBLISHED: Final = frozenset(
    """
    published dated printed posted written
    مورخه منشوره منشور نشر نشرت صادره صدرت كتبت مكتوبه المنشوره
    """.split()
)
WRITING: Final = frozenset("write writes wrote written filed author authored by s كتب كتبت كتبها كتبه بقلم".split())
MENTIONING: Final = frozenset(
    """
    mention mentions mentioned mentioning about on regarding concerning cover covers covered covering discuss
    discusses discussed discussing talk talks talked talking speak speaks refer refers referring deal deals dealing
    contain contains containing include includes including name names naming related devoted dedicated word words
    عن حول تذكر ذكرت ذكر يذكر تتحدث يتحدث تحدثت تتكلم تحكي تتناول يتناول تناولت تناول تخص بشان بخصوص ورد وردت فيها
    فيه تشير يشير اشارت تتعلق متعلقه كلمه كلمات لفظ اسم ذكره ذكرها تطرقت تغطي غطت تضم تحوي
    """.split()
)
LIBRARY: Final = frozenset(
    """
    library archive archives database collection here yours texts documents articles article stories
    مكتبه ارشيف قاعده بيانات مجموعه هنا عندك لديك موجوده متوفره متاحه مخزنه نصوص وثايق
    """.split()
)
MENTIONED: Final = frozenset(
    """
    mentioned named appear appearing appears names referenced cited listed
    وارد ذكرهم ذكرها ذكره مذكورين مذكورون مذكوره مذكورات ورد وردت اسماء اسماوهم اسمايهم وارده واردين تذكر مقالات اسم
    ذكر
    """.split()
)
EVERY: Final = frozenset("all every each list enumerate جميع كل كافه اسرد".split())
LISTING: Final = frozenset(
    "list name enumerate give show who which what اذكر عدد سم اسرد قايمه هات اعطني اسماء من ما اعرض".split()
)
NAMED: Final = frozenset("mentioned named وارد ذكرهم مذكورين مذكورون مذكوره مذكورات وارده واردين".split())
SUMMARY: Final = frozenset(
    """
    short sentence sentences lines bullets three five summarise summarize summary summarised sum up recap outline
    brief briefly gist points point main key tldr tl dr digest content contents say says show display abstract
    essence shorten quick overview
    موضوع جمل جمله سطر اسطر سطور ثلاث خمس قصير لخص لخصي تلخيص ملخص ملخصا اختصر موجز اوجز خلاصه نقاط رييسيه اهم مضمون
    فحوي محتوي يقول يتحدث جاء عم عما اعرض ورد مختصر باختصار سريع
    """.split()
)
ARTICLE_WORDS: Final = frozenset("article text story piece document file مقال مقاله نص خبر ملف تقرير".split())
NUMBER_WORDS: Final = frozenset("number no nr num رقم بعنوان titled called entitled المعنون".split())
OUTLET_NOUNS: Final = frozenset(
    """
    newspaper paper agency magazine website channel the
    صحيفه جريده وكاله مجله موقع قناه
    """.split()
)
WRITER_NOUNS: Final = frozenset(
    """
    author writer journalist reporter columnist mr mrs ms dr
    كاتب كاتبه صحفي صحفيه صحافي صحافيه مراسل مراسله سيد سيده
    """.split()
)
STOPS_A_NAME: Final = frozenset(
    """
    has have had did about on in from for regarding during between before after since published please wrote written
    write this last do does are is there you that which who yesterday today and
    عن حول في من خلال بخصوص بشان الي منذ قبل بعد امس التي الذي هل و المنشوره كلها فقط لو علي
    """.split()
)
LEGAL: Final = re.compile(
    r"\b(?:constitution|law|laws|treaty|convention|charter|code|act|statute|covenant|agreement|declaration|nato)\b"
)

_KINDS_EN = r"(?:news )?(?:articles|reports|stories|pieces|news items|texts|documents)"
_KINDS_AR = r"(?:ال)?(?:مقال|مقالا|مقاله|مقالات|خبر|خبرا|اخبار|تقرير|تقريرا|تقارير|نص|نصا|نصوص|ماده صحفيه)"
COUNT: Final = re.compile(
    rf"\b(?:(?:how many|number of|count of|count|tally) (?:all |of |the |your |different ){{0,3}}{_KINDS_EN}"
    rf"|(?:كم|عدد|احص|احصي|احسب|احسبي) (?:عدد |من |لي |هو |هي ){{0,2}}{_KINDS_AR})\b"
)
LIST_ARTICLES: Final = re.compile(rf"\b(?:{_KINDS_EN}|(?:ال)?(?:مقالات|تقارير|اخبار))\b")
TIMELINE: Final = re.compile(
    r"\b(?:timeline|time line|chronology|(?:sequence|course|chain) of (?:the )?events|in chronological order"
    r"|(?:ال|ب|بال)?تسلسل (?:ال)?زمني|(?:ال)?تسلسل (?:ال)?(?:احداث|وقايع)|(?:ال)?خط (?:ال)?زمني"
    r"|(?:ال|ب|بال)?ترتيب (?:ال)?زمني|(?:ترتيب|تتابع|مجري) (?:ال)?(?:احداث|وقايع))\b"
)
BEGAN_AND_THEN: Final = re.compile(
    r"\b(?:متي|كيف|when|how) (?:did |has )?.*\b(?:بدا|بدات|ابتدا|begin|start|began|started|begun)\b.*"
    r"\b(?:ماذا|وماذا|ما الذي|وما الذي|ايش|وايش|what) (?:حدث|حصل|جري|صار|تلا|happened|came|followed)"
    r"(?: \w+){0,2}? ?(?:بعد\w*|next|after\w*|then)?\b"
)
_NAME = r"(?P<name>[^_]{1,60})"  # bounded, for a question may be long
AUTHORED: Final = (
    re.compile(
        rf"\b(?:articles?|stories|story|pieces?|reports?|columns?|texts?|work|works|writings|everything|anything|all)"
        rf" (?:(?:that|which|were|was|are|you have|have been|in the (?:library|archive)|there are) )*"
        rf"(?:written |published |signed |penned |authored )?by {_NAME}"
    ),
    re.compile(r"\b(?:written|signed|penned|authored) by " + _NAME),
    re.compile(
        rf"\b(?:what|(?:which|what|how many) (?:articles|stories|reports))"
        rf" (?:did|has|have|does|had|else did|else has) {_NAME} (?:ever )?(?:write|written|wrote|author|authored)\b"
    ),
    re.compile(
        rf"\b(?:has|did|does|have) {_NAME} (?:ever )?(?:write|written|publish|published|author|authored)"
        r" (?:anything|something|articles|any|(?=about|on))\b"
    ),
    re.compile(
        rf"\b(?:articles|stories|pieces|reports|columns|everything|anything|all|what|whatever) (?:that |which )?{_NAME}"
        r" (?:ever )?(?:(?:has|have|had) )?(?:wrote|written|filed|published|authored|penned)\b"
    ),
    re.compile(r"\b(?P<name>[^\W_]+(?: [^\W_]+){0,3}) s (?:articles|stories|columns|writings|pieces|reporting)\b"),
    re.compile(rf"\b(?:بقلم|كتبها|كتبته|كتبه|كتبتها|كتابه|تاليف) {_NAME}"),
    re.compile(
        r"\b(?:ماذا|ما الذي|ما|ايش|شو|وش|ايه|اش|شنو|هل|كم مقالا|كم مقال|كم خبرا)"
        rf" (?:كتب|كتبت|يكتب|تكتب|كتبه|كتبته|نشره|نشرته) {_NAME}"
    ),
)
POSSESSED: Final = re.compile(
    r"\b(?:ال)?(?:مقالات|مقال|كتابات|تقارير|اعمال|مواد|موضوعات|تحقيقات|اعمده) (?:ل ?)?"
    rf"(?:(?:ال)?(?:كاتب|كاتبه|صحفي|صحفيه|صحافي|صحافيه) )?{_NAME}"
)
ALL_BY_NAME: Final = 4  # words of a name at most

PUBLISHING: Final = (
    re.compile(
        r"\b(?:did|does|has|have|do) @ (?:\w+ ){0,2}(?:say|report|write|publish|run|print|cover|carry|tell|reported|"
        r"published|written|said|covered)\b"
    ),
    re.compile(r"\b(?:according to|published (?:by|in)|reported (?:by|in)|as told by|as reported by) @"),
    re.compile(
        r"\b(?:articles|news|stories|reports|headlines|coverage|published|reported) (?:\w+ ){0,4}?(?:in|from|by|of) @"
    ),
    re.compile(r"\b(?:is|was|are) @ (?:saying|reporting|writing|telling)\b"),
    re.compile(r"^(?:\w+ ){0,3}(?:latest|newest|recent|anything|something|everything|all|new) (?:from|in|by) @"),
    re.compile(r"@ (?:s )?(?:coverage|reports|articles|reporting|stories|version|headlines)\b"),
    re.compile(r"^(?:what|how) .*@ (?:say|says|said|report|reports|reported|wrote|published|covered)\b"),
    re.compile(r"(?:^|\b)(?:in|from) @ (?:what|how|who|when|where|list|show)\b"),
    re.compile(
        r"\b(?:نشر|نشرت|نشرته|كتب|كتبت|كتبته|قال|قالت|قالته|ذكر|ذكرت|ذكرته|اورد|اوردت|اوردته|نقلت|نقلته|تقول|تذكر|تنشر|"
        r"غطت|تناولت|جاء|ورد|يقول|منشور|المنشور|المنشوره|نشرتها|كتبتها) (?:عنه |عنها |في |علي |ب )?@"
    ),
    re.compile(r"\b(?:وفق|وفقا ل|وفقا|بحسب|حسب|نقلا عن|استنادا الي) @"),
    re.compile(r"\b(?:ال)?(?:مقالات|اخبار|تغطيه|تقارير|مقال|روايه|عناوين|موضوعات) (?:في |من |عن |نشرتها |كتبتها )?@"),
)


def bare(word: str, among: frozenset[str]) -> bool:
    """Whether a folded word is among these, as it is or without what Arabic writes together with it."""
    return word in among or any(form in among for form in forms(word))
