"""What a decision rests on."""

from datetime import date, timedelta

import pytest

from ml import past
from ml.records import Batch, Violation

pytestmark = pytest.mark.integration


def facts(place, day):
    batch = Batch(pipeline="tiny", day=day, rows=60, uri="u", fingerprint="f", state="accepted")
    return past.facts(place.run("tiny", day), batch, None)


def test_the_first_night_has_no_champion_and_no_last_retrain(walked):
    first = facts(walked, date(2013, 6, 1))
    assert (first.champion_version, first.last_retrain) == (None, None)


def test_a_later_night_knows_the_champion_and_the_last_retrain(walked):
    later = facts(walked, date(2013, 6, 3))
    assert (later.champion_version, later.last_retrain) == (1, date(2013, 6, 1))


def test_only_rows_since_the_last_retrain_are_new(walked):
    assert facts(walked, date(2013, 6, 3)).new_rows == 0
    assert facts(walked, date(2013, 6, 1)).new_rows == 60 * 32


def test_what_holds_a_retrain_back_are_the_rules_of_the_day_not_those_of_single_rows(walked):
    day = Violation(column=None, rule="refused", rows=9, sentence="9 of 60 rows are refused", stops=True)
    row = Violation(column="weight", rule="range", rows=9, sentence="weight: outside 0 to 100 in 9 rows")
    batch = Batch(pipeline="tiny", day=date(2013, 6, 3), rows=60, uri="u", fingerprint="f", state="quarantined")
    run = walked.run("tiny", date(2013, 6, 3))
    found = past.facts(run, batch.model_copy(update={"violations": (day, row)}), None)
    assert found.quarantine_note == "9 of 60 rows are refused"


def test_only_evaluations_of_nights_before_are_past(walked):
    found = {day: past.evaluations(walked.run("tiny", date(2013, 6, day))) for day in (1, 2, 4)}
    assert [e.day for e in found[1]] == []
    assert [e.day for e in found[2]] == [date(2013, 6, 1)]
    assert found[4][0] == found[2][0]


@pytest.fixture
def tried(workspace):
    """Which version sees traffic in the night of a day, by the ledger's book of tryouts."""
    from tests.ml.tryouts.conftest import tryout

    workspace.ledger.record_tryout(tryout())
    return lambda day, champion=1: past.tried(workspace.run("tiny", day), champion)


def test_a_version_sees_traffic_from_the_night_after_its_own_until_its_deadline(tried):
    from tests.ml.tryouts.conftest import DAY

    assert [tried(DAY + timedelta(days=n)) for n in (0, 1, 8, 9)] == [None, 2, 2, None]


def test_it_sees_none_once_another_champion_serves(tried):
    from tests.ml.tryouts.conftest import DAY

    assert tried(DAY + timedelta(days=1), champion=3) is None


def test_a_verdict_ends_it(tried, workspace):
    from ml.records import TryoutVerdict
    from tests.ml.tryouts.conftest import BEGAN, DAY

    about = {"pipeline": "tiny", "day": DAY, "run_id": "r", "version": 2, "passed": False, "by": "labels", "why": "w"}
    workspace.ledger.record_tryout_verdict(TryoutVerdict(**about, at=BEGAN + timedelta(days=2)))
    assert [tried(DAY + timedelta(days=n)) for n in (1, 2, 3)] == [2, 2, None]
