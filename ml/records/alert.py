"""What the owner is told."""

from datetime import date
from typing import Literal

from ml.records.record import Record


class Alert(Record):
    """A message for the owner. ``key`` makes it one: the same key is never sent twice.

    ``images`` are (content id, path in the lake) pairs, shown in ``html`` as ``cid:<content id>``.
    """

    key: str
    pipeline: str
    day: date
    kind: Literal["drift", "quarantine", "result", "failure", "approval", "stages"]
    subject: str
    text: str
    html: str
    images: tuple[tuple[str, str], ...] = ()
