import polars as pl
import pytest
from pydantic import ValidationError

from ml.rules.rows import ColumnRule, breaches, row_rules


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"type": "string", "min": 1}, "min and max are for int and float, not for string"),
        ({"type": "int", "min": 2, "max": 1}, "min 2.0 is above max 1.0"),
        ({"type": "int", "pattern": "a"}, "pattern is for string, not for int"),
        ({"type": "string", "pattern": "("}, "is not a regular expression"),
        ({"type": "string", "allowed": ["SE", False]}, "allowed value False is not of type string"),
        ({"type": "int", "allowed": [True]}, "allowed value True is not of type int"),
        ({"type": "int", "nulls": 2}, "less than or equal to 1"),
        ({"type": "text"}, "Input should be 'string'"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(fields, sentence):
    with pytest.raises(ValidationError, match=sentence):
        ColumnRule.model_validate(fields)


@pytest.mark.parametrize(
    ("fields", "verdicts"),
    [
        ({"type": "int", "min": 1}, [False, True, True, True]),
        ({"type": "int", "max": 1}, [True, True, False, True]),
        ({"type": "int", "min": 1, "max": 1}, [False, True, False, True]),
        ({"type": "int", "allowed": [0, 2]}, [True, False, True, True]),
        ({"type": "int", "nullable": False}, [True, True, True, False]),
    ],
)
def test_a_null_breaks_no_rule_but_nullable(fields, verdicts):
    rules = row_rules({"x": ColumnRule.model_validate(fields)}, ())
    ((rule, breaks),) = breaches(rules, pl.DataFrame({"x": [0, 1, 2, None]}))
    assert (rule, (~breaks).to_list()) == (rules[0], verdicts)


def test_a_column_may_have_many_rules():
    rule = ColumnRule(type="string", nullable=False, allowed=("a",), pattern="[a-z]")
    assert [r.name for r in row_rules({"x": rule}, ("x", "y"))] == ["nullable", "allowed", "pattern", "unique"]


def test_a_long_list_of_allowed_values_is_cut_off():
    (rule,) = row_rules({"x": ColumnRule(type="int", allowed=tuple(range(20)))}, ())
    assert rule.breach == "not among 0, 1, 2, 3, 4, 5, 6, 7 and 12 more"


def test_a_rule_that_no_row_breaks_is_no_breach():
    assert breaches(row_rules({"x": ColumnRule(type="int", min=0)}, ("x",)), pl.DataFrame({"x": [1, 2]})) == []
    assert breaches((), pl.DataFrame({"x": [1]})) == []
