"""How common the commonest stems are, so that few articles tell as well as many which words say little.

Counted over some thousand invented articles in Arabic and English: the stems in at least one of fifty articles of their
language, by about what share of the articles has them. Stop words are not among them.
"""

from types import MappingProxyType
from typing import Final

_BY_SHARE = {
    0.3: """
        اثن احد اخر اربع الف اما اول بان بلد تسع تقول ثان ثلاث خمس رييس ساع سبع عام عشر غير قالت لان لكن ليل مدير منذ
        نفس وان وقال ولا ولم وهو يوم
        000 1 2 3 after all ask back because before but call day eleven first four he her his hour i last may monday
        month night nine no nobody not off one only out over own people put s said say second she since six sunday their
        them they three told two until up we week will would year
    """,
    0.14: """
        احدا اربعاء اسبوع اسم اعلن اكثر الا امام امس ايام باق بحر بحسب بعدما بل بلا بيت ثالث ثلاثاء ثمان جديد جمع حين
        خارج خلال خميس دقايق دقيق دون دينار رابع رقم زار سابق سبب سبت سته سنه سنو شرك شهر صباح طريق طلب ظهر عاما عدد علي
        عمل عين فجر فيه فيها قال قديم كانت كما لجن ماء ماض مجلس مدرس مدين مركز مره مساء مستشف مقابل منها مهندس ميه نصف
        نقل واحد وزير وفي وقد وكان وهي يقول يوما
        4 40 6 9 add against answer between board boat both came can cent chief clos company cost could count director
        down each eight end even every fell five forty found friday gave given go gone half hand head him home hospital
        if january june keep left lost man march million minister ministry minut more morn mov my nam never new next
        noth now offer office old open other paid pay per port promis read report road run same saturday school sent
        september seven should show so stand stay still ten third thirty thursday time took tuesday turn twice under vot
        want water wednesday went within without work
    """,
    0.07: """
        ابن ابو اتحاد اتصال اثر اجر اخير ادار اذ ارض اسابيع استاذ اسر اشهر اصاب اصل اضاف اعل اعلنت اقل اكتوبر الاف الان
        الفا الي ام امر امين اولا باب باسم بدا بسبب بلاد بلغت بن به بيان بين تاسع تجار تحت تقرير تكون توقف ثلث ثمن جاء
        جامع جسر جلس جمهور حاد حادث حارس حافل حال حكم حكوم حي خامس خلف داخل درج دفع دكتور دور دول ذكر راس راي ربع رجل
        رسم رفض رفضت رفع سابع ساحل سادس ساعت سايق ست ستين سجل سعر سوق سوي سيار سيد شاحن شرط شرق شمال شيء صاحب صحه صغير
        صفح صندوق صوت صور صيف طالب طاير طبيب طرف طلبت عاد عاصم عايل عبد عبر عرض عقد عمال عمر غرف فبراير فتح فرق فريق فقد
        فقط فلم فوق فيما قاض قاع قان قايد قايم قدر قرار قري قطع قول كامل كان كتاب كتب كلف كلم كلها كهرباء كيلومتر
        كيلومترا له لها ليس ليلا مارس مال متر محافظ محام محط محكم محل مدن مرت مرس مصدر مقبل مكتب ملي منتصف منه منهم موسم
        موعد موقع ميا ميناء ناس نايب نحو نشر نقاب نها نوفمبر نياب هاتف هيي واد وحد ورد ورق وزار وصلت وطن وعل وفق وقع
        ونصف ونف يات يعرف يعمل يكن يناير يونيو
        10 11 12 14 15 17 18 19 20 2019 2021 22 30 300 31 400 5 7 8 900 above accept accord account again agre al
        already announc another any april august authority away bank began behind being blam bought box bridge bus
        cannot captain car card carri carry case charge claim clear close coast com come confirm contract council county
        court cover crew cross crown customer cut date dawn dead december declin died door dr due early else engineer
        expect fail family february ferry fifth figure finish fire fish follow former fourteen full good got government
        ground health heard held hold house hundr inspector island itself judge july kept kilometr know land late later
        law lawyer lead leader leav leave less let letter light like line list long look lorry lower m made make manager
        market mayor me meet member metr miss money most mr museum must name need neighbour neither nineteen ninety none
        noon notice november number october officer once order our owner paper pass patient plant point police post
        power price public quarter radio rain ran rather reach record refus remain rest retir return right roof round
        rul rule season seen sell service set shift ship shut side sign sixty some somebody speak spent spr staff start
        state stood stopp strike student summer t tak take taken team telephone test thing think though through tim too
        town train twelve twenty union university us vote wait walk warn well whether wrong wrote yet you
    """,
    0.03: """
        اب ابتداء ابريل ابلغ ابيض اتفاق اثناء اثنت اجتماع اجهز احتجاجا احياء اخي اذار اذن ارتفاع ارتفع ارتفعت ارسل ارقام
        ازرق استقال استيناف اسعار اسعاف اسماء اشار اشتر اشخاص اشعار اصحاب اصغر اصلا اصو اصيب اضافت اضراب اطفاء اطفال
        اعاد اعتبارا اعرف اعضاء اعلام اعمال اعيد اغسطس اغلاق اغلق اغلقت افاد افتتاح اقترح اقر اقليم اكبر اكدت الح الخط
        السد الل امتار امتنع امرا امطار امن انا انتخاب انتظار انتهت انقطاع انها انهم اهال اهل اوراق اوضح اوقف اوقفت ايار
        ايضا ايلول ب باربع باع بالغ بايع بثلاث بحار بحث بخمس بدات بدر بدل بديل برج برلم بريد بست بشان بشير بطاق بعد بعشر
        بعض بفارق بقي بقيت بلاغ بلغ بما بمدين بناء بنحو بند بندر بنسب بنك بني بها بواب بير بيضاء بيع بينما بيوت بيوم
        تاجر تاخر تاريخ تال تبدا تبق تبلغ تبين تتجاوز تحقيق تحمل تداول تدخل تدفع تذاكر تذكر تراجع ترب ترد ترك تسجل تسجيل
        تسلم تسم تشر تصل تصويت تطبيق تطلب تعد تعرف تعلن تعليق تعليم تعمل تعود تعويض تفتح تقدم تقدير تقريبا تكن تل تلاميذ
        تلق تلميذ تمر تملك تموز تنف تنفيذ توف توقع توقفت توقيع تيار ثالثا ثامن ثانيا ثلج جاءت جار جانب جايز جبل جري جزر
        جزير جمل جميع جناي جنوب جني جهاز جهه جواب جول جيش حاج حامل حجر حدها حدود حديد حرار حرك حريق حزير حساب حصيل حفر
        حفل حفيد حقيق حما حمل حول حيا حيث خاص خبر خبز خبير خدم خرج خرجت خريف خزان خط خطا خفض خلاف خلافا خور د دار دام
        داير دخل دخول دراج دراس درهم دعو دفاع دفتر دفعت دنانير دوار دولار ديسمبر دين دينارا ذات ذهب رابط راتب راحل ربيع
        رجال رحل رخص رد ردت رسال رسايل رسوم رصيف رفعت ركاب رمان رمل روا رواتب رياح رياس ريال ريح زال زجاج زراع زميل زوج
        زورق زياد زيت زير ساح سالم سالنا سباق سبتمبر سجلت سجن سحب سدر سرع سطح سفر سفين سقف سكان سكر سكن سلام سلط سلم سلو
        سليم سمع سمك سنت سهل سواحل سوال شارع شاش شباط شبك شتاء شحن شخص شخصا شراء شعب شقيق شكو شمس شهاد شهرا شيخ شييا
        صادر صار صاف صباحا صحاف صحف صحي صحيح صحيف صدر صفصاف صناديق صناع صوتا صياد صيان صيد ضد ضعف ضفاف ضفه طابق طاق طبي
        طفل طن طوار طول طير عادت عادل عاشر عامل عبار عثر عدا عداد عدم عرب عرضت عرف عصر عضو عضوا عطل عقيد علق علقت علم
        عميد عند عنه عنها عود عيد غادر غاز غرام غرب غياب فاتور فارق فايز فتحت فجرا فحص فرز فرع فصل ففي فقال فقالت فكر
        فلا فلاح فنار فني فوز قار قانون قايلا قبل قتل قدرت قدم قراء قراب قرب قرن قريب قسم قصب قصر قصير قضاء قضي قط قطار
        قلب قمح قهو قياد قيم كاتب كال كاملا كامير كاميرا كبير كتبت كثير كرم كره كريم كسر كشف كفر كلام كلي كمال كنت
        كهرباي كي ل لاعب لاي لايح لقاء لقب لكل لما لنا لهم لو لواء لوح لي لير ليست ماد مالك مايو مبارا مبلغ مبن متاخر
        متحدث متحف مترا متقاعد متن متوسط متوقف مثل مجاور مجموع محاسب محرك محضر مخالف مختبر مخيم مدارس مدت مدخل مدرب مدرج
        مده مرات مراقب مرج مرشح مرض مرفا مركب مزارع مساعد مساف مستشار مستشفي مستقل مستودع مسجل مسوول مسير مشارك مشترك
        مشرف مشروع مصاب مصرف مصنع مطار مطر مطلع مطلوب معارض معظم معلم معهد مغلق مقاعد مقاول مقر مقرر مقعد مكالم مكان
        مكتوب ملاح ملاي ملح ملعب ملف مليونا ممثل ممرض منافس مناوب مندوب منشور منصب منطق منظم مني منير مهل موان موتمر موج
        موسس موظف موقوف ميت ميز ناج ناد نار ناطق نتايج نتيج نجم نخيل نزل نساء نسب نسخ نظام نعم نفق نقاط نقط نقلت نقيب
        نهاي نهر نور هبوط هدف هدي هكذا هنا هناك و واح واكد وانا وبعد وبق وجاء وجد وجدت وجود وحيد وحين وذكر وردت ورفض
        وزراء وزن وسط وصل وصول وعدت وعزا وعشر وعن وفا وقت وقف وقود وكيل ولد ولن ومع ونفت ونقل وهذ وهذا ياس يبدا يبق يبلغ
        يتجاوز يتوقع يحتاج يحمل يخرج يدخل يدفع يذكر يرد يزال يسال يسر يسمح يسمع يشتر يشمل يصل يطلب يظهر يعد يعود يفتح
        يكف يملك ينتظر يوسف يوليو يوميا
        00 100 13 140 16 1998 200 2009 2011 2016 2017 2018 2020 2022 2023 2027 21 212 214 23 24 25 26 27 29 310 34 340
        38 41 44 46 48 50 500 51 52 58 60 600 61 63 64 70 71 80 81 83 84 88 90 abroad across act admitt afternoon aged
        agency agent ago agree agreement ahead air aircraft airport alive allow alone along also alway am among anyone
        anyth apologis apology appeal appear approv argu army arrest arriv article asleep ate attend bag bakery ballot
        ban barely battery bear bed begin begun believ bell belong below beside best better bill billion bin blame block
        blue body book border born borrow boy bread break breakfast bring broke broken brother brought bucket budget
        build built burn buy cable camera canoe capital cargo cas cast cattle centimetr central centre chair chairman
        chamber chang change charg check child children church city civil class clause clean clerk climb clinic clock
        closure club coach cold collect comment commission committee complain complaint condition contain contractor
        cook councillor country crack credit custom d dam dat daughter deal death decid decide decision defence degre
        delivery demand deni department deputy describ different dinar disput dispute district diver doctor dog dollar
        done doubl downstream draft driver drop dropp dry dur earlier east easter eastern eat eighteen either election
        empti empty enough ever everyone everyth evidence exchange executive explain eye fac failure fall far farm
        farmer father fault fear federation fee feed fewer field fifteen fifty fight figur fill film fin final finance
        find fine finger firm fishermen fix flight flood floor flower foot foreign form fortnight forward founder fourth
        fraud fre free front fuel fund gap gas gate general generator get giv give glov goal goat goe governor group
        grower guard hall harbour hav hear heat here herself high hill himself hom hous hurt husband ice idea ill ilse
        inquiry inside insist instead intend interior issu jail job joint judg key kill kilo kitchen km known laboratory
        labour lack lake lamp lantern largest league leak learn least led ledger lend length lent level library licence
        lift limit lin lindmar link little liv live loan local lock log longer los loss lowest lunch machine main
        majority mak map mark match matter mean measur medal men mend mention meridian message met midnight mil mine
        minute mistake mother move mrs ms national near net newspaper nor north northern note notic nurs nurse object
        official operation operator opposition otherwise outside overnight p page panel parent parliament part party
        passenger past patience payment pension percent permit person photograph picture pipe place plan plann play poll
        present president pric prime printer prison prisoner professor promise propos prosecutor protest publish puerto
        pull pump pupil push quarrel quay question race rail railway ras rate ready real reason receipt receiv recover
        rector red referee regional register reject releas remember renew reopen repair repeat replac repli reply
        reporter resident resign result resume ring rise rival river room row safety sail salary salt sat sav save saw
        schoolteacher scor sea seal seat secretary security see send sentence separate shar share sheet sho shop short
        shown sid single sister sit site sixteen size sleep slow small smoke snow software sold someth son sound south
        southern spare speaker spoke spokesman spokeswoman st stage statement station ston stone stop storm street
        struck such sum support survey surviv suspect suspend switch table talk tank tap tarn taught tax teach teacher
        tell tenth text thank themselv thought thousand ticket tide title today toll tonn top touch tour trac trade
        trader traffic transport travel treat tree trial trouble truck true trust umm unit unload upper use used valid
        valley valve vehicl vessel video village visit visitor wall ward wash watch way wear weather wedd weekend weigh
        wet wheel while white whole wife win wind winter wish withdrawn withdrew woman women won word worker worth wound
        writ written yard yellow yesterday young your
    """,
}
COMMON: Final = MappingProxyType({stem: share for share, stems in _BY_SHARE.items() for stem in stems.split()})
"""Stems, folded, with the share of articles that has them (0 to 1)."""
