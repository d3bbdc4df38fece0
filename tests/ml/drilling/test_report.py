import json
from datetime import date

import pytest

from ml.drilling import DrillReport, Exercise, FaultResult, Remedy

DAY = date(2013, 6, 1)


def one(caught, by=(), remedy=None, detail="weight: +90"):
    return Exercise("spike", DAY, detail, caught, by, damaged=4, refused=4 * caught, remedy=remedy)


@pytest.fixture
def report():
    help_ = Remedy("contract:\n  refused: 0.01", "refused", 40)
    spike = FaultResult(
        "spike",
        "single values are far off",
        "a glitch",
        (one(True, ("weight range",)), one(True, ("weight range", "refused")), one(False, remedy=help_), one(False)),
    )
    swapped = FaultResult("columns_swapped", "two columns are exchanged", "", (), "columns_swapped cannot strike tiny")
    return DrillReport("tiny", 0, (DAY,), 40, {DAY: "3 rows"}, (spike, swapped))


def test_the_counts_are_those_of_its_faults(report):
    document = report.as_json()
    assert (document["injected"], document["caught"], document["false_stops"]) == (4, 2, 1)
    assert report.score == 0.5
    assert json.loads(json.dumps(document)) == document


def test_a_fault_names_the_rule_that_spoke_first_and_all(report):
    fault = report.as_json()["faults"][0]
    assert (fault["first"], fault["rules"]) == ("weight range", ["weight range", "refused"])


def test_what_slipped_stands_with_its_remedy(report):
    slipped = report.as_json()["faults"][0]["slipped"]
    assert [s["remedy"] for s in slipped] == ["contract:\n  refused: 0.01", None]


def test_the_table_is_for_people(report):
    text = "\n".join(report.lines())
    assert "spike   2 of  4  weight range, refused" in text
    assert "2013-06-01 weight: +90 (4 rows damaged, 0 of them refused)" in text
    assert (
        "refused would have caught it, and stops none of 40 clean days:\n      contract:\n        refused: 0.01" in text
    )
    assert "no single rule was found" in text
    assert "columns_swapped cannot strike tiny" in text
    assert "2013-06-01 3 rows" in text
    assert text.endswith("2 of 4 injected faults caught (50%); 1 of 40 clean days stopped")


def test_many_slips_are_counted():
    fault = FaultResult("spike", "far off", "", tuple(one(False) for _ in range(5)))
    text = "\n".join(DrillReport("tiny", 0, (DAY,), 1, {}, (fault,)).lines())
    assert "… and 2 more" in text


def test_nothing_injected_is_a_score_of_nothing():
    assert DrillReport("tiny", 0, (DAY,), 1, {}).score == 0
