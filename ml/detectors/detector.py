"""What every detector beside Evidently's columns has and gives: scores, one for each night, as a column has one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from ml.calibration.tails import Scale
from ml.detectors.counts import Counts
from ml.detectors.windows import Night
from ml.section import Section

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Scores = dict[str, np.ndarray[Any, Any]]

Kind = Literal["numerical", "categorical"]
Task = Literal["classification", "regression"]


@dataclass(frozen=True)
class Place:
    """What a detector may know of the pipeline: its event time, the compared columns, its labels, its champion.

    ``label`` is known ``label_delay`` days after its day. ``predict`` gives the champion's score of each row; None
    while nothing is in Production. ``fitted_to`` is the newest day that the champion was fitted on; ``champion`` is
    the model's address, another for each that was ever fitted.
    """

    event_time: str
    columns: Mapping[str, Kind] = field(default_factory=dict)
    predict: Callable[[pl.DataFrame], np.ndarray[Any, Any]] | None = None
    label: str | None = None
    task: Task = "classification"
    label_delay: int = 0
    fitted_to: date | None = None
    champion: str | None = None

    def of_kind(self, kind: Kind) -> tuple[str, ...]:
        return tuple(column for column, its in self.columns.items() if its == kind)


class ScoredDetector(Section):
    """A view of the days that no column has alone.

    A day is summed up once (``summary``); ``scores`` compares summaries, as many nights at once as are asked for, so
    that tonight and the nights of a calibration go through the same arithmetic. The larger a score, the more drift.
    ``asks`` says that a summary depends on the champion too; it is counted anew for each.
    """

    kind: Any
    scale: ClassVar[Scale] = Scale()
    says: ClassVar[str]
    asks: ClassVar[bool] = False

    @abstractmethod
    def names(self, place: Place) -> tuple[str, ...]:
        """What the scores are called; empty when the pipeline has nothing for this detector."""

    @abstractmethod
    def summary(self, rows: pl.DataFrame, place: Place) -> Any:
        """All that ``scores`` needs of one day's rows."""

    def summary_beside(self, rows: pl.DataFrame, place: Place, columns: Mapping[str, Counts]) -> Any:
        """``summary``, where the counts of the compared columns are there already."""
        return self.summary(rows, place)

    @abstractmethod
    def scores(
        self, days: Sequence[date], summaries: Sequence[Any], nights: Sequence[Night], min_rows: int, place: Place
    ) -> Scores:
        """One score for each name and night; NaN where either side has fewer than ``min_rows`` values."""

    def silent(self, day: date, place: Place) -> str:
        """Why the night of a day has no score."""
        return "not enough rows"

    def called(self, columns: Sequence[str]) -> tuple[str, ...]:
        """The names of scores about these columns."""
        return tuple(f"{self.kind}: {column}" for column in columns)
