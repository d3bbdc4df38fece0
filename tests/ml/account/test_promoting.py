"""What came into Production."""

from datetime import date

import pytest

from ml import account
from ml.records import Verdict, to_json

pytestmark = pytest.mark.integration
DAY = date(2013, 6, 2)


def test_a_promotion_is_told_with_its_times(section):
    found, text = section("production")
    assert "version 2" in text
    assert "it still serves" in text
    assert "before it   version 1" in text
    assert found.data["tenures"][0]["until"] is None


def test_the_first_night_says_what_ended_its_version(section):
    _, text = section("production", date(2013, 6, 1))
    assert "version 2 came: promotion, by nightshift" in text


def test_a_refused_night_did_not_change_it(workspace):
    with workspace.ledger.attempt("tiny", DAY, "gate") as attempt:
        attempt.done(to_json(Verdict(pipeline="tiny", day=DAY, run_id="r", passed=False, objections=("no",))))
    (found,) = (s for s in account.of(workspace.ledger, "tiny").sections if s.name == "production")
    assert list(found.lines())[-1] == "  did not change"
