"""One thing that may go."""

from datetime import UTC, datetime

from ml.housekeeping.removable import Removable
from ml.records import Removal


def test_it_becomes_a_row_of_the_ledger_with_who_and_when():
    now = datetime(2026, 1, 1, tzinfo=UTC)
    item = Removable(kind="page", what="tiny/drift/1.html", bytes=1, since=now, why="old")
    row = Removal(pipeline="tiny", by="me", at=now, **item.model_dump())
    assert (row.what, row.kind, row.bytes, row.why) == ("tiny/drift/1.html", "page", 1, "old")
