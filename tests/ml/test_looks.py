"""Many nights ask the same question."""

from datetime import date, timedelta
from math import inf

import numpy
import pytest

from ml.looks import always_valid, reach, with_looks
from ml.records import Comparison, DayGap, Evaluation

pytestmark = pytest.mark.integration

FIRST = date(2013, 3, 1)


def gaps(first, values):
    return tuple(DayGap(day=first + timedelta(days=n), worse_by=v, rows=100) for n, v in enumerate(values))


def night(number, values, procedure="new", version=3, champion="old", basis="as served"):
    """The evaluation of a night whose held-out days begin at ``number``."""
    days = gaps(FIRST + timedelta(days=number), values)
    compared = Comparison(
        role="champion", how=basis, metric="log_loss", worse_by=0, interval=None, level=0.95, blocks=len(days),
        block_days=1, rows=100, basis=basis, days=days,
    )  # fmt: skip
    return Evaluation(
        pipeline="p", day=days[-1].day, run_id="r", metric="log_loss", first=days[0].day, last=days[-1].day, rows=100,
        scores=(), champion_version=version, comparisons=(compared,), procedure=procedure, champion_procedure=champion,
    )  # fmt: skip


def looks(tonight, past=(), alpha=0.05):
    return with_looks(tonight, past, alpha).comparisons[0].looks


def test_a_day_counts_once_and_as_it_was_seen_first():
    past = [night(0, [0.1] * 7), night(1, [0.9] * 7)]
    found = looks(night(7, [0.3] * 7), past)
    assert (found.first, found.last) == (FIRST, FIRST + timedelta(days=13))
    assert (found.blocks, found.block_days, found.nights) == (2, 7, 3)
    assert found.worse_by == pytest.approx((7 * 0.1 + 0.9 + 6 * 0.3) / 14)


def test_another_version_or_another_recipe_is_another_question():
    others = [night(0, [0.1] * 7, procedure="other"), night(7, [0.1] * 7, version=2)]
    found = looks(night(14, [0.3] * 7), others)
    assert (found.nights, found.first) == (1, FIRST + timedelta(days=14))


def test_the_same_rows_are_a_comparison_of_their_own():
    past = [night(0, [0.1] * 7, basis="same rows"), night(0, [0.5] * 7, basis="own rows")]
    assert looks(night(7, [0.3] * 7), past).worse_by == pytest.approx(0.4)
    assert looks(night(7, [0.3] * 7, basis="same rows"), past).worse_by == pytest.approx(0.2)


def test_each_question_of_a_year_gets_a_smaller_share_of_alpha():
    past = [night(0, [0.1] * 7, procedure="first"), night(1, [0.1] * 7, procedure="second")]
    assert [looks(night(7, [0.1] * 7), past[:n]).level for n in range(3)] == pytest.approx(
        [1 - 0.05 / 2, 1 - 0.05 / 6, 1 - 0.05 / 12]
    )
    assert looks(night(7, [0.1] * 7, procedure="first"), past).question == 1
    assert sum(1 / (k * (k + 1)) for k in range(1, 10_000)) == pytest.approx(1, abs=1e-3)


def test_a_question_of_last_year_is_paid_for():
    past = [night(0, [0.1] * 7, procedure="first")]
    assert looks(night(400, [0.1] * 7), past).question == 1


def test_the_champions_own_recipe_asks_no_question_that_costs():
    past = [night(n, [0.1] * 7, procedure="old", version=n) for n in range(5)]
    assert looks(night(9, [0.1] * 7), past).question == 1
    assert looks(night(9, [0.1] * 7, procedure="old"), past).level == pytest.approx(0.95)


def test_without_a_champion_there_is_nothing_to_look_at():
    alone = night(0, [0.1] * 7, version=None)
    assert with_looks(alone, [], 0.05) == alone


def test_few_weeks_have_no_interval_and_many_a_narrow_one():
    assert [reach(n, 1.0, 0.95) == inf for n in (1, 4, 5)] == [True, True, False]
    assert reach(52, 1.0, 0.95) == pytest.approx(3.34, abs=0.05)
    assert reach(52, 1.0, 0.99) > reach(52, 1.0, 0.95) > reach(500, 1.0, 0.5)


def test_the_reach_is_where_the_mixed_likelihood_ratio_pays_out():
    """The bet of Rouder et al. (2009) with a unit prior, by numerical integration over the size of the effect."""
    from scipy import integrate, stats

    n, level = 12, 0.95
    t = reach(n, 1.0, level)
    likelihood, _ = integrate.quad(lambda d: stats.nct.pdf(t, n - 1, d * n**0.5) * stats.norm.pdf(d), -8, 8)
    assert likelihood / stats.t.pdf(t, n - 1) == pytest.approx(1 / (1 - level), rel=1e-6)


def test_weeks_that_do_not_differ_leave_no_doubt():
    assert always_valid(gaps(FIRST, [0.0] * 70), 0.95) == (0, 0, 0)


@pytest.mark.parametrize("neighbours", [0.0, 0.4])
def test_a_year_of_looks_leaves_the_truth_out_no_more_often_than_promised(neighbours):
    """Where the interval for one look, asked every week, leaves it out far more often."""
    from scipy import stats

    rng = numpy.random.default_rng(5)
    wrong = naive = 0
    for _ in range(400):
        shocks, values = rng.normal(size=364), numpy.zeros(364)
        for day in range(1, 364):
            values[day] = neighbours * values[day - 1] + shocks[day]
        weeks = values.reshape(52, 7).mean(axis=1)
        n = numpy.arange(2, 53)
        mean = numpy.array([weeks[:k].mean() for k in n])
        error = numpy.array([weeks[:k].std(ddof=1) / k**0.5 for k in n])
        wrong += any(abs(m) > reach(int(k), e, 0.95) for k, m, e in zip(n, mean, error, strict=True))
        naive += (abs(mean) > stats.t.ppf(0.975, n - 1) * error).any()
    assert wrong / 400 <= 0.05
    assert naive / 400 > 0.2
