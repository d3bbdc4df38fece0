"""An episode of drift is told when it begins and when it ends."""

from datetime import timedelta

import polars as pl
import pytest

from ml import holds, lines, quarantine
from ml.walker import InProcess
from tests.ml.test_notices import mails
from tests.tiny import LAST, write_day

pytestmark = pytest.mark.integration


def day(n):
    return LAST + timedelta(days=n)


def night(place, n):
    return lines.nightly(InProcess(place.run("tiny", day(n))))


@pytest.fixture
def data(tiny):
    return tiny.parent / "data"


def stuck(data, at):
    """Write the day with a scale that says the same all day."""
    path = write_day(data, at)
    pl.read_parquet(path).with_columns(pl.lit(37.5).alias("weight")).write_parquet(path)


def test_a_drift_is_one_mail_when_it_opens_and_one_when_it_ends(workspace, data):
    for n in range(1, 4):
        write_day(data, day(n), heavier=30.0)
    for n in range(4, 12):
        write_day(data, day(n))
    for n in range(1, 12):
        night(workspace, n)
    subjects = [s for s in mails(workspace) if "drift" in s or "moved" in s or "broken" in s]
    # the three current days fill with heavier parcels one by one, so it doubles once
    assert [s.rpartition(" ")[2] for s in subjects] == ["(weight)", "grown", "over"]


def test_a_night_that_is_walked_again_sends_nothing_again(workspace, data):
    write_day(data, day(1), heavier=40.0)
    night(workspace, 1)
    before = mails(workspace)
    night(workspace, 1)
    assert mails(workspace) == before
    assert len(before) == 1


@pytest.fixture
def by_day(tiny):
    """The current rows are those of one day."""
    yaml = tiny / "pipelines" / "tiny.yaml"
    yaml.write_text(yaml.read_text().replace("current: 3d", "current: 1d").replace("min_rows: 100", "min_rows: 40"))


def held(place):
    return [batch.day for batch in place.ledger.batches("tiny", state="quarantined") if holds.diagnosed(batch)]


def test_a_day_whose_sensor_stuck_is_set_aside_and_asks_for_no_retrain(by_day, workspace, data):
    for n in range(1, 3):
        stuck(data, day(n))
    decisions = [night(workspace, n) for n in range(1, 3)]
    assert held(workspace) == [day(1), day(2)]
    assert not any(decision.retrain for decision in decisions)
    assert "data fault: weight kept one value all day" in decisions[0].against[0]


def test_of_a_broken_feed_one_mail_tells(by_day, workspace, data):
    for n in range(1, 4):
        stuck(data, day(n))
        night(workspace, n)
    assert [s for s in mails(workspace) if "Production" not in s] == ["tiny: a feed looks broken (weight)"]


def test_a_day_stays_set_aside_when_only_its_labels_come(by_day, workspace, data):
    stuck(data, day(1))
    night(workspace, 1)
    path = data / f"{day(1)}.parquet"
    pl.read_parquet(path).with_columns(late=1 - pl.col("late")).write_parquet(path)
    write_day(data, day(2))
    night(workspace, 2)
    assert held(workspace) == [day(1)]


def test_a_day_that_upstream_mends_comes_in_by_itself(by_day, workspace, data):
    stuck(data, day(1))
    night(workspace, 1)
    for n in (1, 2):
        write_day(data, day(n))
    night(workspace, 2)
    assert held(workspace) == []
    assert day(1) in [batch.day for batch in workspace.ledger.batches("tiny", state="accepted")]


def test_a_day_that_somebody_releases_comes_in_as_it_is(by_day, workspace, data):
    stuck(data, day(1))
    night(workspace, 1)
    quarantine.release(workspace.run("tiny", day(1)), by="ann", why="the scale was checked")
    write_day(data, day(2))
    night(workspace, 2)
    assert held(workspace) == []
    assert day(1) in [batch.day for batch in workspace.ledger.batches("tiny", state="accepted")]


def test_walked_again_the_night_ends_as_it_did(by_day, workspace, data):
    stuck(data, day(1))
    first = night(workspace, 1)
    again = night(workspace, 1)
    assert held(workspace) == [day(1)]
    assert (first.retrain, again.retrain) == (False, False)
    assert len([s for s in mails(workspace) if "Production" not in s]) == 1
