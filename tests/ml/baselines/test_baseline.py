"""What is true of one baseline is checked of all."""

import doctest
import importlib

import numpy
import pytest

from ml.baselines import ROSTER, Rule

pytestmark = pytest.mark.integration

every = pytest.mark.parametrize("kind", ROSTER, ids=lambda kind: kind.__name__)
tasks = pytest.mark.parametrize("task", ["classification", "regression"])


def made(kind):
    return kind(expr="size > 0.3") if kind is Rule else kind()


@every
def test_the_example_of_a_baseline_runs(kind):
    assert doctest.testmod(importlib.import_module(kind.__module__)).attempted > 0


@every
@tasks
def test_a_baseline_predicts_one_finite_number_a_row_and_says_how(kind, task, known):
    before, newest, _ = known(task)
    guess = made(kind).guess(before, newest)
    assert guess.prediction.shape == (len(newest),)
    assert numpy.isfinite(guess.prediction).all()
    assert guess.how


@every
def test_a_baseline_does_not_look_at_the_labels_it_is_judged_on(kind, known):
    before, newest, _ = known()
    turned = newest.assign(late=1 - newest["late"], delay=0.0)
    first, second = (made(kind).guess(before, rows).prediction for rows in (newest, turned))
    assert (first == second).all()


def test_baselines_have_names_of_their_own():
    names = [made(kind).name for kind in ROSTER] + [Rule(expr="size > 1").name]
    assert len(set(names)) == 4
