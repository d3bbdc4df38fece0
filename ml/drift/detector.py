"""What every drift detector has and gives."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field

from ml.days import Days
from ml.records import ColumnDrift
from ml.section import Section

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Compared:
    """What a detector found: one entry for each column that the owner named, and the report as an HTML page."""

    columns: tuple[ColumnDrift, ...]
    html: str | None = None


class BaseDetector(Section):
    """A check of the ``current`` newest data days against the ``reference`` days before them."""

    reference: Days = Field(default=56, ge=1)
    current: Days = Field(default=7, ge=1)
    min_rows: int = Field(default=1000, ge=1)

    def compare(self, reference: "pandas.DataFrame", current: "pandas.DataFrame") -> Compared:
        """How far each column of ``current`` has moved from ``reference``."""
        raise NotImplementedError
