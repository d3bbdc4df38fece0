"""Each alert reaches people once."""

import subprocess
import sys
import threading
from datetime import date

import pytest

from ml.errors import ConfigError, ServiceUnavailable
from ml.records import Alert

ALERT = Alert(
    key="flights/2013-01-31/drift",
    pipeline="flights",
    day=date(2013, 1, 31),
    kind="drift",
    subject="flights drifted",
    text="5 of 12",
    html="<p>5 of 12",
    images=(("drift", "drift/a.png"),),
)

CLAIMS = """
import sys, time
from ml.ledger import Ledger
with Ledger.open(sys.argv[1]).claim("flights/2013-01-31/drift"):
    print("sending", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def queued(ledger):
    ledger.enqueue(ALERT)
    return ledger


def deliver_to_ada_then_fail(ledger, error):
    with ledger.claim(ALERT.key) as claim:
        claim.delivered.add("ada@example.com")
        raise error


def test_an_alert_waits_as_it_was_written(queued):
    (row,) = queued.pending("flights")
    assert (row.alert, row.state, row.tries) == (ALERT, "pending", 0)


def test_the_same_key_is_queued_once(queued):
    assert not queued.enqueue(ALERT.model_copy(update={"subject": "another"}))
    assert queued.alert(ALERT.key).alert.subject == "flights drifted"


def test_what_was_delivered_is_not_pending_and_cannot_be_claimed_again(queued):
    with queued.claim(ALERT.key) as claim:
        claim.delivered.add("ada@example.com")
    row = queued.alert(ALERT.key)
    assert (row.state, row.delivered, row.tries, queued.pending()) == ("sent", ("ada@example.com",), 1, [])
    assert row.sent_at is not None
    with queued.claim(ALERT.key) as claim:
        assert claim is None


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (ServiceUnavailable("SMTP is down"), "pending"),
        (ConfigError("no such user"), "failed"),
        (OSError("x"), "pending"),
    ],
)
def test_a_failure_is_kept_with_what_was_delivered_before_it(queued, error, state):
    with pytest.raises(type(error)):
        deliver_to_ada_then_fail(queued, error)
    row = queued.alert(ALERT.key)
    assert (row.state, row.delivered, row.tries) == (state, ("ada@example.com",), 1)
    assert str(error) in row.last_error


def test_the_next_claim_knows_who_has_it_already(queued):
    with pytest.raises(ServiceUnavailable):
        deliver_to_ada_then_fail(queued, ServiceUnavailable("it is down"))
    with queued.claim(ALERT.key) as claim:
        assert claim.delivered == {"ada@example.com"}


def test_two_deliverers_at_once_send_one_mail(queued):
    sent, start = [], threading.Barrier(4)

    def deliver():
        start.wait()
        with queued.claim(ALERT.key) as claim:
            if claim is not None:
                sent.append(claim.alert.key)

    threads = [threading.Thread(target=deliver) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sent == [ALERT.key]


def test_an_alert_that_was_never_queued_has_no_claim(ledger):
    with ledger.claim("nothing") as claim:
        assert claim is None
    assert ledger.alert("nothing") is None


def test_kill_9_in_the_middle_of_sending_leaves_it_for_the_next(address, queued):
    with subprocess.Popen([sys.executable, "-c", CLAIMS, address], stdout=subprocess.PIPE, text=True) as sender:
        assert sender.stdout.readline() == "sending\n"
        sender.kill()
        sender.wait()
    while claimed_nothing(queued):  # Postgres hears of the death in its own time
        pass
    assert queued.alert(ALERT.key).state == "sent"


def claimed_nothing(ledger):
    with ledger.claim(ALERT.key) as claim:
        return claim is None
