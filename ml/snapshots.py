"""The rows that a model is fitted on, frozen: one immutable file, and the plain pandas frame that libraries take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ml.errors import DataError, NoData
from ml.frames import common_schema
from ml.lake import Lake, Stored
from ml.records import Batch, Snapshot

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


def freeze(
    lake: Lake,
    pipeline: str,
    batches: Sequence[Batch],
    joining: Callable[[pl.LazyFrame], pl.LazyFrame] = lambda rows: rows,
) -> Stored:
    """The rows of all batches, by day, as one file; the same days give the same file. Streams, whatever their number.

    ``joining`` adds columns to the rows and leaves them in their order.

    Raises
    ------
    NoData
        There is no batch.
    DataError
        A day's file is damaged, or a column has types that do not go together.
    """
    import polars as pl

    if not batches:
        raise NoData(f"{pipeline}: there is no accepted day to freeze into a snapshot")
    paths = [lake.verify(batch.uri) for batch in sorted(batches, key=lambda batch: batch.day)]
    schema = common_schema([pl.Schema(pl.read_parquet_schema(path)) for path in paths])
    days = [_in_schema(pl.scan_parquet(path), schema) for path in paths]
    return lake.put_lazy(joining(pl.concat(days)), sum(batch.rows for batch in batches), pipeline, "snapshots")


def read(lake: Lake, snapshot: Snapshot) -> pd.DataFrame:
    """The rows of a snapshot, for pandas.

    Raises
    ------
    DataError
        The file is not there, or its sha256 is not the one that the snapshot was recorded with.
    """
    import polars as pl

    path = lake.verify(snapshot.uri)
    if not snapshot.fingerprint.startswith(path.stem):
        raise DataError(f"{snapshot.uri} is not the snapshot that was recorded: its sha256 was {snapshot.fingerprint}")
    return plain(pl.read_parquet(path))


def plain(frame: pl.DataFrame) -> pd.DataFrame:
    """The frame for pandas with plain dtypes alone: float64, bool, object (text, None for null), datetime64.

    Every whole number becomes a float64, whether it has nulls today or not, because a dtype that changes with the
    first null breaks the signature of a model; so does a bool that has nulls.
    """
    import polars as pl
    from polars import selectors

    flags = [c for c, dtype in frame.schema.items() if dtype == pl.Boolean and frame[c].null_count()]
    numbers = selectors.numeric() | selectors.by_name(flags) | selectors.by_dtype(pl.Null)
    texts = selectors.categorical() | selectors.enum()
    times = selectors.date() | selectors.datetime(time_zone=None)
    plain = frame.with_columns(numbers.cast(pl.Float64), texts.cast(pl.String), times.cast(pl.Datetime("us")))
    return plain.to_pandas()


def _in_schema(rows: pl.LazyFrame, schema: pl.Schema) -> pl.LazyFrame:
    import polars as pl

    present = rows.collect_schema()
    return rows.select(
        (pl.col(column) if column in present else pl.lit(None)).cast(dtype).alias(column)
        for column, dtype in schema.items()
    )
