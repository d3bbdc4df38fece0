"""Sensors that no longer sense."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from ml.detectors.readings import in_a_row, newest
from ml.detectors.sensors import SensorDetector
from ml.detectors.windows import Night

if TYPE_CHECKING:
    import numpy as np

    from ml.detectors.readings import Readings

    Array = np.ndarray[Any, Any]


class Frozen(SensorDetector):
    """A measurement at one place that stands still while it moves at the others.

    One that always reads ten miles may be right: the sky is clear. One that has read ten miles since the others came
    down, went up and came down again is not. The score counts the hours since its last movement in which the others
    moved: 1 for an hour in which all did, and half the share of those that did. It grows from night to night.
    """

    says: ClassVar[str] = "hours in which the other places moved since this one last did"

    kind: Literal["frozen"] = "frozen"

    def score(self, daily: Sequence[Readings], night: Night) -> float:
        return _stillest([daily[place] for place in newest(night)])


def _stillest(days: Sequence[Readings]) -> float:
    """The largest count over the places; NaN with fewer than two of them on the newest day."""
    import numpy as np

    places = sorted(days[-1]) if days else []
    if len(places) < 2:
        return float("nan")
    moved = np.array([_moves(in_a_row(days, place)) for place in places])
    return max(_count(moved, place) for place in range(len(places)))


def _moves(readings: Array) -> Array:
    """In which hours the reading differs from the last one before it."""
    import numpy as np

    there = np.flatnonzero(~np.isnan(readings))
    moves = np.zeros(len(readings), dtype=bool)
    moves[there[1:]] = np.diff(readings[there]) != 0
    return moves


def _count(moved: Array, place: int) -> float:
    import numpy as np

    last = np.flatnonzero(moved[place])
    since = last[-1] + 1 if last.size else 0
    others = np.delete(moved[:, since:], place, 0)
    return float(others.all(axis=0).sum() + others.mean(axis=0).sum() / 2)
