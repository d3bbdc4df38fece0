"""How days enter the lake: which to pull, one Parquet file for each, and what the contract leaves of it."""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from ml import holds, kept
from ml.contract import Checked
from ml.days import Span, newest_day, night_of
from ml.errors import NoData
from ml.inspection import inspect
from ml.lake import ordered, split_days
from ml.recall import Recall, tables
from ml.records import Batch, Diagnosis, UpstreamPart
from ml.seen import seen
from ml.sources import BaseSource
from ml.workspace import Run

if TYPE_CHECKING:
    import polars as pl


READ_AGAIN = 14


def night(run: Run) -> datetime:
    """When the night of the run's data day starts.

    Raises
    ------
    NoData
        It has not started yet: the day is not over.
    """
    schedule = run.pipeline.schedule
    starts, now = night_of(run.day, schedule.at, schedule.timezone), datetime.now(UTC)
    if starts > now:
        raise NoData(
            f"{run}: the night of this day starts at {starts:%Y-%m-%d %H:%M %Z}, which is still to come; "
            f"the newest day that can be pulled is {newest_day(schedule.at, schedule.timezone, now)}"
        )
    return starts


def span_to_pull(run: Run) -> Span:
    """The days to read tonight: the whole history at first, later what is missing and what got its labels since.

    And from the oldest quarantined day of the last fourteen on: upstream may have mended it.
    """
    source = run.pipeline.source
    history = _history(run)
    known = [b.day for b in run.workspace.ledger.batches(run.name, history)]
    earlier = [day for day in known if day < run.day]
    if not earlier:
        return history
    unlabelled = run.day - timedelta(days=source.label_delay)
    first = min(max(earlier) + timedelta(days=1), unlabelled, *(b.day for b in waiting(run)))
    return Span(max(history.first, first), run.day)


def waiting(run: Run) -> list[Batch]:
    """The quarantined ones among the ``READ_AGAIN`` days before the run's day."""
    yesterday = run.day - timedelta(days=1)
    return run.workspace.ledger.batches(run.name, Span.ending(yesterday, READ_AGAIN), state="quarantined")


def _history(run: Run) -> Span:
    """The days that a pipeline's lake may hold, with those at its beginning whose labels were late."""
    return Span.ending(run.day, run.pipeline.source.history + run.pipeline.source.label_delay)


def pull_days(run: Run, span: Span, as_of: datetime) -> list[Batch]:
    """The rows of each day of the span that has any, in the lake as they were known at ``as_of``.

    The tables that they were joined from are read for the same days, each in one pass.
    """
    source = run.pipeline.source
    batches = [_own(run, day, rows) for day, rows in read_days(run, source, span, as_of)]
    days = {batch.day for batch in batches}
    parts = {name: _parts(run, name, days, span, as_of) for name in run.pipeline.upstream}
    return [b.model_copy(update={"upstream": {name: parts[name][b.day] for name in parts}}) for b in batches]


def read_days(run: Run, source: BaseSource, span: Span, as_of: datetime) -> Iterator[tuple[date, "pl.DataFrame"]]:
    """The rows of each day of the span that has any, as they were known at ``as_of``."""
    return split_days(source.read(span, as_of, run.workspace.connections), source.event_time, span)


def _own(run: Run, day: date, rows: "pl.DataFrame") -> Batch:
    """The rows of one day, written to the lake as they came."""
    stored = run.workspace.lake.put_frame(rows, run.name, "pulled", by=run.pipeline.source.key)
    return Batch(pipeline=run.name, day=day, rows=stored.rows, uri=stored.uri, fingerprint=stored.fingerprint)


def _parts(run: Run, name: str, days: Collection[date], span: Span, as_of: datetime) -> dict[date, UpstreamPart]:
    """The rows of an upstream table on each of the days; on a day on which it has none, none."""
    table, found = run.pipeline.upstream[name], {}
    for day, rows in read_days(run, table.source, span, as_of):
        if day in days:
            found[day] = _part(run, name, rows)
    nothing = _part(run, name, table.nothing()) if set(days) - set(found) else None
    return {day: part for day in days if (part := found.get(day, nothing))}


