"""Better on the whole, worse for some."""

from typing import Annotated, Literal

from pydantic import Field

from ml.gates.gate import number
from ml.metrics import METRICS
from ml.occasions.occasion import BaseOccasion, Case
from ml.records import SliceScore


class WorseSlices(BaseOccasion):
    """On one of the slices of the evaluation the challenger is worse than the champion by more than ``margin``.

    ``margin`` is in units of the metric; slices with fewer than ``min_rows`` held-out rows are left out.

    >>> WorseSlices(margin=0.05, min_rows=200)
    WorseSlices(kind='slices', margin=0.05, min_rows=200)
    """

    kind: Literal["slices"] = "slices"
    margin: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.02
    min_rows: Annotated[int, Field(ge=1)] = 100

    def reason(self, case: Case) -> str | None:
        metric = case.evaluation.metric
        theirs = {(s.column, s.value): s for s in case.evaluation.slices if s.role == "champion"}
        found = [
            (self._worse_by(metric, mine, theirs[mine.column, mine.value]), mine)
            for mine in case.evaluation.slices
            if mine.role == "challenger" and (mine.column, mine.value) in theirs and mine.rows >= self.min_rows
        ]
        worse, mine = max(found, key=lambda each: each[0], default=(0.0, None))
        if mine is None or not worse > self.margin:
            return None
        return (
            f"where {mine.column} is {mine.value} ({mine.rows:,} rows) its {metric} is {number(mine.metrics[metric])}: "
            f"worse than the champion's by {number(worse)} (> {number(self.margin)})"
        )

    def _worse_by(self, metric: str, mine: SliceScore, theirs: SliceScore) -> float:
        nothing = float("nan")
        gap = METRICS[metric].worse_by(mine.metrics.get(metric, nothing), theirs.metrics.get(metric, nothing))
        return gap if gap == gap else 0.0
