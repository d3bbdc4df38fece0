import numpy
import pytest

from ml.gates import Calibration
from ml.gates.calibration import line, miss


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda odds, frame: odds + 1.5, "too high"),
        (lambda odds, frame: odds - 1.5, "too low"),
        (lambda odds, frame: odds * 3, "too extreme"),
        (lambda odds, frame: odds * 0.2, "too timid"),
        (lambda odds, frame: -odds, "the wrong way round"),
    ],
)
@pytest.mark.parametrize("champion", [True, False])
def test_an_objection_says_what_is_wrong_with_the_predictions(trial, found, change, words, champion):
    finding = found(Calibration(), trial(change, champion=champion))
    assert not finding.passed
    assert words in finding.sentence


def test_true_chances_pass(trial, found):
    finding = found(Calibration(), trial())
    assert finding.passed
    assert "predictions are calibrated (slope " in finding.sentence


def test_days_that_surprise_both_are_no_objection(trial, found):
    late = trial()
    surprised = trial(lambda odds, frame: odds, y=numpy.where(numpy.arange(len(late.y)) % 3 == 0, 1, late.y))
    assert found(Calibration(loss=0.01), surprised).passed
    assert not found(Calibration(loss=0.01), trial(champion=False, y=surprised.y)).passed


def test_a_constant_is_called_so(trial, found):
    finding = found(Calibration(), trial(lambda odds, frame: odds * 0 - 1))
    assert finding.sentence.startswith("the challenger predicts the same for all rows")


def test_what_is_no_number_is_counted(trial, found):
    finding = found(Calibration(), trial(lambda odds, frame: numpy.where(frame["town"] == "Bonn", numpy.nan, odds)))
    assert "predictions of the challenger are not finite" in finding.sentence


def test_a_line_finds_the_scale_that_was_lost(trial):
    t = trial()
    odds = numpy.log(t.predictions["champion"] / (1 - t.predictions["champion"]))
    intercept, slope = line("classification", t.y, 1 / (1 + numpy.exp(-(odds * 2 + 1))))
    assert slope == pytest.approx(0.5, abs=0.05)
    assert intercept == pytest.approx(-0.5, abs=0.1)


def test_a_line_is_that_of_scikit_learn(trial):
    from sklearn.linear_model import LogisticRegression

    t = trial()
    p = t.predictions["champion"]
    odds = numpy.log(p / (1 - p))
    known = LogisticRegression(C=1e9).fit(odds[:, None], t.y)
    assert line("classification", t.y, p) == (
        pytest.approx(known.intercept_[0], abs=1e-3),
        pytest.approx(known.coef_[0, 0], abs=1e-3),
    )


def test_a_regression_loses_by_scale_and_level():
    y = numpy.random.default_rng(0).normal(size=1000)
    assert miss("regression", y, y) == pytest.approx(0, abs=1e-9)
    assert miss("regression", y, 2 * y) == pytest.approx(1, abs=0.01)
    assert line("regression", y, 2 * y + 1)[1] == pytest.approx(0.5)


def test_labels_of_one_class_say_nothing():
    assert numpy.isnan(miss("classification", numpy.ones(5), numpy.full(5, 0.9)))
