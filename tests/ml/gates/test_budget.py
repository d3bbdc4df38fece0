import pytest

from ml.gates import Budget
from ml.gates.trial import Served

MB = 1_000_000


def served(size=2 * MB, memory=20 * MB, one=10.0, many=14.0):
    return Served(size, (), memory=memory, milliseconds={1: 2 * one, 100: 2 * many}, busy={1: one, 100: many})


@pytest.mark.parametrize(
    ("challenger", "words"),
    [
        (served(size=600 * MB), "600 MB on disk, at most 500 is allowed"),
        (served(memory=2000 * MB), "2000 MB of memory, at most 1000 is allowed"),
        (served(one=900.0), "1800 ms for a request of one row, at most 500 is allowed"),
        (
            served(one=100.0),
            "100 ms of the processor for a request of one row, 10 times the champion's 10 ms, at most",
        ),
        (served(many=140.0), "140 ms of the processor for a request of 100 rows, 10 times the champion's 14 ms"),
        (served(size=40 * MB), "40 MB on disk, 20 times the champion's 2 MB"),
    ],
)
def test_what_is_over_the_budget_is_named(trial, found, challenger, words):
    finding = found(Budget(), trial(served={"challenger": challenger, "champion": served()}))
    assert not finding.passed
    assert words in finding.sentence


def test_twice_as_slow_is_within_it(trial, found):
    finding = found(Budget(), trial(served={"challenger": served(one=20.0), "champion": served()}))
    assert finding.passed
    assert finding.sentence == (
        "the challenger needs 2 MB on disk, 20 MB of memory, 40 ms for a request of one row, 28 ms for a request of "
        "100 rows, all within the budget"
    )


def test_next_to_nothing_is_no_measure(trial, found):
    tiny = served(size=1000, memory=1, one=0.1, many=0.2)
    slower = served(size=9000, memory=9, one=4.0, many=4.0)
    assert found(Budget(), trial(served={"challenger": slower, "champion": tiny})).passed


def test_without_a_champion_the_limits_hold(trial, found):
    assert found(Budget(), trial(served={"challenger": served()}, champion=False)).passed
    assert not found(Budget(size=1), trial(served={"challenger": served()}, champion=False)).passed


def test_a_model_that_does_not_open_is_refused_with_the_reason(trial, found):
    dead = Served(1, (), refused="its process ended with exit code 1: no such module")
    finding = found(Budget(), trial(served={"challenger": dead}))
    assert finding.sentence.endswith("its process ended with exit code 1: no such module")
    assert not finding.passed


def test_a_champion_that_does_not_open_any_more_is_no_measure(trial, found):
    dead = Served(1, (), refused="gone")
    assert found(Budget(), trial(served={"challenger": served(), "champion": dead})).passed
