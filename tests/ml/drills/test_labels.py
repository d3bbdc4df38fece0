import polars as pl
import pytest

from ml.drills import LabelLeaked
from ml.errors import CannotStrike
from tests.ml.drills.conftest import DAYS, TRIPS


def test_a_feature_gives_the_label_away(strike, today, before):
    after = today(strike(LabelLeaked(column="fare")).tables)
    assert after.filter("late")["fare"].unique().to_list() == [before["fare"].max()]
    assert after.filter(~pl.col("late"))["fare"].unique().to_list() == [before["fare"].min()]


def test_weaker_it_only_leans_that_way(strike, today):
    after = today(strike(LabelLeaked(column="fare", strength=0.2)).tables)
    assert after["fare"].n_unique() > 50
    assert after.select(pl.corr("fare", pl.col("late").cast(float))).item() > 0.3


def test_what_has_no_label_yet_is_left_alone(trips, today, before):
    unknown = trips["trips"].with_columns(late=pl.when(pl.col("at").dt.hour() < 12).then("late"))
    done = LabelLeaked(column="fare").inject({"trips": unknown}, TRIPS, DAYS[-1:])
    assert today(done.tables)["fare"].tail(96).to_list() == before["fare"].tail(96).to_list()


def test_without_a_label_nothing_leaks(trips):
    with pytest.raises(CannotStrike, match="a label that takes several values"):
        LabelLeaked().inject({"trips": trips["trips"].drop("late")}, TRIPS)
