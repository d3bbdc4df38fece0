from datetime import date

import numpy as np
import polars as pl
import pytest

from ml.rules.leaks import Leak, areas

DAY = date(2013, 6, 1)


@pytest.fixture
def frame():
    rng = np.random.default_rng(0)
    late = rng.random(400) < 0.3
    noise = rng.normal(size=400)
    return pl.DataFrame({"late": late, "noise": noise, "hint": noise + late, "told": late * 3.0, "text": ["x"] * 400})


def said(frame, **leak):
    return {v.column: v for v in Leak(label="late", **leak).violations(frame, frame.columns, DAY)}


def test_a_column_that_tells_the_label_is_said(frame):
    found = said(frame)
    assert set(found) == {"told"}
    assert "1.000, more than 0.95" in found["told"].sentence
    assert found["told"].rows == 400


def test_how_much_is_allowed_is_the_owners_to_say(frame):
    assert set(said(frame, most=0.6)) == {"told", "hint"}


def test_the_direction_does_not_matter(frame):
    assert set(said(frame.with_columns(told=-pl.col("told")))) == {"told"}


def test_the_area_is_that_of_scikit_learn(frame):
    from sklearn.metrics import roc_auc_score

    holes = frame.with_columns(hint=pl.when(pl.int_range(400) % 3 > 0).then(pl.col("hint").round(1)))
    known = holes.drop_nulls("hint")
    area, rows = areas(holes.select("hint"), holes["late"])["hint"]
    assert (area, rows) == (pytest.approx(roc_auc_score(known["late"], known["hint"])), known.height)


def test_rows_without_label_are_not_asked(frame):
    half = frame.with_columns(late=pl.when(pl.int_range(400) < 200).then("late"))
    assert said(half)["told"].rows == 200


def test_few_rows_of_a_class_say_nothing(frame):
    assert said(frame.filter("late").head(19).vstack(frame.filter(~pl.col("late")))) == {}


@pytest.mark.parametrize("label", [pl.lit(None, dtype=pl.Boolean), pl.lit("yes"), pl.int_range(400)])
def test_what_is_no_flag_is_not_asked(frame, label):
    assert said(frame.with_columns(late=label)) == {}


def test_zero_and_one_are_a_flag(frame):
    assert set(said(frame.with_columns(pl.col("late").cast(pl.Int64)))) == {"told"}


def test_a_missing_label_is_another_rules_to_say(frame):
    assert said(frame.drop("late")) == {}
