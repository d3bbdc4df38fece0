"""What the labels say."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from ml.diagnosis import Doubt, labels


def test_labels_as_foretold_are_no_sign(quiet):
    assert list(labels.answers(quiet)) == []


def test_a_base_rate_that_moved_alone_is_label_shift(quiet):
    late = quiet.current[quiet.current["late"]]
    more = late.sample(3 * len(late), replace=True, random_state=0)
    (found,) = labels.answers(replace(quiet, current=more._append(quiet.current, ignore_index=True)))
    assert found.kind == "label shift"


def test_labels_that_no_longer_follow_the_inputs_are_concept_shift(quiet):
    random = np.random.default_rng(0)
    current = quiet.current.assign(late=random.random(len(quiet.current)) < quiet.reference["late"].mean())
    (found,) = labels.answers(replace(quiet, current=current))
    assert found.kind == "concept shift"


def test_without_labels_or_a_champion_nothing_is_said(quiet):
    assert list(labels.answers(replace(quiet, label=None))) == []
    assert list(labels.answers(replace(quiet, predict=None))) == []
    assert list(labels.answers(replace(quiet, current=quiet.current.assign(late=None)))) == []


def predict_by_two(frame):
    """A champion that knows two columns of the same range, each with its own weight."""
    return 1 / (1 + np.exp(-(4 * frame["a"] + frame["b"] - 2.5))).to_numpy()


@pytest.fixture
def alike(quiet):
    """A world with two numbers of the same range, of which the label follows one."""
    random = np.random.default_rng(3)

    def with_two(frame):
        rows = frame.assign(a=random.random(len(frame)), b=random.random(len(frame)))
        return rows.assign(late=random.random(len(rows)) < predict_by_two(rows))

    sides = {"reference": with_two(quiet.reference), "current": with_two(quiet.current)}
    return replace(quiet, **sides, columns=("a", "b"), predict=predict_by_two)


def test_two_columns_that_changed_places_unseen_are_told_by_the_labels(alike):
    current = alike.current.assign(a=alike.current["b"], b=alike.current["a"])
    found = [e for e in labels.answers(replace(alike, current=current)) if e.kind == "data fault"]
    assert [(e.sign, e.column) for e in found] == [("exchanged", "a")]
    assert "with a and b exchanged the champion orders the rows as before" in found[0].sentence


def test_another_answer_to_the_same_rows_is_no_exchange(alike):
    current = alike.current.assign(late=~alike.current["late"].astype(bool))
    assert [e.kind for e in labels.answers(replace(alike, current=current))] == ["concept shift"]


def test_the_day_on_which_the_labels_hang_is_named(alike):
    first = alike.current["at"] < pd.Timestamp("2013-03-30")
    late = alike.current["late"].where(~first, ~alike.current["late"].astype(bool)).astype(bool)
    case = replace(alike, current=alike.current.assign(late=late))
    assert [e.kind for e in labels.answers(case)] == ["concept shift"]
    assert list(labels.of_one_day(case, "concept shift")) == [
        Doubt("it hangs on the labels of 2013-03-29", date(2013, 3, 29))
    ]
    assert list(labels.of_one_day(case, "label shift")) == []
