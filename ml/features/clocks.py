"""What was known of the past at each of many moments, in one pass.

A row counts at a moment when its event lies within the window before it and its value was known by then. So it counts
at a run of neighbouring moments: from the first at which it is known to the last whose window still holds it. Where
runs begin and end is added up, moment after moment, which takes one pass for a thousand moments as for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import polars as pl

Kind = Literal["mean", "sum", "count", "last"]

# Sums are kept in whole units of 2^-20, about a millionth: floats that are added and taken away leave a remainder,
# and a night would not find to the last digit what a backfill of it finds.
UNITS = 2**20
PLACE, UNTIL = "__place", "__until"


def values(rows: pl.DataFrame, by: Sequence[str], clocks: pl.Series, hours: int, kind: Kind) -> pl.DataFrame:
    """The values of every key at every clock at which some row counts: the columns ``by``, ``at``, ``rows``, ``value``.

    ``rows`` has the columns ``by``, ``event`` and ``known`` (naive moments, to the microsecond) and ``of`` (a float;
    what is no finite number counts nowhere); ``clocks`` are naive moments in order. A window is the ``hours`` before a
    clock: its beginning counts, the clock itself does not.
    """
    import polars as pl

    counting = _runs(rows.filter(pl.col("of").is_finite()), clocks, hours)
    found = _newest(counting, by) if kind == "last" else _summed(counting, by, len(clocks), kind)
    spread = found.filter((pl.col("rows") > 0) & (pl.col(PLACE) < pl.col(UNTIL)))
    spread = spread.with_columns(pl.int_ranges(PLACE, UNTIL)).explode(PLACE)
    at = clocks.gather(spread[PLACE]).alias("at")
    return spread.select(*by, at, "rows", "value").sort("at", *by)


def _runs(rows: pl.DataFrame, clocks: pl.Series, hours: int) -> pl.DataFrame:
    """The rows that count at some clock, with the places of the first such clock and of the one after the last."""
    import polars as pl

    event = pl.col("event")
    begins = pl.max_horizontal("known", event + pl.duration(microseconds=1)).alias("begins")
    counts, stops = rows.select(begins, (event + pl.duration(hours=hours)).alias("stops")).get_columns()
    places = clocks.search_sorted(counts, side="left"), clocks.search_sorted(stops, side="right")
    first, until = (place.cast(pl.Int64) for place in places)
    return rows.with_columns(first.alias(PLACE), until.alias(UNTIL)).filter(pl.col(PLACE) < pl.col(UNTIL))


def _summed(counting: pl.DataFrame, by: Sequence[str], clocks: int, kind: Kind) -> pl.DataFrame:
    """Each stretch of places in which the rows of a key stay the same, with what they come to."""
    import polars as pl

    units = (pl.col("of") * UNITS).round().cast(pl.Int64)
    one = pl.lit(1, pl.Int64)
    moves = pl.concat(
        counting.select(*by, pl.col(side).alias(PLACE), (sign * one).alias("rows"), (sign * units).alias("units"))
        for side, sign in ((PLACE, 1), (UNTIL, -1))
    )
    steps = moves.group_by(*by, PLACE).agg(pl.col("rows", "units").sum()).sort(*by, PLACE)
    until = pl.col(PLACE).shift(-1).over(by).fill_null(clocks).alias(UNTIL)
    running = steps.with_columns(until, pl.col("rows", "units").cum_sum().over(by))
    total = pl.col("units") / UNITS
    value: dict[str, Any] = {"sum": total, "count": pl.col("rows").cast(pl.Float64), "mean": total / pl.col("rows")}
    return running.with_columns(value[kind].alias("value"))


def _newest(counting: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Each stretch in which a row is the newest known of its key; of rows of one moment, that of the greatest value."""
    import polars as pl

    ranked = counting.sort("event", "of").with_row_index("rank").sort(*by, PLACE, "rank")
    leading = ranked.filter(pl.col("rank") == pl.col("rank").cum_max().over(by))
    leading = leading.group_by(*by, PLACE, maintain_order=True).last()
    # what is newer stays longer, so a row that has left the window leaves none behind it
    until = pl.min_horizontal(UNTIL, pl.col(PLACE).shift(-1).over(by))
    return leading.with_columns(until.alias(UNTIL), pl.lit(1, pl.Int64).alias("rows"), pl.col("of").alias("value"))
