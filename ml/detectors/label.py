"""The answer itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from ml.calibration.tails import Scale
from ml.days import Days
from ml.detectors.counts import Counts, Merged, numbers
from ml.detectors.detector import Place, ScoredDetector
from ml.detectors.distances import distance
from ml.detectors.due import answers, due
from ml.detectors.windows import Night

if TYPE_CHECKING:
    import polars as pl

    from ml.detectors.detector import Scores


class Label(ScoredDetector):
    """The labels of the newest days that have theirs, against those of the reference days before them.

    The score is the mean distance of the sorted labels in standard deviations of the reference's (Wasserstein): of
    labels that are 0 or 1, the distance of their rates. The newest days end ``label_delay`` days before the data day,
    so no night, past or tonight's, looks at a label that was not known then.
    """

    scale: ClassVar[Scale] = Scale(floor=1e-3, by="itself", prior=0.1)
    says: ClassVar[str] = "how far the labels moved"

    kind: Literal["label"] = "label"
    days: Annotated[Days, Field(ge=1)] = Field(
        default=7, description="So many of the newest days whose labels are due; whole weeks know no weekday."
    )

    def names(self, place: Place) -> tuple[str, ...]:
        return self.called((place.label,)) if place.label else ()

    def summary(self, rows: pl.DataFrame, place: Place) -> Counts | None:
        import polars as pl

        return numbers(pl.Series(answers(rows, place.label), nan_to_null=True)) if place.label else None

    def scores(
        self, days: Sequence[date], summaries: Sequence[Counts], nights: Sequence[Night], min_rows: int, place: Place
    ) -> Scores:
        import numpy as np

        if not place.label:
            return {}
        merged, found = Merged.of(summaries), []
        windows = [due(days, night, place.label_delay, self.days) for night in nights]
        for window, before in zip(windows, merged.rolling(w.reference for w in windows), strict=True):
            after = merged.together(window.current)
            enough = min(before.sum(), after.sum()) >= min_rows
            found.append(distance("wasserstein", merged.values, before, after, True) if enough else np.nan)
        return {self.names(place)[0]: np.array(found)}
