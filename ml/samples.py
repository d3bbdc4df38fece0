"""Of a day of very many rows a few, drawn once: who looks at the day again reads these and not the day.

    <lake>/<pipeline>/samples/<first 32 digits of the day's sha256>-<how many>/<first 32 digits of its own>.parquet

What a day holds exactly (nulls, moments, counts of each value) is in its profile, which the contract made when it saw
every row anyway; here are the rows themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ml.drift.replay import evenly, thinned
from ml.frames import MixedTypes, together
from ml.lake import ROWS_PER_GROUP, Lake
from ml.records import Batch
from ml.snapshots import plain

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


def rows_of(lake: Lake, batch: Batch, most: int, rows: pl.DataFrame | None = None) -> pl.DataFrame:
    """A day's rows; of more than ``most``, so many at even distances, the same ones whoever asks.

    ``rows`` are all of the day's in the order of its file, where they are in memory; then the file is not read.

    The first to ask of such a day reads it piece by piece, so that memory does not grow with its rows, and keeps what
    was drawn in the lake. A sample that is damaged is drawn again, to the same bytes, and the log says so.

    Raises
    ------
    DataError
        The day's file is not there, or damaged.
    """
    if batch.rows <= most:
        return lake.read([batch.uri]) if rows is None else rows
    folder = (batch.pipeline, "samples", f"{batch.fingerprint[:32]}-{most}")
    return lake.once(lambda: _drawn(lake.verify(batch.uri), most) if rows is None else thinned(rows, most), *folder)


def frame_of(lake: Lake, batches: Sequence[Batch], most: int) -> pd.DataFrame:
    """The rows of several days together, of each at most so many; an empty frame without days.

    A column that is text on one day and, say, a number on another holds both: whoever looks at it says so, and all
    other columns are as they should be.
    """
    import pandas as pd

    frames = [rows_of(lake, batch, most) for batch in batches]
    try:
        return plain(together(frames)) if frames else pd.DataFrame()
    except MixedTypes:
        return pd.concat([plain(frame) for frame in frames], ignore_index=True)


def _drawn(path: Path, most: int) -> pl.DataFrame:
    """The rows at even distances, from one group of rows after the other."""
    import polars as pl

    file = pl.scan_parquet(path)
    rows = file.select(pl.len()).collect().item()
    wanted: dict[int, list[int]] = {}
    for place in evenly(rows, most):
        wanted.setdefault(place // ROWS_PER_GROUP, []).append(place % ROWS_PER_GROUP)
    groups = (file.slice(n * ROWS_PER_GROUP, ROWS_PER_GROUP).collect()[places] for n, places in wanted.items())
    return pl.concat(groups, rechunk=True)
