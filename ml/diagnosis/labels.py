"""What the labels say: the answer itself moved, or what leads to it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ml.diagnosis.case import DAY, Case, Evidence

if TYPE_CHECKING:
    import numpy
    import pandas

LEAST_LABELS, LEAST_DAYS = 200, 10
FAR = 3.0


def answers(case: Case) -> Iterator[Evidence]:
    """Label shift or concept shift, told apart by how well the champion still orders the rows.

    The gap between what happened and what the champion foretold rises in both. When only the base rate moved, the
    rows of each class look as they did, so the order holds (Lipton et al. 2018, https://arxiv.org/abs/1802.03916);
    when what leads to the label changed, the order breaks.
    """
    days = _days(case)
    if days is None:
        return
    before, after = days
    gap, order = abs(_far(before, after, "gap")), _far(before, after, "order")
    if order <= -FAR or (gap >= 2 * FAR and order <= -0.7 * FAR):
        aucs = f"AUC {after['order']:.2f}, usually {before['order'].median():.2f}"
        sentence = f"the champion orders the rows worse than it did: {aucs}"
        yield Evidence("concept shift", "order", 0.8, sentence)
    elif gap >= FAR:
        rates = f"the label's rate is {after['rate']:.1%} where the champion foretold {after['foretold']:.1%}"
        sentence = f"{rates}, and it orders the rows as before (AUC {after['order']:.2f})"
        yield Evidence("label shift", "base rate", 0.8, sentence)


def _days(case: Case) -> "tuple[pandas.DataFrame, pandas.Series[Any]] | None":
    """Each reference day's figures, and those of the current rows as one."""
    import pandas

    if case.label is None or case.predict is None or case.label not in case.answered:
        return None
    newest = case.answered[case.answered[case.label].notna()]
    older = case.before[case.before[case.label].notna() & ~case.before[DAY].isin(newest[DAY])]
    known = (older, newest)
    if len(known[1]) < LEAST_LABELS or known[0][DAY].nunique() < LEAST_DAYS:
        return None
    size = known[1][DAY].nunique()
    figures = [_figures(case, block) for block in _blocks(known[0], size)]
    before = pandas.DataFrame([f for f in figures if f is not None])
    after = _figures(case, known[1])
    return None if after is None or len(before) < LEAST_DAYS // 2 else (before, pandas.Series(after))


def _blocks(frame: "pandas.DataFrame", size: int) -> Iterator["pandas.DataFrame"]:
    days = sorted(frame[DAY].unique())
    for n in range(0, len(days) - size + 1, size):
        yield frame[frame[DAY].isin(days[n : n + size])]


def _figures(case: Case, frame: "pandas.DataFrame") -> dict[str, float] | None:
    from sklearn.metrics import roc_auc_score

    truth = frame[str(case.label)].astype(float).to_numpy()
    if len(set(truth)) != 2:
        return None
    foretold: numpy.ndarray[Any, Any] = case.predict(frame)  # type: ignore[misc]
    rate, mean = float(truth.mean()), float(foretold.mean())
    order = float(roc_auc_score(truth, foretold))
    return {"rate": rate, "foretold": mean, "gap": rate - mean, "order": order}


def _far(before: "pandas.DataFrame", after: "pandas.Series[Any]", name: str) -> float:
    """How many robust deviations the current figure lies from the reference days' median."""
    middle = before[name].median()
    spread = 1.4826 * (before[name] - middle).abs().median()
    return float((after[name] - middle) / max(spread, 0.005))
