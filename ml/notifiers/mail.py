"""An alert as a mail."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from ml.notifiers.mailbox import Mailbox
from ml.notifiers.notifier import BaseNotifier
from ml.records import Alert

if TYPE_CHECKING:
    from email.message import EmailMessage

Address = Annotated[str, Field(pattern=r'^[^\s@<>(),;:"\[\]\\]+@[^\s@<>(),;:"\[\]\\]+$', max_length=254)]


class Mail(BaseNotifier):
    """A mail in plain text and HTML, pictures inside, to each of ``to``."""

    kind: Literal["mail"] = "mail"
    to: Annotated[tuple[Address, ...], Field(min_length=1)]

    @property
    def recipients(self) -> tuple[str, ...]:
        return self.to

    def deliver(self, alert: Alert, images: Mapping[str, bytes], mailbox: Mailbox, recipient: str) -> None:
        """Send the alert to ``recipient``, as a mail that names all of ``to``."""
        mailbox.send(compose(alert, images, mailbox.sender, self.to), recipient)


def compose(alert: Alert, images: Mapping[str, bytes], sender: str, to: tuple[str, ...]) -> "EmailMessage":
    """The mail of an alert: plain text and HTML side by side, the images inside the HTML.

    Its Message-ID comes from the alert's key alone, so a mail that had to be sent twice is one to the reader's server.
    """
    from email.message import EmailMessage
    from email.policy import SMTP
    from email.utils import format_datetime

    message = EmailMessage(policy=SMTP)  # this policy refuses a header with a line break in it
    message["From"], message["To"] = sender, ", ".join(to)
    message["Subject"] = one_line(alert.subject)
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = message_id(alert.key, sender)
    message["Auto-Submitted"] = "auto-generated"  # keeps holiday replies away
    message.set_content(alert.text, cte="quoted-printable")
    message.add_alternative(alert.html, subtype="html", cte="quoted-printable")
    _attach(message, images)
    return message


def one_line(text: str) -> str:
    """The text without line breaks and other control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def message_id(key: str, sender: str) -> str:
    """The one Message-ID of an alert."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{sender.rpartition('@')[2]}>"


def _attach(message: "EmailMessage", images: Mapping[str, bytes]) -> None:
    from email.message import EmailMessage

    html = message.get_payload(1)
    assert isinstance(html, EmailMessage)
    for cid, image in images.items():
        html.add_related(image, "image", "png", cid=f"<{cid}>", filename=f"{cid}.png", disposition="inline")
