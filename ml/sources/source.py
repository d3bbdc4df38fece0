"""What every source can do: give the rows of a span of data days, in chunks, as they were known at an instant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import Field

from ml.days import Days, Span
from ml.section import Section

if TYPE_CHECKING:
    import polars as pl


class BaseSource(Section):
    """Where a pipeline's rows come from. ``event_time`` says to which data day a row belongs."""

    event_time: str
    key: tuple[str, ...] = Field(min_length=1)
    label_delay: Days = 0
    history: Days = 364

    def read(self, span: Span, as_of: datetime, connections: Mapping[str, str]) -> Iterator[pl.DataFrame]:
        raise NotImplementedError
