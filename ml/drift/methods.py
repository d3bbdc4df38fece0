"""The two-sample methods that a drift check may name, and which way each of them points.

Evidently's report gives a score but not whether drift lies above or below the threshold, so that stands here.
Left out on purpose: ``chisquare`` and ``g_test`` (they take the reference frequencies as exact: up to 87 % false alarms
at p < 0.05), ``mannw`` (one-sided: blind to a fall), ``es`` (raises when the middle half of the values is constant),
``anderson`` (broken by newer SciPy), ``empirical_mmd`` and ``TVD`` (minutes a column), ``z`` and ``fisher_exact``
(two categories only).
"""

from dataclasses import dataclass
from math import inf, log
from typing import Literal

Kind = Literal["numerical", "categorical"]

SMALLEST_P_VALUE = 1e-300


@dataclass(frozen=True)
class Method:
    """A way to compare two samples of one column.

    ``drift`` says where drift lies: ``below`` the threshold for p-values, ``above`` it for distances. ``kinds`` are the
    kinds of column that it compares, the usual one first. No score reaches ``limit``. ``idea`` is for the owner.
    """

    name: str
    drift: Literal["above", "below"]
    kinds: tuple[Kind, ...]
    idea: str
    limit: float = inf

    def passed(self, score: float, threshold: float) -> bool:
        """Whether the score says drift: a distance at the threshold or above it, a p-value below it."""
        return score >= threshold if self.drift == "above" else score < threshold

    def strength(self, score: float, threshold: float) -> float:
        """How far a score has gone towards its threshold: 0 for not at all, 1 at it, more beyond it.

        A distance is divided by its threshold; of p-values the logarithms are divided.
        """
        if self.drift == "above":
            return score / threshold
        return log(min(max(score, SMALLEST_P_VALUE), 1.0)) / log(threshold)


_NUMERICAL: tuple[Kind, ...] = ("numerical",)
_CATEGORICAL: tuple[Kind, ...] = ("categorical",)
_EITHER: tuple[Kind, ...] = ("categorical", "numerical")

_ALL = (
    Method("wasserstein", "above", _NUMERICAL, "mean distance of the sorted values, in reference standard deviations"),
    Method("ed", "above", _NUMERICAL, "energy distance, in the root of the column's own unit"),
    Method("psi", "above", _EITHER, "population stability index over bins or categories"),
    Method("jensenshannon", "above", _EITHER, "Jensen-Shannon distance, natural logarithm: 0.8326 is the most", 0.8326),
    Method("hellinger", "above", _EITHER, "Hellinger distance", 1.0),
    Method("kl_div", "above", _EITHER, "Kullback-Leibler divergence of the reference from the current rows"),
    Method("ks", "below", _NUMERICAL, "p-value of the Kolmogorov-Smirnov test", 1.0),
    Method("cramer_von_mises", "below", _NUMERICAL, "p-value of the Cramér-von Mises test", 1.0),
    Method("t_test", "below", _NUMERICAL, "p-value of Student's test: sees the mean alone", 1.0),
    Method("chi2_two_sample", "below", _CATEGORICAL, "p-value of the chi-square test of both samples", 1.0),
)

METHODS: dict[str, Method] = {method.name: method for method in _ALL}


def direction(method: str) -> Literal["above", "below"]:
    """Where drift lies by this method; a detector beside the columns is no method, its scores drift above."""
    return METHODS[method].drift if method in METHODS else "above"


def reached(method: str, score: float | None, threshold: float | None) -> float | None:
    """How far a score has gone towards its threshold, 1 at it; None where either is missing."""
    if score is None or threshold is None:
        return None
    return METHODS[method].strength(score, threshold) if method in METHODS else score / threshold
