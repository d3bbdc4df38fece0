import math
from typing import get_args

import numpy
import pytest

from ml.metrics import METRICS, ROW_LOSSES, MetricName, beside, compute


def test_every_name_has_a_metric():
    assert set(get_args(MetricName)) == set(METRICS)
    assert all(name == metric.name for name, metric in METRICS.items())


@pytest.mark.parametrize("name", [n for n, m in METRICS.items() if m.task == "classification"])
def test_a_sure_and_right_prediction_is_better_than_a_coin(name):
    y = [0, 1, 1, 0]
    sure, coin = (compute("classification", y, p)[name] for p in ([0.1, 0.9, 0.8, 0.2], [0.6, 0.4, 0.5, 0.5]))
    assert METRICS[name].worse_by(coin, sure) > 0


@pytest.mark.parametrize("name", [n for n, m in METRICS.items() if m.task == "regression"])
def test_a_close_prediction_is_better_than_a_far_one(name):
    y = [1.0, 2.0, 4.0]
    close, far = (compute("regression", y, p)[name] for p in ([1.1, 2.0, 3.9], [4.0, 1.0, 0.0]))
    assert METRICS[name].worse_by(far, close) > 0


def test_values_are_those_of_the_textbook():
    scores = compute("classification", [0, 1], [0.25, 0.75])
    assert scores["log_loss"] == pytest.approx(-math.log(0.75))
    assert scores["brier"] == pytest.approx(0.0625)
    assert compute("regression", [0, 2], [1, 1]) == {"mae": 1.0, "rmse": 1.0, "r2": 0.0}


def test_rows_of_one_class_have_no_curve():
    assert set(compute("classification", [1, 1], [0.4, 0.9])) == {"log_loss", "brier", "accuracy"}
    assert set(compute("regression", [3, 3], [2, 4])) == {"mae", "rmse"}


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_one_prediction_that_is_no_number_spoils_every_metric(bad):
    for task in ("classification", "regression"):
        scores = compute(task, [0, 1, 1], [0.5, bad, 0.5])
        assert scores
        assert all(math.isnan(value) for value in scores.values())


def test_booleans_are_labels_too():
    y = numpy.array([True, False, True])
    assert compute("classification", y, [0.9, 0.1, 0.9])["accuracy"] == 1.0


@pytest.mark.parametrize("name", ["log_loss", "brier", "mae"])
def test_the_losses_of_rows_average_to_the_metric_also_where_a_sure_prediction_is_wrong(name):
    y, p = numpy.array([0, 1, 1, 0]), numpy.array([0.25, 0.75, 0.0, 1.0])
    assert ROW_LOSSES[name](y, p).mean() == pytest.approx(compute(METRICS[name].task, y, p)[name])


def test_means_are_told_as_shares_or_as_they_are():
    assert beside("classification", 0.2413, 0.31) == "said 24.1%, came 31.0%"
    assert beside("regression", 12.3456, 1234.5) == "said 12.35, came 1234"


def test_an_interval_ends_where_the_metric_does():
    assert METRICS["log_loss"].possible((-0.18, 1.16)) == (0, 1.16)
    assert METRICS["roc_auc"].possible((0.6, 1.2)) == (0.6, 1)
    assert METRICS["r2"].possible((-3.0, 1.2)) == (-3.0, 1)
    assert METRICS["mae"].possible(None) is None
