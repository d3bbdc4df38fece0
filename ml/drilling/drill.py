"""The drill itself: which days, which faults, and what would have helped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from ml.drilling.bench import Bench, minimum, spread
from ml.drilling.exercise import Exercise, Judged, Remedy, exercise
from ml.drilling.remedies import amended, ladders
from ml.drilling.report import DrillReport, FaultResult
from ml.drills import ROSTER, Fault, Ground
from ml.errors import CannotStrike, NoData

if TYPE_CHECKING:
    import polars as pl

    from ml.config import PipelineConfig
    from ml.drills import Injected

    Tables = Mapping[str, pl.DataFrame]

_TRIED_ON = 40
_REMEDIES = 3

Told = Callable[[str], None]


def drill(bench: Bench, days: int = 5, seed: int = 0, told: Told = lambda kind: None) -> DrillReport:
    """Inject every fault into copies of ``days`` clean days and judge each copy; ``told`` hears of each fault's turn.

    The same bench, days and seed give the same report.

    Raises
    ------
    NoData
        No day is clean and has enough days before it.
    """
    clean = bench.clean()
    if not clean:
        raise NoData(
            f"{bench.pipeline.name}: none of {len(bench.asked)} days is accepted, follows an accepted day and has "
            f"{minimum(bench.pipeline)} accepted days before it; a drill needs one such day"
        )
    ground = Grounds(bench, spread(clean, days), spread(clean, _TRIED_ON), seed)
    faults = []
    for kind in ROSTER:
        told(kind.model_fields["kind"].default)
        faults.append(ground.of_fault(kind.model_validate({})))
    stopped = bench.stopped | {day: _why(one) for day, one in sorted(ground.judged.items()) if one.stops}
    checked = set(bench.stopped) | set(bench.profiles) & set(bench.asked)
    return DrillReport(bench.pipeline.name, seed, ground.days, len(checked), stopped, tuple(faults))


class Grounds:
    """The days of one drill: ``days`` are damaged, ``tried_on`` are those that a remedy must let pass."""

    def __init__(self, bench: Bench, days: Sequence[date], tried_on: Sequence[date], seed: int) -> None:
        self.bench, self.days, self.tried_on, self.seed = bench, tuple(days), tuple(tried_on), seed
        self.ground = Ground.of(bench.pipeline)
        self.pairs = {day: self._with_eve(day) for day in self.days}
        self.judged = {day: bench.judge(day, self._today(self.pairs[day], day)) for day in self.days}

    @cached_property
    def clean_rows(self) -> dict[str, pl.DataFrame]:
        """The rows of the clean days that remedies are computed from."""
        from ml.frames import together

        loaded = [self.bench.load(day) for day in self.tried_on]
        return {name: together([tables[name] for tables in loaded]) for name in self.pairs[self.days[0]]}

    def of_fault(self, fault: Fault) -> FaultResult:
        """A fault in each of the days, a seed for each; where it cannot strike, why."""
        done: list[Exercise] = []
        cannot = None
        for n, day in enumerate(self.days):
            try:
                injected = fault.inject(self.pairs[day], self.ground, [day], self.seed + n)
            except CannotStrike as error:
                cannot = str(error)
            else:
                done.append(self._exercise(fault, day, injected, sum(not one.caught for one in done)))
        return FaultResult(fault.kind, fault.what, fault.how, tuple(done), None if done else cannot)

    def _exercise(self, fault: Fault, day: date, injected: Injected, slipped: int) -> Exercise:
        name, copy = self.bench.pipeline.name, self._today(injected.tables, day)
        of_day = injected.tables[name][self.ground.event_time].dt.date() == day
        damaged = injected.damaged[name].filter(of_day.fill_null(False))
        judged = self.bench.judge(day, copy)
        one = exercise(fault.kind, day, injected, damaged, self.judged[day], judged)
        if one.caught or slipped >= _REMEDIES:
            return one
        return replace(one, remedy=self._remedy(one, fault, injected, damaged, copy))

    def _remedy(
        self, one: Exercise, fault: Fault, injected: Injected, damaged: pl.Series, copy: Tables
    ) -> Remedy | None:
        """The first lines that catch the fault and stop no clean day."""
        for ladder in ladders(self.bench.pipeline, self.clean_rows, one.columns):
            for lines in ladder:
                pipeline = amended(self.bench.pipeline, lines)
                judged = self.bench.judge(one.day, copy, pipeline)
                helped = exercise(fault.kind, one.day, injected, damaged, self.judged[one.day], judged)
                if helped.caught:
                    if self._passes(pipeline):
                        return Remedy(_yaml(lines), helped.by[0], len(self.tried_on))
                    break
        return None

    def _passes(self, pipeline: PipelineConfig) -> bool:
        """Whether every clean day that the contract lets pass still passes."""
        return all(not self.bench.judge(day, self.bench.load(day), pipeline).stops for day in self.tried_on)

    def _with_eve(self, day: date) -> dict[str, pl.DataFrame]:
        from ml.frames import together

        eve, today = self.bench.load(day - timedelta(days=1)), self.bench.load(day)
        return {name: together([eve[name], today[name]]) if name in eve else today[name] for name in today}

    def _today(self, tables: Tables, day: date) -> dict[str, pl.DataFrame]:
        """The rows of the day; those of a table without event time all."""
        return {name: _of_day(frame, self.ground.times.get(name), day) for name, frame in tables.items()}


def _of_day(frame: pl.DataFrame, time: str | None, day: date) -> pl.DataFrame:
    return frame if time is None else frame.filter((frame[time].dt.date() == day).fill_null(False))


def _why(judged: Judged) -> str:
    return "; ".join(violation.sentence for violation in judged.stops)


def _yaml(lines: object) -> str:
    import yaml

    return yaml.safe_dump(lines, sort_keys=False, allow_unicode=True, default_flow_style=None).rstrip()
