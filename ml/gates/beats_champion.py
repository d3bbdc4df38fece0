"""No step back from the model that serves now."""

from typing import Annotated, Literal

from pydantic import Field

from ml.gates.gate import BaseGate, number, where
from ml.metrics import MetricName
from ml.records import Evaluation


class BeatsChampion(BaseGate):
    """The challenger is not worse than the champion by more than ``margin``, in units of the metric.

    A margin of 0 asks for a challenger that is at least as good; a small one lets a fresh model through that is as
    good as the champion within the noise of a few held-out days. Without a champion there is no objection.

    >>> BeatsChampion(metric="log_loss", margin=0.002)
    BeatsChampion(kind='beats_champion', metric='log_loss', margin=0.002)
    """

    kind: Literal["beats_champion"] = "beats_champion"
    metric: MetricName = "log_loss"
    margin: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0

    def objection(self, evaluation: Evaluation) -> str | None:
        if evaluation.champion_version is None:
            return None
        challenger = self.score_of(evaluation, "challenger")
        champion = self.score_of(evaluation, "champion")
        worse = self.worse_by(challenger, champion)
        if worse <= self.margin:
            return None
        return (
            f"the challenger's {self.metric} is {number(challenger)} and the champion's (version "
            f"{evaluation.champion_version}) {number(champion)} {where(evaluation)}: worse by {number(worse)}, "
            f"at most {number(self.margin)} is allowed"
        )
