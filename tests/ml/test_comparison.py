"""Differences between models, and intervals from whole days."""

from datetime import date, timedelta

import numpy
import pytest
from scipy import stats
from sklearn.metrics import log_loss, r2_score, roc_auc_score

from ml.comparison import blocks, compare, interval, mean_and_error
from ml.metrics import METRICS
from ml.records import DayGap

pytestmark = pytest.mark.integration

FIRST = date(2013, 3, 1)


def rows(days=7, of_a_day=80, seed=0, task="classification"):
    """Labels, two predictions of which the first is the better one, and the day of each row."""
    rng = numpy.random.default_rng(seed)
    n = days * of_a_day
    logit = rng.normal(size=n) + numpy.repeat(rng.normal(size=days), of_a_day)
    blurred = logit + 0.8 * rng.normal(size=n)
    sharp, blunt = (1 / (1 + numpy.exp(-score)) for score in (logit, blurred))
    day = numpy.repeat(numpy.datetime64(FIRST) + numpy.arange(days), of_a_day)
    if task == "regression":
        return logit + rng.normal(size=n), logit, blurred, day
    return (rng.random(n) < sharp).astype("int64"), sharp, blunt, day


def gaps(values, sizes=None):
    sizes = sizes or [100] * len(values)
    return [
        DayGap(day=FIRST + timedelta(days=n), worse_by=v, rows=size)
        for n, (v, size) in enumerate(zip(values, sizes, strict=True))
    ]


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_has_a_difference_an_interval_and_its_days(metric):
    y, better, worse, days = rows(task=METRICS[metric].task)
    found = compare(metric, y, better, worse, days)
    low, high = found.interval
    assert low < found.worse_by < high
    assert [gap.day for gap in found.days] == [FIRST + timedelta(days=n) for n in range(7)]
    assert (found.blocks, found.block_days, found.level) == (7, 1, 0.95)


@pytest.mark.parametrize("metric", METRICS)
def test_changing_sides_changes_the_sign_only(metric):
    y, one, other, days = rows(task=METRICS[metric].task)
    found, turned = compare(metric, y, one, other, days), compare(metric, y, other, one, days)
    assert turned.worse_by == pytest.approx(-found.worse_by)
    assert turned.interval == pytest.approx((-found.interval[1], -found.interval[0]))


def test_the_difference_is_that_of_the_libraries():
    y, one, other, days = rows()
    assert compare("log_loss", y, one, other, days).worse_by == pytest.approx(log_loss(y, one) - log_loss(y, other))
    area = roc_auc_score(y, other) - roc_auc_score(y, one)
    assert compare("roc_auc", y, one, other, days).worse_by == pytest.approx(area)
    y, one, other, days = rows(task="regression")
    assert compare("r2", y, one, other, days).worse_by == pytest.approx(r2_score(y, other) - r2_score(y, one))


def test_days_of_equal_size_give_the_t_interval_of_their_means():
    y, one, other, days = rows()
    found = compare("brier", y, one, other, days)
    means = (((one - y) ** 2 - (other - y) ** 2).reshape(7, -1)).mean(axis=1)
    expected = stats.t.interval(0.95, 6, means.mean(), stats.sem(means))
    assert found.interval == pytest.approx(expected)


def test_a_metric_that_is_no_mean_gets_the_interval_of_the_jackknife():
    y, one, other, days = rows()
    whole = roc_auc_score(y, other) - roc_auc_score(y, one)
    left = []
    for day in numpy.unique(days):
        rest = days != day
        left.append(roc_auc_score(y[rest], other[rest]) - roc_auc_score(y[rest], one[rest]))
    error = numpy.sqrt(6 / 7 * ((left - numpy.mean(left)) ** 2).sum())
    low, high = compare("roc_auc", y, one, other, days).interval
    assert (high - low) / 2 == pytest.approx(stats.t.ppf(0.975, 6) * error)
    assert low < whole < high


def test_a_mean_given_as_if_it_were_none_has_the_same_interval():
    """The jackknife of a mean is the mean: both ways must agree on a metric that could go either."""
    from ml import comparison

    y, one, other, days = rows()
    _, place = numpy.unique(days, return_inverse=True)
    pseudo = comparison._pseudo("brier", y, one, other, place)
    assert pseudo == pytest.approx(comparison._means("brier", y, one, other, place))


def test_a_large_day_weighs_more_than_a_small_one():
    mean, error = mean_and_error(gaps([0.0, 0.0, 1.0], [450, 450, 100]))
    assert mean == pytest.approx(0.1)
    assert error < mean_and_error(gaps([0.0, 0.0, 1.0]))[1]


def test_two_blocks_are_too_few_for_an_interval():
    y, one, other, days = rows(days=2)
    found = compare("log_loss", y, one, other, days)
    assert (found.interval, found.blocks) == (None, 2)
    assert interval(gaps([0.1, 0.2]), 0.95) is None


def test_eight_weeks_and_more_are_counted_in_weeks():
    y, one, other, days = rows(days=58, of_a_day=20)
    found = compare("log_loss", y, one, other, days)
    assert (found.blocks, found.block_days, len(found.days)) == (8, 7, 58)


def test_a_block_of_days_is_their_mean_over_rows():
    (week,) = blocks(gaps([0.0] * 6 + [0.9, 5.0], [100] * 6 + [300, 9]), 7)
    assert (week.day, week.rows) == (FIRST, 900)
    assert week.worse_by == pytest.approx(0.3)


def test_a_sure_and_wrong_prediction_costs_what_scikit_learn_says():
    y, one, other, days = rows()
    wrong = numpy.where(numpy.arange(len(y)) == 3, 1 - y, one)
    expected = log_loss(y, wrong) - log_loss(y, other)
    found = compare("log_loss", y, wrong, other, days)
    assert found.worse_by == pytest.approx(expected)
    assert sum(gap.worse_by * gap.rows for gap in found.days) / len(y) == pytest.approx(expected)


def test_what_is_not_defined_or_no_number_is_not_compared():
    y, one, other, days = rows()
    assert compare("roc_auc", numpy.zeros_like(y), one, other, days) is None
    assert compare("log_loss", y, numpy.where(y == 1, numpy.nan, one), other, days) is None


def test_a_day_without_which_there_is_no_area_counts_as_no_different():
    y, one, other, days = rows(days=4)
    y = numpy.where(days == days[0], y, 0)
    found = compare("roc_auc", y, one, other, days)
    assert found.days[0].worse_by == pytest.approx(found.worse_by)
    assert numpy.isfinite(found.interval).all()


@pytest.mark.parametrize("blocks_of_a_sample", [5, 7])
def test_the_interval_holds_the_truth_as_often_as_it_says_with_few_days(blocks_of_a_sample):
    """Where a percentile bootstrap of five or seven blocks is far below."""
    rng = numpy.random.default_rng(1)
    inside = percentile = 0
    for _ in range(600):
        values = rng.normal(size=blocks_of_a_sample)
        low, high = interval(gaps(values.tolist()), 0.95)
        inside += low < 0 < high
        means = rng.choice(values, (400, len(values))).mean(axis=1)
        low, high = numpy.quantile(means, [0.025, 0.975])
        percentile += low < 0 < high
    assert stats.binomtest(inside, 600, 0.95).pvalue > 0.001
    assert percentile / 600 < 0.92
