"""The first pipeline on the real flights of 2013, whose days the live view leaves where they are."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from sklearn.metrics import log_loss, roc_auc_score

from ml.config import load_pipeline
from ml.days import Span, night_of
from ml.features import table
from ml.snapshots import plain
from ml.training import fit, predict

pytestmark = pytest.mark.integration
NEW_YORK = ZoneInfo("America/New_York")
WEEK = date(2013, 3, 5)


@pytest.fixture(scope="module")
def pipeline():
    from pathlib import Path

    return load_pipeline(Path(__file__).parents[2] / "config" / "pipelines" / "flight_delays.yaml")


@pytest.fixture(scope="module")
def read(warehouse, pipeline):
    """The rows of some days as they were known, by default, the week after them."""

    def rows(first, last=None, as_of=None):
        span = Span(first, last or first)
        as_of = as_of or datetime.combine(span.last + timedelta(days=7), datetime.min.time(), NEW_YORK)
        return pl.concat(pipeline.source.read(span, as_of, {"warehouse": warehouse})).sort(pipeline.source.key)

    return rows


@pytest.fixture(scope="module")
def winter(read):
    """The eight weeks before the first of March's weeks, and that week."""
    return read(date(2013, 1, 8), date(2013, 3, 11))


def test_features_say_at_departure_what_they_say_a_year_later(read, pipeline):
    noon = datetime(2013, 6, 1, 12, tzinfo=NEW_YORK)
    then = read(date(2013, 6, 1), as_of=noon)
    later = read(date(2013, 6, 1)).filter(pl.col("sched_dep") <= noon.replace(tzinfo=None))
    features = list(pipeline.carried)
    assert then.height == 322
    assert then.select(features).equals(later.select(features))


def test_labels_come_with_landing_and_all_are_there_a_day_later(read):
    day = date(2013, 6, 1)
    night = night_of(day, datetime.min.time().replace(hour=2), "America/New_York")
    counts = [read(day, as_of=as_of)["late"].count() for as_of in (night, night + timedelta(days=1))]
    assert counts == [742, 749]
    assert read(day)["late"].count() == 749


def test_cancelled_flights_never_get_a_label(read):
    blizzard = read(date(2013, 2, 9))
    assert (blizzard.height, blizzard["late"].null_count()) == (684, 393)


def test_a_shifted_day_is_the_real_day_under_another_date(read):
    live, real = read(date(2026, 11, 15)), read(date(2013, 12, 1))
    back = live.with_columns(pl.col("sched_dep", "weather_hour", "landed") - (date(2026, 11, 15) - date(2013, 12, 1)))
    assert back.equals(real)


@pytest.mark.parametrize("day", [date(2013, 1, 1), date(2013, 2, 9), date(2013, 7, 27), date(2013, 11, 28)])
def test_the_contract_accepts_holidays_and_a_blizzard(read, pipeline, day):
    checked = pipeline.contract.check(read(day), day, "sched_dep")
    assert not checked.quarantined
    assert checked.refused.height <= 2


def test_the_contract_quarantines_a_day_without_weather(read, pipeline):
    day = date(2013, 12, 31)
    checked = pipeline.contract.check(read(day), day, "sched_dep")
    assert checked.quarantined
    assert {"temp", "wind_speed", "visib"} <= {violation.column for violation in checked.violations}


def test_a_flight_of_seventeen_miles_is_refused(read, pipeline):
    day = date(2013, 7, 27)
    refused = pipeline.contract.check(read(day), day, "sched_dep").refused
    assert refused.select("carrier", "flight", "dest", "distance").rows() == [("US", 1632, "LGA", 17)]


def test_a_quiet_week_is_quiet(winter, pipeline):
    before = pl.col("sched_dep") < WEEK
    columns = pipeline.drift.compare(plain(winter.filter(before)), plain(winter.filter(~before))).columns
    assert len(columns) == 13
    assert [column.column for column in columns if column.drifted] == []


def test_it_beats_the_average_on_a_week_that_it_has_not_seen(winter, pipeline):
    labelled = with_past(winter, pipeline).filter(pl.col("late").is_not_null())
    before = pl.col("sched_dep") < WEEK
    older, newer = plain(labelled.filter(before)), plain(labelled.filter(~before))
    late, predicted = newer["late"], predict("classification", fit(pipeline.model, older), newer)
    assert roc_auc_score(late, predicted) > 0.7
    assert log_loss(late, predicted) < log_loss(late, [older["late"].mean()] * len(late)) - 0.05


def with_past(rows, pipeline):
    """The rows with what a table of each night would have said of them."""
    types, plan, first = pipeline.contract.types, pipeline.features, rows["sched_dep"].min().replace(hour=0, minute=0)
    clocks = [first + timedelta(days=n, hours=2) for n in range(1, 64)]
    made = table.make(plan.past, rows, "sched_dep", types, clocks, first)
    return table.joined(rows.lazy(), plan, made, "sched_dep", types).collect()


def test_what_landed_when_is_what_lets_the_past_count_and_a_flight_in_the_air_does_not(read, pipeline):
    day, night = date(2013, 6, 1), datetime(2013, 6, 2, 2)
    known = read(day, as_of=night.replace(tzinfo=NEW_YORK))
    assert known["landed"].max() <= night
    assert known.filter(pl.col("landed").is_null() & pl.col("late").is_not_null()).is_empty()
    assert read(day).filter(pl.col("landed") > night, pl.col("late").is_not_null()).height == 749 - 742


def test_the_airline_that_ran_late_yesterday_runs_late_today(winter, pipeline):
    rows = with_past(winter, pipeline).drop_nulls(["late", "airline_late_1d"])
    assert roc_auc_score(rows["late"], rows["airline_late_1d"]) > 0.58


@pytest.mark.parametrize("day", [date(2013, 6, 1), date(2026, 11, 15)])
def test_the_coming_day_is_read_with_the_weather_of_its_morning_and_without_what_came_of_it(
    warehouse, read, pipeline, day
):
    from ml.scoring.ahead import contract

    morning = datetime(day.year, day.month, day.day, 3, tzinfo=NEW_YORK)
    rows = pl.concat(pipeline.score.source.read(Span(day, day), morning, {"warehouse": warehouse}))
    checked = contract(pipeline, pipeline.score).check(rows, day, "sched_dep")
    assert not checked.quarantined
    assert set(pipeline.carried) <= set(checked.accepted.columns)
    assert not {"late", "arr_delay"} & set(rows.columns)
    assert rows.group_by("origin").agg(pl.col("temp").n_unique())["temp"].to_list() == [1, 1, 1]
    known = pl.concat(pipeline.upstream["weather"].source.read(Span(day, day), morning, {"warehouse": warehouse}))
    newest = known.filter(pl.col("observed") == pl.col("observed").max())
    assert dict(rows.select("origin", "temp").iter_rows()) == dict(newest.select("origin", "temp").iter_rows())
    later = read(day).select("carrier", "flight", "origin", "sched_dep", "dest", "tailnum")
    assert (
        rows.select(later.columns)
        .sort(later.columns)
        .equals(later.filter(pl.col("sched_dep") > morning.replace(tzinfo=None)).sort(later.columns))
    )
