"""A column that tells the label alone: it was written after the fact.

How well one column tells the label is the area under its ROC curve, which is the share of pairs, one row of each
class, that it puts in the right order (Hanley and McNeil, *The meaning and use of the area under a receiver operating
characteristic curve*, 1982); ties count half, and the direction does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from pydantic import Field

from ml.records import Violation
from ml.section import Section

if TYPE_CHECKING:
    import polars as pl

_FEWEST = 20


class Leak(Section):
    """No number may tell the ``label`` of a day's rows alone, better than with an area under the ROC curve of ``most``.

    A day with fewer than 20 rows of either class is not asked, nor is a label that is neither a flag nor 0 and 1.
    """

    label: str
    most: float = Field(default=0.95, ge=0.5, lt=1)

    def violations(self, frame: pl.DataFrame, columns: Iterable[str], day: date) -> Iterator[Violation]:
        """Every column of numbers that tells the label too well, on the rows where both are known."""
        label = _flag(frame, self.label)
        if label is None:
            return
        numbers = [c for c in columns if c != self.label and c in frame.columns and frame.schema[c].is_numeric()]
        for column, (area, rows) in areas(frame.select(numbers), label).items():
            if area > self.most:
                sentence = (
                    f"{column} alone tells {self.label} in {rows:,} rows on {day} with an area under the ROC curve of "
                    f"{area:.3f}, more than {self.most:g}: was it written after the fact?"
                )
                yield Violation(column=column, rule="leak", rows=rows, sentence=sentence)


def areas(frame: pl.DataFrame, label: pl.Series) -> dict[str, tuple[float, int]]:
    """The area under the ROC curve of each column, between 0.5 and 1, with the rows that it comes from."""
    import polars as pl

    told = frame.with_columns(label.alias("__label")).filter(pl.col("__label").is_not_null())
    yes = pl.col("__label")
    sums = told.select(
        pl.struct(
            ranks=pl.col(c).rank().filter(yes).sum(),
            yes=pl.col(c).filter(yes).count(),
            no=pl.col(c).filter(~yes).count(),
        ).alias(c)
        for c in frame.columns
    ).row(0, named=True)
    return {c: _area(**counted) for c, counted in sums.items() if min(counted["yes"], counted["no"]) >= _FEWEST}


def _area(ranks: float, yes: int, no: int) -> tuple[float, int]:
    area = (ranks - yes * (yes + 1) / 2) / (yes * no)
    return max(area, 1 - area), yes + no


def _flag(frame: pl.DataFrame, label: str) -> pl.Series | None:
    """The label as a flag; None where it is missing or none."""
    import polars as pl

    if label not in frame.columns:
        return None
    column = frame[label]
    if column.dtype == pl.Boolean:
        return column
    numbers = column.dtype.is_numeric() and column.drop_nulls().is_in([0, 1]).all()
    return column.cast(pl.Boolean) if numbers else None
