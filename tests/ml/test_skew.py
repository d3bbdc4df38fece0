"""Logged features beside the same features made again: equal to the last digit, or named."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from ml import lines, materialised, skew, steps
from ml.days import Span
from ml.features.online import Online
from ml.ledger import Ledger
from ml.predictions.entries import Entries
from ml.walker import InProcess
from ml.workspace import Workspace
from tests.ml.test_materialised import with_features
from tests.nights import copy_database

DAY = date(2013, 6, 1)
TOMORROW = DAY + timedelta(days=1)
AFTER = DAY + timedelta(days=2)


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


@pytest.fixture(scope="module")
def redefined(served, tmp_path_factory):
    """The same after the YAML has another `town_late` and no `parcels` any more, while version 1 serves another day."""
    folder = tmp_path_factory.mktemp("redefined")
    copy_database(served.ledger.database.file, folder / "ledger.db")
    ledger = Ledger.open(f"sqlite:///{folder / 'ledger.db'}")
    text = (served.pipelines / "tiny.yaml").read_text().replace("over: 3d", "over: 9d")
    lines_ = [line for line in text.splitlines() if not line.lstrip().startswith("parcels:")]
    (folder / "pipelines").mkdir()
    (folder / "pipelines" / "tiny.yaml").write_text("\n".join(lines_).replace(", parcels]", "]"))
    place = replace(served, ledger=ledger, pipelines=folder / "pipelines")
    run = place.run("tiny", AFTER)
    past = materialised.of_model(run, place.registry.version("tiny", 1).model_uri)
    plan, types = run.pipeline.features, run.pipeline.contract.types
    online = Online(plan, types, lambda: ledger.feature_values("tiny"), lambda: ledger.newest_features("tiny"))
    asked = [row for frame in _coming(run, AFTER) for row in frame.iter_rows(named=True)]
    night, at = ledger.feature_values("tiny").at, ledger.feature_tables("tiny")[-1].made + skew.LAG
    rows = [row | online.of(row, night + timedelta(hours=4), past)[0] for row in asked]
    taken = ("weight", "town", *past)
    made = Entries(run.pipeline).of(rows, [0.5] * len(rows), 1, "production", "desk", at, taken=taken)
    ledger.record_predictions(made)
    batch = steps.validate(run, steps.pull(run))
    steps.materialise(run, batch)
    return place


def test_a_version_is_compared_in_its_own_definitions_whatever_the_yaml_says_by_now(redefined):
    run = redefined.run("tiny", AFTER)
    assert (list(run.pipeline.features.past), run.pipeline.features.past["town_late"].over) == (["town_late"], 216)
    found = {each.feature: each for each in skew.compare(run, Span(AFTER, AFTER))}
    assert list(found) == ["weight", "town", "town_late", "parcels"]
    assert {(each.compared, each.differ) for each in found.values()} == {(60, 0)}
    assert found["parcels"].where == found["town_late"].where == "the past"


def test_a_value_in_the_definition_of_the_yaml_is_skew_for_a_version_of_another(redefined):
    run = redefined.run("tiny", AFTER)
    made = redefined.ledger.predictions("tiny", Span(AFTER, AFTER))[0]
    newer = materialised.again(run, TOMORROW)["town_late"][made.features["town"]]
    comparison = skew.Comparison(run)
    comparison.look(made.model_copy(update={"features": made.features | {"town_late": newer}}), None)
    assert {name: each.differ for name, each in comparison.found.items()} == {"town_late": 1, "parcels": 0}


def test_an_aggregate_whose_key_was_not_kept_is_found_by_the_row_of_the_lake_or_not_compared(redefined):
    run = redefined.run("tiny", AFTER)
    made = redefined.ledger.predictions("tiny", Span(AFTER, AFTER))[0]
    keyless = made.model_copy(update={"features": {k: v for k, v in made.features.items() if k != "town"}})
    alone, beside = skew.Comparison(run), skew.Comparison(run)
    alone.look(keyless, None)
    beside.look(keyless, {**made.features, "parcel": 1})
    assert alone.found == {}
    assert {name: (each.compared, each.differ) for name, each in beside.found.items()} == dict.fromkeys(
        ["town_late", "parcels", "weight"], (1, 0)
    )


def test_a_version_that_is_gone_from_mlflow_is_compared_in_what_the_rows_carry(redefined):
    made = redefined.ledger.predictions("tiny", Span(AFTER, AFTER))[0].model_copy(update={"version": 9})
    comparison = skew.Comparison(redefined.run("tiny", AFTER))
    comparison.look(made, {"weight": made.features["weight"], "town": made.features["town"]})
    assert {name: each.differ for name, each in comparison.found.items()} == {"weight": 0, "town": 0}


def _coming(run, day=TOMORROW):
    span = Span(day, day)
    as_of = datetime(2013, 6, 5, tzinfo=UTC)
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
