"""A night's feature table: made once, read back as it was served, and none of it from later."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import polars as pl
import pytest

from ml import holdout, lines, materialised, steps
from ml.days import Span
from ml.errors import NoData, ServiceUnavailable
from ml.features import Aggregate
from ml.features.online import Online
from ml.records import from_json
from ml.registry import Registry
from ml.reproduction.reproduce import reproduce
from ml.walker import InProcess
from ml.workspace import Workspace
from tests.tiny import write

DAY = date(2013, 6, 1)
PAST = """
features:
  past:
    town_late: {by: [town], of: late, over: 3d, kind: mean, known_after: 1d}
    parcels: {by: [town], of: weight > 20, over: 2d, kind: count, known_after: 0h}
model:
"""


def with_features(folder):
    """The config of ``tiny`` with two features of the past."""
    config = write(folder)
    path = config / "pipelines" / "tiny.yaml"
    text = path.read_text().replace("\nmodel:\n", PAST)
    path.write_text(text.replace("features: [weight, town]", "features: [weight, town, town_late, parcels]"))
    return config


@pytest.fixture(scope="module")
def nights(tmp_path_factory):
    """Two nights walked to their end."""
    folder = tmp_path_factory.mktemp("materialised")
    place = Workspace.apart(folder / "apart", with_features(folder / "tiny"))
    do = InProcess(place.run("tiny", DAY))
    lines.retrain(do, lines.nightly(do))
    lines.nightly(InProcess(place.run("tiny", DAY + timedelta(days=1))))
    return place


def looked_up(place, day):
    """Every row of a day with its features, by town."""
    run = place.run("tiny", day)
    batch = place.ledger.batches("tiny", Span(day, day), state="accepted")[0]
    rows = place.lake.read([batch.uri]).lazy()
    found = materialised.joining(run, Span(day, day))(rows).collect()
    return {town: part.select("town_late", "parcels").unique().rows() for (town,), part in found.group_by("town")}


def plainly(place, day, town):
    """The features of a day's rows, counted from the days' own files."""
    night = datetime.combine(day, datetime.min.time()) + timedelta(hours=2)
    rows = place.lake.read([b.uri for b in place.ledger.batches("tiny", Span(date.min, day), state="accepted")])
    own, at, late = rows.filter(pl.col("town") == town), pl.col("at"), timedelta(days=1)
    labels = own.filter(at >= night - timedelta(days=3), at <= night - late)
    return labels["late"].mean(), float(own.filter(at >= night - timedelta(days=2), at < night)["weight"].count())


@pytest.mark.parametrize("day", [date(2013, 5, 9), date(2013, 5, 31), DAY, DAY + timedelta(days=1)])
@pytest.mark.parametrize("town", ["Aachen", "Celle"])
def test_a_row_gets_what_was_known_when_the_night_before_it_started(nights, day, town):
    assert looked_up(nights, day)[town] == [pytest.approx(plainly(nights, day, town))]


def test_the_first_night_makes_the_tables_of_all_nights_before_it_and_the_second_only_its_own(nights):
    first, second = (made.table for made in nights.ledger.feature_tables("tiny"))
    assert (first.first, first.day) == (date(2013, 5, 1), DAY)
    assert (second.first, second.day) == (DAY + timedelta(days=1),) * 2
    assert second.features == first.features
    assert second.rows < 10 < first.rows


def test_the_night_alone_finds_to_the_last_digit_what_a_backfill_finds(nights):
    run = nights.run("tiny", DAY + timedelta(days=1))
    nightly = materialised.tables(run)
    batches = nights.ledger.batches("tiny", Span(date.min, run.day), state="accepted")
    plan = run.pipeline.features
    backfilled = materialised._table(run, batches, dict(plan.past), list(Span(batches[0].day, run.day)))
    assert nightly.sort("name", "at", "key").equals(backfilled)


def test_what_serves_has_the_values_of_the_newest_night(nights):
    current = nights.ledger.feature_values("tiny")
    assert current.at.date() == DAY + timedelta(days=2)
    tomorrow = DAY + timedelta(days=2)
    assert current.values["town_late"]["Bonn"] == pytest.approx(plainly(nights, tomorrow, "Bonn")[0])
    assert current.definitions == nights.run("tiny", DAY).pipeline.features.digests


def test_a_night_that_is_walked_again_keeps_nothing_new_and_leaves_what_serves(nights):
    before = nights.ledger.feature_tables("tiny"), nights.ledger.feature_values("tiny")
    for day in (DAY, DAY + timedelta(days=1)):
        run = nights.run("tiny", day)
        batch = nights.ledger.batches("tiny", Span(day, day))[0]
        assert steps.materialise(run, batch) == nights.ledger.feature_tables("tiny")[(day - DAY).days].table
    assert (nights.ledger.feature_tables("tiny"), nights.ledger.feature_values("tiny")) == before


def test_the_rows_that_a_model_is_fitted_on_are_frozen_with_their_features(nights):
    made = nights.ledger.output("tiny", DAY, "snapshot")
    rows = nights.lake.read([made["uri"]])
    assert made["features"] == dict(nights.run("tiny", DAY).pipeline.features.digests)
    assert rows["at"].is_sorted()
    assert rows["town_late"].null_count() == 0
    assert rows["parcels"].min() > 0


def test_a_champion_with_such_features_is_asked_about_the_days_of_the_drift_check(nights):
    from ml.nightwatch.history import champion

    run = nights.run("tiny", DAY + timedelta(days=2))
    rows = nights.lake.read([nights.ledger.batches("tiny", Span(DAY, DAY), state="accepted")[0].uri])
    assert len(champion(run)(rows)) == rows.height


def test_a_pipeline_without_such_features_has_no_table(walked):
    run = walked.run("tiny", DAY)
    assert materialised.make(run) is None
    assert walked.ledger.feature_tables("tiny") == []


def test_without_an_accepted_day_there_is_no_past(tmp_path):
    place = Workspace.apart(tmp_path / "apart", with_features(tmp_path / "tiny"))
    with pytest.raises(NoData, match="there is no past to make features of"):
        materialised.make(place.run("tiny", DAY))


@pytest.fixture(scope="module")
def redefined(tmp_path_factory):
    """A night that promoted a version; its definition of `town_late` changed, and the next night promoted another."""
    folder = tmp_path_factory.mktemp("redefined")
    config = with_features(folder / "tiny")
    yaml = config / "pipelines" / "tiny.yaml"
    yaml.write_text(yaml.read_text().replace("  - {kind: beats_champion, metric: log_loss, margin: 0.2}\n", ""))
    for day, over in ((DAY, "3d"), (DAY + timedelta(days=1), "9d")):
        yaml.write_text(yaml.read_text().replace("over: 3d", f"over: {over}"))
        place = Workspace.apart(folder / "apart", config)
        do = InProcess(place.run("tiny", day))
        lines.retrain(do, lines.nightly(do))
    return place


def definitions(place, version):
    return materialised.of_model(place.run("tiny", DAY), place.registry.version("tiny", version).model_uri)


def test_a_version_keeps_the_definitions_that_it_was_fitted_with(redefined):
    spans = {version: definitions(redefined, version)["town_late"].over for version in (1, 2)}
    assert spans == {1: 72, 2: 216}
    assert redefined.registry.aliases("tiny") == {"production": 2, "previous": 1}


def test_after_the_yaml_has_changed_each_version_is_answered_with_its_own_features(redefined):
    ledger, run = redefined.ledger, redefined.run("tiny", DAY + timedelta(days=1))
    plan, types = run.pipeline.features, run.pipeline.contract.types
    online = Online(plan, types, lambda: ledger.feature_values("tiny"), lambda: ledger.newest_features("tiny"))
    night = ledger.feature_values("tiny").at
    given = {v: online.of({"town": "Bonn"}, night, definitions(redefined, v)) for v in (1, 2)}
    tables = {v: materialised.again(run, run.day, definitions(redefined, v)) for v in (1, 2)}
    assert {v: missing for v, (_, missing) in given.items()} == {1: (), 2: ()}
    assert {v: found["town_late"] for v, (found, _) in given.items()} == {
        v: tables[v]["town_late"]["Bonn"] for v in (1, 2)
    }
    assert given[1][0]["town_late"] == pytest.approx(plainly(redefined, DAY + timedelta(days=2), "Bonn")[0])
    assert given[1][0]["town_late"] != given[2][0]["town_late"]
    assert given[1][0]["parcels"] == given[2][0]["parcels"]


def test_the_old_version_is_judged_beside_the_new_one_on_rows_with_its_own_features(redefined):
    day = DAY + timedelta(days=1)
    run, frozen = redefined.run("tiny", day), from_json(redefined.ledger.output("tiny", day, "snapshot"))
    rows = holdout.split(run, frozen).newest
    given = holdout._given(run, definitions(redefined, 1), frozen)(rows)
    own = materialised.joining(run, past=definitions(redefined, 1))(pl.from_pandas(rows).lazy()).collect()
    assert given["town_late"].tolist() == own["town_late"].to_list() != rows["town_late"].tolist()
    assert given.drop(columns="town_late").equals(rows.drop(columns="town_late"))


def test_the_next_night_goes_on_making_what_the_version_before_takes_until_nothing_points_to_it(redefined):
    run = redefined.run("tiny", DAY + timedelta(days=2))
    old = definitions(redefined, 1)["town_late"].digest
    assert list(materialised.wanted(run)) == ["town_late", "parcels", f"@{old}"]
    redefined.registry.settle("tiny", 2, None)
    assert list(materialised.wanted(run)) == ["town_late", "parcels"]
    redefined.registry.settle("tiny", 2, 1)


def test_while_mlflow_is_away_a_table_is_made_where_the_ledger_says_that_the_yaml_defines_all_of_it(nights, redefined):
    away = Registry("http://127.0.0.1:1")
    run = nights.run("tiny", DAY + timedelta(days=2))
    without = replace(run, workspace=replace(nights, registry=away))
    assert materialised.wanted(without) == materialised.wanted(run)
    other = redefined.run("tiny", DAY + timedelta(days=2))
    with pytest.raises(ServiceUnavailable, match="did not answer"):  # the version before takes a definition of its own
        materialised.wanted(replace(other, workspace=replace(redefined, registry=away)))


def test_a_version_that_the_ledger_does_not_know_needs_mlflow(nights):
    run = nights.run("tiny", DAY + timedelta(days=2))
    known = set(run.pipeline.features.digests.values())
    forgetful = SimpleNamespace(
        outputs=lambda pipeline, step: {},
        in_production=nights.ledger.in_production,
        promotions=nights.ledger.promotions,
    )
    assert materialised._takes_no_other(run, known)
    assert not materialised._takes_no_other(replace(run, workspace=SimpleNamespace(ledger=forgetful)), known)


def test_a_definition_that_comes_back_is_made_for_the_nights_that_were_without_it(redefined):
    run = redefined.run("tiny", DAY + timedelta(days=3))
    back = definitions(redefined, 1)["town_late"]
    begins = materialised._begins(run, {"back": back, "new": Aggregate(**{**back.model_dump(), "over": 5})}, DAY)
    assert begins == {"back": run.day, "new": DAY}
    made = redefined.ledger.feature_tables("tiny")
    kept = [replace(known, table=known.table.model_copy(update={"features": {}})) for known in made[1:]]
    ledger = SimpleNamespace(feature_tables=lambda name: [made[0], *kept])
    without = replace(run, workspace=SimpleNamespace(ledger=ledger))
    assert materialised._begins(without, {"back": back}, DAY) == {"back": DAY + timedelta(days=1)}


@pytest.mark.integration
def test_a_training_on_such_features_is_done_again_to_the_bit_from_its_snapshot_alone(nights):

    found = reproduce(nights, "tiny@production")
    assert len(found.models) == 2
    for model in found.models:
        assert model.model_sha256[0] == model.model_sha256[1]
        assert model.moved == (0.0, 0.0)
