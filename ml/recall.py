"""The days before a day, as the lake and the ledger remember them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ml.days import Span
from ml.inspection import Earlier, Inspection
from ml.profiles import Profile
from ml.records import Batch
from ml.workspace import Run

if TYPE_CHECKING:
    import polars as pl


class Recall:
    """What every day of some is held against, day by day from the oldest: the accepted days before each.

    A day that is being judged counts with what is made of it now, not with what was made of it before.
    """

    def __init__(self, run: Run, days: Iterable[date]) -> None:
        self.run, self.judged = run, sorted(days)
        self.earlier = Earlier(run.pipeline)
        self._stored = self._accepted()

    def before(self, day: date) -> Earlier:
        """The days before this one; ask for days in order."""
        while self._stored and self._stored[0].day < day:
            batch = self._stored.pop(0)
            if batch.profile:
                self.earlier.add(read_profile(self.run, batch.profile))
        self._rows_of(day - timedelta(days=1))
        return self.earlier

    def add(self, inspection: Inspection, tables: Mapping[str, pl.DataFrame]) -> None:
        """A day that was judged now."""
        if not inspection.quarantined:
            self.earlier.add(inspection.profile)
        own = {} if inspection.quarantined else {self.run.name: inspection.own.accepted}
        self.earlier.remember(inspection.day, {**tables, **own})

    def _accepted(self) -> list[Batch]:
        """The accepted days of the ledger that the oldest day to judge may look back at, and later ones between."""
        pipeline, judged = self.run.pipeline, set(self.judged)
        contracts = [pipeline.contract, *(table.contract for table in pipeline.upstream.values())]
        back = max((c.history.days for c in contracts if c.history), default=0)
        if not back or not judged:
            return []
        span = Span(self.judged[0] - timedelta(days=back), self.judged[-1])
        found = self.run.workspace.ledger.batches(self.run.name, span, state="accepted")
        return [batch for batch in found if batch.day not in judged]

    def _rows_of(self, day: date) -> None:
        """The rows of a day that was not judged just now, where the neighbours of a series may need them."""
        if any(last == day for last, _ in self.earlier.rows.values()) or not self._has_series():
            return
        known = self.run.workspace.ledger.batches(self.run.name, Span(day, day))
        if known:
            self.earlier.remember(day, tables(self.run, known[0]))

    def _has_series(self) -> bool:
        pipeline = self.run.pipeline
        return any(c.series for c in (pipeline.contract, *(table.contract for table in pipeline.upstream.values())))


def tables(run: Run, batch: Batch) -> dict[str, pl.DataFrame]:
    """The rows of a day as they lie in the lake: the pipeline's own under its name, upstream tables under theirs."""
    known = {name: part.uri for name, part in batch.upstream.items() if name in run.pipeline.upstream}
    return {name: run.workspace.lake.read([uri]) for name, uri in {run.name: batch.uri, **known}.items()}


def read_profile(run: Run, uri: str) -> Profile:
    """A day's profile, from the lake."""
    return Profile.model_validate_json(run.workspace.lake.read_bytes(uri))
