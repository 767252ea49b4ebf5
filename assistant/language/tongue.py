"""Whether a text is in a language that the rules here are for, Arabic or English, as far as its letters and function
words tell.

Script alone does not: Persian, Urdu and Kurdish are in Arabic letters, French and German in Latin ones. A text that may
be either is taken to be ours, for most are. So another language needs several of its own words, and more than it has of
ours.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from shawahid.ingest.text.words import words

_WORD: Final = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f\u064b-\u065f\u200c’'][^\W\d_]+)*")
_ARABIC: Final = re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
_LATIN: Final = re.compile(r"[A-Za-z\u00aa-\u024f\u1e00-\u1eff]")

# Letters that Arabic has not.
_OTHER_LETTERS: Final = re.compile("[ژٹڈڑںےہۀۂەۆێڕڵټډړږښګڼېۋۇڭ]")
_LIKELY_OTHER: Final = re.compile("[پچگکیھ]")  # of spoken Arabic too, or of another keyboard
_ONLY_ARABIC: Final = re.compile("[ةإأ]|^(?:[وفبك]?ال|لل|ولل).{3}|[^ا]ى$")
_ARABIC_WORDS: Final = frozenset(
    """
    في علي الي عن ان انه انها هذا هذه ذلك تلك التي الذي الذين لم لن قد كان كانت هو هي مع بين بعد قبل كل حتي او ثم ماذا
    هل كيف متي اين لماذا كم قال قالت اي غير عند منذ خلال ضد حول وقد وفي ولا فيه فيها به بها له لها اليوم امس
    شو وش ايش ليش وين مين اللي هاي
    """.split()
)
_OTHER_IN_ARABIC: Final = frozenset(
    """
    از است این آن برای شده شود می‌شود های که کرده یک هر نیز چه چیست کیست کجا چرا کدام چند بودند
    کے کی کا کو میں ہے ہیں نے سے اور پر یہ وہ نہیں تھا تھے گیا کیا جو
    لە بۆ کە ئەم ئەو بە لەگەڵ بوو لەسەر هەر چی
    د په کې چې دی سره
    """.split()
)

_ENGLISH: Final = frozenset(
    """
    the of and to in is that for on was with as by at from it he be are were has have had his her their they this
    an what who when where how why did does do which not but or will would said after about into over than been its
    she we you i if there no all more one out up can could says should while
    """.split()
)
_OTHERS_IN_LATIN: Final[Sequence[frozenset[str]]] = tuple(
    frozenset(listed.split())
    for listed in (
        "le les une dans pour que qui sur avec par plus pas aux cette ces est sont été était ont où quand comment"
        " pourquoi quel quelle quels quelles qu'est-ce leur leurs mais selon entre depuis après il elle nous vous se"
        " sa son ne ce et du des au un la de en a",
        "der die das und ist nicht mit zu dem den ein eine einer eines einem einen auf für im wird werden sich wer wo"
        " wann wie warum welche welcher welches aus bei nach über auch als dass sind hat haben wurde wurden es er sie"
        " am vom zum zur bis oder noch wenn kann von des",
        "los las que por con para una su sus se es como más pero fue ser está están qué quién quiénes cuándo cuántos"
        " cuántas dónde cómo cuál son este esta entre desde sobre hay ha han lo y el la de en del al un no",
        "il lo gli della delle dello dei degli che è per con nel nella nelle una sono chi cosa come quando dove perché"
        " quale quali quanti quante anche più dal dalla alla alle ha hanno stato essere si di le la del da un al non",
        "ve bir bu için ile da de ne kim nerede nasıl neden niçin hangi kaç olan olarak çok daha gibi sonra kadar göre"
        " ancak değil mı mi mu mü oldu olduğu etti edilen veya her en zaman",
        "os as uma um não para por com que se mais foi são está como quem quando onde qual quantos quantas ao aos pelo"
        " pela dos das nos nas seu sua mas ou ser tem até sobre entre e o a de do da em no na",
        "het een van niet dat zijn op voor met wordt werd worden wie wat waar wanneer hoe waarom welke ook naar bij uit"
        " maar om te er nog dan als zich heeft hebben de en in is aan",
        "och att det som är för på med av den ett inte till från har var vem när hvad hvem hvor når og af ikke jeg"
        " eller men om kan vi en i",
        "ja on ei että se oli mutta kun hän ovat kuin mitä kuka missä milloin tai sekä joka",
        "i w na z że się nie jest do to co kto kiedy gdzie jak jaki oraz przez był była są dla od po",
        "și în este la cu pe din care sunt ce nu mai pentru cine când unde o un al a",
        "nie je sa na že ako v je se na to že kdo co kdy kde jak byl jsou pro",
        "az egy és hogy nem ki mi mikor hol van volt is a meg de",
        "yang di dan dengan untuk dari pada ini itu adalah tidak siapa apa kapan mana ke dalam akan oleh",
        "ku li bi ji di de û bo her kî çi kengî ew ev e in ye",
        "của và là có trong được cho không một người những ai gì",
    )
)
_IN_NAMES: Final = frozenset(  # and in English
    """
    de la le les du des el los las al del di da do dos das den der die van von ten san y e i a o en un une una no on
    in is as an at am so me to we he if or per par plus est con non all come sole pour chi sur ten die war was hat
    dem des one in more man men can name van son las fin pas sa se te er om ha mi mu lo be by for al up sub par mais
    met care din till mit aus pro volt her hem mas nor ett tem ran
    who is ja na po pe ai co ke mai nos os is or dan van ye ki hat are bin an no kim de du bis bi ji ku li ev ew di
    """.split()
)
_FOREIGN_LETTERS: Final = re.compile("[àâçèéêëîïôœùûÿäöüßñáíóúãõåøæłśżźćąęńğşıűőčšžřěůđșțăâ¿¡ạảấầẩẫậắằẳẵặẹẻẽếềểễệ]")
_ENOUGH: Final = 2.0  # words of the other language
_CERTAIN: Final = 3.0  # words that may also stand in a name, and none of English
_SHARE: Final = 0.15  # of all words


@lru_cache(maxsize=4_096)
def has_rules(text: str) -> bool:
    """Whether a text is to be read by the rules of Arabic or English; a text without letters is.

    >>> has_rules("متى وصلت السفينة؟"), has_rules("کشتی کی به بندر رسید؟"), has_rules("Quand le navire est-il arrivé ?")
    (True, False, False)
    """
    letters = sum(map(str.isalpha, text))
    arabic, latin = len(_ARABIC.findall(text)), len(_LATIN.findall(text))
    if letters and arabic + latin < letters / 2:
        return False
    written = _WORD.findall(text)
    return not (_not_arabic(written) if arabic >= latin else _not_english(written))


def _not_arabic(written: Sequence[str]) -> bool:
    own = other = 0.0
    count = 0
    for word in written:
        if not _ARABIC.match(word):
            continue
        count += 1
        if word in _OTHER_IN_ARABIC or _OTHER_LETTERS.search(word):
            other += 1
        elif _ONLY_ARABIC.search(word) or "".join(words(word)) in _ARABIC_WORDS:
            own += 1
        elif _LIKELY_OTHER.search(word):
            other += 0.5
    return other >= min(_ENOUGH, max(1.0, count / 3)) and other > 1.5 * own and other >= _SHARE * count


def _not_english(written: Sequence[str]) -> bool:
    said = [word.replace("’", "'") for word in written if _LATIN.match(word)]
    # A capital within a sentence begins a name: São Paulo.
    names = {part.casefold() for word in said[1:] if word[0].isupper() for part in word.split("'")}
    parts = [part for word in said for part in word.casefold().split("'")]
    own = sum(word in _ENGLISH for word in parts)
    marked = min(2.0, sum(bool(_FOREIGN_LETTERS.search(word)) for word in parts) / 2)
    best = 0.0
    for listed in _OTHERS_IN_LATIN:
        there = [word for word in parts if word in listed and word not in names]
        telling = set(there) - _IN_NAMES - _ENGLISH
        if telling or (there and marked >= 1) or (not own and len(there) + marked >= _CERTAIN):
            best = max(best, len(there) + marked)
    shared = sum(word in _ENGLISH and any(word in listed for listed in _OTHERS_IN_LATIN) for word in parts)
    return best >= _ENOUGH and best > 1.5 * (own - shared / 2) and best >= _SHARE * len(parts)
