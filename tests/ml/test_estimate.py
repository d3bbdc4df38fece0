import numpy
import pytest
from scipy import stats

from ml.comparison import compare
from ml.estimate import Estimate, blocks, holm, mean, without_each
from ml.metrics import ROW_LOSSES


def days(count, rows=10):
    return numpy.repeat(numpy.arange("2013-01-01", count, dtype="datetime64[D]"), rows)


def test_days_are_blocks_and_weeks_where_there_are_eight():
    assert len(numpy.unique(blocks(days(20)))) == 20
    assert len(numpy.unique(blocks(days(56)))) == 8


def test_a_week_is_seven_days_that_have_rows_as_in_a_comparison_and_the_last_may_be_shorter():
    some = numpy.concatenate([days(30), days(80)[400:]])  # ten days are missing
    found = blocks(some)
    assert numpy.bincount(found).tolist() == [70] * 10
    assert numpy.bincount(blocks(days(59))).tolist() == [70] * 8 + [30]
    y, p = numpy.ones(len(some)), numpy.full(len(some), 0.4)
    beside = compare("log_loss", y, p, p + some.astype("int64") % 5 / 10, some)
    assert (beside.blocks, beside.block_days) == (10, 7)
    gap = ROW_LOSSES["log_loss"](y, p) - ROW_LOSSES["log_loss"](y, p + some.astype("int64") % 5 / 10)
    assert beside.interval == pytest.approx(mean(gap, found).interval())


def test_the_mean_of_equal_days_has_the_interval_of_students_t():
    values = numpy.random.default_rng(0).normal(size=70)
    found = mean(values, numpy.repeat(numpy.arange(7), 10))
    daily = values.reshape(7, 10).mean(axis=1)
    assert found.value == pytest.approx(values.mean())
    low, high = stats.t.interval(0.95, 6, values.mean(), stats.sem(daily))
    assert found.interval() == (pytest.approx(low), pytest.approx(high))


def test_the_jackknife_agrees_for_a_mean():
    values, place = numpy.random.default_rng(0).normal(size=70), numpy.repeat(numpy.arange(7), 10)
    assert without_each(lambda m: float(values[m].mean()), place).error == pytest.approx(mean(values, place).error)


def test_two_days_show_nothing():
    found = mean(numpy.ones(4), numpy.array([0, 0, 1, 1]))
    assert (found.interval(), found.above(0)) == (None, 1.0)


def test_a_number_without_error_is_certain():
    assert (Estimate(1.0, 0.0, 5).above(0.5), Estimate(1.0, 0.0, 5).above(1.0)) == (0.0, 1.0)


def test_blocks_that_a_statistic_cannot_do_without_are_left():
    place = numpy.repeat(numpy.arange(5), 2)
    found = without_each(lambda m: float("nan") if not m[0] else float(m.sum()), place)
    assert found.blocks == 4


def test_holm_multiplies_the_smallest_by_all_and_keeps_the_order():
    assert holm([0.01, 0.04, 0.03]) == [pytest.approx(0.03), pytest.approx(0.06), pytest.approx(0.06)]


def test_under_the_null_one_in_twenty_is_shown():
    rng = numpy.random.default_rng(0)
    place = numpy.repeat(numpy.arange(7), 20)
    shown = [
        mean(rng.normal(size=140) + numpy.repeat(rng.normal(size=7), 20), place).above(0) < 0.05 for _ in range(1000)
    ]
    assert 0.03 < numpy.mean(shown) < 0.075
