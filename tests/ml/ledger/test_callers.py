"""Who may ask the prediction service."""

from datetime import UTC, datetime, timedelta

import pytest

from ml.errors import ConfigError
from ml.records import Caller

AT = datetime(2013, 2, 1, 9, tzinfo=UTC)


def caller(name="website", digest="a" * 64, **more):
    return Caller(name=name, scopes=("flights",), digest=digest, by="ada", at=AT, **more)


def test_a_caller_is_kept(ledger):
    ledger.record_caller(caller())
    assert ledger.callers() == [caller()]


def test_two_callers_have_two_names(ledger):
    ledger.record_caller(caller())
    with pytest.raises(ConfigError, match="there is a caller website already"):
        ledger.record_caller(caller(digest="b" * 64))


def test_a_revoked_caller_stays_in_the_register_and_its_name_may_come_back(ledger):
    ledger.record_caller(caller())
    gone = ledger.revoke_caller("website", "bob", AT + timedelta(days=1))
    assert (gone.revoked, gone.revoked_by) == (AT + timedelta(days=1), "bob")
    assert ledger.revoke_caller("website", "eve", AT + timedelta(days=2)) == gone
    ledger.record_caller(caller(digest="b" * 64))
    assert ledger.callers() == [gone, caller(digest="b" * 64)]


def test_nobody_revokes_a_caller_that_never_was(ledger):
    with pytest.raises(ConfigError, match="there is no caller website"):
        ledger.revoke_caller("website", "bob", AT)


def test_when_a_caller_asked_last_only_moves_on(ledger):
    ledger.record_caller(caller())
    for hours in (2, 1):
        ledger.record_seen({"a" * 64: AT + timedelta(hours=hours), "b" * 64: AT})
    assert ledger.callers() == [caller(seen=AT + timedelta(hours=2))]
