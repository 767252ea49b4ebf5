"""What can be quoted: short enough, whole where it can be, and nothing of a passage left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shawahid.ingest.text.quotes import LONGEST_QUOTE, quotable_spans

LONG = "قال الوزير إن الخطة ماضية، " * 20 + "وانتهى."


def quotes(text: str) -> list[str]:
    return [text[span.start : span.end] for span in quotable_spans(text, 0, len(text))]


@pytest.mark.parametrize("text", [LONG, "كلمة " * 120 + "أخيرة", "قصيرة.", "a, b " * 80, f"أولى قصيرة جدا هنا. {LONG}"])
def test_they_fit_and_cover(text: str) -> None:
    spans = quotable_spans(text, 0, len(text))
    assert all(0 < len(text[span.start : span.end].split()) <= LONGEST_QUOTE for span in spans)
    covered = {offset for span in spans for offset in range(span.start, span.end)}
    assert all(text[offset].isspace() for offset in set(range(len(text))) - covered)
    assert all(quote == quote.strip() for quote in quotes(text))


def test_short_sentences_of_a_line_stand_together() -> None:
    text = "وصل الوفد إلى المدينة أمس. والتقى رئيسها سالم العريبي. ثم عاد."
    assert quotes(text) == [text]


def test_lines_stay_apart() -> None:
    assert quotes("عنوان المقال وما فيه\nوصل الوفد إلى المدينة أمس.") == [
        "عنوان المقال وما فيه",
        "وصل الوفد إلى المدينة أمس.",
    ]


def test_runs_begin_at_each_sentence_but_never_repeat_a_part_of_another() -> None:
    sentence = "كلمة " * 19 + "أخيرة."
    text = " ".join([sentence] * 3)
    assert quotes(text) == [f"{sentence} {sentence}"] * 2


def test_names_and_labels_are_quoted_only_where_nothing_else_is() -> None:
    assert quotes("القاهرة - رويترز\nوصل الوفد إلى المدينة أمس.") == ["وصل الوفد إلى المدينة أمس."]
    assert quotes("القاهرة - رويترز") == ["القاهرة - رويترز"]


@given(st.text(alphabet="ab اب.،,\n؟", max_size=400))
def test_any_text_gives_quotes_in_order(text: str) -> None:
    spans = quotable_spans(text, 0, len(text))
    assert spans == sorted(spans)
    assert bool(spans) == bool(text.strip())
