"""A language whose rules we don't have gets none: it is found by words and meaning, and that is told."""

from collections.abc import Iterator
from datetime import date

import pytest

from shawahid.assistant.assistant import Assistant
from shawahid.assistant.language.tongue import has_rules
from shawahid.assistant.search.question import read_question

from ..conftest import archive_of

TODAY = date(2031, 3, 14)
OURS = [
    "متى وصلت السفينة إلى الميناء؟",
    "شنو گال الوزير عن الجسر؟",
    "وش صار بالعبارة",
    "متى يفتح پارك گوگل؟",
    "سعر الذهب",
    "قال Jean de La Fontaine إن الجسر قديم",
    "When did the ship arrive?",
    "Van der Bellen and von der Leyen met",
    "Rio de la Plata cleanup",
    "Beyoncé, Björk and São Paulo",
    "Who is Charles de Gaulle?",
    "El Niño",
    "Is man or beast in question",
    "2031",
    "؟!",
]
OTHERS = [
    "شهردار تهران کیست؟",
    "پل چه زمانی باز می‌شود؟",
    "شورای شهر تصمیم گرفت پل قدیمی را دو ماه ببندد، و این خبر مردم را خوشحال کرد.",
    "پل کب کھلے گا؟",
    "آگ لگنے سے تین افراد زخمی ہوئے۔",
    "پردەکە کەی دەکرێتەوە؟",
    "Quand le pont sera-t-il rouvert ?",
    "Trois personnes ont été blessées dans l'incendie du marché couvert.",
    "Wann wird die Brücke wieder geöffnet?",
    "Die Kosten bezifferte der Verkehrsminister auf sechs Millionen Euro.",
    "¿Cuándo se abrirá el puente?",
    "Quante persone hanno protestato?",
    "Köprü ne zaman açılacak?",
    "Wanneer gaat de brug weer open?",
    "מתי ייפתח הגשר?",
    "Когда откроют мост?",
    "桥什么时候开放？",
]
ARTICLES = [  # title, outlet, text
    (
        "Le vieux pont ferme",
        "Le Phare",
        "Le vieux pont de Marsa sera fermé pendant soixante jours. Le maire Karim Haddad a dit : « Le pont est"
        " dangereux depuis le 3 mars 2031. » Il n'y aura pas de bac pour les habitants de la ville.",
    ),
    (
        "پل قدیمی بسته می‌شود",
        "روزنامه ساحل",
        "پل قدیمی مرسی برای چهل روز بسته می‌شود. شهردار گفت که این پل خطرناک است و باید تعمیر شود.",
    ),
    (
        "پل مرسی تعمیر می‌شود",
        "روزنامه موج",
        "پل قدیمی مرسی برای نود روز بسته می‌شود. شهردار گفت که این پل خطرناک است و باید تعمیر شود.",
    ),
    (
        "جسر المرسى يُغلق",
        "صحيفة المرسى",
        "يُغلق جسر المرسى القديم شهرين للترميم ابتداء من 3 مارس 2031. وقال رئيس البلدية كريم حداد إن الجسر خطر.",
    ),
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    rows = [{"title": title, "outlet": outlet, "text": text} for title, outlet, text in ARTICLES]
    with archive_of(tmp_path_factory.mktemp("languages"), rows) as opened:
        yield opened


@pytest.mark.parametrize("text", OURS)
def test_arabic_and_english_have_rules(text: str) -> None:
    assert has_rules(text)


@pytest.mark.parametrize("text", OTHERS)
def test_other_languages_have_none(text: str) -> None:
    assert not has_rules(text)


def test_nothing_is_read_in_a_question_of_another_language() -> None:
    question = read_question("Le maire a-t-il dit que le pont est dangereux ?", ["Who is the mayor?"])
    assert (question.kind, question.unit, question.claim, question.latest, question.base) == (
        "",
        None,
        None,
        False,
        None,
    )
    assert question.language == "en"


def test_a_question_in_another_language_is_answered_and_the_reader_is_told(archive: Assistant) -> None:
    answer = archive.ask("Combien de jours le vieux pont de Marsa sera-t-il fermé ?", today=TODAY)
    assert answer.status == "answered"
    assert "soixante jours" in answer.citations[0].quote
    assert answer.comparisons == ()
    assert answer.claim is None
    assert sum("language whose rules" in said for said in answer.notices) == 1


def test_no_speaker_and_no_time_is_told_of_a_quote_in_another_language(archive: Assistant) -> None:
    answer = archive.ask("Is the old bridge of Marsa dangerous, as Karim Haddad said?", today=TODAY)
    shown = [*answer.citations, *answer.more, *answer.coverage.closest]
    french = [citation for citation in shown if citation.outlet == "Le Phare"]
    assert french
    assert all(citation.speaker.words is None and citation.times == () for citation in french)
    own = archive.ask("متى يغلق جسر المرسى القديم؟", today=TODAY).citations
    assert any(citation.times for citation in own if citation.outlet == "صحيفة المرسى")


def test_nothing_is_disputed_between_quotes_in_another_language(archive: Assistant) -> None:
    answer = archive.ask("كم يوما يغلق جسر المرسى القديم؟", today=TODAY)
    numbers = {citation.number for citation in answer.citations if (citation.outlet or "").startswith("روزنامه")}
    assert all(numbers.isdisjoint(item.citations) for item in answer.comparisons)
    if numbers:
        assert "بعض الاقتباسات بلغة ليست لدي قواعدها، فلا أذكر فيها قائلا ولا وقتا ولا خلافا." in answer.notices
