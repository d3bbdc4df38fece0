"""How versions really did."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from ml.metrics import compute
from ml.records import CAME, SAID, Outcomes
from ml.truth import realised

DAY = date(2013, 6, 1)


def joined(day=DAY, rows=120, version=1, role="batch", labelled=1.0, seed=0, turned=False):
    rng = np.random.default_rng(seed)
    said = rng.uniform(0.05, 0.95, rows)
    label = (rng.random(rows) < (1 - said if turned else said)).astype(float)
    known = rng.random(rows) < labelled
    return pl.DataFrame(
        {
            "prediction": [f"{day}{version}{role}{n:05d}" for n in range(rows)],
            "version": version,
            "role": role,
            "key": [str(n) for n in range(rows)],
            "at": datetime(2013, 6, 1, 3),
            "event_time": [datetime(day.year, day.month, day.day, 6 + n % 12) for n in range(rows)],
            "probability": said,
            "label": pl.Series(label).set(pl.Series(~known), None),
            "state": np.where(known, "known", "waiting"),
            "slice: town": [("Aachen", "Bonn")[n % 3 == 0] for n in range(rows)],
        }
    )


def outcomes(day, frame):
    known = int((frame["state"] == "known").sum())
    return Outcomes(
        pipeline="tiny", day=day, night=day, predictions=frame.height, known=known, waiting=frame.height - known,
        never=0, unmatched=0, batch="f", uri=str(day), fingerprint="f",
    )  # fmt: skip


def run(frames, night=DAY + timedelta(days=9), metric="log_loss", removed=()):
    lake = SimpleNamespace(read=lambda uris: frames[date.fromisoformat(uris[0])])
    pipeline = SimpleNamespace(evaluation=SimpleNamespace(metric=metric))
    ledger = SimpleNamespace(removal=lambda uri: "gone" if uri in removed else None)
    place = SimpleNamespace(lake=lake, ledger=ledger)
    return SimpleNamespace(name="tiny", day=night, pipeline=pipeline, workspace=place)


def of_day(frame, **more):
    return list(realised.of_day(run({DAY: frame}, **more), outcomes(DAY, frame), due=1))


def scores(found):
    return {name: value for name, value in found.metrics.items() if name not in (SAID, CAME)}


def test_what_was_said_on_average_stands_beside_what_came_on_each_slice_too():
    frame = joined()
    whole, aachen, _ = of_day(frame)
    there = frame.filter(pl.col("slice: town") == "Aachen")
    assert whole.bias == (pytest.approx(frame["probability"].mean()), pytest.approx(frame["label"].mean()))
    assert aachen.bias == (pytest.approx(there["probability"].mean()), pytest.approx(there["label"].mean()))
    assert of_day(joined(rows=29))[0].bias is None


def test_a_day_has_a_whole_and_its_slices_with_the_metrics_of_its_rows():
    frame = joined()
    whole, aachen, bonn = of_day(frame)
    assert scores(whole) == compute("classification", frame["label"], frame["probability"])
    assert (whole.rows, whole.blocks, whole.column) == (120, 12, None)
    assert whole.interval[0] < whole.realised < whole.interval[1]
    assert [(p.value, p.rows) for p in (aachen, bonn)] == [("Aachen", 80), ("Bonn", 40)]


def test_versions_and_roles_are_told_apart():
    frame = pl.concat([joined(), joined(version=2), joined(role="shadow", seed=3)])
    assert [(p.version, p.role) for p in of_day(frame) if p.column is None] == (
        [(1, "batch"), (1, "shadow"), (2, "batch")]
    )


def test_before_its_labels_are_due_a_day_is_unknown():
    (found,) = of_day(joined(labelled=0.5), night=DAY)
    assert (found.state, found.why, found.realised) == ("unknown", "its labels are due on 2013-06-02", None)


def test_few_rows_are_unknown_and_few_rows_of_a_slice_are_left_out():
    assert [(p.state, p.why) for p in of_day(joined(rows=29))] == ([("unknown", "29 rows have a label; 30 are needed")])
    assert [p.value for p in of_day(joined(rows=60))] == [None, "Aachen"]


def test_a_row_that_was_asked_about_again_counts_once_with_the_last_word():
    first = joined()
    again = first.with_columns(pl.lit(0.5).alias("probability"), at=datetime(2013, 6, 1, 4), prediction=pl.lit("z"))
    (whole, *_) = of_day(pl.concat([again, first]))
    assert whole.rows == 120
    assert whole.realised == pytest.approx(np.log(2))


def test_a_metric_that_these_rows_do_not_define_is_unknown():
    frame = joined().with_columns(label=pl.lit(1.0))
    (found,) = of_day(frame, metric="roc_auc")
    assert (found.state, found.why) == ("unknown", "roc_auc is not defined on these rows")


def test_a_metric_that_is_no_mean_has_an_interval_too():
    (whole, *_) = of_day(joined(), metric="roc_auc")
    assert whole.interval[0] < whole.realised < whole.interval[1]


def spans(frames, days, version=1, night=DAY + timedelta(days=9), due=1, removed=()):
    found = [outcomes(day, frame) for day, frame in frames.items()]
    return realised.of_span(run(frames, night, removed=removed), found, version, "batch", due, days)


def test_a_span_is_the_newest_days_that_the_version_predicted_with_an_interval_from_days():
    frames = {DAY + timedelta(days=n): joined(DAY + timedelta(days=n), seed=n) for n in range(6)}
    found = spans(frames, 4)
    whole = pl.concat(list(frames.values())[2:])
    assert (found.first, found.day, found.rows, found.blocks) == (DAY + timedelta(2), DAY + timedelta(5), 480, 4)
    assert scores(found) == compute("classification", whole["label"], whole["probability"])


def test_three_days_that_differ_much_give_no_loss_below_zero():
    frames = {DAY + timedelta(days=n): joined(DAY + timedelta(days=n), seed=n, turned=n == 2) for n in range(3)}
    found = spans(frames, 3)
    assert found.interval[0] == 0 < found.realised < found.interval[1]


def test_a_span_leaves_out_days_whose_labels_are_not_due_and_other_versions():
    frames = {DAY + timedelta(days=n): joined(DAY + timedelta(days=n), version=1 + n // 3) for n in range(6)}
    found = spans(frames, 9, version=2, night=DAY + timedelta(days=5))
    assert (found.first, found.day) == (DAY + timedelta(days=3), DAY + timedelta(days=4))
    assert found.interval is None
    assert spans(frames, 9, version=3) is None


def test_a_span_leaves_out_what_retention_took_away_and_what_is_long_ago():
    frames = {DAY + timedelta(days=n): joined(DAY + timedelta(days=n), seed=n) for n in range(6)}
    assert spans(frames, 4, removed={str(DAY + timedelta(days=4))}).first == DAY + timedelta(days=1)
    assert spans(frames, 4, night=DAY + timedelta(days=30)) is None


@pytest.mark.parametrize("metric", ["mae", "rmse"])
def test_a_regression_is_measured_as_one(metric):
    frame = joined().with_columns(label=pl.Series(np.linspace(0, 90, 120)), probability=pl.lit(40.0))
    (whole, *_) = of_day(frame, metric=metric)
    assert scores(whole) == compute("regression", frame["label"], frame["probability"])
    assert whole.interval[0] < whole.realised < whole.interval[1]
