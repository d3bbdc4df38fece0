"""Better than what one could do without the model."""

from typing import Annotated, Literal

from pydantic import Field

from ml import baselines
from ml.gates.gate import MetricGate, gap, number, where
from ml.metrics import MetricName
from ml.records import Comparison, Evaluation, Finding


class BeatsBaseline(MetricGate):
    """The challenger is better than a baseline by at least ``by``, in units of the metric.

    ``against`` says which: the average of the rows before the held-out days (``constant``), a ``rule`` of the trade
    over the columns, or a ``simple`` model on the same features. A challenger that merely equals it has learned nothing
    and does not pass, whatever ``by`` is. ``sure`` asks that the whole interval be better by so much, not the number
    alone.

    >>> BeatsBaseline(metric="log_loss", by=0.01)
    BeatsBaseline(kind='beats_baseline', metric='log_loss', by=0.01, against=Constant(kind='constant'), sure=False)
    """

    kind: Literal["beats_baseline"] = "beats_baseline"
    metric: MetricName = "log_loss"
    by: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    against: baselines.Baseline = baselines.Constant()
    sure: bool = False

    def finding(self, evaluation: Evaluation) -> Finding:
        challenger = self.score_of(evaluation, "challenger")
        baseline = self.score_of(evaluation, "baseline", self.against.name)
        compared = evaluation.compared(self.metric, self.against.name)
        better = self.worse_by(baseline, challenger)
        known = gap(compared) if compared else f"better by {number(better)}"
        name = "baseline" if self.against.kind == "constant" else f"baseline ({self.against.name})"
        return self.found(
            better >= self.by and better > 0 and (not self.sure or self._surely(compared)),
            f"the challenger's {self.metric} is {number(challenger)} and the {name}'s {number(baseline)} "
            f"{where(evaluation)}: {known}, {self._needed} is required",
        )

    def _surely(self, compared: Comparison | None) -> bool:
        return compared is not None and compared.interval is not None and -compared.interval[1] >= self.by

    @property
    def _needed(self) -> str:
        least = f"better by at least {number(self.by)}" if self.by else "better by more than 0"
        return f"the whole interval {least}" if self.sure else least
