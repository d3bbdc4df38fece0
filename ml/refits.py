"""The refitted model beside the one that the gates judged: is it still that model, only fresher?

What is promoted has been judged by nobody: the same recipe was, fitted without the newest days. The refitted model
has learned from the held-out rows too, so there it must rank as the judged one does, give numbers, keep the level of
the labels, and lose no more than the model that had never seen them.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ml import training
from ml.config import Model, RefitLimits
from ml.gates.gate import number
from ml.metrics import compute
from ml.records import Finding

if TYPE_CHECKING:
    import numpy
    import pandas as pd

GATE = "refit"


def findings(model: Model, limits: RefitLimits, judged: Any, refitted: Any, probe: "pd.DataFrame") -> list[Finding]:
    """What speaks for and against a refitted model on ``probe``, the labelled rows on which its twin was judged.

    Without finite numbers there is one finding, for nothing else can be said of such a model.

    Raises
    ------
    TrainingError
        One of the two cannot predict these rows.
    """
    import numpy

    was = training.predict(model.task, judged, probe)
    now = training.predict(model.task, refitted, probe)
    odd = int((~numpy.isfinite(now)).sum())
    if odd:
        sentence = f"{odd:,} of {len(now):,} predictions of the refitted model are not finite; the judged model gave "
        return [_found(False, f"{sentence}{int((~numpy.isfinite(was)).sum()):,} such")]
    if len(now) > 1 and numpy.ptp(now) == 0:
        return [_found(False, f"the refitted model predicts {number(now[0])} for all of {len(now):,} held-out rows")]
    y = training.label(model.task, probe[model.label])
    return list(_compared(model, limits, y, was, now))


def _compared(
    model: Model,
    limits: RefitLimits,
    y: "numpy.ndarray[Any, Any]",
    was: "numpy.ndarray[Any, Any]",
    now: "numpy.ndarray[Any, Any]",
) -> Iterator[Finding]:
    ranks, move = alike(was, now)
    yield _found(
        ranks >= limits.ranks,
        f"the refitted model ranks {len(y):,} held-out rows as the judged one with a correlation of {number(ranks)}; "
        f"at least {number(limits.ranks)} is required",
    )
    yield _found(
        move <= limits.move,
        f"the refitted model's predictions moved by {number(move)} of their spread on average; at most "
        f"{number(limits.move)} is allowed",
    )
    before, after, spread = float((y - was).mean()), float((y - now).mean()), float(y.std())
    allowed = abs(before) + limits.level * spread
    yield _found(
        abs(after) <= allowed,
        f"the refitted model's mean prediction is off the labels by {number(after)} on rows that it was fitted on, "
        f"the judged model's by {number(before)}: calibration is kept within {number(allowed)}",
    )
    yield _lost(model, limits, y, was, now)


def _lost(
    model: Model,
    limits: RefitLimits,
    y: "numpy.ndarray[Any, Any]",
    was: "numpy.ndarray[Any, Any]",
    now: "numpy.ndarray[Any, Any]",
) -> Finding:
    metric = "log_loss" if model.task == "classification" else "rmse"
    before, after = (compute(model.task, y, prediction)[metric] for prediction in (was, now))
    return _found(
        after <= before * (1 + limits.worse),
        f"the refitted model's {metric} is {number(after)} on rows that it was fitted on, and the judged model's, "
        f"which had not seen them, {number(before)}; at most {number(before * (1 + limits.worse))} is allowed",
    )


def alike(was: "numpy.ndarray[Any, Any]", now: "numpy.ndarray[Any, Any]") -> tuple[float, float]:
    """Spearman's rank correlation of two models' predictions, and the mean absolute move in units of their spread.

    The spread is the standard deviation of the first. A first model that says the same of every row has no ranks to
    keep and no spread: the correlation is then 0 and the move infinite.
    """
    from scipy.stats import spearmanr  # type: ignore[import-untyped]

    spread = float(was.std())
    if (was == was[0]).all():
        return 0.0, float("inf")
    return float(spearmanr(was, now)[0]), float(abs(was - now).mean() / spread)


def _found(passed: bool, sentence: str) -> Finding:
    return Finding(gate=GATE, passed=bool(passed), sentence=sentence)
