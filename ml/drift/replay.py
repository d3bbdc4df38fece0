"""The scores of any night, past or tonight's, from summaries of its days: what a calibration learns thresholds from.

The columns' scores are Evidently's own (see ``ml.detectors.distances``), the detectors' their own; nothing here knows
where the days come from, nor which thresholds hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from ml.calibration.tails import Scale
from ml.detectors.counts import Counts, Merged
from ml.detectors.detector import Place, ScoredDetector
from ml.detectors.distances import distance
from ml.detectors.novel import counted
from ml.detectors.windows import Night
from ml.drift.checks import ColumnCheck
from ml.drift.methods import METHODS

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Scores = dict[str, np.ndarray[Any, Any]]
    Counted = tuple[Mapping[str, Counts], tuple[Any, ...]]

COLUMN_FLOOR = 1e-4


@dataclass(frozen=True)
class Day:
    """One accepted day, summed up: the counts of each compared column, and what each detector keeps of it."""

    day: date
    columns: Mapping[str, Counts]
    detectors: tuple[Any, ...]


@dataclass(frozen=True)
class Replay:
    """What is scored: the columns by their checks, and the detectors beside them."""

    checks: Mapping[str, ColumnCheck]
    detectors: tuple[ScoredDetector, ...]
    min_rows: int
    place: Place

    def day(self, day: date, rows: pl.DataFrame, most: int | None = None) -> Day:
        """A day's rows summed up; of more than ``most`` rows, so many at even distances in the order they have."""
        seen = thinned(rows, most)
        return self.put_together(day, self.counted(seen), self.answered(seen))

    def counted(self, rows: pl.DataFrame) -> Counted:
        """What the rows alone say: the counts of each column, and what the detectors keep that ask no champion."""
        columns = {name: counted(rows, name, check.column_kind) for name, check in self.checks.items()}
        quiet = (d for d in self.detectors if not d.asks)
        return columns, tuple(d.summary_beside(rows, self.place, columns) for d in quiet)

    def answered(self, rows: pl.DataFrame) -> tuple[Any, ...]:
        """What the detectors keep that ask the champion about the rows."""
        return tuple(d.summary(rows, self.place) for d in self.detectors if d.asks)

    def put_together(self, day: date, counted: Counted, answered: tuple[Any, ...]) -> Day:
        columns, kept = counted
        parts = {False: iter(kept), True: iter(answered)}
        return Day(day, columns, tuple(next(parts[d.asks]) for d in self.detectors))

    def settings(self, asks: bool) -> list[Any]:
        """What ``counted`` (or ``answered``, if it ``asks``) depends on besides the rows and the champion."""
        place, detectors = self.place, [d.model_dump(mode="json") for d in self.detectors if d.asks == asks]
        return [place.event_time, dict(place.columns), place.label, place.task, detectors]

    def scores(self, days: Sequence[Day], nights: Sequence[Night]) -> Scores:
        """Of every column and detector one score for each night; NaN where there were not enough rows."""
        dates = [day.day for day in days]
        found = {name: self._column(name, days, nights) for name in self.checks}
        for place, detector in enumerate(self.detectors):
            kept = [day.detectors[place] for day in days]
            found |= detector.scores(dates, kept, nights, self.min_rows, self.place)
        return found

    def scales(self) -> dict[str, Scale]:
        """How each score is laid out before its tail is fitted."""
        methods = {name: METHODS[check.method] for name, check in self.checks.items()}
        scales = {name: Scale(method.drift, method.limit, COLUMN_FLOOR) for name, method in methods.items()}
        return scales | {name: d.scale for d in self.detectors for name in d.names(self.place)}

    def _column(self, name: str, days: Sequence[Day], nights: Sequence[Night]) -> np.ndarray[Any, Any]:
        import numpy as np

        check, dates = self.checks[name], [day.day for day in days]
        merged = Merged.of([day.columns[name] for day in days])
        windows = [night.given(dates, check.given, check.reference) for night in nights]
        references = merged.rolling(window.reference for window in windows)
        pairs = ((before, merged.together(w.current)) for before, w in zip(references, windows, strict=True))
        return np.array([self._score(check, merged, before, after) for before, after in pairs])

    def _score(self, check: ColumnCheck, merged: Merged, before: Any, after: Any) -> float:
        if min(before.sum(), after.sum()) < self.min_rows:
            return float("nan")
        return distance(check.method, merged.values, before, after, check.column_kind == "numerical")


def thinned(rows: pl.DataFrame, most: int | None) -> pl.DataFrame:
    """At most so many rows, at even distances: the same rows for the same day, whoever asks."""
    if most is None or rows.height <= most:
        return rows
    return rows[evenly(rows.height, most)]


def evenly(rows: int, most: int) -> Sequence[int]:
    """The places of ``most`` of so many rows, at even distances; of fewer rows, all."""
    return range(rows) if rows <= most else [place * rows // most for place in range(most)]
