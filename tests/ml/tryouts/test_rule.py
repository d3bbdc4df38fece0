from datetime import timedelta

import numpy
import pytest

from ml.records import DayGap
from ml.tryouts import Pairs, judge
from ml.tryouts.rule import of_days
from tests.ml.tryouts.conftest import DAY, tryout


def days(*gaps, rows=100):
    return [DayGap(day=DAY + timedelta(days=n), worse_by=gap, rows=rows) for n, gap in enumerate(gaps)]


def test_without_a_label_nothing_is_said():
    empty = numpy.array([])
    judged = judge(tryout(), Pairs(empty, empty, empty, empty.astype("datetime64[D]")))
    assert (judged.passed, judged.rows) == (None, 0)
    assert judged.sentence == "no row that both versions answered has its label yet"


def test_few_days_are_too_few_however_bad_they_look():
    judged = of_days(tryout(), days(9.0, 9.1, 9.2, 9.0))
    assert judged.passed is None
    assert "too few days to be sure of anything" in judged.sentence


def test_one_day_is_told_as_one():
    assert "rows of 1 day with" in of_days(tryout(), days(0.1)).sentence


def test_days_that_all_say_worse_stop_it():
    judged = of_days(tryout(), days(0.10, 0.11, 0.09, 0.10, 0.12, 0.10))
    assert judged.passed is False
    assert judged.interval[0] > 0
    assert "on 600 rows of 6 days with their labels version 2 is worse by 0.10333 in log_loss than version 1" in (
        judged.sentence
    )


def test_days_that_all_say_better_let_it_pass():
    assert of_days(tryout(), days(-0.10, -0.11, -0.09, -0.10, -0.12, -0.10)).passed is True


def test_days_that_say_this_and_that_decide_nothing():
    judged = of_days(tryout(), days(0.10, -0.11, 0.09, -0.10, 0.12, -0.10))
    assert judged.passed is None
    assert "(better by 0." in judged.sentence
    assert " to worse by 0." in judged.sentence


def test_rows_are_judged_by_the_tryouts_metric():
    y = numpy.tile([0, 1], 300)
    place = numpy.repeat(numpy.arange(6), 100)
    when = numpy.datetime64(DAY) + place.astype("timedelta64[D]")
    off = 0.5 - (0.2 + 0.01 * place) * numpy.where(y == 1, 1, -1)
    judged = judge(tryout(metric="brier"), Pairs(y, off, numpy.full(600, 0.5), when))
    assert judged.passed is False
    assert judged.worse_by == pytest.approx(((off - y) ** 2).mean() - 0.25)
