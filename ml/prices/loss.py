"""A unit of loss has a price."""

from typing import Literal

from pydantic import Field

from ml.metrics import METRICS, ROW_LOSSES
from ml.prices.value import BaseValue
from ml.records import Weighed


class Loss(BaseValue):
    """The loss that a version saves, row by row; with a price of one unit of it in one row, in money.

    >>> Loss(per_row=2.0).priced
    True
    """

    kind: Literal["metric"] = "metric"
    metric: str | None = Field(
        default=None,
        description="Left out, `evaluation.metric`, or where that is no mean over rows the task's loss.",
        json_schema_extra={"enum": list(ROW_LOSSES)},
    )
    per_row: float | None = Field(
        default=None, gt=0, description="What one unit of this loss in one row costs; left out, no money is told."
    )

    @property
    def priced(self) -> bool:
        return self.per_row is not None

    def unit(self, metric: str) -> str:
        return self._of(metric)

    def gain(self, weighed: Weighed, metric: str) -> float | None:
        losses = weighed.losses.get(self._of(metric))
        if losses is None:
            return None
        return (losses[1] - losses[0]) * (1.0 if self.per_row is None else self.per_row)

    def _of(self, metric: str) -> str:
        """The loss that counts: its own, the pipeline's, or that of the pipeline's task."""
        asked = self.metric or metric
        if asked in ROW_LOSSES:
            return asked
        return next(name for name in ROW_LOSSES if METRICS[name].task == METRICS[asked].task)
