"""An alert as a mail."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from ml.notifiers.notifier import BaseNotifier, Mailbox
from ml.records import Alert

Address = Annotated[str, Field(pattern=r"^[^\s@<>(),;:\"\[\]\\]+@[^\s@<>(),;:\"\[\]\\]+$", max_length=254)]


class Mail(BaseNotifier):
    """A mail in plain text and HTML, pictures inside, to each of ``to``."""

    kind: Literal["mail"] = "mail"
    to: Annotated[tuple[Address, ...], Field(min_length=1)]

    @property
    def recipients(self) -> tuple[str, ...]:
        return self.to

    def deliver(self, alert: Alert, images: Mapping[str, bytes], mailbox: Mailbox, recipient: str) -> None:
        """Send the alert to ``recipient`` as a mail that names all of ``to``."""
        raise NotImplementedError
