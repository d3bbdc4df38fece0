"""The whole check: at which level of its columns does it alarm as often as the owner asked?

Columns depend on each other, and a night's rows on their day, so neither Bonferroni nor a textbook is right. Each
night gets the p-value of its most unusual column (or of the n-th most unusual, if so many must pass), under tails
fitted without that night's weeks; the level is the score of these p-values that passes at the wanted rate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import exp
from typing import TYPE_CHECKING, Any

from ml.calibration.tails import Scale, Tail, fit

if TYPE_CHECKING:
    import numpy as np

    Scores = Mapping[str, np.ndarray[Any, Any]]

BLOCK_DAYS = 14
FOLDS = 5
FEWEST_NIGHTS = 28
LEAST = 1e-5  # a rarer night is as good as this one
EXPECTED = 2  # so many alarms must be expected before a rate can be told from a smaller one


@dataclass(frozen=True)
class Rule:
    """When a night alarms: ``at_least`` columns pass, each on ``nights`` nights in a row."""

    at_least: int = 1
    nights: int = 1


@dataclass(frozen=True)
class Fitted:
    """Tails of all columns and the level at which each is cut."""

    tails: Mapping[str, Tail]
    level: float

    def thresholds(self, scales: Mapping[str, Scale]) -> dict[str, float]:
        """The score from which on each column has drifted, on its own scale."""
        return {name: scales[name].score(tail.at(self.level)) for name, tail in self.tails.items()}


@dataclass(frozen=True)
class HeldOut:
    """How often the whole check alarmed on nights whose weeks it was not fitted on."""

    nights: int
    alarms: int
    interval: tuple[float, float]

    @property
    def rate(self) -> float:
        return self.alarms / self.nights if self.nights else 0.0


def blocks(days: Sequence[date], folds: int = FOLDS) -> np.ndarray[Any, Any]:
    """The fold of each night: blocks of ``BLOCK_DAYS`` days in turn, so that each fold sees every season."""
    import numpy as np

    return np.array([day.toordinal() // BLOCK_DAYS % folds for day in days], dtype=int)


@dataclass(frozen=True)
class Quiet:
    """Scores of quiet nights: of each column one a night, NaN where there was none.

    ``passed`` says which nights passed a threshold that an owner gave, a row for each night.
    """

    days: Sequence[date]
    scores: Scores
    scales: Mapping[str, Scale]
    passed: np.ndarray[Any, Any] | None = None

    @cached_property
    def laid(self) -> dict[str, np.ndarray[Any, Any]]:
        """Every column's scores on a scale without ends."""
        import numpy as np

        return {n: np.array([self.scales[n].spread(float(s)) for s in values]) for n, values in self.scores.items()}

    def tails(self, which: np.ndarray[Any, Any] | None = None) -> dict[str, Tail]:
        """The tail of every column, from some of the nights or from all."""
        chosen = slice(None) if which is None else which
        return {name: fit(values[chosen], self.scales[name].prior) for name, values in self.laid.items()}

    def of(self, which: np.ndarray[Any, Any]) -> Quiet:
        """Some of the nights."""
        days = [day for day, wanted in zip(self.days, which, strict=True) if wanted]
        scores = {name: values[which] for name, values in self.scores.items()}
        return Quiet(days, scores, self.scales, None if self.passed is None else self.passed[which])

    def strangest(self, tails: Mapping[str, Tail], rule: Rule) -> np.ndarray[Any, Any]:
        """The p-value that decides each night."""
        import numpy as np

        rare = p_values(self.laid, tails) if tails else np.ones((len(self.days), 0))
        given = [] if self.passed is None else [np.where(self.passed, 0.0, 1.0)]
        return strangest(np.hstack([rare, *given]), rule)


def calibrate(quiet: Quiet, rate: float, rule: Rule) -> Fitted:
    """Tails of every column, and the level at which the whole check alarms at ``rate``."""
    return Fitted(quiet.tails(), _level(quiet, rate, rule))


def held_out(quiet: Quiet, rate: float, rule: Rule) -> HeldOut:
    """What the check does on each fold when it is calibrated, level included, on the others alone."""
    import numpy as np

    fold, alarms = blocks(quiet.days), np.zeros(len(quiet.days), dtype=bool)
    for left_out in np.unique(fold):
        fitted = calibrate(quiet.of(fold != left_out), rate, rule)
        alarms |= (fold == left_out) & (quiet.strangest(fitted.tails, rule) <= fitted.level)
    return HeldOut(len(alarms), int(alarms.sum()), interval(int(alarms.sum()), len(alarms)))


def p_values(laid: Scores, tails: Mapping[str, Tail]) -> np.ndarray[Any, Any]:
    """How rare each score is: a row for each night, its columns in the order of ``tails``."""
    import numpy as np

    return np.array([[tail.p_value(float(s)) for s in laid[name]] for name, tail in tails.items()]).T


def strangest(p_values: np.ndarray[Any, Any], rule: Rule) -> np.ndarray[Any, Any]:
    """The p-value that decides each night: of the n-th strangest column, as it was on the best of the nights asked."""
    import numpy as np

    lasting = p_values.copy()
    for back in range(1, rule.nights):
        lasting[back:] = np.maximum(lasting[back:], p_values[:-back])
        lasting[:back] = 1.0
    return np.sort(lasting, axis=1)[:, min(rule.at_least, lasting.shape[1]) - 1]


def interval(alarms: int, nights: int) -> tuple[float, float]:
    """The exact binomial 95 % interval of a rate (Clopper and Pearson 1934)."""
    from scipy.stats import binomtest  # type: ignore[import-untyped]

    if not nights:
        return 0.0, 1.0
    found = binomtest(alarms, nights).proportion_ci(0.95, method="exact")
    return float(found.low), float(found.high)


def promise(nights: int, days_per_alarm: int) -> str:
    """What so many quiet nights can and cannot say about a rate, in a sentence."""
    most = nights // EXPECTED
    if most >= days_per_alarm:
        return f"{nights} quiet nights support 1 false alarm per {days_per_alarm} days"
    return (
        f"{nights} quiet nights support at most 1 false alarm per {most} days; "
        f"1 per {days_per_alarm} is drawn out of the tails, not seen"
    )


def _level(quiet: Quiet, rate: float, rule: Rule) -> float:
    """The p-value that the strangest column of a night undercuts at ``rate``, judged on folds left out."""
    import numpy as np

    fold, strange = blocks(quiet.days), np.ones(len(quiet.days))
    for left_out in np.unique(fold):
        inside = fold == left_out
        tails = quiet.tails(~inside)
        strange[inside] = quiet.strangest(tails, rule)[inside]
    surprise = -np.log(np.maximum(strange, LEAST))
    return exp(-fit(surprise).at(rate))
