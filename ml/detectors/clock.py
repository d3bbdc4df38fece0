"""When in the day things happen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Literal

from ml.calibration.tails import Scale
from ml.detectors.counts import Counts, Merged, numbers
from ml.detectors.detector import Place, ScoredDetector
from ml.detectors.distances import distance
from ml.detectors.windows import Given, Night

if TYPE_CHECKING:
    import polars as pl

    from ml.detectors.detector import Scores


QUARTERS = 4


class Clock(ScoredDetector):
    """How the rows lie over the day: a clock one hour off, a feed that stopped at noon, hours that came twice.

    The score is the Jensen-Shannon distance of the shares of its quarters of an hour. On the flights of 2013 a
    clock that is one hour off is seen on 100 % of days by it, on 94 % by whole hours, on 13 % by the mean distance.
    """

    scale: ClassVar[Scale] = Scale(limit=0.8326)
    says: ClassVar[str] = "how far the rows moved within the day"

    kind: Literal["clock"] = "clock"
    given: Given | None = None

    def names(self, place: Place) -> tuple[str, ...]:
        return self.called((place.event_time,))

    def summary(self, rows: pl.DataFrame, place: Place) -> Counts:
        times = rows[place.event_time]
        return numbers(times.dt.hour().cast(int) * QUARTERS + times.dt.minute() // (60 // QUARTERS))

    def scores(
        self, days: Sequence[date], summaries: Sequence[Counts], nights: Sequence[Night], min_rows: int, place: Place
    ) -> Scores:
        import numpy as np

        merged, found = Merged.of(summaries), []
        for night in nights:
            windows = night.given(days, self.given, None)
            before, after = merged.together(windows.reference), merged.together(windows.current)
            enough = min(before.sum(), after.sum()) >= min_rows
            found.append(distance("jensenshannon", merged.values, before, after, False) if enough else np.nan)
        return {self.names(place)[0]: np.array(found)}
