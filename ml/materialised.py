"""The feature tables of a pipeline in lake and ledger: one a night, and of the nights before the first all at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from ml.days import Span, night_of
from ml.errors import NoData
from ml.features import table
from ml.features.plan import Aggregate
from ml.records import Batch, FeatureTable
from ml.workspace import Run

if TYPE_CHECKING:
    import polars as pl

    Rows = pl.LazyFrame

FOLDER = "features"


def make(run: Run) -> FeatureTable | None:
    """The table of the run's night, from the accepted days up to its own; None where the pipeline wants none.

    An aggregate that no earlier night had is made for every night of the history too, as it would have been then.
    Walked again, a night finds the same and keeps nothing new.
    """
    plan, ledger = run.pipeline.features, run.workspace.ledger
    if not plan.past:
        return None
    batches = ledger.batches(run.name, Span(date.min, run.day), state="accepted")
    if not batches:
        raise NoData(f"{run}: no accepted day up to this one; there is no past to make features of")
    known = _known(run)
    old = {name: a for name, a in plan.past.items() if a.digest in known}
    new = {name: a for name, a in plan.past.items() if a.digest not in known}
    first = batches[0].day
    parts = [
        _table(run, batches, old, [run.day]),
        _table(run, batches, new, list(Span(min(first, run.day), run.day)) if new else []),
    ]
    found = table.stacked(parts)
    stored = run.workspace.lake.put_frame(found, run.name, FOLDER, by=("name", "at", "key"))
    made = FeatureTable(
        pipeline=run.name,
        day=run.day,
        at=_night(run, run.day),
        first=first if new else run.day,
        features=dict(plan.digests),
        rows=stored.rows,
        uri=stored.uri,
        fingerprint=stored.fingerprint,
    )
    ledger.record_features(made, table.at(found, clock(run, run.day)))
    return made


def joining(run: Run, span: Span | None = None) -> Callable[[Rows], Rows]:
    """What gives rows of the days of ``span``, or of any, the features that were served when their time had come.

    A pipeline without such features gets its rows back as they are.
    """
    plan, source = run.pipeline.features, run.pipeline.source
    if not plan.past:
        return lambda rows: rows
    known = tables(run, span and Span(span.first - timedelta(days=plan.max_age // 24 + 2), span.last))
    return lambda rows: table.joined(rows, plan, known, source.event_time, run.pipeline.contract.types)


def tables(run: Run, span: Span | None = None) -> pl.DataFrame:
    """The tables of the nights of ``span``, or of all, as they were made last, of the aggregates that the YAML defines.

    An aggregate whose definition changed has no values from before.
    """
    import polars as pl

    found, wanted = [], run.pipeline.features.digests
    for made in (known.table for known in run.workspace.ledger.feature_tables(run.name)):
        names = [name for name, digest in made.features.items() if wanted.get(name) == digest]
        if names and (span is None or (made.day >= span.first and made.first <= span.last)):
            found.append(run.workspace.lake.read([made.uri]).filter(pl.col("name").is_in(names)))
    return table.newest(found)


def again(run: Run, day: date) -> dict[str, dict[str, float | None]]:
    """The table of a night by feature and key, made again from the accepted days as they are now."""
    batches = run.workspace.ledger.batches(run.name, Span(date.min, day), state="accepted")
    made = _table(run, batches, dict(run.pipeline.features.past), [day]) if batches else table.newest([])
    return table.at(made, clock(run, day))


def clock(run: Run, day: date) -> datetime:
    """When the night of a data day starts, in the pipeline's local time and without its zone, as rows have theirs."""
    return datetime.combine(day + timedelta(days=1), run.pipeline.schedule.at)


def _known(run: Run) -> set[str]:
    """The definitions that a night before the run's had."""
    made = (made.table for made in run.workspace.ledger.feature_tables(run.name))
    return {digest for each in made if each.day < run.day for digest in each.features.values()}


def _table(run: Run, batches: Sequence[Batch], aggregates: dict[str, Aggregate], days: Sequence[date]) -> pl.DataFrame:
    """The tables of the nights of some days, from no more days than they look back to."""
    source, types = run.pipeline.source, run.pipeline.contract.types
    back = timedelta(days=max((a.over for a in aggregates.values()), default=0) // 24 + 2)
    needed = [b for b in batches if days and b.day >= days[0] - back]
    columns = table.columns(aggregates, source.event_time)
    rows = run.workspace.lake.read([b.uri for b in needed], columns)
    since = datetime.combine(batches[0].day, datetime.min.time())
    return table.make(aggregates, rows, source.event_time, types, [clock(run, day) for day in days], since)


def _night(run: Run, day: date) -> datetime:
    return night_of(day, run.pipeline.schedule.at, run.pipeline.schedule.timezone)
