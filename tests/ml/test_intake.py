"""How days enter the lake."""

from datetime import date, timedelta

import pytest

from ml import intake, steps
from ml.days import Span
from ml.errors import NoData
from ml.walker import InProcess
from tests.tiny import FIRST, LAST, write_day

pytestmark = pytest.mark.integration

DAY = date(2013, 6, 1)


def night_before(workspace, day=DAY):
    do = InProcess(workspace.run("tiny", day))
    return do(steps.validate, do(steps.pull))


def test_the_first_pull_brings_the_whole_history(workspace):
    steps.pull(workspace.run("tiny", DAY))
    pulled = workspace.ledger.batches("tiny")
    assert [b.day for b in pulled] == list(Span(FIRST, DAY))


def test_the_next_night_reads_the_new_day_and_the_days_whose_labels_came_since(workspace):
    night_before(workspace)
    assert intake.span_to_pull(workspace.run("tiny", DAY + timedelta(days=1))) == Span(DAY, DAY + timedelta(days=1))


def test_nights_that_were_missed_are_made_up_for(workspace):
    night_before(workspace)
    assert intake.span_to_pull(workspace.run("tiny", DAY + timedelta(days=4))).days == 4


def test_pulling_twice_leaves_the_same_batches(workspace):
    run = workspace.run("tiny", DAY)
    assert steps.pull(run) == steps.pull(run)
    assert len(workspace.ledger.batches("tiny")) == (DAY - FIRST).days + 1


def test_a_day_that_changed_upstream_is_checked_again(workspace, tiny):
    night_before(workspace)
    write_day(tiny.parent / "data", DAY, rows=50)
    assert night_before(workspace).rows == 50
    newest = workspace.ledger.batches("tiny", Span(DAY, DAY))
    assert [(b.rows, b.state) for b in newest] == [(50, "accepted")]


def test_an_empty_day_is_said_and_changes_nothing(workspace):
    with pytest.raises(NoData, match="tiny 2013-06-10: the files source gave 0 rows"):
        steps.pull(workspace.run("tiny", LAST + timedelta(days=1)))


def test_a_day_in_the_future_is_refused_with_the_newest_that_can_be_pulled(workspace):
    with pytest.raises(NoData, match="still to come; the newest day that can be pulled is 20"):
        steps.pull(workspace.run("tiny", date(2999, 1, 1)))


def test_too_few_rows_quarantine_the_day_and_its_rows_stay_readable(workspace, tiny):
    write_day(tiny.parent / "data", DAY, rows=5)
    batch = night_before(workspace)
    assert batch.state == "quarantined"
    assert workspace.lake.read([batch.uri]).height == 5
    assert "5" in batch.violations[0].sentence


def test_quarantined_days_are_no_part_of_what_is_compared(workspace, tiny):
    write_day(tiny.parent / "data", DAY, rows=5)
    night_before(workspace)
    assert intake.accepted(workspace.run("tiny", DAY), Span(DAY, DAY)).empty
