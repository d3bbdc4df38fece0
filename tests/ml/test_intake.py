"""How days enter the lake."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from ml import intake, steps
from ml.days import Span
from ml.errors import NoData
from ml.nightwatch.history import History
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
    history = History.of(workspace.run("tiny", DAY))
    assert history.frame(history.batches(Span(DAY, DAY))).empty


UPSTREAM = """
upstream:
  loads:
    source: {kind: files, path: {data}/loads/*.parquet, event_time: hour, key: [hour]}
    joined_on: {hour: at}
    unjoined: 1
    contract: {min_rows: 20, columns: {hour: {type: datetime}, load: {type: float, max: 50}}}
contract:"""


@pytest.fixture
def loads(tiny):
    """Adds an upstream table of hourly loads, which has nothing on the first of June; gives its folder."""
    folder = tiny.parent / "data" / "loads"
    folder.mkdir()
    hours = [datetime(2013, 5, 1) + timedelta(hours=n) for n in range(24 * 40)]
    load = [99.0 if n == 5 else float(n % 24) for n in range(len(hours))]
    frame = pl.DataFrame({"hour": hours, "load": load}).filter(pl.col("hour").dt.date() != DAY)
    frame.write_parquet(folder / "all.parquet")
    path = tiny / "pipelines" / "tiny.yaml"
    path.write_text(path.read_text().replace("\ncontract:", UPSTREAM.replace("{data}", str(folder.parent)), 1))
    return folder


def test_upstream_tables_are_pulled_for_the_same_days_in_one_pass(workspace, loads):
    night_before(workspace, DAY - timedelta(days=1))
    batches = workspace.ledger.batches("tiny")
    assert {b.upstream["loads"].rows for b in batches} == {24}
    assert workspace.lake.read([batches[3].upstream["loads"].uri]).columns == ["hour", "load"]


def test_refused_upstream_rows_lie_beside_the_others_with_their_reasons(workspace, loads):
    night_before(workspace, DAY - timedelta(days=1))
    part = workspace.ledger.batches("tiny")[0].upstream["loads"]
    assert (part.rows, part.refused) == (24, 1)
    assert workspace.lake.read([part.refused_uri])["__violations"].to_list() == [["load 99.0 is above max 50"]]


def test_a_day_on_which_upstream_has_nothing_is_stopped_by_its_name(workspace, loads):
    batch = night_before(workspace)
    assert (batch.state, batch.upstream["loads"].rows) == ("quarantined", 0)
    assert [v.key for v in batch.stops] == ["loads//min_rows"]


def test_a_table_that_came_late_is_judged_anew(workspace, loads):
    night_before(workspace)
    hours = [datetime(2013, 6, 1) + timedelta(hours=n) for n in range(24)]
    pl.DataFrame({"hour": hours, "load": [1.0] * 24}).write_parquet(loads / "late.parquet")
    assert night_before(workspace).state == "accepted"


def test_pulling_and_judging_upstream_twice_ends_in_the_same_batches(workspace, loads):
    night_before(workspace)
    once = workspace.ledger.batches("tiny")
    night_before(workspace)
    assert workspace.ledger.batches("tiny") == once


def test_an_upstream_table_that_is_new_in_the_yaml_is_not_held_against_older_days(workspace, tiny, loads):
    path = tiny / "pipelines" / "tiny.yaml"
    with_table = path.read_text()
    path.write_text(with_table[: with_table.index("\nupstream:")] + with_table[with_table.index("\ncontract:") :])
    steps.pull(workspace.run("tiny", DAY - timedelta(days=1)))
    path.write_text(with_table)
    batch = night_before(workspace, DAY + timedelta(days=1))
    states = {b.day: (b.state, sorted(b.upstream)) for b in workspace.ledger.batches("tiny")}
    assert batch.state == "accepted"
    assert states[DAY - timedelta(days=5)] == ("accepted", [])
