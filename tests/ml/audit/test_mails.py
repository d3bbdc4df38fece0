"""Mails that did not reach their readers."""

import sys
from datetime import date, timedelta

import pytest

from ml.audit.mails import mails
from ml.audit.scope import Scope
from ml.errors import ConfigError, ServiceUnavailable
from ml.records import Alert

DAY = date(2013, 6, 1)


def owe(workspace, key, error=None, kind="drift"):
    alert = Alert(key=key, pipeline="tiny", day=DAY, kind=kind, subject=f"about {key}", text="t", html="h")
    workspace.ledger.enqueue(alert)
    if error:
        with pytest.raises(type(error)), workspace.ledger.claim(key):
            raise error


def test_a_mail_that_was_just_written_is_no_discrepancy(workspace):
    owe(workspace, "a", ServiceUnavailable("the mail server is away"))
    checked = mails(Scope(workspace, "tiny"))
    assert (checked.said, checked.found) == ("1 waits in the outbox", ())
    assert mails(Scope(workspace, "other")).said == "all are sent"


def test_a_mail_that_waits_too_long(workspace, monkeypatch, said):
    owe(workspace, "a", ServiceUnavailable("the mail server is away"))
    monkeypatch.setattr(sys.modules["ml.audit.mails"], "PATIENCE", timedelta(seconds=-1))
    checked = mails(Scope(workspace, "tiny"))
    (one,) = said(checked)
    assert one.startswith("tiny 2013-06-01: the mail 'about a' waits since 20")
    assert one.endswith("after 1 try: the mail server is away")
    assert checked.found[0].mend.endswith("nightshift step deliver tiny --day 2013-06-01")


@pytest.mark.parametrize(("kind", "mend"), [("drift", "nightshift step deliver"), ("result", "clear the task deliver")])
def test_a_mail_that_was_given_up(workspace, said, kind, mend):
    owe(workspace, "a", ConfigError("ada@example.com was refused"), kind)
    checked = mails(Scope(workspace, "tiny"))
    assert "was given up since" in said(checked)[0]
    assert mend in checked.found[0].mend
