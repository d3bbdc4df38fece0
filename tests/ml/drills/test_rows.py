from datetime import timedelta

import pytest
from polars.testing import assert_frame_equal

from ml.drills import LateHalf, RowsTwice, SourceMissing, YesterdayAgain
from ml.errors import CannotStrike
from tests.ml.drills.conftest import DAYS, TRIPS


def test_every_row_comes_twice(strike, today, before):
    after = today(strike(RowsTwice()).tables)
    assert after.height == 2 * before.height
    assert_frame_equal(after.unique(), before, check_row_order=False)


def test_a_share_comes_twice(strike, today, before):
    assert today(strike(RowsTwice(share=0.25)).tables).height == 1.25 * before.height


def test_yesterday_comes_under_todays_date(strike, trips, today):
    import polars as pl

    done = strike(YesterdayAgain())
    eve = trips["trips"].filter(pl.col("at").dt.date() == DAYS[1])
    assert_frame_equal(today(done.tables), eve.with_columns(pl.col("at") + timedelta(days=1)))


def test_without_a_yesterday_nothing_comes_again(trips):
    with pytest.raises(CannotStrike, match="the day before"):
        YesterdayAgain().inject(trips, TRIPS, DAYS[:1])


def test_half_a_day_ends_at_noon(strike, today):
    done = strike(LateHalf())
    assert today(done.tables)["at"].dt.hour().max() == 11
    assert done.strikes[0].lost == 96


def test_an_upstream_table_can_be_late(strike, today):
    done = strike(LateHalf(table="weather", until=6))
    assert [s.table for s in done.strikes] == ["weather"]
    assert today(done.tables, "weather", "observed")["observed"].dt.hour().max() == 5


def test_half_of_a_source_is_missing(strike, today, before):
    done = strike(SourceMissing(column="station", value="North"))
    counts = dict(today(done.tables)["station"].value_counts().iter_rows())
    assert counts == {"North": 48, "South": 96}


def test_a_small_source_is_not_struck(strike):
    with pytest.raises(CannotStrike, match="at least a tenth"):
        strike(SourceMissing(column="station", least=0.9))
