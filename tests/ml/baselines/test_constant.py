import pytest
from sklearn.dummy import DummyClassifier, DummyRegressor

from ml.baselines import Constant

pytestmark = pytest.mark.integration


def test_it_is_the_dummy_of_scikit_learn(known):
    before, newest, _ = known()
    dummy = DummyClassifier(strategy="prior").fit(before.rows, before.y)
    assert Constant().guess(before, newest).prediction == pytest.approx(dummy.predict_proba(newest)[:, 1])
    before, newest, _ = known("regression")
    dummy = DummyRegressor().fit(before.rows, before.y)
    assert Constant().guess(before, newest).prediction == pytest.approx(dummy.predict(newest))


def test_it_says_what_it_always_says(known):
    before, newest, _ = known()
    assert Constant().guess(before, newest).how == f"always {before.y.mean():.5g}, the share of ones before"
