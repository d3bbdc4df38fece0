"""Rows from CSV and Parquet files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ml.days import Span
from ml.errors import DataError
from ml.sources.source import CHUNK_ROWS, BaseSource, bounds, zone

if TYPE_CHECKING:
    import polars as pl


class FilesSource(BaseSource):
    """The rows of a file, or of all files that a glob finds, whose event time lies in the asked days.

    ``path`` is absolute or relative to the working directory; ``*.parquet`` is read as Parquet, everything else as
    CSV (also ``*.csv.gz``). ``null_values`` are the texts that mean nothing in a CSV. Files keep no past states, so
    ``as_of`` only gives the timezone.
    """

    kind: Literal["files"] = "files"
    path: str
    null_values: tuple[str, ...] = ("",)

    @property
    def place(self) -> str:
        return self.path

    def _chunks(self, span: Span, as_of: datetime, connections: Mapping[str, str]) -> Iterator[pl.DataFrame]:
        for path in self._paths():
            yield from self._of_file(path, span, zone(as_of))

    def _paths(self) -> list[Path]:
        paths = sorted(path for name in glob(self.path, recursive=True) if (path := Path(name)).is_file())  # noqa: PTH207
        if not paths:
            raise DataError(f"no file matches {self.path} (in {Path.cwd()})")
        return paths

    def _of_file(self, path: Path, span: Span, timezone: str) -> Iterator[pl.DataFrame]:
        import polars as pl

        try:
            scanned = self._scan(path)
            wanted = scanned.filter(self._within(scanned.collect_schema(), span, timezone))
            rows = wanted.collect(engine="streaming")
        except (pl.exceptions.PolarsError, OSError) as error:
            raise DataError(f"{path} cannot be read: {str(error).splitlines()[0]:.200}") from error
        yield from rows.iter_slices(CHUNK_ROWS)

    def _scan(self, path: Path) -> pl.LazyFrame:
        import polars as pl

        if path.suffix == ".parquet":
            return pl.scan_parquet(path)
        return pl.scan_csv(path, try_parse_dates=True, null_values=list(self.null_values), infer_schema_length=None)

    def _within(self, schema: pl.Schema, span: Span, timezone: str) -> pl.Expr:
        """Which rows to read; a file whose event time is no time is read whole, so that its values can be shown."""
        import polars as pl

        self._refuse_missing(self.event_time, schema.names())
        dtype = schema[self.event_time]
        if dtype not in (pl.Date, pl.Datetime):
            return pl.lit(True)
        times = pl.col(self.event_time)
        if isinstance(dtype, pl.Datetime) and dtype.time_zone:
            times = times.dt.convert_time_zone(timezone).dt.replace_time_zone(None)
        start, end = bounds(span)
        return (times >= start) & (times < end)
