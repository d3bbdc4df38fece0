"""What can be learned of one column: its type, nulls, bounds, values, pattern, spikes and rests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ml.profiles import ColumnProfile
from ml.rules.series import Series
from ml.rules.types import Type
from ml.suggestion import numbers
from ml.suggestion.evidence import Evidence

if TYPE_CHECKING:
    import polars as pl

_MOST_ALLOWED = 30
_FEWEST_OF_A_VALUE = 3
_RISING = 0.9
_FEWEST_VARIED = 12
_REST_SHARE, _REST_HOURS = 0.05, 12
_LONGEST_FROZEN = 24
_CLASSES = ("[A-Z]", "[0-9]", "[a-z]", "[0-9A-Z]", "[A-Za-z]", "[0-9A-Za-z]", "[0-9A-Za-z_.-]")


@dataclass(frozen=True)
class Learned:
    """A rule as it stands in the YAML, and what it was learned from; without a value, why it could not be learned."""

    key: str
    value: Any
    evidence: str


def kind(dtype: pl.DataType) -> Type | None:
    """The contract's word for a type of polars."""
    import polars as pl

    if dtype.is_integer():
        return "int"
    if dtype.is_float():
        return "float"
    known: dict[Any, Type] = {pl.String: "string", pl.Boolean: "bool", pl.Datetime: "datetime", pl.Date: "datetime"}
    return known.get(dtype.base_type())


def column(evidence: Evidence, name: str, series: Series | None) -> Iterator[Learned]:
    """Every rule that the column keeps on all days."""
    values, days = evidence.rows[name], _days(evidence, name)
    what = kind(values.dtype)
    if what is None:
        yield Learned(name, None, f"its type {values.dtype} is none that a contract knows")
        return
    yield Learned("type", what, f"{len(values) - values.null_count():,} values")
    promised = evidence.contract.columns.get(name)
    if promised is not None and promised.table:
        yield Learned("table", promised.table, "as it stands in the YAML")
    yield from _nulls(name, values, days)
    if values.null_count() == len(values):
        yield Learned(name, None, "no value on any day, so only its type is known")
    elif what in ("int", "float"):
        yield from _bounds(name, values, days)
        if series is not None and name not in (*series.by, series.time):
            yield from _over_time(evidence.rows, name, series)
    elif what == "string":
        yield from _texts(name, values, days)


def _days(evidence: Evidence, name: str) -> list[tuple[date, ColumnProfile]]:
    return [(day, table.columns[name]) for day, table in evidence.days if name in table.columns]


def _nulls(name: str, values: pl.Series, days: list[tuple[date, ColumnProfile]]) -> Iterator[Learned]:
    if not values.null_count():
        yield Learned("nullable", False, f"never null in {len(values):,} rows")
        return
    worst, profile = max(days, key=lambda pair: pair[1].null_share)
    limit = numbers.share(profile.null_share)
    if limit < 1:
        yield Learned("nulls", limit, f"at most {profile.null_share:.1%} of a day, on {worst}")
    else:
        yield Learned(f"{name}.nulls", None, f"{profile.null_share:.1%} of {worst} are null, so any share may be")


def _bounds(name: str, values: pl.Series, days: list[tuple[date, ColumnProfile]]) -> Iterator[Learned]:
    levels = [profile.mean for _, profile in days if profile.mean is not None]
    steps = [b > a for a, b in pairwise(levels)]
    if len(steps) >= 5 and sum(steps) > _RISING * len(steps):
        yield Learned(f"{name}.min", None, "it grows from day to day, so it has no bounds")
        return
    known = values.drop_nulls()
    low: Any = known.min()
    high: Any = known.max()
    distinct = known.n_unique()
    at_low, at_high = (_pile(int((known == end).sum()) / len(known), distinct) for end in (low, high))
    least, most = numbers.bounds(float(low), float(high), at_low, at_high)
    if known.dtype.is_integer() and low >= 0:
        least = max(least, 0)
    yield Learned("min", least, f"smallest {low:g}")
    yield Learned("max", most, f"largest {high:g}")


