"""What is told of a request that gets no answer."""

import pytest

from ml.serving.refusals import SHOWN, Refused, Wrong, shown, wrong_fields


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("UA", '"UA"'),
        (5, "5"),
        (None, "null"),
        (float("nan"), "NaN"),
        ({"a": 1}, "an object"),
        ([1], "a list"),
        (10**5000, "a whole number of some 5000 digits"),
        ("é\x00\n", '"\\u00e9\\u0000\\n"'),
        ("<b>&", '"\\u003cb\\u003e\\u0026"'),
    ],
    ids=lambda v: "",
)
def test_a_value_is_shown_as_json_in_plain_characters(value, text):
    assert shown(value) == text


@pytest.mark.parametrize("text", ["x" * 10**7, "é" * 1000, '"' * 1000], ids=lambda t: t[0])
def test_a_long_value_is_cut_off(text):
    assert len(shown(text)) == SHOWN
    assert shown(text).endswith("~")


def test_the_sentence_counts_fields_and_rows():
    wrong = [Wrong(0, "a", "1", "text"), Wrong(3, "a", "1", "text")]
    assert wrong_fields(wrong).sentence == "2 fields are wrong in 2 rows"
    assert wrong_fields(wrong[:1]).sentence == "1 field is wrong in 1 row"


def test_a_problem_without_wrong_fields_is_a_status_and_a_sentence():
    assert Refused(404, "there is nothing").document == {"status": 404, "detail": "there is nothing"}
