"""What every gate can do: object to a challenger, or say nothing."""

from typing import Any

from ml.metrics import METRICS, MetricName
from ml.records import Evaluation, Role
from ml.section import Section


class BaseGate(Section):
    """One condition on a challenger.

    ``kind`` names the gate in YAML. A gate looks at nothing but the evaluation, so that the same evaluation always
    gets the same answer.
    """

    kind: Any
    metric: MetricName

    def objection(self, evaluation: Evaluation) -> str | None:
        """One sentence with the numbers when the challenger must not be promoted, else None."""
        raise NotImplementedError

    def worse_by(self, value: float, other: float) -> float:
        """How much worse ``value`` is than ``other`` by this gate's metric; negative when it is better."""
        return METRICS[self.metric].worse_by(value, other)

    def score_of(self, evaluation: Evaluation, role: Role) -> float:
        """The metric of a role on the held-out rows; NaN when the role or the metric is missing there."""
        score = evaluation.score(role)
        return score.metrics.get(self.metric, float("nan")) if score else float("nan")


def number(value: float) -> str:
    """A metric's value as people read it: five significant digits."""
    return f"{value:.5g}"


def where(evaluation: Evaluation) -> str:
    """The rows that the numbers of an objection come from."""
    days = str(evaluation.first) if evaluation.first == evaluation.last else f"{evaluation.first} to {evaluation.last}"
    return f"on {evaluation.rows:,} held-out rows of {days}"
