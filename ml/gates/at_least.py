"""A floor that every challenger must reach, champion or not."""

from typing import Annotated, Literal

from pydantic import Field

from ml.gates.gate import MetricGate, number, where
from ml.metrics import METRICS, MetricName
from ml.records import Evaluation, Finding


class AtLeast(MetricGate):
    """The challenger is at least as good as ``value``.

    At least as *good*: for a metric where lower is better (log_loss, rmse) ``value`` is the highest that passes, for
    the others (roc_auc, accuracy) the lowest.

    >>> AtLeast(metric="roc_auc", value=0.65)
    AtLeast(kind='at_least', metric='roc_auc', value=0.65)
    """

    kind: Literal["at_least"] = "at_least"
    metric: MetricName = "roc_auc"
    value: Annotated[float, Field(allow_inf_nan=False)] = 0.6

    def finding(self, evaluation: Evaluation) -> Finding:
        challenger = self.score_of(evaluation, "challenger")
        bound = "at most" if METRICS[self.metric].better == "lower" else "at least"
        return self.found(
            self.worse_by(challenger, self.value) <= 0,
            f"the challenger's {self.metric} is {number(challenger)} {where(evaluation)}; "
            f"{bound} {number(self.value)} is required",
        )
