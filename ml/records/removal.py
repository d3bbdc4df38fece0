"""What retention took away."""

from datetime import datetime

from ml.records.record import Record


class Removal(Record):
    """What retention took away: a file of the lake by its place, a model, a version or a page of MLflow.

    ``since`` is when it was written; ``kind`` noticed says that it was only found without an owner.
    """

    pipeline: str
    kind: str
    what: str
    bytes: int
    why: str
    since: datetime
    by: str
    at: datetime
