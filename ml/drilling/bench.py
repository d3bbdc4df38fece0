"""Clean days and what lies before each of them, so that any copy of one can be judged as its night would have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ml import intake
from ml.days import Span, night_of
from ml.drilling.exercise import MARK, Judged
from ml.errors import NoData
from ml.inspection import Earlier, Inspection, inspect
from ml.recall import read_profile, tables
from ml.rules.past import Past
from ml.workspace import Run

if TYPE_CHECKING:
    import polars as pl

    from ml.config import PipelineConfig
    from ml.profiles import Profile

    Tables = Mapping[str, pl.DataFrame]

_LEAST_BACK = 56


@dataclass(frozen=True)
class Bench:
    """The days of a pipeline: ``load`` gives the tables of one, ``profiles`` those that the contract accepts.

    ``asked`` are the days that a drill may use, ``stopped`` those among them that the contract stops as they are.
    """

    pipeline: PipelineConfig
    load: Callable[[date], Tables]
    asked: tuple[date, ...]
    profiles: dict[date, Profile]
    stopped: dict[date, str] = field(default_factory=dict)

    @classmethod
    def of_lake(cls, run: Run) -> Bench:
        """The accepted days of the run's lake, up to its day, as its contract left them.

        Raises
        ------
        NoData
            There are none.
        """
        span = Span(date.min, run.day)
        batches = {b.day: b for b in run.workspace.ledger.batches(run.name, span, state="accepted")}
        if not batches:
            raise NoData(f"{run}: the lake holds no accepted day; pull some first, or name days with --from and --to")
        bench = cls(run.pipeline, lambda day: tables(run, batches[day]), tuple(sorted(batches)), {})
        for day, batch in sorted(batches.items()):
            known = read_profile(run, batch.profile) if batch.profile else bench.inspect(day, bench.load(day)).profile
            bench.profiles[day] = known
        return bench

    @classmethod
    def of_source(cls, run: Run, span: Span) -> Bench:
        """The days of a span as the source gives them, with those before that the contract's history looks at.

        They are read in one pass, as they are known in the night of the span's last day; nothing is written.

        Raises
        ------
        NoData
            The source has no rows of these days.
        """
        everything = Span(span.first - timedelta(days=look_back(run.pipeline)), span.last)
        known = _read(run, everything)
        asked = tuple(day for day in sorted(known) if span.first <= day <= span.last)
        if not asked:
            raise NoData(f"{run.name}: the {run.pipeline.source.kind} source gave no rows from {span}")
        bench = cls(run.pipeline, known.__getitem__, asked, {})
        for day in sorted(known):
            bench.walk(day)
        return bench

    def walk(self, day: date) -> None:
        """Judge a day as it is; days are walked in order."""
        found = self.inspect(day, self.load(day))
        if not found.quarantined:
            self.profiles[day] = found.profile
        elif day in self.asked:
            self.stopped[day] = "; ".join(v.sentence for v in found.violations if v.stops)

    def clean(self) -> tuple[date, ...]:
        """The days that a drill may damage: accepted, the day before is accepted too, and history can judge."""
        days = sorted(self.profiles)
        enough = set(days[minimum(self.pipeline) :])
        return tuple(d for d in self.asked if d in enough and d - timedelta(days=1) in self.profiles)

    def judge(self, day: date, tables: Tables, pipeline: PipelineConfig | None = None) -> Judged:
        """What the contract, or that of another ``pipeline``, makes of these tables on this day."""
        name = self.pipeline.name
        found = self.inspect(day, {**tables, name: tables[name].with_row_index(MARK)}, pipeline)
        return Judged(found.violations, frozenset(found.own.refused[MARK].to_list()))

    def inspect(self, day: date, tables: Tables, pipeline: PipelineConfig | None = None) -> Inspection:
        """Hold tables against the contracts, with the accepted days before this one."""
        return inspect(pipeline or self.pipeline, day, tables, self._earlier(day, pipeline or self.pipeline))

    def _earlier(self, day: date, pipeline: PipelineConfig) -> Earlier:
        pasts = {name: self._past(name, day, days) for name, days in _windows(pipeline).items()}
        earlier, eve = Earlier(pipeline, pasts), day - timedelta(days=1)
        if eve in self.profiles:
            earlier.remember(eve, self.load(eve))
        return earlier

    def _past(self, name: str, day: date, days: int) -> Past:
        past = Past(days)
        for other in sorted(d for d in self.profiles if day - timedelta(days=days) <= d < day):
            profile = self.profiles[other]
            table = profile.own if name == self.pipeline.name else profile.upstream.get(name)
            if table is not None:
                past.add(other, table)
        return past


def spread(days: Sequence[date], count: int) -> tuple[date, ...]:
    """So many of the days, evenly spread, the last among them.

    >>> from datetime import date
    >>> [day.day for day in spread([date(2013, 5, n) for n in range(1, 8)], 3)]
    [1, 4, 7]
    """
    if len(days) <= count:
        return tuple(days)
    if count == 1:
        return (days[-1],)
    return tuple(days[round(n * (len(days) - 1) / (count - 1))] for n in range(count))


def look_back(pipeline: PipelineConfig) -> int:
    """How many days before a day its contracts look at."""
    return max(_LEAST_BACK, *_windows(pipeline).values())


def minimum(pipeline: PipelineConfig) -> int:
    """How many accepted days must lie before a day so that every contract can judge it."""
    contracts = [pipeline.contract, *(table.contract for table in pipeline.upstream.values())]
    return max([contract.history.minimum for contract in contracts if contract.history], default=1)


def _windows(pipeline: PipelineConfig) -> dict[str, int]:
    known = {pipeline.name: pipeline.contract} | {name: t.contract for name, t in pipeline.upstream.items()}
    return {name: c.history.days if c.history else _LEAST_BACK for name, c in known.items()}


def _read(run: Run, span: Span) -> dict[date, dict[str, pl.DataFrame]]:
    """The tables of each day on which the pipeline has rows."""
    schedule = run.pipeline.schedule
    as_of = night_of(span.last, schedule.at, schedule.timezone)
    own = dict(intake.read_days(run, run.pipeline.source, span, as_of))
    upstream = {
        name: dict(intake.read_days(run, table.source, span, as_of)) for name, table in run.pipeline.upstream.items()
    }
    return {day: {run.name: rows, **dict(_parts(run, upstream, day))} for day, rows in own.items()}


def _parts(
    run: Run, upstream: Mapping[str, Mapping[date, pl.DataFrame]], day: date
) -> Iterator[tuple[str, pl.DataFrame]]:
    for name, table in run.pipeline.upstream.items():
        yield name, upstream[name].get(day, table.nothing())
