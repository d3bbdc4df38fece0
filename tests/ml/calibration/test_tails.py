from math import exp, inf, nan

import numpy
import pytest

from ml.calibration.tails import Scale, fit

RNG = numpy.random.default_rng(7)


@pytest.mark.parametrize("shape", [-0.2, 0.0, 0.3])
def test_a_tail_finds_scores_rarer_than_any_it_saw(shape) -> None:
    from scipy.stats import genpareto

    kind = genpareto(shape)
    found = [fit(kind.rvs(3000, random_state=seed)).at(1 / 10_000) for seed in range(20)]
    assert numpy.median(found) == pytest.approx(kind.isf(1 / 10_000), rel=0.25)


def test_p_value_and_threshold_are_inverse() -> None:
    tail = fit(RNG.normal(size=300))
    for p_value in (0.05, 0.01, 1e-4):
        assert tail.p_value(tail.at(p_value)) == pytest.approx(p_value)


def test_the_body_is_ordinary_whatever_it_is() -> None:
    tail = fit(RNG.normal(size=300))
    assert tail.p_value(tail.start) == 1.0
    assert tail.p_value(nan) == 1.0


@pytest.mark.parametrize("scale", [Scale(limit=1.0, floor=0.005), Scale(limit=1.0, floor=0.005, by="root", prior=0.05)])
def test_what_was_always_zero_is_rare_as_soon_as_it_is_not(scale) -> None:
    tail = fit(numpy.array([scale.spread(0.0)] * 300), scale.prior)
    assert tail.p_value(scale.spread(0.0)) == 1.0
    assert 0.005 < scale.score(tail.at(1 / 5000)) < 0.1
    assert tail.p_value(scale.spread(1.0)) < 1e-4


def test_nights_without_a_score_do_not_count_and_none_at_all_never_alarm() -> None:
    values = RNG.normal(size=200)
    assert fit(numpy.append(values, [nan] * 50)) == fit(values)
    assert fit(numpy.array([nan, nan])).nights == 0


def test_nights_that_are_all_as_far_out_make_a_tail_too() -> None:
    """As where every gap of a sensor is one whole hour."""
    tail = fit(numpy.array([0.0] * 200 + [1.0] * 40))
    assert tail.shape == 0.0
    assert tail.at(1 / 5000) > 1.0


@pytest.mark.parametrize("limit", [1.0, 0.8326, inf])
def test_a_threshold_of_a_bounded_score_can_be_reached(limit) -> None:
    scale = Scale(limit=limit)
    shares = RNG.beta(2, 8, 300) * min(limit, 1.0)
    threshold = scale.score(fit(numpy.array([scale.spread(s) for s in shares])).at(1e-6))
    assert shares.max() < threshold < limit


def test_a_p_value_drifts_below() -> None:
    scale = Scale(drift="below")
    assert scale.spread(1e-6) > scale.spread(0.5)
    assert scale.score(scale.spread(1e-6)) == pytest.approx(1e-6)
    assert scale.spread(0.0) < inf


def test_a_score_that_counts_evidence_stays_as_it_is() -> None:
    assert Scale(by="itself").spread(12.0) == 12.0
    assert Scale(by="itself").score(12.0) == 12.0
    assert Scale().score(Scale().spread(3.0)) == pytest.approx(exp(numpy.log(3.0)))


def test_a_share_that_is_mostly_zero_keeps_a_threshold_that_sees_something() -> None:
    """As the values of a column that are missing: nothing on most nights, a tenth when a feed stutters."""
    scale = Scale(limit=1.0, floor=0.005, by="root", prior=0.05)
    shares = numpy.where(RNG.random(300) < 0.15, RNG.exponential(0.04, 300), 0.0)
    threshold = scale.score(fit(numpy.array([scale.spread(s) for s in shares]), scale.prior).at(1e-4))
    assert shares.max() < threshold < 0.7
    assert scale.score(scale.spread(0.3)) == pytest.approx(0.3)
