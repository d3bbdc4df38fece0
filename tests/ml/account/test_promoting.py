"""What came into Production."""

from datetime import UTC, date, datetime

import pytest

from ml import account
from ml.records import Approval, Question, Verdict, to_json

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


def test_who_was_asked_and_what_was_answered_is_told(workspace):
    at = datetime(2026, 1, 1, 8, tzinfo=UTC)
    asked = {"pipeline": "tiny", "day": DAY, "run_id": "r", "version": 3, "at": at}
    why = {"reasons": ("a new recipe",), "users": ("ada",), "deadline": at}
    workspace.ledger.record_question(Question(**asked, champion_version=2, **why))
    workspace.ledger.record_answer(Approval(**asked, answer="rejected", by="ada", why="too few towns"))
    with workspace.ledger.attempt("tiny", DAY, "ask"):
        pass
    (found,) = (s for s in account.of(workspace.ledger, "tiny").sections if s.name == "production")
    text = " ".join(line.strip() for line in found.lines())
    assert "version 3 waits for approval by ada until 2026-01-01 08:00 UTC: a new recipe" in text
    assert "answered 2026-01-01 08:00 UTC: version 3 rejected by ada: too few towns" in text
    assert found.data["answers"][0]["answer"] == "rejected"
