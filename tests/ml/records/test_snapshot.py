"""A snapshot says which days it leaves out."""

from datetime import date

from ml.records import Snapshot

DAY = date(2013, 1, 31)


def test_a_snapshot_names_the_days_in_doubt_that_it_leaves_out():
    whole = Snapshot(pipeline="p", day=DAY, first=DAY, last=DAY, rows=1, uri="u", fingerprint="f")
    assert whole.without == ""
    assert whole.model_copy(update={"left_out": (DAY,)}).without == "without 2013-01-31, in doubt"
