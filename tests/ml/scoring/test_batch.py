"""What the version in Production says of the coming day, once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import polars as pl
import pytest

from ml import steps, training
from ml.days import Span
from ml.errors import TrainingError
from ml.features import Aggregate
from ml.scoring import ahead, batch
from ml.snapshots import plain
from ml.walker import InProcess
from tests import served

DAY = date(2013, 6, 1)


def scored(place, day):
    run = place.run("tiny", day)
    rows = ahead.look(run, run.pipeline.score)
    return rows, batch.score(run, rows)


def kept(place, day):
    coming = day + timedelta(days=1)
    return place.ledger.predictions("tiny", Span(coming, coming), ["batch"])


def test_each_row_is_told_what_the_model_says_in_the_ledger_and_as_a_table(place):
    rows, found = scored(place, DAY)
    made, table = kept(place, DAY), place.lake.read([found.uri])
    said = place.registry.load_model(place.registry.production("tiny").model_uri)
    right = said.predict_proba(plain(place.lake.read([rows.uri]))[["weight", "town"]])[:, 1]
    assert [p.probability for p in sorted(made, key=lambda p: p.key["parcel"])] == pytest.approx(right)
    assert sorted(table["probability"]) == pytest.approx(sorted(right))
    assert {p.version for p in made} == {found.version} == {1}
    assert {p.at for p in made} == {datetime(2013, 6, 2, 3, tzinfo=UTC)}
    assert set(table["prediction"]) == {p.id for p in made}
    assert made[0].features.keys() == {"weight", "town"}


def test_a_day_is_scored_once_and_by_one_version(place):
    day = DAY + timedelta(days=1)
    first, made = scored(place, day), kept(place, day)
    assert scored(place, day) == first
    served.serve(place, version=2, day=day, fitted_to=date(2013, 5, 25))
    assert scored(place, day) == first
    assert kept(place, day) == made
    assert scored(place, day + timedelta(days=1))[1].version == 2


def test_killed_between_ledger_and_lake_the_next_one_ends_the_work(place, monkeypatch):
    day = DAY + timedelta(days=3)
    run = place.run("tiny", day)
    rows = ahead.look(run, run.pipeline.score)
    monkeypatch.setattr(batch, "as_table", lambda made: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        batch.score(run, rows)
    monkeypatch.undo()
    assert batch.score(run, rows).rows == len(kept(place, day)) == 60


def test_a_version_that_is_gone_is_not_replaced_by_another(place):
    day = DAY + timedelta(days=4)
    run = place.run("tiny", day)
    rows = ahead.look(run, run.pipeline.score)
    served_by = place.registry.production("tiny")
    ghost = batch.predictions(run, type(served_by)(9, "r", served_by.model_uri, {}), place.lake.read([rows.uri]), rows)
    place.ledger.record_predictions(ghost)
    with pytest.raises(TrainingError, match="version 9 scored this day before"):
        batch.score(run, rows)


def test_before_the_first_version_nothing_is_scored(tmp_path):
    from ml.workspace import Workspace

    place = Workspace.apart(tmp_path / "apart", served.write(tmp_path / "tiny"))
    assert scored(place, DAY)[1] is None


def test_a_row_has_the_features_of_the_past_that_are_served_on_its_day(place):
    day = DAY + timedelta(days=5)
    run = place.run("tiny", day)
    past = {"town_late": {"by": ["town"], "of": "late", "over": "7d", "known_after": "1d"}}
    features = run.pipeline.features.model_validate({"past": past})
    run = replace(run, pipeline=run.pipeline.model_copy(update={"features": features}))
    do = InProcess(run)
    do(steps.materialise, do(steps.validate, do(steps.pull)))
    rows = ahead.look(run, run.pipeline.score)
    found = batch.with_past(run, place.registry.production("tiny"), place.lake.read([rows.uri]), rows)
    served_values = dict(found.select("town", "town_late").iter_rows())
    assert 0 < served_values["Aachen"] < served_values["Celle"] < 1
    own = {"town_late": Aggregate(by=("town",), of="late", over=24, kind="count", known_after=24)}
    names = ("weight", "town", "town_late")
    labelled = plain(found.with_columns(late=pl.int_range(pl.len()) % 2))
    said = training.fit(run.pipeline.model.model_copy(update={"features": names}), labelled)
    run_id = place.registry.training_run("tiny", "own", {}, {})
    uri = place.registry.save_model(run_id, "own", said, plain(found.select(names)), "tiny", past=own)
    fitted = type(place.registry.production("tiny"))(9, run_id, uri, {})
    given = batch.with_past(run, fitted, place.lake.read([rows.uri]), rows)
    assert given["town_late"].null_count() == found.height


def test_a_name_is_a_uuid_that_follows_from_moment_and_row():
    at = datetime(2013, 6, 2, 3, tzinfo=UTC)
    name = batch.batch_name("tiny", at, {"parcel": 1})
    assert UUID(name).version == 8
    assert UUID(name).int >> 80 == at.timestamp() * 1000
    assert name == batch.batch_name("tiny", at, {"parcel": 1}) != batch.batch_name("tiny", at, {"parcel": 2})
