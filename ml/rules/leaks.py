"""A column that tells the label alone: it was written after the fact.

How well one column tells the label is the area under its ROC curve, which is the share of pairs, one row of each
class, that it puts in the right order (Hanley and McNeil, *The meaning and use of the area under a receiver operating
characteristic curve*, 1982); ties count half, and the direction does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

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
    why: str = ""

    def violations(self, frame: pl.DataFrame, columns: Iterable[str], day: date) -> Iterator[Violation]:
        """Every column of numbers that tells the label too well, on the rows where both are known."""
        label = _flag(frame, self.label)
        if label is None:
            return
        schema = frame.schema
        numbers = [c for c in columns if c != self.label and c in schema and schema[c].is_numeric()]
        suspects = _suspects(frame.select(numbers), label, self.most) if numbers else []
        for column, (area, rows) in (areas(frame.select(suspects), label) if suspects else {}).items():
            if area > self.most:
                sentence = (
                    f"{column} alone tells {self.label} in {rows:,} rows on {day} with an area under the ROC curve of "
                    f"{area:.3f}, more than {self.most:g}: was it written after the fact?"
                )
                yield Violation(column=column, rule="leak", rows=rows, sentence=sentence)


def _suspects(frame: pl.DataFrame, label: pl.Series, most: float) -> list[str]:
    """The columns whose area can be above ``most``: of the others it is too small for certain.

    A row on the wrong side of the other class's median is in the right order with at most half of that class, so a
    share s of rows on the right side bounds the area by (1 + s) / 2.
    """
    import polars as pl

    yes, no = frame.filter(label), frame.filter(~label)
    names = [column for column in frame.columns if yes[column].count() and no[column].count()]
    medians: dict[str, Any] = {column: no[column].median() for column in names}
    sides = yes.select(
        pl.max_horizontal((pl.col(c) >= medians[c]).mean(), (pl.col(c) <= medians[c]).mean()).alias(c) for c in names
    )
    return [c for c, share in sides.row(0, named=True).items() if (1 + share) / 2 >= most] if names else []


def areas(frame: pl.DataFrame, label: pl.Series) -> dict[str, tuple[float, int]]:
    """The area under the ROC curve of each column, between 0.5 and 1, with the rows that it comes from."""
    known = label.is_not_null()
    told, flags = frame.filter(known), label.filter(known).to_numpy()
    found = {column: _area(told[column], flags) for column in frame.columns}
    return {column: area for column, area in found.items() if area is not None}


def _area(column: pl.Series, flags: Any) -> tuple[float, int] | None:
    """From the rows of each class at each value, in the order of values; None with too few rows of a class."""
    import numpy as np

    there = column.is_not_null().to_numpy()
    values, flags = column.to_numpy()[there], flags[there]
    _, place = np.unique(values, return_inverse=True)
    yes, no = np.bincount(place[flags]), np.bincount(place[~flags])
    if min(yes.sum(), no.sum()) < _FEWEST:
        return None
    both = min(len(yes), len(no))
    below = np.concatenate([[0], np.cumsum(no)])[np.minimum(np.arange(len(yes)), len(no))].astype(float)
    below[:both] += no[:both] / 2
    area = float(yes @ below) / (int(yes.sum()) * int(no.sum()))
    return max(area, 1 - area), len(values)


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
