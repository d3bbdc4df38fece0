"""A version that a service does not serve."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Refusal:
    """A version that did not open, or answered its golden requests wrongly, and what serves instead.

    ``alias`` is where it was found; ``sentence`` says why; ``serving`` is the version that stays, None when none does.
    """

    pipeline: str
    version: int
    alias: str
    sentence: str
    serving: int | None
    at: datetime