def _part(run: Run, name: str, rows: "pl.DataFrame") -> UpstreamPart:
    key = run.pipeline.upstream[name].source.key
    stored = run.workspace.lake.put_frame(rows, run.name, "upstream", name, by=key)
    return UpstreamPart(rows=stored.rows, uri=stored.uri, fingerprint=stored.fingerprint)


def pending(run: Run, batch: Batch) -> list[Batch]:
    """The batch and all earlier ones that no contract has seen yet, by day.

    A day that waits in quarantine is seen once more, as it came: the contract may have been mended.
    """
    ledger, span = run.workspace.ledger, _history(run)
    held = {b.day for b in waiting(run)}
    again = {b.day: b for b in ledger.pulls(run.name, span) if b.day in held} if held else {}
    unseen = {b.day: b for b in ledger.batches(run.name, span, state="pulled")}
    return [b for _, b in sorted((again | unseen | {batch.day: batch}).items())]


def judge(run: Run, batches: Iterable[Batch]) -> list[Batch]:
    """The batches as their contracts leave them, with the rules waived that people let pass; oldest day first.

    A discarded day stays discarded, whatever its rows are by now.
    """
    ledger = run.workspace.ledger
    waived = ledger.waived(run.name)
    discarded = {b.day: b for b in ledger.batches(run.name, state="discarded")}
    batches = list(batches)
    past = Recall(run, [b.day for b in batches if b.day not in discarded])
    diagnoses = holds.of(run)
    accepted = {b.day: b for b in ledger.batches(run.name, state="accepted")}
    return [
        discarded.get(b.day)
        or check(run, b, waived.get(b.day, frozenset()), past, diagnoses.get(b.day), accepted.get(b.day))
        for b in batches
    ]


def check(
    run: Run,
    batch: Batch,
    waived: Collection[str] = frozenset(),
    past: Recall | None = None,
    diagnosis: Diagnosis | None = None,
    accepted: Batch | None = None,
) -> Batch:
    """The batch as its contracts leave it; refused rows lie beside it with all their reasons.

    ``waived`` are the keys of the rules that a person lets pass on this day; ``past`` is what the day is held against,
    without it what the ledger knows; ``diagnosis`` is why the day was set aside when it was looked at before, and
    ``accepted`` the day as it was accepted before. A quarantined batch keeps its rows as they came.
    """
    lake, past = run.workspace.lake, past or Recall(run, [batch.day])
    rows = tables(run, batch)
    found = inspect(run.pipeline, batch.day, rows, past.before(batch.day), waived)
    found = holds.held(run, found, diagnosis, waived)
    past.add(found, rows)
    upstream = {name: _judged(run, batch.upstream[name], checked) for name, checked in found.upstream.items()}
    refused = lake.put_frame(found.own.refused, run.name, "refused") if found.own.refused.height else None
    numbers = found.profile.model_dump_json(exclude_defaults=True).encode()
    judged = batch.model_copy(
        update={
            "refused": found.own.refused.height,
            "refused_uri": refused.uri if refused else None,
            "violations": found.violations,
            "state": "quarantined" if found.quarantined else "accepted",
            "upstream": {**batch.upstream, **upstream},
            "profile": lake.put_bytes(numbers, run.name, "profiles", suffix=".json").uri,
        }
    )
    if found.quarantined:
        return judged
    return _accepted(run, judged, found.own, accepted)


def _accepted(run: Run, judged: Batch, found: Checked, earlier: Batch | None) -> Batch:
    """The day with its rows in the lake, and with what its drift check keeps of them."""
    rows = ordered(found.accepted)
    stored = run.workspace.lake.put_lazy(rows.lazy(), rows.height, run.name, "accepted")
    batch = judged.model_copy(update=vars(stored))
    batch = batch.model_copy(update={"seen": seen(run, batch, found.accepted, found.refused, earlier)})
    kept.keep(run, batch.as_seen, rows if batch.as_seen.uri == batch.uri else None)
    return batch


def _judged(run: Run, part: UpstreamPart, checked: Checked) -> UpstreamPart:
    """An upstream table's rows, which stay as they came, with its refused ones beside them."""
    if checked.refused.is_empty():
        return part.model_copy(update={"refused": 0, "refused_uri": None})
    refused = run.workspace.lake.put_frame(checked.refused, run.name, "refused")
    return part.model_copy(update={"refused": refused.rows, "refused_uri": refused.uri})
