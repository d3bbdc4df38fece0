import doctest
import importlib

import pytest

from ml.occasions import ROSTER, BaseOccasion


@pytest.mark.parametrize("kind", ROSTER)
def test_the_example_of_an_occasion_runs(kind):
    module = importlib.import_module(kind.__module__)
    assert doctest.testmod(module).failed == 0
    assert doctest.testmod(module).attempted > 0


@pytest.mark.parametrize("kind", ROSTER)
def test_a_better_challenger_of_a_quiet_night_is_no_occasion(kind, case, report, newest):
    tags = {"nightshift.features": "b, a", "nightshift.window": "28"}
    assert kind().reason(case(champion_tags=tags, report=report(False), newest=newest("promotion"))) is None


def test_an_occasion_must_say_what_it_looks_at(case):
    with pytest.raises(NotImplementedError):
        BaseOccasion(kind="x").reason(case())
