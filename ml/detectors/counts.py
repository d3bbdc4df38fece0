"""A column of one day as its values and how often each is there: merged over days, it stands for all their rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Array = np.ndarray[Any, Any]

LARGEST = 1e150


@dataclass(frozen=True)
class Counts:
    """Sorted values (float64, or text as objects) and their numbers; ``rows`` counts those without a value too."""

    values: Array
    counts: Array
    rows: int

    @property
    def there(self) -> int:
        return int(self.counts.sum())


def numbers(column: pl.Series) -> Counts:
    """Counts of a column of numbers; infinities and what is too large to be squared count as missing."""
    import numpy as np

    values = floats(column).drop_nulls().to_numpy()
    known, counts = np.unique(values[usable(values)], return_counts=True)
    return Counts(known, counts.astype("float64"), column.len())


def usable(values: Array) -> Array:
    """Which of the floats are neither NaN nor infinite nor too large to be squared."""
    import numpy as np

    found: Array = np.abs(values) <= LARGEST
    return found


def floats(column: pl.Series) -> pl.Series:
    """The column as floats, null where a value stands for no number; of a type that holds none, all are null."""
    import polars as pl

    known = column.dtype.is_numeric() or column.dtype in (pl.String, pl.Boolean, pl.Null)
    return column.cast(pl.Float64, strict=False) if known else pl.Series(column.name, [None] * len(column), pl.Float64)


def words(column: pl.Series) -> Counts:
    """Counts of a column of categories."""
    return _counted(as_words(column).drop_nulls(), column.len())


def as_words(column: pl.Series) -> pl.Series:
    """The categories as text, null where there is none; 1 and 1.0 are the same."""
    import polars as pl

    if column.dtype.is_nested() or column.dtype in (pl.Binary, pl.Object):
        return pl.Series(column.name, [None] * len(column), dtype=pl.String)
    if column.dtype == pl.Duration:
        column = column.cast(pl.Int64)
    if column.dtype.is_float():
        whole = column.is_finite() & (column == column.round())
        column = (
            pl.select(
                pl.when(whole)
                .then(column.cast(pl.Int64, strict=False).cast(pl.String))
                .otherwise(column.cast(pl.String))
            )
            .to_series()
            .rename(column.name)
        )
    if column.dtype == pl.Boolean:
        column = column.replace_strict({True: "True", False: "False"}, return_dtype=pl.String)
    return column.cast(pl.String)


def _counted(values: pl.Series, rows: int) -> Counts:
    table = values.rename("value").value_counts(name="count").sort("value")
    return Counts(table["value"].to_numpy(), table["count"].to_numpy().astype("float64"), rows)


@dataclass(frozen=True)
class Merged:
    """Days of one column over one common list of values; each day is sparse, since few values are there on all."""

    values: Array
    codes: Sequence[Array]
    days: Sequence[Counts]

    @classmethod
    def of(cls, days: Sequence[Counts]) -> Merged:
        import numpy as np

        filled = [day.values for day in days if day.values.size]
        values = np.unique(np.concatenate(filled)) if filled else np.array([])
        return cls(values, [np.searchsorted(values, day.values) for day in days], days)

    def together(self, which: Iterable[int]) -> Array:
        """How often each value is there on all of these days."""
        import numpy as np

        total = np.zeros(len(self.values))
        for day in which:
            total[self.codes[day]] += self.days[day].counts
        return total

    def rolling(self, windows: Iterable[Sequence[int]]) -> Iterable[Array]:
        """``together`` for windows that share most of their days with the one before; each must be used at once."""
        import numpy as np

        total, inside = np.zeros(len(self.values)), set[int]()
        for window in windows:
            wanted = set(window)
            if len(wanted ^ inside) > len(wanted):
                total, inside = np.zeros(len(self.values)), set()
            for day in sorted(wanted - inside):
                total[self.codes[day]] += self.days[day].counts
            for day in sorted(inside - wanted):
                total[self.codes[day]] -= self.days[day].counts
            inside = wanted
            yield total
