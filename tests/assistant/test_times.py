"""Times in Arabic and English text: the table of expressions, what is no time, and what each wording comes to."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shawahid.assistant.language.times.find import find_times

from ..times import LANGUAGES, Expression, expressions, left_alone, measure, told

SATURDAY = "2019-04-20"

PLAIN = """
قال المدير إن الشركة باعت 2019 سيارة وإن مصنعها يضم 1500 عامل.
اتصل بالرقم 0912-345-678 أو بالرقم 2019 1984 لحجز موعد.
فاز الفريق بنتيجة 3-1 وتعادل منافسه 2/2 في ملعب 5 يوليو.
وافق 4/5 من الأعضاء على القانون رقم 14/2019 في جلسة طويلة.
مارس المدرب ضغوطا على لاعبيه، ويمارس نفوذه منذ زمن.
التقت تيريزا ماي نظيرها في قاعة صغيرة.
هو أب لثلاثة أطفال، وله أخوان اثنان.
اشترى سيارة نيسان مستعملة من معرض قريب.
يسكن في شارع 14 يناير قرب ميدان 25 يناير.
شارك أنصار قوى 14 آذار وحركة 20 فبراير في النقاش.
احتفل السكان بذكرى ثورة 17 فبراير وسط حضور كثيف.
الفلاحون في أمس الحاجة إلى المياه.
نشرت روسيا اليوم الخبر، ونفته صحيفة المصري اليوم.
يحتفل العالم باليوم العالمي للمرأة، وفي اليوم التالي تعود المدارس.
يعمل ثماني ساعات في اليوم وثلاثة أيام في الأسبوع.
تقع القرية قرب سوق الجمعة، وتقام فيها صلاة الجمعة.
صوت الوزيران الاثنان بنعم، وكلا الاثنين من حزب واحد.
جاءت النتائج قبل ثلاثة أيام من الاقتراع، وبعد أسبوع من الحملة.
حذر الخبراء قبل أيام من نقص قد يستمر عدة أشهر.
غادر قبل نحو أسبوعين، وعاد منذ فترة قصيرة.
وقع الحادث قبل شهر رمضان وبعد موسم الحصاد.
صدر الأمر في 15 رمضان 1440 هـ، وعدل عام 1441هـ.
بلغت المساحة 2000 متر والارتفاع 1950 مترا عن سطح البحر.
استند القرار 1973 إلى تقرير من 12 صفحة.
أدانت الدول هجمات 11 سبتمبر في بيان.
يرتفع الطلب في الأسبوع المقبل وفي الموسم الماضي والعقد الحالي.
يزور الوفد المدينة كل خميس وفي أيام الجمعة.
كانت الأسعار في الماضي أقل، وهي اليوم الأول على قائمة الشكاوى.
حمل القميص رقم 10 وسجل في الدقيقة 45.
ارتفعت النسبة من 2.5 إلى 3.11 في المئة.
They may march to the square, he said, and the march may be long.
Theresa May met April Jones and August Wilson at the Mayo clinic.
The Women's March drew 2000 people and 1,500 officers.
Call 555-2019 or +44 20 1984 2010 to book a room on the 4th floor.
The home side won 2-1, then drew 3/3 before a crowd of 2019 people.
Version 2.10.2019 of the program fixes 12 errors; release 10.4.2018 had more.
He lives at 14 July Street, near the 25 January Bridge, off Route 66.
The 17 February Revolution and the September 11 attacks changed the law.
The Sunday Times and the Black Friday sales were both mentioned.
She goes to the market every Tuesday and prays at Friday prayers.
It happened three days before the vote and a week after the storm.
A few days ago, or some weeks ago, the well ran dry.
More than two years ago the price was lower; over the last year it rose.
The road rises to 1950 metres and is 2000 miles long.
In 1200 schools out of 1800 there were no books.
Prices in the 1990s were lower, and so were they in the eighties.
Russia Today and USA Today carried the story.
He scored in the second half, first from a corner, fourth in the list.
The first Thursday of the month is a market day, and so is the last Friday.
The sun sat low; she sat down, wed in haste and had a second cup.
The mayor will decide in the near future, or in the coming weeks.
Between 1500 and 2000 fighters crossed from 1200 to 1300 houses.
The October War and the Black September group are in the book.
An august body, a march past, and the mar on the door of flat 12.
He was 45, she 46; the jan jar held 10 mar oranges.
Law 14/2019 and resolution 1973 were cited on page 2011.
""".strip().splitlines()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kept", expressions(), ids=["practice", "apart"])
def test_the_table_of_expressions(language: str, kept: list[Expression]) -> None:
    table = measure([expression for expression in kept if expression.language == language])
    right, total = told(table)
    assert right >= 0.95 * total, table
    assert left_alone(table)[0] == left_alone(table)[1], table


@pytest.mark.parametrize("sentence", PLAIN)
@pytest.mark.parametrize("published", [SATURDAY, None])
def test_what_is_no_time_is_left_alone(sentence: str, published: str | None) -> None:
    assert find_times(sentence, published) == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("on 4, 5 and 6 April 2019", ["2019-04-05/2019-04-06"]),
        ("April 4-7, 2019; 4–7 April", ["2019-04-04/2019-04-07", "2019-04-04/2019-04-07"]),
        ("from 28 December to 3 January 2016", ["2015-12-28/2016-01-03"]),
        ("من الرابع إلى السابع من أبريل 2019", ["2019-04-04/2019-04-07"]),
        ("من 2003 إلى 2011، وفي عامي 2011 و2015", ["2003/2011", "2011", "2015"]),
        ("في 4 نيسان (أبريل) 2018، وفي أول أيلول (سبتمبر)", ["2018-04-04", "2019-09-01"]),
        ("في الـ25 من يناير، وفي ١٧-٧-١٩٥٦", ["2019-01-25", "1956-07-17"]),
        ("في 4 أبريل من العام الماضي وفي 15 من الشهر الجاري", ["2018-04-04", "2019-04-15"]),
        ("April of that year, أبريل من العام نفسه", []),
        ("4 July each year, كل 4 يوليو", ["--07-04", "--07-04"]),
        ("30 February, 29 February 2019, 31/02/2019", []),
        ("04/05/2019, 04/14/2019, 04.05.2019", ["2019-04-14", "2019-05-04"]),
        ("في 04/05/2019 وبعدها", ["2019-05-04"]),
        ("في 26/10/1436 هـ الموافق 12 أغسطس 2015م الساعة 7", ["2015-08-12"]),
        ("In March 10 people died; on March 10 nobody did.", ["2019-03", "2019-03-10"]),
        ("last July, next July, this July, July 2018", ["2018-07", "2019-07", "2019-07", "2018-07"]),
        ("4\nApril\n2018", ["2018-04-04"]),
        ("غدًا الأحد، وأمس (الجمعة)", ["2019-04-21", "2019-04-19"]),
        ("أمس الخميس", []),  # which was the day before
        ("السبت، السبت الماضي، السبت المقبل", ["2019-04-20", "2019-04-13", "2019-04-27"]),
        ("الخميس قبل الماضي", ["2019-04-11"]),
        ("next Monday and Tuesday; from Monday to Thursday", ["2019-04-22", "2019-04-23"]),
        ("He said on Thursday that they will meet on Monday.", ["2019-04-18", "2019-04-22"]),
        ("وقال الخميس إن الوفد سيصل الاثنين", ["2019-04-18", "2019-04-22"]),
        ("قبل شهرين، قبل خمسة عشر يوما، twenty-five years ago", ["2019-02", "2019-04-05", "1994"]),
        ("last year, next month, العام قبل الماضي", ["2018", "2019-05", "2017"]),
        ("the 2014 vote, since 2011, (1999), the class of 2020", ["2014", "2011", "1999", "2020"]),
    ],
)
def test_what_a_wording_comes_to(text: str, values: list[str]) -> None:
    assert [time.value for time in find_times(text, SATURDAY)] == values


@pytest.mark.parametrize(
    ("published", "values"),
    [
        ("2019-04-20", ["2019-04-19", "2019-04-04", "2018-12-31", "2019-03", "2018"]),
        ("2019-04", ["2019-04-04", "2018-12-31", "2019-03", "2018"]),
        ("2019", ["--04-04", "--12-31", "2018"]),
        (None, ["--04-04", "--12-31"]),
    ],
)
def test_as_much_is_told_as_the_date_of_the_article_tells(published: str | None, values: list[str]) -> None:
    text = "yesterday, on 4 April, on 31 December, last month, last year"
    assert [time.value for time in find_times(text, published)] == values


@given(
    st.lists(
        st.sampled_from(
            """
            4 31 30 12th 2019 1440 0 99999 / - – . , ( ) و من إلى بين عامي from to and the of last next الماضي المقبل
            الجاري April Feb. May فبراير نيسان/أبريل كانون الأول الحادي والعشرين twenty-first ٤ ٢٠١٩ غدًا أمس اليوم
            Thursday الخميس قبل ثلاثة أيام أسبوعين three days ago year العام الشهر month 14/04/2019 29/02/2019 هـ م ﷲ ½
            early مطلع
            """.split()
        ),
        max_size=12,
    ),
    st.sampled_from(["2019-04-20", "2020-02-29", "2019-04", "2019", None]),
    st.sampled_from([" ", "", "\n", "\u200f "]),
)
def test_whatever_stands_together_the_offsets_hold(words: list[str], published: str | None, between: str) -> None:
    text = between.join(words)
    end = 0
    for found in find_times(text, published):
        assert text[found.start : found.end] == found.text
        assert end <= found.start < found.end
        assert not any(part.startswith("-") and not part.startswith("--") for part in found.value.split("/"))
        end = found.end


def test_a_long_article_takes_milliseconds() -> None:
    words = [word for expression in expressions()[0] for word in expression.text.split()]
    article = " ".join((words * 2)[:1000])
    find_times(article, SATURDAY)
    quickest = min(_seconds(article) for _ in range(7))
    assert quickest < 0.06  # a sixth of it where nothing else runs


def _seconds(article: str) -> float:
    start = time.thread_time()
    find_times(article, SATURDAY)
    return time.thread_time() - start
