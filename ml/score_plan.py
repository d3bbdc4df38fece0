"""The rows of the coming day, to be scored before anybody knows what happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from ml.days import Clock
from ml.section import Section
from ml.sources import Source

if TYPE_CHECKING:
    from datetime import time


class ScorePlan(Section):
    """Where the rows of the coming day come from, and when they are scored by the version in Production.

    The `source` is asked for the rows of the day after the data day, as they are known at `at` on its morning; it has
    the event time and the key of the pipeline's own source. Rows whose time has passed by then are left out.
    """

    source: Source
    at: Clock | None = Field(
        default=None,
        description="Wall-clock time, in the timezone of `schedule`; left out, when the night starts.",
        examples=["03:00"],
    )
    unknown: tuple[str, ...] = Field(
        default=(),
        description="Columns that nobody knows yet: they are null, whatever the source gives, and may be.",
        examples=[["temp", "visib"]],
    )

    def starts(self, night: time) -> time:
        """When the coming day is scored, where the night starts at ``night``."""
        return self.at or night
