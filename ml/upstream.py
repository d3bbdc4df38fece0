"""The tables that a pipeline's rows were joined from: where their rows come from and what they must look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from ml.contract import Contract
from ml.rules.types import empty
from ml.section import Section
from ml.sources import Source

if TYPE_CHECKING:
    import polars as pl


class UpstreamTable(Section):
    """A table that the pipeline's query joins. Its rows of the day are read too, as they were known that night.

    ``joined_on`` says which of its columns (left) meets which of the pipeline's (right). Rows that were joined from a
    refused row are refused with its reasons; a day that breaks a rule of the table as a whole is quarantined, and so
    is one of which more than the share ``unjoined`` found no partner.
    """

    source: Source
    contract: Contract
    joined_on: dict[str, str] = Field(min_length=1)
    unjoined: float = Field(default=0.2, ge=0, le=1)

    def nothing(self) -> pl.DataFrame:
        """The table on a day on which it has no rows."""
        import polars as pl

        return pl.DataFrame({column: empty(0, kind) for column, kind in self.contract.types.items()})
