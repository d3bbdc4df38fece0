"""The two-sample methods that a drift check may name, and which way each of them points.

Evidently's report says a score but not whether drift lies above or below the threshold, so the direction stands here.
Left out on purpose: ``anderson`` (broken by newer SciPy), ``empirical_mmd`` and ``TVD`` (minutes a column),
``chisquare`` and ``g_test`` (they take the reference frequencies as exact: up to 87 % false alarms at p < 0.05),
``z`` and ``fisher_exact`` (two categories only).
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["numerical", "categorical"]


@dataclass(frozen=True)
class Method:
    """A way to compare two samples of one column.

    ``drift`` says where drift lies: ``below`` the threshold for p-values, ``above`` it for distances.
    ``kinds`` are the kinds of column it can compare, the one it stands for first; ``limit`` is the largest score.
    """

    name: str
    drift: Literal["above", "below"]
    kinds: tuple[Kind, ...]
    limit: float = float("inf")

    def strength(self, score: float, threshold: float) -> float:
        """How far a score has gone towards its threshold: 0 for none, 1 at it, more than 1 beyond.

        Distances are divided by the threshold; p-values are compared by their logarithms.
        """
        from math import log

        if self.drift == "above":
            return score / threshold
        return log(min(max(score, 1e-300), 1.0)) / log(threshold)


_NUMERICAL: tuple[Kind, ...] = ("numerical",)
_CATEGORICAL: tuple[Kind, ...] = ("categorical",)
_BOTH: tuple[Kind, ...] = ("numerical", "categorical")

METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        Method("wasserstein", "above", _NUMERICAL),
        Method("psi", "above", _BOTH),
        Method("jensenshannon", "above", ("categorical", "numerical"), limit=1.0),
        Method("hellinger", "above", ("categorical", "numerical"), limit=1.0),
        Method("kl_div", "above", ("categorical", "numerical")),
        Method("ed", "above", _NUMERICAL),
        Method("ks", "below", _NUMERICAL, limit=1.0),
        Method("cramer_von_mises", "below", _NUMERICAL, limit=1.0),
        Method("mannw", "below", _NUMERICAL, limit=1.0),
        Method("es", "below", _NUMERICAL, limit=1.0),
        Method("t_test", "below", _NUMERICAL, limit=1.0),
        Method("chi2_two_sample", "below", _CATEGORICAL, limit=1.0),
    )
}
