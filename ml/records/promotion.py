"""Which version entered Production, and which one a person wants back."""

from datetime import date, datetime
from typing import Literal

from ml.records.record import Record

MoveKind = Literal["promotion", "rollback", "outside", "revert"]


class RollbackRequest(Record):
    """What a person asked for: which version back (``to``, None for the one before), why, and who.

    ``force`` also allows a version that was never in Production.
    """

    pipeline: str
    day: date
    to: int | None
    why: str
    by: str
    force: bool = False


class Promotion(Record):
    """A version that entered Production, and the one that left it (``previous``, None for the first).

    ``kind`` says how: by a promotion, a ``rollback``, an act ``outside`` of Nightshift, or the ``revert`` of one.
    ``recipe`` is that of the model, with ``snapshot`` it says what a rollback undid.
    """

    pipeline: str
    day: date
    version: int
    previous: int | None
    run_id: str
    snapshot: str
    at: datetime
    by: str = "nightshift"
    kind: MoveKind = "promotion"
    why: str = ""
    recipe: str | None = None
