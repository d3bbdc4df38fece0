"""Too good to be true: a feature that was written after the fact."""

from typing import Annotated, Any, Literal

from pydantic import Field

from ml.gates.gate import BaseGate, number, where
from ml.gates.trial import Trial
from ml.records import Evaluation, Finding, Measurement


class Leak(BaseGate):
    """No feature tells the label of the held-out rows alone, and the challenger is not far better than the champion.

    ``tells`` is the largest rank correlation that one feature may have with the label, between 0 and 1: for two
    classes it is 2 AUC - 1 (Somers' D), texts are taken as the mean label of their value in the older rows. ``gain`` is
    the largest share of the champion's loss (the baseline's squared error, or log-loss) that a challenger may win at
    once: a night seldom wins a tenth, a leaked label wins nearly all of it. A new recipe that is meant to win more has
    its own ``gain``.

    >>> Leak(tells=0.8)
    Leak(kind='leak', tells=0.8, gain=0.3)
    """

    kind: Literal["leak"] = "leak"
    tells: Annotated[float, Field(gt=0, le=1)] = 0.8
    gain: Annotated[float, Field(gt=0, le=1)] = 0.3

    def measure(self, trial: Trial) -> tuple[Measurement, ...]:
        told = sorted(((_tells(trial, column), column) for column in trial.features), reverse=True)
        return tuple(
            Measurement(gate=self.kind, name="tells the label", value=value, of=column, rows=len(trial.y))
            for value, column in told[:3]
        )

    def finding(self, evaluation: Evaluation) -> Finding:
        found = evaluation.measured(self.kind)
        if not found:
            return self.unmeasured()
        most, gained = found[0], _gain(evaluation)
        alone = (
            f"{most.of} alone tells the label {where(evaluation)} with a rank correlation of {number(most.value)}; at "
            f"most {number(self.tells)} is plausible"
        )
        won = (
            f"the challenger won {gained:.0%} of the champion's loss at once {where(evaluation)}, at most "
            f"{self.gain:.0%} is plausible; {most.of} tells most of the label ({number(most.value)})"
        )
        if most.value > self.tells:
            return self.found(False, f"a feature leaks: {alone}: was it written after the fact?")
        # a challenger without a finite loss wins nothing; other gates refuse it
        return self.found(False, f"it may leak: {won}") if gained > self.gain else self.found(True, alone)


def _gain(evaluation: Evaluation) -> float:
    """The share of the champion's loss that the challenger does not have; 0 without a champion."""
    ours, theirs = evaluation.score("challenger"), evaluation.score("champion")
    for metric in ("log_loss", "rmse"):
        if ours and theirs and metric in ours.metrics and theirs.metrics.get(metric):
            return 1 - ours.metrics[metric] / theirs.metrics[metric]
    return 0.0


def _tells(trial: Trial, column: str) -> float:
    """How well one feature orders the labels, from 0 to 1; 0 where it has no two values."""
    import numpy

    values = _numbers(trial, column)
    known = numpy.isfinite(values)
    x, y = values[known], trial.y[known]
    if len(x) < 40 or numpy.ptp(x) == 0 or numpy.ptp(y) == 0:
        return 0.0
    if trial.task == "classification":
        from sklearn.metrics import roc_auc_score

        return float(abs(2 * roc_auc_score(y, x) - 1))
    from scipy import stats  # type: ignore[import-untyped]

    return float(abs(stats.spearmanr(x, y)[0]))


def _numbers(trial: Trial, column: str) -> Any:
    import numpy
    import pandas as pd
    from pandas.api.types import is_datetime64_any_dtype, is_numeric_dtype

    new = trial.newest[column]
    if is_datetime64_any_dtype(new.dtype):
        return (new - new.dt.normalize()).dt.total_seconds().to_numpy("float64")
    if is_numeric_dtype(new.dtype):
        return new.to_numpy("float64", na_value=numpy.nan)
    labels = pd.to_numeric(trial.older[trial.label]).astype("float64")
    means = labels.groupby(trial.older[column].astype(str)).mean()
    return new.astype(str).map(means).to_numpy("float64")
