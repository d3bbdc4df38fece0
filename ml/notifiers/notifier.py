"""What every notifier does."""

from collections.abc import Mapping

from ml.notifiers.mailbox import Mailbox
from ml.records import Alert
from ml.section import Section


class BaseNotifier(Section):
    """Tells people of an alert, one recipient at a time, so that one bad address does not cost the others a mail."""

    @property
    def recipients(self) -> tuple[str, ...]:
        """Who is told; each is delivered to, and remembered as delivered, on its own."""
        raise NotImplementedError

    def deliver(self, alert: Alert, images: Mapping[str, bytes], mailbox: Mailbox, recipient: str) -> None:
        """Tell one recipient; ``images`` are the bytes of the alert's PNG images by content id.

        Raises
        ------
        ServiceUnavailable
            The neighbour that carries the message did not take it; trying again later can help.
        ConfigError
            It refused the message or the recipient for good.
        """
        raise NotImplementedError
