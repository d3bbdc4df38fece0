"""Values that are not there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from ml.calibration.tails import Scale
from ml.detectors.counts import usable
from ml.detectors.detector import Place, ScoredDetector
from ml.detectors.windows import Night

if TYPE_CHECKING:
    import polars as pl

    from ml.detectors.detector import Scores

    Missed = dict[str, tuple[int, int]]


class Missing(ScoredDetector):
    """The share of nulls and infinities in each column, which Evidently drops without a word."""

    scale: ClassVar[Scale] = Scale(limit=1.0, floor=0.005, by="root", prior=0.05)
    says: ClassVar[str] = "how far the share of missing values moved"

    kind: Literal["missing"] = "missing"
    columns: tuple[str, ...] = Field(default=(), description="The columns to watch; left out, all that are compared.")

    def names(self, place: Place) -> tuple[str, ...]:
        return self.called(self.columns or tuple(place.columns))

    def summary(self, rows: pl.DataFrame, place: Place) -> Missed:
        return {column: _missed(rows, column) for column in self.columns or place.columns}

    def scores(
        self, days: Sequence[date], summaries: Sequence[Missed], nights: Sequence[Night], min_rows: int, place: Place
    ) -> Scores:
        import numpy as np

        found = {}
        for column in self.columns or place.columns:
            table = np.array([summary[column] for summary in summaries], dtype=float).reshape(-1, 2)
            found[f"missing: {column}"] = np.array([_moved(table, night, min_rows) for night in nights])
        return found


def _missed(rows: pl.DataFrame, column: str) -> tuple[int, int]:
    """Missing values and rows of a day; a column that is not there misses all."""
    if column not in rows.columns:
        return rows.height, rows.height
    values = rows[column]
    there = int(usable(values.drop_nulls().to_numpy()).sum()) if values.dtype.is_float() else values.count()
    return rows.height - there, rows.height


def _moved(table: object, night: Night, min_rows: int) -> float:
    before, after = (table[list(places)].sum(axis=0) for places in (night.reference, night.current))  # type: ignore[index]
    if min(before[1], after[1]) < min_rows:
        return float("nan")
    return abs(float(after[0] / after[1] - before[0] / before[1]))
