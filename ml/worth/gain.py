"""What a version gave over another on matured days, with an interval from whole days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ml.estimate import blocks, mean
from ml.prices.value import BaseValue
from ml.records import Weighed

LEVEL = 0.95


@dataclass(frozen=True)
class Gain:
    """How much better all rows of some days were off; ``interval`` holds the ``total`` at LEVEL.

    ``unknown`` days are in no sum. With less than three days, or weeks of them, there is no interval.
    """

    total: float = 0.0
    interval: tuple[float, float] | None = None
    days: int = 0
    rows: int = 0
    unknown: int = 0

    @property
    def per_row(self) -> float | None:
        """The gain a row; None without any."""
        return self.total / self.rows if self.rows else None

    def less(self, cost: float) -> Gain:
        """What is left of it after a cost that is known."""
        interval = None if self.interval is None else (self.interval[0] - cost, self.interval[1] - cost)
        return Gain(self.total - cost, interval, self.days, self.rows, self.unknown)

    @property
    def shown(self) -> bool:
        """Whether its interval lies on one side of 0."""
        return self.interval is not None and (self.interval[0] > 0 or self.interval[1] < 0)

    def as_json(self) -> dict[str, Any]:
        return {
            "total": self.total,
            "interval": list(self.interval) if self.interval else None,
            "shown": self.shown,
            "per_row": self.per_row,
            "days": self.days,
            "rows": self.rows,
            "unknown": self.unknown,
        }


def gain(weighed: Iterable[Weighed], value: BaseValue, metric: str) -> Gain:
    """The gain of all days together: the mean over their rows times the rows, by whole days as in ``ml.estimate``."""
    import numpy

    found = [(each, value.gain(each, metric)) for each in weighed]
    known = [(each, per_row) for each, per_row in found if per_row is not None and each.rows]
    if not known:
        return Gain(unknown=len(found))
    rows = numpy.array([each.rows for each, _ in known])
    place = blocks(numpy.array([each.day for each, _ in known], dtype="datetime64[D]"))
    estimate = mean(numpy.repeat([per_row for _, per_row in known], rows), numpy.repeat(place, rows))
    ends, count = estimate.interval(LEVEL), int(rows.sum())
    interval = None if ends is None else (ends[0] * count, ends[1] * count)
    return Gain(estimate.value * count, interval, len(known), count, len(found) - len(known))
