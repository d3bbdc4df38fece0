"""What is promoted is the refitted model: it must still be the one that the gates judged."""

import numpy
import pandas
import pytest

from ml import refits, training
from ml.config import Model, RefitLimits


@pytest.fixture
def twins(model, table):
    """A model fitted on all but the newest 100 rows, its refit on all of them, and those 100."""
    rows, plan = table(), model()
    return plan, training.fit(plan, rows.head(500)), training.fit(plan, rows), rows.tail(100)


class Broken:
    """A fitted model whose predictions come out changed."""

    classes_ = (0, 1)

    def __init__(self, twin, change):
        self.twin, self.change, self.feature_names_in_ = twin, change, twin.feature_names_in_

    def predict_proba(self, x):
        one = self.change(self.twin.predict_proba(x)[:, 1])
        return numpy.column_stack([1 - one, one])


def objections(plan, judged, refitted, probe):
    return [f.sentence for f in refits.findings(plan, RefitLimits(), judged, refitted, probe) if not f.passed]


def test_an_ordinary_refit_is_still_the_model_that_was_judged(twins):
    found = refits.findings(twins[0], RefitLimits(), *twins[1:])
    assert [f.gate for f in found] == ["refit"] * 4
    assert all(f.passed for f in found)


def test_without_finite_numbers_there_is_nothing_else_to_say(twins):
    plan, judged, refitted, probe = twins
    nan = Broken(refitted, lambda p: numpy.where(probe["town"] == "Bonn", numpy.nan, p))
    (sentence,) = objections(plan, judged, nan, probe)
    bonn = int((probe["town"] == "Bonn").sum())
    assert sentence.startswith(f"{bonn} of 100 predictions of the refitted model are not finite")
    assert sentence.endswith("the judged model gave 0 such")


def test_a_constant_is_no_model(twins):
    plan, judged, refitted, probe = twins
    (sentence,) = objections(plan, judged, Broken(refitted, lambda p: p * 0 + 0.25), probe)
    assert sentence == "the refitted model predicts 0.25 for all of 100 held-out rows"


def test_a_refit_that_learned_the_opposite_is_another_model(twins):
    plan, judged, refitted, probe = twins
    said = objections(plan, judged, Broken(refitted, lambda p: 1 - p), probe)
    assert "ranks 100 held-out rows as the judged one with a correlation of -0." in said[0]
    assert any("log_loss" in sentence and "had not seen them" in sentence for sentence in said)


def test_a_refit_keeps_the_level_of_the_labels(twins):
    plan, judged, refitted, probe = twins
    said = objections(plan, judged, Broken(refitted, lambda p: p / 3), probe)
    assert any("mean prediction is off the labels by 0." in sentence for sentence in said)


def test_numbers_that_moved_far_are_refused_though_their_order_is_kept(twins):
    plan, judged, refitted, probe = twins
    said = objections(plan, judged, Broken(refitted, lambda p: 0.99 + p / 200), probe)
    assert any("moved by" in sentence and "at most 1.5 is allowed" in sentence for sentence in said)
    assert not any("correlation" in sentence for sentence in said)


def test_a_regression_is_checked_by_its_errors(table):
    rows = table()
    plan = Model(task="regression", label="delay", features=("size", "town"))
    judged, probe = training.fit(plan, rows.head(500)), rows.tail(100)
    assert objections(plan, judged, training.fit(plan, rows), probe) == []
    shuffled = rows.assign(delay=rows["delay"].sample(frac=1, random_state=0).to_numpy() + 3)
    assert any("rmse" in s for s in objections(plan, judged, training.fit(plan, shuffled), probe))


def test_a_judged_model_that_says_the_same_of_all_rows_has_no_ranks_to_keep():
    assert refits.alike(numpy.full(3, 0.2), numpy.array([0.1, 0.2, 0.3])) == (0.0, float("inf"))


def test_equal_predictions_are_alike():
    scores = pandas.Series([0.1, 0.4, 0.2]).to_numpy()
    assert refits.alike(scores, scores) == (pytest.approx(1.0), 0.0)
