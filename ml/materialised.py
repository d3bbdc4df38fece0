"""The feature tables of a pipeline in lake and ledger: one a night, and of the nights before the first all at once.

What a feature is, its definition says and not its name. A table holds the aggregates that the YAML defines by their
names, and those that a version in MLflow was fitted with in another definition as ``@`` and the digits of that.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from ml.days import Span, night_of
from ml.errors import NoData, ServiceUnavailable
from ml.features import Aggregate, Definitions, table
from ml.records import Batch, Candidate, FeatureTable, from_json
from ml.workspace import Run

if TYPE_CHECKING:
    import polars as pl

    Rows = pl.LazyFrame

FOLDER = "features"


def make(run: Run) -> FeatureTable | None:
    """The table of the run's night, from the accepted days up to its own; None where nobody wants one.

    An aggregate that no earlier night had is made for every night of the history too, as it would have been then; one
    that nights have left off, for the nights since. Walked again, a night finds the same and keeps nothing new.
    """
    ledger = run.workspace.ledger
    past = wanted(run)
    if not past:
        return None
    batches = ledger.batches(run.name, Span(date.min, run.day), state="accepted")
    if not batches:
        raise NoData(f"{run}: no accepted day up to this one; there is no past to make features of")
    begins = _begins(run, past, batches[0].day)
    parts = [
        _table(run, batches, {n: past[n] for n in past if begins[n] == day}, list(Span(day, run.day)))
        for day in sorted(set(begins.values()))
    ]
    found = table.stacked(parts)
    stored = run.workspace.lake.put_frame(found, run.name, FOLDER, by=("name", "at", "key"))
    made = FeatureTable(
        pipeline=run.name,
        day=run.day,
        at=_night(run, run.day),
        first=min(begins.values()),
        features={name: aggregate.digest for name, aggregate in past.items()},
        rows=stored.rows,
        uri=stored.uri,
        fingerprint=stored.fingerprint,
    )
    ledger.record_features(made, table.at(found, clock(run, run.day)))
    return made


def wanted(run: Run) -> dict[str, Aggregate]:
    """What a night's table must hold: the YAML's aggregates, and those of the versions that an alias points to.

    Where the aliases point, and what a definition says, MLflow knows: the copies of the service may lie on another
    machine, and the ledger has definitions as digests alone. While MLflow is away the ledger's digests do where they
    say that nothing but the YAML's is needed; a pipeline that never had such features asks neither.

    Raises
    ------
    ServiceUnavailable
        MLflow did not answer, and a version may take an aggregate that the YAML does not define.
    """
    past = dict(run.pipeline.features.past)
    if not past and not run.workspace.ledger.feature_tables(run.name):
        return past
    known = set(run.pipeline.features.digests.values())
    try:
        taken = list(_taken(run))
    except ServiceUnavailable:
        if not _takes_no_other(run, known):
            raise
        taken = []
    return past | {f"@{a.digest}": a for a in taken if a.digest not in known}


def _taken(run: Run) -> Iterator[Aggregate]:
    """The aggregates of the versions that an alias points to."""
    registry = run.workspace.registry
    for version in sorted(set(registry.aliases(run.name).values())):
        served = registry.version(run.name, version)
        yield from of_model(run, served.model_uri).values() if served is not None else ()


def _takes_no_other(run: Run, known: Collection[str]) -> bool:
    """Whether the ledger says of every version that an alias should point to that it takes none but ``known`` ones.

    That are the one in Production, the one before, and whatever was registered since.
    """
    ledger = run.workspace.ledger
    records = map(from_json, ledger.outputs(run.name, "refit").values())
    made = {record.version: record.snapshot for record in records if isinstance(record, Candidate)}
    stands = ledger.in_production(run.name)
    newest = stands.version if stands else 0
    before = {each.previous for each in ledger.promotions(run.name) if each.version == newest}
    asked = {*before, *([newest] if newest else []), *(version for version in made if (version or 0) > newest)} - {None}
    return all(version in made and set(made[version].features.values()) <= set(known) for version in asked)


def of_model(run: Run, model_uri: str) -> Definitions:
    """The aggregates that a saved model was fitted with; of one that was saved without saying so, those of the YAML."""
    found = run.workspace.registry.past_of(model_uri)
    return run.pipeline.features.past if found is None else found


def joining(run: Run, span: Span | None = None, past: Definitions | None = None) -> Callable[[Rows], Rows]:
    """What gives rows of the days of ``span``, or of any, the features that were served when their time had come.

    ``past`` defines them; without it the YAML does. Where none are defined, rows come back as they are.
    """
    plan, source = run.pipeline.features.of(past), run.pipeline.source
    if not plan.past:
        return lambda rows: rows
    known = tables(run, span and Span(span.first - timedelta(days=plan.max_age // 24 + 2), span.last), plan.past)
    return lambda rows: table.joined(rows, plan, known, source.event_time, run.pipeline.contract.types)


def tables(run: Run, span: Span | None = None, past: Definitions | None = None) -> pl.DataFrame:
    """The tables of the nights of ``span``, or of all, as they were made last, of the aggregates of ``past``.

    Without ``past`` those of the YAML. An aggregate has the values that were made in its definition, and no others.
    """
    import polars as pl

    found, asked = [], run.pipeline.features.of(past).digests
    for made in (known.table for known in run.workspace.ledger.feature_tables(run.name)):
        stored = {digest: name for name, digest in made.features.items()}
        names = {name: stored[digest] for name, digest in asked.items() if digest in stored}
        if names and (span is None or (made.day >= span.first and made.first <= span.last)):
            renamed = pl.DataFrame({"name": list(names.values()), "as": list(names)})
            rows = run.workspace.lake.read([made.uri]).join(renamed, on="name")
            found.append(rows.select(pl.col("as").alias("name"), "key", "at", "value"))
    return table.newest(found)


def again(run: Run, day: date, past: Definitions | None = None) -> dict[str, dict[str, float | None]]:
    """The table of a night by feature and key, made again from the accepted days as they are now."""
    batches = run.workspace.ledger.batches(run.name, Span(date.min, day), state="accepted")
    past = run.pipeline.features.of(past).past
    made = _table(run, batches, past, [day]) if batches else table.newest([])
    return table.at(made, clock(run, day))


def clock(run: Run, day: date) -> datetime:
    """When the night of a data day starts, in the pipeline's local time and without its zone, as rows have theirs."""
    return datetime.combine(day + timedelta(days=1), run.pipeline.schedule.at)


def _begins(run: Run, past: Definitions, first: date) -> dict[str, date]:
    """From which night on each aggregate is to be made tonight: its own, where the night before it had it.

    A night that was missed made no table for anybody, and none is made up for it.
    """
    made = [known.table for known in run.workspace.ledger.feature_tables(run.name) if known.table.day < run.day]
    last = {digest: each.day for each in sorted(made, key=lambda each: each.day) for digest in each.features.values()}
    newest = max((each.day for each in made), default=None)

    def begins(digest: str) -> date:
        if digest not in last:
            return min(first, run.day)
        return run.day if last[digest] == newest else last[digest] + timedelta(days=1)

    return {name: begins(aggregate.digest) for name, aggregate in past.items()}


def _table(run: Run, batches: Sequence[Batch], aggregates: Definitions, days: Sequence[date]) -> pl.DataFrame:
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
