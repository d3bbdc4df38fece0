"""Better than knowing nothing but the average."""

from typing import Annotated, Literal

from pydantic import Field

from ml.gates.gate import MetricGate, number, where
from ml.metrics import MetricName
from ml.records import Evaluation, Finding


class BeatsBaseline(MetricGate):
    """The challenger is better than the baseline by at least ``by``, in units of the metric.

    The baseline predicts the same for every row: the share of ones, or the mean, of the rows before the held-out days.
    A challenger that merely equals it has learned nothing and does not pass, whatever ``by`` is.

    >>> BeatsBaseline(metric="log_loss", by=0.01)
    BeatsBaseline(kind='beats_baseline', metric='log_loss', by=0.01)
    """

    kind: Literal["beats_baseline"] = "beats_baseline"
    metric: MetricName = "log_loss"
    by: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0

    def finding(self, evaluation: Evaluation) -> Finding:
        challenger = self.score_of(evaluation, "challenger")
        baseline = self.score_of(evaluation, "baseline")
        better = self.worse_by(baseline, challenger)
        return self.found(
            better >= self.by and better > 0,
            f"the challenger's {self.metric} is {number(challenger)} and the baseline's {number(baseline)} "
            f"{where(evaluation)}: better by {number(better)}, {self._needed} is required",
        )

    @property
    def _needed(self) -> str:
        return f"at least {number(self.by)}" if self.by else "more than 0"
