"""The faults of the study of labels: they strike the labels that are there, and nothing else."""

from datetime import datetime

import polars as pl
import pytest

from studies import labels

DAY = pl.DataFrame(
    {
        "sched_dep": [datetime(2013, 1, 1, hour % 24) for hour in range(120)],
        "origin": ["EWR", "JFK", "LGA"] * 40,
        "late": [None if n % 10 == 0 else n % 3 == 1 for n in range(120)],
    }
)
OF_LABELS = {name: hit for name, (hit, length) in labels.faults().items() if length == labels.LONG}


@pytest.mark.parametrize("name", OF_LABELS)
def test_a_fault_of_labels_changes_labels_alone(name) -> None:
    (struck,) = OF_LABELS[name]([DAY])
    assert struck.drop("late").equals(DAY.drop("late"))
    assert struck["late"].to_list() != DAY["late"].to_list()


def test_what_has_no_label_is_given_none_where_labels_turn_round_or_turn_late() -> None:
    for name in list(OF_LABELS)[:2]:
        (struck,) = OF_LABELS[name]([DAY])
        assert struck.filter(DAY["late"].is_null())["late"].null_count() == 12


def test_a_check_with_each_detector_is_one_that_can_be_built() -> None:
    assert [detector.kind for detector in labels.ADDED.values()] == list(labels.ADDED)
