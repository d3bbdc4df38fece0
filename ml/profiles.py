"""A day in a few numbers: what every column of every table held, small enough to keep and to read for weeks of days.

Counts, nulls, extremes, mean and spread of two profiles add up exactly (``merged``, after Chan, Golub and LeVeque,
*Updating formulae and a pairwise algorithm for computing sample variances*, 1979); so do the counted values while
both have counted all of theirs. Quartiles do not, so a merged profile has none.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import reduce
from itertools import accumulate
from math import isfinite, sqrt
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from ml.records import Record

if TYPE_CHECKING:
    import polars as pl

Kind = Literal["number", "time", "text"]

MOST_VALUES = 256
_PROBED_ROWS = 4096
_QUARTILE_ROWS = 65_536


class ColumnProfile(Record):
    """What a column held. Numbers as they are, times as hours since midnight, texts and flags as text.

    ``rows`` counts the values, that is neither the ``nulls`` nor the ``odd`` ones (infinite). ``values`` are the most
    frequent ones, at most 256, the most frequent first, with their ``counts``; empty where values hardly repeat.
    ``distinct`` is exact while ``complete``, else an estimate (HyperLogLog, about 1 %).
    """

    kind: Kind
    rows: int
    nulls: int = 0
    odd: int = 0
    distinct: int = 0
    min: float | None = None
    max: float | None = None
    mean: float | None = None
    std: float | None = None
    quartiles: tuple[float, float, float] | None = None
    values: tuple[str | float, ...] = ()
    counts: tuple[int, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether ``values`` are all that there were."""
        return self.distinct == len(self.values)

    @property
    def null_share(self) -> float:
        every = self.rows + self.nulls + self.odd
        return self.nulls / every if every else 0.0


class TableProfile(Record):
    """What the accepted rows of a table held; ``refused`` is how many rows more there were."""

    rows: int
    refused: int = 0
    columns: dict[str, ColumnProfile]

    @property
    def came(self) -> int:
        """The rows as upstream sent them."""
        return self.rows + self.refused


class Unjudged(Record):
    """A rule that could not judge a day, and why: neither kept nor broken."""

    rule: str
    why: str
    column: str | None = None
    table: str | None = None


class Profile(Record):
    """A day in numbers: the pipeline's own rows, the tables that they were joined from, and what was not judged."""

    day: date
    own: TableProfile
    upstream: dict[str, TableProfile] = Field(default_factory=dict)
    unjudged: tuple[Unjudged, ...] = ()


def profile(frame: pl.DataFrame, refused: int = 0) -> TableProfile:
    """The profile of a frame's columns, all but nested ones; one pass, quartiles from at most 65,536 even rows."""
    known = {name: _of(frame[name]) for name, dtype in frame.schema.items() if not dtype.is_nested()}
    return TableProfile(rows=frame.height, refused=refused, columns=known)


def merged(profiles: Iterable[TableProfile]) -> TableProfile:
    """The profile of the rows of all of them together, without quartiles; a column's kind must be one.

    >>> one = TableProfile(rows=2, columns={"x": ColumnProfile(kind="number", rows=2, mean=1.0, std=0.0)})
    >>> merged([one, one]).columns["x"].mean
    1.0
    """
    return reduce(_both, profiles)


def _of(column: pl.Series) -> ColumnProfile:
    import polars as pl

    if column.dtype in (pl.Datetime, pl.Time):
        return _numbers("time", _hours(column))
    if column.dtype.is_numeric():
        return _numbers("number", column.cast(pl.Float64))
    texts, counts = _counted(column.cast(pl.String))
    nulls = column.null_count()
    return ColumnProfile(
        kind="text",
        rows=len(column) - nulls,
        nulls=nulls,
        distinct=_distinct(column, texts),
        values=texts,
        counts=counts,
    )


def _numbers(kind: Kind, column: pl.Series) -> ColumnProfile:
    nulls, mean = column.null_count(), column.mean()
    finite = not isinstance(mean, float) or isfinite(mean)
    values = column if finite else column.filter(column.is_finite())
    known, counts = _counted(values)
    rows = values.len() - (nulls if finite else 0)
    level = _level_of_counts(known, counts) if known else _level(values)
    # a year of days has 10,000 columns; pydantic would look at every value of each
    return ColumnProfile.model_construct(
        kind=kind,
        rows=rows,
        nulls=nulls,
        odd=column.len() - nulls - rows,
        distinct=_distinct(values, known),
        values=known,
        counts=counts,
        **level,
    )


def _level(values: pl.Series) -> dict[str, Any]:
    found = {"min": values.min(), "max": values.max(), "mean": values.mean(), "std": values.std()}
    return found | {"quartiles": _quartiles(values)}


