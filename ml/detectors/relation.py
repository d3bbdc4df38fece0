"""How columns hang together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from ml.detectors.counts import LARGEST, floats
from ml.detectors.detector import Place, ScoredDetector
from ml.detectors.windows import Night

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from ml.detectors.detector import Scores

    Array = np.ndarray[Any, Any]

RIDGE = 1e-3
SCARCE = 1e-9


@dataclass(frozen=True)
class Moments:
    """Sums of products over the rows of a day that have a target: of 1, the columns, their gaps, and the target."""

    of: dict[str, Array]


class Relation(ScoredDetector):
    """Each numeric column against what a straight line through the others, and the time of day, makes of it.

    Temperature comes and goes, but not without dew point and humidity: what is ordinary for a column alone may be
    impossible beside the others. The line is fitted anew on each night's reference days, from sums of products that
    are merged, never from rows. The score is the size of today's residuals (root of their mean square) in units of
    the reference's.
    """

    says: ClassVar[str] = "today's residuals, given the other columns, in units of the reference's"

    kind: Literal["relation"] = "relation"
    columns: tuple[str, ...] = Field(
        default=(),
        description="The columns to explain, each by all others; left out, all numeric ones that are compared.",
    )
    by: tuple[str, ...] = Field(default=(), description="More numeric columns that may explain them.")

    def names(self, place: Place) -> tuple[str, ...]:
        return self.called(self._targets(place)) if len(self._all(place)) > 1 else ()

    def summary(self, rows: pl.DataFrame, place: Place) -> Moments:
        import numpy as np

        names = self._all(place)
        table = _numbers(rows, names)
        gaps = np.isnan(table)
        minutes = _minutes(rows, place.event_time)
        full = np.column_stack([np.ones(rows.height), minutes, np.where(gaps, 0.0, table), gaps])
        every = full.T @ full
        found = {}
        for target in self._targets(place):
            there = ~gaps[:, names.index(target)]
            products = every if there.all() else full[there].T @ full[there]
            found[target] = products[np.ix_(*[_order(len(names), names.index(target))] * 2)]
        return Moments(found)

    def scores(
        self, days: Sequence[date], summaries: Sequence[Moments], nights: Sequence[Night], min_rows: int, place: Place
    ) -> Scores:
        import numpy as np

        found = {}
        for target in self._targets(place) if self.names(place) else ():
            daily = np.stack([summary.of[target] for summary in summaries])
            values = (_residuals(_sum(daily, n.reference), _sum(daily, n.current), min_rows) for n in nights)
            found[f"relation: {target}"] = np.array(list(values))
        return found

    def _targets(self, place: Place) -> tuple[str, ...]:
        return self.columns or place.of_kind("numerical")

    def _all(self, place: Place) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*place.of_kind("numerical"), *self._targets(place), *self.by)))


def _numbers(rows: pl.DataFrame, columns: Iterable[str]) -> Array:
    """The columns as floats, NaN where there is no finite number."""
    import numpy as np
    import polars as pl

    gone = pl.Series([None] * rows.height, dtype=pl.Float64)
    there = (floats(rows[column]) if column in rows.columns else gone for column in columns)
    filled = [values.fill_null(float("nan")).to_numpy() for values in there]
    table = np.column_stack(filled)
    # the square of a sum over days of anything larger would swamp all other rows
    return np.where(np.abs(table) <= LARGEST**0.5, table, np.nan)


def _minutes(rows: pl.DataFrame, event_time: str) -> Array:
    times = rows[event_time]
    return (times.dt.hour().cast(int) * 60 + times.dt.minute().cast(int)).cast(float).fill_null(0.0).to_numpy()


def _order(columns: int, target: int) -> list[int]:
    """Of 1, the minutes, all columns and all gaps the places that a target's moments have, the target last."""
    others = [place for place in range(columns) if place != target]
    return [0, 1, *(2 + place for place in others), *(2 + columns + place for place in others), 2 + target]


def _sum(daily: Array, places: Sequence[int]) -> Array:
    total: Array = daily[list(places)].sum(axis=0)
    return total


def _residuals(reference: Array, current: Array, min_rows: int) -> float:
    """The size of the current residuals under the reference's line, in units of the reference's."""
    import numpy as np

    if min(reference[0, 0], current[0, 0]) < min_rows:
        return float("nan")
    basis = _basis(reference)
    before, after = (basis.T @ (side / side[0, 0]) @ basis for side in (reference, current))
    inner = before[1:-1, 1:-1] + RIDGE * np.eye(len(before) - 2)
    line = np.concatenate([[0.0], -np.linalg.solve(inner, before[1:-1, -1]), [1.0]])
    usual, today = (float(np.sqrt(max(line @ side @ line, 0.0))) for side in (before, after))
    return today / max(usual, 1e-6)


def _basis(moments: Array) -> Array:
    """What makes of the raw columns centred ones of unit size, with a gap at the middle of its column."""
    import numpy as np

    size = len(moments)
    others = (size - 3) // 2
    rows, basis = moments[0, 0], np.eye(size)
    for place in range(2, 2 + others):
        gap = place + others
        middle = moments[0, place] / max(rows - moments[0, gap], 1.0)
        basis[gap, place] = middle
        basis[0, place] = -middle
    for place in (1, *range(2 + others, size)):
        basis[0, place] = -moments[0, place] / rows
    spread = np.sqrt(np.maximum(np.diag(basis.T @ (moments / rows) @ basis), 0.0))
    scale = np.where(spread > SCARCE, 1 / np.maximum(spread, SCARCE), 0.0)
    scale[0] = 1.0
    scaled: Array = basis * scale
    return scaled
