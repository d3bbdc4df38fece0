"""What a contract is learned from: the accepted rows of a table, and its days in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from ml.contract import REASONS, RULES, Contract
from ml.days import Span
from ml.errors import NoData
from ml.frames import together
from ml.lake import split_days
from ml.profiles import TableProfile, profile
from ml.records import Batch
from ml.sources import BaseSource
from ml.workspace import Run

if TYPE_CHECKING:
    import polars as pl

_MOST_ROWS = 2_000_000


@dataclass(frozen=True)
class Evidence:
    """A table's accepted rows, and what was promised of it so far."""

    name: str
    rows: pl.DataFrame
    contract: Contract
    source: BaseSource
    refused: int

    @cached_property
    def days(self) -> tuple[tuple[date, TableProfile], ...]:
        """Each day in numbers, oldest first."""
        import polars as pl

        time = self.source.event_time
        times = self.rows[time].cast(pl.Datetime("us"))
        if not self.rows.height:
            return ()
        span = Span(times.min().date(), times.max().date())  # type: ignore[union-attr]
        split = split_days([self.rows.with_columns(times)], time, span)
        return tuple((day, profile(frame)) for day, frame in split)

    @property
    def whole(self) -> str:
        """How much evidence there is, in words."""
        return f"{self.rows.height:,} rows of {len(self.days)} days"


def gather(run: Run) -> dict[str, Evidence]:
    """The evidence of the pipeline's own rows, under its name, and of each upstream table: the newest two million rows.

    Raises
    ------
    NoData
        The lake has no accepted day.
    """
    batches = _newest(run.workspace.ledger.batches(run.name, state="accepted"))
    if not batches:
        raise NoData(f"{run.name}: no accepted day in the lake; run `nightshift nightly {run.name}` first")
    own = _without_reasons(run.workspace.lake.read([b.uri for b in batches]))
    refused = sum(batch.refused for batch in batches)
    found = {run.name: Evidence(run.name, own, run.pipeline.contract, run.pipeline.source, refused)}
    for name, table in run.pipeline.upstream.items():
        parts = [batch.upstream[name] for batch in batches if name in batch.upstream]
        rows = together([_accepted(run, part.uri, part.refused_uri, table.source.key) for part in parts])
        if rows.width:
            typed = table.contract.typed(rows)
            found[name] = Evidence(name, typed, table.contract, table.source, sum(part.refused for part in parts))
    return found


def _newest(batches: Sequence[Batch]) -> list[Batch]:
    chosen: list[Batch] = []
    for batch in reversed(batches):
        if chosen and sum(b.rows for b in chosen) + batch.rows > _MOST_ROWS:
            break
        chosen.append(batch)
    return chosen[::-1]


def _accepted(run: Run, uri: str, refused_uri: str | None, key: Sequence[str]) -> pl.DataFrame:
    """The rows of an upstream part without its refused ones."""
    rows = run.workspace.lake.read([uri])
    if refused_uri is None:
        return rows
    refused = run.workspace.lake.read([refused_uri]).select(key)
    return rows.join(refused, on=list(key), how="anti", nulls_equal=True)


def _without_reasons(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.drop(REASONS, RULES, strict=False)
