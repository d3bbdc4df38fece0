"""Which days have their labels by a night, and which of those are its newest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ml.detectors.counts import LARGEST, floats
from ml.detectors.windows import Night

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Array = np.ndarray[Any, Any]


def due(days: Sequence[date], night: Night, delay: int, newest: int, after: date | None = None) -> Night:
    """The night's windows over days whose labels are due: the ``newest`` such days, and the reference days before them.

    A label is due ``delay`` days after its day, so a night of the past looks at no label that was not known then.
    Days up to and with ``after`` do not count.
    """
    last = night.day - timedelta(days=delay)
    first = last - timedelta(days=newest - 1)
    known = [p for p in (*night.reference, *night.current) if days[p] <= last and (after is None or days[p] > after)]
    old, new = ([p for p in known if (days[p] >= first) == wanted] for wanted in (False, True))
    return Night(night.day, tuple(old), tuple(new))


def answers(rows: pl.DataFrame, label: str) -> Array:
    """The labels as floats, NaN where there is none; a column that is not there gives no labels."""
    import numpy as np

    if label not in rows.columns:
        return np.full(rows.height, np.nan)
    values: Array = floats(rows[label]).fill_null(float("nan")).to_numpy()
    return np.where(np.abs(values) <= LARGEST, values, np.nan)
