"""What the ledger holds about a day."""

import pytest

from ml.records import Evaluation, Snapshot

pytestmark = pytest.mark.integration


def test_a_step_gives_the_record_of_the_kind_that_is_asked_for(traces):
    assert traces.record("evaluate", Evaluation).day == traces.day
    assert traces.record("evaluate", Snapshot) is None
    assert traces.record("diagnose", Snapshot) is None
    assert traces.record("nothing", Snapshot) is None


def test_the_champion_is_what_served_before_the_night(traces):
    assert (traces.champion.version, traces.champion.previous) == (1, None)
    assert [tenure.promotion.version for tenure in traces.tenures] == [2]


def test_only_what_is_of_the_day_counts(traces):
    assert {row.day for row in traces.attempts} == {traces.day}
    assert [row.decision.day for row in traces.decisions] == [traces.day]
    assert traces.fate.day == traces.day
    assert {row.alert.day for row in traces.alerts} == {traces.day}
