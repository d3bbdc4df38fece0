"""What leads to the answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from ml.calibration.tails import Scale
from ml.days import Days
from ml.detectors.detector import Place, ScoredDetector
from ml.detectors.due import answers, due
from ml.detectors.windows import Night

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from ml.detectors.detector import Scores

    Array = np.ndarray[Any, Any]

SURE = 1e-6


class Concept(ScoredDetector):
    """By how much the champion's loss on the newest labelled days passes that on the reference days before them.

    For a classification each row's loss counts beyond what the champion's own score expects, realised minus expected
    log-loss: (p - y) log(p / (1 - p)). Rows that are harder, and known to be, raise both alike and alarm nobody; the
    mean is 0 for any rows as long as p is right (Dawid 1982, https://doi.org/10.1080/01621459.1982.10477856). A
    regression expects nothing of itself; there it is the mean absolute error in units of the reference's, minus 1.

    Only days that the champion was not fitted on count, on both sides: on flights it looks so much better on days that
    it knows that a fifth to a third of all later nights would pass all of those. Without a champion, and while it is
    too young, there is no score, and the report says so.
    """

    # a difference of means has a short tail: on flights twice as much is seen by itself as by its logarithm
    scale: ClassVar[Scale] = Scale(floor=1e-3, by="itself", prior=0.1)
    asks: ClassVar[bool] = True
    says: ClassVar[str] = "by how much the champion errs more than it expects to"

    kind: Literal["concept"] = "concept"
    days: Annotated[Days, Field(ge=1)] = Field(
        default=7, description="So many of the newest days whose labels are due, against at least as many before them."
    )

    def names(self, place: Place) -> tuple[str, ...]:
        return self.called((place.label,)) if place.label else ()

    def summary(self, rows: pl.DataFrame, place: Place) -> tuple[float, float]:
        """How many rows have a label, and the sum of what the champion errs on them."""
        import numpy as np

        if not place.label or place.predict is None:
            return 0.0, 0.0
        truth = answers(rows, place.label)
        there = ~np.isnan(truth)
        if not there.any():
            return 0.0, 0.0
        found = place.predict(rows.filter(there))
        return float(there.sum()), float(_errors(truth[there], found, place).sum())

    def scores(
        self, days: Sequence[date], summaries: Sequence[Any], nights: Sequence[Night], min_rows: int, place: Place
    ) -> Scores:
        import numpy as np

        if not place.label:
            return {}
        daily = np.array(summaries, dtype=float).reshape(-1, 2)
        windows = (due(days, night, place.label_delay, self.days, place.fitted_to) for night in nights)
        return {self.names(place)[0]: np.array([self._score(daily, w, days, min_rows, place) for w in windows])}

    def silent(self, day: date, place: Place) -> str:
        if place.predict is None:
            return "no champion yet"
        first = self._first(place)
        if first is not None and day < first:
            return f"the champion was fitted on days up to {place.fitted_to}; it is judged from {first} on"
        return super().silent(day, place)

    def _first(self, place: Place) -> date | None:
        """The first night at which the champion has enough days that it was not fitted on."""
        if place.fitted_to is None:
            return None
        return place.fitted_to + timedelta(days=2 * self.days + place.label_delay)

    def _score(self, daily: Array, window: Night, days: Sequence[date], min_rows: int, place: Place) -> float:
        first = self._first(place)
        before, after = (daily[list(side)].sum(axis=0) for side in (window.reference, window.current))
        if (first is not None and window.day < first) or min(before[0], after[0]) < min_rows:
            return float("nan")
        usual, newest = before[1] / before[0], after[1] / after[0]
        if place.task == "regression":
            return max(float(newest / max(usual, 1e-12)) - 1, 0.0)
        return max(float(newest - usual), 0.0)


def _errors(truth: Array, found: Array, place: Place) -> Array:
    import numpy as np

    if place.task == "regression":
        missed: Array = np.abs(truth - found)
        return missed
    p = np.clip(found, SURE, 1 - SURE)
    excess: Array = (p - truth) * np.log(p / (1 - p))
    return excess
