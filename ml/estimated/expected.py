"""What a metric is expected to be on rows whose labels are not known, when the chance of each label is.

Confidence-based performance estimation: each row counts as a 1 by its chance and as a 0 by the rest (NannyML, *CBPE*,
https://nannyml.readthedocs.io/en/stable/how_it_works/performance_estimation.html; the calibrated chance in place of the
score itself, and a difference to what was realised in place of a promise, are what Guillory et al. 2021, *Predicting
with Confidence on Unseen Distributions*, arXiv:2107.03315, and Garg et al. 2022, *Leveraging Unlabeled Data to Predict
Out-of-Distribution Performance*, arXiv:2201.04234, found to help).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]


def log_loss(scores: Array, chances: Array) -> float:
    import numpy

    tiny = numpy.finfo("float64").eps
    within = numpy.clip(scores, tiny, 1 - tiny)
    return float(-(chances * numpy.log(within) + (1 - chances) * numpy.log1p(-within)).mean())


def brier(scores: Array, chances: Array) -> float:
    return float((chances * (1 - scores) ** 2 + (1 - chances) * scores**2).mean())


def accuracy(scores: Array, chances: Array) -> float:
    import numpy

    return float(numpy.where(scores >= 0.5, chances, 1 - chances).mean())


def roc_auc(scores: Array, chances: Array) -> float:
    """The share of pairs of a 1 and a 0 in the right order, each pair by its chance; ties count half."""
    import numpy

    order = numpy.argsort(scores, kind="stable")
    ranked, ones = scores[order], chances[order]
    zeros = 1 - ones
    first = numpy.searchsorted(ranked, ranked, side="left")
    after = numpy.searchsorted(ranked, ranked, side="right")
    below = numpy.concatenate([[0.0], numpy.cumsum(zeros)])
    # a row is no pair with itself
    right = ones * (below[first] + 0.5 * (below[after] - below[first] - zeros))
    pairs = ones.sum() * zeros.sum() - (ones * zeros).sum()
    return float(right.sum() / pairs) if pairs > 0 else float("nan")


EXPECTED: Mapping[str, Callable[[Array, Array], float]] = {
    "log_loss": log_loss,
    "brier": brier,
    "accuracy": accuracy,
    "roc_auc": roc_auc,
}
