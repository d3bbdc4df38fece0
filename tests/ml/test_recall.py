"""What a day is held against, out of the lake and the ledger."""

from datetime import date, timedelta

import pytest

from ml import steps
from ml.days import Span
from ml.recall import Recall, read_profile, tables
from ml.walker import InProcess
from tests.tiny import FIRST, write_day

pytestmark = pytest.mark.integration

DAY = date(2013, 6, 1)


@pytest.fixture
def remembers(tiny):
    """The small pipeline with a history of its own."""
    path = tiny / "pipelines" / "tiny.yaml"
    path.write_text(path.read_text().replace("  min_rows: 20\n", "  min_rows: 20\n  history: {}\n", 1))
    return tiny


def judged(workspace, day):
    do = InProcess(workspace.run("tiny", day))
    return do(steps.validate, do(steps.pull))


def test_a_checked_day_names_its_profile_and_what_was_not_judged(remembers, workspace):
    batch = judged(workspace, FIRST)
    profile = read_profile(workspace.run("tiny", FIRST), batch.profile)
    assert (profile.day, profile.own.rows, profile.own.columns["town"].kind) == (FIRST, 60, "text")
    assert [u.why for u in profile.unjudged] == ["0 accepted days before 2013-05-01, fewer than 14"]


def test_a_day_is_held_against_the_accepted_days_before_it_alone(remembers, workspace):
    write_day(remembers.parent / "data", DAY - timedelta(days=1), rows=5)
    judged(workspace, DAY)
    run = workspace.run("tiny", DAY)
    earlier = Recall(run, [DAY]).before(DAY)
    days = [day for day, _ in earlier.pasts["tiny"].tables]
    assert days == list(Span(FIRST, DAY - timedelta(days=2)))


def test_the_same_days_at_once_and_night_by_night_end_in_the_same_batches(remembers, tmp_path, workspace):
    from ml.workspace import Workspace

    nightly = Workspace.apart(tmp_path / "nightly", remembers)
    judged(nightly, DAY - timedelta(days=3))
    for n in (2, 1, 0):
        judged(nightly, DAY - timedelta(days=n))
    judged(workspace, DAY)
    # what a drift check sees of a day names the night that saw it first
    one, other = (
        [b.model_copy(update={"seen": None}) for b in place.ledger.batches("tiny")] for place in (nightly, workspace)
    )
    assert one == other


def test_kilograms_that_became_grams_are_found_at_night(remembers, workspace):
    judged(workspace, DAY - timedelta(days=1))
    path = remembers / "pipelines" / "tiny.yaml"
    path.write_text(path.read_text().replace("max: 100,", "max: 100000,", 1))
    frame = tables(workspace.run("tiny", DAY), workspace.ledger.batches("tiny")[-1])["tiny"]
    assert frame.height == 60
    write_day(remembers.parent / "data", DAY, heavier=900)
    batch = judged(workspace, DAY)
    assert [v.rule for v in batch.stops] == ["history.scale"]


def test_a_day_that_is_judged_again_counts_as_it_is_judged_now(remembers, workspace):
    judged(workspace, DAY)
    run = workspace.run("tiny", DAY)
    again = Recall(run, [DAY - timedelta(days=1), DAY])
    assert len(again.before(DAY - timedelta(days=1)).pasts["tiny"]) == (DAY - FIRST).days - 1
    assert len(again.before(DAY).pasts["tiny"]) == (DAY - FIRST).days - 1
