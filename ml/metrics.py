"""The metrics a model is judged by, and which way each of them points."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]

Task = Literal["classification", "regression"]
MetricName = Literal["log_loss", "brier", "roc_auc", "average_precision", "accuracy", "mae", "rmse", "r2"]


@dataclass(frozen=True)
class Metric:
    """What a metric is called, which of two values is the better one, the task that it belongs to, and the least and
    the largest value that it can have.
    """

    name: MetricName
    better: Literal["higher", "lower"]
    task: Task
    least: float
    most: float

    def possible(self, interval: tuple[float, float] | None) -> tuple[float, float] | None:
        """The part of an interval that the metric can lie in: no loss is below zero, however few days there were."""
        return None if interval is None else (max(interval[0], self.least), min(interval[1], self.most))

    def worse_by(self, value: float, other: float) -> float:
        """How much worse ``value`` is than ``other``, in units of the metric; negative when it is better.

        Rounded to twelve digits: 0.52 is worse than 0.5 by 0.02, not by a hair more than a margin of 0.02.
        """
        return round(value - other if self.better == "lower" else other - value, 12)


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("log_loss", "lower", "classification", 0, inf),
        Metric("brier", "lower", "classification", 0, 1),
        Metric("roc_auc", "higher", "classification", 0, 1),
        Metric("average_precision", "higher", "classification", 0, 1),
        Metric("accuracy", "higher", "classification", 0, 1),
        Metric("mae", "lower", "regression", 0, inf),
        Metric("rmse", "lower", "regression", 0, inf),
        Metric("r2", "higher", "regression", -inf, 1),
    )
}


def log_losses(y: "Array", probability: "Array") -> "Array":
    """The log-loss of each row. As in scikit-learn, a probability of 0 or 1 that is wrong costs 36, not infinity."""
    import numpy

    tiny = numpy.finfo("float64").eps
    p = numpy.clip(probability.astype("float64"), tiny, 1 - tiny)
    return numpy.asarray(-(y * numpy.log(p) + (1 - y) * numpy.log1p(-p)))


def squared_errors(y: "Array", prediction: "Array") -> "Array":
    """The squared error of each row."""
    return (prediction.astype("float64") - y) ** 2


ROW_LOSSES: "Mapping[str, Callable[[Array, Array], Array]]" = {
    "log_loss": log_losses,
    "brier": squared_errors,
    "accuracy": lambda y, p: 1.0 * ((p >= 0.5) != (y == 1)),
    "mae": lambda y, p: abs(p - y),
}
"""What a row adds to each metric that is a mean over rows, of its label and its prediction; less is better."""


def compute(task: Task, y: Any, prediction: Any) -> dict[str, float]:
    """Every metric of ``task`` that these rows allow.

    ``y`` are the labels (0 or 1 for classification), ``prediction`` the probabilities of 1, or the predicted numbers.
    A metric that is not defined here, such as roc_auc on rows of one class, is left out. A prediction that is not
    finite makes every metric NaN, which no gate lets pass.
    """
    import numpy

    y, prediction = numpy.asarray(y, dtype="float64"), numpy.asarray(prediction, dtype="float64")
    if not numpy.isfinite(prediction).all():
        return {name: float("nan") for name, metric in METRICS.items() if metric.task == task}
    return _classification(y, prediction) if task == "classification" else _regression(y, prediction)


def beside(task: Task, said: float, came: float) -> str:
    """The mean of predictions beside that of labels, for a person: as shares, or as they are."""
    number = "{:.1%}" if task == "classification" else "{:.4g}"
    return f"said {number.format(said)}, came {number.format(came)}"


def _classification(y: "numpy.ndarray[Any, Any]", probability: "numpy.ndarray[Any, Any]") -> dict[str, float]:
    from sklearn import metrics

    y = y.astype("int64")
    scores = {
        "log_loss": metrics.log_loss(y, probability, labels=[0, 1]),
        "brier": ((probability - y) ** 2).mean(),
        "accuracy": ((probability >= 0.5) == (y == 1)).mean(),
    }
    if 0 < y.sum() < len(y):
        scores["roc_auc"] = metrics.roc_auc_score(y, probability)
        scores["average_precision"] = metrics.average_precision_score(y, probability)
    return {name: float(scores[name]) for name in METRICS if name in scores}


def _regression(y: "numpy.ndarray[Any, Any]", prediction: "numpy.ndarray[Any, Any]") -> dict[str, float]:
    error = prediction - y
    scores = {"mae": float(abs(error).mean()), "rmse": float((error**2).mean() ** 0.5)}
    spread = float(((y - y.mean()) ** 2).sum())
    return scores | ({"r2": 1 - float((error**2).sum()) / spread} if spread > 0 else {})
