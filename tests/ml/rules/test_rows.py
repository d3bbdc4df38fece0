import polars as pl
import pytest

from ml.rules.columns import ColumnRule
from ml.rules.rows import breaches, row_rules


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
