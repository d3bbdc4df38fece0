"""Who tells people: one file a notifier, and the roster of them."""

from typing import Annotated

from pydantic import Field

from ml.notifiers.mail import Mail

ROSTER = (Mail,)
Notifier = Annotated[Mail, Field()]  # with a second kind: Mail | Other, told apart by Field(discriminator="kind")

__all__ = ["ROSTER", "Notifier"]
