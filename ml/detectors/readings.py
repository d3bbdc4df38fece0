"""A measurement by place and hour, as a sensor gives it: many rows share one reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ml.detectors.windows import Night

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Array = np.ndarray[Any, Any]
    Readings = Mapping[str, Array]

HOURS = 24
LOOK_BACK = 7


def readings(rows: pl.DataFrame, column: str, by: str, event_time: str) -> Readings:
    """The first reading of each hour of a day at each place; NaN where there is none, nothing without the columns."""
    import numpy as np
    import polars as pl

    if column not in rows.columns or by not in rows.columns or not rows[column].dtype.is_numeric():
        return {}
    first = (
        rows.select(pl.col(by).cast(pl.String), pl.col(event_time).dt.hour().alias("__hour"), pl.col(column))
        .drop_nulls()
        .group_by(by, "__hour", maintain_order=True)
        .first()
    )
    found: dict[str, Array] = {}
    for place, hour, value in first.iter_rows():
        found.setdefault(place, np.full(HOURS, np.nan))[hour] = float(value)
    return found


def newest(night: Night) -> tuple[int, ...]:
    """The days of a night in which a sensor that stands still is looked for: a week, the current ones included."""
    return (*night.reference, *night.current)[-max(LOOK_BACK, len(night.current)) :]


def in_a_row(days: Sequence[Readings], place: str) -> Array:
    """A place's readings of several days, one after the other."""
    import numpy as np

    gone = np.full(HOURS, np.nan)
    return np.concatenate([day.get(place, gone) for day in days])
