"""The book of removals."""

from datetime import UTC, datetime, timedelta

import pytest

from ml.records import Removal

pytestmark = pytest.mark.integration

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def removal(at=NOW, since=NOW - timedelta(days=100), kind="page", what="tiny/drift/1.html"):
    return Removal(pipeline="tiny", kind=kind, what=what, bytes=5, why="old", since=since, by="me", at=at)


def test_a_removal_is_kept_once_while_it_is_about_the_same_file(ledger):
    first = ledger.record_removal(removal())
    assert ledger.record_removal(removal(at=NOW + timedelta(days=1))) == first
    assert ledger.removals("tiny") == [first]


def test_a_file_that_was_written_again_and_removed_again_has_two_rows(ledger):
    ledger.record_removal(removal())
    again = ledger.record_removal(removal(at=NOW + timedelta(days=9), since=NOW + timedelta(days=1)))
    assert ledger.removal("tiny/drift/1.html") == again
    assert len(ledger.removals("tiny")) == 2


def test_what_was_only_noticed_was_not_removed(ledger):
    ledger.record_removal(removal(kind="noticed", what="mlflow:tiny/abc"))
    assert ledger.removal("mlflow:tiny/abc") is None
    assert [row.what for row in ledger.removals("tiny", "noticed")] == ["mlflow:tiny/abc"]
    assert ledger.removals("tiny", "page") == []
