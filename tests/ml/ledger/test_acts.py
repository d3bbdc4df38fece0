"""What people decided about quarantined days."""

from datetime import UTC, date, datetime

import pytest

from ml.records import Batch, QuarantineAct

DAY, NEXT = date(2013, 1, 31), date(2013, 2, 1)
STOPPED = Batch(pipeline="flights", day=DAY, rows=9, uri="a", fingerprint="a" * 64, state="quarantined")
ACCEPTED = STOPPED.model_copy(update={"state": "accepted"})


def act(day=DAY, rules=("//min_rows",), kind="release", by="ada", **more):
    at = datetime(2013, 2, 1, 9, tzinfo=UTC)
    return QuarantineAct(pipeline="flights", day=day, act=kind, by=by, why="a holiday", rules=rules, at=at, **more)


def test_an_act_comes_back_as_it_was_with_what_it_made_of_the_day(ledger):
    ledger.record_batches([STOPPED])
    ledger.record_act(act(), ACCEPTED)
    assert ledger.acts("flights") == [act()]
    assert ledger.batches("flights", state="accepted") == [ACCEPTED]


def test_acts_of_one_day_or_of_all_oldest_first(ledger):
    for it in (act(), act(NEXT), act(by="bea")):
        ledger.record_act(it, ACCEPTED.model_copy(update={"day": it.day}))
    assert [(a.day, a.by) for a in ledger.acts("flights")] == [(DAY, "ada"), (NEXT, "ada"), (DAY, "bea")]
    assert [a.by for a in ledger.acts("flights", DAY)] == ["ada", "bea"]
    assert ledger.acts("weather") == []


def test_what_was_waived_adds_up_day_by_day(ledger):
    for it in (act(), act(rules=("/dep/range",)), act(NEXT, rules=("/arr/nulls",))):
        ledger.record_act(it, ACCEPTED.model_copy(update={"day": it.day}))
    assert ledger.waived("flights") == {DAY: {"//min_rows", "/dep/range"}, NEXT: {"/arr/nulls"}}


def test_act_and_verdict_are_written_both_or_neither(ledger):
    with pytest.raises(Exception, match=r"NOT NULL|not-null"):
        ledger.record_act(act(), ACCEPTED.model_copy(update={"uri": None}))
    assert ledger.acts("flights") == []
    assert ledger.batches("flights") == []


def test_an_act_needs_a_moment_with_a_zone(ledger):
    with pytest.raises(Exception, match="has no timezone"):
        ledger.record_act(act().model_copy(update={"at": datetime(2013, 2, 1)}), ACCEPTED)


def test_a_why_of_any_origin_is_kept(ledger):
    ledger.record_act(act().model_copy(update={"why": "it's \0 <b>ok</b>"}), ACCEPTED)
    assert ledger.acts("flights")[0].why == "it's \ufffd <b>ok</b>"
