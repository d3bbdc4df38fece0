"""The contract's rules between columns, asked in Python as polars would."""

from datetime import datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.rows import Rows
from ml.rules.expressions import Check
from ml.serving.checks import MANY, row_checks
from tests.ml.serving import flights

TYPES = {"a": "int", "b": "float", "t": "datetime", "u": "datetime", "s": "string"}
PLAIN = ["a * 12 >= b", "a + 1 > b - 2.5", "b * 3 + 120 >= a", "a - b < 0", "t <= u", "u > t", "2 <= a"]
OTHERS = ["a = b", "a <> 3", "a / 2 > b", "s = 'x'", "a > 1 AND b > 2", "a BETWEEN 1 AND 3", "abs(a) > 2", "a IS NULL"]


def check(expr, there=("a", "b", "t", "u", "s")):
    return row_checks([Check(expr=expr)], TYPES, there)


@pytest.mark.parametrize("expr", PLAIN)
def test_a_comparison_of_sums_is_computed_in_python(expr):
    assert check(expr)[0]._kept is not None


@pytest.mark.parametrize("expr", OTHERS)
def test_whatever_sql_and_python_might_read_apart_is_left_to_polars(expr):
    assert check(expr)[0]._kept is None


CHECKS = {expr: check(expr)[0] for expr in PLAIN + OTHERS}
NUMBERS = st.integers(-10_000, 10_000)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1))
ROW = st.fixed_dictionaries(
    {
        "a": NUMBERS.map(float) | st.none(),
        "b": st.floats(-1e6, 1e6) | st.none(),
        "t": MOMENTS | st.none(),
        "u": MOMENTS,
        "s": st.sampled_from("xy"),
    }
)


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(PLAIN + OTHERS), st.lists(ROW, min_size=1, max_size=5))
def test_python_and_polars_break_the_same_rows(expr, rows):
    kinds = {"a": pl.Int64, "b": pl.Float64, "t": pl.Datetime("us"), "u": pl.Datetime("us"), "s": pl.String}
    frame = pl.DataFrame([r | {"a": None if r["a"] is None else int(r["a"])} for r in rows], schema=kinds)
    one = CHECKS[expr]
    asked = frame.select(pl.sql_expr(expr).alias("kept")).to_series().fill_null(True).to_list()
    whole = [all(row[name] is not None for name in one.columns) for row in rows]
    assert one.broken(rows) == [n for n, kept in enumerate(asked) if not kept and whole[n]]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(PLAIN), st.lists(ROW, min_size=MANY, max_size=2 * MANY))
def test_many_rows_break_what_each_of_them_breaks_alone(expr, rows):
    one = CHECKS[expr]
    assert one.broken(Rows(rows)) == one.broken(rows) == [n for n, row in enumerate(rows) if one.broken([row])]


def test_a_rule_over_columns_that_no_request_carries_is_not_asked():
    assert check("a > b", there=("a", "t")) == ()


def test_the_rules_of_flights_are_all_computed_in_python():
    checks = flights.ready().prepared.reading.checks
    assert len(checks) == len(flights.PIPELINE.contract.checks)
    assert all(one._kept is not None for one in checks)


@pytest.mark.parametrize("expr", ["t + 1 <= u", "t <= a", "-t < u", "1 < 2", "t < '2013-01-01'"])
def test_moments_are_compared_with_moments_alone(expr):
    from ml.serving.checks import _comparison

    assert _comparison(expr, TYPES) is None


def test_a_rule_that_python_computes_needs_no_polars():
    import subprocess
    import sys

    program = (
        "import sys; from ml.rules.expressions import Check; from ml.serving.checks import row_checks; "
        "[one] = row_checks([Check(expr='a * 12 >= b')], {'a': 'int', 'b': 'float'}, 'ab'); "
        "assert one.broken([{'a': 1.0, 'b': 13.0}]) == [0]; assert 'polars' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], cwd=flights.ROOT, check=True)
