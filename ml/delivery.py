"""From the outbox to people: each alert, to each recipient, once."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from ml.errors import ConfigError, NightshiftError, ServiceUnavailable
from ml.notifiers import Notifier
from ml.notifiers.mailbox import Mailbox
from ml.records import Alert

if TYPE_CHECKING:
    from ml.ledger import Claim, Ledger

Images = Callable[[Alert], Mapping[str, bytes]]


def deliver(
    ledger: "Ledger",
    pipeline: str,
    alert: Alert | None,
    notifiers: Sequence[Notifier],
    mailbox: Mailbox,
    images: Images,
) -> tuple[Alert, ...]:
    """Send every alert of a pipeline that waits, oldest first, and ``alert``; gives those that were sent now.

    ``images`` reads the bytes of an alert's images by content id. An alert that was sent, or that another process
    sends now, is left alone; one that was given up is tried again if it is ``alert``. Of one with several recipients,
    those who have it do not get it again.

    Raises
    ------
    ServiceUnavailable
        A neighbour did not take it; all stays in the outbox for the next try.
    ConfigError
        A recipient was refused for good; everybody else has been told.
    """
    asked = {each.key: each for each in [*(row.alert for row in ledger.pending(pipeline)), *([alert] if alert else [])]}
    sent, refused = [], []
    for key, each in asked.items():
        try:
            sent += [each] if _send(ledger, key, notifiers, mailbox, images) else []
        except ConfigError as error:
            refused.append(error)
    _raise_worst(refused)
    return tuple(sent)


def _send(ledger: "Ledger", key: str, notifiers: Sequence[Notifier], mailbox: Mailbox, images: Images) -> bool:
    with ledger.claim(key) as claim:
        if claim is None:
            return False
        pictures = images(claim.alert)
        _raise_worst([e for notifier in notifiers for e in _tell(claim, notifier, pictures, mailbox)])
    return True


def _tell(claim: "Claim", notifier: Notifier, pictures: Mapping[str, bytes], mailbox: Mailbox) -> list[NightshiftError]:
    errors: list[NightshiftError] = []
    for recipient in notifier.recipients:
        name = f"{notifier.kind}:{recipient}"
        if name in claim.delivered:
            continue
        try:
            notifier.deliver(claim.alert, pictures, mailbox, recipient)
            claim.delivered.add(name)
        except (ConfigError, ServiceUnavailable) as error:
            errors.append(error)
    return errors


def _raise_worst(errors: Sequence[NightshiftError]) -> None:
    """Raise one of the errors, with the others as its notes; one that a retry can help comes first."""
    if errors:
        first = next((e for e in errors if isinstance(e, ServiceUnavailable)), errors[0])
        for other in errors:
            if other is not first:
                first.add_note(str(other))
        raise first
