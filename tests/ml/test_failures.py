"""A failed run reaches its owner, once."""

from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy

import pytest

from ml import failures, steps
from ml.errors import NoData, PromotionConflict, ServiceUnavailable
from ml.notifiers.mailbox import open_mailbox
from ml.records import RollbackRequest
from ml.walker import perform

pytestmark = pytest.mark.integration

DAY = date(2013, 1, 1)  # long before the first day that there is
STATES = {"pull": "failed", "validate": "upstream_failed", "deliver": "upstream_failed"}


def mails(place):
    paths = sorted((place.lake.root.parent / "mails").rglob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]


@pytest.fixture
def run(workspace):
    """A night whose pull has failed twice."""
    external = {"run_id": "night 1", "task_id": "pull", "url": "http://airflow.example/log"}
    night = workspace.run("tiny", DAY, external=external)
    for _ in range(2):
        with pytest.raises(NoData):
            perform(night, steps.pull)
    return night


def test_the_mail_has_the_reason_from_the_ledger_and_leads_to_the_log(run, workspace):
    failures.tell(run, "nightly", "night 1", STATES)
    (mail,) = mails(workspace)
    text = " ".join(mail.get_body(("plain",)).get_content().split())
    assert mail["Subject"] == "tiny: the night of 2013-01-01 failed at pull"
    assert "failed at pull, tried 2 times" in text
    assert "the files source gave 0 rows for this day" in text
    assert "- validate, deliver" in text
    assert "http://airflow.example/log" in text


def test_told_again_it_is_no_second_mail(run, workspace):
    for _ in range(3):
        failures.tell(run, "nightly", "night 1", STATES)
    assert len(mails(workspace)) == 1


def test_attempts_of_another_run_are_not_counted(run, workspace):
    failures.tell(run, "nightly", "night 2", STATES)
    (mail,) = mails(workspace)
    assert "its process died or never began" in " ".join(mail.get_body(("plain",)).get_content().split())


def test_where_nothing_failed_nothing_is_told(run, workspace):
    assert failures.tell(run, "nightly", "night 1", {"pull": "success", "detect": "skipped"}) is None
    assert mails(workspace) == []


def test_a_mail_server_that_is_down_loses_nothing(run, workspace):
    down = replace(run, workspace=replace(workspace, mailbox=open_mailbox("smtp://127.0.0.1:9")))
    with pytest.raises(ServiceUnavailable):
        failures.tell(down, "nightly", "night 1", STATES)
    (waiting,) = workspace.ledger.pending("tiny")
    assert (waiting.alert.kind, waiting.state) == ("failure", "pending")
    failures.tell(run, "nightly", "night 1", STATES)
    assert len(mails(workspace)) == 1


def test_a_rollback_that_failed_is_told_with_who_asked_for_it(workspace):
    external = {"run_id": "by hand", "task_id": "rollback", "url": "http://airflow.example/log"}
    run = workspace.run("tiny", DAY, external=external)
    asked = RollbackRequest(pipeline="tiny", day=DAY, to=9, why="late parcels look early", by="ada")
    with pytest.raises(PromotionConflict):
        perform(run, steps.rollback, asked)
    failures.tell(run, "rollback", "by hand", {"request": "success", "rollback": "failed", "tell": "upstream_failed"})
    (mail,) = mails(workspace)
    text = " ".join(mail.get_body(("plain",)).get_content().split())
    assert "The rollback to version 9 that ada asked for failed at rollback." in text
    assert "nothing is in Production yet" in text


def test_what_left_no_row_is_told_in_the_words_that_it_left_elsewhere(workspace):
    said = {"tiny": "the lake lost a folder"}
    failures.tell(workspace.run("tiny", DAY), "housekeeping", "morning 1", {"tiny": "failed"}, said)
    (mail,) = mails(workspace)
    assert "The reason: the lake lost a folder." in " ".join(mail.get_body(("plain",)).get_content().split())
