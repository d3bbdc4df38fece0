"""What the rows of a data day must look like, and what is done with those that do not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from ml.records import Violation
from ml.section import Section

if TYPE_CHECKING:
    import polars as pl

Type = Literal["string", "float", "int", "bool", "datetime"]
Share = Annotated[float, Field(ge=0, le=1)]

REASONS = "__violations"


class ColumnRule(Section):
    """What one column promises. Rows that break ``nullable``, ``min``, ``max``, ``allowed`` or ``pattern`` are refused.

    ``nulls`` is the largest share of nulls in a day; beyond it the whole day is quarantined.
    """

    type: Type
    required: bool = True
    nullable: bool = True
    nulls: Share = 1.0
    min: float | None = None
    max: float | None = None
    allowed: tuple[str | bool | int | float, ...] | None = None
    pattern: str | None = None
    why: str = ""


class Contract(Section):
    """What the rows of a data day must look like.

    Rows that break a row rule are refused while their share stays within ``refused``; otherwise, or when a rule of
    the whole day breaks, the day is quarantined. ``freshness`` is in hours before the day's end.
    """

    columns: dict[str, ColumnRule] = {}
    unique: tuple[str, ...] = ()
    min_rows: int = Field(default=1, ge=0)
    refused: Share = 0.05
    freshness: float | None = Field(default=None, gt=0)

    def check(self, frame: pl.DataFrame, day: date, event_time: str) -> Checked:
        raise NotImplementedError


@dataclass(frozen=True)
class Checked:
    """A data day after its check: rows that may be used, refused rows with their reasons, and every violation."""

    accepted: pl.DataFrame
    refused: pl.DataFrame
    violations: tuple[Violation, ...]
    quarantined: bool
