"""Which days of a night are worth a mail."""

from datetime import date, timedelta

import polars as pl
import pytest

from ml import lines, quarantine
from ml.errors import NightshiftError
from ml.walker import InProcess
from tests.tiny import write_day

pytestmark = pytest.mark.integration

DAY = date(2013, 6, 1)


def after(n):
    return DAY + timedelta(days=n)


def night(place, day=DAY):
    return lines.nightly(InProcess(place.run("tiny", day)))


def mails(place):
    """The subjects of the mails that were sent, oldest first."""
    from email import message_from_bytes, policy

    paths = sorted((place.lake.root.parent / "mails").rglob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [message_from_bytes(path.read_bytes(), policy=policy.default)["Subject"] for path in paths]


@pytest.fixture
def data(tiny):
    return tiny.parent / "data"


def refuse(data, day, rows, weight=-1.0):
    """Write the day with so many rows that weigh less than nothing."""
    path = write_day(data, day, rows=100)
    odd = pl.int_range(pl.len()) < rows
    pl.read_parquet(path).with_columns(pl.when(odd).then(weight).otherwise("weight").alias("weight")).write_parquet(
        path
    )


def test_a_quarantined_day_is_told_once_however_often_its_night_is_walked(workspace, data):
    write_day(data, DAY, rows=5)
    night(workspace)
    night(workspace)
    assert mails(workspace) == ["tiny: 2013-06-01 is quarantined: min_rows"]


def test_the_next_nights_are_silent_while_the_same_rules_are_broken(workspace, data):
    write_day(data, DAY, rows=5)
    night(workspace)
    write_day(data, DAY, rows=6)
    night(workspace, after(1))
    night(workspace, after(2))
    assert len(mails(workspace)) == 1


def test_broken_days_of_the_history_are_no_mails(workspace, data):
    for n in (-1, -9, -20):
        write_day(data, after(n), rows=5)
    night(workspace)
    assert mails(workspace) == []


def test_a_broken_day_among_nights_that_were_missed_is_told(workspace, data):
    night(workspace)
    write_day(data, after(2), rows=5)
    night(workspace, after(4))
    assert mails(workspace) == ["tiny: 2013-06-03 is quarantined: min_rows"]


def test_an_accepted_day_that_upstream_breaks_later_is_told(workspace, data):
    night(workspace)
    write_day(data, DAY, rows=5)
    night(workspace, after(1))
    night(workspace, after(2))
    assert mails(workspace) == ["tiny: 2013-06-01 is quarantined: min_rows"]


def test_a_mended_day_is_told_once(workspace, data):
    write_day(data, DAY, rows=5)
    night(workspace)
    write_day(data, DAY)
    for n in (1, 2, 3):
        night(workspace, after(n))
    assert mails(workspace)[1:] == ["tiny: 2013-06-01 is mended and accepted"]


def test_a_mail_that_could_not_be_sent_is_sent_by_the_next_night(workspace, data):
    write_day(data, DAY, rows=5)
    night(workspace)
    write_day(data, DAY)
    folder, aside = (workspace.lake.root.parent / name for name in ("mails", "aside"))
    folder.rename(aside)
    folder.write_text("a file where the folder was")
    with pytest.raises(NightshiftError):
        night(workspace, after(1))
    folder.unlink()
    aside.rename(folder)
    night(workspace, after(2))
    assert mails(workspace)[1:] == ["tiny: 2013-06-01 is mended and accepted"]


def test_a_released_day_is_told_nothing_more(workspace, data):
    write_day(data, DAY, rows=5)
    night(workspace)
    quarantine.release(workspace.run("tiny", DAY), "ada", "a holiday")
    night(workspace, after(1))
    assert len(mails(workspace)) == 1


def test_many_refused_rows_are_told_once_in_a_week_that_has_them_each_night(workspace, data):
    for n in range(5):
        refuse(data, after(n), 4)
        night(workspace, after(n))
    assert mails(workspace) == ["tiny: 4 rows of 2013-06-01 are refused"]


def test_one_odd_row_each_night_is_no_mail(workspace, data):
    for n in range(2):
        refuse(data, after(n), 1)
        night(workspace, after(n))
    assert mails(workspace) == []


def test_the_mail_shows_five_of_the_rows_and_the_wrong_value(workspace, data):
    refuse(data, DAY, 40)
    night(workspace)
    text = workspace.ledger.output("tiny", DAY, "notify")["text"]
    assert "weight range: 5 of 40 rows" in text
    assert text.count(">-1.0<") == 5
