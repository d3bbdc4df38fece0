"""What every gate can do: object to a challenger, or say nothing."""

from typing import Any

from ml.gates.trial import Trial
from ml.metrics import METRICS, MetricName
from ml.records import Comparison, Evaluation, Finding, Measurement, Role
from ml.section import Section

HARM = "share of the harm"
"""The measurement that names the slice in which most of a challenger's added loss lies."""


class BaseGate(Section):
    """One condition on a challenger.

    ``kind`` names the gate in YAML. A gate is asked twice: while the models are at hand it may ``measure`` what the
    scores do not say; afterwards it looks at nothing but the evaluation, so that the same evaluation always gets the
    same answer.
    """

    kind: Any

    def measure(self, trial: Trial) -> tuple[Measurement, ...]:
        """What this gate must know beyond the scores; nothing, for most."""
        return ()

    def finding(self, evaluation: Evaluation) -> Finding:
        """Whether the challenger may pass, in one sentence with the numbers and the limit."""
        raise NotImplementedError

    def objection(self, evaluation: Evaluation) -> str | None:
        """The sentence of the finding when the challenger must not be promoted, else None."""
        found = self.finding(evaluation)
        return None if found.passed else found.sentence

    def unmeasured(self) -> Finding:
        """The finding where nothing was measured, as in an evaluation that is older than the gate."""
        return self.found(False, f"nothing was measured for the gate {self.kind}: do the step evaluate once more")

    def found(self, passed: bool, sentence: str) -> Finding:
        """A finding of this gate."""
        return Finding(gate=self.kind, passed=passed, sentence=sentence)


class MetricGate(BaseGate):
    """A gate on one metric of the held-out rows."""

    metric: MetricName

    def worse_by(self, value: float, other: float) -> float:
        """How much worse ``value`` is than ``other`` by this gate's metric; negative when it is better."""
        return METRICS[self.metric].worse_by(value, other)

    def score_of(self, evaluation: Evaluation, role: Role, basis: str | None = None) -> float:
        """The metric of a role on the held-out rows; NaN when the role or the metric is missing there."""
        score = evaluation.score(role, basis)
        return score.metrics.get(self.metric, float("nan")) if score else float("nan")


def number(value: float) -> str:
    """A metric's value as people read it: five significant digits."""
    return f"{value:.5g}"


def where(evaluation: Evaluation) -> str:
    """The rows that the numbers of an objection come from."""
    days = str(evaluation.first) if evaluation.first == evaluation.last else f"{evaluation.first} to {evaluation.last}"
    return f"on {evaluation.rows:,} held-out rows of {days}"


def gap(comparison: Comparison) -> str:
    """How the challenger did beside another, with the interval: worse by 0.002 (95 % interval: better by … to …)."""
    if comparison.interval is None:
        return f"{side(comparison.worse_by)} ({comparison.blocks} days are too few for an interval)"
    return f"{side(comparison.worse_by)} ({comparison.level * 100:.4g} % interval: {span(comparison.interval)})"


def span(interval: tuple[float, float]) -> str:
    """Both ends of an interval of differences: better by 0.01 to worse by 0.02."""
    low, high = interval
    if (low < 0) == (high < 0):
        first, second = sorted((abs(low), abs(high)))
        return f"{'better' if high < 0 else 'worse'} by {short(first)} to {short(second)}"
    return f"{side(low)} to {side(high)}"


def side(worse_by: float) -> str:
    """A difference in words, so that nobody has to know which sign is good."""
    if worse_by == 0:
        return "no difference"
    return f"{'worse' if worse_by > 0 else 'better'} by {short(abs(worse_by))}"


def short(value: float) -> str:
    """A difference between two metrics: two significant digits are more than an interval knows."""
    return f"{value:.2g}"
