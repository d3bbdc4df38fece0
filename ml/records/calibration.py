"""The thresholds of a drift check, and what they rest on."""

from datetime import date

from pydantic import Field

from ml.records.record import Record


class Calibration(Record):
    """Thresholds at which a pipeline's whole drift check alarms as often as its owner asked, and what they rest on.

    ``day`` is the data day that it was made for, from accepted days before it: ``first`` to ``last``, which gave
    ``nights`` scored nights in ``blocks`` fortnights. ``alarms`` is how many of them the check calls when each block
    is judged by the others, ``interval`` the exact binomial 95 % interval of that rate. ``settings`` and ``calendar``
    say what it belongs to, ``data`` which rows it saw; ``uri`` is its place in the lake, with the fitted tails.
    With too few nights there are no ``thresholds`` and no ``uri``. ``sentence`` says what it can promise.
    """

    pipeline: str
    day: date
    asked: int
    sentence: str
    settings: str
    calendar: str
    data: str
    first: date | None
    last: date | None
    nights: int
    blocks: int
    alarms: int = 0
    interval: tuple[float, float] = (0.0, 1.0)
    level: float | None = None
    thresholds: dict[str, float] = Field(default_factory=dict)
    uri: str | None = None
    expires: date
    code_version: str

    @property
    def ready(self) -> bool:
        """Whether there were nights enough for thresholds."""
        return self.uri is not None