def _level_of_counts(values: Sequence[float], counts: Sequence[int]) -> dict[str, Any]:
    """The same from the distinct values and their counts, which for a day of rows is ten times faster."""
    rows = sum(counts)
    pairs = sorted(zip(values, counts, strict=True))
    mean = sum(value * count for value, count in pairs) / rows
    squares = sum((value - mean) ** 2 * count for value, count in pairs)
    std = sqrt(squares / (rows - 1)) if rows > 1 else None
    reached = list(accumulate(count for _, count in pairs))
    quartiles = tuple(pairs[bisect_right(reached, (rows - 1) * part // 4)][0] for part in (1, 2, 3))
    return {"min": pairs[0][0], "max": pairs[-1][0], "mean": mean, "std": std, "quartiles": quartiles}


def _hours(times: pl.Series) -> pl.Series:
    import polars as pl

    clock = times.cast(pl.Time).cast(pl.Int64)
    return clock.cast(pl.Float64) / 3.6e12


def _counted(values: pl.Series) -> tuple[tuple[Any, ...], tuple[int, ...]]:
    """The distinct values with their counts; nothing where they are more than 256, or where the first rows say so."""
    if values.len() > _PROBED_ROWS and values.head(_PROBED_ROWS).n_unique() > MOST_VALUES + 1:
        return (), ()
    known = values.rename("value").value_counts()
    counted = dict(known.iter_rows()) if known.height <= MOST_VALUES + 1 else {}
    counted.pop(None, None)
    return _frequent(counted) if len(counted) <= MOST_VALUES else ((), ())


def _frequent(known: Mapping[Any, int]) -> tuple[tuple[Any, ...], tuple[int, ...]]:
    ordered = sorted(known.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(value for value, _ in ordered), tuple(count for _, count in ordered)


def _distinct(values: pl.Series, counted: Sequence[Any]) -> int:
    nulls = values.null_count()
    estimated: Any = 0 if counted or nulls == values.len() else values.approx_n_unique()
    return len(counted) or int(estimated) - (nulls > 0 and estimated > 0)


def _quartiles(values: pl.Series) -> tuple[float, float, float] | None:
    step = max(1, values.len() // _QUARTILE_ROWS)
    even = values[::step] if step > 1 else values
    ordered, first = even.sort(nulls_last=False), even.null_count()
    last = even.len() - first - 1
    if last < 0:
        return None
    return ordered[first + last // 4], ordered[first + last * 2 // 4], ordered[first + last * 3 // 4]


def _both(one: TableProfile, other: TableProfile) -> TableProfile:
    names = dict.fromkeys([*one.columns, *other.columns])
    return TableProfile(
        rows=one.rows + other.rows,
        refused=one.refused + other.refused,
        columns={name: _column(_in(one, other, name), _in(other, one, name)) for name in names},
    )


def _in(table: TableProfile, other: TableProfile, name: str) -> ColumnProfile:
    """The column's profile; that of nulls alone where the table lacks it."""
    absent = ColumnProfile(kind=other.columns[name].kind, rows=0, nulls=table.rows) if name in other.columns else None
    known = table.columns.get(name) or absent
    if known is None:
        raise KeyError(name)
    return known


def _column(one: ColumnProfile, other: ColumnProfile) -> ColumnProfile:
    if one.kind != other.kind:
        raise ValueError(f"a profile of {one.kind} and one of {other.kind} cannot be merged")
    values, counts = _together(one, other)
    mean, std = _moments(one, other)
    return ColumnProfile(
        kind=one.kind,
        rows=one.rows + other.rows,
        nulls=one.nulls + other.nulls,
        odd=one.odd + other.odd,
        distinct=len(values) or max(one.distinct, other.distinct),
        min=min((c.min for c in (one, other) if c.min is not None), default=None),
        max=max((c.max for c in (one, other) if c.max is not None), default=None),
        mean=mean,
        std=std,
        values=values,
        counts=counts,
    )


def _together(one: ColumnProfile, other: ColumnProfile) -> tuple[tuple[Any, ...], tuple[int, ...]]:
    if not (one.complete and other.complete):
        return (), ()
    known: Counter[Any] = Counter(dict(zip(one.values, one.counts, strict=True)))
    known.update(dict(zip(other.values, other.counts, strict=True)))
    if len(known) > MOST_VALUES:
        return (), ()
    return _frequent(known)


def _moments(one: ColumnProfile, other: ColumnProfile) -> tuple[float | None, float | None]:
    """Mean and spread (n - 1) of both together."""
    if one.mean is None or other.mean is None:
        kept = one if other.mean is None else other
        return kept.mean, kept.std
    rows, apart = one.rows + other.rows, other.mean - one.mean
    squares = _squares(one) + _squares(other) + apart**2 * one.rows * other.rows / rows
    return one.mean + apart * other.rows / rows, sqrt(squares / (rows - 1))


def _squares(column: ColumnProfile) -> float:
    return (column.std or 0.0) ** 2 * (column.rows - 1)
