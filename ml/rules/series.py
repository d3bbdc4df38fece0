"""Rules of values that were measured over time: spikes and flat lines.

The two tests of QARTOD (*Manual for Real-Time Quality Control of In-situ Temperature and Salinity Data*, tests 6 and
8, https://ioos.noaa.gov/project/qartod/), with the spike measured against the nearer of both neighbours, so that a
step is none, and the flat line by the clock instead of by the number of values.

The last value of a day has no neighbour after it, and could wait for the first one of the next day. But then tonight's
model would learn from it, and a spike would go into every window of a pipeline whose days are not read again. So it is
judged with what is there, as QARTOD's test 7 (rate of change) judges the newest value: off the one before it by more
than the height, where that one was not itself off the one before. The price is a step of such a height in the very
last hour, whose one row is refused; in a year of hourly weather at three airports there is none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import Field

from ml.rules.columns import ColumnRule
from ml.rules.rows import RowRule
from ml.section import Section

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Array = np.ndarray[Any, Any]

_PLACE = "__place"
_MICROSECONDS = 3.6e9
_HOURS = 24


class Series(Section):
    """Which rows follow each other: those with the same values in ``by``, in the order of ``time``.

    Neighbours are at most ``apart`` hours from each other. The first hours of a day have theirs in the day before;
    the last value of a day has none after it, and is a spike when it leaves two that were close to each other.
    """

    by: tuple[str, ...] = ()
    time: str
    apart: float = Field(default=2, gt=0)
    why: str = ""


def breaches(
    columns: Mapping[str, ColumnRule], series: Series, frame: pl.DataFrame, before: pl.DataFrame | None
) -> list[tuple[RowRule, pl.Series]]:
    """The spikes and flat lines among the rows of a day; ``before`` are the rows of the day before, when known."""
    rules = series_rules(columns, series)
    if not rules or frame.is_empty():
        return []
    line = Line.of(series, [rule.columns[0] for rule in rules], frame, before)
    found = ((rule, line.broken(rule, columns[rule.columns[0]])) for rule in rules)
    return [(rule, breaks) for rule, breaks in found if breaks.any()]


def series_rules(columns: Mapping[str, ColumnRule], series: Series) -> list[RowRule]:
    """The rules of the columns that are measured over time; their verdict is asked of all at once."""
    found = []
    for name, promised in columns.items():
        if promised.spike is not None:
            found.append(RowRule((name,), "spike", f"more than {promised.spike:g} off its neighbours"))
        if promised.frozen is not None:
            found.append(RowRule((name,), "frozen", f"the same for {promised.frozen:g} hours or more"))
    return found


@dataclass(frozen=True)
class Line:
    """The rows of two days, series by series in the order of the clock.

    ``place`` is where a row of today stands in its frame, -1 for a row of the day before; ``hours`` is its time;
    ``starts`` tells the first row of each series.
    """

    rows: pl.DataFrame
    place: Array
    hours: Array
    starts: Array
    apart: float

    @classmethod
    def of(cls, series: Series, names: Sequence[str], frame: pl.DataFrame, before: pl.DataFrame | None) -> Line:
        import polars as pl

        wanted = list(dict.fromkeys([*series.by, series.time, *names]))
        parts = [frame.select(wanted).with_row_index(_PLACE).cast({_PLACE: pl.Int64})]
        if before is not None and set(wanted) <= set(before.columns):
            parts.append(before.select(wanted).with_columns(pl.lit(-1, dtype=pl.Int64).alias(_PLACE)))
        rows = pl.concat(parts, how="diagonal_relaxed").sort([*series.by, series.time, _PLACE])
        hours = pl.col(series.time).cast(pl.Datetime("us")).to_physical() / _MICROSECONDS
        changes = [pl.col(column).ne_missing(pl.col(column).shift()) for column in series.by]
        told = rows.select(hours=hours, starts=pl.any_horizontal(pl.lit(False), *changes))
        return cls(rows, rows[_PLACE].to_numpy(), told["hours"].to_numpy(), told["starts"].to_numpy(), series.apart)

    def broken(self, rule: RowRule, promised: ColumnRule) -> pl.Series:
        """Which rows of today break the rule, in the order of their frame; those without a value never do."""
        import numpy as np
        import polars as pl

        values, known = self._known(rule.columns[0])
        found = np.zeros(len(self.place), dtype=bool)
        steps = self._steps(values, known)
        if rule.name == "spike":
            found[known] = _spikes(steps, promised.spike or 0) | self._last_ones(steps, known, promised.spike or 0)
        else:
            found[known] = _rests(values, self.hours[known], steps, promised)
        ordered = np.zeros(int((self.place >= 0).sum()), dtype=bool)
        ordered[self.place[self.place >= 0]] = found[self.place >= 0]
        return pl.Series(rule.name, ordered)

    def _last_ones(self, steps: Array, known: Array, height: float) -> Array:
        """The last values of their series that are off the one before, where that one was not off its own."""
        import numpy as np

        last = np.append(np.diff(np.cumsum(self.starts)[known]) != 0, True)[: len(known)]
        into, before = _into(steps, len(known))
        leaves: Array = last & (into > height) & (before <= height)
        return leaves

    def tallest(self, name: str) -> float:
        """By how much the most outstanding value stands out from its nearer neighbour, at a day's end from its only."""
        import numpy as np

        values, known = self._known(name)
        steps = self._steps(values, known)
        heights = np.minimum(np.abs(steps[:-1]), np.abs(steps[1:]))[steps[:-1] * steps[1:] < 0]
        days = np.append(np.diff(self.hours[known] // _HOURS) != 0, True)[: len(known)]
        into, before = _into(steps, len(known))
        ends = into[days & (before < into)]
        return float(np.concatenate([heights, ends]).max(initial=0.0))

    def rests(self, name: str) -> pl.DataFrame:
        """Each rest of the column: its value, its rows, and how many hours it lasted."""
        import polars as pl

        values, known = self._known(name)
        rest = _numbered(self._steps(values, known), len(values))
        told = pl.DataFrame({"rest": rest, "value": values, "hours": self.hours[known]})
        lasted = pl.col("hours").max() - pl.col("hours").min()
        return told.group_by("rest", maintain_order=True).agg(
            pl.col("value").first(), pl.len().alias("rows"), lasted.alias("hours")
        )

    def _known(self, name: str) -> tuple[Array, Array]:
        """The values that there are, and where."""
        import numpy as np
        import polars as pl

        values = self.rows[name].cast(pl.Float64).to_numpy()
        known = np.flatnonzero(np.isfinite(values) & np.isfinite(self.hours))
        return values[known], known

    def _steps(self, values: Array, known: Array) -> Array:
        """From each value to the next: how much more; NaN to one of another series or too many hours away."""
        import numpy as np

        series = np.cumsum(self.starts)[known]
        neighbours = (np.diff(series) == 0) & (np.diff(self.hours[known]) <= self.apart)
        steps: Array = np.where(neighbours, np.diff(values), np.nan)
        return steps


def _spikes(steps: Array, height: float) -> Array:
    """Values that stand out from both neighbours, to the same side."""
    import numpy as np

    nothing = np.full(1, np.nan)
    up, down = np.concatenate([nothing, steps]), np.concatenate([-steps, nothing])
    spikes: Array = (np.minimum(up, down) > height) | (np.maximum(up, down) < -height)
    return spikes


def _into(steps: Array, rows: int) -> tuple[Array, Array]:
    """For each value how far it is from the one before, and that one from its own; NaN where there is none."""
    import numpy as np

    nothing = np.full(2, np.nan)
    sizes = np.concatenate([nothing, np.abs(steps)])
    return sizes[1:][:rows], sizes[:-1][:rows]


def _rests(values: Array, hours: Array, steps: Array, promised: ColumnRule) -> Array:
    """Values that rest too long, also those from before it was too long; never where they may rest."""
    import numpy as np

    rest = _numbered(steps, len(values))
    first, last = np.full(rest.max(initial=-1) + 1, np.inf), np.full(rest.max(initial=-1) + 1, -np.inf)
    np.minimum.at(first, rest, hours)
    np.maximum.at(last, rest, hours)
    too_long = (last - first >= (promised.frozen or 0))[rest]
    frozen: Array = too_long & ~np.isin(values, promised.rests)
    return frozen


def _numbered(steps: Array, rows: int) -> Array:
    """For each value the number of the rest that it is part of."""
    import numpy as np

    numbered: Array = np.concatenate([np.zeros(1, dtype=int), np.cumsum(steps != 0)])[:rows]
    return numbered
