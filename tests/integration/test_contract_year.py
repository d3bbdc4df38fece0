"""The contract of the flights, replayed over all of 2013: three real bugs, and no other day stopped.

No rule was written for a bug: a range for the wind, a spike for the temperature, and that an airport sends weather.
"""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from ml import steps
from ml.days import Span
from ml.recall import read_profile
from ml.rehearsal import Rehearsal
from ml.workspace import Workspace

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]
LAST = date(2013, 12, 31)


@pytest.fixture(scope="module")
def run(warehouse, tmp_path_factory):
    """The night of the last day of 2013, the first of its pipeline: all days in one pull, judged in order."""
    config = Path(__file__).parents[2] / "config"
    place = Workspace.apart(tmp_path_factory.mktemp("year"), config)
    run = replace(place, connections={"warehouse": warehouse}).run("flight_delays", LAST)
    steps.validate(run, steps.pull(run))
    return run


@pytest.fixture(scope="module")
def batches(run):
    return {batch.day: batch for batch in run.workspace.ledger.batches(run.name)}


def test_the_day_without_weather_is_stopped_and_no_other(batches):
    assert len(batches) == 365
    assert [day for day, batch in batches.items() if batch.state == "quarantined"] == [LAST]
    stops = batches[LAST].stops
    assert {"weather//min_rows", "weather//unjoined"} <= {violation.key for violation in stops}
    assert {violation.table for violation in stops} == {"weather"}
    assert batches[LAST].upstream["weather"].rows == 0


def test_a_wind_of_a_thousand_miles_an_hour_is_refused_though_no_flight_left_in_it(run, batches):
    batch = batches[date(2013, 2, 12)]
    refused = run.workspace.lake.read([batch.upstream["weather"].refused_uri])
    assert refused.select("origin", "observed", "wind_speed").rows() == [("EWR", datetime(2013, 2, 12, 3), 1048.36058)]
    assert "wind_speed 1048.36058 is outside 0 to 150" in refused["__violations"][0].to_list()
    assert (batch.state, batch.refused) == ("accepted", 0)


def test_a_temperature_that_stands_out_from_its_hours_is_refused_with_the_flights_that_met_it(run, batches):
    batch = batches[date(2013, 5, 8)]
    weather = run.workspace.lake.read([batch.upstream["weather"].refused_uri])
    assert weather.select("origin", "observed", "temp").rows() == [("JFK", datetime(2013, 5, 8, 22), 13.1)]
    flights = run.workspace.lake.read([batch.refused_uri])
    assert flights["weather_hour"].unique().to_list() == [datetime(2013, 5, 8, 22)]
    assert flights["origin"].unique().to_list() == ["JFK"]
    assert flights.height == batch.refused == 6
    assert all("joined from a refused row of weather: temp 13.1" in " ".join(w) for w in flights["__violations"])


def test_over_the_year_thirteen_rows_are_refused(batches):
    whole = [batch for batch in batches.values() if batch.state == "accepted"]
    assert sum(batch.refused for batch in whole) == 11
    assert sum(batch.upstream["weather"].refused for batch in whole) == 2


def test_what_was_not_judged_is_in_the_evidence(run, batches):
    first, later = (read_profile(run, batches[day].profile) for day in (date(2013, 1, 5), date(2013, 6, 5)))
    assert {unjudged.rule for unjudged in first.unjudged} == {"history"}
    assert later.unjudged == ()
    assert later.upstream["weather"].rows == 72


def test_holidays_the_storm_and_the_change_of_clocks_are_judged_alike_night_by_night(run):
    for first, last in ((date(2013, 2, 6), date(2013, 2, 13)), (date(2013, 11, 1), date(2013, 11, 4))):
        found = Rehearsal.of(run, Span(first, last))
        assert (found.days, found.stops) == ((last - first).days + 1, ())


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("temp", (pl.col("temp") - 32) / 1.8),
        ("wind_speed", pl.col("wind_speed") * 1.609344),
        ("pressure", pl.col("pressure") / 33.8639),
        ("visib", pl.col("visib") * 1.609344),
        ("distance", (pl.col("distance") * 1.609344).round().cast(pl.Int64)),
    ],
)
def test_another_unit_is_stopped_by_history(run, column, change):
    """Fahrenheit to Celsius, miles to kilometres, hectopascal to inches: in both tables, as upstream would."""
    from ml.inspection import inspect
    from ml.recall import Recall, tables

    caught = []
    for day in (date(2013, 3, 7), date(2013, 6, 12), date(2013, 9, 20), date(2013, 12, 3)):
        (batch,) = run.workspace.ledger.batches(run.name, Span(day, day))
        rows = tables(run, batch)
        struck = {
            name: frame.with_columns(change.alias(column)) if column in frame.columns else frame
            for name, frame in rows.items()
        }
        found = inspect(run.pipeline, day, struck, Recall(run, [day]).before(day))
        caught.append(found.quarantined)
    assert caught == [True] * 4
