import numpy as np
import pytest

from ml.estimated.calibrator import Calibrator, log_odds


def test_scores_that_are_right_stay_as_they_are_and_others_are_put_right():
    rng = np.random.default_rng(0)
    true = rng.random(20_000)
    labels = (rng.random(20_000) < true).astype(float)
    assert np.abs(Calibrator.fit(true, labels).chances(true) - true).max() < 0.02
    too_sure = 1 / (1 + np.exp(-2 * log_odds(true) - 1))
    assert np.abs(Calibrator.fit(too_sure, labels).chances(too_sure) - true).max() < 0.02


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_one_class_alone_gives_a_finite_line(label):
    found = Calibrator.fit(np.array([0.2, 0.5, 1.0, 0.0]), np.full(4, label))
    assert np.isfinite([found.level, found.slope]).all()


def test_without_rows_the_score_is_taken_at_its_word():
    found = Calibrator.fit(np.array([]), np.array([]))
    assert found.chances(np.array([0.25])) == pytest.approx(0.25)
