"""Each alert, to each recipient, once."""

from datetime import date
from pathlib import Path

import pytest

from ml.delivery import deliver
from ml.errors import ConfigError, ServiceUnavailable
from ml.ledger import Ledger
from ml.notifiers.mail import Mail
from ml.records import Alert

ADA, BOB = "ada@example.com", "bob@example.com"
MAIL = (Mail(to=(ADA, BOB)),)


class Mailbox:
    """Keeps what it is given; ``broken`` are the errors it raises for a recipient."""

    sender = "night@example.com"

    def __init__(self):
        self.sent, self.broken = [], {}

    def send(self, message, recipient):
        if recipient in self.broken:
            raise self.broken[recipient]
        self.sent.append((str(message["Subject"]), recipient))


def alert(subject="today"):
    of = {"pipeline": "flights", "day": date(2013, 1, 31), "kind": "drift"}
    return Alert(key=f"flights/{subject}", subject=subject, text="t", html="h", **of)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    opened = Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}")
    opened.migrate()
    opened.enqueue(alert())
    return opened


@pytest.fixture
def mailbox():
    return Mailbox()


def test_everybody_is_told_and_told_once(ledger, mailbox):
    assert deliver(ledger, "flights", alert(), MAIL, mailbox, lambda _: {}) == (alert(),)
    assert deliver(ledger, "flights", alert(), MAIL, mailbox, lambda _: {}) == ()
    assert mailbox.sent == [("today", ADA), ("today", BOB)]


def test_what_waited_goes_first(ledger, mailbox):
    ledger.enqueue(alert("tomorrow"))
    assert deliver(ledger, "flights", alert("tomorrow"), MAIL, mailbox, lambda _: {}) == (alert(), alert("tomorrow"))


def test_what_waits_is_sent_though_there_is_nothing_new_to_tell(ledger, mailbox):
    assert deliver(ledger, "flights", None, MAIL, mailbox, lambda _: {}) == (alert(),)
    assert deliver(ledger, "flights", None, MAIL, mailbox, lambda _: {}) == ()
    assert mailbox.sent == [("today", ADA), ("today", BOB)]


def test_a_server_that_is_down_loses_nothing(ledger, mailbox):
    mailbox.broken = {ADA: ServiceUnavailable("down"), BOB: ServiceUnavailable("down")}
    with pytest.raises(ServiceUnavailable, match="down"):
        deliver(ledger, "flights", alert(), MAIL, mailbox, lambda _: {})
    mailbox.broken = {}
    deliver(ledger, "flights", alert(), MAIL, mailbox, lambda _: {})
    assert mailbox.sent == [("today", ADA), ("today", BOB)]


def test_who_has_it_does_not_get_it_again_because_another_could_not(ledger, mailbox):
    mailbox.broken = {BOB: ServiceUnavailable("try later")}
    with pytest.raises(ServiceUnavailable):
        deliver(ledger, "flights", alert(), MAIL, mailbox, lambda _: {})
    mailbox.broken = {}
    deliver(ledger, "flights", alert(), MAIL, mailbox, lambda _: {})
    assert mailbox.sent == [("today", ADA), ("today", BOB)]


def test_a_bad_address_costs_nobody_else_his_mail(ledger, mailbox):
    mailbox.broken = {ADA: ConfigError("no such user ada")}
    ledger.enqueue(alert("tomorrow"))
    with pytest.raises(ConfigError, match="no such user ada"):
        deliver(ledger, "flights", alert("tomorrow"), MAIL, mailbox, lambda _: {})
    assert mailbox.sent == [("today", BOB), ("tomorrow", BOB)]
    assert ledger.alert("flights/today").state == "failed"


def test_after_the_address_was_mended_the_same_alert_can_be_sent(ledger, mailbox):
    mailbox.broken = {ADA: ConfigError("no such user ada")}
    with pytest.raises(ConfigError):
        deliver(ledger, "flights", alert(), MAIL, mailbox, lambda _: {})
    deliver(ledger, "flights", alert(), (Mail(to=("eve@example.com", BOB)),), mailbox, lambda _: {})
    assert mailbox.sent == [("today", BOB), ("today", "eve@example.com")]


def test_a_retry_that_can_help_is_preferred_and_the_other_error_noted(ledger, mailbox):
    mailbox.broken = {ADA: ConfigError("no such user ada"), BOB: ServiceUnavailable("down")}
    with pytest.raises(ServiceUnavailable, match="down") as caught:
        deliver(ledger, "flights", alert(), MAIL, mailbox, lambda _: {})
    assert caught.value.__notes__ == ["no such user ada"]
    assert ledger.alert("flights/today").last_error == "down; no such user ada"


def test_without_notifiers_an_alert_is_done(ledger, mailbox):
    deliver(ledger, "flights", alert(), (), mailbox, lambda _: {})
    assert ledger.pending() == []


def test_the_images_are_read_for_the_alert_that_is_sent(ledger, mailbox):
    asked = []
    deliver(ledger, "flights", alert(), MAIL, mailbox, lambda it: asked.append(it.key) or {"a": b"png"})
    assert asked == ["flights/today"]
