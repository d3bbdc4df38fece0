"""Sensors that read one unlikely value for too long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from ml.detectors.readings import HOURS, in_a_row, newest
from ml.detectors.sensors import SensorDetector
from ml.detectors.windows import Night

if TYPE_CHECKING:
    import numpy as np

    from ml.detectors.readings import Readings

    Array = np.ndarray[Any, Any]


class Steady(SensorDetector):
    """The longest run of one reading at one place, each hour weighed by how rare that reading is.

    A day at ten miles says little, a day at three a lot. The score is the length of the run in hours times minus the
    logarithm of the reading's share in the reference: what the run would be worth if hours were independent. They are
    not, which is why its tail is fitted to nights like tonight's.
    """

    says: ClassVar[str] = "hours in a row with one reading, weighed by how rare it is"

    kind: Literal["steady"] = "steady"

    def score(self, daily: Sequence[Readings], night: Night) -> float:
        return _longest(daily, night)


def _longest(daily: Sequence[Readings], night: Night) -> float:
    """The largest run over the places; NaN without readings on the newest day or in the reference."""
    import numpy as np

    usual = [values for place in night.reference for values in daily[place].values()]
    if not night.current or not usual or not daily[night.current[-1]]:
        return float("nan")
    known, counts = np.unique(np.concatenate(usual), return_counts=True)
    known, counts = known[~np.isnan(known)], counts[: int((~np.isnan(known)).sum())]
    days = [daily[place] for place in newest(night)]
    return max(_run(in_a_row(days, where), known, counts) for where in sorted(days[-1]))


def _run(row: Array, known: Array, counts: Array) -> float:
    """The heaviest run that lasts into the newest day."""
    import numpy as np

    fresh = int((~np.isnan(row[-HOURS:])).sum())
    values = row[~np.isnan(row)]
    starts = np.flatnonzero(np.concatenate([[True], np.diff(values) != 0]))
    ends = np.append(starts[1:], values.size)
    place = np.minimum(np.searchsorted(known, values[starts]), known.size - 1)
    seen = np.where(known[place] == values[starts], counts[place], 0)
    weight = (ends - starts) * -np.log((seen + 1) / (counts.sum() + 1))
    return float(weight[ends > values.size - fresh].max())
