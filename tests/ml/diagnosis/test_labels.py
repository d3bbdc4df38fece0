"""What the labels say."""

from dataclasses import replace

import numpy as np

from ml.diagnosis import labels


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
