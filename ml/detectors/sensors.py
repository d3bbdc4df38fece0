"""What is true of every detector that looks at the readings of sensors, place by place."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from ml.calibration.tails import Scale
from ml.detectors.detector import Place, ScoredDetector
from ml.detectors.readings import readings
from ml.detectors.windows import Night

if TYPE_CHECKING:
    import polars as pl

    from ml.detectors.detector import Scores
    from ml.detectors.readings import Readings


class SensorDetector(ScoredDetector):
    """A score for each measurement, from its readings by place and hour."""

    scale: ClassVar[Scale] = Scale(floor=0.5, by="itself")

    by: str = Field(description="The column that tells the places apart.")
    columns: tuple[str, ...] = Field(min_length=1, description="The measurements, one for each place and hour.")

    def names(self, place: Place) -> tuple[str, ...]:
        return self.called(self.columns)

    def summary(self, rows: pl.DataFrame, place: Place) -> dict[str, Readings]:
        return {column: readings(rows, column, self.by, place.event_time) for column in self.columns}

    def scores(
        self, days: Sequence[date], summaries: Sequence[Any], nights: Sequence[Night], min_rows: int, place: Place
    ) -> Scores:
        import numpy as np

        found = {}
        for column, name in zip(self.columns, self.names(place), strict=True):
            daily = [summary[column] for summary in summaries]
            found[name] = np.array([self.score(daily, night) for night in nights])
        return found

    @abstractmethod
    def score(self, daily: Sequence[Readings], night: Night) -> float:
        """The score of one measurement in one night; NaN where it has none. ``daily`` has all days' readings."""
