"""What a version has to stand on live traffic, and how that ended."""

from datetime import date, datetime
from typing import Literal

from ml.records.record import Record


class Tryout(Record):
    """A version in Staging that sees traffic, and may enter Production only after it; no ``champion_version``: none.

    ``kind`` says how it sees it, ``share`` which share of the keys it answers. What it and ``champion_version`` said of
    the same rows since ``at`` is compared by ``metric`` when their labels are there, until ``deadline``. ``alpha`` is
    the chance that it is stopped though it is no worse; ``undecided`` says what becomes of it when nothing was shown.
    """

    pipeline: str
    day: date
    run_id: str
    version: int
    champion_version: int
    kind: str
    share: float
    metric: str
    alpha: float
    undecided: Literal["pass", "stop"]
    deadline: datetime
    at: datetime


class TryoutVerdict(Record):
    """How a tryout ended: by what the labels say, by the service, by the clock, by a person, or by what happened since
    (withdrawn).

    ``worse_by`` is how much worse the version is than the champion, in units of the tryout's metric, on ``rows`` rows
    of ``blocks`` days; ``interval`` holds however often one looked.
    """

    pipeline: str
    day: date
    run_id: str
    version: int
    passed: bool
    by: Literal["labels", "service", "clock", "person", "withdrawn"]
    why: str
    worse_by: float | None = None
    interval: tuple[float, float] | None = None
    rows: int = 0
    blocks: int = 0
    at: datetime
