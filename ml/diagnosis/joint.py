"""Values that cannot be together.

When the world moves, columns that hang together move together: a cold day is dry. When a feed breaks, one moves
alone. So a moved number is foretold from the other columns, as they hung together in the reference; if it moved and
the others cannot explain it, the row is not of this world.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ml.diagnosis.case import DAY, Case, Evidence

if TYPE_CHECKING:
    import numpy
    import pandas

SAMPLE, LEAST_EXPLAINED, FAR = 4000, 0.5, 3.0
FOLDS = 3
WILD, LEAST_ROWS = 3.0, 200


def impossible(case: Case) -> Iterator[Evidence]:
    """A moved number that the other columns cannot explain, though they could before.

    Two foretellers of different make must agree that it cannot be: trees do not see beyond what they have seen, a
    straight line does, and a day that is colder than any before must not look broken because trees fail there.
    """
    for column in case.moved_numbers:
        ratio = surprise(case, column)
        if ratio is not None and ratio >= FAR:
            worst = f"{ratio:.1f} times as far from what the other columns foretell as on the worst day before"
            sentence = f"{column} lies {worst}"
            yield Evidence("data fault", "impossible", min(0.5 + ratio / 20, 0.9), sentence, column)


def impossible_rows(case: Case) -> Iterator[Evidence]:
    """Single rows that the other columns cannot explain at all: a spike that moves no distribution."""
    for column in case.numbers:
        others = _others(case, column)
        told = _foretold(case, column, others, _line) if others else None
        if told is None:
            continue
        usual, now = told.usual.max(), told.now
        wild = int((now > WILD * usual).sum())
        if 0 < wild <= 0.2 * len(now):
            far = f"{now.max() / usual:.1f} times as far from what the other columns foretell as any row before"
            sentence = f"{column} lies in {wild} of {len(now)} rows up to {far}"
            yield Evidence("data fault", "impossible rows", 0.6, sentence, column)


def surprise(case: Case, column: str) -> float | None:
    """How much further the column lies from what the others foretell than on the worst reference day.

    None when the others explained less than half of it before.
    """
    others = _others(case, column)
    ratio = _ratio(case, column, others, _line) if others else None
    if ratio is None or ratio < FAR:
        return ratio
    second = _ratio(case, column, others, _trees)
    return ratio if second is None else min(ratio, second)


@dataclass(frozen=True)
class Told:
    """How far each reference row (held out) and each current row lies from what was foretold; the former's days."""

    usual: "numpy.ndarray[Any, Any]"
    days: "numpy.ndarray[Any, Any]"
    now: "numpy.ndarray[Any, Any]"
    spread: float


def _ratio(case: Case, column: str, others: list[str], make: Any) -> float | None:
    import numpy

    told = _foretold(case, column, others, make)
    if told is None:
        return None
    worst = max(float(numpy.median(told.usual[told.days == day])) for day in numpy.unique(told.days))
    return float(numpy.median(told.now)) / max(worst, 1e-3 * told.spread, 1e-12)


def _others(case: Case, column: str) -> list[str]:
    return [c for c in (*case.numbers, *case.categories) if c not in (column, case.label)]


def _foretold(case: Case, column: str, others: list[str], make: Any) -> Told | None:
    """None when there are too few rows, or when the others explain less than half of the column."""
    import numpy

    known = _thinned(case.before.dropna(subset=[column]))
    now = case.after.dropna(subset=[column])
    if len(known) < LEAST_ROWS or now.empty:
        return None
    inputs, current = _matrix(known, now, others)
    truth, days = known[column].to_numpy(dtype=float), known[DAY].to_numpy()
    foretold = _held_out(make, inputs, truth, days)
    if 1 - numpy.var(truth - foretold) / max(numpy.var(truth), 1e-12) < LEAST_EXPLAINED:
        return None
    miss = numpy.abs(now[column].to_numpy(dtype=float) - make().fit(inputs, truth).predict(current))
    return Told(numpy.abs(truth - foretold), days, miss, float(numpy.std(truth)))


def _held_out(make: Any, inputs: Any, truth: Any, days: Any) -> "numpy.ndarray[Any, Any]":
    """Each row foretold by a model that has not seen its day."""
    import numpy
    from sklearn.model_selection import GroupKFold

    foretold = numpy.full(len(truth), float(truth.mean()))
    for fit, hold in GroupKFold(min(FOLDS, len(numpy.unique(days)))).split(inputs, truth, days):
        foretold[hold] = make().fit(inputs[fit], truth[fit]).predict(inputs[hold])
    return foretold


def _line() -> Any:
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), Ridge(alpha=1.0))


def _trees() -> Any:
    from sklearn.ensemble import HistGradientBoostingRegressor

    return HistGradientBoostingRegressor(max_iter=60, max_leaf_nodes=15, early_stopping=False, random_state=0)


def _thinned(frame: "pandas.DataFrame") -> "pandas.DataFrame":
    return frame if len(frame) <= SAMPLE else frame.sample(SAMPLE, random_state=0)


def _matrix(known: "pandas.DataFrame", now: "pandas.DataFrame", columns: list[str]) -> tuple[Any, Any]:
    """Both frames as numbers: medians for nulls, a column for each of the twelve most frequent categories."""
    import numpy
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    left: list[Any] = []
    right: list[Any] = []
    for column in columns:
        if is_numeric_dtype(known[column]) and not is_bool_dtype(known[column]):
            middle = known[column].median()
            for side, parts in ((known, left), (now, right)):
                values = side[column].to_numpy(dtype=float, na_value=numpy.nan)
                parts.append(numpy.where(numpy.isfinite(values), values, 0.0 if numpy.isnan(middle) else middle))
            continue
        for value in known[column].value_counts().index[:12]:
            left.append((known[column] == value).to_numpy(dtype=float, na_value=0.0))
            right.append((now[column] == value).to_numpy(dtype=float, na_value=0.0))
    return numpy.column_stack(left), numpy.column_stack(right)
