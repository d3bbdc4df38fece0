"""Fresh, but not better."""

from typing import Literal

from ml.gates.gate import number, where
from ml.metrics import METRICS
from ml.occasions.occasion import BaseOccasion, Case


class Worse(BaseOccasion):
    """The challenger is not better than the champion by the metric of the evaluation, though the gates let it through.

    >>> Worse()
    Worse(kind='worse')
    """

    kind: Literal["worse"] = "worse"

    def reason(self, case: Case) -> str | None:
        evaluation = case.evaluation
        challenger, champion = evaluation.score("challenger"), evaluation.score("champion")
        if challenger is None or champion is None:
            return None
        mine, theirs = (score.metrics.get(evaluation.metric, float("nan")) for score in (challenger, champion))
        if METRICS[evaluation.metric].worse_by(mine, theirs) < 0:
            return None
        return (
            f"it is not better than the champion, version {evaluation.champion_version}: {evaluation.metric} "
            f"{number(mine)} against {number(theirs)} {where(evaluation)}"
        )
