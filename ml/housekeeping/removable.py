"""One thing that may go."""

from datetime import datetime

from ml.records import Record

SNAPSHOT, ROWS, PAGE, PREDICTIONS = "snapshot", "rows", "page", "predictions"
CHALLENGER, VERSION, HALF_SAVED, RUN_PAGE, STRAY = "challenger", "version", "half saved", "page in MLflow", "stray"


class Removable(Record):
    """What could go, how many bytes that frees, and why. ``since`` is when it was written, or noticed as a stray."""

    kind: str
    what: str
    bytes: int
    since: datetime
    why: str
