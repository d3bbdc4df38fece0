"""Each prediction and what became of its row."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from ml.days import Span
from ml.predictions.ids import new_id
from ml.records import Prediction
from ml.truth import joining
from tests.ml.truth.conftest import NIGHTS

pytestmark = pytest.mark.integration

DAY = NIGHTS[3]


def test_labels_are_known_never_come_or_are_waited_for(truth):
    place, _ = truth
    first, *_, newest = place.ledger.outcomes("tiny", Span(NIGHTS[1], NIGHTS[-1]))
    assert (first.predictions, first.known, first.waiting, first.never) == (60, 54, 0, 6)
    assert (newest.predictions, newest.known, newest.waiting, newest.never) == (60, 48, 12, 0)


def test_the_label_of_a_row_stands_beside_what_was_said_of_it(truth):
    place, _ = truth
    (found,) = place.ledger.outcomes("tiny", Span(DAY, DAY))
    rows = place.lake.read([found.uri])
    (batch,) = place.ledger.batches("tiny", Span(DAY, DAY), state="accepted")
    labels = dict(place.lake.read([batch.uri]).select("parcel", "late").iter_rows())
    made = {p.id: p for p in place.ledger.predictions("tiny", Span(DAY, DAY))}
    assert rows.height == 60
    for row in rows.iter_rows(named=True):
        assert row["label"] == labels[made[row["prediction"]].key["parcel"]]
        assert row["probability"] == made[row["prediction"]].probability


def test_what_was_not_known_then_became_a_row_of_its_own_later(truth):
    import sqlalchemy as sa

    from ml.ledger.tables import outcomes

    place, _ = truth
    with place.ledger.database.reading() as connection:
        of_day = sa.select(outcomes.c.night, outcomes.c.known).filter_by(day=DAY).order_by(outcomes.c.id)
        assert connection.execute(of_day).all() == [(DAY, 48), (DAY + timedelta(days=1), 54)]


def test_a_prediction_of_no_accepted_row_is_unmatched_and_an_unaccepted_day_waits(truth):
    place, _ = truth
    run = place.run("tiny", NIGHTS[-1])
    day = NIGHTS[-1] - timedelta(days=200)
    ghost = Prediction(
        id=new_id(), pipeline="tiny", version=1, role="production", at=datetime.now(UTC), key={"parcel": -1}, day=day,
        probability=0.5,
    )  # fmt: skip
    ledger = replaced(place, {day: [ghost]})
    (batch,) = place.ledger.batches("tiny", Span(DAY, DAY), state="accepted")
    assert joining.join(replace(run, workspace=ledger), day, batch, due=1).unmatched == 1
    assert joining.join(replace(run, workspace=ledger), day, None, due=190).waiting == 1
    assert joining.join(replace(run, workspace=ledger), day, None, due=1).unmatched == 1


def test_masked_keys_join_as_well(truth):
    place, _ = truth
    run = replace(place.run("tiny", NIGHTS[-1]), workspace=replace(place, masking_key="key"))
    kept = run.pipeline.predictions.model_copy(update={"masked": ("parcel",)})
    run = replace(run, pipeline=run.pipeline.model_copy(update={"predictions": kept}))
    from ml.predictions.entries import Entries

    (batch,) = place.ledger.batches("tiny", Span(DAY, DAY), state="accepted")
    rows = place.lake.read([batch.uri]).filter(pl.col("late").is_not_null())
    made = Entries(run.pipeline, "key").of(
        rows.to_dicts(), [0.5] * rows.height, 1, "production", "desk", datetime.now(UTC)
    )
    assert "masked:" in made[0].key["parcel"]
    run = replace(run, workspace=replaced(run.workspace, {DAY: made}))
    assert joining.join(run, DAY, batch, due=1).known == rows.height


def replaced(place, predictions):
    """The workspace with other predictions in its ledger."""

    class Other:
        def __getattr__(self, name):
            return getattr(place.ledger, name)

        def predictions(self, pipeline, span, roles=None):
            return predictions[span.first]

    return replace(place, ledger=Other())
