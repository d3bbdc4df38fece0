"""Logged features beside the same features made again: equal to the last digit, or named."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from ml import lines, skew
from ml.days import Span
from ml.features.online import Online
from ml.predictions.entries import Entries
from ml.walker import InProcess
from ml.workspace import Workspace
from tests.ml.test_materialised import with_features

DAY = date(2013, 6, 1)
TOMORROW = DAY + timedelta(days=1)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A workspace in which the rows of a day were asked about the night before it was pulled, as a service would."""
    folder = tmp_path_factory.mktemp("skew")
    place = Workspace.apart(folder / "apart", with_features(folder / "tiny"))
    do = InProcess(place.run("tiny", DAY))
    lines.retrain(do, lines.nightly(do))
    run = place.run("tiny", TOMORROW)
    plan = run.pipeline.features
    ledger = place.ledger
    online = Online(
        plan,
        run.pipeline.contract.types,
        lambda: ledger.feature_values("tiny"),
        lambda: ledger.newest_features("tiny"),
    )
    asked = [row for frame in _coming(run) for row in frame.iter_rows(named=True)]
    night = place.ledger.feature_values("tiny").at
    rows = [row | online.of(row, night + timedelta(hours=4))[0] for row in asked]
    at = ledger.feature_tables("tiny")[-1].made + skew.LAG
    entries = Entries(run.pipeline).of(rows, [0.5] * len(rows), 1, "production", "desk", at)
    ledger.record_predictions(entries)
    lines.nightly(InProcess(run))
    return place


def _coming(run):
    span = Span(TOMORROW, TOMORROW)
    as_of = datetime(2013, 6, 4, tzinfo=UTC)
    return [frame.drop("late") for frame in run.pipeline.source.read(span, as_of, {})]


def compared(place):
    return {each.feature: each for each in skew.compare(place.run("tiny", TOMORROW), Span(TOMORROW, TOMORROW))}


def test_what_was_served_is_what_is_made_again_to_the_last_digit(served):
    found = compared(served)
    assert list(found) == ["weight", "town", "town_late", "parcels"]
    assert {(each.compared, each.differ) for each in found.values()} == {(60, 0)}
    assert skew.sentence(found["town_late"]) == "  town_late: 60 equal to the past"
    assert skew.sentence(found["weight"]) == "  weight: 60 equal to the lake"


def test_a_value_that_is_a_hair_off_and_one_of_another_unit_are_named(served):
    run = served.run("tiny", TOMORROW)
    made = served.ledger.predictions("tiny", Span(TOMORROW, TOMORROW))[0]
    rates = skew.Comparison(run)
    odd = made.features | {"town_late": made.features["town_late"] + 1e-12, "weight": made.features["weight"] * 2.2}
    rates.look(made.model_copy(update={"features": odd}), {**made.features, "parcel": 1})
    assert {name: each.differ for name, each in rates.found.items()} == {
        "town_late": 1,
        "parcels": 0,
        "weight": 1,
        "town": 0,
    }
    said = skew.sentence(rates.found["weight"])
    assert said.startswith(f"  weight: 1 of 1 differ; {made.id} of {made.at:%Y-%m-%d %H:%M} was given ")
    assert said.endswith(f"; the lake has {made.features['weight']!r}")


def test_while_the_service_takes_up_a_new_table_both_are_right(served):
    run = served.run("tiny", TOMORROW)
    made = served.ledger.predictions("tiny", Span(TOMORROW, TOMORROW))[0]
    first, last = served.ledger.feature_tables("tiny")
    compared = skew.Comparison(run)
    # the nights of a test follow each other too soon
    vars(compared)["_tables"] = [replace(first, made=last.made - timedelta(days=1)), last]
    days = {
        seconds: list(compared._days(made.model_copy(update={"at": last.made + timedelta(seconds=seconds)})))
        for seconds in (-1, 1, 60)
    }
    assert days == {-1: [DAY], 1: [TOMORROW, DAY], 60: [TOMORROW]}


def test_predictions_that_were_kept_without_features_say_nothing(walked):
    assert skew.compare(walked.run("tiny", DAY), Span(DAY, DAY)) == []
