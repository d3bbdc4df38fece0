"""What the model in Production makes of the rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from ml.detectors.counts import Counts, Merged, numbers
from ml.detectors.detector import Place, ScoredDetector
from ml.detectors.distances import distance
from ml.detectors.windows import Night

if TYPE_CHECKING:
    import polars as pl

    from ml.detectors.detector import Scores

DIGITS = 3


class Champion(ScoredDetector):
    """The champion's scores on current and reference rows: shift that the model itself would feel.

    Black-box shift detection (Lipton, Wang and Smola 2018), the best of those compared in Failing Loudly
    (Rabanser, Günnemann and Lipton 2019). Silent while nothing is in Production.
    """

    asks: ClassVar[bool] = True
    says: ClassVar[str] = "how far the champion's scores moved"

    kind: Literal["champion"] = "champion"

    def names(self, place: Place) -> tuple[str, ...]:
        return self.called(("score",)) if place.predict else ()

    def summary(self, rows: pl.DataFrame, place: Place) -> Counts | None:
        import polars as pl

        if place.predict is None:
            return None
        if rows.is_empty():
            return numbers(pl.Series(dtype=pl.Float64))
        return numbers(pl.Series(place.predict(rows), dtype=pl.Float64).round(DIGITS))

    def scores(
        self, days: Sequence[date], summaries: Sequence[Any], nights: Sequence[Night], min_rows: int, place: Place
    ) -> Scores:
        import numpy as np

        if place.predict is None:
            return {}
        merged, found = Merged.of(summaries), []
        for night, before in zip(nights, merged.rolling(n.reference for n in nights), strict=True):
            after = merged.together(night.current)
            enough = min(before.sum(), after.sum()) >= min_rows
            found.append(distance("wasserstein", merged.values, before, after, True) if enough else np.nan)
        return {"champion: score": np.array(found)}
