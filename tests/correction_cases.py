"""Invented articles that correct, retract or update others, and look-alikes that do nothing of the kind."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Piece:
    """An article as its outlet would publish it."""

    text: str
    title: str | None = None
    outlet: str | None = None
    date: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Case:
    """An article and a later one. `kind` is what the later does to it, None where nothing; `says` stands in the
    sentence with which it says so."""

    older: Piece
    newer: Piece
    kind: str | None = None
    says: str = ""


GULL, LANTERN, LEDGER = "The Gull", "Lantern Daily", "Hill Ledger"
NAJMA, BAYAN, SADA = "صحيفة النجمة", "جريدة بيان الوادي", "وكالة صدى الجبل"

CLINIC = (
    "The town of Orrin will open a night clinic on Quarry Street in June, the health board said on Monday.\n"
    "The clinic will have 14 beds and a staff of nine, and it will stay open until six in the morning.\n"
    "Its first doctor, Lena Marsh, worked for eleven years at the district hospital in Penwick.\n"
    "The board expects some forty patients a night during the winter months."
)
STORM = (
    "A storm tore the roof off the bus depot in Calder on Friday night and cut the power to the lower town.\n"
    "Three people were hurt, the fire service said, and eleven buses were damaged by falling beams.\n"
    "Trains on the coastal line stopped shortly after nine and will not run before Sunday at noon.\n"
    "The mayor, Piers Holt, asked people to stay away from the quays until the wind drops."
)
DAM = (
    "أعلنت هيئة السدود في الوادي الأخضر أن ملء خزان سد الصفصاف سيبدأ في منتصف أكتوبر المقبل.\n"
    "وقال مدير الهيئة ماهر الحلواني إن الخزان يتسع لنحو 80 مليون متر مكعب من المياه.\n"
    "وأضاف أن ثلاث قرى ستنقل إلى الضفة الشرقية قبل أن يرتفع منسوب المياه في الشتاء.\n"
    "وتبلغ كلفة المشروع 240 مليون دينار دفعت الحكومة نصفها حتى الآن."
)
TRAIN = (
    "خرج قطار ركاب عن سكته مساء الأربعاء قرب محطة العين الحمراء من دون أن ينقلب أي من عرباته.\n"
    "وقالت مصلحة السكك إن سبعة ركاب أصيبوا بجروح طفيفة ونقلوا إلى مستشفى البلدة القريبة.\n"
    "وتوقفت الحركة على الخط الساحلي حتى منتصف الليل ثم عادت على سكة واحدة فقط.\n"
    "وفتحت المصلحة تحقيقا في حال السكة التي لم تفحص منذ خمس سنوات."
)

TRUE_LINKS = {
    "ar_quoted_title": Case(
        Piece("افتتح وزير النقل جسر الرمان بطول 900 متر.", "وزير النقل يفتتح جسر الرمان الجديد", NAJMA, "2023-02-01"),
        Piece(
            "تصحيح: جاء في خبرنا «وزير النقل يفتتح جسر الرمان الجديد» أن طول الجسر 900 متر. والصواب أن طوله 690 مترا.",
            "تصحيح",
            NAJMA,
            "2023-02-03",
        ),
        "correction",
        "690",
    ),
    "ar_istidrak_without_marks": Case(
        Piece(
            "حصل معرض الكتاب في طبرة على أربعين ألف زائر.",
            "معرض الكتاب في طبرة يستقبل أربعين ألف زائر",
            BAYAN,
            "2022-11-10",
        ),
        Piece(
            "ورد سهوا في تقريرنا عن معرض الكتاب في طبرة واستقباله أربعين ألف زائر أن المعرض دولي. والصحيح أنه محلي.",
            "استدراك",
            BAYAN,
            "2022-11-12",
        ),
        "correction",
        "والصحيح أنه محلي",
    ),
    "ar_apology": Case(
        Piece(
            "قال المحامي إن التاجر سامر قباني أدين بالتهرب.",
            "إدانة التاجر سامر قباني بالتهرب من الضريبة",
            BAYAN,
            "2021-05-02",
        ),
        Piece(
            'تعتذر "بيان الوادي" عن الخطأ في خبر "إدانة التاجر سامر قباني بالتهرب من الضريبة"، فالقضية لم يصدر فيها حكم بعد.',
            "اعتذار",
            BAYAN,
            "2021-05-04",
        ),
        "correction",
        "لم يصدر فيها حكم",
    ),
    "ar_retraction": Case(
        Piece("كشف تقرير عن تسرب في مصنع الأسمدة.", "تسرب غاز سام من مصنع الأسمدة في الحولة", SADA, "2020-08-08"),
        Piece(
            "تسحب وكالة صدى الجبل خبرها المعنون «تسرب غاز سام من مصنع الأسمدة في الحولة» لعدم صحة الوثيقة التي استند إليها.",
            "تنويه من التحرير",
            SADA,
            "2020-08-09",
        ),
        "retraction",
        "لعدم صحة الوثيقة",
    ),
    "ar_url": Case(
        Piece(
            "بلغ عدد طلاب الجامعة 12 ألفا.", "الجامعة تبدأ عامها", NAJMA, "2023-09-01", "https://najma.example/uni/1"
        ),
        Piece(
            "توضيح: العدد الصحيح للطلاب في الخبر المنشور على الرابط https://www.najma.example/uni/1/?utm_source=t هو 21 ألفا.",
            "إلى القراء",
            NAJMA,
            "2023-09-02",
        ),
        "correction",
        "21 ألفا",
    ),
    "ar_update": Case(
        Piece(TRAIN, "خروج قطار ركاب عن سكته قرب العين الحمراء", SADA, "2024-01-10"),
        Piece(
            TRAIN.replace("سبعة ركاب أصيبوا بجروح طفيفة", "اثني عشر راكبا أصيبوا، أحدهم بجروح بالغة،"),
            "تحديث: خروج قطار ركاب عن سكته قرب العين الحمراء",
            SADA,
            "2024-01-11",
        ),
        "update",
        "اثني عشر راكبا",
    ),
    "ar_note_below_new_version": Case(
        Piece(DAM, "ملء خزان سد الصفصاف يبدأ في أكتوبر", NAJMA, "2022-07-01"),
        Piece(
            DAM.replace("80 مليون", "18 مليون")
            + "\nتنويه: ذكرت نسخة سابقة من هذا الخبر خطأ أن الخزان يتسع لثمانين مليون متر مكعب.",
            "ملء خزان سد الصفصاف يبدأ في أكتوبر",
            NAJMA,
            "2022-07-02",
        ),
        "correction",
        "نسخة سابقة من هذا الخبر",
    ),
    "ar_day_tells_which": Case(
        Piece("سعر الخبز 12 قرشا.", "نشرة الأسعار الأسبوعية في السوق المركزي", BAYAN, "2022-03-07"),
        Piece(
            "تصويب: ورد في «نشرة الأسعار الأسبوعية في السوق المركزي» المنشورة يوم 7 مارس أن سعر الخبز 12 قرشا وهو خطأ، والصحيح 10.",
            "تصويب",
            BAYAN,
            "2022-03-22",
        ),
        "correction",
        "والصحيح 10",
    ),
    "en_quoted_title": Case(
        Piece(
            "The new tram will cost 40 million crowns.",
            "New tram line will link harbour and airport",
            GULL,
            "2021-03-01",
        ),
        Piece(
            "Our article “New tram line will link harbour and airport” gave the cost as 40 million crowns. In fact it is 14 million.",
            "Correction",
            GULL,
            "2021-03-04",
        ),
        "correction",
        "14 million",
    ),
    "en_column_of_corrections": Case(
        Piece(
            "The violinist Ada Brandt was born in Oslo.",
            "Ada Brandt: a violinist against silence",
            LEDGER,
            "2020-10-10",
        ),
        Piece(
            "• A profile of a musician (Ada Brandt: a violinist against silence, 10 October) said that she was born in Oslo. "
            "In fact, she was born in Bergen.\n"
            "• We wrongly said, in a piece headlined “Cheese makers count their losses”, that 300 farms closed; it was 30.",
            "Corrections and clarifications",
            LEDGER,
            "2020-10-14",
        ),
        "correction",
        "born in Bergen",
    ),
    "en_column_second_item": Case(
        Piece("Three hundred farms have closed.", "Cheese makers count their losses", LEDGER, "2020-10-11"),
        Piece(
            "A letter from a reader about our crossword.",
            "Letters",
            LEDGER,
            "2020-10-15",
        ),
    ),
    "en_earlier_version": Case(
        Piece(CLINIC, "Orrin to open a night clinic in June", LANTERN, "2019-04-01"),
        Piece(
            CLINIC.replace("14 beds", "40 beds")
            + "\nEditor’s note: An earlier version of this article misstated the number of beds. It is 40, not 14.",
            "Orrin to open night clinic in June",
            LANTERN,
            "2019-04-02",
        ),
        "correction",
        "An earlier version of this article misstated the number of beds",
    ),
    "en_update_in_title": Case(
        Piece(STORM, "Storm tears roof off bus depot in Calder", GULL, "2018-12-01"),
        Piece(
            STORM.replace("Three people were hurt", "Nine people were hurt and one has died"),
            "UPDATE 1-Storm tears roof off bus depot in Calder",
            GULL,
            "2018-12-02",
        ),
        "update",
        "one has died",
    ),
    "en_retraction": Case(
        Piece(
            "A vaccine against grief was found.", "Scientists in Velm find a cure for hay fever", LANTERN, "2017-06-06"
        ),
        Piece(
            "Lantern Daily has retracted its report 'Scientists in Velm find a cure for hay fever'. "
            "The trial that it described never took place.",
            "Retraction: a report on hay fever",
            LANTERN,
            "2017-06-20",
        ),
        "retraction",
        "has retracted its report",
    ),
    "en_url_of_another_outlet": Case(
        Piece(
            "The bank has lost its licence.", "Bank loses licence", GULL, "2016-01-05", "https://gull.example/bank?id=7"
        ),
        Piece(
            "Correction: on Tuesday we repeated a report (https://gull.example/bank?id=7) that was wrong. "
            "The bank keeps its licence.",
            "From the editors",
            LEDGER,
            "2016-01-08",
        ),
        "correction",
        "that was wrong",
    ),
    "en_other_outlet_named": Case(
        Piece("Two ministers met in secret.", "Ministers met in secret at a lake house", LANTERN, "2015-02-02"),
        Piece(
            'The press council says that Lantern Daily must withdraw its story "Ministers met in secret at a lake house". '
            "No such meeting took place, the paper admitted.",
            "Paper withdraws story on ministers",
            LEDGER,
            "2015-02-09",
        ),
        "retraction",
        "withdraw its story",
    ),
    "en_title_in_other_words": Case(
        Piece(
            "The zoo in Brack has bought two snow leopards.",
            "Brack zoo buys two snow leopards from Lodz",
            GULL,
            "2014-05-01",
        ),
        Piece(
            "Clarification: our report about the Brack zoo and the two snow leopards it buys from Lodz should have said "
            "that the animals are on loan.",
            "Notes",
            GULL,
            "2014-05-03",
        ),
        "correction",
        "on loan",
    ),
    "en_no_metadata_but_headline": Case(
        Piece("Quiet harvest ends on the northern vineyards\nThe harvest ended on 3 May.\nIt was small."),
        Piece(
            "Correction\nThe story “Quiet harvest ends on the northern vineyards” gave a wrong day. The harvest ended on 13 May."
        ),
        "correction",
        "a wrong day",
    ),
}

LOOK_ALIKES = {
    "ar_reform": Case(
        Piece("أعلنت الوزارة خطة لإصلاح التعليم.", "الوزارة تعلن خطة إصلاح التعليم في الأرياف", NAJMA, "2023-01-01"),
        Piece(
            "قال الوزير إن تصحيح مسار التعليم في الأرياف يبدأ من المعلم. وتعلن الوزارة خطة الإصلاح كاملة في مايو.",
            "تصحيح مسار التعليم: خطة الوزارة في الأرياف",
            NAJMA,
            "2023-01-10",
        ),
    ),
    "ar_draw_of_lots": Case(
        Piece("تسحب القرعة الأحد.", "موعد سحب قرعة كأس الأندية في المدينة", BAYAN, "2023-03-01"),
        Piece(
            "جرى سحب قرعة كأس الأندية في المدينة مساء الأحد، وأوقعت حامل اللقب مع الوصيف.",
            "سحب قرعة كأس الأندية في المدينة",
            BAYAN,
            "2023-03-05",
        ),
    ),
    "ar_network_update": Case(
        Piece("تبدأ البلدية تحديث شبكة المياه.", "البلدية تبدأ تحديث شبكة المياه في الحي القديم", SADA, "2023-04-01"),
        Piece(
            "انتهى تحديث شبكة المياه في الحي القديم قبل موعده بشهر، وفق تقرير للبلدية عن الشبكة.",
            "تحديث شبكة المياه في الحي القديم ينتهي",
            SADA,
            "2023-06-01",
        ),
    ),
    "ar_coach_sorry": Case(
        Piece("خسر الفريق بخمسة أهداف.", "خسارة ثقيلة للنسور أمام فريق الميناء", NAJMA, "2023-05-01"),
        Piece(
            "اعتذار المدرب للجماهير: «أخطأت في خسارة النسور أمام الميناء». ووعد بتصحيح أخطاء الدفاع في المباراة المقبلة.",
            "اعتذار المدرب بعد خسارة النسور أمام فريق الميناء",
            NAJMA,
            "2023-05-02",
        ),
    ),
    "ar_disclaimer_under_another_version": Case(
        Piece(DAM.replace("الصفصاف", "الزيتون"), "خزان سد الزيتون يملأ في الخريف", SADA, "2021-01-01"),
        Piece(
            DAM.replace("الصفصاف", "الزيتون").replace("240", "250") + "\nتنويه: الآراء الواردة هنا تعبر عن رأي كاتبها.",
            "خزان سد الزيتون يملأ في الخريف",
            SADA,
            "2021-02-01",
        ),
    ),
    "ar_ministry_explains": Case(
        Piece("ارتفعت رسوم الموانئ.", "ارتفاع رسوم الموانئ في الربع الأول", BAYAN, "2022-04-01"),
        Piece(
            "أصدرت الوزارة توضيحا قالت فيه إن ارتفاع الرسوم لا يشمل السفن الصغيرة.",
            "توضيح من الوزارة بشأن الرسوم",
            BAYAN,
            "2022-04-03",
        ),
    ),
    "ar_reprint_with_a_note": Case(
        Piece("هذه حكاية الطاحونة.", "حكاية الطاحونة التي لم تتوقف يوما", NAJMA, "2010-01-01"),
        Piece(
            "تنويه: نعيد نشر مقال «حكاية الطاحونة التي لم تتوقف يوما» بطلب من القراء، بإذن كاتبه.",
            "من أرشيفنا",
            NAJMA,
            "2020-01-01",
        ),
    ),
    "ar_opinion_on_an_article": Case(
        Piece("الضرائب تثقل كاهل الفلاح.", "من يدفع ثمن الضرائب في الريف", BAYAN, "2022-05-05"),
        Piece(
            "قرأت مقال «من يدفع ثمن الضرائب في الريف» ولا أتفق مع كاتبه، فالضرائب لم تتغير منذ سنين.",
            "رد على مقال",
            BAYAN,
            "2022-05-09",
        ),
    ),
    "en_market_correction": Case(
        Piece("Shares fell for a third day.", "Shares fall for a third day in Velm", GULL, "2022-01-03"),
        Piece(
            "The correction: shares fell again in Velm, for a fourth day, and traders call it overdue.",
            "A market correction in Velm as shares fall",
            GULL,
            "2022-01-04",
        ),
    ),
    "en_prison_service": Case(
        Piece("Two guards were dismissed.", "Two guards dismissed from Brack prison", LEDGER, "2022-02-01"),
        Piece(
            "The Department of Corrections said that two guards dismissed from Brack prison will appeal.",
            "Corrections department loses two guards",
            LEDGER,
            "2022-02-05",
        ),
    ),
    "en_software_update": Case(
        Piece("Phones in Orrin stopped ringing.", "Phones fall silent across Orrin after fault", LANTERN, "2022-03-01"),
        Piece(
            "A software update has ended the fault that silenced phones across Orrin, the company said in a report.",
            "Software update: phones ring across Orrin again",
            LANTERN,
            "2022-03-02",
        ),
    ),
    "en_troops_withdraw": Case(
        Piece("Troops crossed the river.", "Troops cross the river at Senn", GULL, "2022-04-01"),
        Piece(
            "The general withdrew his troops from Senn after crossing the river in error, he wrote in his report.",
            "Withdrawal: troops leave Senn, cross the river again",
            GULL,
            "2022-04-02",
        ),
    ),
    "en_next_storm": Case(
        Piece("A storm closed the pier in Wick on Monday.", "Storm closes pier in Wick", GULL, "2019-01-01"),
        Piece(
            "Update: the pier in Wick is closed again, a year after the last storm, and the ferry stays in port.",
            "UPDATE: Storm closes pier in Wick",
            GULL,
            "2020-01-09",
        ),
    ),
    "en_same_title_elsewhere": Case(
        Piece("The council met on Thursday.", "Council votes to close the old library", LANTERN, "2021-01-01"),
        Piece(
            "Our article “Council votes to close the old library” was wrong: the vote is next week.",
            "Correction",
            LEDGER,
            "2021-01-04",
        ),
    ),
    "en_corrected_before_it_was_written": Case(
        Piece("The lake froze in 2021.", "Lake freezes for the first time in decades", GULL, "2021-02-10"),
        Piece(
            "Our article “Lake freezes for the first time in decades” gave a wrong year. The lake froze in 1981.",
            "Correction",
            GULL,
            "1990-02-12",
        ),
    ),
    "en_same_beginnings": Case(
        Piece("The fair opens at ten.", "Spring fair opens at Hollow Farm with a parade", LANTERN, "2021-04-01"),
        Piece(
            "Correction: the autumn fair at Penwick closes at eight, and not at nine as our listing had it.",
            "Correction",
            LANTERN,
            "2021-10-01",
        ),
    ),
    "en_campaign_report": Case(
        Piece("The union surveyed columns.", "Union survey finds cracks in town hall columns", GULL, "2021-06-01"),
        Piece(
            "The union corrected its report on the town hall after engineers found no cracks in its columns at all.",
            "Union admits an error",
            GULL,
            "2021-06-20",
        ),
    ),
}

# What else is there, so that the right one must be told from its neighbours.
OTHERS = {
    "prices_next_week": Piece("سعر الخبز 11 قرشا.", "نشرة الأسعار الأسبوعية في السوق المركزي", BAYAN, "2022-03-14"),
    "bridge_elsewhere": Piece("جسر جديد في الشمال.", "وزير النقل يفتتح جسر التفاح الجديد", NAJMA, "2023-02-02"),
    "tram_in_another_paper": Piece("A tram.", "New tram line will link harbour and airport", LANTERN, "2021-03-01"),
    "clinic_again": Piece("The clinic is full.", "Orrin night clinic is full", LANTERN, "2019-06-01"),
}
