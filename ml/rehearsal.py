"""A contract replayed over past days: what it would have stopped and refused, had it stood in the YAML then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ml.days import Span, night_of
from ml.inspection import Earlier, Inspection, inspect
from ml.lake import split_days
from ml.profiles import Unjudged
from ml.records import Violation
from ml.workspace import Run

if TYPE_CHECKING:
    import polars as pl

    from ml.sources import BaseSource


@dataclass(frozen=True)
class RuleCount:
    """What one rule did: on how many days it stopped, how many rows it refused on how many others, and an example."""

    key: str
    rule: str
    column: str | None
    table: str | None
    stopped: int
    refused_days: int
    refused_rows: int
    example: str

    @property
    def place(self) -> str:
        """The table and the column, as far as there are any."""
        return ".".join(part for part in (self.table, self.column) if part) or "the rows"


@dataclass(frozen=True)
class Outcome:
    """What is kept of an inspected day: everything but its rows."""

    day: date
    violations: tuple[Violation, ...]
    unjudged: tuple[Unjudged, ...]
    refused: dict[str, int]

    @classmethod
    def of(cls, inspection: Inspection) -> Outcome:
        parts = {inspection.name: inspection.own, **inspection.upstream}
        refused = {name: checked.refused.height for name, checked in parts.items()}
        return cls(inspection.day, inspection.violations, inspection.unjudged, refused)

    @property
    def stops(self) -> tuple[Violation, ...]:
        """The broken rules of the whole day."""
        return tuple(violation for violation in self.violations if violation.stops)


@dataclass(frozen=True)
class Rehearsal:
    """What a contract makes of days: those it stops, the rows it refuses on the others, rule by rule.

    ``absent`` are the days without rows of the pipeline; ``unjudged`` counts the days on which a rule could not judge.
    """

    pipeline: str
    span: Span
    days: int
    absent: tuple[date, ...]
    stops: tuple[tuple[date, tuple[Violation, ...]], ...]
    refused: tuple[tuple[str, int], ...]
    rules: tuple[RuleCount, ...]
    unjudged: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, run: Run, span: Span, told: Callable[[date], None] = lambda day: None) -> Rehearsal:
        """Hold each day of the span against the contracts of the YAML, with the rows that its night would have read.

        The days that a history rule looks back at are read too, and judged, but not counted. Nothing is written.
        """
        seen, counted = set(), []
        for inspection in _inspected(run, Span(span.first - timedelta(days=_back(run)), span.last), told):
            if inspection.day >= span.first:
                counted.append(Outcome.of(inspection))
            seen.add(inspection.day)
        return cls(
            pipeline=run.name,
            span=span,
            days=len(counted),
            absent=tuple(day for day in span if day not in seen),
            stops=tuple((o.day, o.stops) for o in counted if o.stops),
            refused=_refused(run, counted),
            rules=tuple(_rules(counted)),
            unjudged=_unjudged(counted),
        )

    @property
    def refused_rows(self) -> int:
        """The refused rows of all tables, on days that were not stopped."""
        return sum(rows for _, rows in self.refused)

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return {
            "pipeline": self.pipeline,
            "first": str(self.span.first),
            "last": str(self.span.last),
            "days": self.days,
            "stopped": len(self.stops),
            "refused_rows": self.refused_rows,
            "refused": dict(self.refused),
            "absent": [str(day) for day in self.absent],
            "stops": [{"day": str(day), "rules": {v.key: v.sentence for v in broken}} for day, broken in self.stops],
            "rules": [{**vars(rule)} for rule in self.rules],
            "unjudged": dict(self.unjudged),
        }

    def lines(self) -> Iterator[str]:
        """The same for a reader."""
        where = ", ".join(f"{rows:,} of {name}" for name, rows in self.refused if rows)
        refused = f"{self.refused_rows:,} rows refused" + (f" ({where})" if where else "")
        yield f"{self.pipeline}: {self.days} days, {self.span}: {len(self.stops)} stopped, {refused}"
        if self.absent:
            yield f"  {len(self.absent)} days have no rows: {', '.join(str(day) for day in self.absent[:5])}"
        for day, broken in self.stops:
            yield f"  {day} stopped: {broken[0].sentence}" + (f" (and {len(broken) - 1} more)" if broken[1:] else "")
        if self.rules:
            yield ""
            yield f"  {'rule':<34} {'days stopped':>12} {'rows refused':>12}   for example"
        for rule in self.rules:
            name = f"{rule.place}: {rule.rule}"
            yield f"  {name:<34} {rule.stopped or '':>12} {rule.refused_rows or '':>12}   {rule.example}"
        for rule_name, days in self.unjudged:
            yield f"  {rule_name} could not judge {days} days: too little history"


def tables(run: Run, day: date) -> dict[str, pl.DataFrame] | None:
    """The rows of a day out of the sources, as its night would have known them; None when the pipeline has none."""
    schedule = run.pipeline.schedule
    as_of = night_of(day, schedule.at, schedule.timezone)

    def rows(source: BaseSource) -> pl.DataFrame | None:
        found = source.read(Span(day, day), as_of, run.workspace.connections)
        return next((frame for _, frame in split_days(found, source.event_time, Span(day, day))), None)

    own = rows(run.pipeline.source)
    if own is None:
        return None
    upstream = {name: (table, rows(table.source)) for name, table in run.pipeline.upstream.items()}
    there = {name: table.nothing() if frame is None else frame for name, (table, frame) in upstream.items()}
    return {run.name: own, **there}


def _back(run: Run) -> int:
    contracts = [run.pipeline.contract, *(table.contract for table in run.pipeline.upstream.values())]
    return max((contract.history.days for contract in contracts if contract.history), default=0)


def _inspected(run: Run, span: Span, told: Callable[[date], None]) -> Iterator[Inspection]:
    """Each day that has rows, held against the accepted ones before it."""
    earlier = Earlier(run.pipeline)
    for day in span:
        told(day)
        rows = tables(run, day)
        if rows is None:
            continue
        found = inspect(run.pipeline, day, rows, earlier)
        if not found.quarantined:
            earlier.add(found.profile)
        earlier.remember(day, rows)
        yield found


def _refused(run: Run, counted: list[Outcome]) -> tuple[tuple[str, int], ...]:
    names = (run.name, *run.pipeline.upstream)
    return tuple((name, sum(o.refused.get(name, 0) for o in counted if not o.stops)) for name in names)


def _rules(counted: list[Outcome]) -> Iterator[RuleCount]:
    """The rules that did anything, those that stopped most days first."""
    broken: dict[str, list[Violation]] = {}
    for outcome in counted:
        for violation in outcome.violations:
            broken.setdefault(violation.key, []).append(violation)
    counts = [_count(key, found) for key, found in broken.items()]
    yield from sorted(counts, key=lambda rule: (-rule.stopped, -rule.refused_rows, rule.key))


def _count(key: str, found: list[Violation]) -> RuleCount:
    first, refusing = found[0], [violation for violation in found if not violation.stops]
    return RuleCount(
        key=key,
        rule=first.rule,
        column=first.column,
        table=first.table,
        stopped=len(found) - len(refusing),
        refused_days=len(refusing),
        refused_rows=sum(violation.rows for violation in refusing),
        example=first.sentence,
    )


def _unjudged(counted: list[Outcome]) -> tuple[tuple[str, int], ...]:
    """On how many days each rule could not judge."""
    days: Counter[str] = Counter()
    for outcome in counted:
        days.update({".".join(p for p in (u.table, u.column, u.rule) if p) for u in outcome.unjudged})
    return tuple(sorted(days.items()))
