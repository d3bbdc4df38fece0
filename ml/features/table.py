"""The table of a pipeline's aggregates: made from the rows of the past, looked up for rows of any time.

It is long: a line holds the ``name`` of a feature, a ``key``, the moment ``at`` which it holds what was known, and the
``value``. For each name and moment one line has the key ``DEFAULT``: what a key that is not in the table gets. Where
that line is missing, the window reached back before the first day, and nobody gets a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ml.features.clocks import values
from ml.features.keys import DEFAULT, of_rows
from ml.features.plan import Aggregate, FeaturePlan
from ml.rules.types import Type

if TYPE_CHECKING:
    import polars as pl

ZERO = ("sum", "count")


def columns(aggregates: Mapping[str, Aggregate], event_time: str) -> list[str]:
    """The columns of the source's rows that the aggregates are made from."""
    import polars as pl

    found = [event_time]
    for aggregate in aggregates.values():
        known = [aggregate.known_after] if isinstance(aggregate.known_after, str) else []
        found += [*aggregate.by, *pl.sql_expr(aggregate.of).meta.root_names(), *known]
    return list(dict.fromkeys(found))


def make(
    aggregates: Mapping[str, Aggregate],
    rows: pl.DataFrame,
    event_time: str,
    types: Mapping[str, Type],
    clocks: Sequence[datetime],
    since: datetime,
) -> pl.DataFrame:
    """The table at each of ``clocks`` (naive, in order) from the rows of the past, whose first day began at ``since``.

    Rows of any time may be among them: what was not known at a clock does not count there.
    """
    import polars as pl

    parts: list[pl.DataFrame] = []
    for name, aggregate in aggregates.items():
        covered = [clock for clock in clocks if clock - timedelta(hours=aggregate.over) >= since]
        if covered:
            parts += _of_one(name, aggregate, rows, event_time, types, pl.Series(covered, dtype=pl.Datetime("us")))
    return stacked(parts)


def _of_one(
    name: str,
    aggregate: Aggregate,
    rows: pl.DataFrame,
    event_time: str,
    types: Mapping[str, Type],
    clocks: pl.Series,
) -> Iterable[pl.DataFrame]:
    import polars as pl

    event, known = pl.col(event_time), aggregate.known_after
    seen = rows.select(
        of_rows(aggregate.by, types).alias("key"),
        event.cast(pl.Datetime("us")).alias("event"),
        (pl.col(known) if isinstance(known, str) else event + pl.duration(hours=known))
        .cast(pl.Datetime("us"))
        .alias("known"),
        pl.sql_expr(aggregate.of).cast(pl.Float64).alias("of"),
    ).drop_nulls()
    found = values(seen, ["key"], clocks, aggregate.over, aggregate.kind)
    others = pl.lit(0.0 if aggregate.kind in ZERO else None, pl.Float64)
    default = pl.DataFrame({"at": clocks}).select(pl.lit(DEFAULT).alias("key"), "at", others.alias("value"))
    for part in (found.select("key", "at", "value"), default):
        yield part.select(pl.lit(name).alias("name"), "key", "at", "value")


def joined(
    rows: pl.LazyFrame, plan: FeaturePlan, table: pl.DataFrame, event_time: str, types: Mapping[str, Type]
) -> pl.LazyFrame:
    """The rows with one column more for each aggregate: what was served when their time had come, in their order.

    That is the table of the newest moment ``ready`` before the event time; nothing, if that is ``max_age`` ago.
    """
    import polars as pl

    clocks = table["at"].unique().sort()
    late = pl.col(event_time).cast(pl.Datetime("us"))
    place = pl.lit(clocks).search_sorted(late - pl.duration(hours=plan.ready), side="right").cast(pl.Int64) - 1
    moments = pl.DataFrame({"__place": pl.int_range(len(clocks), eager=True), "__at": clocks}).lazy()
    rows = rows.with_columns(place.alias("__place")).join(moments, on="__place", how="left", maintain_order="left")
    fresh = late - pl.col("__at") <= pl.duration(hours=plan.max_age)
    rows = rows.with_columns(pl.when(fresh).then(pl.col("__at")).alias("__at"))
    for name, aggregate in plan.past.items():
        rows = _with_one(rows, name, aggregate, table.filter(pl.col("name") == name), types)
    return rows.drop("__place", "__at")


def _with_one(
    rows: pl.LazyFrame, name: str, aggregate: Aggregate, table: pl.DataFrame, types: Mapping[str, Type]
) -> pl.LazyFrame:
    import polars as pl

    own, found, others = table.select("key", "at", "value").lazy(), "__found", "__others"
    default = own.filter(pl.col("key") == DEFAULT).select("at", pl.col("value").alias(others))
    keyed = rows.drop(name, strict=False).with_columns(of_rows(aggregate.by, types).alias("__key"))
    looked = keyed.join(
        own.rename({"value": found}).with_columns(pl.lit(True).alias("__there")),
        left_on=["__key", "__at"],
        right_on=["key", "at"],
        how="left",
        maintain_order="left",
    ).join(default, left_on="__at", right_on="at", how="left", maintain_order="left")
    value = pl.when("__there").then(found).when(pl.col("__key").is_not_null()).then(others)
    return looked.with_columns(value.alias(name)).drop("__key", "__there", found, others)


def newest(tables: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Several tables as one: what a later one says of a feature at a moment takes the place of all that was said."""
    import polars as pl

    together = pl.concat([_empty(), *tables])
    number = pl.Series("__n", [n for n, part in enumerate(tables) for _ in range(part.height)], dtype=pl.Int64)
    numbered = together.with_columns(number)
    return numbered.filter(pl.col("__n") == pl.col("__n").max().over("name", "at")).drop("__n")


def stacked(tables: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Tables of different features or moments below each other."""
    import polars as pl

    return pl.concat([_empty(), *tables]).sort("name", "at", "key")


def at(table: pl.DataFrame, clock: datetime) -> dict[str, dict[str, float | None]]:
    """The values at one moment, by feature and key."""
    import polars as pl

    found: dict[str, dict[str, float | None]] = {}
    for name, key, value in table.filter(pl.col("at") == clock).select("name", "key", "value").iter_rows():
        found.setdefault(name, {})[key] = value
    return found


def _empty() -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(schema={"name": pl.String, "key": pl.String, "at": pl.Datetime("us"), "value": pl.Float64})
