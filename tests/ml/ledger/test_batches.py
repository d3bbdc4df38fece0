"""What each day has, and what was said of it."""

from datetime import date, timedelta

import pytest

from ml.days import Span
from ml.records import Batch, UpstreamPart, Violation

DAY = date(2013, 1, 31)


def batch(day=DAY, content="a", state="pulled", **more):
    return Batch(
        pipeline="flights", day=day, rows=9, uri=f"{content}.parquet", fingerprint=content * 64, state=state
    ).model_copy(update=more)


def test_a_batch_comes_back_as_it_was(ledger):
    violation = Violation(column="dep", rule="range", rows=2, sentence="dep 2 rows < 0")
    weather = UpstreamPart(rows=72, uri="w.parquet", fingerprint="d" * 64, refused=1, refused_uri="bad-w.parquet")
    written = batch(
        state="quarantined",
        refused=2,
        refused_uri="bad.parquet",
        violations=(violation,),
        upstream={"weather": weather},
        profile="profile.json",
    )
    ledger.record_batches([written])
    assert ledger.batches("flights") == [written]


def test_a_year_is_recorded_in_one_go_and_a_rerun_adds_nothing(ledger):
    year = [batch(DAY + timedelta(days=n)) for n in range(365)]
    assert ledger.record_batches(year) == 365
    assert ledger.record_batches(year) == 0
    assert len(ledger.batches("flights", Span(DAY, DAY + timedelta(days=6)))) == 7


def test_the_newest_row_of_a_day_counts(ledger):
    ledger.record_batches([batch(), batch(state="accepted")])
    assert ledger.batches("flights") == [batch(state="accepted")]


def test_pulling_the_same_again_does_not_undo_a_verdict(ledger):
    for it in (batch(), batch(state="accepted"), batch()):
        ledger.record_batches([it])
    assert ledger.batches("flights") == [batch(state="accepted")]


def test_a_day_that_goes_back_to_older_content_does_so_in_the_ledger(ledger):
    for content in "aba":
        ledger.record_batches([batch(content=content, state="accepted")])
    assert ledger.batches("flights") == [batch(content="a", state="accepted")]


def test_an_accepted_day_stays_accepted_until_newer_content_is_judged(ledger):
    ledger.record_batches([batch(state="accepted"), batch(content="b")])
    assert ledger.batches("flights", state="accepted") == [batch(state="accepted")]
    ledger.record_batches([batch(content="b", state="quarantined")])
    assert ledger.batches("flights", state="accepted") == []
    assert ledger.batches("flights", state="quarantined") == [batch(content="b", state="quarantined")]


def test_pipelines_do_not_see_each_other(ledger):
    ledger.record_batches([batch(), batch(pipeline="weather")])
    assert len(ledger.batches("weather")) == 1


def test_values_from_data_in_a_violation_do_not_stop_a_rerun_from_adding_nothing(ledger):
    nasty = batch(violations=(Violation(column="x", rule="allowed", rows=1, sentence="value '\0'"),))
    assert [ledger.record_batches([nasty]) for _ in range(2)] == [1, 0]


@pytest.mark.parametrize("found", [[], iter(())])
def test_nothing_found_is_nothing_recorded(ledger, found):
    assert ledger.record_batches(found) == 0


def test_a_day_waits_for_its_verdict_and_no_longer(ledger):
    ledger.record_batches([batch(), batch(DAY + timedelta(days=1))])
    ledger.record_batches([batch(state="accepted")])
    assert [it.day for it in ledger.batches("flights", state="pulled")] == [DAY + timedelta(days=1)]


def test_content_that_came_and_went_unjudged_leaves_nothing_waiting(ledger):
    for it in (batch(), batch(state="accepted"), batch(content="b"), batch(), batch(state="accepted")):
        ledger.record_batches([it])
    assert ledger.batches("flights", state="pulled") == []


def test_the_same_batch_twice_in_one_go_is_one_row(ledger):
    assert ledger.record_batches([batch(), batch(), batch(state="accepted")]) == 2


def test_the_rows_as_they_came_are_found_under_any_verdict(ledger):
    for it in (batch(), batch(content="b"), batch(content="c", state="accepted"), batch(DAY + timedelta(days=1))):
        ledger.record_batches([it])
    assert [b.uri for b in ledger.pulls("flights")] == ["b.parquet", "a.parquet"]
    assert [b.uri for b in ledger.pulls("flights", Span(DAY, DAY))] == ["b.parquet"]


def test_verdicts_tell_what_became_of_a_day(ledger):
    for it in (batch(), batch(state="quarantined"), batch(content="b"), batch(content="b", state="accepted")):
        ledger.record_batches([it])
    [rows] = ledger.verdicts("flights").values()
    assert [row.batch.state for row in rows] == ["quarantined", "accepted"]
    assert rows[0].at <= rows[1].at
