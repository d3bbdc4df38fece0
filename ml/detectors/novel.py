"""Values that were never there before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from ml.calibration.tails import Scale
from ml.detectors.counts import Counts, Merged, numbers, words
from ml.detectors.detector import Kind, Place, ScoredDetector
from ml.detectors.windows import Night

if TYPE_CHECKING:
    import polars as pl

    from ml.detectors.detector import Scores


class Novel(ScoredDetector):
    """The share of rows with a value that the reference days do not have at all.

    Sees a renamed category at once, and another unit wherever an instrument reports in steps: no knot is a whole
    number of kilometres an hour.
    """

    scale: ClassVar[Scale] = Scale(limit=1.0, floor=0.005)
    says: ClassVar[str] = "the share of rows with a value that the reference never had"

    kind: Literal["novel"] = "novel"
    columns: tuple[str, ...] = Field(default=(), description="The columns to watch; left out, all that are compared.")

    def names(self, place: Place) -> tuple[str, ...]:
        return self.called(self.columns or tuple(place.columns))

    def summary(self, rows: pl.DataFrame, place: Place) -> dict[str, Counts]:
        wanted = self.columns or tuple(place.columns)
        return {column: counted(rows, column, place.columns.get(column, "categorical")) for column in wanted}

    def summary_beside(self, rows: pl.DataFrame, place: Place, columns: Mapping[str, Counts]) -> dict[str, Counts]:
        others = tuple(column for column in self.columns or place.columns if column not in columns)
        rest = self.model_copy(update={"columns": others}).summary(rows, place) if others else {}
        return {column: columns.get(column) or rest[column] for column in self.columns or place.columns}

    def scores(
        self,
        days: Sequence[date],
        summaries: Sequence[dict[str, Counts]],
        nights: Sequence[Night],
        min_rows: int,
        place: Place,
    ) -> Scores:
        import numpy as np

        found = {}
        for column in self.columns or place.columns:
            merged = Merged.of([summary[column] for summary in summaries])
            references = merged.rolling(night.reference for night in nights)
            shares = (_new(merged, r, night, min_rows) for r, night in zip(references, nights, strict=True))
            found[f"novel: {column}"] = np.array(list(shares))
        return found


def counted(rows: pl.DataFrame, column: str, kind: Kind) -> Counts:
    """The counts of a day's column; of one that is not there, none."""
    import polars as pl

    values = rows[column] if column in rows.columns else pl.Series(column, [None] * rows.height, dtype=pl.Float64)
    return numbers(values) if kind == "numerical" else words(values)


def _new(merged: Merged, reference: Any, night: Night, min_rows: int) -> float:
    current = merged.together(night.current)
    if min(reference.sum(), current.sum()) < min_rows:
        return float("nan")
    return float(current[reference == 0].sum() / current.sum())
