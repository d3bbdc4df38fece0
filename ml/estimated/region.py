"""Where an estimate can be trusted: among scores and inputs such as those it was calibrated on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy
    import polars as pl

    Array = numpy.ndarray[Any, Any]

TAIL = 0.001
MOST_VALUES = 1000  # a column of more words than that names rows, and every day has new ones
FEW = 0.05


@dataclass(frozen=True)
class Region:
    """The ends of the numbers and the words of each column on the calibrated days; ``usual`` is the share of rows that
    lie outside on the oddest of those days.
    """

    ends: Mapping[str, tuple[float, float]]
    words: Mapping[str, frozenset[str]]
    usual: float

    @classmethod
    def of(cls, days: Sequence[pl.DataFrame]) -> Region:
        """The region of the rows of some days, without the outermost thousandth of each number at both ends."""
        import polars as pl
        from polars import selectors

        rows = pl.concat(days, how="vertical_relaxed")
        numbers = rows.select(selectors.numeric() - selectors.boolean()).columns
        ends = {name: found for name in numbers if (found := _ends(rows[name])) is not None}
        texts = rows.select(selectors.string()).columns
        words = {name: frozenset(rows[name].drop_nulls().unique().to_list()) for name in texts}
        few = {name: known for name, known in words.items() if len(known) <= MOST_VALUES}
        region = cls(ends, few, 0.0)
        return cls(ends, few, max(region.outside(day) for day in days))

    def outside(self, rows: pl.DataFrame) -> float:
        """The share of rows with some value outside; a missing value is nowhere, so it is not outside."""
        import polars as pl

        far = [~pl.col(n).is_between(*ends) for n, ends in self.ends.items() if n in rows.columns]
        new = [~pl.col(n).is_in(list(known)) for n, known in self.words.items() if n in rows.columns]
        if rows.is_empty() or not (far or new):
            return 0.0
        return float(rows.select(pl.any_horizontal(each.fill_null(False) for each in (*far, *new)).mean()).item())

    def left(self, rows: pl.DataFrame) -> str | None:
        """In words, that rows are where nothing was calibrated; None while they are not."""
        share, limit = self.outside(rows), 2 * self.usual + FEW
        if share <= limit:
            return None
        worst = max((*self.ends, *self.words), key=lambda name: self._alone(name).outside(rows))
        return (
            f"{share:.0%} of the rows lie outside what the estimate was calibrated on, most of them by {worst}; on its "
            f"oddest day {self.usual:.0%} did, and beyond {limit:.0%} nobody knows"
        )

    def _alone(self, name: str) -> Region:
        ends = {name: self.ends[name]} if name in self.ends else {}
        return Region(ends, {name: self.words[name]} if name in self.words else {}, 0.0)


def _ends(column: pl.Series) -> tuple[float, float] | None:
    known = column.drop_nulls()
    low, high = known.quantile(TAIL, "nearest"), known.quantile(1 - TAIL, "nearest")
    return None if low is None or high is None else (float(low), float(high))
