"""Units of time, money, length, area and weight, by their words."""

from typing import Final

_UNITS_OF: Final = {
    word: (kind, name)
    for kind, names in {
        "time": {
            "second": "second ثانيه ثواني ثانيتين",
            "minute": "minute دقيقه دقايق دقيقتين دقيقتان",
            "hour": "hour ساعه ساعات ساعتين ساعتان",
            "day": "day يوم يوما ايام يومين يومان",
            "week": "week اسبوع اسبوعا اسابيع اسبوعين اسبوعان",
            "month": "month شهر شهرا اشهر شهور شهرين شهران",
            "year": "year عام عاما اعوام سنه سنوات عامين عامان سنتين سنتان",
            "decade": "decade عقد عقود عقدين عقدان",
            "century": "century centurie قرن قرون قرنين قرنان",
        },
        "money": {
            "dollar": "dollar usd دولار دولارا دولارات",
            "euro": "euro eur يورو",
            "pound": "pound sterling جنيه جنيها جنيهات",
            "dirham": "dirham درهم درهما دراهم",
            "dinar": "dinar دينار دينارا دنانير",
            "riyal": "riyal rial ريال ريالا ريالات",
            "lira": "lira ليره ليرات",
        },
        "length": {
            "kilometre": "kilometre kilometer km كيلومتر كيلومترا كيلومترات كيلو",
            "metre": "metre meter متر مترا امتار",
            "mile": "mile ميل ميلا اميال",
            "foot": "foot feet ft قدم قدما اقدام",
        },
        "area": {
            "hectare": "hectare هكتار هكتارا هكتارات",
            "acre": "acre فدان فدانا افدنه",
        },
        "weight": {
            "kilogram": "kilogram kg كيلوغرام كيلوجرام",
            "tonne": "ton tonne طن طنا اطنان",
            "litre": "litre liter لتر لترا",
        },
    }.items()
    for name, forms in names.items()
    for word in forms.split()
}


def bare(word: str) -> str:
    """A word without و, ب, ل or ف before it, where something is left that is longer than a letter."""
    return word[1:] if len(word) > 3 and word[0] in "وبلفك" else word


def unit_of(word: str) -> tuple[str, str] | None:
    """The kind and name of a unit: ("money", "dirham")."""
    for form in (
        word,
        word.removesuffix("s"),
        word.removeprefix("ال"),
        word.removeprefix("بال"),
        word.removeprefix("لل"),
        bare(word),
    ):
        if form in _UNITS_OF:
            return _UNITS_OF[form]
    return None
