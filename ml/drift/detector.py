"""What every drift detector has and gives."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from ml.days import Days
from ml.records import ColumnDrift
from ml.section import Section

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Compared:
    """What a detector found: one entry for each column that the owner named, and the report as an HTML page.

    ``notes`` say what else a reader of the scores must know, such as the sample that they come from.
    """

    columns: tuple[ColumnDrift, ...]
    html: str | None = None
    notes: tuple[str, ...] = ()


class BaseDetector(Section):
    """A check of the ``current`` newest data days against the ``reference`` days before them."""

    reference: Annotated[
        Days, Field(ge=1, description="How many days before the current ones they are compared with.")
    ] = 56
    current: Annotated[Days, Field(ge=1, description="How many of the newest days count as current.")] = 7
    min_rows: int = Field(default=1000, ge=2, description="Fewer rows than this, on either side, are not compared.")

    def compare(self, reference: "pandas.DataFrame", current: "pandas.DataFrame") -> Compared:
        """How far each column of ``current`` has moved from ``reference``."""
        raise NotImplementedError
