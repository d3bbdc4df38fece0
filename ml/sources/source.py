"""What every source does: give the rows of a span of data days, in chunks, as they were known at an instant."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING

from pydantic import Field

from ml.days import Days, Span
from ml.errors import DataError
from ml.section import Section

if TYPE_CHECKING:
    import polars as pl

CHUNK_ROWS = 50_000


class BaseSource(Section):
    """Where a pipeline's rows come from.

    ``event_time`` says to which data day a row belongs, in the pipeline's local time; a row without one belongs to
    none and is not read. ``key`` names a row. ``label_delay`` is how many days later its label is known, ``history``
    how many days the first pull brings.
    """

    event_time: str
    key: tuple[str, ...] = Field(min_length=1)
    label_delay: Days = 0
    history: Days = 364

    def read(self, span: Span, as_of: datetime, connections: Mapping[str, str]) -> Iterator[pl.DataFrame]:
        """The rows whose event time lies in the span, as they were known at ``as_of``, in chunks of any order.

        ``as_of`` is aware and in the pipeline's timezone: times with a zone become local times there. Nothing to
        give is an empty iterator.

        Raises
        ------
        ConfigError
            The connection is unknown, or the query cannot be understood.
        DataError
            The event time or a column of the key is missing, or upstream lost what the query names.
        ServiceUnavailable
            The database did not answer.
        """
        for chunk in self._chunks(span, as_of, connections):
            rows = self._of_span(_plain(chunk, zone(as_of)), span)
            if rows.height:
                yield rows

    @property
    @abstractmethod
    def place(self) -> str:
        """Where the rows come from, for a sentence."""

    @abstractmethod
    def _chunks(self, span: Span, as_of: datetime, connections: Mapping[str, str]) -> Iterator[pl.DataFrame]:
        """All rows of the span, and perhaps others, as they come; all chunks have the same columns."""

    def _of_span(self, chunk: pl.DataFrame, span: Span) -> pl.DataFrame:
        for column in (self.event_time, *self.key):
            self._refuse_missing(column, chunk.columns)
        local = self._times(chunk[self.event_time])
        start, end = bounds(span)
        return chunk.with_columns(local).filter((local >= start) & (local < end))

    def _times(self, column: pl.Series) -> pl.Series:
        """The event times as naive instants. Text is read where all of it is of ISO 8601: SQLite keeps times so."""
        import polars as pl

        read = column
        if column.dtype == pl.String:
            read = column.str.replace("T", " ", literal=True).str.to_datetime("%F %T%.f", strict=False, time_unit="us")
        elif column.dtype not in (pl.Date, pl.Datetime):
            read = column.clear(len(column)).cast(pl.Datetime("us"))
        odd = column.filter(read.is_null() & column.is_not_null())
        if len(odd):
            raise DataError(
                f"event time {self.event_time} of {self.place} is {column.dtype}, not a time, "
                f"for example {odd[0]!r:.60}"
            )
        return read.cast(pl.Datetime("us"))

    def _refuse_missing(self, column: str, present: list[str]) -> None:
        if column not in present:
            near = get_close_matches(column, present, 1)
            hint = f"; the nearest column that is there is {near[0]}" if near else ""
            what = "event time" if column == self.event_time else "key column"
            raise DataError(f"{what} {column} is not among the {len(present)} columns of {self.place}{hint}")


def bounds(span: Span) -> tuple[datetime, datetime]:
    """The first instant of the span, and the first one after it, as naive local times."""
    return datetime.combine(span.first, time()), datetime.combine(span.last + timedelta(days=1), time())


def zone(as_of: datetime) -> str:
    """The name of the timezone that ``as_of`` is in."""
    if as_of.tzinfo is None:
        raise ValueError(f"as_of {as_of} has no timezone")
    return getattr(as_of.tzinfo, "key", None) or str(as_of.tzinfo)


def _plain(chunk: pl.DataFrame, timezone: str) -> pl.DataFrame:
    """The chunk in types that a Parquet file keeps: local times without a zone, text, floats for decimals."""
    import polars as pl

    casts = []
    for column, dtype in chunk.schema.items():
        if isinstance(dtype, pl.Datetime) and dtype.time_zone:
            casts.append(pl.col(column).dt.convert_time_zone(timezone).dt.replace_time_zone(None))
        elif dtype.is_decimal():
            casts.append(pl.col(column).cast(pl.Float64))
        elif dtype in (pl.Categorical, pl.Enum):
            casts.append(pl.col(column).cast(pl.String))
    return chunk.with_columns(casts)