def _pile(share: float, distinct: int) -> float:
    """The share of values at an end, where they pile up there: more than three times what a value has by chance."""
    return share if distinct >= _FEWEST_VARIED and share > 3 / distinct else 0.0


def _texts(name: str, values: pl.Series, days: list[tuple[date, ColumnProfile]]) -> Iterator[Learned]:
    counts = dict(values.drop_nulls().value_counts().iter_rows())
    if len(counts) <= _MOST_ALLOWED and _settled(counts, days):
        allowed = sorted(counts)
        rarest = min(allowed, key=lambda value: counts[value])
        yield Learned("allowed", allowed, f"the rarest is {rarest!r:.30} in {counts[rarest]:,} rows; none is new")
        return
    pattern = _pattern(list(counts))
    if pattern:
        yield Learned(
            "pattern", pattern, f"keeps to all {len(counts):,} values, such as {next(iter(sorted(counts)))!r:.30}"
        )
    else:
        yield Learned(f"{name}.pattern", None, f"its {len(counts):,} values have no pattern in common")


def _settled(counts: dict[str, int], days: list[tuple[date, ColumnProfile]]) -> bool:
    """Whether every value was there in the first half of the days already, and often enough."""
    half = [profile for _, profile in days[: max(1, len(days) // 2)]]
    early = {value for profile in half for value in profile.values}
    return set(counts) <= early and min(counts.values()) >= _FEWEST_OF_A_VALUE


def _pattern(values: list[str]) -> str | None:
    """The tightest of a few usual patterns that all values keep to."""
    first = values[0][:1]
    start = first if first.isalnum() and len(values) > 1 and all(value.startswith(first) for value in values) else ""
    rests = [value.removeprefix(start) for value in values]
    lengths = {len(rest) for rest in rests}
    least, most = min(lengths), max(lengths)
    for letters in _CLASSES:
        if all(re.fullmatch(f"{letters}*", rest, re.ASCII) for rest in rests) and most:
            return f"^{start}{letters}{{{least}}}$" if least == most else f"^{start}{letters}{{{least},{most}}}$"
    return None


def _over_time(rows: pl.DataFrame, name: str, series: Series) -> Iterator[Learned]:
    """How high a spike was and how long a rest, over all days."""
    import polars as pl

    from ml.rules.series import Line

    line = Line.of(series, [name], rows.filter(pl.col(name).is_not_null()), None)
    high: Any = rows[name].max()
    low: Any = rows[name].min()
    tallest, span = line.tallest(name), float(high - low)
    if 0 < tallest < span / 4:
        yield Learned("spike", numbers.above(2.5 * tallest), f"nothing stood out by more than {tallest:.4g}")
    else:
        yield Learned(f"{name}.spike", None, f"values stand out by {tallest:.4g} of a span of {span:.4g}")
    yield from _rest(name, line.rests(name))


def _rest(name: str, rests: pl.DataFrame) -> Iterator[Learned]:
    import polars as pl

    total: Any = rests["rows"].sum()
    often = rests.group_by("value").agg(pl.col("rows").sum(), pl.col("hours").max())
    homes = often.filter((pl.col("rows") >= _REST_SHARE * total) & (pl.col("hours") >= _REST_HOURS)).sort("value")
    others = rests.filter(~pl.col("value").is_in(homes["value"].to_list()))
    longest = max((float(hours) for hours in others["hours"]), default=0.0)
    if homes.height > 2 or longest * 1.5 > _LONGEST_FROZEN:
        yield Learned(f"{name}.frozen", None, f"it may rest for {longest:g} hours at any value")
        return
    hours = max(6, int(numbers.above(max(1.0, 1.5 * longest))))
    yield Learned("frozen", min(hours, _LONGEST_FROZEN), f"never the same for more than {longest:g} hours")
    if homes.height:
        worst: Any = homes["hours"].max()
        yield Learned("rests", homes["value"].to_list(), f"where it did rest for up to {worst:g} hours")
