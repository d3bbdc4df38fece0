import pytest

from ml.drift.methods import METHODS


@pytest.mark.parametrize("method", METHODS.values(), ids=str)
def test_a_score_at_its_threshold_has_strength_one(method) -> None:
    assert method.strength(0.05, 0.05) == pytest.approx(1.0)


@pytest.mark.parametrize("method", METHODS.values(), ids=str)
def test_more_drift_is_more_strength(method) -> None:
    weak, strong = (0.02, 0.3) if method.drift == "above" else (0.3, 0.02)
    assert method.strength(weak, 0.1) < 1 < method.strength(strong, 0.1)


def test_a_p_value_of_zero_has_a_strength() -> None:
    assert METHODS["ks"].strength(0.0, 0.05) == pytest.approx(230.6, abs=0.1)
    assert METHODS["ks"].strength(1.0, 0.05) == 0


@pytest.mark.integration
@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_each_method_points_where_the_table_says(method) -> None:
    import numpy
    import pandas

    from ml.drift import EvidentlyDrift

    rng = numpy.random.default_rng(0)
    numbers = rng.integers(0, 8, 4000) + rng.random(4000)
    for kind in method.kinds:
        values = pandas.Series(numbers if kind == "numerical" else numbers.astype(int).astype(str))
        frame, moved = pandas.DataFrame({"x": values}), pandas.DataFrame({"x": values[numbers > 4]})
        check = EvidentlyDrift(columns={"x": {"method": method.name, "threshold": 0.04, "kind": kind}})
        (same,) = check.compare(frame, frame).columns
        (other,) = check.compare(frame, moved).columns
        assert (same.drifted, other.drifted) == (False, True)
        assert method.strength(same.score, 0.04) < 1 < method.strength(other.score, 0.04)
        assert other.score <= method.limit


@pytest.mark.parametrize(("method", "passed"), [("wasserstein", [False, True, True]), ("ks", [True, False, False])])
def test_a_distance_drifts_at_its_threshold_a_p_value_below_it(method, passed) -> None:
    assert [METHODS[method].passed(score, 0.1) for score in (0.09, 0.1, 0.11)] == passed
