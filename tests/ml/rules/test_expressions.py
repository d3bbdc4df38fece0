import polars as pl
import pytest

from ml.errors import ConfigError
from ml.rules.expressions import Check, check_rules, fault
from ml.rules.rows import breaches

TYPES = {"elapsed": "int", "distance": "int", "town": "string", "at": "datetime", "left": "datetime"}


def refused(expr, **columns):
    found = breaches(check_rules([Check(expr=expr)], TYPES), pl.DataFrame(columns))
    return [rows.to_list() for _, rows in found]


def test_rows_whose_columns_contradict_each_other_break_it():
    assert refused("elapsed * 10 >= distance", elapsed=[60, 4], distance=[500, 500]) == [[False, True]]


def test_a_row_that_cannot_be_judged_keeps_it():
    assert refused("elapsed * 10 >= distance", elapsed=[None, 4], distance=[500, 500]) == [[False, True]]
    assert refused("elapsed * 10 >= distance", elapsed=[None], distance=[1]) == []


def test_it_says_which_values_are_against_which_expression():
    (rule,) = check_rules([Check(expr="elapsed * 10 >= distance", table="planes")], TYPES)
    frame = pl.DataFrame({"elapsed": [4], "distance": [500]})
    words = frame.select(rule.reason(pl.Series([True]))).item()
    assert words == "elapsed, distance 4, 500 is against elapsed * 10 >= distance"
    assert rule.key == "planes//check elapsed * 10 >= distance"


@pytest.mark.parametrize(
    ("expr", "sentence"),
    [
        ("elapsed * 10 >= distance", None),
        ("town IN ('Aachen', 'Bonn') OR elapsed IS NULL", None),
        ("at <= left", None),
        ("EXTRACT(hour FROM at) >= 5", None),
        ("elapsed * 10 >= distanze", "'distanze' is not among the contract's columns; did you mean 'distance'?"),
        ("zzz > 1", "'zzz' is not among the contract's columns"),
        ("elapsed * 10 >=", "is not an expression: "),
        ("1 = 1", "names no column"),
        ("elapsed * 10", "gives Int64, not true or false"),
        ("town > elapsed", "cannot be computed: "),
    ],
)
def test_what_is_wrong_with_an_expression_is_a_sentence(expr, sentence):
    said = fault(expr, TYPES)
    assert said is None if sentence is None else sentence in said


def test_a_wrong_expression_is_a_config_error_with_its_place():
    checks = [Check(expr="elapsed > 1"), Check(expr="a >")]
    with pytest.raises(ConfigError, match=r"^contract\.checks\[1\]\.expr: 'a >' is not an expression"):
        check_rules(checks, TYPES)
