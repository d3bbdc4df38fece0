"""How far the rows of current days lie from those of reference days, column by column."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic import model_validator

from ml.records.record import Record


class ColumnDrift(Record):
    """One column of a drift check, or one score of a detector beside the columns.

    ``score`` is None when it could not be compared; ``problem`` says why. ``threshold`` is None while neither its
    owner nor a calibration gave one. ``p_value`` is how often a quiet night goes as far, as calibrated. ``beside`` says
    that it is the score of a detector, and no column by itself.
    """

    column: str
    method: str
    threshold: float | None
    score: float | None
    drifted: bool
    problem: str | None = None
    p_value: float | None = None
    beside: bool = False

    @model_validator(mode="before")
    @classmethod
    def _of_an_older_night(cls, given: Any) -> Any:
        """What was stored before there was ``beside``: a detector's score has its kind before its name."""
        if not isinstance(given, dict) or "beside" in given:
            return given
        return given | {"beside": str(given.get("column")).startswith(f"{given.get('method')}: ")}

    @property
    def watched(self) -> str:
        """The column that it is about: its own name, without the detector that watches it."""
        return self.column.removeprefix(f"{self.method}: ") if self.beside else self.column


def drifted_of(columns: Sequence[ColumnDrift]) -> str:
    """How many of the columns drifted, and of the detectors' scores beside them, in words."""
    sides = {"columns": [c for c in columns if not c.beside], "detector scores": [c for c in columns if c.beside]}
    told = (f"{sum(c.drifted for c in side)} of {len(side)} {name}" for name, side in sides.items() if side)
    return f"{' and '.join(told)} drifted"


class DriftReport(Record):
    """Current days against reference days, column by column. ``html`` is the report's place in the lake.

    ``alarm`` is the answer of the whole check: enough columns passed, on enough nights in a row. ``calibration`` is
    the place of the calibration that gave the thresholds; ``notes`` say what else a reader must know. ``columns`` are
    the columns as the YAML has them, then the scores of the detectors.
    """

    pipeline: str
    day: date
    reference: tuple[date, date]
    current: tuple[date, date]
    reference_rows: int
    current_rows: int
    columns: tuple[ColumnDrift, ...]
    html: str | None = None
    alarm: bool = False
    calibration: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def drifted(self) -> tuple[str, ...]:
        return tuple(c.column for c in self.columns if c.drifted)

    @property
    def share(self) -> float:
        """The share of the compared columns that drifted; 0.0 when none was compared."""
        return len(self.drifted) / len(self.columns) if self.columns else 0.0
