"""When labels come is learned from what nights saw."""

from datetime import date, timedelta

import pytest

from ml.records import Looked
from ml.truth import arrival
from tests.ml.truth.conftest import NIGHTS

DAY = date(2013, 6, 1)


def looked(shares, days=6, rows=100):
    """Every day looked at at each age, with so many labels."""
    return [
        Looked(day=DAY + timedelta(days=n), age=age, rows=rows, labelled=labelled)
        for n in range(days)
        for age, labelled in shares.items()
    ]


def test_the_curve_is_the_share_of_the_labels_that_ever_came():
    assert arrival.curve(looked({0: 45, 1: 81, 3: 90})) == ((0, 0.5), (1, 0.9))


def test_few_days_say_nothing():
    assert arrival.curve(looked({0: 45, 1: 90}, days=4)) == ()


def test_days_that_were_not_looked_at_again_do_not_count():
    assert arrival.curve(looked({0: 45})) == ()


@pytest.mark.parametrize(
    ("curve", "label_delay", "due"),
    [
        ((), 2, 2),
        (((0, 0.5), (1, 1.0)), 1, 1),
        (((0, 1.0), (1, 1.0)), 3, 3),
        (((0, 0.5), (1, 0.8), (2, 0.99)), 1, 2),
        (((0, 0.5), (1, 0.8), (2, 0.9)), 1, 3),
        (((0, 0.5),), 1, 1),
    ],
)
def test_a_label_is_due_when_nearly_all_have_come_and_never_before_the_owner_says(curve, label_delay, due):
    assert arrival.due(curve, label_delay) == due


@pytest.mark.parametrize(
    ("curve", "label_delay", "said"),
    [
        ((), 1, "label_delay is 1 day; too few nights have looked"),
        (((0, 0.5), (1, 1.0)), 1, "labels that are there: 50.0% after 0 days, 100.0% after 1 day"),
        (((0, 0.5), (1, 0.8), (2, 0.99)), 1, "It is too short: 99% are there after 2 days"),
        (((1, 0.8), (2, 0.9)), 1, "99% are there after more days than were looked at"),
        (((0, 0.5), (1, 1.0), (2, 1.0)), 2, "It could be 1 day"),
    ],
)
def test_the_sentence_compares_what_was_learned_with_what_the_yaml_says(curve, label_delay, said):
    assert said in arrival.sentence(curve, label_delay)


def test_once_all_labels_are_there_no_later_day_is_told():
    assert arrival.sentence(((0, 0.5), (1, 1.0), (2, 1.0), (3, 1.0)), 1).endswith(
        "50.0% after 0 days, 100.0% after 1 day"
    )


@pytest.mark.integration
def test_nights_learn_that_one_label_in_nine_comes_a_day_late(truth):
    _, nights = truth
    curve = dict(nights[NIGHTS[-1]].curve)
    assert curve[0] == pytest.approx(8 / 9, abs=0.01)
    assert curve[1] == 1.0
    assert nights[NIGHTS[-1]].due == 1
    assert nights[NIGHTS[0]].curve == ()


@pytest.mark.integration
def test_a_night_looks_at_what_it_pulled_and_at_older_days(truth):
    _, nights = truth
    assert sorted({each.age for each in nights[NIGHTS[-1]].looked}) == list(range(9))
