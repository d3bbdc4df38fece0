import numpy
import pytest
from sklearn.metrics import log_loss

from ml.baselines import Constant, Simple, simple
from ml.errors import TrainingError

pytestmark = pytest.mark.integration


def test_it_learns_what_a_straight_line_can(known):
    before, newest, y = known()
    losses = [log_loss(y, baseline.guess(before, newest).prediction) for baseline in (Simple(), Constant())]
    assert losses[0] < losses[1] - 0.2


def test_it_learns_a_number_too(known):
    before, newest, y = known("regression")
    error = Simple().guess(before, newest).prediction - y
    assert error.std() < 0.5 * y.std()


def test_gaps_new_names_and_empty_columns_are_no_trouble(known):
    before, newest, _ = known(empty=numpy.nan)
    gaps = newest.assign(size=[numpy.nan, numpy.inf] * 100, town=[None, "Trier"] * 100)
    told = Simple().guess(type(before)(before.task, before.rows, before.y, ("size", "town", "empty")), gaps)
    assert numpy.isfinite(told.prediction).all()


def test_of_many_rows_some_are_enough(known, monkeypatch):
    before, newest, _ = known()
    whole = Simple().guess(before, newest).prediction
    monkeypatch.setattr(simple, "ROWS", 450)
    half = type(before)(before.task, before.rows.iloc[::2], before.y[::2], before.features)
    assert (Simple().guess(before, newest).prediction == Simple().guess(half, newest).prediction).all()
    assert not (Simple().guess(half, newest).prediction == whole).all()


def test_what_cannot_be_fitted_is_a_sentence(known):
    before, newest, _ = known()
    one = type(before)(before.task, before.rows, numpy.zeros(len(before.y), int), before.features)
    with pytest.raises(TrainingError, match=r"the simple model of a baseline failed: ValueError"):
        Simple().guess(one, newest)
