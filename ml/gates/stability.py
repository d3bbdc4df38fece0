"""A model that chance did not make."""

from typing import Annotated, Literal

from pydantic import Field

from ml.gates.gate import BaseGate, number, where
from ml.gates.trial import Trial
from ml.records import Evaluation, Finding, Measurement


class Stability(BaseGate):
    """Fitted again with other seeds, the challenger says nearly the same of the held-out rows.

    ``move`` is how far a prediction may move on average, in standard deviations of the predictions: a model that
    chance has made gives 1 or more. Costs as many fits as ``seeds``.

    >>> Stability(move=0.2)
    Stability(kind='stability', seeds=1, move=0.2)
    """

    kind: Literal["stability"] = "stability"
    seeds: Annotated[int, Field(ge=1, le=10)] = 1
    move: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 0.3

    def measure(self, trial: Trial) -> tuple[Measurement, ...]:
        import numpy

        was = trial.predictions["challenger"]
        spread = float(was.std()) or 1.0
        moves = [
            abs(trial.predict(trial.refit(seed), trial.newest) - was) / spread for seed in range(101, 101 + self.seeds)
        ]
        means = {"moved by": max(float(move.mean()) for move in moves)}
        means["95 of 100 moved less than"] = max(float(numpy.quantile(move, 0.95)) for move in moves)
        return tuple(
            Measurement(gate=self.kind, name=name, value=value, unit="sd", rows=len(was))
            for name, value in means.items()
        )

    def finding(self, evaluation: Evaluation) -> Finding:
        found = {m.name: m.value for m in evaluation.measured(self.kind)}
        if not found:
            return self.unmeasured()
        return self.found(
            found["moved by"] <= self.move,
            f"fitted with another seed, the challenger's predictions move by {number(found['moved by'])} of their "
            f"spread on average {where(evaluation)} (95 of 100 by less than "
            f"{number(found['95 of 100 moved less than'])}); at most {number(self.move)} is allowed",
        )
