"""No step back from the model that serves now."""

from typing import Annotated, Literal

from pydantic import Field

from ml.gates.gate import MetricGate, number, where
from ml.metrics import MetricName
from ml.records import Evaluation, Finding


class BeatsChampion(MetricGate):
    """The challenger is not worse than the champion by more than ``margin``, in units of the metric.

    A margin of 0 asks for a challenger that is at least as good; a small one lets a fresh model through that is as
    good as the champion within the noise of a few held-out days. Without a champion there is no objection.

    >>> BeatsChampion(metric="log_loss", margin=0.002)
    BeatsChampion(kind='beats_champion', metric='log_loss', margin=0.002)
    """

    kind: Literal["beats_champion"] = "beats_champion"
    metric: MetricName = "log_loss"
    margin: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0

    def finding(self, evaluation: Evaluation) -> Finding:
        if evaluation.champion_version is None:
            return self.found(True, "no version is in Production, so there is no champion to compare with")
        challenger = self.score_of(evaluation, "challenger")
        champion = self.score_of(evaluation, "champion")
        worse = self.worse_by(challenger, champion)
        return self.found(
            worse <= self.margin,
            f"the challenger's {self.metric} is {number(challenger)} and the champion's (version "
            f"{evaluation.champion_version}) {number(champion)} {where(evaluation)}: worse by {number(worse)}, "
            f"at most {number(self.margin)} is allowed",
        )
