"""How a version really did is said only where it is known."""

from datetime import date

import pytest

from ml.records import Performance

DAY = date(2013, 1, 31)


@pytest.mark.parametrize(("state", "metrics", "realised"), [("known", {"brier": 0.1}, 0.1), ("unknown", {}, None)])
def test_a_performance_that_is_unknown_has_no_value(state, metrics, realised):
    about = {"pipeline": "p", "day": DAY, "first": DAY, "version": 1, "role": "batch", "metric": "brier"}
    assert Performance(**about, state=state, metrics=metrics).realised == realised


def test_metrics_that_came_of_too_little_are_not_said_to_be_realised():
    about = {"pipeline": "p", "day": DAY, "first": DAY, "version": 1, "role": "batch", "metric": "brier"}
    assert Performance(**about, state="unknown", why="3 rows", metrics={"brier": 0.1}).realised is None
